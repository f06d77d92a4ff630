package models_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rotunda/models"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// The numbers are the published worked examples of the RAND/UCLA method as the
// domain's rules state them.
func TestPanel_workedExamples(t *testing.T) {
	for _, x := range []struct {
		name                         string
		scores                       []int
		median, p30, p70, ipr, ipras float64
		disagreement                 bool
		verdict                      models.Verdict
	}{
		{"nine agree", []int{6, 7, 7, 7, 7, 8, 8, 8, 9}, 7, 7.0, 8.0, 1.0, 6.1, false, models.Meets},
		{"nine are split", []int{1, 2, 3, 5, 5, 7, 8, 9, 9}, 5, 3.8, 7.6, 3.8, 3.4, true, models.Uncertain},
	} {
		r := models.JudgePanel(x.scores)
		if !near(r.Median, x.median) || !near(r.P30, x.p30) || !near(r.P70, x.p70) || !near(r.IPR, x.ipr) || !near(r.IPRAS, x.ipras) {
			t.Errorf("%s: %+v", x.name, r)
		}
		if r.Disagreement != x.disagreement || r.Verdict != x.verdict {
			t.Errorf("%s: disagreement %v, verdict %s", x.name, r.Disagreement, r.Verdict.Name())
		}
	}
	if four := models.JudgePanel([]int{2, 6, 7, 8}); four.Median != 6.5 || !four.Disagreement || four.Verdict != models.Uncertain {
		t.Errorf("a panel of four with scores at both ends: %+v", four)
	}
	if two := models.JudgePanel([]int{8, 9}); two.Verdict != models.NotEvaluated {
		t.Errorf("two scores: %s", two.Verdict.Name())
	}
	if c := models.Consensus([]models.Votes{{8, 10}, {3, 5}, {6, 6}}); !near(c, 0.375) {
		t.Errorf("consensus over three sectors: %v, want 0.375", c)
	}
}

// Disagreement is a range wider than the bound: these panels are exactly as
// wide, which no rounding may turn into a split that keeps them from adoption.
func TestPanel_asWideAsTheBoundIsNoDisagreement(t *testing.T) {
	for _, x := range []struct {
		scores []int
		width  float64
		want   models.Verdict
	}{
		{[]int{1, 1, 1, 1, 6, 7, 7, 7, 7, 8, 8, 8, 8}, 3.4, models.Meets},
		{[]int{3, 3, 3, 3, 6, 6, 6, 6, 7, 7, 7, 7}, 2.8, models.Uncertain},
		{[]int{2, 2, 2, 2, 2, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6}, 3.4, models.Uncertain},
	} {
		r := models.JudgePanel(x.scores)
		if r.Disagreement || r.Verdict != x.want || r.IPR != x.width || r.IPRAS != x.width {
			t.Errorf("%v: %+v, want no disagreement and %s", x.scores, r, x.want.Name())
		}
	}
}

func TestPanel_fallsOnEitherSideOfTheBounds(t *testing.T) {
	for _, x := range []struct {
		scores []int
		want   models.Verdict
	}{
		{[]int{7, 7, 7}, models.Meets},
		{[]int{6, 7, 7, 6}, models.Uncertain},
		{[]int{3, 3, 3}, models.Fails},
		{[]int{3, 3, 4, 4}, models.Uncertain},
		{[]int{3, 7, 7}, models.Uncertain},
		{[]int{4, 7, 7}, models.Meets},
		{[]int{7, 8, 0}, models.NotEvaluated}, // one abstains
		{nil, models.NotEvaluated},
	} {
		if got := models.JudgePanel(x.scores).Verdict; got != x.want {
			t.Errorf("%v: %s, want %s", x.scores, got.Name(), x.want.Name())
		}
	}
}

func drawScores(t *rapid.T) []int {
	return rapid.SliceOfN(rapid.IntRange(1, 9), 0, 25).Draw(t, "scores")
}

func TestPanel_doesNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := drawScores(t)
		shuffled := rapid.Permutation(scores).Draw(t, "shuffled")
		a, b := models.JudgePanel(scores), models.JudgePanel(shuffled)
		if a.Median != b.Median || a.P30 != b.P30 || a.P70 != b.P70 || a.Verdict != b.Verdict || !slices.Equal(a.Scores, b.Scores) {
			t.Fatalf("%+v, then %+v", a, b)
		}
	})
}

func TestPanel_abstentionsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := drawScores(t)
		more := append(slices.Clone(scores), rapid.SliceOfN(rapid.SampledFrom([]int{0, -1, 10}), 0, 5).Draw(t, "abstentions")...)
		a, b := models.JudgePanel(scores), models.JudgePanel(more)
		if a.Median != b.Median || a.Verdict != b.Verdict || !slices.Equal(a.Scores, b.Scores) {
			t.Fatalf("%+v, then %+v", a, b)
		}
	})
}

func TestPanel_turnedRoundTurnsTheVerdict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := drawScores(t)
		turned := make([]int, len(scores))
		for i, s := range scores {
			turned[i] = 10 - s
		}
		want := map[models.Verdict]models.Verdict{models.Meets: models.Fails, models.Fails: models.Meets, models.Uncertain: models.Uncertain}
		a, b := models.JudgePanel(scores), models.JudgePanel(turned)
		// Bounds that meet to the last bit may fall on either side.
		if math.Abs(a.IPR-a.IPRAS) > 1e-9 && b.Verdict != want[a.Verdict] {
			t.Fatalf("%v: %s; turned round: %s", scores, a.Verdict.Name(), b.Verdict.Name())
		}
	})
}

func TestPanel_percentilesLieWithinTheScoresAndRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := models.JudgePanel(drawScores(t))
		if len(r.Scores) < models.FewestScores {
			return
		}
		if !(float64(r.Scores[0]) <= r.P30 && r.P30 <= r.Median && r.Median <= r.P70 && r.P70 <= float64(r.Scores[len(r.Scores)-1])) {
			t.Fatalf("%+v", r)
		}
		if r.Verdict == models.NotEvaluated || (r.Disagreement && r.Verdict != models.Uncertain) {
			t.Fatalf("%+v", r)
		}
	})
}

// One criterion that fails is not made good by two that are met, however high.
func TestPanel_neverAveragesAcrossCriteria(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		high := rapid.SliceOfN(rapid.IntRange(7, 9), 3, 12)
		low := rapid.SliceOfN(rapid.IntRange(1, 3), 3, 12).Draw(t, "low")
		var results [3]models.PanelResult
		for i := range results {
			results[i] = models.JudgePanel(high.Draw(t, "high"))
		}
		if err := models.MayAdopt(results, false, ""); err != nil {
			t.Fatalf("three that are met: %v", err)
		}
		results[rapid.IntRange(0, 2).Draw(t, "which")] = models.JudgePanel(low)
		if err := models.MayAdopt(results, false, "explained at length"); err == nil {
			t.Fatal("adopted although a criterion fails")
		}
	})
}

func TestPanel_adoptsOnlyWhatIsEvaluatedAndExplained(t *testing.T) {
	met, open := models.JudgePanel([]int{7, 8, 9}), models.JudgePanel([]int{5, 5, 6})
	var bad *models.InvalidError
	if err := models.MayAdopt([3]models.PanelResult{met, open, met}, false, ""); !errors.As(err, &bad) || bad.Fields["uncertainty"] == "" {
		t.Errorf("an uncertain criterion without a word: %v", err)
	}
	if err := models.MayAdopt([3]models.PanelResult{met, open, met}, false, "It depends on the budget."); err != nil {
		t.Errorf("explained: %v", err)
	}
	if err := models.MayAdopt([3]models.PanelResult{met, met, {}}, false, "x"); err == nil {
		t.Error("adopted although a criterion is not evaluated")
	}
	if err := models.MayAdopt([3]models.PanelResult{met, met, met}, true, "x"); err == nil {
		t.Error("adopted although the text changed since")
	}
}

func TestPanel_dissentIsAScoreAtTheOtherEnd(t *testing.T) {
	r := models.JudgePanel([]int{2, 7, 7, 8, 6})
	for score, want := range map[int]bool{2: true, 6: false, 7: false, 8: false, 0: false} {
		if r.Dissents(score) != want {
			t.Errorf("score %d, median %v: dissents %v", score, r.Median, !want)
		}
	}
}

package example_test

import (
	"fmt"
	"strings"
	"testing"

	"rotunda/cmd/rotunda/example"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func recommendations(t *testing.T, st *store.Store, v models.Viewer) map[models.RecommendationState]models.Recommendation {
	t.Helper()
	page, err := st.Recommendations(t.Context(), v, models.RecommendationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[models.RecommendationState]models.Recommendation{}
	for _, r := range page.Rows {
		out[r.State] = r
	}
	if len(page.Rows) != 3 || len(out) != 3 {
		t.Fatalf("%d recommendations in %d states", len(page.Rows), len(out))
	}
	return out
}

func verdicts(r models.Recommendation) string {
	var out []string
	for _, p := range r.Results {
		out = append(out, p.Verdict.Key())
	}
	return strings.Join(out, " ")
}

func TestBuild_themesHoldForAndAgainst(t *testing.T) {
	st, admin := build(t, example.Options{})
	page, err := st.Themes(t.Context(), admin, models.ThemeFilter{})
	if err != nil || len(page.Lines) < 7 {
		t.Fatalf("%d themes, %v", len(page.Lines), err)
	}
	relations, confidences, none, likely := map[models.ThemeRelation]int{}, map[models.Confidence]int{}, 0, 0
	for _, l := range page.Lines {
		if !l.Usable() || l.Owner == "" || l.Gaps == "" || l.Basis == "" {
			t.Errorf("%q is not finished", l.Statement)
		}
		if l.Dissent == models.NoDissent {
			none++
		}
		if l.Likelihood != 0 {
			likely++
		}
		confidences[l.Confidence]++
		for _, link := range l.Links {
			relations[link.Relation]++
		}
	}
	if len(relations) != 3 || len(confidences) != 3 || none == 0 || likely == 0 {
		t.Errorf("relations %v, confidences %v, no dissent in %d, likelihood in %d", relations, confidences, none, likely)
	}
	seen, err := st.Themes(t.Context(), storetest.Viewer(t, st, "tobias.achterberg@wisc.example"), models.ThemeFilter{})
	if err != nil || len(seen.Lines) != len(page.Lines)-1 {
		t.Errorf("who is not on the team of the private roundtable sees %d of %d themes, %v", len(seen.Lines), len(page.Lines), err)
	}
}

func TestBuild_recommendationsGoThreeWays(t *testing.T) {
	st, admin := build(t, example.Options{})
	recs := recommendations(t, st, admin)
	adopted := recs[models.RecommendationPublic] // adopted, and in the published brief
	if got := verdicts(adopted); got != "meets uncertain meets" || adopted.Uncertainty == "" || adopted.FollowUp.Status != models.FollowUpPartly || adopted.Version != 2 {
		t.Errorf("adopted: %s, %+v", got, adopted.FollowUp)
	}
	if got := verdicts(recs[models.RecommendationTurned]); got != "uncertain fails fails" {
		t.Errorf("not adopted: %s", got)
	}
	open := recs[models.RecommendationPanel]
	panel, err := st.Panel(t.Context(), admin, open.ID)
	if err != nil {
		t.Fatal(err)
	}
	asked, answered := panel.Asked()
	if asked != 5 || answered != 4 || panel.Stage != models.PanelSecond || panel.Stale || panel.Due <= st.Now() || len(panel.Remarks) < 2 {
		t.Errorf("%d of %d answered in %q", answered, asked, panel.Stage)
	}
	abstained, conflicts := 0, 0
	for _, e := range panel.Panelists {
		if e.Conflict != "" {
			conflicts++
		}
		for _, s := range e.Scores {
			if s.Given() && s.Value == 0 {
				abstained++
			}
		}
	}
	if abstained != 1 || conflicts != 1 {
		t.Errorf("%d abstentions, %d conflicts of interest", abstained, conflicts)
	}
	if r := open.Results[1]; !r.Disagreement || r.Verdict != models.Uncertain || len(r.Scores) != 4 {
		t.Errorf("nobody disagrees: %+v", r)
	}
	mine, err := st.OwnEvaluations(t.Context(), admin)
	if err != nil || len(mine) != 1 || mine[0].Round != 2 {
		t.Errorf("the newcomer has nothing to evaluate: %v, %v", mine, err)
	}
}

func TestBuild_theBriefIsPublishedWithItsTrail(t *testing.T) {
	st, admin := build(t, example.Options{})
	briefs, err := st.Briefs(t.Context(), admin)
	if err != nil || len(briefs) != 1 || briefs[0].State != models.BriefPublished {
		t.Fatalf("%v, %v", briefs, err)
	}
	b, err := st.Brief(t.Context(), admin, briefs[0].ID)
	if err != nil || b.AuthorID == b.ApproverID || len(b.Reviews) != 1 || len(b.Comments) != 1 {
		t.Errorf("%v, %v", b, err)
	}
	pub, err := st.Publication(t.Context(), b.Slug, 0)
	if err != nil || len(pub.Content.Themes) != 3 || len(pub.Content.Recommendations) != 2 || len(pub.Content.Cited) < 12 {
		t.Fatalf("%+v, %v", pub.Manifest, err)
	}
	trail, err := st.InsightTrail(t.Context(), admin, pub.Content.Cited[0].ID)
	if err != nil || len(trail.Themes) == 0 || len(trail.Publications) != 1 {
		t.Errorf("the trail of what is cited first: %+v, %v", trail, err)
	}
	found, err := st.ProofBrief(t.Context(), admin, b.ID)
	if err != nil || len(found.Obstacles) != 0 {
		t.Errorf("what is published could not be published again: %v, %v", found.Obstacles, err)
	}
	for _, i := range pub.Content.Insights() {
		leaks, err := st.InsightFindings(t.Context(), admin, i.ID)
		if err != nil || len(leaks) != 0 {
			t.Errorf("%q leaks: %v, %v", i.Text, leaks, err)
		}
	}
}

func TestBuild_promisesAreKeptAndOpen(t *testing.T) {
	st, admin := build(t, example.Options{})
	promises, err := st.Commitments(t.Context(), admin, 0)
	if err != nil {
		t.Fatal(err)
	}
	states, late, captured := map[models.CommitmentState]int{}, 0, 0
	for _, p := range promises {
		states[p.State]++
		if p.Late(st.Now()) {
			late++
		}
		if p.Insight != 0 {
			captured++
		}
		if p.Owner == "" {
			t.Errorf("nobody promised %q", p.What)
		}
	}
	if len(states) != 3 || late == 0 || captured < 10 {
		t.Errorf("states %v, %d late, %d captured", states, late, captured)
	}
}

func TestBuild_whatWasMadeOfItIsTheSameEachTime(t *testing.T) {
	line := func() string {
		st, admin := build(t, example.Options{})
		var out strings.Builder
		for state, r := range recommendations(t, st, admin) {
			if state == models.RecommendationAdopted {
				fmt.Fprint(&out, r.ID, r.Number, r.Hash(), r.Updated)
			}
		}
		briefs, err := st.Briefs(t.Context(), admin)
		if err != nil {
			t.Fatal(err)
		}
		pub, err := st.Publication(t.Context(), briefs[0].Slug, 0)
		if err != nil {
			t.Fatal(err)
		}
		return out.String() + pub.Manifest.Hash
	}
	if a, b := line(), line(); a != b {
		t.Errorf("%s and %s", a, b)
	}
}

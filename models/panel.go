package models

import "slices"

// A recommendation is judged on three criteria, each for itself, by the
// RAND/UCLA appropriateness method. Nothing here joins two criteria.

// Criterion is one of the three questions an evaluator answers. Zero is none.
type Criterion int

// The criteria, in the order of the domain.
const (
	// Deters asks whether it deters great-power aggression.
	Deters Criterion = iota + 1
	// Americans asks whether it advances the peace and prosperity of Americans.
	Americans
	// World asks whether it advances the peace and prosperity of the world.
	World
)

// Criteria lists the three criteria in order.
var Criteria = []Criterion{Deters, Americans, World}

var criterionWords = [...]struct{ key, name, question string }{
	{"", "No criterion", ""},
	{"deters", "Deters great-power aggression", "Will it deter great-power aggression?"},
	{"americans", "Peace and prosperity of Americans", "Will it advance the peace and prosperity of Americans?"},
	{"world", "Peace and prosperity of the world", "Will it advance the peace and prosperity of the world?"},
}

// Key returns the word that forms and files use.
func (c Criterion) Key() string { return criterionWords[c.read()].key }

// Name returns the name shown to people.
func (c Criterion) Name() string { return criterionWords[c.read()].name }

// Question returns the criterion as an evaluator is asked it.
func (c Criterion) Question() string { return criterionWords[c.read()].question }

func (c Criterion) read() Criterion {
	if c < Deters || c > World {
		return 0
	}
	return c
}

// Verdict is what a panel's scores say of one criterion. The zero value is
// NotEvaluated.
type Verdict int

// The verdicts.
const (
	NotEvaluated Verdict = iota
	Fails
	Uncertain
	Meets
)

var verdictWords = [...]struct{ key, name string }{
	{"none", "Not evaluated"}, {"fails", "Fails"}, {"uncertain", "Uncertain"}, {"meets", "Meets"},
}

// Key returns the word that files and the style sheet use.
func (v Verdict) Key() string { return verdictWords[v.read()].key }

// Name returns the name shown to people.
func (v Verdict) Name() string { return verdictWords[v.read()].name }

func (v Verdict) read() Verdict {
	if v < NotEvaluated || v > Meets {
		return NotEvaluated
	}
	return v
}

// Scores run from LowestScore to HighestScore.
const (
	LowestScore  = 1
	HighestScore = 9
)

// FewestScores is how many scores make an evaluation.
const FewestScores = 3

// smallPanel is below how many scores the percentiles say too little, and
// scores at both ends are a disagreement.
const smallPanel = 9

// PanelResult is what the scores of one criterion come to. With fewer than
// FewestScores only Scores and the verdict NotEvaluated are set.
type PanelResult struct {
	// Scores are sorted from lowest to highest.
	Scores []int
	// Median falls between two scores where the panel is even.
	Median float64
	// P30 and P70 are the bounds of the interpercentile range.
	P30, P70 float64
	// IPR is P70 less P30; IPRAS is how wide it may be without disagreement.
	IPR, IPRAS float64
	// Disagreement reports that the panel is split.
	Disagreement bool
	Verdict      Verdict
}

// JudgePanel works out one criterion from the scores of those who did not
// abstain. Scores outside of 1 to 9 are abstentions and count for nothing.
func JudgePanel(scores []int) PanelResult {
	kept := make([]int, 0, len(scores))
	for _, s := range scores {
		if s >= LowestScore && s <= HighestScore {
			kept = append(kept, s)
		}
	}
	slices.Sort(kept)
	r := PanelResult{Scores: kept}
	if len(kept) < FewestScores {
		return r
	}
	// Whole tenths and thousandths: a panel exactly as wide as it may be is not
	// split, and fractions of two would say so by chance.
	p30, p70 := tenthsAt(kept, 3), tenthsAt(kept, 7)
	ipr, ipras := 100*(p70-p30), 2350+75*max(100-p30-p70, p30+p70-100)
	r.Median = float64(tenthsAt(kept, 5)) / 10
	r.P30, r.P70 = float64(p30)/10, float64(p70)/10
	r.IPR, r.IPRAS = float64(ipr)/1000, float64(ipras)/1000
	if len(kept) < smallPanel {
		r.Disagreement = kept[0] <= 3 && kept[len(kept)-1] >= 7
	} else {
		r.Disagreement = ipr > ipras
	}
	switch {
	case r.Disagreement:
		r.Verdict = Uncertain
	case r.Median >= 7:
		r.Verdict = Meets
	case r.Median <= 3:
		r.Verdict = Fails
	default:
		r.Verdict = Uncertain
	}
	return r
}

// Dissents reports whether a score lies at the other end of the scale than the
// panel's median: what a reader must see at a glance.
func (r PanelResult) Dissents(score int) bool {
	switch {
	case r.Verdict == NotEvaluated || score < LowestScore || score > HighestScore:
		return false
	case score <= 3:
		return r.Median > 3
	case score >= 7:
		return r.Median < 7
	}
	return false
}

// tenthsAt returns, in tenths, what lies so many tenths of the way through
// sorted scores by linear interpolation, Hyndman and Fan's type 7.
func tenthsAt(sorted []int, tenths int) int {
	at := tenths * (len(sorted) - 1)
	low := at / 10
	high := min(low+1, len(sorted)-1)
	return 10*sorted[low] + at%10*(sorted[high]-sorted[low])
}

// MayAdopt returns nil where a recommendation with these results, one for each
// criterion, may be adopted: every criterion was evaluated, none fails, and
// what is uncertain is explained in explanation. Else it is an *InvalidError.
func MayAdopt(results [3]PanelResult, stale bool, explanation string) error {
	var bad InvalidError
	bad.Check(!stale, "", "The text was changed since it was evaluated. Have it evaluated again first.")
	for i, r := range results {
		name := Criteria[i].Name()
		bad.Check(r.Verdict != NotEvaluated, "", "Not evaluated yet: "+name+". At least three scores are needed.")
		bad.Check(r.Verdict != Fails, "", "It fails a criterion and cannot be adopted: "+name+".")
		bad.Check(r.Verdict != Uncertain || explanation != "", "uncertainty", "Explain what is uncertain. The brief will say it.")
	}
	return bad.Err()
}

// Votes counts how many of one sector agree, of those asked.
type Votes struct{ Agree, Asked int }

// Consensus is how far sectors agree with each other: the product, over the
// sectors, of the share that agrees, with one vote more to each side so that a
// small sector that is of one mind does not decide alone. One of no sectors.
func Consensus(sectors []Votes) float64 {
	product := 1.0
	for _, v := range sectors {
		product *= float64(v.Agree+1) / float64(v.Asked+2)
	}
	return product
}

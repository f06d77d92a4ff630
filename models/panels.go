package models

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// PanelStage is how far an evaluation has come.
type PanelStage string

// The stages: everybody scores for themselves, then the scores are shown and
// talked about, then everybody may score again, then it is closed.
const (
	PanelBlind      PanelStage = "blind"
	PanelDiscussion PanelStage = "discussion"
	PanelSecond     PanelStage = "second"
	PanelClosed     PanelStage = "closed"
)

// Name returns the stage's name on screens.
func (s PanelStage) Name() string {
	return map[PanelStage]string{
		PanelBlind: "First round, blind", PanelDiscussion: "Discussion", PanelSecond: "Second round", PanelClosed: "Closed",
	}[s]
}

// Scoring returns the round in which scores are given now, zero for none.
func (s PanelStage) Scoring() int {
	switch s {
	case PanelBlind:
		return 1
	case PanelSecond:
		return 2
	}
	return 0
}

// Revealed returns up to which round others' scores are shown; zero shows
// none, to nobody.
func (s PanelStage) Revealed() int {
	switch s {
	case PanelDiscussion, PanelSecond:
		return 1
	case PanelClosed:
		return 2
	}
	return 0
}

// MayFollow reports whether the panel can go on to the stage. The blind round
// ends when all have scored or its time is over.
func (s PanelStage) MayFollow(next PanelStage, allScored, due bool) bool {
	switch next {
	case PanelDiscussion:
		return s == PanelBlind && (allScored || due)
	case PanelSecond:
		return s == PanelDiscussion
	case PanelClosed:
		return s == PanelDiscussion || s == PanelSecond
	}
	return false
}

// Score is one evaluator's word on one criterion.
type Score struct {
	Criterion Criterion
	// Round is in which it was given, zero where there is none.
	Round int
	// Value is 1 to 9, or zero for an abstention from this criterion.
	Value int
	// Confidence is 1 low, 2 moderate, 3 high.
	Confidence int
	Rationale  string
	// Evidence are the insights that the evaluator points to, of those the
	// reader may see.
	Evidence []ID
}

// Given reports whether there is a score or an abstention.
func (s Score) Given() bool { return s.Round > 0 }

// ConfidenceName returns the word for a confidence.
func ConfidenceName(n int) string {
	if n < 1 || n > 3 {
		return "No confidence given"
	}
	return [...]string{"", "Low confidence", "Moderate confidence", "High confidence"}[n]
}

// Panelist is one evaluator as a reader may see them.
type Panelist struct {
	ID                ID
	Account           ID
	Name, Affiliation string
	// Conflict is the interest they declared; it is shown with the scores.
	Conflict  string
	Abstained bool
	// Done: they have answered in the round that runs.
	Done    bool
	Revoked bool
	// Scores holds the last disclosed word on each criterion.
	Scores [3]Score
}

// Panel is one evaluation as a reader may see it.
type Panel struct {
	ID, Recommendation ID
	// Version is the wording that it is about; Stale that another stands now.
	Version   int
	Stale     bool
	Stage     PanelStage
	Due       Instant
	Opened    Instant
	Closed    Instant
	Panelists []Panelist
	Remarks   []PanelRemark
	// Results are worked out from what is revealed; before it they are empty.
	Results [3]PanelResult
	// Mine is the reader's own place on the panel, zero where they have none.
	Mine ID
	// May are the stages that it can go on to now, for the reader.
	May []PanelStage
}

// PanelRemark is something said between the rounds.
type PanelRemark struct {
	By string
	// Panelist is the evaluator who said it, zero where its lead did.
	Panelist ID
	Text     string
	At       Instant
}

// Asked counts the evaluators, Answered those who have answered in the round
// that runs or, outside of one, at all.
func (p Panel) Asked() (asked, answered int) {
	for _, e := range p.Panelists {
		if e.Revoked {
			continue
		}
		asked++
		if e.Done {
			answered++
		}
	}
	return asked, answered
}

// Self returns the reader's own place on the panel.
func (p Panel) Self() (Panelist, bool) {
	i := slices.IndexFunc(p.Panelists, func(e Panelist) bool { return p.Mine != 0 && e.ID == p.Mine })
	if i < 0 {
		return Panelist{}, false
	}
	return p.Panelists[i], true
}

// ResultsOf judges every criterion for itself, by each evaluator's last word.
func ResultsOf(panelists []Panelist) [3]PanelResult {
	var out [3]PanelResult
	for i := range Criteria {
		var scores []int
		for _, p := range panelists {
			if p.Scores[i].Given() && !p.Abstained && !p.Revoked {
				scores = append(scores, p.Scores[i].Value)
			}
		}
		out[i] = JudgePanel(scores)
	}
	return out
}

// ScoreInput is what an evaluator's form says of one criterion.
type ScoreInput struct {
	Value      int // 1 to 9; zero where nothing was chosen
	Abstain    bool
	Confidence int
	Rationale  string
	Evidence   []ID
}

// EvaluationInput is what an evaluator's form says.
type EvaluationInput struct {
	Scores [3]ScoreInput
	// Version and Round are the wording and the round that the form was made
	// for; zero is whatever stands when it comes.
	Version, Round int
	// Conflict is an interest of the evaluator's own; empty is none.
	Conflict string
	// Abstain takes the evaluator out of this evaluation altogether.
	Abstain bool
}

const (
	maxRationale = 2000
	maxConflict  = 1000
	mostEvidence = 50
)

// Check returns the input trimmed, or an *InvalidError whose fields carry the
// criterion's key: "rationale-deters".
func (in EvaluationInput) Check() (EvaluationInput, error) {
	var bad InvalidError
	in.Conflict = strings.TrimSpace(in.Conflict)
	bad.Check(utf8.RuneCountInString(in.Conflict) <= maxConflict, "conflict", "The interest may be described in at most 1,000 characters.")
	if in.Abstain {
		bad.Check(in.Conflict != "", "conflict", "Say why you abstain: the interest, or that it is not your field.")
		in.Scores = [3]ScoreInput{}
		return in, bad.Err()
	}
	for i, c := range Criteria {
		s := &in.Scores[i]
		s.Rationale = strings.TrimSpace(s.Rationale)
		s.Evidence = distinctIDs(s.Evidence)
		bad.Check(s.Rationale != "", "rationale-"+c.Key(), "Say why, in a sentence or two.")
		bad.Check(utf8.RuneCountInString(s.Rationale) <= maxRationale, "rationale-"+c.Key(), "The reason may have at most 2,000 characters.")
		bad.Check(len(s.Evidence) <= mostEvidence, "evidence-"+c.Key(), "At most 50 insights can be chosen.")
		if s.Abstain {
			s.Value, s.Confidence = 0, 0
			continue
		}
		bad.Check(s.Value >= LowestScore && s.Value <= HighestScore, "score-"+c.Key(), "Choose a score from 1 to 9, or abstain.")
		bad.Check(s.Confidence >= 1 && s.Confidence <= 3, "confidence-"+c.Key(), "Say how sure you are.")
	}
	return in, bad.Err()
}

// PanelistInput names an evaluator: a colleague by account, or somebody from
// outside who gets a personal link.
type PanelistInput struct {
	Account                  ID
	Name, Affiliation, Email string
}

// Check returns the input trimmed, or an *InvalidError.
func (in PanelistInput) Check() (PanelistInput, error) {
	var bad InvalidError
	in.Name, in.Affiliation, in.Email = strings.TrimSpace(in.Name), strings.TrimSpace(in.Affiliation), strings.TrimSpace(in.Email)
	if in.Account != 0 {
		return PanelistInput{Account: in.Account}, nil
	}
	bad.Check(in.Name != "", "name", "Choose a colleague, or give a name.")
	bad.Check(utf8.RuneCountInString(in.Name) <= 200, "name", "The name may have at most 200 characters.")
	bad.Check(utf8.RuneCountInString(in.Affiliation) <= 200, "affiliation", "The affiliation may have at most 200 characters.")
	if why := CheckEmail(in.Email); in.Email == "" || why != "" {
		bad.Add("email", "Give one e-mail address, such as name@example.org.")
	}
	return in, bad.Err()
}

// CheckRemark returns a remark trimmed, or an *InvalidError.
func CheckRemark(text string) (string, error) {
	text = strings.TrimSpace(text)
	var bad InvalidError
	bad.Check(text != "", "text", "Write something first.")
	bad.Check(utf8.RuneCountInString(text) <= maxRationale, "text", "A remark may have at most 2,000 characters.")
	return text, bad.Err()
}

// OwnEvaluation is an evaluation that waits for the reader's scores.
type OwnEvaluation struct {
	Recommendation ID
	Title          string
	Due            Instant
	Round          int
}

// PanelGrace is how long an evaluator's link outlives the day by which scores
// are due, or the beginning of the second round: time to talk, and to score
// again.
const PanelGrace = 90 * 24 * time.Hour

// panelLongest is how far ahead scores can be due.
const panelLongest = 366 * 24 * time.Hour

// CheckPanelDue returns an *InvalidError for a day by which no scores can be
// asked for.
func CheckPanelDue(due, now Instant) error {
	switch {
	case due <= now:
		return Invalid("due", "Choose a day that is still to come.")
	case due > now.Add(panelLongest):
		return Invalid("due", "Choose a day within a year from now: the links that you send out work until 90 days after it.")
	}
	return nil
}

// OutsideEvaluation is what an evaluator from outside reads: the text, what is
// public of the insights behind it, their own scores, and after the reveal how
// the scores spread, without anybody's name. Where another wording stands now,
// it is Stale and holds nothing of either.
type OutsideEvaluation struct {
	Institute, Logo string
	Name            string
	Text            RecommendationText
	Version         int // of the text
	Material        Material
	Stage           PanelStage
	Due             Instant
	Zone            string
	Stale           bool
	// Withheld: its words are looked at first, and nothing else is set.
	Withheld bool
	Self     Panelist
	Results  [3]PanelResult
	Remarks  []PanelRemark
}

// DayEnd returns the last instant of a day, written as 2026-11-30, in a zone.
// What is no day is an *InvalidError.
func DayEnd(day, zone string) (Instant, error) {
	loc, err := Zone(zone)
	if err != nil {
		return 0, err
	}
	at, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(day), loc)
	if err != nil || at.Year() < 2000 || at.Year() > 2200 {
		return 0, Invalid("due", "Give a day, such as 2026-11-30.")
	}
	return At(at.AddDate(0, 0, 1).Add(-time.Minute)), nil
}

// AsksOutside reports whether somebody from outside is on the panel.
func (p Panel) AsksOutside() bool {
	return slices.ContainsFunc(p.Panelists, func(e Panelist) bool { return e.Account == 0 && !e.Revoked })
}

package views

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"

	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// RecommendationsPage lists recommendations.
type RecommendationsPage struct {
	Page
	Rows                []RecommendationRow
	Own                 []OwnEvaluationRow
	CanCreate           bool
	Text, State, Pillar string
	States, Pillars     []ui.Option
	Archived, Filtered  bool
	ArchivedHref        string
	FirstHref, NextHref string
}

// RecommendationRow is one line of the list.
type RecommendationRow struct {
	Href, Title, Reference, Addressee string
	Stage, State, Changed             string
	Pillars                           int
	Verdicts                          []VerdictMark
}

// OwnEvaluationRow is an evaluation that waits for the reader.
type OwnEvaluationRow struct {
	Href, Title, Due string
	Late             bool
}

// VerdictMark is a verdict in words and with its sign.
type VerdictMark struct{ Key, Icon, Name, Criterion string }

// NewVerdictMark returns a verdict's mark. The words carry the meaning, the
// sign repeats it.
func NewVerdictMark(c models.Criterion, v models.Verdict) VerdictMark {
	icon := map[models.Verdict]string{models.Meets: "circle-check", models.Uncertain: "circle-help", models.Fails: "circle-x"}[v]
	if icon == "" {
		icon = "circle-dashed"
	}
	return VerdictMark{Key: v.Key(), Icon: icon, Name: v.Name(), Criterion: c.Name()}
}

// VerdictMarks returns the three verdicts in order.
func VerdictMarks(results [3]models.PanelResult) []VerdictMark {
	out := make([]VerdictMark, len(models.Criteria))
	for i, c := range models.Criteria {
		out[i] = NewVerdictMark(c, results[i].Verdict)
	}
	return out
}

// RecommendationForm makes or changes a recommendation.
type RecommendationForm struct {
	Page
	Heading, Action, CancelHref string
	Title                       string
	Parts                       []models.RecommendationPart
	Pillars                     int
	Codes, Themes, SeriesList   []ui.Option
	Series                      string
	ChosenCodes, ChosenThemes   []string
	Revision                    string
	Errors                      map[string]string
	Theirs                      []models.RecommendationPart
	Evaluated                   bool
}

// field returns a part as the form shows it.
func (p RecommendationForm) field(part models.RecommendationPart) ui.Field {
	f := ui.Field{
		Name: part.Field, Label: part.Label, Hint: part.Hint, Value: part.Words, Error: p.Errors[part.Field],
		MaxLength: models.MaxRecommendationPart, Rows: 2, Note: "optional",
	}
	switch part.Field {
	case "addressee":
		f.Note, f.Required = "", true
	case "action", "alternatives":
		f.Rows = 4
		return f
	}
	f.Width = "w3" // two beside each other
	return f
}

// RecommendationPage is one recommendation with its evaluation.
type RecommendationPage struct {
	Page
	Reference, Title, Stage, State, Drafted string
	Pillars                                 int
	PillarNames                             string
	Fronts, Forums                          []string
	Archived, CanEdit                       bool
	EditHref, ArchiveHref, HistoryHref      string
	Facts                                   []ui.Fact
	Themes                                  []LinkLine
	Supports, Against                       []MaterialRow
	SupportsNote, AgainstNote               string
	Panel                                   *PanelView
	CanOpen                                 bool
	OpenErrors                              map[string]string
	OpenDue                                 string
	NotSaved                                *NotSaved
	PanelHref                               string
	Score                                   *ScoreForm
	Decision                                DecisionView
	FollowUp                                *FollowUpView
	// Leaks are what the leak lint found, marked at the word: for who may know.
	Leaks    []models.BriefFinding
	Findings []FindingRow
	// TeamLooks: what was found is shown to others, and the reader asks, or may
	// ask, somebody from outside to read it.
	TeamLooks bool
}

// told reports whether anything stands beside the decision.
func (p RecommendationPage) told() bool {
	return p.Score != nil || p.FollowUp != nil || p.Panel != nil && (p.Panel.CanRemark || len(p.Panel.Remarks) > 0)
}

// NotSaved is what somebody typed into a form that is not on the page any
// more, and why it was refused: shown, so that it can be copied.
type NotSaved struct {
	Why   string
	Words []ui.Fact
}

// LinkLine is a line of a list that leads to a page.
type LinkLine struct{ Href, Text string }

// MaterialRow is an insight that a recommendation rests on.
type MaterialRow struct {
	Href, ID, Text, Who string
	Mask                int
	Sector              models.Sector
	HasSector           bool
	Qualifies           bool
}

// NewMaterialRow words an insight as it was disclosed.
func NewMaterialRow(i models.Insight, qualifies bool) MaterialRow {
	r := MaterialRow{ID: i.ID().String(), Text: i.Text(), Who: i.Attribution(), Mask: i.PillarMask(), Qualifies: qualifies, Href: urls.Insight(i.ID())}
	if s := i.SpeakerSector(); s != models.SectorNone {
		r.Sector, r.HasSector = s, true
	}
	return r
}

// PanelView is an evaluation as a page shows it.
type PanelView struct {
	Stage, Note, Due  string
	Stale             bool
	Revealed          bool
	Evaluators        []EvaluatorHead
	Rows              []CriterionRow
	Remarks           []RemarkRow
	RemarkHref        string
	CanRemark         bool
	Steps             []StageStep
	Waits             string // why the scores cannot be revealed yet
	StageHref         string
	InviteHref        string
	CanInvite         bool
	Colleagues        []ui.Option
	Errors            map[string]string
	Colleague         string // chosen and refused
	Name, Affiliation string
	Email             string
	// Remark and RemarkErrors are a remark that was refused.
	Remark       string
	RemarkErrors map[string]string
}

// Discussion is what is said between the rounds, with the form to add to it.
type Discussion struct {
	Remarks       []RemarkRow
	CanRemark     bool
	Action, Token string
	Text          string
	Errors        map[string]string
}

func (p PanelView) discussion() Discussion {
	return Discussion{Remarks: p.Remarks, CanRemark: p.CanRemark, Action: p.RemarkHref, Text: p.Remark, Errors: p.RemarkErrors}
}

func (p EvaluatePage) discussion() Discussion {
	return Discussion{Remarks: p.Remarks, CanRemark: p.CanRemark, Action: p.RemarkHref, Token: p.Token, Text: p.Remark, Errors: p.RemarkErrors}
}

// EvaluatorHead is one evaluator at the head of a column, or in the list
// before the reveal.
type EvaluatorHead struct {
	Name, Affiliation, Status, Conflict string
	Link, RemoveHref                    string
}

// CriterionRow is one criterion across the panel.
type CriterionRow struct {
	Question string
	Cells    []ScoreCell
	Spread   SpreadChart
	Verdict  VerdictMark
	Words    []string
}

// ScoreCell is one evaluator's word on one criterion.
type ScoreCell struct {
	// Who and their interest stand in the cell where there is no head.
	Who, Interest                 string
	Score, Label, Rationale, Sure string
	Value                         int
	Dissents                      bool
	Evidence                      []string
}

// StageStep is a button that takes the panel on.
type StageStep struct{ Value, Label string }

// RemarkRow is one remark of the discussion.
type RemarkRow struct{ By, When, ISO, Text string }

// SpreadChart draws scores on the scale from 1 to 9: every score a dot, the
// middle 40 percent a bar, the median a ring.
type SpreadChart struct {
	Empty                    bool
	Label                    string
	BarFrom, BarTo, MedianAt string
	// Height grows with the highest pile of dots; Axis and Foot are where the
	// scale and its numbers stand.
	Height, Axis, Foot string
	Dots               []SpreadDot
	// Split: the panel disagrees.
	Split bool
}

// SpreadDot is one score; those of the same value stand on each other.
type SpreadDot struct {
	X, Y     string
	Dissents bool
}

// spreadX is where a value stands on the scale.
func spreadX(v float64) string { return strconv.FormatFloat(12+(v-1)*21, 'f', 1, 64) }

// dotStep is how high a dot stands above the one under it.
const dotStep = 8

// SpreadTicks are the numbers under the scale.
func (SpreadChart) ticks() []SpreadDot {
	out := make([]SpreadDot, models.HighestScore)
	for i := range out {
		out[i] = SpreadDot{X: spreadX(float64(i + 1)), Y: strconv.Itoa(i + 1)}
	}
	return out
}

// NewSpreadChart draws a result.
func NewSpreadChart(r models.PanelResult) SpreadChart {
	if len(r.Scores) == 0 {
		return SpreadChart{Empty: true}
	}
	c := SpreadChart{Label: "Scores " + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(r.Scores)), ", "), "[]")}
	stacked, most := map[int]int{}, 0
	for _, s := range r.Scores {
		stacked[s]++
		most = max(most, stacked[s])
	}
	axis := 16 + dotStep*most
	c.Height, c.Axis, c.Foot, c.Split = strconv.Itoa(axis+24), strconv.Itoa(axis), strconv.Itoa(axis+20), r.Disagreement
	clear(stacked)
	for _, s := range r.Scores {
		c.Dots = append(c.Dots, SpreadDot{X: spreadX(float64(s)), Y: strconv.Itoa(axis - 10 - dotStep*stacked[s]), Dissents: r.Dissents(s)})
		stacked[s]++
	}
	if r.Verdict != models.NotEvaluated {
		c.BarFrom, c.BarTo, c.MedianAt = spreadX(r.P30), spreadX(r.P70), spreadX(r.Median)
		c.Label += "; median " + decimal(r.Median) + ", middle range " + decimal(r.P30) + " to " + decimal(r.P70)
	}
	return c
}

func decimal(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

// resultWords say what the numbers come to.
func resultWords(r models.PanelResult) []string {
	if r.Verdict == models.NotEvaluated {
		return []string{"At least three scores are needed."}
	}
	words := []string{"Median " + decimal(r.Median), "Middle range " + decimal(r.P30) + " to " + decimal(r.P70)}
	if !r.Disagreement { // else the verdict says so in its own line
		words = append(words, "No disagreement")
	}
	return words
}

// InterestWords are what an evaluator says of an interest of their own, or of why
// they abstain.
func InterestWords(p models.Panelist) string {
	switch {
	case p.Conflict == "":
		return ""
	case p.Abstained:
		return "Why they abstain: " + p.Conflict
	}
	return "Interest: " + p.Conflict
}

// NewCriterionRows puts a panel's words in rows, one for each criterion.
func NewCriterionRows(people []models.Panelist, results [3]models.PanelResult, known map[models.ID]bool) []CriterionRow {
	out := make([]CriterionRow, len(models.Criteria))
	for i, c := range models.Criteria {
		row := CriterionRow{Question: c.Question(), Spread: NewSpreadChart(results[i]), Verdict: NewVerdictMark(c, results[i].Verdict), Words: resultWords(results[i])}
		for _, p := range people {
			cell := newScoreCell(p, p.Scores[i], results[i], known)
			cell.Who = p.Name
			if i == 0 {
				cell.Interest = InterestWords(p)
			}
			row.Cells = append(row.Cells, cell)
		}
		out[i] = row
	}
	return out
}

func newScoreCell(p models.Panelist, s models.Score, r models.PanelResult, known map[models.ID]bool) ScoreCell {
	switch {
	case p.Abstained:
		return ScoreCell{Label: "Abstains"}
	case !s.Given():
		return ScoreCell{Label: "No score"}
	case s.Value == 0:
		return ScoreCell{Label: "Abstains here", Rationale: s.Rationale}
	}
	c := ScoreCell{
		Score: strconv.Itoa(s.Value), Label: strconv.Itoa(s.Value) + " of 9", Value: s.Value, Rationale: s.Rationale,
		Sure: models.ConfidenceName(s.Confidence), Dissents: r.Dissents(s.Value),
	}
	for _, id := range s.Evidence {
		if known[id] {
			c.Evidence = append(c.Evidence, id.String())
		}
	}
	return c
}

// ScoreForm is where an evaluator scores.
type ScoreForm struct {
	Action, Due, Round string
	Late               bool
	Token              string
	// Version and Stage are the wording and the round that it is for.
	Version, Stage string
	Criteria       []ScoreField
	Evidence       []ui.Option
	Conflict       string
	Abstained      bool
	Errors         map[string]string
}

// ScoreField is one criterion of the form.
type ScoreField struct {
	Key, Name, Question, Score, Confidence, Rationale string
	Evidence                                          []string
}

// order is the order of the form's fields, for its summary of errors.
func (f ScoreForm) order() []string {
	var out []string
	for _, c := range f.Criteria {
		out = append(out, "score-"+c.Key, "rationale-"+c.Key, "confidence-"+c.Key)
	}
	return append(out, "conflict")
}

// summary is what is wrong, each with the criterion that it is about.
func (f ScoreForm) summary() map[string]string {
	out := maps.Clone(f.Errors)
	for _, c := range f.Criteria {
		for _, field := range []string{"score-", "rationale-", "confidence-", "evidence-"} {
			if why := out[field+c.Key]; why != "" {
				out[field+c.Key] = c.Name + ": " + why
			}
		}
	}
	return out
}

// scoreOptions are the scale with what each score says, and the abstention from
// one criterion.
var scoreOptions = []ui.Option{
	{Value: "1", Label: "1", Hint: "sets it back"}, {Value: "2", Label: "2", Hint: "sets it back"}, {Value: "3", Label: "3", Hint: "sets it back"},
	{Value: "4", Label: "4", Hint: "unclear"}, {Value: "5", Label: "5", Hint: "unclear"}, {Value: "6", Label: "6", Hint: "unclear"},
	{Value: "7", Label: "7", Hint: "advances it"}, {Value: "8", Label: "8", Hint: "advances it"}, {Value: "9", Label: "9", Hint: "advances it"},
	{Value: "0", Label: "–"},
}

func scoreLabel(o ui.Option) string {
	if o.Value == "0" {
		return "Abstain from this criterion"
	}
	return o.Label + ", " + o.Hint
}

var confidenceOptions = []ui.Option{
	{Value: "", Label: "How sure are you?"}, {Value: "1", Label: "Low confidence"}, {Value: "2", Label: "Moderate confidence"}, {Value: "3", Label: "High confidence"},
}

// DecisionView is what was decided, or the form that decides.
type DecisionView struct {
	Decided            bool
	Words              string
	Reason, Why        string // why is what the panel was uncertain of
	CanDecide          bool
	MayAdopt           bool
	Blocked            string // why it cannot be adopted
	Uncertain          bool
	Action, Revision   string
	Errors             map[string]string
	TypedReason, Typed string
}

// FollowUpView is what became of it.
type FollowUpView struct {
	CanEdit                          bool
	Action                           string
	Status, Response, Uptake, Remind string
	StatusName, RemindWords          string
	Statuses                         []ui.Option
	Facts                            []ui.Fact
	Errors                           map[string]string
	Revision                         string
	// Theirs is what somebody, Who, noted since the form was made.
	Theirs []ui.Fact
	Who    string
}

// RecommendationHistoryPage lists wordings.
type RecommendationHistoryPage struct {
	Page
	Reference, Title, Back string
	Wordings               []Wording
}

// Wording is one wording with what changed since the one before.
type Wording struct {
	ISO, When, By, What string
	Title               string
	Changed             []models.RecommendationPart
}

// EvaluatePage is what an evaluator from outside sees.
type EvaluatePage struct {
	Page
	Name, Title       string
	Facts             []ui.Fact
	Supports, Against []MaterialRow
	Notice            string
	Score             *ScoreForm
	Rows              []CriterionRow
	Remarks           []RemarkRow
	CanRemark         bool
	RemarkHref, Token string
	Remark            string // refused
	RemarkErrors      map[string]string
	NotSaved          *NotSaved
}

package models

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// RecommendationState is how far a recommendation has come.
type RecommendationState string

// The states of a recommendation. Revised means that its text was changed
// after it was put before a panel.
const (
	RecommendationDraft   RecommendationState = "draft"
	RecommendationPanel   RecommendationState = "evaluation"
	RecommendationRevised RecommendationState = "revised"
	RecommendationAdopted RecommendationState = "adopted"
	RecommendationTurned  RecommendationState = "not_adopted"
	RecommendationPublic  RecommendationState = "published"
)

// RecommendationStates lists the states in the order in which they are offered.
var RecommendationStates = []RecommendationState{
	RecommendationDraft, RecommendationPanel, RecommendationRevised, RecommendationAdopted, RecommendationTurned, RecommendationPublic,
}

var recommendationStateNames = map[RecommendationState]string{
	RecommendationDraft: "Draft", RecommendationPanel: "In evaluation", RecommendationRevised: "Revised",
	RecommendationAdopted: "Adopted", RecommendationTurned: "Not adopted", RecommendationPublic: "Published",
}

// Name returns the state's name on screens.
func (s RecommendationState) Name() string { return recommendationStateNames[s] }

// ParseRecommendationState reads a state's key.
func ParseRecommendationState(key string) (RecommendationState, bool) {
	s := RecommendationState(key)
	return s, slices.Contains(RecommendationStates, s)
}

// AfterEdit returns the state once the text was changed: what a panel or a
// decision was about is not what stands there now.
func (s RecommendationState) AfterEdit() RecommendationState {
	if s == RecommendationDraft {
		return s
	}
	return RecommendationRevised
}

// Followed reports whether what became of it can be noted: it was adopted.
func (s RecommendationState) Followed() bool {
	return s == RecommendationAdopted || s == RecommendationPublic
}

// RecommendationText is what a panel evaluates, word for word.
type RecommendationText struct {
	Title, Addressee, Instrument, Action, Timeline, Cost  string
	Dependencies, Risk, Mitigation, Measure, Alternatives string
}

// RecommendationPart is one part of the text with its form name and its label.
type RecommendationPart struct {
	Field, Label, Hint string
	Words              string
}

// Parts returns the text in the order of the form, after the title.
func (t RecommendationText) Parts() []RecommendationPart {
	return []RecommendationPart{
		{"addressee", "Addressee", "Who can do it: a committee, an agency, an alliance.", t.Addressee},
		{"instrument", "Instrument", "A law, a rule, an agreement, a budget line.", t.Instrument},
		{"action", "Action", "What exactly is to be done, step by step.", t.Action},
		{"timeline", "Timeline", "By when, and in which order.", t.Timeline},
		{"cost", "Cost", "What it costs, and whom.", t.Cost},
		{"dependencies", "Depends on", "What must be in place first.", t.Dependencies},
		{"risk", "Risk", "What can go wrong, and for whom.", t.Risk},
		{"mitigation", "Mitigation", "What keeps the risk small.", t.Mitigation},
		{"measure", "Measure of success", "How one would know that it worked.", t.Measure},
		{"alternatives", "Alternatives considered", "What else was weighed, and why not that.", t.Alternatives},
	}
}

// Hash names the wording: it changes when any word does.
func (t RecommendationText) Hash() string {
	h := sha256.New()
	add := func(s string) { h.Write([]byte(strconv.Itoa(len(s)) + ":" + s)) }
	add(t.Title)
	for _, p := range t.Parts() {
		add(p.Words)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// RecommendationInput is what a form says of a recommendation.
type RecommendationInput struct {
	RecommendationText
	// Pillars is a mask; Codes are fronts and forums; Themes are what it draws
	// on, in order.
	Pillars       int
	Codes, Themes []ID
	Series        ID // zero for none
	// Revision is the one that the form was made from; zero for a new one.
	Revision int
}

// The lengths of a recommendation's texts, in characters.
const (
	MaxRecommendationTitle = 300
	MaxRecommendationPart  = 4000
)

// Check returns the input trimmed, or an *InvalidError.
func (in RecommendationInput) Check() (RecommendationInput, error) {
	var bad InvalidError
	in.Title = strings.Join(strings.Fields(in.Title), " ")
	bad.Check(utf8.RuneCountInString(in.Title) <= MaxRecommendationTitle, "title", "The title may have at most 300 characters.")
	if why := notImperative(in.Title); why != "" {
		bad.Add("title", why)
	}
	for _, p := range []*string{
		&in.Addressee, &in.Instrument, &in.Action, &in.Timeline, &in.Cost, &in.Dependencies, &in.Risk, &in.Mitigation, &in.Measure, &in.Alternatives,
	} {
		*p = strings.TrimSpace(*p)
	}
	for _, p := range in.Parts() {
		bad.Check(utf8.RuneCountInString(p.Words) <= MaxRecommendationPart, p.Field, p.Label+" may have at most 4,000 characters.")
	}
	bad.Check(in.Addressee != "", "addressee", "Say who is to act.")
	in.Pillars &= 1<<len(Pillars) - 1
	in.Codes, in.Themes = distinctIDs(in.Codes), distinctIDs(in.Themes)
	bad.Check(len(in.Codes) <= 50 && len(in.Themes) <= 50, "", "At most 50 themes, fronts and forums can be chosen.")
	return in, bad.Err()
}

func distinctIDs(ids []ID) []ID {
	var out []ID
	for _, id := range ids {
		if id != 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// notSaying are words that no order begins with.
var notSaying = []string{
	"a", "an", "the", "we", "i", "they", "he", "she", "it", "you", "this", "that", "these", "those", "there", "our", "their", "its", "to",
	"should", "must", "could", "would", "how", "why", "what", "when", "who", "is", "are", "was", "were", "in", "on", "for", "of", "with",
}

// notImperative says why a title does not tell somebody what to do, or nothing.
func notImperative(title string) string {
	words := strings.FieldsFunc(title, unicode.IsSpace)
	const example = " Begin with what is to be done: “Found a standing cable-repair compact.”"
	switch {
	case len(words) == 0:
		return "Say in one sentence what is to be done."
	case len(words) < 3:
		return "A title needs at least three words." + example
	case strings.Contains(title, "?"):
		return "A recommendation tells, it does not ask." + example
	}
	first := strings.ToLower(strings.TrimFunc(words[0], func(r rune) bool { return !unicode.IsLetter(r) }))
	if first == "" || slices.Contains(notSaying, first) || (strings.HasSuffix(first, "ing") && len(first) > 5) {
		return "Write the title as an order." + example
	}
	for _, w := range words {
		if strings.EqualFold(w, "should") || strings.EqualFold(w, "must") {
			return "Leave out “should” and “must”: the addressee has a field of its own." + example
		}
	}
	return ""
}

// FollowUpStatus is what became of an adopted recommendation.
type FollowUpStatus string

// What can become of a recommendation. Empty is nothing noted yet.
const (
	FollowUpNone    FollowUpStatus = ""
	FollowUpOpen    FollowUpStatus = "open"
	FollowUpPartly  FollowUpStatus = "partly"
	FollowUpDone    FollowUpStatus = "implemented"
	FollowUpClosed  FollowUpStatus = "closed"
	maxFollowUpText                = 4000
)

// FollowUpStatuses lists what can be chosen, in order.
var FollowUpStatuses = []FollowUpStatus{FollowUpOpen, FollowUpPartly, FollowUpDone, FollowUpClosed}

// Name returns the status's name on screens.
func (s FollowUpStatus) Name() string {
	return map[FollowUpStatus]string{
		FollowUpNone: "Not noted yet", FollowUpOpen: "Open", FollowUpPartly: "Partly addressed", FollowUpDone: "Implemented", FollowUpClosed: "Closed",
	}[s]
}

// FollowUpInput is what a form says became of a recommendation.
type FollowUpInput struct {
	Status           FollowUpStatus
	Response, Uptake string
	// Remind is when to come back to it, or zero.
	Remind Instant
	// Revision is the recommendation's when the form was made.
	Revision int `json:",omitzero"`
}

// Check returns the input trimmed, or an *InvalidError.
func (in FollowUpInput) Check() (FollowUpInput, error) {
	var bad InvalidError
	in.Response, in.Uptake = strings.TrimSpace(in.Response), strings.TrimSpace(in.Uptake)
	bad.Check(slices.Contains(FollowUpStatuses, in.Status), "status", "Choose where it stands.")
	bad.Check(utf8.RuneCountInString(in.Response) <= maxFollowUpText, "response", "The response may have at most 4,000 characters.")
	bad.Check(utf8.RuneCountInString(in.Uptake) <= maxFollowUpText, "uptake", "The evidence may have at most 4,000 characters.")
	return in, bad.Err()
}

// DecisionInput is what a form says of a decision.
type DecisionInput struct {
	Adopt bool
	// Reason is why; Uncertainty explains what the panel is uncertain of.
	Reason, Uncertainty string
	// Revision is the one that was decided on.
	Revision int
}

// Check returns the input trimmed, or an *InvalidError. Whether it may be
// adopted at all is MayAdopt's answer.
func (in DecisionInput) Check() (DecisionInput, error) {
	var bad InvalidError
	in.Reason, in.Uncertainty = strings.TrimSpace(in.Reason), strings.TrimSpace(in.Uncertainty)
	bad.Check(in.Reason != "", "reason", "Say why, in a sentence or two.")
	bad.Check(utf8.RuneCountInString(in.Reason) <= maxFollowUpText, "reason", "The reason may have at most 4,000 characters.")
	bad.Check(utf8.RuneCountInString(in.Uncertainty) <= maxFollowUpText, "uncertainty", "The explanation may have at most 4,000 characters.")
	return in, bad.Err()
}

// ThemeRef is a theme that a recommendation draws on.
type ThemeRef struct {
	ID        ID
	Statement string
	Archived  bool
}

// Recommendation is one recommendation as staff read it.
type Recommendation struct {
	ID ID
	// Number names it to people and says nothing of how many there are.
	Number int
	RecommendationText
	Pillars        int
	Fronts, Forums []CodeRef
	// Retired are those of them that the codebook has archived since.
	Retired    []ID
	Themes     []ThemeRef
	Series     ID
	SeriesName string // empty for none
	State      RecommendationState
	// Version counts wordings, Revision every change.
	Version, Revision int
	Owner             ID
	OwnerName         string
	DecidedBy         string
	Decided           Instant
	Reason            string
	Uncertainty       string
	FollowUp          FollowUpInput
	Archived          bool
	Created, Updated  Instant
	// Results are those of the panel on the wording as it stands, zero before
	// the reveal.
	Results [3]PanelResult
	// Shown reports that the panel's scores are revealed.
	Shown bool
}

// Reference is how people write its number: "REC-4821".
func (r Recommendation) Reference() string { return "REC-" + strconv.Itoa(r.Number) }

// RecommendationFilter chooses recommendations of a list. Zero values choose
// all that are not archived.
type RecommendationFilter struct {
	State    RecommendationState
	Pillar   Pillar
	Text     string // found in title and addressee
	Archived bool
	After    ID // the last of the page before
}

// RecommendationPage is one page of a list, those changed last first.
type RecommendationPage struct {
	Rows []Recommendation
	Next ID // zero on the last page
}

// RecommendationRevision is how a recommendation read from a moment on, and
// what was noted then of what became of it.
type RecommendationRevision struct {
	Revision int
	At       Instant
	By, What string
	Text     RecommendationText
	FollowUp FollowUpInput
}

// Material is what a recommendation rests on: the insights of its themes as
// they are disclosed to the reader. What contradicts one theme stands in
// Against, whatever it does for another.
type Material struct {
	Supports, Qualifies, Against []Insight
}

// IDs lists the insights.
func (m Material) IDs() []ID {
	var out []ID
	for _, i := range slices.Concat(m.Supports, m.Qualifies, m.Against) {
		out = append(out, i.ID())
	}
	return out
}

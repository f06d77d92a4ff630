package models

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// BriefScope says what a brief is written from.
type BriefScope string

// The scopes.
const (
	ScopeRoundtable BriefScope = "roundtable"
	ScopeSeries     BriefScope = "series"
	ScopeFilter     BriefScope = "filter"
)

// BriefState is how far a brief has come.
type BriefState string

// The states of a brief. Editing after approval makes it a draft again; after
// publication too, until the correction is published.
const (
	BriefDraft     BriefState = "draft"
	BriefInReview  BriefState = "review"
	BriefApproved  BriefState = "approved"
	BriefPublished BriefState = "published"
)

// BriefStates lists the states in order.
var BriefStates = []BriefState{BriefDraft, BriefInReview, BriefApproved, BriefPublished}

// Name returns the state's name on screens.
func (s BriefState) Name() string {
	switch s {
	case BriefInReview:
		return "In review"
	case BriefApproved:
		return "Approved"
	case BriefPublished:
		return "Published"
	}
	return "Draft"
}

// AfterEdit returns the state once the brief was changed: an approval was of
// other words, so it is gone.
func (s BriefState) AfterEdit() BriefState {
	if s == BriefInReview {
		return s
	}
	return BriefDraft
}

// BriefText is what is written in a brief. The rungs are Markdown.
type BriefText struct {
	Title       string `json:"title"`
	BottomLine  string `json:"bottom_line"`
	KeyMessages string `json:"key_messages"`
	Summary     string `json:"summary"`
	Report      string `json:"report"`
	Annexes     string `json:"annexes"`
	Disclaimer  string `json:"disclaimer"`
	Uncertainty string `json:"uncertainty"`
	// Themes and Recommendations are chosen, in order.
	Themes          []ID `json:"themes"`
	Recommendations []ID `json:"recommendations"`
}

// DefaultDisclaimer is what a new brief starts with.
const DefaultDisclaimer = "This brief reports what was said. It states the views of participants, not those of the institute, its funders or its partners."

// PlainWithdrawal is a reason that tells nothing, for whoever may try no other.
const PlainWithdrawal = "The institute withdrew this brief."

// Brief is a brief while it is written, as staff read it.
type Brief struct {
	BriefText
	ID          ID
	Scope       BriefScope
	Roundtable  ID
	Series      ID
	Filter      string // the insights' query string
	ScopeName   string // title of the roundtable, name of the series
	Private     bool   // made from a private roundtable: it is never published
	State       BriefState
	Slug        string
	AuthorID    ID
	Author      string
	ApproverID  ID
	Approver    string
	ApprovedAt  Instant
	Revision    int
	Created     Instant
	Updated     Instant
	Pillars     int     // mask, in lists: of what it recommends and has published
	Versions    int     // published ones
	ViolatedAt  Instant // of the newest version (T7)
	WithdrawnAt Instant // of the newest version
	Reviews     []BriefReview
	Comments    []BriefComment
	History     []BriefRevision
}

// BriefReview is a named reader before publication.
type BriefReview struct {
	Account ID
	Name    string
	Done    bool
	Asked   Instant
	At      Instant
}

// BriefComment is a remark on a brief.
type BriefComment struct {
	ID       ID
	Name     string
	Passage  string // the words it is about; empty for the whole
	Text     string
	At       Instant
	Resolved bool
}

// BriefRevision is one saved wording.
type BriefRevision struct {
	Revision int
	Account  ID
	At       Instant
	Name     string
	What     string
}

// MayApprove reports whether the account may approve the brief: somebody else
// than its author, while it is in review.
func (b Brief) MayApprove(v Viewer) bool {
	return b.State == BriefInReview && Can(v, PublishBrief) && v.Account() != b.AuthorID
}

// BriefInput is what the form for a new brief says.
type BriefInput struct {
	Scope      BriefScope
	Roundtable ID
	Series     ID
	Filter     string
	Title      string
}

// The most characters of a brief's parts.
const (
	MaxBriefTitle   = 200
	MaxBottomLine   = 600
	MaxKeyMessages  = 4_000  // one page
	MaxBriefSummary = 12_000 // three
	MaxBriefReport  = 120_000
)

// Check returns the input trimmed, or an *InvalidError.
func (in BriefInput) Check() (BriefInput, error) {
	var bad InvalidError
	in.Title = strings.Join(strings.Fields(in.Title), " ")
	bad.Check(in.Title != "", "title", "Give the brief a title.")
	bad.Check(utf8.RuneCountInString(in.Title) <= MaxBriefTitle, "title", "The title may have at most 200 characters.")
	switch in.Scope {
	case ScopeRoundtable:
		bad.Check(in.Roundtable != 0, "roundtable", "Choose a roundtable.")
		in.Series, in.Filter = 0, ""
	case ScopeSeries:
		bad.Check(in.Series != 0, "series", "Choose a series.")
		in.Roundtable, in.Filter = 0, ""
	case ScopeFilter:
		bad.Check(in.Filter != "" && len(in.Filter) <= 2000, "filter", "Copy the address of a filtered list of insights here.")
		in.Roundtable, in.Series = 0, 0
	default:
		bad.Add("scope", "Choose what the brief is made from.")
	}
	return in, bad.Err()
}

// Check returns the text as it can be kept, or an *InvalidError.
func (t BriefText) Check() (BriefText, error) {
	var bad InvalidError
	t.Title = strings.Join(strings.Fields(t.Title), " ")
	bad.Check(t.Title != "", "title", "Give the brief a title.")
	clean := func(field, name string, text *string, most int) {
		kept, _, ok := CleanText(strings.ToValidUTF8(*text, ""))
		bad.Check(ok, field, name+" holds a sign that cannot be kept.")
		*text = kept
		if utf8.RuneCountInString(kept) > most {
			bad.Add(field, tooLong(name, kept, most))
		}
	}
	clean("title", "The title", &t.Title, MaxBriefTitle)
	clean("bottom_line", "The bottom line", &t.BottomLine, MaxBottomLine)
	clean("key_messages", "The key messages", &t.KeyMessages, MaxKeyMessages)
	clean("summary", "The summary", &t.Summary, MaxBriefSummary)
	clean("report", "The report", &t.Report, MaxBriefReport)
	clean("annexes", "The annexes", &t.Annexes, MaxBriefReport)
	clean("disclaimer", "The disclaimer", &t.Disclaimer, MaxKeyMessages)
	clean("uncertainty", "This text", &t.Uncertainty, MaxKeyMessages)
	for field, text := range map[string]string{"title": t.Title, "bottom_line": t.BottomLine, "disclaimer": t.Disclaimer, "uncertainty": t.Uncertainty} {
		bad.Check(len(Citations(text)) == 0, field, "Insights are cited in the key messages, the summary, the report and the annexes. Say it in words of your own here.")
	}
	bad.Check(len(t.Themes) <= 60, "themes", "Choose at most 60 themes.")
	bad.Check(len(t.Recommendations) <= 60, "recommendations", "Choose at most 60 recommendations.")
	return t, bad.Err()
}

// Written joins everything that was typed, for checks.
func (t BriefText) Written() string {
	return strings.Join([]string{t.Title, t.BottomLine, t.KeyMessages, t.Summary, t.Report, t.Annexes, t.Disclaimer, t.Uncertainty}, "\n\n")
}

var citation = lazyRegexp(`\[\[i:([0-9a-z]{13})\]\]`)

// Citations lists the insights that Markdown cites as [[i:ID]], in order of
// appearance and each once.
func Citations(markdown string) []ID {
	var out []ID
	for _, m := range citation().FindAllStringSubmatch(markdown, -1) {
		if id, err := ParseID(m[1]); err == nil && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// Cite returns how Markdown cites an insight.
func Cite(id ID) string { return "[[i:" + id.String() + "]]" }

// Citations lists the insights that the text cites.
func (t BriefText) Citations() []ID { return Citations(t.Written()) }

// BriefSlug makes the readable part of an address from a title.
func BriefSlug(title string) string {
	slug := strings.Join(Tokens(title), "-")
	var b strings.Builder
	for _, r := range slug {
		if r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	slug = strings.Trim(b.String(), "-")
	if len(slug) > 60 {
		slug = strings.Trim(slug[:60], "-")
	}
	if slug == "" {
		return "brief"
	}
	return slug
}

// BriefObstacle is one reason why a brief cannot be published as it is. Words
// are the passage it is about, empty for none.
type BriefObstacle struct {
	Words  string
	Reason string
}

// FreezeInsight returns an insight as a publication holds it; it must have been
// disclosed to the public.
func FreezeInsight(i Insight, relation string) BriefInsight {
	out := BriefInsight{
		ID: i.ID(), Text: i.Text(), Attribution: i.Attribution(), Level: int(i.Label().Level()), Relation: relation, Verbatim: i.Verbatim(),
		Kind: i.Kind().Key(), Rule: i.Regime().Key(), Roundtable: i.Roundtable(), HeldOn: i.HeldOn(),
	}
	if i.PrimaryPillar() != PillarNone {
		out.Pillars = append(out.Pillars, i.PrimaryPillar().Letter())
	}
	for _, p := range PillarsOf(i.PillarMask()) {
		if p != i.PrimaryPillar() {
			out.Pillars = append(out.Pillars, p.Letter())
		}
	}
	for _, f := range i.Fronts() {
		out.Fronts = append(out.Fronts, f.Name)
	}
	for _, f := range i.Forums() {
		out.Forums = append(out.Forums, f.Name)
	}
	return out
}

// Violates reports whether a frozen row shows more than may be shown now: the
// row is gone, its rule is stricter, or less may be said of the speaker (T7).
func (b BriefInsight) Violates(now Insight, disclosed bool) bool {
	rule, ok := ParseRegime(b.Rule)
	return !disclosed || !ok || now.Regime() > rule || int(now.Label().Level()) < b.Level
}

// Violates reports whether what was frozen of a roundtable tells more than may
// be told now: its rule is stricter, a group is not counted any more, or is now
// too small for its number (T7). That somebody more came violates nothing.
func (m BriefMeeting) Violates(rule Regime, heads []BriefHeadCount) bool {
	if then, ok := RegimeNamed(m.Regime); !ok || rule > then {
		return true
	}
	for _, frozen := range m.Groups {
		at := slices.IndexFunc(heads, func(h BriefHeadCount) bool { return h.Group == frozen.Group })
		if at < 0 || heads[at].Withheld() && !frozen.Withheld() {
			return true
		}
	}
	return false
}

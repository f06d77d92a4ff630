package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// BriefContent is what a publication holds: everything a reader sees, frozen at
// the public level. It is kept as JSON and never computed again. The long texts
// are Markdown.
type BriefContent struct {
	Title   string `json:"title"`
	Slug    string `json:"slug"`
	Version int    `json:"version"`
	// PublishedOn is the day of publication, 2006-01-02.
	PublishedOn string `json:"published_on"`
	Institute   string `json:"institute"`
	// Series is the programme's name, empty for none.
	Series string `json:"series,omitempty"`

	BottomLine  string `json:"bottom_line"`
	KeyMessages string `json:"key_messages"`
	Summary     string `json:"summary"`
	Report      string `json:"report"`

	Meetings        []BriefMeeting        `json:"meetings,omitempty"`
	Themes          []BriefTheme          `json:"themes,omitempty"`
	Recommendations []BriefRecommendation `json:"recommendations,omitempty"`
	// Cited are the insights that the Markdown cites as [[i:ID]], in order of
	// appearance.
	Cited []BriefInsight `json:"cited,omitempty"`
	// Uncertainty explains, in plain text, what the evaluators left uncertain.
	Uncertainty string `json:"uncertainty,omitempty"`

	// Method says how the brief came about: thresholds and what was withheld.
	Method     string `json:"method"`
	Disclaimer string `json:"disclaimer"`
	Annexes    string `json:"annexes"`
	// Note says what a corrected version changed; empty in the first.
	Note string `json:"note,omitempty"`
}

// BriefMeeting is what a brief tells of one roundtable.
type BriefMeeting struct {
	ID      ID     `json:"id,string"`
	Title   string `json:"title"`
	HeldOn  string `json:"held_on"` // local date, 2006-01-02
	Purpose string `json:"purpose"`
	// Regime is the name of the rule, RegimeStatement the sentence that is printed.
	Regime          string           `json:"regime"`
	RegimeStatement string           `json:"regime_statement"`
	Groups          []BriefHeadCount `json:"groups,omitempty"`
}

// BriefHeadCount is how many people of a group came, as it may be printed:
// "12", "fewer than 5".
type BriefHeadCount struct {
	Group string `json:"group"`
	Count string `json:"count"`
}

// Withheld reports whether the count says only that they were fewer than k.
func (h BriefHeadCount) Withheld() bool { return strings.HasPrefix(h.Count, "<") }

// BriefTheme is one finding with the insights it rests on.
type BriefTheme struct {
	ID        ID     `json:"id,string"`
	Statement string `json:"statement"`
	// ConsensusWords says how many held it: some, several, most.
	ConsensusWords string `json:"consensus_words"`
	Dissent        string `json:"dissent"`
	// Confidence is in the words of ICD 203, with what it rests on.
	Confidence string         `json:"confidence"`
	Insights   []BriefInsight `json:"insights,omitempty"`
}

// BriefInsight is one insight as anybody may read it.
type BriefInsight struct {
	ID          ID     `json:"id,string"`
	Text        string `json:"text"`
	Attribution string `json:"attribution"`
	// Relation is how it stands to its theme: supports, qualifies, contradicts.
	Relation string `json:"relation,omitempty"`
	Verbatim bool   `json:"verbatim,omitempty"`
	// Level is how much is told of the speaker, as models.Level counts.
	Level int `json:"level"`
	// Kind and Rule are keys; Roundtable is the title, HeldOn its local date.
	Kind       string   `json:"kind,omitempty"`
	Rule       string   `json:"rule,omitempty"`
	Roundtable string   `json:"roundtable,omitempty"`
	HeldOn     string   `json:"held_on,omitempty"`
	Pillars    []string `json:"pillars,omitempty"`
	Fronts     []string `json:"fronts,omitempty"`
	Forums     []string `json:"forums,omitempty"`
}

// Said returns the words, in quotation marks where they may be quoted verbatim
// and hold none of their own.
func (i BriefInsight) Said() string {
	if i.Verbatim && !strings.ContainsAny(i.Text, `"“”`) {
		return "“" + i.Text + "”"
	}
	return i.Text
}

// BriefRecommendation is one recommendation with what became of its evaluation.
type BriefRecommendation struct {
	ID ID `json:"id,string"`
	// Version and TextHash name the wording that was evaluated.
	Version   int    `json:"version,omitempty"`
	TextHash  string `json:"text_hash,omitempty"`
	Number    int    `json:"number"`
	Title     string `json:"title"`
	Addressee string `json:"addressee"`
	// State is its name: Adopted, Not adopted, In evaluation.
	State      string          `json:"state"`
	StateKey   string          `json:"state_key,omitempty"`
	Instrument string          `json:"instrument"`
	Action     string          `json:"action"`
	Timeline   string          `json:"timeline"`
	Risk       string          `json:"risk"`
	Measure    string          `json:"measure"`
	Verdicts   [3]BriefVerdict `json:"verdicts"`
	// Uncertainty explains every verdict that is uncertain.
	Uncertainty string   `json:"uncertainty,omitempty"`
	Pillars     []string `json:"pillars,omitempty"`
	Fronts      []string `json:"fronts,omitempty"`
	Forums      []string `json:"forums,omitempty"`
}

// BriefVerdict is a panel's verdict on one criterion. The three are never added up.
type BriefVerdict struct {
	Criterion string `json:"criterion"` // its name
	// Key is meets, uncertain, fails or none; Words is how it is printed.
	Key          string `json:"key"`
	Words        string `json:"words"`
	Median       string `json:"median,omitempty"`
	Scores       int    `json:"scores,omitempty"`
	Disagreement bool   `json:"disagreement,omitempty"`
}

// Manifest says what a publication was made of and under which rules (T11). It
// is for the institute's own record: Author and Approver are not printed.
type Manifest struct {
	K               int     `json:"k"`
	L               int     `json:"l"`
	Suppressed      int     `json:"suppressed"`
	RuleTextVersion string  `json:"rule_text_version"`
	Approver        string  `json:"approver"`
	Author          string  `json:"author"`
	InsightIDs      []ID    `json:"insight_ids"`
	CodebookVersion int     `json:"codebook_version"`
	Hash            string  `json:"hash"` // of the content: HashContent
	PublishedMs     Instant `json:"published_ms"`

	BriefID         ID                    `json:"brief_id"`
	BriefRevision   int                   `json:"brief_revision"`
	AuthorID        ID                    `json:"author_id"`
	ApproverID      ID                    `json:"approver_id"`
	ApprovedMs      Instant               `json:"approved_ms"`
	RoundtableIDs   []ID                  `json:"roundtable_ids"`
	ThemeIDs        []ID                  `json:"theme_ids"`
	Recommendations []RecommendationStamp `json:"recommendations"`
}

// RecommendationStamp names the exact wording that was published.
type RecommendationStamp struct {
	ID       ID     `json:"id"`
	Version  int    `json:"version"`
	TextHash string `json:"text_hash"`
}

// Publication is one published version of a brief.
type Publication struct {
	ID       ID
	BriefID  ID
	Content  BriefContent
	Manifest Manifest
	// Latest: no later version was published.
	Latest bool
	// Readable are the versions that everybody can read, oldest first.
	Readable []int
	// WithdrawnAt is zero while it stands; WithdrawnWhy is for everybody.
	WithdrawnAt  Instant
	WithdrawnWhy string
	// ViolatedAt is when a rule was raised that it does not keep (T7).
	ViolatedAt Instant
	// Replaced: it tells more than may be told now, and a later version stands in
	// its place. Nobody reads it any more.
	Replaced bool
}

// Gone reports whether nobody can read the publication any more.
func (p Publication) Gone() bool { return p.WithdrawnAt != 0 || p.Replaced }

// HashContent returns the SHA-256 of the content's canonical JSON, in hex. Two
// contents have one hash exactly where they read the same.
func HashContent(c BriefContent) (string, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// HashDrawn names the wording of what a brief draws on: its themes with their
// dissent and confidence, and its recommendations with their verdicts. It is
// hex SHA-256. Insights are not in it: each is released by name, and a release
// changes nobody's words.
func (c BriefContent) HashDrawn() (string, error) {
	drawn := BriefContent{Recommendations: slices.Clone(c.Recommendations)}
	for _, t := range c.Themes {
		drawn.Themes = append(drawn.Themes, BriefTheme{ID: t.ID, Statement: t.Statement, Dissent: t.Dissent, Confidence: t.Confidence})
	}
	return HashContent(drawn)
}

// Insights lists every insight of the content once: those of the themes first,
// then what is only cited.
func (c BriefContent) Insights() []BriefInsight {
	var out []BriefInsight
	seen := map[ID]bool{}
	add := func(list []BriefInsight) {
		for _, i := range list {
			if !seen[i.ID] {
				seen[i.ID] = true
				out = append(out, i)
			}
		}
	}
	for _, t := range c.Themes {
		add(t.Insights)
	}
	add(c.Cited)
	return out
}

// PillarLetters lists the pillars of the content's insights in their order.
func (c BriefContent) PillarLetters() []string {
	var out []string
	for p := Security; p <= Diplomacy; p++ {
		has := func(i BriefInsight) bool { return slices.Contains(i.Pillars, p.Letter()) }
		if slices.ContainsFunc(c.Insights(), has) {
			out = append(out, p.Letter())
		}
	}
	return out
}

// SearchText is what a search for the publication looks in: words of the
// frozen content and nothing else.
func (c BriefContent) SearchText() string { return IndexText(c.Text()) }

// Text is all that the publication says in words of its own, a line for each
// part.
func (c BriefContent) Text() string {
	parts := []string{c.Title, c.Series, c.BottomLine, c.KeyMessages, c.Summary, c.Report, c.Annexes}
	for _, t := range c.Themes {
		parts = append(parts, t.Statement, t.Dissent)
	}
	for _, r := range c.Recommendations {
		parts = append(parts, r.Title, r.Addressee, r.Action)
	}
	for _, i := range c.Insights() {
		parts = append(parts, i.Text)
	}
	return strings.Join(parts, "\n")
}

// Citation says how to cite the publication, with the address it is found at.
func (c BriefContent) Citation(address string) string {
	year := c.PublishedOn
	if len(year) > 4 {
		year = year[:4]
	}
	out := c.Institute + " (" + year + "). " + c.Title + "."
	if c.Version > 1 {
		out += " Version " + strconv.Itoa(c.Version) + "."
	}
	return out + " " + address
}

// BriefProperties are what a file of a publication says of itself to whoever
// looks at its properties. No person is named there.
type BriefProperties struct {
	Title    string
	Author   string // the institute
	Subject  string
	Keywords []string
}

// Words joins the properties that the title does not hold, for checks.
func (p BriefProperties) Words() string {
	return p.Subject + "\n" + strings.Join(p.Keywords, "; ")
}

// Properties returns what a file of the publication says of itself: the codes
// of its insights are its keywords.
func (c BriefContent) Properties() BriefProperties {
	p := BriefProperties{Title: c.Title, Author: c.Institute, Subject: "Brief"}
	if c.Series != "" {
		p.Subject = "Brief of the series " + c.Series
	}
	add := func(words ...string) {
		for _, w := range words {
			if w != "" && !slices.Contains(p.Keywords, w) {
				p.Keywords = append(p.Keywords, w)
			}
		}
	}
	for _, letter := range c.PillarLetters() {
		if pillar, ok := ParsePillar(letter); ok {
			add(pillar.Name())
		}
	}
	for _, i := range c.Insights() {
		add(i.Fronts...)
		add(i.Forums...)
	}
	return p
}

// FileName is what a file of the publication is called, without its ending.
func (c BriefContent) FileName() string {
	if c.Version > 1 {
		return c.Slug + "-v" + strconv.Itoa(c.Version)
	}
	return c.Slug
}

// HeardFrom is how many insights of a brief come from a sector, as it tells.
type HeardFrom struct {
	Sector   Sector
	Insights int
}

// Heard counts the brief's own insights by the sector that each of them tells,
// most first, and those that tell none: a group, nobody or, on the record, a
// person. What the brief does not show is in no figure.
func (c BriefContent) Heard() (sectors []HeardFrom, others int) {
	by := map[string]int{}
	for _, i := range c.Insights() {
		by[i.Attribution]++
		others++
	}
	for _, s := range Sectors {
		if n := by[Label(s).Words()]; n > 0 && Label(s).Level() == SectorLevel {
			sectors = append(sectors, HeardFrom{Sector: s, Insights: n})
			others -= n
		}
	}
	slices.SortStableFunc(sectors, func(a, b HeardFrom) int { return b.Insights - a.Insights })
	return sectors, others
}

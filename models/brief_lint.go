package models

import (
	"slices"
	"strings"
)

// The kinds of records whose words a brief publishes, as overruled findings
// are kept by.
const (
	BriefWords          = "brief"
	ThemeWords          = "theme"
	RecommendationWords = "recommendation"
)

// BriefPassage is one text of a publication that somebody typed. What insights
// say is not among them: the leak lint passed it before it was released.
type BriefPassage struct {
	// Kind and Object name the record whose words they are; the object is zero
	// for the brief itself.
	Kind   string
	Object ID
	// Place says where it stands: "the summary".
	Place string
	Text  string
	// Code: the name of a front or a forum, see Linter.LintCode.
	Code bool
}

// Passages lists every text of the content that somebody typed, with the
// properties and the name of its files, in the order in which it is read.
func (c BriefContent) Passages() []BriefPassage {
	var out []BriefPassage
	add := func(kind string, object ID, place string, texts ...string) {
		for _, text := range texts {
			if strings.TrimSpace(text) != "" {
				out = append(out, BriefPassage{Kind: kind, Object: object, Place: place, Text: text})
			}
		}
	}
	own := func(place string, texts ...string) { add(BriefWords, 0, place, texts...) }
	own("the title", c.Title)
	own("the series", c.Series)
	own("the note on what was corrected", c.Note)
	own("the bottom line", c.BottomLine)
	own("the key messages", c.KeyMessages)
	own("the summary", c.Summary)
	own("the report", c.Report)
	for _, t := range c.Themes {
		add(ThemeWords, t.ID, "the theme “"+shortened(t.Statement)+"”", t.Statement, t.Dissent, t.Confidence)
	}
	for _, r := range c.Recommendations {
		add(RecommendationWords, r.ID, "the recommendation “"+shortened(r.Title)+"”",
			r.Title, r.Addressee, r.Instrument, r.Action, r.Timeline, r.Risk, r.Measure, r.Uncertainty)
	}
	for _, name := range c.codes() {
		out = append(out, BriefPassage{Kind: BriefWords, Place: "the front or forum “" + shortened(name) + "”", Text: name, Code: true})
	}
	own("what stays uncertain", c.Uncertainty)
	own("the annexes", c.Annexes)
	own("the disclaimer", c.Disclaimer)
	for _, m := range c.Meetings {
		own("what is told of the roundtable", m.Title, m.Purpose)
	}
	own("the properties of its files", c.Properties().Words())
	own("its address and the name of its files", strings.ReplaceAll(c.Slug, "-", " "))
	return out
}

// Passages lists all that a recommendation says, with what explains its
// uncertain verdicts: whoever evaluates it reads more than a brief prints.
func (t RecommendationText) Passages(id ID, uncertainty string) []BriefPassage {
	parts := append([]RecommendationPart{{Label: "Title", Words: t.Title}}, t.Parts()...)
	var out []BriefPassage
	for _, p := range append(parts, RecommendationPart{Label: "What is uncertain", Words: uncertainty}) {
		if p.Words != "" {
			out = append(out, BriefPassage{Kind: RecommendationWords, Object: id, Place: "“" + p.Label + "”", Text: p.Words})
		}
	}
	return out
}

// codes lists the names of the fronts and forums that stand beside the insights,
// each once.
func (c BriefContent) codes() []string {
	var out []string
	for _, i := range c.Insights() {
		for _, name := range slices.Concat(i.Fronts, i.Forums) {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// shortened returns the beginning of a text for a place in a sentence.
func shortened(text string) string {
	const most = 48
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most])) + "…"
}

// BriefFinding is an open finding of the leak lint in what a brief would
// publish, or an evaluator from outside would read. Text is the whole of the passage that it stands in.
type BriefFinding struct {
	Finding
	Kind   string
	Object ID
	Text   string
	// Code: it stands in the name of a front or a forum.
	Code bool
}

// Around returns the words of the passage before and after those found, cut at
// a space some way off.
func (f BriefFinding) Around() (before, after string) {
	const most = 60
	before, after = f.Text[:f.Start], f.Text[f.End:]
	if len(before) > most {
		cut := before[len(before)-most:]
		if at := strings.IndexAny(cut, " \n"); at >= 0 {
			cut = cut[at:]
		}
		before = "…" + strings.ToValidUTF8(cut, "")
	}
	if len(after) > most {
		cut := after[:most]
		if at := strings.LastIndexAny(cut, " \n"); at >= 0 {
			cut = cut[:at+1]
		}
		after = strings.ToValidUTF8(cut, "") + "…"
	}
	return before, after
}

// BriefProof is a brief as it would be published now, and what stands in the
// way of it.
type BriefProof struct {
	Publication
	Obstacles []BriefObstacle
	// Leaks are the open findings of the leak lint. They name guests, so they
	// are shown to the team of every roundtable behind the brief and to nobody
	// else: for others TeamOnly is true and Leaks is empty, whatever was found.
	Leaks    []BriefFinding
	TeamOnly bool
}

// Clear reports whether nothing that the viewer may be told stands in the way
// of publishing.
func (p BriefProof) Clear() bool { return len(p.Obstacles) == 0 && len(p.Leaks) == 0 }

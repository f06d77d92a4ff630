package files

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"rotunda/models"
)

// WriteBriefDOCX writes a published brief for a word processor. Of the manifest
// it prints numbers and the hash; who wrote and who approved is not in it.
func WriteBriefDOCX(w io.Writer, c models.BriefContent, m models.Manifest) error {
	return writeDOCX(w, briefDocument(c, m))
}

// WriteBriefPDF writes a published brief for the printer, with its contents and
// page numbers. What it returns names the characters that no font has.
func WriteBriefPDF(w io.Writer, c models.BriefContent, m models.Manifest, o PDFOptions) (MissingGlyphs, error) {
	if o.Made.IsZero() && !m.PublishedMs.IsZero() {
		o.Made = m.PublishedMs.In(time.UTC)
	}
	return writePDF(w, briefDocument(c, m), o)
}

// briefDocument sets a brief: a title page, then each rung of its ladder.
func briefDocument(c models.BriefContent, m models.Manifest) document {
	about := c.Properties()
	d := document{
		title: about.Title, author: about.Author, subject: about.Subject, keywords: about.Keywords,
		kicker: c.Institute, byline: briefByline(c), contents: true,
	}
	cited := map[models.ID]models.BriefInsight{}
	for _, i := range c.Insights() {
		cited[i.ID] = i
	}
	for i, meeting := range c.Meetings {
		if s := meeting.RegimeStatement; s != "" && (i == 0 || s != c.Meetings[i-1].RegimeStatement) {
			d.cover = append(d.cover, note(s))
		}
	}
	if c.BottomLine != "" {
		d.cover = append(d.cover, block{kind: heading, level: 3, spans: plain("The bottom line")})
		d.cover = append(d.cover, fromMarkdown(c.BottomLine, 3, cited)...)
	}
	if c.Note != "" {
		d.cover = append(d.cover, block{kind: small, spans: []span{bold("Corrected in this version: "), {text: c.Note}}})
	}
	if len(d.cover) == 0 {
		d.cover = []block{{kind: divider}}
	}
	part := func(title string, blocks []block) {
		if len(blocks) == 0 {
			return
		}
		d.blocks = append(append(d.blocks, head(1, title)), blocks...)
	}
	part("Key messages", fromMarkdown(c.KeyMessages, 1, cited))
	d.blocks = append(d.blocks, block{kind: pageBreak})
	part("Executive summary", fromMarkdown(c.Summary, 1, cited))
	d.blocks = append(d.blocks, block{kind: pageBreak})
	part(map[bool]string{true: "About the meeting", false: "About the meetings"}[len(c.Meetings) == 1], meetingBlocks(c.Meetings))
	part("Report", fromMarkdown(c.Report, 1, cited))
	part("Findings", findingBlocks(c.Themes))
	recommended := recommendationBlocks(c.Recommendations)
	if c.Uncertainty != "" && len(recommended) > 0 {
		recommended = append(recommended, head(2, "What the evaluators left uncertain"), para(c.Uncertainty))
	}
	part("Recommendations", recommended)
	part("Method", append(fromMarkdown(c.Method, 1, cited), manifestBlocks(c, m)...))
	part("Disclaimer", fromMarkdown(c.Disclaimer, 1, cited))
	part("Annexes", fromMarkdown(c.Annexes, 1, cited))
	return d
}

func briefByline(c models.BriefContent) string {
	parts := []string{"Brief"}
	if c.PublishedOn != "" {
		parts = append(parts, longDate(c.PublishedOn))
	}
	if c.Version > 0 {
		parts = append(parts, "Version "+strconv.Itoa(c.Version))
	}
	return strings.Join(parts, " · ")
}

// longDate writes a day as "November 22, 2026".
func longDate(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("January 2, 2006")
}

func meetingBlocks(meetings []models.BriefMeeting) []block {
	var out []block
	for _, m := range meetings {
		out = append(out, head(2, m.Title))
		add := func(what, text string) {
			if text != "" {
				out = append(out, block{kind: paragraph, spans: []span{bold(what + ": "), {text: text}}})
			}
		}
		add("Date", longDate(m.HeldOn))
		add("Purpose", m.Purpose)
		add("Rule of attribution", m.Regime)
		for _, g := range m.Groups {
			add(g.Group, g.Count)
		}
	}
	return out
}

func findingBlocks(themes []models.BriefTheme) []block {
	var out []block
	for i, t := range themes {
		out = append(out, head(2, fmt.Sprintf("%d. %s", i+1, t.Statement)))
		var facts []span
		if t.ConsensusWords != "" {
			facts = append(facts, bold("Held by: "), span{text: t.ConsensusWords + ". "})
		}
		if t.Confidence != "" {
			level, basis, found := strings.Cut(strings.TrimRight(t.Confidence, "."), ": ")
			if found {
				basis = ": " + basis
			}
			facts = append(facts, bold(level), span{text: basis + "."})
		}
		if facts != nil {
			out = append(out, block{kind: paragraph, spans: facts})
		}
		for _, insight := range t.Insights {
			out = append(out, quoted(insight.Said(), insight.Attribution, insight.Relation)...)
		}
		if t.Dissent != "" {
			out = append(out, block{kind: paragraph, spans: []span{bold("Dissent: "), {text: t.Dissent}}})
		}
	}
	return out
}

// quoted sets what somebody said.
func quoted(text, who string, more ...string) []block {
	line := who
	for _, m := range more {
		switch {
		case m == "":
		case line == "":
			line = m
		default:
			line += " · " + m
		}
	}
	out := []block{{kind: quotation, spans: plain(text)}}
	if line != "" {
		out = append(out, block{kind: attribution, spans: plain("— " + line)})
	}
	return out
}

// pillarNames writes pillars, which a publication keeps by their letters.
func pillarNames(letters []string) string {
	out := make([]string, len(letters))
	for i, l := range letters {
		out[i] = l
		if p, ok := models.ParsePillar(l); ok {
			out[i] = p.Name()
		}
	}
	return strings.Join(out, "; ")
}

func recommendationBlocks(list []models.BriefRecommendation) []block {
	var out []block
	for _, r := range list {
		out = append(out, head(2, fmt.Sprintf("Recommendation %d: %s", r.Number, r.Title)))
		for _, f := range []struct{ what, text string }{
			{"Status", r.State}, {"Addressed to", r.Addressee}, {"Instrument", r.Instrument}, {"Action", r.Action}, {"Timeline", r.Timeline},
			{"Risk", r.Risk}, {"Measure", r.Measure},
			{"Pillars", pillarNames(r.Pillars)}, {"Fronts", strings.Join(r.Fronts, "; ")}, {"Forums", strings.Join(r.Forums, "; ")},
		} {
			if f.text != "" {
				out = append(out, block{kind: paragraph, spans: []span{bold(f.what + ": "), {text: f.text}}})
			}
		}
		rows := [][][]span{cells("Criterion", "Verdict", "Median score (1–9)", "Evaluators")}
		for _, v := range r.Verdicts {
			if v.Criterion == "" && v.Words == "" {
				continue
			}
			verdict := []span{bold(v.Words)}
			if v.Disagreement {
				verdict = append(verdict, span{text: ", with disagreement"})
			}
			scores := ""
			if v.Scores > 0 {
				scores = strconv.Itoa(v.Scores)
			}
			rows = append(rows, [][]span{plain(v.Criterion), verdict, plain(v.Median), plain(scores)})
		}
		if len(rows) > 1 {
			out = append(out, block{kind: tableBlock, rows: rows})
		}
		if r.Uncertainty != "" {
			out = append(out, block{kind: paragraph, spans: []span{bold("What is uncertain: "), {text: r.Uncertainty}}})
		}
	}
	return out
}

// manifestBlocks prints what lets a reader check the file against the record.
func manifestBlocks(c models.BriefContent, m models.Manifest) []block {
	rows := [][][]span{cells("This edition", "")}
	add := func(what, value string) { rows = append(rows, cells(what, value)) }
	if c.Version > 0 {
		add("Version", strconv.Itoa(c.Version))
	}
	if m.K > 0 {
		add("Smallest number of people behind an attribution (k)", strconv.Itoa(m.K))
		add("Smallest number of organizations behind it (l)", strconv.Itoa(m.L))
		add("Figures withheld", strconv.Itoa(m.Suppressed))
		add("Insights cited", strconv.Itoa(len(m.InsightIDs)))
	}
	if m.RuleTextVersion != "" {
		add("Version of the rules' wording", m.RuleTextVersion)
	}
	if m.CodebookVersion > 0 {
		add("Version of the codebook", strconv.Itoa(m.CodebookVersion))
	}
	if m.Hash != "" {
		add("Hash of the content", m.Hash)
	}
	if len(rows) == 1 {
		return nil
	}
	return []block{{kind: tableBlock, rows: rows}}
}

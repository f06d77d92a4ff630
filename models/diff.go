package models

import "strings"

// DiffLine is one paragraph of two wordings laid side by side: in both, taken
// out, or put in.
type DiffLine struct {
	Text    string
	Removed bool
	Added   bool
}

// DiffPart is one part of a text whose wording differs.
type DiffPart struct {
	Name  string
	Lines []DiffLine
}

// DiffText lays two wordings side by side, paragraph by paragraph. Joining what
// was not added gives the first again, joining what was not removed the second.
func DiffText(before, after string) []DiffLine {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	if len(a)*len(b) > mostCompared {
		return append(sided(a, true), sided(b, false)...)
	}
	// The rows of the longest common subsequence, from the end.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []DiffLine
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, DiffLine{Text: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, DiffLine{Text: a[i], Removed: true})
			i++
		default:
			out = append(out, DiffLine{Text: b[j], Added: true})
			j++
		}
	}
	return out
}

// mostCompared bounds the work of laying two wordings side by side. Beyond it
// the first is shown as taken out and the second as put in.
const mostCompared = 4_000_000

func sided(lines []string, removed bool) []DiffLine {
	out := make([]DiffLine, len(lines))
	for i, l := range lines {
		out[i] = DiffLine{Text: l, Removed: removed, Added: !removed}
	}
	return out
}

// Differences lists the parts in which one content reads otherwise than
// another, with the paragraphs that changed.
func (c BriefContent) Differences(from BriefContent) []DiffPart {
	before, after := from.wordings(), c.wordings()
	var out []DiffPart
	for n, part := range after {
		if part.text == before[n].text {
			continue
		}
		var changed []DiffLine
		for _, l := range DiffText(before[n].text, part.text) {
			if (l.Added || l.Removed) && strings.TrimSpace(l.Text) != "" {
				changed = append(changed, l)
			}
		}
		if len(changed) > 0 {
			out = append(out, DiffPart{part.name, changed})
		}
	}
	return out
}

type wording struct{ name, text string }

// wordings returns what a content says, part by part and always the same parts.
func (c BriefContent) wordings() []wording {
	var findings, recommended, meetings []string
	for _, t := range c.Themes {
		findings = append(findings, t.Statement, "Held by "+t.ConsensusWords+". "+t.Confidence, "Dissent: "+t.Dissent)
		for _, i := range t.Insights {
			findings = append(findings, i.Text+" ("+i.Attribution+")")
		}
	}
	for _, r := range c.Recommendations {
		recommended = append(recommended, r.Title, "To "+r.Addressee, r.State, r.Action, r.Timeline, r.Risk, r.Measure, r.Uncertainty)
		for _, v := range r.Verdicts {
			recommended = append(recommended, v.Criterion+": "+v.Words)
		}
	}
	for _, m := range c.Meetings {
		meetings = append(meetings, m.Title, m.Purpose, m.RegimeStatement)
		for _, g := range m.Groups {
			meetings = append(meetings, g.Group+": "+g.Count)
		}
	}
	lines := func(list []string) string { return strings.Join(list, "\n") }
	return []wording{
		{"Title", c.Title},
		{"Bottom line", c.BottomLine},
		{"Key messages", c.KeyMessages},
		{"Summary", c.Summary},
		{"Report", c.Report},
		{"Findings", lines(findings)},
		{"Recommendations", lines(recommended)},
		{"What stays uncertain", c.Uncertainty},
		{"About the meetings", lines(meetings)},
		{"Annexes", c.Annexes},
		{"Method", c.Method},
		{"Disclaimer", c.Disclaimer},
	}
}

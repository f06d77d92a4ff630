package views

import (
	"strings"

	"rotunda/models"
)

// TextPart is a piece of a text. Why says what the leak lint has against it,
// and is empty where that is nothing.
type TextPart struct{ Text, Why string }

// MarkedText cuts a text at the findings of the leak lint, which are in the
// order of the text. Findings in other places are left out; without any it
// returns nothing.
func MarkedText(text string, found []models.Finding) []TextPart {
	var out []TextPart
	at := 0
	for _, f := range found {
		if f.Place != "" || f.Start < at || f.End > len(text) || text[f.Start:f.End] != f.Words {
			continue
		}
		if f.Start > at {
			out = append(out, TextPart{Text: text[at:f.Start]})
		}
		out = append(out, TextPart{Text: f.Words, Why: f.Rule.Words()})
		at = f.End
	}
	if len(out) > 0 && at < len(text) {
		out = append(out, TextPart{Text: text[at:]})
	}
	return out
}

// FindingRow is one open finding. Action is where overruling it is sent to,
// empty for who may not.
type FindingRow struct {
	Words, Why, Where, Instead string
	Before, After              string // what stands around the words
	Mark, Action, Field        string
}

// leakTitle explains a mark.
func leakTitle(why string) string { return "May tell who was in the room: " + why }

// FindingsIn returns those of the findings that stand in a text, which may be
// the end of a longer one.
func FindingsIn(text string, found []models.BriefFinding) []models.Finding {
	var out []models.Finding
	for _, f := range found {
		before := len(f.Text) - len(text)
		if before < 0 || f.Start < before || !strings.HasSuffix(f.Text, text) || before > 0 && !strings.HasSuffix(f.Text[:before], ": ") {
			continue
		}
		one := f.Finding
		one.Place, one.Start, one.End = "", f.Start-before, f.End-before
		out = append(out, one)
	}
	return out
}

package models_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rotunda/models"
)

// TestDiffText_holdsBothWordings: what was not added is the first wording, what
// was not removed the second, and the same text has no differences.
func TestDiffText_holdsBothWordings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c d"}), 1, 12).Draw(t, "lines"), "\n")
		})
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var first, second []string
		changed := false
		for _, l := range models.DiffText(before, after) {
			if l.Added && l.Removed {
				t.Fatalf("%q is both", l.Text)
			}
			if !l.Added {
				first = append(first, l.Text)
			}
			if !l.Removed {
				second = append(second, l.Text)
			}
			changed = changed || l.Added || l.Removed
		}
		if strings.Join(first, "\n") != before || strings.Join(second, "\n") != after || changed != (before != after) {
			t.Fatalf("%q to %q gives %q and %q", before, after, first, second)
		}
	})
}

// TestBriefContent_differencesNameThePartsThatChanged and no others.
func TestBriefContent_differencesNameThePartsThatChanged(t *testing.T) {
	first := models.BriefContent{Title: "Cables", Summary: "One.\n\nTwo.", Version: 1, Themes: []models.BriefTheme{{Statement: "Repair is slow.", ConsensusWords: "several"}}}
	if found := first.Differences(first); len(found) != 0 {
		t.Errorf("a content differs from itself: %v", found)
	}
	second := first
	second.Version, second.Summary = 2, "One.\n\nThree."
	second.Themes = []models.BriefTheme{{Statement: "Repair is slow.", ConsensusWords: "most"}}
	found := second.Differences(first)
	if len(found) != 2 || found[0].Name != "Summary" || found[1].Name != "Findings" || len(found[0].Lines) != 2 || !found[0].Lines[0].Removed || found[0].Lines[1].Text != "Three." {
		t.Errorf("%+v", found)
	}
}

// TestBriefContent_everyTextIsLookedThrough: a word put into any field that
// somebody types stands in one of the passages that the leak lint reads.
func TestBriefContent_everyTextIsLookedThrough(t *testing.T) {
	const word = "zebediah"
	for name, put := range map[string]func(*models.BriefContent){
		"title": func(c *models.BriefContent) { c.Title = word }, "bottom line": func(c *models.BriefContent) { c.BottomLine = word },
		"messages": func(c *models.BriefContent) { c.KeyMessages = word }, "summary": func(c *models.BriefContent) { c.Summary = word },
		"report": func(c *models.BriefContent) { c.Report = word }, "annexes": func(c *models.BriefContent) { c.Annexes = word },
		"disclaimer": func(c *models.BriefContent) { c.Disclaimer = word }, "uncertainty": func(c *models.BriefContent) { c.Uncertainty = word },
		"note": func(c *models.BriefContent) { c.Note = word }, "series": func(c *models.BriefContent) { c.Series = word },
		"slug":       func(c *models.BriefContent) { c.Slug = "what-" + word + "-said" },
		"statement":  func(c *models.BriefContent) { c.Themes = []models.BriefTheme{{Statement: word}} },
		"dissent":    func(c *models.BriefContent) { c.Themes = []models.BriefTheme{{Dissent: word}} },
		"confidence": func(c *models.BriefContent) { c.Themes = []models.BriefTheme{{Confidence: word}} },
		"addressee":  func(c *models.BriefContent) { c.Recommendations = []models.BriefRecommendation{{Addressee: word}} },
		"risk":       func(c *models.BriefContent) { c.Recommendations = []models.BriefRecommendation{{Risk: word}} },
		"purpose":    func(c *models.BriefContent) { c.Meetings = []models.BriefMeeting{{Purpose: word}} },
		"keywords": func(c *models.BriefContent) {
			c.Cited = []models.BriefInsight{{ID: 1, Forums: []string{word}}}
		},
	} {
		var c models.BriefContent
		put(&c)
		found := false
		for _, p := range c.Passages() {
			for _, f := range models.Lint(p.Text, models.Roster{People: []models.RosterPerson{{FullName: "Zebediah", Family: "Zebediah"}}}) {
				before, after := models.BriefFinding{Finding: f, Text: p.Text}.Around()
				found = found || strings.Contains(before+f.Words+after, f.Words)
			}
		}
		if !found {
			t.Errorf("a name in the %s is not looked for", name)
		}
	}
}

// TestBriefFinding_aroundIsPartOfThePassage however long it is.
func TestBriefFinding_aroundIsPartOfThePassage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.StringN(0, 200, -1).Draw(t, "before"), rapid.StringN(0, 200, -1).Draw(t, "after")
		f := models.BriefFinding{Text: before + "NAME" + after}
		f.Start, f.End = len(before), len(before)+4
		a, b := f.Around()
		if !strings.HasSuffix(strings.ToValidUTF8(before, ""), strings.TrimPrefix(a, "…")) || !strings.HasPrefix(strings.ToValidUTF8(after, ""), strings.TrimSuffix(b, "…")) {
			t.Fatalf("%q and %q of %q", a, b, f.Text)
		}
	})
}

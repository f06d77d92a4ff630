package views_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rotunda/models"
	"rotunda/views"
)

var leakRoster = models.Roster{People: []models.RosterPerson{{FullName: "Zebediah Quorum", Given: "Zebediah", Family: "Quorum"}}}

func rendered(t interface{ Fatal(...any) }, markdown string, found []models.Finding) string {
	var b strings.Builder
	if err := views.Prose(markdown, "t-", nil, found...).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var anyMark = regexp.MustCompile(`<mark class="leak" tabindex="0" title="May tell who was in the room: names a guest">(.*?)(?:<span class="leak__why">names a guest</span>)?</mark>`)

// TestProse_marksFindingsAtTheWord where the word is read, through markup, and
// nowhere else.
func TestProse_marksFindingsAtTheWord(t *testing.T) {
	for markdown, want := range map[string][]string{
		"As Quorum said.":                      {"Quorum"},
		"# What Quorum wants\n\nNothing.":      {"Quorum"},
		"- one\n- *Zebediah* **Quorum** spoke": {"Zebediah", " ", "Quorum"},
		"Zebediah\nQuorum spoke":               {"Zebediah", "Quorum"},
		"| a | b |\n|---|---|\n| Quorum | c |": {"Quorum"},
		"See [Quorum](https://quorum.example)": {"Quorum"},
		"`Quorum` in code":                     nil,
		"![Quorum](/a.png)":                    nil,
		"Quorum, <b>Quorum</b> & “Quorum”":     {"Quorum", "Quorum", "Quorum"},
		"Said[^1].\n\n[^1]: By Quorum.":        {"Quorum"},
	} {
		html := rendered(t, markdown, models.Lint(markdown, leakRoster))
		var got []string
		for _, m := range anyMark.FindAllStringSubmatch(html, -1) {
			got = append(got, m[1])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: marked %q, want %q: %s", markdown, got, want, html)
		}
	}
}

// Without the marks the page is the same, whatever was typed and wherever a
// finding claims to be.
func TestProse_marksChangeNothingElse(t *testing.T) {
	parts := []string{"Quorum", "Zebediah Quorum", "*", "**", "`", "\n", "\n\n", "# ", "- ", "| ", "|---|\n", "[", "](x)", "![", "<b>", "\\", "&amp;", "[^1]", "[^1]: ", "~~", "é", "李", "word ", "https://quorum.example "}
	rapid.Check(t, func(rt *rapid.T) {
		markdown := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 24).Draw(rt, "parts"), "")
		found := models.Lint(markdown, leakRoster)
		for n := range found {
			if rapid.IntRange(0, 9).Draw(rt, "astray") == 0 {
				found[n].End += rapid.IntRange(-3, 3).Draw(rt, "by")
			}
		}
		plain, marked := rendered(rt, markdown, nil), rendered(rt, markdown, found)
		if got := anyMark.ReplaceAllString(marked, "$1"); got != plain {
			rt.Fatalf("%q:\n%s\n%s", markdown, got, plain)
		}
	})
}

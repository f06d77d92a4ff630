package views_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/viewtest"
)

func TestCodebook_pagesAreSoundWhateverIsTyped(t *testing.T) {
	for _, s := range append([]string{"cable repair"}, viewtest.Hostile...) {
		p := page(s)
		errs := map[string]string{"": s, "name": s, "keep": s, "id": s, "words": s, "colour": s, "shortcut": s, "aliases": s}
		row := views.CodeRow{
			ID: "0000000000001", Name: s, Href: s, Mark: s, Colour: "teal", ColourName: s, Meaning: s, Also: s, Count: s, CountHref: s, Counts: s,
			Author: s, EditHref: s, SplitHref: s, Code: 1,
		}
		old := row
		old.ID, old.Meaning = "0000000000002", ""
		options := []ui.Option{{Value: s, Label: s, Hint: s}}
		table := views.CodeTable{
			Kind: "tag", Heading: s, Note: s, Path: s, CanEdit: true, Rows: []views.CodeRow{row}, Archived: []views.CodeRow{old},
			Alike: []views.AlikePair{{One: s, Other: s, MergeHref: s, Hint: s}}, NewHref: s, Word: "tag", Words: "tags",
		}
		for name, c := range map[string]templ.Component{
			"Codebook": views.Codebook(views.CodebookPage{
				Page: p, Sub: s, CanEdit: true, Fronts: []views.CodeRow{row}, Forums: []views.CodeRow{row}, Table: table,
				Pillars: []views.PillarCard{{Tile: ui.PillarTileXl(models.Security), Name: s, Href: s, Action: s, ActionHref: s, Count: s, CountHref: s, Counts: s}},
			}),
			"Empty":  views.Codebook(views.CodebookPage{Page: p, Table: views.CodeTable{Query: s, Word: "tag", Words: "tags"}}),
			"Code":   views.Code(views.CodePage{Page: p, Row: row, Kind: s, KindUp: s, ListHref: s, CanEdit: true, Facts: []ui.Fact{{Term: s, Value: s}}}),
			"Merged": views.Code(views.CodePage{Page: p, Row: row, Archived: true, Merged: s, MergedHref: s}),
			"Edit": views.EditCode(views.CodeForm{
				Page: p, Heading: s, Action: s, CancelHref: s, Kind: s, Kinds: options, Name: s, Definition: s, UseWhen: s, NotWhen: s, Example: s,
				Aliases: s, Colour: s, Shortcut: s, Colours: options, Revision: s, Errors: errs, Theirs: []ui.Fact{{Term: s, Value: s}},
			}),
			"Merge": views.MergeCodes(views.MergePage{Page: p, Heading: s, IDs: []string{s}, Keep: s, Options: options, Button: s, Preview: s, CancelHref: s, Errors: errs}),
			"Split": views.SplitCode(views.SplitPage{
				Page: p, Name: s, Href: s, Code: 1, Kind: s, Form: views.SplitForm{Name: s, Words: s, Pillar: s, Kind: s, Both: true}, Pillars: options, Kinds: options,
				Previewed: true, Preview: s, Button: s, Examples: []views.SplitExample{{Text: s, Href: s, Where: s}}, Errors: errs,
			}),
			"Versions": views.Versions(views.VersionsPage{Page: p, Rows: []views.VersionRow{{Number: s, When: s, ISO: s, Who: s, What: s, Href: s}}}),
			"Frozen":   views.FrozenVersion(views.VersionPage{Page: p, Heading: s, Sub: s, Groups: []views.VersionGroup{{Heading: s, Rows: []views.CodeRow{row}}}}),
			"Help":     views.Help(views.HelpPage{Page: p, Query: s, Topics: views.FindHelp(s)}),
		} {
			t.Run(name, func(t *testing.T) { viewtest.Render(t, c) })
		}
	}
}

func TestHelp_everyTopicIsSoundAndFoundByItsTitle(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range views.HelpTopics() {
		if seen[topic.Slug] {
			t.Errorf("two topics at %q", topic.Slug)
		}
		seen[topic.Slug] = true
		viewtest.Render(t, views.HelpAbout(views.HelpTopicPage{Page: page("Amara"), Topic: topic}))
		if found := views.FindHelp(topic.Title); len(found) == 0 || found[0].Slug != topic.Slug {
			t.Errorf("%q finds %v", topic.Title, found)
		}
	}
	if found := views.FindHelp("zzneverwas"); len(found) != 0 {
		t.Errorf("a word that stands nowhere finds %d", len(found))
	}
}

func TestHelp_tellsEverySignAndEveryRule(t *testing.T) {
	all := ""
	for _, topic := range views.HelpTopics() {
		all += viewtest.Render(t, views.HelpAbout(views.HelpTopicPage{Page: page("Amara"), Topic: topic}))
	}
	var words []string
	for _, k := range models.Kinds {
		words = append(words, "!"+k.Key())
	}
	for _, r := range models.Regimes {
		words = append(words, r.Name(), r.GuestSentence())
	}
	for _, w := range append(words, "=bg", "=off", "#s", models.ChathamHouseRule) {
		if !strings.Contains(all, w) {
			t.Errorf("the help does not tell %q", w)
		}
	}
}

package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// TestFindings_areMarkedAtTheWord on the page of a brief, in its preview while
// it is typed, and on its themes: for the team, and for nobody else.
func TestFindings_areMarkedAtTheWord(t *testing.T) {
	site := handlertest.New(t)
	ctx := t.Context()
	storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	guest := storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Zebediah Quorum", models.Industry, "Qorvath Foundry"))
	storetest.Invite(t, site.Store, lead, room, guest)
	said, err := site.Store.CaptureInsight(ctx, lead, models.CaptureInput{Roundtable: room, Line: "Permits come before ships #s"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Store.SetInsightStates(ctx, lead, []models.ID{said.ID()}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	outside := storetest.Viewer(t, site.Store, "ana.lyst@example.org")
	theme := storetest.Theme(t, site.Store, outside, "Quorum is not needed.", said.ID())
	brief := storetest.Brief(t, site.Store, lead, room, models.BriefText{Title: "A brief", Report: "As *Quorum* said."})
	preview := func(v models.Viewer) int {
		r := site.As(v).Post(urls.BriefPreview(brief), url.Values{"title": {"A brief"}, "revision": {"2"}, "report": {"What Qorvath Foundry and *Quorum* want."}})
		return site.Parse(r, http.StatusOK).Find("#brief-preview mark.leak").Length()
	}
	for who, want := range map[string]struct {
		viewer models.Viewer
		marks  [3]int
	}{"the team": {lead, [3]int{1, 2, 1}}, "others": {outside, [3]int{}}} {
		got := [3]int{
			site.As(want.viewer).Page(urls.Brief(brief), http.StatusOK).Find(".brief-ladder mark.leak[tabindex][title]").Length(), preview(want.viewer),
			site.As(want.viewer).Page(urls.Theme(theme), http.StatusOK).Find("h1 mark.leak").Length(),
		}
		if got != want.marks {
			t.Errorf("%s see %v marks, want %v", who, got, want.marks)
		}
	}
}

// TestFindings_aReasonNotTakenIsHandedBack because the finding is gone: what was
// typed is on the next page.
func TestFindings_aReasonNotTakenIsHandedBack(t *testing.T) {
	site := handlertest.New(t)
	ctx := t.Context()
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	said, err := site.Store.CaptureInsight(ctx, lead, models.CaptureInput{Roundtable: room, Line: "Permits come before ships #s"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Store.SetInsightStates(ctx, lead, []models.ID{said.ID()}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	analyst := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	theme := storetest.Theme(t, site.Store, analyst, "Permits come first.", said.ID())
	rec, err := site.Store.CreateRecommendation(ctx, analyst, models.RecommendationInput{RecommendationText: models.RecommendationText{Title: "Found a permit office", Addressee: "Congress"}})
	if err != nil {
		t.Fatal(err)
	}
	brief := storetest.Brief(t, site.Store, lead, room, models.BriefText{Title: "A brief", Report: "As we said."})
	for name, page := range map[string][2]string{
		"an insight": {urls.InsightLint(said.ID()), urls.Insight(said.ID())},
		"a brief":    {urls.BriefLint(brief), urls.Brief(brief)},
		"a theme":    {urls.ThemeLint(theme), urls.Theme(theme)},

		"a recommendation": {urls.RecommendationLint(rec), urls.Recommendation(rec)},
	} {
		b := site.As(lead)
		r := b.Post(page[0], url.Values{"mark": {"nowhere"}, "reason": {"A street of\nthat name"}})
		if r.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d, want 303", name, r.StatusCode)
		}
		if got := b.Page(page[1], http.StatusOK).Find("#toasts").Text(); !strings.Contains(got, "You had written: “A street of that name”") {
			t.Errorf("%s: the message is %q, without what was typed", name, got)
		}
	}
}

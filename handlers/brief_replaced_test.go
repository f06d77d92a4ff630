package handlers_test

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// TestBriefs_aCorrectionTakesBackWhatItCorrects: words that were struck stand
// in no version that anybody can still read once there is a correction, in none
// of its files, and not among the differences. A version that tells nothing too
// much stays.
func TestBriefs_aCorrectionTakesBackWhatItCorrects(t *testing.T) {
	site := handlertest.New(t)
	ctx := t.Context()
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	said, err := site.Store.CaptureInsight(ctx, lead, models.CaptureInput{Roundtable: room, Line: "Permits come before ships #s"})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []models.InsightState{models.Reviewed, models.Released} {
		if _, err := site.Store.SetInsightStates(ctx, lead, []models.ID{said.ID()}, state); err != nil {
			t.Fatal(err)
		}
	}
	if err := site.Store.FinishSession(ctx, lead, room); err != nil {
		t.Fatal(err)
	}
	author := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	text := models.BriefText{Title: "Permits first", BottomLine: "Clear early.", Disclaimer: models.DefaultDisclaimer, Report: "One."}
	id := storetest.Brief(t, site.Store, author, room, text)
	publish := func(report, note string) {
		b, err := site.Store.Brief(ctx, author, id)
		if err != nil {
			t.Fatal(err)
		}
		b.Report = report
		if _, err := site.Store.EditBrief(ctx, author, id, b.Revision, b.BriefText); err != nil {
			t.Fatal(err)
		}
		if _, err := site.Store.SubmitBrief(ctx, author, id); err != nil {
			t.Fatal(err)
		}
		if _, err := site.Store.ApproveBrief(ctx, lead, id, b.Revision+1); err != nil {
			t.Fatal(err)
		}
		if _, err := site.Store.PublishBrief(ctx, lead, id, note); err != nil {
			t.Fatal(err)
		}
	}
	publish("One, as it stands.", "")
	publish("One. "+models.Cite(said.ID()), "What was said is added.")
	if err := site.Store.StrikeInsight(ctx, lead, said.ID()); err != nil {
		t.Fatal(err)
	}
	publish("One, and no more.", "What was said is left out.")

	anybody := site.Anonymous()
	read := func(path string) (int, string) {
		res := anybody.Get(path)
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	b, err := site.Store.Brief(ctx, lead, id)
	if err != nil {
		t.Fatal(err)
	}
	public := urls.PublicBrief(b.Slug)
	for path, want := range map[string]int{
		public: 200, urls.PublicBriefVersion(b.Slug, 1): 200, urls.PublicBriefVersion(b.Slug, 2): 410, urls.PublicBriefVersion(b.Slug, 3): 200,
		urls.PublicBriefData(b.Slug, 2): 410, urls.PublicBriefWord(b.Slug, 2): 410, urls.PublicBriefPrint(b.Slug, 2): 410, urls.PublicBriefData(b.Slug, 1): 200,
	} {
		if code, body := read(path); code != want || strings.Contains(body, "Permits come before ships") {
			t.Errorf("%s answers %d, with the words: %v", path, code, strings.Contains(body, "Permits come before ships"))
		}
	}
	gone := site.Parse(anybody.Get(urls.PublicBriefVersion(b.Slug, 2)), 410)
	if gone.Find(`main a[href="`+public+`"]`).Length() != 1 {
		t.Error("the version that was replaced does not lead to the one that stands")
	}
	page := anybody.Page(public, 200)
	if page.Find(`a[href="`+urls.PublicBriefVersion(b.Slug, 2)+`"]`).Length() != 0 || page.Find(`a[href="`+urls.PublicBriefVersion(b.Slug, 1)+`"]`).Length() != 1 {
		t.Error("the page leads to a version that nobody can read, or not to one that stands")
	}
	if site.As(author).Post(urls.Brief(id)+"/withdraw", url.Values{"why": {models.PlainWithdrawal}}).StatusCode != 303 {
		t.Fatal("it is not withdrawn")
	}
	if again := site.Parse(anybody.Get(urls.PublicBriefVersion(b.Slug, 2)), 410); !strings.Contains(again.Find("main").Text(), models.PlainWithdrawal) {
		t.Error("of a withdrawn brief, a replaced version does not say that it is")
	}
}

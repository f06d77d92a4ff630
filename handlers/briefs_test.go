package handlers_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// TestBriefs_fromADraftToACorrectionAndItsWithdrawal goes the way of a writer
// and an approver without scripts, and reads what becomes of it as anybody.
func TestBriefs_fromADraftToACorrectionAndItsWithdrawal(t *testing.T) {
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
	analyst := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	writer, approver, anybody := site.As(analyst), site.As(lead), site.Anonymous()

	res := writer.Post(urls.BriefNewPath, url.Values{"title": {"Permits first"}, "scope": {"roundtable"}, "roundtable": {room.String()}})
	edit := res.Header.Get("Location")
	path := strings.TrimSuffix(edit, "/edit")
	if res.StatusCode != 303 || path == edit {
		t.Fatalf("%d %s", res.StatusCode, edit)
	}
	text := url.Values{"revision": {"1"}, "title": {"Permits first"}, "bottom_line": {"Clear ships early. " + models.Cite(said.ID())}, "summary": {"One.\n\nTwo."},
		"report": {"## What was heard\n\n" + models.Cite(said.ID())}, "disclaimer": {models.DefaultDisclaimer}}
	if page := site.Parse(writer.Post(edit, text), 422); page.Find("#f-bottom_line[aria-invalid]").Length() != 1 {
		t.Error("the bottom line may cite, and would show the mark")
	}
	text.Set("bottom_line", "Clear ships early.")
	if res := writer.Post(edit, text); res.StatusCode != 303 {
		t.Fatalf("%d", res.StatusCode)
	}
	stale := site.Parse(writer.Post(edit, url.Values{"revision": {"1"}, "title": {"Mine"}, "summary": {"My words."}}), 409)
	if !strings.Contains(stale.Find("#f-summary").Text(), "My words.") || !strings.Contains(stale.Find(".brief-other").Text(), "One.") {
		t.Error("a stale form does not show both wordings")
	}
	page := writer.Page(path, 200)
	if page.Find(".brief-ladder h3").Text() != "What was heard" || page.Find(`.cite a`).AttrOr("href", "") != urls.Insight(said.ID()) {
		t.Error("the text's headings do not stand under its parts, or its sentence leads nowhere")
	}
	if res := writer.Post(path+"/submit", nil); res.StatusCode != 303 {
		t.Fatalf("%d", res.StatusCode)
	}
	if cited := page.Find(".cite").First().Text(); !strings.HasPrefix(cited, "“") || !strings.Contains(cited, "” (") {
		t.Errorf("words that may be quoted stand without quotation marks: %s", cited)
	}
	if writer.Page(path, 200).Find(`form[action="`+path+`/approve"]`).Length() != 0 {
		t.Error("the author is offered to approve")
	}
	approver.Post(path+"/approve", url.Values{"revision": {"2"}})
	approver.Post(path+"/publish", nil)

	public := writer.Page(path, 200).Find(`a[href^="/public/briefs/"]`).AttrOr("href", "")
	read := anybody.Get(public)
	if read.Header.Get("Set-Cookie") != "" {
		t.Error("a public page sets a cookie")
	}
	shown := site.Parse(read, 200)
	if shown.Find(`script[type="application/ld+json"]`).Length() != 1 || shown.Find(`meta[property="og:title"]`).AttrOr("content", "") != "Permits first" {
		t.Error("machines cannot read what it is")
	}
	if shown.Find("#i-"+said.ID().String()).Length() != 1 || !strings.Contains(approver.Page(urls.Insight(said.ID()), 200).Find("main").Text(), "Published briefs") {
		t.Error("the trail is broken")
	}
	for _, ending := range []string{"brief.pdf", "brief.docx", "data.csv"} {
		for name, res := range map[string]int{public + "/" + ending: anybody.Get(public + "/" + ending).StatusCode, path + "/" + ending: writer.Get(path + "/" + ending).StatusCode} {
			if res != 200 {
				t.Errorf("%s: %d", name, res)
			}
		}
	}
	text.Set("revision", "2")
	text.Set("summary", "One.\n\nThree.")
	writer.Post(edit, text)
	if writer.Page(path, 200).Find(".brief-diff ins").Text() != "Three." {
		t.Error("the staff's page does not show what differs from what is published")
	}
	writer.Post(path+"/submit", nil)
	approver.Post(path+"/approve", url.Values{"revision": {"3"}})
	approver.Post(path+"/publish", url.Values{"note": {"Two was three."}})
	second := anybody.Page(public, 200)
	if second.Find(".brief-diff del").Text() != "Two." || second.Find(".brief-diff ins").Text() != "Three." {
		t.Errorf("the correction does not show its differences: %s", second.Find(".brief-diff").Text())
	}
	if approver.Page(path, 200).Find("#brief-manifest-t, #brief-manifest").Length() == 0 {
		t.Error("the manifest is not shown")
	}
	approver.Post(path+"/withdraw", url.Values{"why": {"A figure was wrong."}})
	if gone := site.Parse(anybody.Get(public), 410); !strings.Contains(gone.Find("main").Text(), "A figure was wrong.") {
		t.Error("the reason is not told")
	}
	if res := anybody.Get(public + "/brief.pdf"); res.StatusCode != 410 {
		t.Errorf("a file of a withdrawn brief: %d", res.StatusCode)
	}
}

// TestBriefs_aFormKeepsWhatItDidNotOffer: a theme that stands beyond what the
// form offers stays in the brief, an emptied one leaves it, and what is no
// number comes last.
func TestBriefs_aFormKeepsWhatItDidNotOffer(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, _ := storetest.Roundtable(t, site.Store, lead)
	analyst := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	var themes []models.ID
	for _, statement := range []string{"First.", "Emptied.", "Typed.", "Not offered."} {
		themes = append(themes, storetest.Theme(t, site.Store, analyst, statement))
	}
	id := storetest.Brief(t, site.Store, analyst, room, models.BriefText{Title: "Permits first", Themes: []models.ID{themes[3], themes[1], themes[0]}})
	form := url.Values{"revision": {"2"}, "title": {"Permits first"}}
	form.Set("theme_"+themes[0].String(), "1")
	form.Set("theme_"+themes[1].String(), " ")
	form.Set("theme_"+themes[2].String(), "last")
	if res := site.As(analyst).Post(urls.BriefEdit(id), form); res.StatusCode != 303 {
		t.Fatalf("%d", res.StatusCode)
	}
	b, err := site.Store.Brief(t.Context(), analyst, id)
	if want := []models.ID{themes[0], themes[2], themes[3]}; err != nil || !slices.Equal(b.Themes, want) {
		t.Errorf("%v, want %v: %v", b.Themes, want, err)
	}
}

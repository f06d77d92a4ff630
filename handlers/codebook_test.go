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

// tagged makes tags by name and returns their ids.
func tagged(t *testing.T, site *handlertest.Site, v models.Viewer, names ...string) []models.ID {
	t.Helper()
	var out []models.ID
	for _, name := range names {
		id, _, err := site.Store.CreateCode(t.Context(), v, models.CodeInput{Kind: models.CodeTag, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, id)
	}
	return out
}

func TestCodebook_isReadByStaffAndEditedByAnalysts(t *testing.T) {
	site := handlertest.New(t)
	analyst := storetest.Account(t, site.Store, "Anna Lyst", models.RoleAnalyst)
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	tagged(t, site, analyst, "cable repair", "cable-repairs")
	doc := site.As(analyst).Page(urls.CodebookPath, http.StatusOK)
	if n := doc.Find("ol.pillars > li").Length(); n != 5 {
		t.Errorf("%d pillars", n)
	}
	if text := doc.Find("#codes .note").Text(); !strings.Contains(text, "look alike") {
		t.Errorf("no word of the look-alikes: %q", text)
	}
	if doc.Find("main a[data-new]").Length() != 1 || doc.Find("[data-pick]").Length() != 2 {
		t.Error("an analyst cannot add or select")
	}
	doc = site.As(reader).Page(urls.CodebookPath, http.StatusOK)
	if doc.Find("[data-pick], main a[data-new], [data-move] button").Length() != 0 || doc.Find("[data-code]").Length() != 2 {
		t.Error("a reader sees no tags, or what changes them")
	}
	if res := site.As(reader).Get(urls.CodeNewPath); res.StatusCode != http.StatusForbidden {
		t.Errorf("the form for a reader: %d", res.StatusCode)
	}
}

func TestCodebook_mergeAsksShowsAndCanBeTakenBack(t *testing.T) {
	site := handlertest.New(t)
	analyst := storetest.Account(t, site.Store, "Anna Lyst", models.RoleAnalyst)
	ids := tagged(t, site, analyst, "cable repair", "splicing")
	b := site.As(analyst)
	doc := b.Page(urls.CodeMerge(ids...), http.StatusOK)
	if doc.Find(`input[name="keep"]`).Length() != 2 || !strings.Contains(doc.Find("main").Text(), "0 insights that you can read") {
		t.Error("the form does not ask which to keep, or what changes")
	}
	form := url.Values{"id": {ids[0].String(), ids[1].String()}, "keep": {ids[0].String()}, "spellings": {"1"}}
	if res := b.Post(urls.CodeMergePath, form); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("merge: %d", res.StatusCode)
	}
	doc = b.Page(urls.CodebookPath, http.StatusOK)
	if doc.Find("[data-code]").Length() != 1 || !strings.Contains(doc.Find("[data-code]").Text(), "splicing") {
		t.Error("merged, both stand there, or the other spelling does not")
	}
	undo, ok := doc.Find(".toast form").Attr("action")
	if !ok {
		t.Fatal("no way back")
	}
	b.Post(undo, url.Values{})
	if n := b.Page(urls.CodebookPath, http.StatusOK).Find("[data-code]").Length(); n != 2 {
		t.Errorf("taken back, %d stand there", n)
	}
	if res := b.Post(urls.CodeMergePath, url.Values{"id": {ids[0].String()}, "keep": {ids[0].String()}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("merging one alone: %d", res.StatusCode)
	}
}

func TestCodeUpdate_aStaleFormShowsBothWordings(t *testing.T) {
	site := handlertest.New(t)
	analyst := storetest.Account(t, site.Store, "Anna Lyst", models.RoleAnalyst)
	id := tagged(t, site, analyst, "ships")[0]
	b := site.As(analyst)
	b.Post(urls.CodeEdit(id), url.Values{"name": {"Ships"}, "definition": {"Theirs."}, "revision": {"1"}})
	res := b.Post(urls.CodeEdit(id), url.Values{"name": {"Vessels"}, "definition": {"Mine."}, "revision": {"1"}})
	doc := site.Parse(res, http.StatusConflict)
	if text := doc.Find("main").Text(); !strings.Contains(text, "Theirs.") || !strings.Contains(text, "Mine.") {
		t.Errorf("one of the wordings is missing: %q", text)
	}
	if doc.Find(`input[name="revision"]`).AttrOr("value", "") != "2" {
		t.Error("the form cannot be saved now")
	}
}

func TestHints_goAwayForGood(t *testing.T) {
	site := handlertest.New(t)
	analyst := storetest.Account(t, site.Store, "Anna Lyst", models.RoleAnalyst)
	b := site.As(analyst)
	form := b.Page(urls.CodebookPath, http.StatusOK).Find(`form[action="` + urls.HintsPath + `"]`)
	if form.Length() != 1 {
		t.Fatalf("%d hints", form.Length())
	}
	key := form.Find(`input[name="hint"]`).AttrOr("value", "")
	if res := b.Post(urls.HintsPath, url.Values{"hint": {key}, "next": {urls.CodebookPath}}); res.Header.Get("Location") != urls.CodebookPath {
		t.Errorf("goes on to %q", res.Header.Get("Location"))
	}
	if n := site.As(analyst).Page(urls.CodebookPath, http.StatusOK).Find(`form[action="` + urls.HintsPath + `"]`).Length(); n != 0 {
		t.Error("the hint came back")
	}
}

func TestHelp_isFoundFromEveryPageAndBySearch(t *testing.T) {
	site := handlertest.New(t)
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	b := site.As(reader)
	doc := b.Page(urls.RoundtablesPath, http.StatusOK)
	if doc.Find(`.rail a[href="`+urls.HelpPath+`"]`).Length() != 1 || doc.Find(`#keyhelp a[href="`+urls.HelpPath+`"]`).Length() != 1 {
		t.Error("no way to the help")
	}
	if n := b.Page(urls.HelpPath+"?q=chatham", http.StatusOK).Find(".helptopics li").Length(); n == 0 || n == 13 {
		t.Errorf("the search finds %d topics", n)
	}
	b.Page(urls.HelpTopic("nothing"), http.StatusNotFound)
}

// TestHints_everyOneLeadsToAPageOfHelp: each part of the site has its hint until
// it is put away, and what it names exists.
func TestHints_everyOneLeadsToAPageOfHelp(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ad Min", models.RoleAdmin))
	for _, path := range []string{
		urls.HomePath, urls.RoundtablesPath, urls.PeoplePath, urls.CodebookPath, urls.AnalysisPath, urls.ThemesPath, urls.RecommendationsPath, urls.BriefsPath,
	} {
		form := b.Page(path, http.StatusOK).Find(`form[action="` + urls.HintsPath + `"]`)
		if form.Length() != 1 {
			t.Errorf("%s has %d hints", path, form.Length())
			continue
		}
		href := form.Parent().Find(`a[href^="`+urls.HelpPath+`"]`).AttrOr("href", "")
		if href == "" {
			t.Errorf("the hint of %s leads nowhere", path)
			continue
		}
		b.Page(href, http.StatusOK)
		b.Post(urls.HintsPath, url.Values{"hint": {form.Find(`input[name="hint"]`).AttrOr("value", "")}, "next": {path}})
		if b.Page(path, http.StatusOK).Find(`form[action="`+urls.HintsPath+`"]`).Length() != 0 {
			t.Errorf("the hint of %s comes back", path)
		}
	}
}

package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// TestThemes_fromTheExplorerToTheBoardAndBack goes the way of an analyst without
// scripts: insights into a new theme, its words, a stale form, the board, the
// trail of the insight, and the undo.
func TestThemes_fromTheExplorerToTheBoardAndBack(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Permits come before ships #s"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Store.SetInsightStates(t.Context(), lead, []models.ID{i.ID()}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	analyst := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	b := site.As(analyst)
	explorer := b.Page(urls.InsightsPath, 200)
	if explorer.Find(`form[data-bulk] button[formaction="/themes/add"][formmethod="get"]`).Length() != 1 {
		t.Error("the bulk bar offers no theme")
	}
	add := b.Page(urls.With(urls.ThemeAddPath, "id", i.ID().String()), 200)
	if add.Find(`form[action="/themes/add"] input[name="id"]`).AttrOr("value", "") != i.ID().String() {
		t.Error("the form does not carry the insight")
	}
	form := url.Values{"id": {i.ID().String()}, "relation": {"supports"}}
	site.Parse(b.Post(urls.ThemeAddPath, form), 422)
	form.Set("statement", "Permits decide the pace.")
	res := b.Post(urls.ThemeAddPath, form)
	path := res.Header.Get("Location")
	if res.StatusCode != 303 || !strings.HasPrefix(path, "/themes/") {
		t.Fatalf("%d %s", res.StatusCode, path)
	}
	page := b.Page(path, 200)
	if page.Find("h1").Text() != "Permits decide the pace." || page.Find("#supports article").Length() != 1 || !strings.Contains(page.Find("#supports .sec__note").Text(), "some participants") {
		t.Errorf("the theme's page: %s", page.Find("main").Text())
	}
	edit := url.Values{"revision": {"1"}, "statement": {"Permits decide."}, "nodissent": {"on"}, "confidence": {"2"}}
	if res := b.Post(path+"/edit", edit); res.StatusCode != 303 {
		t.Fatalf("edit: %d", res.StatusCode)
	}
	stale := site.Parse(b.Post(path+"/edit", edit), 409)
	if !strings.Contains(stale.Find("main").Text(), "changed this theme while you were writing") || stale.Find(`input[name="revision"]`).AttrOr("value", "") != "2" {
		t.Error("a stale form does not show both wordings")
	}
	board := b.Page(urls.ThemeBoardPath, 200)
	card := board.Find(`[data-card]`).First().AttrOr("data-card", "")
	if !strings.HasPrefix(card, i.ID().String()+".") || strings.HasSuffix(card, ".none") {
		t.Fatalf("the card on the board: %q", card)
	}
	trail := b.Page(urls.Insight(i.ID()), 200)
	if trail.Find(`a[href="`+path+`"]`).Length() != 1 {
		t.Error("the insight does not lead to its theme")
	}
	if res := b.Post(urls.ThemeMovePath, url.Values{"pick": {card}, "to": {"none"}}); res.StatusCode != 303 {
		t.Fatalf("move: %d", res.StatusCode)
	}
	board = b.Page(urls.ThemeBoardPath, 200)
	if got := board.Find(`[data-column="none"] [data-card]`).Length(); got != 1 {
		t.Errorf("%d cards wait after the move", got)
	}
	if undo := board.Find(`#toasts form[action^="/undo/"]`); undo.Length() == 1 {
		b.Post(undo.AttrOr("action", ""), url.Values{"next": {urls.ThemeBoardPath}})
	}
	if got := b.Page(urls.ThemeBoardPath, 200).Find(`[data-column="none"] [data-card]`).Length(); got != 0 {
		t.Errorf("%d cards wait after the undo", got)
	}
	reader := site.As(storetest.Account(t, site.Store, "Rea Der", models.RoleReader))
	if read := reader.Page(path, 200); read.Find("form[data-bulk], a[href$='/edit']").Length() != 0 {
		t.Error("a reader is offered what only analysts may")
	}
}

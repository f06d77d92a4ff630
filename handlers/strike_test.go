package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// TestStrike_asksFirstAndLeavesNoWord: the lead is asked, told what goes and
// which copies left, and afterwards no page, file or search holds the words.
func TestStrike_asksFirstAndLeavesNoWord(t *testing.T) {
	site, room, lead, other, ids := insightRoom(t)
	const words = "Türkiye watches the cables"
	released := ids[2]
	at := urls.InsightStrike(released)
	if href, _ := site.As(lead).Page(urls.Insight(released), http.StatusOK).Find(`a[href="` + at + `"]`).Attr("href"); href != at {
		t.Error("the insight does not lead to where it is struck")
	}
	if n := site.As(other).Page(urls.Insight(released), http.StatusOK).Find(`a[href="` + at + `"]`).Length(); n != 0 {
		t.Error("staff outside the team is offered to strike it")
	}
	site.As(other).Page(at, http.StatusForbidden)
	site.As(lead).Post(urls.InsightsExportPath, url.Values{"audience": {"team"}, "format": {"csv"}, "roundtable": {room.String()}})
	doc := site.As(lead).Page(at, http.StatusOK)
	if text := doc.Find("main").Text(); !strings.Contains(text, words) || !strings.Contains(text, "Striking cannot be undone") || !strings.Contains(text, "A file of insights") {
		t.Errorf("the page that asks says %q", text)
	}
	if rec := site.As(lead).Post(at, url.Values{}); rec.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("struck without having been asked: %d", rec.StatusCode)
	}
	if _, err := site.Store.Insight(t.Context(), lead, released); err != nil {
		t.Fatalf("gone before it was confirmed: %v", err)
	}
	if rec := site.As(lead).Post(at, url.Values{"sure": {"true"}}); rec.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", rec.StatusCode)
	}
	doc = site.As(lead).Page(at, http.StatusOK)
	if text := doc.Find("main").Text(); strings.Contains(text, words) || !strings.Contains(text, "was struck on") || !strings.Contains(text, "A file of insights") {
		t.Errorf("afterwards the page says %q", text)
	}
	site.As(other).Page(at, http.StatusNotFound)
	for _, v := range []models.Viewer{lead, other} {
		site.As(v).Page(urls.Insight(released), http.StatusNotFound)
		for _, path := range []string{urls.InsightsPath, urls.InsightsPath + "?q=cables", urls.RoundtableInsights(room), urls.Roundtable(room), "/"} {
			if text := site.As(v).Page(path, http.StatusOK).Find("main").Text(); strings.Contains(text, words) {
				t.Errorf("%s still says it to %s", path, v.Name())
			}
		}
	}
}

// TestStrike_aDeviceThatSendsTheLineAgainLetsGoOfIt.
func TestStrike_aDeviceThatSendsTheLineAgainLetsGoOfIt(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	b := site.As(lead)
	send := func() string {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, urls.RoundtableInsights(room), strings.NewReader(url.Values{"line": {"Quaxolotl"}, "client_id": {"abc"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Accept", "application/json")
		res := b.Do(r)
		if res.StatusCode != http.StatusCreated {
			t.Fatalf("status %d", res.StatusCode)
		}
		return handlertest.Body(res)
	}
	if body := send(); !strings.Contains(body, "Quaxolotl") {
		t.Fatal(body)
	}
	page, err := site.Store.Insights(t.Context(), lead, models.InsightFilter{}, store.Cursor{})
	if err != nil || len(page.Insights) != 1 {
		t.Fatal(len(page.Insights), err)
	}
	if err := site.Store.StrikeInsight(t.Context(), lead, page.Insights[0].ID()); err != nil {
		t.Fatal(err)
	}
	if body := send(); strings.Contains(body, "Quaxolotl") || !strings.Contains(body, "abc") {
		t.Error(body)
	}
}

// TestStrike_aDeletedInsightIsReachedFromTheActivity: its words are kept for
// the undo, so the lead finds where to strike them; nobody else is led there,
// nor is anybody once they are struck or back.
func TestStrike_aDeletedInsightIsReachedFromTheActivity(t *testing.T) {
	site, room, lead, _, ids := insightRoom(t)
	link := func() int {
		return site.As(lead).Page(urls.Activity(room), http.StatusOK).Find(`.log a[href="` + urls.InsightStrike(ids[0]) + `"]`).Length()
	}
	undo, err := site.Store.DeleteInsight(t.Context(), lead, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	if link() != 1 {
		t.Error("the activity does not lead to the deleted words")
	}
	if _, err := site.Store.TakeBack(t.Context(), lead, undo); err != nil {
		t.Fatal(err)
	}
	if link() != 0 {
		t.Error("what is back is offered as deleted")
	}
	if _, err := site.Store.DeleteInsight(t.Context(), lead, ids[0]); err != nil {
		t.Fatal(err)
	}
	rapporteur := storetest.Team(t, site.Store, lead, room, storetest.Account(t, site.Store, "Rap Porteur", models.RoleRapporteur), models.TeamRapporteur)
	if n := site.As(rapporteur).Page(urls.Activity(room), http.StatusOK).Find(`.log a`).Length(); n != 0 {
		t.Error("a rapporteur is led to what only the lead may do")
	}
	if rec := site.As(lead).Post(urls.InsightStrike(ids[0]), url.Values{"sure": {"true"}}); rec.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", rec.StatusCode)
	}
	if link() != 0 {
		t.Error("what was struck is offered again")
	}
}

package handlers_test

import (
	"encoding/csv"
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

// insightRoom is a roundtable with three insights, one of each state.
func insightRoom(t *testing.T) (site *handlertest.Site, room models.ID, lead, other models.Viewer, ids []models.ID) {
	t.Helper()
	site, room, lead, other = captureRoom(t)
	guests := storetest.Guests(t, site.Store, lead, room, 6, models.Industry)
	var rows []store.LoadedInsight
	for n, line := range []string{"Permits come before ships #s ^networks", "Export controls follow the supply chain #t %nato", "Türkiye watches the cables"} {
		rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{Roundtable: room, Line: line, Speaker: guests[n]},
			CapturedBy: lead.Account(), CapturedAt: site.Store.Now(), State: models.InsightStates[n]})
	}
	if err := site.Store.LoadInsights(t.Context(), models.System("test"), rows); err != nil {
		t.Fatal(err)
	}
	page, err := site.Store.Insights(t.Context(), lead, models.InsightFilter{}.With(models.FacetRoundtable, room.String()), store.Cursor{})
	if err != nil || len(page.Insights) != 3 {
		t.Fatal(len(page.Insights), err)
	}
	for _, i := range page.Insights {
		ids = append([]models.ID{i.ID()}, ids...)
	}
	return site, room, lead, other, ids
}

func TestInsights_pageShowsWhatTheReaderMayKnow(t *testing.T) {
	site, _, lead, other, ids := insightRoom(t)
	doc := site.As(lead).Page(urls.InsightsPath, http.StatusOK)
	if n := doc.Find("#ins-list article").Length(); n != 3 {
		t.Errorf("the lead reads %d insights", n)
	}
	if n := doc.Find("#ins-list input[data-pick]").Length(); n != 3 {
		t.Errorf("the lead can choose %d", n)
	}
	doc = site.As(other).Page(urls.InsightsPath, http.StatusOK)
	if n := doc.Find("#ins-list article").Length(); n != 2 {
		t.Errorf("other staff read %d insights", n)
	}
	// Whoever writes themes chooses for them, and for nothing else.
	if n := doc.Find("input[data-pick]").Length(); n != 2 {
		t.Errorf("other staff can choose %d", n)
	}
	if text := strings.Join(strings.Fields(doc.Find("[data-bulkbar] button:not([data-bulk-clear])").Text()), " "); text != "Add to theme…" {
		t.Errorf("other staff can %q", text)
	}
	doc = site.As(storetest.Account(t, site.Store, "Rita Reader", models.RoleReader)).Page(urls.InsightsPath, http.StatusOK)
	if n := doc.Find("[data-bulkbar], input[data-pick]").Length(); n != 0 {
		t.Errorf("readers can choose %d", n)
	}
	site.As(other).Page(urls.Insight(ids[0]), http.StatusNotFound)
	if text := site.As(other).Page(urls.Insight(ids[1]), http.StatusOK).Find("main").Text(); strings.Contains(text, "History") || strings.Contains(text, "Captured") {
		t.Errorf("other staff read the history: %s", text)
	}
}

func TestInsights_searchFiltersAndChips(t *testing.T) {
	site, _, lead, _, _ := insightRoom(t)
	b := site.As(lead)
	doc := b.Page(urls.InsightsPath+"?q=turkiye", http.StatusOK)
	if got := doc.Find("#ins-list mark").Text(); got != "Türkiye" {
		t.Errorf("marked: %q", got)
	}
	doc = b.Page(urls.InsightsPath+"?pillar=S&forum=nato", http.StatusOK)
	if text := doc.Find("#ins-list").Text(); !strings.Contains(text, "Closest: without “") || !strings.Contains(text, "1 insight matches") {
		t.Errorf("nothing found says: %q", text)
	}
	chips := doc.Find("#ins-count a.filterchip")
	if chips.Length() != 2 || chips.First().AttrOr("href", "") != urls.InsightsPath+"?forum=nato" {
		t.Errorf("%d chips, the first leads to %q", chips.Length(), chips.First().AttrOr("href", ""))
	}
	if on := doc.Find(`#facets input[name="pillar"][value="S"][checked]`).Length(); on != 1 {
		t.Error("the chosen pillar is not ticked")
	}
	for _, q := range []string{`"`, "-", "*", "NEAR(", "marks:tv", "\x00"} {
		b.Page(urls.InsightsPath+"?"+url.Values{"q": {q}, "after": {"x"}, "pillar": {q}, "since": {q}}.Encode(), http.StatusOK)
	}
}

func TestInsights_whatIsMadeOfTheListFollowsTheFilter(t *testing.T) {
	site, _, lead, _, _ := insightRoom(t)
	b := site.As(lead)
	r := httptest.NewRequest(http.MethodGet, urls.InsightsPath+"?pillar=S", nil)
	r.Header.Set("HX-Request", "true")
	doc := site.Parse(b.Do(r), http.StatusOK)
	for _, action := range []string{urls.InsightsExportPath, urls.BriefNewPath} {
		link := doc.Find(`#ins-actions[hx-swap-oob="true"] a[href^="` + action + `"]`)
		if !strings.Contains(link.AttrOr("href", ""), "filter=pillar%3DS") {
			t.Errorf("%s keeps the filter of before: %q", action, link.AttrOr("href", ""))
		}
	}
	form := b.Page(doc.Find(`#ins-actions a[href^="`+urls.BriefNewPath+`"]`).AttrOr("href", ""), http.StatusOK)
	if form.Find(`[name=scope][value=filter][checked]`).Length() != 1 || form.Find(`[name=filter]`).AttrOr("value", "") != urls.InsightsPath+"?pillar=S" {
		t.Error("the brief does not begin from the filtered list")
	}
	if all := b.Page(urls.InsightsPath, http.StatusOK); all.Find(`#ins-actions a[href^="`+urls.BriefNewPath+`"]`).Length() != 0 {
		t.Error("a brief of everything is offered")
	}
}

func TestInsights_bulkTagsReviewsAndReleasesWithUndo(t *testing.T) {
	site, room, lead, other, ids := insightRoom(t)
	b := site.As(lead)
	form := func(do string, which ...models.ID) url.Values {
		v := url.Values{"do": {do}, "next": {urls.RoundtableInsights(room)}}
		for _, id := range which {
			v.Add("id", id.String())
		}
		return v
	}
	act := func(v url.Values) string {
		res := b.Post(urls.InsightsBulkPath, v)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != urls.RoundtableInsights(room) {
			t.Fatalf("%v: %d to %q", v, res.StatusCode, res.Header.Get("Location"))
		}
		return b.Page(urls.RoundtableInsights(room), http.StatusOK).Find(".toast").Text()
	}
	read := func(id models.ID) models.Insight {
		i, err := site.Store.Insight(t.Context(), lead, id)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	if toast := act(form("pillar:D", ids...)); !strings.Contains(toast, "Diplomacy added to 3 insights.") || !strings.Contains(toast, "Undo") {
		t.Errorf("toast: %q", toast)
	}
	if toast := act(form("pillar:D", ids...)); !strings.Contains(toast, "Diplomacy taken off 3 insights.") {
		t.Errorf("toast: %q", toast)
	}
	if read(ids[2]).PillarMask() != 0 {
		t.Error("a second time does not take the pillar off")
	}
	v := form("newtag", ids[0])
	v.Set("newtag", "Repair ships")
	act(v)
	if tags := read(ids[0]).Tags(); len(tags) != 1 || tags[0].Name != "Repair ships" {
		t.Errorf("tags: %v", tags)
	}
	act(form("drop:"+read(ids[0]).Tags()[0].ID.String(), ids[0]))
	page := b.Page(urls.Insight(ids[0]), http.StatusOK)
	action := page.Find("#panel-action button[name=do]").First()
	act(form(action.AttrOr("value", ""), ids[0]))
	if got := read(ids[0]).Actions(); len(got) != 1 || got[0].Name != strings.TrimSpace(action.Text()) {
		t.Errorf("actions: %v", got)
	}
	if off := b.Page(urls.Insight(ids[0]), http.StatusOK).Find(`button[value="drop:` + read(ids[0]).Actions()[0].ID.String() + `"]`); off.Length() != 1 {
		t.Error("an action cannot be taken off")
	}
	act(form("state:reviewed", ids[0]))
	act(form("state:released", ids[0], ids[1]))
	if read(ids[0]).State() != models.Released || read(ids[1]).State() != models.Released || len(read(ids[0]).Tags()) != 0 {
		t.Errorf("after reviewing and releasing: %v %v", read(ids[0]).State(), read(ids[0]).Tags())
	}
	if toast := act(form("nonsense", ids[0])); !strings.Contains(toast, "Choose") {
		t.Errorf("nonsense: %q", toast)
	}
	if res := site.As(other).Post(urls.InsightsBulkPath, form("state:released", ids[1])); res.StatusCode != http.StatusForbidden {
		t.Errorf("other staff release: %d", res.StatusCode)
	}
}

func TestInsight_readingASpeakerIsInTheAuditLogOnce(t *testing.T) {
	site, _, lead, other, ids := insightRoom(t)
	doc := site.As(lead).Page(urls.Insight(ids[1]), http.StatusOK)
	if !strings.Contains(doc.Find("dl.facts").Text(), "Speaker") {
		t.Error("no speaker")
	}
	site.As(lead).Page(urls.InsightsPath, http.StatusOK)
	site.As(other).Page(urls.Insight(ids[1]), http.StatusOK)
	admin := storetest.Account(t, site.Store, "Ad Min", models.RoleAdmin)
	log, err := site.Store.Audit(t.Context(), admin, models.AuditFilter{Kind: "speakers"})
	if err != nil || len(log.Entries) != 1 {
		t.Errorf("%d readings in the audit log, %v", len(log.Entries), err)
	}
}

func TestExport_formSaysWhatTheFileHoldsAndTheFileHoldsIt(t *testing.T) {
	site, room, lead, other, _ := insightRoom(t)
	doc := site.As(lead).Page(urls.InsightsExportPath+"?audience=team", http.StatusOK)
	if text := doc.Find("#plan").Text(); !strings.Contains(text, "3 insights from 1 roundtable") || !strings.Contains(text, "with name, title, organization") {
		t.Errorf("the form says %q", text)
	}
	res := site.As(lead).Post(urls.InsightsExportPath, url.Values{"audience": {"team"}, "roundtable": {room.String()}, "bom": {"true"}})
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		t.Fatal(res.StatusCode, res.Header)
	}
	body := handlertest.Body(res)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 4 || !strings.HasPrefix(body, "\uFEFF") {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if res := site.As(other).Post(urls.InsightsExportPath, url.Values{"audience": {"public"}, "roundtable": {room.String()}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("other staff export for the public: %d", res.StatusCode)
	}
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	site.As(reader).Page(urls.InsightsExportPath, http.StatusForbidden)
}

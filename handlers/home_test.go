package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestHome_teachesANewInstitute(t *testing.T) {
	site := handlertest.New(t)
	for role, want := range map[models.AccountRole]string{
		models.RoleAdmin: "Convene the first room", models.RoleReader: "No roundtable yet",
	} {
		doc := site.As(storetest.Account(t, site.Store, role.Name()+" One", role)).Page(urls.HomePath, http.StatusOK)
		if got := doc.Find(".empty h2").Text(); got != want {
			t.Errorf("%s: %q, want %q", role.Name(), got, want)
		}
		if new := doc.Find(`a[href="`+urls.RoundtableNewPath+`"]`).Length() > 0; new != (role == models.RoleAdmin) {
			t.Errorf("%s: offers a new roundtable: %v", role.Name(), new)
		}
	}
}

func TestHome_everyCellOfTheTableLeadsToItsInsights(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Jo Lead", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.Past())
	var rows []store.LoadedInsight
	for _, line := range []string{"One #s", "Two #s #d", "Three"} {
		rows = append(rows, store.LoadedInsight{
			CaptureInput: models.CaptureInput{Roundtable: room, Line: line}, CapturedBy: lead.Account(), CapturedAt: site.Store.Now(),
		})
	}
	if err := site.Store.LoadInsights(t.Context(), models.System("test"), rows); err != nil {
		t.Fatal(err)
	}
	doc := site.As(lead).Page(urls.HomePath, http.StatusOK)
	cell := doc.Find(`.heat a[aria-label="Security, No attribution: 2 insights"]`)
	href, _ := cell.Attr("href")
	if !strings.HasPrefix(href, urls.InsightsPath+"?") || !strings.Contains(href, "pillar=S") || !strings.Contains(href, "since=2025-10") {
		t.Errorf("the cell leads to %q", href)
	}
	if n := doc.Find(".heat tbody tr").Length(); n != 6 {
		t.Errorf("%d rows, want the five pillars and the one without", n)
	}
	if got := doc.Find("#cover-t").Text(); got != "Most sectors are barely heard yet" {
		t.Errorf("the title says %q", got)
	}
	if doc.Find(".gaps li").Length() == 0 || doc.Find(".heat td[data-gap]").Length() != 35 {
		t.Error("the gaps are not named")
	}
}

func TestExample_isRemovedByAnAdminWhoSaysSo(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ad Min", models.RoleAdmin)
	_, admin = storetest.Roundtable(t, site.Store, admin)
	if err := site.Store.MarkExample(t.Context(), models.System("test")); err != nil {
		t.Fatal(err)
	}
	browser := site.As(admin)
	if browser.Page(urls.HomePath, http.StatusOK).Find(`a[href="`+urls.ExampleRemovePath+`"]`).Length() != 1 {
		t.Error("Home does not offer to remove the example")
	}
	if browser.Page(urls.InstitutePath, http.StatusOK).Find(`a[href="`+urls.ExampleRemovePath+`"]`).Length() != 1 {
		t.Error("Settings do not offer to remove the example")
	}
	if browser.Page(urls.ExampleRemovePath, http.StatusOK).Find(`form[action="`+urls.ExampleRemovePath+`"]`).Length() != 1 {
		t.Error("the page does not ask")
	}
	if res := browser.Post(urls.ExampleRemovePath, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", res.StatusCode)
	}
	doc := browser.Page(urls.HomePath, http.StatusOK)
	if doc.Find(`a[href="`+urls.ExampleRemovePath+`"]`).Length() != 0 || doc.Find(".empty").Length() != 1 {
		t.Error("the example is still there")
	}
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	if res := site.As(reader).Post(urls.ExampleRemovePath, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("a reader: status %d", res.StatusCode)
	}
}

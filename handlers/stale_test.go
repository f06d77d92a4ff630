package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// filled is what the page's form to an address would send as it stands.
func filled(page *goquery.Document, action string) url.Values {
	values := url.Values{}
	form := page.Find(`form[action="` + action + `"]`)
	form.Find("input[name]:not([type=submit])").Each(func(_ int, in *goquery.Selection) {
		kind, _ := in.Attr("type")
		if _, checked := in.Attr("checked"); checked || kind != "checkbox" && kind != "radio" {
			values.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
		}
	})
	form.Find("textarea[name]").Each(func(_ int, in *goquery.Selection) { values.Add(in.AttrOr("name", ""), in.Text()) })
	form.Find("select[name]").Each(func(_ int, in *goquery.Selection) {
		values.Add(in.AttrOr("name", ""), in.Find("option[selected]").AttrOr("value", ""))
	})
	return values
}

func TestForms_nobodyOverwritesWhatTheyNeverRead(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	lead := storetest.Account(t, site.Store, "Lena Lead", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead)
	item := storetest.AgendaItem(t, site.Store, lead, room, "Opening", 10, models.RegimeNone)
	org := storetest.Organisation(t, site.Store, lead, "Department of Defense", models.Agencies, "DoD", "Pentagon")
	series, err := site.Store.CreateSeries(t.Context(), lead, models.SeriesInput{Name: "Undersea"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		who                 models.Viewer
		page, action, field string
	}{
		{admin, urls.InstitutePath, urls.InstitutePath, "name"},
		{lead, urls.AgendaItem(room, item), urls.AgendaItem(room, item), "title"},
		{lead, urls.OrganisationEdit(org), urls.Organisation(org), "name"},
		{lead, urls.SeriesEdit(series), urls.SeriesEdit(series), "name"},
	} {
		b := site.As(f.who)
		first := filled(b.Page(f.page, http.StatusOK), f.action)
		second := filled(b.Page(f.page, http.StatusOK), f.action)
		first.Set(f.field, "What one wrote")
		second.Set(f.field, "What the other wrote")
		if res := b.Post(f.action, first); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d: %s", f.action, res.StatusCode, handlertest.Body(res))
		}
		stale := site.Parse(b.Post(f.action, second), http.StatusConflict)
		again := filled(stale, f.action)
		if !strings.Contains(stale.Find("main").Text(), "meanwhile") || again.Get(f.field) != "What the other wrote" {
			t.Errorf("%s: no word of it, or %q lost", f.action, again.Get(f.field))
		}
		if now := filled(b.Page(f.page, http.StatusOK), f.action).Get(f.field); now != "What one wrote" {
			t.Errorf("%s: %q was kept", f.action, now)
		}
		if res := b.Post(f.action, again); res.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: saving once more: %d", f.action, res.StatusCode)
		}
		if now := filled(b.Page(f.page, http.StatusOK), f.action).Get(f.field); now != "What the other wrote" {
			t.Errorf("%s: %q was kept in the end", f.action, now)
		}
	}
}

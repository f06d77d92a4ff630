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

// A form that is sent twice adds one item, and the agenda says what is missing
// for its times.
func TestAgenda_takesAnItemOnceAndSaysWhichHaveNoMinutes(t *testing.T) {
	site := handlertest.New(t)
	room, lead := storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener))
	b := site.As(lead)
	add := func(title, minutes string) *http.Response {
		return b.Post(urls.Agenda(room), url.Values{"title": {title}, "minutes": {minutes}})
	}
	items := func() int { return b.Page(urls.Agenda(room), http.StatusOK).Find(".agendat tbody tr").Length() }
	for range 2 {
		add("Opening", "")
	}
	if n := items(); n != 1 {
		t.Fatalf("sent twice, the item stands %d times", n)
	}
	page := site.Parse(add("Opening", ""), http.StatusUnprocessableEntity)
	if got := page.Find("p.error").Text(); !strings.Contains(got, "already ends with this item") {
		t.Errorf("the field says %q", got)
	}
	for _, want := range []struct{ title, minutes, note string }{
		{"Opening", "10", "10 min and 1 item without minutes"}, // other minutes: meant
		{"Discussion", "45", "55 min and 1 item without minutes"},
		{"Opening", "10", "1 h 5 min and 1 item without minutes"}, // not the last one any more
	} {
		if r := add(want.title, want.minutes); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: status %d", want.title, r.StatusCode)
		}
		if got := b.Page(urls.Agenda(room), http.StatusOK).Find("#agenda").Text(); !strings.Contains(got, want.note) {
			t.Errorf("after %s the agenda says %q, want %q", want.title, got, want.note)
		}
	}
}

//go:build !race

package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// A clock that jumps breaks no page and no capture; at worst people sign in
// again, and they can at once.
func TestClock_jumpsBreakNothing(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	storetest.Password(t, site.Store, lead, goodPassword)
	right := site.Clock.Now()
	b := site.As(lead)
	capture := func(key string) int {
		return b.Post(urls.RoundtableInsights(room), url.Values{"line": {"Said " + key}, "client_id": {key}}).StatusCode
	}
	read := func(when string) {
		t.Helper()
		for _, path := range []string{"/", "/roundtables", "/roundtables?view=calendar", urls.Roundtable(room), urls.Capture(room), "/insights", "/people", "/account"} {
			if res := b.Get(path); res.StatusCode >= 400 {
				t.Errorf("%s: GET %s answers %d", when, path, res.StatusCode)
			}
		}
	}
	for i, back := range []time.Duration{time.Hour, 48 * time.Hour, 2000 * 24 * time.Hour} {
		site.Clock.Set(right.Add(-back))
		if got := capture("back-" + string(rune('a'+i))); got != http.StatusSeeOther {
			t.Errorf("a capture with the clock %v back: %d", back, got)
		}
		read(back.String() + " back")
	}
	site.Clock.Set(right.Add(2000 * 24 * time.Hour))
	res := b.Post(urls.RoundtableInsights(room), url.Values{"line": {"Said late"}, "client_id": {"late"}})
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a capture in a session that ran out: %d", res.StatusCode)
	}
	for _, when := range []time.Time{site.Clock.Now(), right.Add(time.Minute)} {
		site.Clock.Set(when)
		b = site.Anonymous()
		form := url.Values{"email": {lead.Email()}, "password": {goodPassword}}
		if res := b.Post(urls.SignInPath, form); res.StatusCode != http.StatusSeeOther || cookieOf(res) == nil {
			t.Fatalf("signing in: %d", res.StatusCode)
		}
		read("signed in again")
	}
	if got := capture("again"); got != http.StatusSeeOther {
		t.Errorf("a capture once the clock is right: %d", got)
	}
	found, err := site.Store.CaptureBoard(t.Context(), lead, room)
	if err != nil || len(found.Insights) != 4 {
		t.Errorf("%d insights kept, want 4: %v", len(found.Insights), err)
	}
}

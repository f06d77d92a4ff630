//go:build !race

package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers"
)

// TestSafeMethods_changeNothing asks every route that can be fetched with GET,
// HEAD and OPTIONS, as the lead, another account, a partner and nobody, with and
// without htmx, and compares every table but sessions, counted attempts and the
// audit log. Mail scanners and link previews do the same.
func TestSafeMethods_changeNothing(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	house.mark()
	n := 0
	for _, row := range handlers.RouteRows() {
		for i, r := range h.rooms {
			if row.Method != http.MethodGet || i > 0 && !aboutRoom(row) && !strings.HasPrefix(row.Path, "/r/") {
				continue
			}
			path, err := h.address(row, r, false)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, p := range h.principals {
				if p.name != "Lea Lead" && p.name != "Ada Admin" && p.name != "Paul Partner" && p.name != "anonymous" {
					continue
				}
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
					for _, headers := range [][]string{nil, {"HX-Request", "true"}, {"Purpose", "prefetch", "User-Agent", "link preview"}} {
						n++
						got := house.ask(p, method, path, nil, headers...)
						if got.status >= 500 && got.status != http.StatusNotImplemented {
							t.Errorf("%s %s as %s: %d %s", method, row.Path, p.name, got.status, house.failures())
						}
						if tables := house.changed(); len(tables) > 0 {
							t.Errorf("%s %s as %s changed %v", method, row.Path, p.name, tables)
						}
					}
				}
			}
		}
	}
	t.Logf("%d requests that must change nothing", n)
}

// TestInvitation_scannersAndRepeatedAnswersEndInOneState fetches a guest's link
// as mail scanners do, answers several times and at last the other way.
func TestInvitation_scannersAndRepeatedAnswersEndInOneState(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	house.mark()
	r, nobody := h.rooms[0], h.principals[0]
	path := "/r/" + r.tokens[0]
	for range 500 {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if got := house.ask(nobody, method, path, nil); got.status != http.StatusOK {
				t.Fatalf("%s: %d", method, got.status)
			}
		}
	}
	if tables := house.changed(); len(tables) > 0 {
		t.Errorf("1,000 fetches changed %v", tables)
	}
	state := func() (state string, events int) {
		if err := house.db.QueryRow("SELECT state, (SELECT count(*) FROM guest_events e WHERE e.guest_id = g.id) FROM guests g WHERE id = ?", r.guests[0]).Scan(&state, &events); err != nil {
			t.Fatal(err)
		}
		return state, events
	}
	for range 3 {
		if got := house.ask(nobody, http.MethodPost, path, url.Values{"answer": {"declined"}}); got.status >= 400 {
			t.Fatalf("an answer: %d %s", got.status, got.body)
		}
	}
	if s, events := state(); s != "declined" {
		t.Errorf("the guest is %s", s)
	} else if _, after := state(); after != events {
		t.Error("reading counted as an answer")
	} else if events > 4 { // added, invited, accepted, declined
		t.Errorf("three equal answers left %d changes", events)
	}
	if got := house.ask(nobody, http.MethodGet, "/r/"+r.tokens[1], nil); got.status != http.StatusGone {
		t.Errorf("a revoked link: %d", got.status)
	}
	revoked := house.ask(nobody, http.MethodGet, "/r/"+r.tokens[1], nil)
	never := house.ask(nobody, http.MethodGet, "/r/"+strings.Repeat("A", 43), nil)
	if revoked.comparable("/r/"+r.tokens[1]) != never.comparable("/r/"+strings.Repeat("A", 43)) {
		t.Error("a revoked link looks different from one that never was")
	}
}

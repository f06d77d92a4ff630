package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rotunda/handlers"
	"rotunda/models"
	"rotunda/models/store/storetest"
)

// TestACL_readsAndRefusalsOnPostgres asks on PostgreSQL what leaves the house
// as it is: every page, and whatever the table of rights refuses. The whole
// matrix begins every question with a fresh copy of a SQLite file.
func TestACL_readsAndRefusalsOnPostgres(t *testing.T) {
	if !storetest.Postgres() {
		t.Skip("TestACL_everyRouteForEveryPrincipal asks all of it on SQLite")
	}
	h := houseToRead(t)
	private := slices.IndexFunc(h.rooms, func(r houseRoom) bool { return r.private })
	house, asked := h.open(t), 0
	for i, r := range []houseRoom{h.rooms[0], h.rooms[private]} {
		for _, row := range handlers.RouteRows() {
			path, err := h.address(row, r, false)
			if err != nil {
				t.Fatal(err)
			}
			if i > 0 && !aboutRoom(row) || strings.HasSuffix(path, "/") && path != "/" || strings.Contains(path, "//") || strings.Contains(path, models.ID(0).String()) {
				continue // asked already, or the roundtable has none of these
			}
			for _, p := range h.principals {
				want := expected(row, p, r)
				var form url.Values
				if row.Method != http.MethodGet {
					if slices.Contains(want, passes) {
						continue
					}
					form = url.Values{}
				}
				asked++
				got := house.ask(p, row.Method, path, form).outcome()
				if n, ok := narrower[row.Method+" "+row.Path]; ok && got == n.also && slices.Contains(want, passes) {
					continue
				}
				if !slices.Contains(want, got) {
					t.Errorf("%s %s as %s about %s: %s, want %v", row.Method, row.Path, p.name, r.state, got, want)
				}
			}
		}
	}
	t.Logf("%d questions", asked)
	if asked < 1000 {
		t.Error("asked too little")
	}
}

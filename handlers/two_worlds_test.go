//go:build !race

package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"rotunda/handlers"
	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
)

// TestTwoWorlds_noPageDiffers builds pairs of worlds in which two participants
// are exchanged in everything protected that they said, and fetches every page,
// fragment, export and search as those who may not know: all are the same.
func TestTwoWorlds_noPageDiffers(t *testing.T) {
	n := uint64(20)
	if storetest.Postgres() {
		n = 8 // a database for each world takes its time there
	}
	if os.Getenv("ROTUNDA_SCALE") == "bench" {
		n = 1000
	}
	built, compared := 0, 0
	for seed := range n {
		plan := storetest.DrawWorld(1_000_000 + seed)
		audience := models.OuterAudiences[seed%3]
		pairs := plan.Pairs(audience)
		if len(pairs) == 0 {
			continue
		}
		built++
		pair := pairs[int(seed/3)%len(pairs)]
		t.Run(fmt.Sprintf("world %d", plan.Seed), func(t *testing.T) { // of its own, so that its stores are closed before the next
			k, wrong := pagesDiffer(t, plan, pair, audience)
			compared += k
			for _, w := range wrong[:min(len(wrong), 4)] {
				t.Errorf("%s, %s, guests %v exchanged: %s", audience.Name(), plan.Regime.Name(), pair, w)
			}
		})
	}
	if built < int(n)/2 {
		t.Errorf("only %d of %d worlds had two participants to exchange", built, n)
	}
	t.Logf("%d pairs of worlds, %d answers compared", built, compared)
}

// TestTwoWorlds_pagesOfTheTeamDiffer proves the comparison.
func TestTwoWorlds_pagesOfTheTeamDiffer(t *testing.T) {
	for seed := uint64(0); ; seed++ {
		plan := storetest.DrawWorld(seed)
		if pairs := plan.Pairs(models.Staff); len(pairs) > 0 && !plan.Closed {
			if _, wrong := pagesDiffer(t, plan, pairs[0], models.Team); len(wrong) == 0 {
				t.Errorf("world %d: the team reads who speaks, and the comparison saw no difference", seed)
			}
			return
		}
	}
}

// pagesDiffer fetches everything from both worlds as one reader and returns
// how many answers were compared and which differ.
func pagesDiffer(t *testing.T, plan storetest.WorldPlan, pair [2]int, audience models.Audience) (int, []string) {
	t.Helper()
	worlds := [2]*storetest.World{plan.Build(t, [2]int{}), plan.Build(t, pair)}
	var sites [2]*handlertest.Site
	var browsers [2]*handlertest.Browser
	for i, w := range worlds {
		sites[i] = handlertest.Over(t, w.Store, w.Clock)
		w.Readers[models.Team] = []storetest.Reader{{Name: "lead", Viewer: w.Lead}}
		var signedIn []storetest.Reader
		for _, r := range w.Readers[audience] {
			if strings.Contains(r.Name, "capped") {
				continue
			}
			signedIn = append(signedIn, r)
		}
		who := signedIn[int(plan.Seed/3)%len(signedIn)]
		browsers[i] = sites[i].Anonymous()
		if who.Viewer.IsAccount() {
			browsers[i] = sites[i].As(who.Viewer)
		}
	}
	h, rooms := houseOf(worlds[0], pair)
	var wrong []string
	n := 0
	for _, row := range handlers.RouteRows() {
		personal := strings.HasPrefix(row.Path, "/r/:token")
		if row.Method != http.MethodGet || strings.Contains(row.Path, ":token") && !personal && !strings.HasPrefix(row.Path, "/evaluate/") || strings.HasPrefix(row.Path, "/static") ||
			strings.HasSuffix(row.Path, "/stream") && audience == models.Team { // theirs differs, and does not end
			continue
		}
		for _, w := range worlds { // a guest's link works until the roundtable ends
			w.Clock.Set(map[bool]time.Time{true: storetest.Start.AddDate(0, 0, -11), false: storetest.Start}[personal])
		}
		for i, r := range rooms {
			if i > 0 && !strings.Contains(row.Path, ":") {
				continue
			}
			path, err := h.address(row, r, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, query := range queriesOf(worlds[0], pair, i) {
				for _, fragment := range []string{"", "true"} {
					var got [2]string
					for w := range worlds {
						request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path+query, http.NoBody)
						if err != nil {
							t.Fatal(err)
						}
						request.RequestURI, request.RemoteAddr = path+query, "192.0.2.7:1"
						if strings.HasSuffix(row.Path, "/stream") {
							request.Header.Set("Accept", "text/event-stream")
						}
						if fragment != "" {
							request.Header.Set("HX-Request", fragment)
						}
						res := browsers[w].Do(request)
						id := res.Header.Get("X-Request-Id")
						res.Header.Del("X-Request-Id")
						if row.Path == "/r/:token" && res.StatusCode != http.StatusOK {
							t.Errorf("world %d: GET %s answers %d: nothing was compared", plan.Seed, row.Path, res.StatusCode)
						}
						got[w] = strings.ReplaceAll(fmt.Sprint(res.StatusCode, res.Header, handlertest.Body(res)), id, "ID")
					}
					n++
					if got[0] != got[1] {
						wrong = append(wrong, fmt.Sprintf("GET %s%s fragment %q\n    A: %s\n    B: %s", row.Path, query, fragment, differing(got[0], got[1]), differing(got[1], got[0])))
					}
				}
			}
		}
	}
	for _, a := range []models.Audience{audience, models.Public} {
		for _, form := range filesOf(a) {
			var got [2]string
			for w := range worlds {
				res := browsers[w].Post("/insights/export", form)
				res.Header.Del("X-Request-Id")
				got[w] = fmt.Sprint(res.StatusCode, res.Header.Get("Content-Disposition"), unpacked(t, handlertest.Body(res)))
			}
			n++
			if got[0] != got[1] {
				wrong = append(wrong, fmt.Sprintf("POST /insights/export %v\n    A: %s\n    B: %s", form, differing(got[0], got[1]), differing(got[1], got[0])))
			}
		}
	}
	return n, wrong
}

// houseOf lends a world's things to the addresses of the house: three rooms
// with other insights and guests each.
func houseOf(w *storetest.World, pair [2]int) (*house, []houseRoom) {
	h := &house{accounts: map[string]models.ID{"Rae Rapporteur": w.Lead.Account(), "Paul Partner": w.Lead.Account()}, mails: map[models.ID][]models.ID{}, series: w.Series,
		theme: w.Themes[0], secret: w.Themes[1], recommended: w.Recommendation, hushed: w.Recommendation, evaluate: w.Evaluate, brief: w.Brief, inner: w.Brief, published: storetest.WorldSlug, code: w.Code}
	var rooms []houseRoom
	for i, g := range []int{pair[0], pair[1]} {
		rooms = append(rooms, houseRoom{
			id: w.Room, items: w.Items, guests: []models.ID{w.Guests[g].ID}, people: []models.ID{w.Guests[g].Person}, tokens: []string{w.Guests[g].Token},
			insights: []models.ID{0, 0, w.Insights[i*(len(w.Insights)-1)]},
		})
	}
	return h, rooms
}

func queriesOf(w *storetest.World, pair [2]int, i int) []string {
	if i > 0 {
		return []string{""}
	}
	one, other := w.Guests[pair[0]], w.Guests[pair[1]]
	out := []string{""}
	for _, q := range []url.Values{
		{"q": {one.Family}}, {"q": {other.Organisation}}, {"q": {"chips"}, "sort": {"best"}}, {"from": {one.Sector.Key()}}, {"from": {other.Sector.Key()}, "q": {"permits"}},
		{"sector": {one.Sector.Key()}}, {"audience": {"team"}},
	} {
		out = append(out, "?"+q.Encode())
	}
	return out
}

func differing(s, other string) string {
	i := 0
	for i < len(s) && i < len(other) && s[i] == other[i] {
		i++
	}
	return s[max(0, i-120):min(len(s), i+160)]
}

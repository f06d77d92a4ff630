//go:build !race

package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"rotunda/handlers"
	"rotunda/models"
	"rotunda/models/store/storetest"
)

// visits lists what is fetched with GET of a route: the page, its fragment,
// JSON. A stream is asked for everything since the beginning, a stored message
// for what it holds.
func (c *copyOfHouse) visits(path string) [][]string {
	switch {
	case strings.HasSuffix(path, "/stream"):
		return [][]string{{path + "?after=" + c.st.EventID(0)}}
	case strings.HasPrefix(path, "/settings/mail/"):
		return [][]string{{path}}
	}
	return [][]string{{path}, {path, "HX-Request", "true"}, {path, "Accept", "application/json"}}
}

// TestCanaries_nobodyReadsWhatIsNotTheirs fetches every page, fragment, export,
// calendar file and stream as everybody, and looks at every word of the house
// that stands in the answer, its headers included.
func TestCanaries_nobodyReadsWhatIsNotTheirs(t *testing.T) {
	h := houseToRead(t)
	house := h.open(t)
	rooms := append([]houseRoom{h.other}, h.rooms...)
	if storetest.Postgres() && os.Getenv("ROTUNDA_SCALE") != "bench" {
		rooms = []houseRoom{h.other, h.rooms[0], h.rooms[1], h.rooms[7]} // public, private, private and closed
	}
	known := map[string]canary{}
	for _, c := range h.canaries {
		known[strings.ToLower(c.word)] = c
	}
	seen, told, met := map[string]bool{}, map[string]bool{}, map[string]int{}
	n, asked := 0, map[string]bool{}
	for _, row := range handlers.RouteRows() {
		if row.Method != http.MethodGet {
			continue
		}
		for i, r := range rooms {
			if i > 0 && !aboutRoom(row) && !strings.Contains(row.Path, "/r/:token") && !strings.Contains(row.Path, ":") {
				continue
			}
			for _, path := range h.addresses(t, row, r) {
				if asked[path] { // what several roundtables share
					continue
				}
				asked[path] = true
				for _, p := range h.principals {
					for _, visit := range house.visits(path) {
						n++
						got := house.ask(p, http.MethodGet, visit[0], nil, visit[1:]...)
						if got.status >= 500 {
							t.Errorf("GET %s as %s: %d %s", visit[0], p.name, got.status, house.failures())
						}
						for _, word := range canaryWord.FindAllString(unpacked(t, got.body)+fmt.Sprint(got.header), -1) {
							c, ok := known[strings.ToLower(word)]
							if !ok {
								continue
							}
							seen[c.word] = true
							met[row.Path]++
							if key := row.Path + p.name + c.what; !c.allowed(p, visit[0]) && !told[key] {
								told[key] = true
								t.Errorf("GET %s %v as %s shows the %s", row.Path, visit[1:], p.name, c.what)
							}
						}
					}
				}
			}
		}
	}
	// The proof that the crawl sees anything at all.
	if len(seen) < len(h.canaries)*len(rooms)/(len(h.rooms)+1)/2 {
		t.Errorf("of %d words the crawl met only %d", len(h.canaries), len(seen))
	}
	for _, path := range []string{"/roundtables/:id/stream", "/settings/mail/:id", "/r/:token", "/public/briefs/:slug/brief.docx", "/public/briefs/:slug/brief.pdf"} {
		if met[path] < 10 {
			t.Errorf("the answers of %s held %d words: the test looks at nothing there", path, met[path])
		}
	}
	t.Logf("%d answers; %d of %d words met", n, len(seen), len(h.canaries))
}

// addresses fills a route for a roundtable: with its insights, guests and links
// in turn where the route is about one.
func (h *house) addresses(t *testing.T, row handlers.RouteRow, r houseRoom) []string {
	t.Helper()
	var out []string
	if strings.HasPrefix(row.Path, "/settings/mail/:id") {
		for _, id := range h.mails[r.id] {
			out = append(out, strings.Replace(row.Path, ":id", id.String(), 1))
		}
		return out
	}
	turns := 1
	if strings.Contains(row.Path, "/insights/:") || strings.Contains(row.Path, "guests/:") || strings.Contains(row.Path, "/r/:token") || strings.Contains(row.Path, "/people/:") {
		turns = 3
	}
	for i := range turns {
		turned := r
		turned.insights = []models.ID{0, 0, r.insights[i]}
		turned.guests, turned.people, turned.tokens = r.guests[i:], r.people[i:], r.tokens[i:]
		path, err := h.address(row, turned, false)
		if err != nil {
			t.Error(err)
			return nil
		}
		if !strings.Contains(path, "//") && !strings.HasSuffix(path, "/r/") {
			out = append(out, path)
		}
	}
	return out
}

// searched lists the pages that search, with the parameter that they search by.
var searched = []string{"q"}

// TestCanaries_searchingTellsNothing searches for every word that a principal
// may not read, everywhere a query can be sent, and compares with the search
// for a word that stands nowhere: same results, same counts.
func TestCanaries_searchingTellsNothing(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	n := 0
	for _, row := range handlers.RouteRows() {
		if row.Method != http.MethodGet || strings.Contains(row.Path, "/stream") || strings.Contains(row.Path, ":token") || strings.HasPrefix(row.Path, "/static") {
			continue
		}
		path, err := h.address(row, h.rooms[0], false)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, p := range h.principals {
			if p.nobody && p.name != "anonymous" {
				continue
			}
			for _, parameter := range searched {
				plain := house.ask(p, http.MethodGet, path+"?"+parameter+"=zzneverwas0", nil)
				if plain.header.Get("Set-Cookie") != "" { // it showed what another page had to say
					plain = house.ask(p, http.MethodGet, path+"?"+parameter+"=zzneverwas0", nil)
				}
				if plain.status != http.StatusOK || !strings.HasPrefix(plain.header.Get("Content-Type"), "text/html") && !strings.Contains(plain.header.Get("Content-Type"), "json") {
					continue
				}
				for i, c := range h.canaries {
					// A third of the words for each, so that all are asked by somebody.
					if c.allowed(p, path) || (i+len(p.name))%3 != 0 || strings.HasPrefix(c.what, "notes") {
						continue
					}
					n++
					got := house.ask(p, http.MethodGet, path+"?"+parameter+"="+url.QueryEscape(c.word), nil)
					a := strings.ReplaceAll(plain.comparable(path), "zzneverwas0", "WORD")
					b := strings.ReplaceAll(got.comparable(path), c.word, "WORD")
					if a != b {
						t.Errorf("GET %s?%s= as %s tells that there is the %s", row.Path, parameter, p.name, c.what)
					}
				}
			}
		}
	}
	t.Logf("%d searches", n)
}

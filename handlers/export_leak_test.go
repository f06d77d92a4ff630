//go:build !race

package handlers_test

import (
	"archive/zip"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
)

// unpacked returns an answer's text: of a packed file, that of all its parts by
// name, for the packer has no order of its own; of a PDF, what is printed.
func unpacked(t testing.TB, body string) string {
	t.Helper()
	if strings.HasPrefix(body, "%PDF-") {
		return body + printed(body)
	}
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return body
	}
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out strings.Builder
	for _, part := range archive.File {
		out.WriteString(part.Name)
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
	}
	return out.String()
}

// filesOf lists the forms that ask for the export of an audience in every
// format, a document by every grouping.
func filesOf(a models.Audience) []url.Values {
	var out []url.Values
	for _, format := range models.ExportFormats {
		groups := []models.Grouping{""}
		if format.Document() {
			groups = models.GroupingsFor(a)
		}
		for _, group := range groups {
			out = append(out, url.Values{"audience": {a.Key()}, "format": {string(format)}, "group": {string(group)}})
		}
	}
	return out
}

// inFileFor reports whether a word may stand in a file that the principal makes
// for an audience: what every reader of that audience may read.
func (h *house) inFileFor(c canary, p principal, a models.Audience) bool {
	reads := func(name string) bool {
		for _, one := range h.principals {
			if one.name == name {
				return c.allowed(one, "/insights/export")
			}
		}
		return false
	}
	switch a {
	case models.Team:
		return c.allowed(p, "/insights/export")
	case models.Staff:
		return reads("Rita Reader")
	case models.Partner:
		return reads("Paul Partner") || reads("Pia Partner")
	}
	what, state, _ := strings.Cut(c.what, " of the room ")
	if what == "released" || what == "title" {
		return !strings.HasPrefix(state, "private") && state != "off the record" && state != "deep background"
	}
	return state == "on the record" && reads("Rita Reader") && what != "reviewed"
}

// TestCanaries_noFileHoldsMoreThanItsAudienceMayRead makes every file of
// insights as everybody for every audience, and looks at every word of the
// house in it, inside packed files too.
func TestCanaries_noFileHoldsMoreThanItsAudienceMayRead(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	known := map[string]canary{}
	for _, c := range h.canaries {
		known[strings.ToLower(c.word)] = c
	}
	made, met := map[models.Audience]int{}, map[string]int{}
	for _, a := range []models.Audience{models.Public, models.Partner, models.Staff, models.Team} {
		for _, form := range filesOf(a) {
			for _, r := range append([]houseRoom{{}}, h.rooms...) {
				if r.id != 0 {
					form.Set("roundtable", r.id.String())
				} else {
					form.Del("roundtable")
				}
				for _, p := range h.principals {
					got := house.ask(p, http.MethodPost, "/insights/export", form)
					if got.status >= 500 {
						t.Fatalf("%v as %s: %d %s", form, p.name, got.status, house.failures())
					}
					if got.status != http.StatusOK {
						continue
					}
					made[a]++
					for _, word := range canaryWord.FindAllString(unpacked(t, got.body), -1) {
						c, ok := known[strings.ToLower(word)]
						if !ok {
							continue
						}
						met[form.Get("format")+a.Key()]++
						if !h.inFileFor(c, p, a) {
							t.Errorf("%v made by %s holds the %s", form, p.name, c.what)
						}
					}
				}
			}
			if n := met[form.Get("format")+a.Key()]; n == 0 {
				t.Errorf("%v: no word of the house was met: the test looks at nothing there", form)
			}
		}
	}
	t.Logf("%v files; words met %v", made, met)
}

//go:build !race

package handlers_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers"
)

// formFound is a form as one of our own pages offers it.
type formFound struct {
	who       principal
	page      string
	method    string
	action    string
	multipart bool
	fields    []formField
	password  bool
}

type formField struct {
	name  string
	value string
	file  bool
	picks []string // what a select, radio or check box offers
}

// key tells forms apart: the same form of another roundtable is none of its own.
func (f formFound) key() string {
	var names []string
	for _, field := range f.fields {
		names = append(names, field.name)
	}
	slices.Sort(names)
	return f.method + " " + f.action + " " + strings.Join(slices.Compact(names), " ") + " " + f.who.name
}

// findForms fetches every page as each kind of visitor and collects the forms.
func findForms(t *testing.T, h *house) []formFound {
	t.Helper()
	house := h.open(t)
	found := map[string]formFound{}
	for _, row := range handlers.RouteRows() {
		if row.Method != http.MethodGet || strings.HasPrefix(row.Path, "/static") || strings.Contains(row.Path, "/stream") {
			continue
		}
		for _, r := range h.rooms[:3] {
			path, err := h.address(row, r, false)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, p := range h.principals {
				if !slices.Contains([]string{"anonymous", "Ada Admin", "Lea Lead", "Paul Partner"}, p.name) {
					continue
				}
				got := house.ask(p, http.MethodGet, path, nil)
				if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || got.status >= 400 {
					continue
				}
				for _, f := range formsOf(t, got.body, path, p) {
					found[f.key()] = f
				}
			}
		}
	}
	var out []formFound
	for _, f := range found {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b formFound) int { return strings.Compare(a.key(), b.key()) })
	return out
}

func formsOf(t *testing.T, body, page string, p principal) []formFound {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out []formFound
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		f := formFound{who: p, page: page, method: strings.ToUpper(s.AttrOr("method", "get")), action: s.AttrOr("action", page)}
		if f.method != http.MethodGet && f.method != http.MethodPost {
			return // a dialog that closes
		}
		f.multipart = s.AttrOr("enctype", "") == "multipart/form-data"
		scope := s
		if id := s.AttrOr("id", ""); id != "" {
			scope = s.AddSelection(doc.Find(fmt.Sprintf("[form=%q]", id)))
		}
		scope.Find("input, select, textarea, button").AddSelection(scope.Filter("input, select, textarea, button")).Each(func(_ int, e *goquery.Selection) {
			name := e.AttrOr("name", "")
			if name == "" {
				return
			}
			field := formField{name: name, value: e.AttrOr("value", e.Text()), file: e.AttrOr("type", "") == "file"}
			f.password = f.password || e.AttrOr("type", "") == "password"
			e.Find("option").Each(func(_ int, o *goquery.Selection) { field.picks = append(field.picks, o.AttrOr("value", o.Text())) })
			if len(field.picks) > 0 {
				field.value = field.picks[0]
			}
			f.fields = append(f.fields, field)
		})
		out = append(out, f)
	})
	return out
}

// hostile is the mark by which markup of ours is known when it comes back: as
// an element it was not escaped.
const hostile = "<zqhostile"

// corpus is what is typed into fields.
func corpus(t *testing.T) []string {
	t.Helper()
	file, err := os.Open("testdata/naughty_strings.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := []string{
		"", hostile + ">", `">` + hostile + " onload=x>", "'>" + hostile + ">", "</script>" + hostile + ">", "</textarea>" + hostile + ">", "</title>" + hostile + ">",
		"javascript:alert(1)//" + hostile + ">", "<!--" + hostile + ">", "{{7*7}}" + hostile + ">", "=HYPERLINK(\"x\")" + hostile + ">", "\r\nBcc: x@example.net\r\n" + hostile + ">",
		"'; DROP TABLE people; --", "\" OR 1=1 --", "%' OR '%'='", "NEAR(\"a\" b, 3)", "a* OR -b (\"", "-1", "0", "1e309", "9223372036854775808", "2026-02-30", "25:99", "2026-13-01T00:00",
		"Mars/Olympus", "../../etc/passwd", "0000000000000", "zzzzzzzzzzzzz", "\x00", "\xff\xfe", "\u202e", "a\u0300\u0301", strings.Repeat("A", 70_000), strings.Repeat("😀", 5000),
		strings.Repeat("(", 3000), strings.Repeat("@s1 ", 900), "@s1 #s !claim =off ^networks %nato +tag ~x >>@s2", "\\@\\#\\!", "x@example.net", strings.Repeat("x", 300) + "@example.net", "https://", "ftp://x", "\t\n\v\f",
	}
	for _, row := range rows[1:] {
		out = append(out, row[len(row)-1])
	}
	return out
}

// fuzzer posts mutated forms into copies of the house.
type fuzzer struct {
	t      *testing.T
	h      *house
	house  *copyOfHouse
	forms  []formFound
	corpus []string
	random *rand.Rand
	posted int
	seen   map[int]int
}

// TestForms_hostileInputBreaksNothing finds every form on our own pages and
// posts what nobody should type: never a 500, never a panic, never markup that
// comes back as markup. Every so often the pages are fetched with what was
// kept, and the house is opened afresh.
func TestForms_hostileInputBreaksNothing(t *testing.T) {
	h := theHouse(t)
	n := 50_000
	if os.Getenv("ROTUNDA_SCALE") == "bench" {
		n = 1_000_000
	} else if testing.Short() {
		n = 2000
	}
	forms := findForms(t, h)
	if len(forms) < 20 {
		t.Fatalf("only %d forms were found", len(forms))
	}
	words := corpus(t)
	var mu sync.Mutex
	statuses, total := map[int]int{}, 0
	t.Run("workers", func(t *testing.T) {
		for worker := range uint64(2) {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				f := fuzzer{t: t, h: h, forms: forms, corpus: words, random: rand.New(rand.NewPCG(20260924, worker)), seen: map[int]int{}}
				for f.posted < n/2 && !t.Failed() {
					f.round(min(300, n/2-f.posted))
				}
				mu.Lock()
				defer mu.Unlock()
				total += f.posted
				for status, k := range f.seen {
					statuses[status] += k
				}
			})
		}
	})
	t.Logf("%d forms, %d inputs, statuses %v", len(forms), total, statuses)
}

// round opens a fresh house, posts n inputs and looks at the pages.
func (f *fuzzer) round(n int) {
	f.t.Helper()
	f.t.Run("", func(t *testing.T) { // so that the copy is closed and removed at its end
		outer := f.t
		f.t, f.house = t, f.h.open(t)
		defer func() { f.t = outer }()
		for goal := f.posted + n; f.posted < goal; {
			f.post()
		}
		f.look()
	})
}

func (f *fuzzer) post() {
	form := f.forms[f.random.IntN(len(f.forms))]
	for form.password && f.random.IntN(40) != 0 || strings.Contains(form.action, "sign-out") && f.random.IntN(20) != 0 {
		form = f.forms[f.random.IntN(len(f.forms))] // hashing a password takes long on purpose
	}
	values := url.Values{}
	changed := 0
	for _, field := range form.fields {
		value := field.value
		if len(field.picks) > 0 {
			value = field.picks[f.random.IntN(len(field.picks))]
		}
		if f.random.IntN(3) == 0 {
			value = f.draw()
			changed++
		}
		if f.random.IntN(12) == 0 {
			continue // left out
		}
		values.Add(field.name, value)
		if f.random.IntN(25) == 0 {
			values.Add(field.name, f.draw())
		}
	}
	if changed == 0 || f.random.IntN(10) == 0 {
		values.Add(f.draw(), f.draw())
	}
	f.posted++
	var headers []string
	if f.random.IntN(4) == 0 {
		headers = []string{"HX-Request", "true"}
	}
	var got answer
	switch {
	case form.method == http.MethodGet:
		path, _, _ := strings.Cut(form.action, "?")
		got = f.house.ask(form.who, http.MethodGet, path+"?"+values.Encode(), nil, headers...)
	case form.multipart:
		got = f.upload(form, values)
	default:
		got = f.house.ask(form.who, http.MethodPost, form.action, values, headers...)
	}
	if got.status == http.StatusUnauthorized && form.who.token != "" {
		f.house = f.h.open(f.t) // something ended the session
		f.posted--
		return
	}
	f.seen[got.status]++
	f.check(fmt.Sprintf("%s %s as %s with %.600q", form.method, form.action, form.who.name, values.Encode()), got)
}

// upload sends the form as multipart, with rubbish for its files.
func (f *fuzzer) upload(form formFound, values url.Values) answer {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, field := range form.fields {
		if field.file {
			part, err := w.CreateFormFile(field.name, "x"+f.draw()+".csv")
			if err == nil {
				content := f.draw() + "\n" + f.draw() + "," + f.draw()
				if f.random.IntN(3) == 0 {
					content = "Name,Email,Organization\n" + content
				}
				_, err = part.Write([]byte(content))
			}
			if err != nil {
				f.t.Fatal(err)
			}
			continue
		}
		for _, value := range values[field.name] {
			if err := w.WriteField(field.name, value); err != nil {
				f.t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, form.action, &body)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Host, r.RemoteAddr, r.RequestURI = f.house.host, "192.0.2.7:4711", form.action
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form.who.token != "" {
		r.AddCookie(&http.Cookie{Name: f.house.cookie, Value: form.who.token})
	}
	return f.house.serve(r, func() {})
}

// draw takes a hostile text and now and then cuts, joins or bends it.
func (f *fuzzer) draw() string {
	s := f.corpus[f.random.IntN(len(f.corpus))]
	switch f.random.IntN(8) {
	case 0:
		s += f.corpus[f.random.IntN(len(f.corpus))]
	case 1:
		if len(s) > 1 {
			s = s[f.random.IntN(len(s)):]
		}
	case 2:
		b := []byte(s)
		for range 1 + f.random.IntN(3) {
			if len(b) > 0 {
				b[f.random.IntN(len(b))] = byte(f.random.IntN(256))
			}
		}
		s = string(b)
	}
	return s
}

func (f *fuzzer) check(what string, got answer) {
	f.t.Helper()
	if got.status >= 500 {
		f.t.Errorf("%s: %d %s", what, got.status, f.house.failures())
	}
	if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		if i := strings.Index(got.body, hostile); i >= 0 {
			f.t.Errorf("%s: markup came back as markup: %.200q", what, got.body[max(0, i-100):])
		}
	}
	if strings.Contains(f.house.log.String(), "panic") {
		f.t.Fatalf("%s: a panic: %s", what, f.house.failures())
	}
	f.house.log.Reset()
}

// look fetches the pages that show what was kept.
func (f *fuzzer) look() {
	for _, row := range handlers.RouteRows() {
		if row.Method != http.MethodGet || strings.HasPrefix(row.Path, "/static") || strings.Contains(row.Path, "/stream") {
			continue
		}
		path, err := f.h.address(row, f.h.rooms[f.random.IntN(3)], false)
		if err != nil {
			continue
		}
		for _, p := range f.h.principals {
			if p.name == "Lea Lead" || p.name == "Ada Admin" {
				f.check("GET "+row.Path+" afterwards as "+p.name, f.house.ask(p, http.MethodGet, path, nil))
			}
		}
	}
}

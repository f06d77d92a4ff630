package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers"
	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/static"
)

// mustCarry is what every answer says, whatever it is.
var mustCarry = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

func (a answer) missing(path string) []string {
	var out []string
	for name, want := range mustCarry {
		if got := a.header.Get(name); got != want {
			out = append(out, fmt.Sprintf("%s: %q", name, got))
		}
	}
	csp := a.header.Get("Content-Security-Policy")
	for _, must := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors"} {
		if !strings.Contains(csp, must) {
			out = append(out, "Content-Security-Policy without "+must+": "+csp)
		}
	}
	for _, never := range []string{"unsafe-eval", "script-src *", "http:", "https:"} {
		if strings.Contains(csp, never) {
			out = append(out, "Content-Security-Policy with "+never)
		}
	}
	if strings.Contains(csp, "'unsafe-inline'") && !strings.HasPrefix(path, "/settings/mail/") { // a stored mail in a sandbox carries its own styles
		out = append(out, "Content-Security-Policy lets inline code in")
	}
	if a.header.Get("Permissions-Policy") == "" {
		out = append(out, "Permissions-Policy is missing")
	}
	switch caching := a.header.Get("Cache-Control"); {
	case strings.HasPrefix(path, static.Prefix) || caching == "no-store":
	case (strings.HasPrefix(path, "/public") || path == "/robots.txt") && caching == "public, max-age=60" && a.header.Get("Set-Cookie") == "": // the same for everybody
	default:
		out = append(out, "Cache-Control: "+a.header.Get("Cache-Control"))
	}
	return out
}

// inlineCode finds what the policy would block: a page that carries it is
// broken, or was attacked.
func inlineCode(body string) string {
	for _, never := range []string{" style=\"", " onclick=", " onload=", " onerror=", "javascript:", "<style"} {
		if strings.Contains(body, never) {
			return never
		}
	}
	for _, part := range strings.Split(body, "<script")[1:] {
		tag, _, _ := strings.Cut(part, ">")
		if !strings.Contains(tag, " src=") && !strings.Contains(tag, "application/json") && !strings.Contains(tag, "application/ld+json") {
			return "<script without src"
		}
	}
	return ""
}

func TestHeaders_everyAnswerOfEveryRoute(t *testing.T) {
	h := theHouse(t)
	for _, base := range []string{"http://localhost:8080", "https://rotunda.example.org"} {
		t.Run(base, func(t *testing.T) {
			house := h.openAt(t, base)
			for _, row := range handlers.RouteRows() {
				path, err := h.address(row, h.rooms[0], false)
				if err != nil {
					t.Error(err)
					continue
				}
				for _, p := range h.principals {
					if p.name != "Lea Lead" && p.name != "Ada Admin" && p.name != "anonymous" {
						continue
					}
					got := house.ask(p, row.Method, path, map[bool]url.Values{true: {}}[row.Method == http.MethodPost])
					checkHeaders(t, base, row.Method+" "+row.Path, path, got)
				}
			}
			for _, path := range []string{"/none", "/static/none.css", "/roundtables/nonsense", "/r/nonsense", "/%zz", "/..%2f"} {
				r, err := http.NewRequest(http.MethodGet, "/", nil)
				if err != nil {
					t.Fatal(err)
				}
				if u, err := url.Parse(path); err == nil {
					r.URL = u
				}
				r.Host, r.RemoteAddr = strings.TrimPrefix(strings.TrimPrefix(base, "http://"), "https://"), "192.0.2.7:1"
				checkHeaders(t, base, "GET "+path, path, house.serve(r, func() {}))
			}
		})
	}
}

func checkHeaders(t *testing.T, base, what, path string, got answer) {
	t.Helper()
	for _, m := range got.missing(path) {
		t.Errorf("%s (%d): %s", what, got.status, m)
	}
	if secure := strings.HasPrefix(base, "https"); secure != (got.header.Get("Strict-Transport-Security") != "") {
		t.Errorf("%s: Strict-Transport-Security is %q", what, got.header.Get("Strict-Transport-Security"))
	}
	if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && !strings.HasPrefix(path, "/settings/mail/") {
		if found := inlineCode(got.body); found != "" {
			t.Errorf("%s: the page carries %s", what, found)
		}
	}
	for _, line := range got.header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		name := "rotunda"
		if strings.HasPrefix(base, "https") {
			name = "__Host-rotunda"
		}
		if cookie.Name != name || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure != strings.HasPrefix(base, "https") {
			t.Errorf("%s sets %s", what, line)
		}
	}
}

func TestHeaders_signingInSetsTheRightCookie(t *testing.T) {
	h := theHouse(t)
	for base, want := range map[string]string{"http://localhost:8080": "rotunda=", "https://rotunda.example.org": "__Host-rotunda="} {
		house := h.openAt(t, base)
		r, _ := http.NewRequest(http.MethodPost, "/sign-in/"+h.links[store.SignInLink], http.NoBody)
		r.Host, r.RemoteAddr = r.URL.Host, "192.0.2.7:1"
		_, r.Host, _ = strings.Cut(base, "://")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		got := house.serve(r, func() {})
		checkHeaders(t, base, "signing in", "/sign-in/x", got)
		if !strings.HasPrefix(got.header.Get("Set-Cookie"), want) || got.header.Get("Location") != "/" {
			t.Errorf("%s: %d, cookie %q, to %q", base, got.status, got.header.Get("Set-Cookie"), got.header.Get("Location"))
		}
	}
}

// TestRequests_whatIsNotOursIsRefused asks with the wrong method, type, size,
// host and origin.
func TestRequests_whatIsNotOursIsRefused(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	var lea principal
	for _, p := range h.principals {
		if p.name == "Lea Lead" {
			lea = p
		}
	}
	methods := map[string]map[string]bool{}
	for _, row := range handlers.RouteRows() {
		if methods[row.Path] == nil {
			methods[row.Path] = map[string]bool{}
		}
		methods[row.Path][row.Method] = true
	}
	for _, row := range handlers.RouteRows() {
		path, err := h.address(row, h.rooms[0], false)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
			if methods[row.Path][method] {
				continue
			}
			if got := house.ask(lea, method, path, nil); got.status != http.StatusMethodNotAllowed && got.status != http.StatusNotFound {
				t.Errorf("%s %s: %d, want 405", method, row.Path, got.status)
			}
		}
		if row.Method != http.MethodPost {
			continue
		}
		for what, headers := range map[string][]string{
			"another origin": {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a sister site":  {"Sec-Fetch-Site", "same-site", "Origin", "http://evil.localhost:8080"},
			"no origin":      {"Sec-Fetch-Site", "cross-site", "Origin", "null"},
		} {
			if got := house.ask(lea, http.MethodPost, path, url.Values{}, headers...); got.status != http.StatusForbidden {
				t.Errorf("POST %s from %s: %d, want 403", row.Path, what, got.status)
			}
		}
	}
	house.unwantedBodies(t, h, lea)
	for _, host := range []string{"evil.example", "localhost:8080.evil.example", "rotunda.example.org", "localhost:9999"} {
		r, _ := http.NewRequest(http.MethodGet, "/sign-in", nil)
		r.Host, r.RemoteAddr = host, "192.0.2.7:1"
		if got := house.serve(r, func() {}); got.status != http.StatusMisdirectedRequest || strings.Contains(got.body, host) {
			t.Errorf("Host %s: %d", host, got.status)
		}
	}
}

// unwantedBodies posts JSON and a body that is too long to every form.
func (c *copyOfHouse) unwantedBodies(t *testing.T, h *house, p principal) {
	t.Helper()
	tooLong := 0
	long := bytes.Repeat([]byte("a=b&"), 2<<20/4)
	for _, row := range handlers.RouteRows() {
		if row.Method != http.MethodPost || strings.Contains(row.Path, "sign-out") {
			continue
		}
		path, err := h.address(row, h.rooms[0], false)
		if err != nil {
			continue
		}
		for contentType, body := range map[string][]byte{"application/json": []byte(`{"title":"x","id":77,"role":"admin"}`), "application/x-www-form-urlencoded": long} {
			c.mark()
			r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, path, bytes.NewReader(body))
			r.Host, r.RemoteAddr = "localhost:8080", "192.0.2.7:1"
			r.Header.Set("Content-Type", contentType)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.AddCookie(&http.Cookie{Name: "rotunda", Value: p.token})
			got := c.serve(r, func() {})
			if got.status >= 500 {
				t.Errorf("POST %s of %s, %d bytes: %d %s", row.Path, contentType, len(body), got.status, c.failures())
			}
			if contentType == "application/json" && got.status < 300 {
				t.Errorf("POST %s took JSON: %d", row.Path, got.status)
			}
			if got.status == http.StatusRequestEntityTooLarge {
				tooLong++
			}
		}
	}
	if tooLong < 10 {
		t.Errorf("only %d routes refused two megabytes", tooLong)
	}
}

// TestSafeNext_neverLeadsElsewhere draws addresses from the signs that open
// redirects are made of.
func TestSafeNext_neverLeadsElsewhere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"/", "//", "\\", "/\\", "evil.example", "http:", "https://", "@", ":", "%2f", "%5c", "%09", "\t", "\n", "\r", " ", "?", "#", ".", "..", "javascript:", "a", "roundtables", "\x00", "\u2028", "／", "%00"}
	base, _ := url.Parse("http://localhost:8080/sign-in")
	kept := 0
	for range 200_000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		next := web.SafeNext(b.String())
		if next == "" {
			continue
		}
		kept++
		// As a browser reads it: back-slashes are slashes, tabs and line ends go.
		read := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(next))
		u, err := base.Parse(read)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || strings.HasPrefix(read, "//") || !strings.HasPrefix(read, "/") {
			t.Fatalf("%q is taken for one of our own addresses: %v %v", b.String(), u, err)
		}
	}
	if kept == 0 {
		t.Error("no address was taken")
	}
}

// A field's name is anybody's to choose: the decoder of forms must not fall over
// one that it cannot read.
func TestForms_namesThatNoFieldHas(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	for _, p := range h.principals {
		if p.name != "Lea Lead" {
			continue
		}
		for _, name := range []string{"a[", "line[", "[0]", "guest[99999999]", "guest[-1]", "a]b[", "line[x", "title.x[", "a[[1]", "a..b", ".", "[" + strings.Repeat("[", 500)} {
			for _, form := range []string{"/edit", "/insights"} { // the second takes lists, which are read otherwise
				got := house.ask(p, http.MethodPost, "/roundtables/"+h.rooms[0].id.String()+form, url.Values{name: {"x"}})
				if got.status != http.StatusUnprocessableEntity {
					t.Errorf("%s with a field named %.40q: %d, want 422", form, name, got.status)
				}
			}
		}
	}
}

// TestLog_holdsNobody runs every route with its real tokens and looks for any
// word of the house in what was logged: tokens, sessions, names, addresses,
// things said, ids from paths.
func TestLog_holdsNobody(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	for _, row := range handlers.RouteRows() {
		path, err := h.address(row, h.rooms[0], false)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, p := range h.principals {
			if p.name == "Lea Lead" || p.name == "Ada Admin" || p.name == "anonymous" {
				house.ask(p, row.Method, path, map[bool]url.Values{true: {"email": {"lea.lead@example.org"}, "password": {"a-secret-password"}, "line": {"Zqlogged words"}, "note": {"Zqlogged note"}}}[row.Method == http.MethodPost])
				if row.Method == http.MethodGet {
					house.ask(p, http.MethodGet, path+"?q=Zqlogged&next=/r/"+h.rooms[0].tokens[0], nil)
					house.ask(p, http.MethodGet, path+"/typo", nil)
					house.ask(p, http.MethodPut, path, nil)
				}
			}
		}
	}
	house.ask(h.principals[0], http.MethodGet, "/R/"+h.rooms[0].tokens[0], nil)
	log := house.log.String()
	words := map[string]string{"a-secret-password": "a password", "zqlogged": "what was typed", "@example.org": "an e-mail address", "@example.net": "an e-mail address", "Lea Lead": "a name"}
	for _, p := range h.principals {
		if p.token != "" {
			words[p.token] = "a session"
		}
	}
	for _, link := range h.links {
		words[link] = "a one-time link"
	}
	for _, r := range h.rooms {
		for _, token := range r.tokens {
			if token != "" {
				words[token] = "a guest's link"
			}
		}
		for _, list := range [][]models.ID{{r.id}, r.guests, r.items, r.insights, r.people} {
			for _, id := range list {
				words[id.String()] = "an id"
			}
		}
	}
	for _, c := range h.canaries {
		words[c.word] = c.what
	}
	lower := strings.ToLower(log)
	for word, what := range words {
		if i := strings.Index(lower, strings.ToLower(word)); i >= 0 {
			t.Errorf("the log holds %s: …%s…", what, log[max(0, i-160):min(len(log), i+60)])
		}
	}
	if !strings.Contains(log, "route=/roundtables/:id") {
		t.Error("the log names no route")
	}
}

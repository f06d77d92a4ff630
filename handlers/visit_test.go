package handlers_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rotunda/handlers"
	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/static"
)

// copyOfHouse is one copy of the house with a site over it.
type copyOfHouse struct {
	t       testing.TB
	st      *store.Store
	handler http.Handler
	db      *sql.DB
	log     *bytes.Buffer
	host    string
	cookie  string
	version int
	before  map[string][]byte
}

// open opens a fresh copy of the house under the base URL.
func (h *house) open(t testing.TB) *copyOfHouse { return h.openAt(t, "http://localhost:8080") }

func (h *house) openAt(t testing.TB, base string) *copyOfHouse {
	t.Helper()
	path := h.dsn
	if path == "" {
		path = filepath.Join(t.TempDir(), "house.db")
		if err := os.WriteFile(path, h.file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	st, _ := storetest.OpenDSN(t, path)
	address, err := web.ParseBaseURL(base)
	if err != nil {
		t.Fatal(err)
	}
	c := &copyOfHouse{t: t, st: st, log: &bytes.Buffer{}, db: storetest.RawDB(t, path), host: address.Host, cookie: "rotunda"}
	if address.Scheme == "https" {
		c.cookie = "__Host-rotunda"
	}
	server := handlers.New(web.Config{BaseURL: address, Log: slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, st)
	c.handler = server.Handler()
	return c
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// signInAsked reports whether the answer sends the visitor to sign in.
func (a answer) signInAsked() bool {
	return a.status == http.StatusUnauthorized ||
		a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/sign-in")
}

// ask sends a request as the principal's browser would. A stream is read for a
// moment and then left.
func (c *copyOfHouse) ask(p principal, method, path string, form url.Values, headers ...string) answer {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	var body *strings.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	} else {
		body = strings.NewReader("")
	}
	r, err := http.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		c.t.Fatalf("%s %q: %v", method, path, err)
	}
	r.Host, r.RemoteAddr, r.RequestURI = c.host, "192.0.2.7:4711", path
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if p.token != "" {
		r.AddCookie(&http.Cookie{Name: c.cookie, Value: p.token})
	}
	if strings.Contains(path, "/stream") {
		r.Header.Set("Accept", "text/event-stream")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return c.serve(r, cancel)
}

func (c *copyOfHouse) serve(r *http.Request, cancel func()) answer {
	rec := &recorder{header: http.Header{}, status: http.StatusOK, leave: cancel}
	c.handler.ServeHTTP(rec, r)
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.sent == nil {
		rec.sent = rec.header.Clone()
	}
	return answer{rec.status, rec.sent, rec.body.String()}
}

// recorder keeps an answer; it leaves a stream a moment after it began.
type recorder struct {
	mu     sync.Mutex
	header http.Header
	sent   http.Header
	status int
	body   bytes.Buffer
	leave  func()
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sent != nil || status < 200 {
		return
	}
	r.status, r.sent = status, r.header.Clone()
	if strings.HasPrefix(r.header.Get("Content-Type"), "text/event-stream") {
		time.AfterFunc(100*time.Millisecond, r.leave)
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.body.Write(b)
}

// Flush and the deadlines are what a stream asks of a connection.
func (r *recorder) Flush()                           { r.WriteHeader(http.StatusOK) }
func (r *recorder) SetWriteDeadline(time.Time) error { return nil }
func (r *recorder) SetReadDeadline(time.Time) error  { return nil }

// mark notes what the database holds; changed lists the tables that hold
// something else since, sessions, counted attempts and audit left out.
func (c *copyOfHouse) mark() {
	c.t.Helper()
	c.version = c.dataVersion()
	if c.before == nil {
		c.before = storetest.Contents(c.t, c.db)
	}
}

func (c *copyOfHouse) changed() []string {
	c.t.Helper()
	if c.dataVersion() == c.version {
		return nil // nobody committed anything
	}
	now := storetest.Contents(c.t, c.db)
	var out []string
	for table, rows := range now {
		if !bytes.Equal(rows, c.before[table]) {
			out = append(out, table)
		}
	}
	c.before, c.version = now, c.dataVersion()
	return out
}

func (c *copyOfHouse) dataVersion() int {
	c.t.Helper()
	var n int
	if err := c.db.QueryRow("PRAGMA data_version").Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// address fills a route's parameters with the things of a room. foreign gives
// the children of another roundtable in their place. A parameter that it does
// not know is an error, so that a new route gets what it needs here.
func (h *house) address(row handlers.RouteRow, r houseRoom, foreign bool) (string, error) {
	parts := strings.Split(row.Path, "/")
	from := r
	for i, part := range parts {
		switch {
		case part == "*":
			parts[i] = strings.TrimPrefix(static.URL("css"), static.Prefix)
		case strings.HasPrefix(part, ":"):
			before := ""
			for j := i - 1; j > 0 && before == ""; j-- {
				if !strings.HasPrefix(parts[j], ":") && j == i-1 {
					before = parts[j]
				} else if j == i-1 {
					before = "-"
				}
			}
			value, err := h.parameter(row, before, part, from)
			if err != nil {
				return "", err
			}
			parts[i] = value
			if before == "roundtables" && foreign {
				from = h.other
			}
		}
	}
	return strings.Join(parts, "/"), nil
}

func (h *house) parameter(row handlers.RouteRow, before, name string, r houseRoom) (string, error) {
	switch before + "/" + name {
	case "roundtables/:id":
		return r.id.String(), nil
	case "requests/:request":
		return h.requests[r.id].String(), nil
	case "agenda/:item":
		return r.items[0].String(), nil
	case "guests/:id", "guests/:guest":
		return r.guests[0].String(), nil
	case "insights/:id", "insights/:insight":
		return r.insights[2].String(), nil
	case "people/:id", "people/:person":
		return r.people[0].String(), nil
	case "organizations/:id", "cohosts/:organisation":
		return h.host.String(), nil
	case "accounts/:account":
		return h.accounts["Paul Partner"].String(), nil
	case "series/:id":
		return h.series.String(), nil
	case "codebook/:id":
		return h.code.String(), nil
	case "versions/:version":
		return "1", nil
	case "help/:topic":
		return "attribution", nil
	case "staff/:id":
		return h.accounts["Rae Rapporteur"].String(), nil
	case "themes/:id":
		return r.drawnFrom(h.secret, h.theme), nil
	case "briefs/:id":
		return r.drawnFrom(h.inner, h.brief), nil
	case "comments/:comment":
		return h.comment.String(), nil
	case "briefs/:slug":
		return h.published, nil
	case "v/:n":
		return "1", nil
	case "undo/:id":
		return h.undo.String(), nil
	case "import/:id":
		return h.imported.String(), nil
	case "sessions/:id":
		return "0000000000000000", nil
	case "mail/:id":
		if len(h.mails[r.id]) == 0 {
			return models.ID(0).String(), nil
		}
		return h.mails[r.id][0].String(), nil
	case "sign-in/:token":
		return h.links[store.SignInLink], nil
	case "password-reset/:token":
		return h.links[store.ResetLink], nil
	case "recommendations/:id":
		return r.drawnFrom(h.hushed, h.recommended), nil
	case "evaluators/:evaluator":
		return h.evaluator.String(), nil
	case "evaluate/:token":
		return h.evaluate, nil
	case "r/:token":
		return r.tokens[0], nil
	}
	return "", fmt.Errorf("%s %s: nothing in the house for %s after %q: add it to house.parameter", row.Method, row.Path, name, before)
}

// drawnFrom is the id of what was made of what was said in the roundtable: the
// private one has its own, the others share one.
func (r houseRoom) drawnFrom(private, shared models.ID) string {
	switch r.state {
	case "private scheduled":
		return private.String()
	case neverMade:
		return r.id.String()
	}
	return shared.String()
}

// neverMade is the state of a roundtable that there is not.
const neverMade = "never made"

// drawsOnRooms reports whether the route is about one thing that is made of what
// was said: it exists for those alone to whom every room of it does.
func drawsOnRooms(row handlers.RouteRow) bool {
	for _, prefix := range []string{"/themes/:id", "/recommendations/:id", "/briefs/:id"} {
		if strings.HasPrefix(row.Path, prefix) {
			return true
		}
	}
	return false
}

// inRoom reports whether the route is about one roundtable that its path names.
func inRoom(row handlers.RouteRow) bool { return strings.HasPrefix(row.Path, "/roundtables/:id") }

// hasChild reports whether the path also names something inside the roundtable.
func hasChild(row handlers.RouteRow) bool { return inRoom(row) && strings.Count(row.Path, ":") > 1 }

// aboutRoom reports whether the route is about something that lies in one
// roundtable, whether or not its path names the roundtable.
func aboutRoom(row handlers.RouteRow) bool {
	for _, prefix := range []string{"/roundtables/:id", "/public/roundtables/:id", "/guests/:id", "/insights/:id", "/settings/mail/:id"} {
		if strings.HasPrefix(row.Path, prefix) {
			return true
		}
	}
	return false
}

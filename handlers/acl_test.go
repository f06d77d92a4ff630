package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"rotunda/handlers"
	"rotunda/models"
)

// outcome is what a principal gets for a route.
type outcome string

const (
	passes    outcome = "let in"
	forbidden outcome = "403"
	unknown   outcome = "404"
	signIn    outcome = "asked to sign in"
	broken    outcome = "broken"
)

func (a answer) outcome() outcome {
	switch {
	case a.signInAsked():
		return signIn
	case a.status == http.StatusForbidden:
		return forbidden
	case a.status == http.StatusNotFound:
		return unknown
	case a.status >= 500:
		return broken
	}
	return passes
}

// expected returns what the access row and the tables of rights allow, for a
// principal and a roundtable. Where the row leaves the rest to the store, more
// than one outcome is lawful for those to whom the thing exists.
func expected(row handlers.RouteRow, p principal, r houseRoom) []outcome {
	kind := row.Access.Kind()
	if kind == "public" && aboutRoom(row) && !r.isPublic() {
		return []outcome{unknown}
	}
	if kind == "open" || kind == "guest link" || kind == "public" {
		return []outcome{passes}
	}
	if p.nobody {
		return []outcome{signIn}
	}
	switch kind {
	case "by role":
		if !models.Can(p.viewer, row.Access.Right()) {
			return []outcome{forbidden}
		}
	case "knows room", "in room":
		switch {
		case !r.exists(p):
			return []outcome{unknown}
		case kind == "in room" && !models.CanIn(p.viewer, row.Access.Right(), r.id):
			return []outcome{forbidden}
		}
	case "signed in":
		return expectedOfStore(row, p, r)
	default:
		return nil
	}
	return []outcome{passes}
}

// expectedOfStore is what the store decides behind routes that let every
// account in.
func expectedOfStore(row handlers.RouteRow, p principal, r houseRoom) []outcome {
	switch {
	case strings.HasPrefix(row.Path, "/undo/"):
		if p.name == "Lea Lead" {
			return []outcome{passes}
		}
		return []outcome{unknown}
	case strings.HasPrefix(row.Path, "/account/sessions/:id"):
		return []outcome{passes, unknown} // the id is nobody's
	case !aboutRoom(row):
		return []outcome{passes}
	case !r.exists(p):
		return []outcome{unknown}
	case row.Method == http.MethodGet && strings.HasPrefix(row.Path, "/insights/:id"):
		return insightOutcomes(row, p, r)
	case strings.HasPrefix(row.Path, "/settings/mail/:id/") && p.viewer.IsTeam(r.id):
		return []outcome{passes, forbidden, unknown} // not every message has a body or a calendar part yet
	case p.viewer.IsTeam(r.id):
		return []outcome{passes, forbidden}
	}
	return []outcome{forbidden, unknown}
}

// insightOutcomes is for the released insight of a roundtable: deep background
// shows nothing of it, because it has no paraphrase.
func insightOutcomes(row handlers.RouteRow, p principal, r houseRoom) []outcome {
	switch {
	case p.viewer.IsTeam(r.id) && row.Path == "/insights/:id":
		return []outcome{passes}
	case p.viewer.IsTeam(r.id):
		return []outcome{passes, forbidden}
	case r.regime >= models.DeepBackground:
		return []outcome{unknown}
	case row.Path == "/insights/:id":
		return []outcome{passes}
	}
	return []outcome{forbidden, unknown}
}

// narrower lists the routes that answer some of those whom their row lets in
// otherwise, and why. Nothing else may differ.
var narrower = map[string]struct {
	also outcome
	why  string
}{
	"POST /roundtables/:id/duplicate":                              {forbidden, "a copy is also a new roundtable, which is for who may create one"},
	"GET /roundtables/:id/cohosts":                                 {forbidden, "the partners of a roundtable are for its team and for themselves"},
	"POST /settings/staff/:id/enable":                              {unknown, "the account of the house is enabled"},
	"POST /settings/example/remove":                                {unknown, "the house holds no example"},
	"GET /insights/export":                                         {forbidden, "readers and partners export nothing"},
	"POST /insights/export":                                        {forbidden, "readers and partners export nothing; whose export it is, the form says"},
	"POST /briefs/:id/reviewed":                                    {forbidden, "only who was asked to read it can say so"},
	"POST /briefs/:id/comments":                                    {forbidden, "writers comment, and who was asked to read it"},
	"POST /briefs/:id/finding":                                     {forbidden, "what the leak lint finds is for the team of every roundtable behind the brief"},
	"POST /themes/:id/finding":                                     {forbidden, "what the leak lint finds is for the team of every roundtable behind the theme"},
	"POST /recommendations/:id/finding":                            {forbidden, "what the leak lint finds is for the team of every roundtable behind the recommendation"},
	"GET /logo":                                                    {unknown, "the institute of the house has no logo"},
	"GET /codebook/versions/:version":                              {unknown, "no brief names a version of the house's codebook"},
	"GET /set-up":                                                  {unknown, "the house is set up"},
	"POST /set-up":                                                 {unknown, "the house is set up"},
	"POST /recommendations/:id/panel":                              {forbidden, "an evaluation is led by the owner and by admins"},
	"POST /recommendations/:id/panel/stage":                        {forbidden, "an evaluation is led by the owner and by admins"},
	"POST /recommendations/:id/panel/evaluators":                   {forbidden, "an evaluation is led by the owner and by admins"},
	"POST /recommendations/:id/panel/evaluators/:evaluator/remove": {forbidden, "an evaluation is led by the owner and by admins"},
	"POST /recommendations/:id/scores":                             {forbidden, "only who is on the panel scores"},
	"POST /recommendations/:id/remarks":                            {forbidden, "only the panel and who leads it talk"},
	"POST /sign-out":                                               {signIn, "ends at the sign-in page"},
	"POST /account/sign-out-everywhere":                            {signIn, "ends at the sign-in page"},
}

// TestACL_everyRouteForEveryPrincipal asks every route of the table as
// everybody, about a roundtable in every state, and compares with the table of
// rights. Nothing that is refused changes anything.
func TestACL_everyRouteForEveryPrincipal(t *testing.T) {
	h := theHouse(t)
	rows := handlers.RouteRows()
	covered := map[string]bool{}
	for _, row := range rows {
		if row.Access.Kind() == "denied" {
			t.Errorf("%s %s has no access row", row.Method, row.Path)
		}
		if _, err := h.address(row, h.rooms[0], false); err != nil {
			t.Error(err)
			continue
		}
		covered[row.Method+" "+row.Path] = true
	}
	asked := make([]int, len(h.rooms))
	t.Run("rooms", func(t *testing.T) {
		for i, r := range h.rooms {
			t.Run(r.state, func(t *testing.T) {
				t.Parallel()
				m := matrix{t: t, h: h, house: h.open(t)}
				m.house.mark()
				for _, row := range rows {
					if covered[row.Method+" "+row.Path] && (i == 0 || aboutRoom(row)) {
						m.row(row, r)
					}
				}
				asked[i] = m.asked
			})
		}
	})
	total := 0
	for _, n := range asked {
		total += n
	}
	t.Logf("%d routes, %d principals, %d states of a roundtable: %d questions", len(rows), len(h.principals), len(h.rooms), total)
}

// matrix asks about one roundtable.
type matrix struct {
	t     *testing.T
	h     *house
	house *copyOfHouse
	asked int
}

func (m *matrix) row(row handlers.RouteRow, r houseRoom) {
	m.t.Helper()
	path, err := m.h.address(row, r, false)
	if err != nil {
		m.t.Fatal(err)
	}
	if strings.HasSuffix(path, "/") && path != "/" || strings.Contains(path, "//") || strings.Contains(path, models.ID(0).String()) {
		return // the roundtable has none of these: no link after it is over, no mail
	}
	for _, p := range m.h.principals {
		want := expected(row, p, r)
		got := m.ask(row, p, path)
		if n, ok := narrower[row.Method+" "+row.Path]; ok && got == n.also && slices.Contains(want, passes) {
			continue
		}
		if !slices.Contains(want, got) {
			m.t.Errorf("%s %s (%s %s) as %s: %s, want %v", row.Method, row.Path, row.Access.Kind(), row.Access.Right().Name(), p.name, got, want)
		}
	}
	if hasChild(row) {
		m.foreignChild(row, r)
	}
}

// ask asks and, where something was written, sees that this was allowed, and
// opens a fresh copy.
func (m *matrix) ask(row handlers.RouteRow, p principal, path string) outcome {
	m.t.Helper()
	m.asked++
	var form url.Values
	if row.Method == http.MethodPost {
		form = url.Values{}
	}
	got := m.house.ask(p, row.Method, path, form)
	out := got.outcome()
	if m.house.dataVersion() != m.house.version {
		refused := out == forbidden || out == unknown || out == signIn && !strings.Contains(row.Path, "sign-out")
		if refused || row.Method == http.MethodGet {
			if tables := m.house.changed(); len(tables) > 0 {
				m.t.Errorf("%s %s as %s answered %d and changed %v", row.Method, row.Path, p.name, got.status, tables)
			}
		}
		if row.Method != http.MethodGet {
			m.house = m.h.open(m.t)
			m.house.mark()
		}
	}
	if out == broken {
		m.t.Logf("%s %s as %s: %d: %s", row.Method, path, p.name, got.status, m.house.failures())
	}
	return out
}

// foreignChild asks for a child of another roundtable under this one's path,
// as somebody who may do everything in both.
func (m *matrix) foreignChild(row handlers.RouteRow, r houseRoom) {
	m.t.Helper()
	if strings.Contains(row.Path, ":organisation") || strings.Contains(row.Path, ":account") {
		return // these are not of one roundtable
	}
	path, err := m.h.address(row, r, true)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, p := range m.h.principals {
		if p.name != "Lea Lead" {
			continue
		}
		if got := m.ask(row, p, path); got != unknown {
			m.t.Errorf("%s %s with the child of another roundtable as %s: %s, want 404", row.Method, row.Path, p.name, got)
		}
	}
}

// failures returns the log lines of requests that failed.
func (c *copyOfHouse) failures() string {
	var out []string
	for line := range strings.Lines(c.log.String()) {
		if strings.Contains(line, "level=ERROR") {
			out = append(out, line)
		}
	}
	return strings.Join(out[max(0, len(out)-3):], "")
}

// TestACL_aPrivateRoundtableIsNotTold sees that every route answers the same
// about a private roundtable, and about what was made of its words, as about
// one that was never made: status, headers and body. The time is printed, as the median of pairs in turn.
func TestACL_aPrivateRoundtableIsNotTold(t *testing.T) {
	h := theHouse(t)
	house := h.open(t)
	none := houseRoom{state: neverMade, id: models.ID(424242424242), items: []models.ID{77777777777}, guests: []models.ID{88888888888}, insights: []models.ID{1, 2, 99999999999}}
	var private houseRoom
	for _, r := range h.rooms {
		if r.private {
			private = r
			break
		}
	}
	var differences []time.Duration
	for _, row := range handlers.RouteRows() {
		if !aboutRoom(row) && !drawsOnRooms(row) || strings.HasPrefix(row.Path, "/settings/mail") {
			continue
		}
		one, err := h.address(row, private, false)
		if err != nil {
			continue // the matrix says so
		}
		other, _ := h.address(row, none, false)
		for _, p := range h.principals {
			if row.Access.Kind() != "public" && (p.nobody || private.exists(p)) {
				continue
			}
			var form url.Values
			if row.Method == http.MethodPost {
				form = url.Values{}
			}
			start := time.Now()
			a := house.ask(p, row.Method, one, form)
			middle := time.Now()
			b := house.ask(p, row.Method, other, form)
			differences = append(differences, middle.Sub(start)-time.Since(middle))
			x, y := a.comparable(one), b.comparable(other)
			if drawsOnRooms(row) { // a form that is refused leads back to where it was sent
				x, y = strings.ReplaceAll(x, strings.Split(one, "/")[2], "ID"), strings.ReplaceAll(y, none.id.String(), "ID")
			}
			if x != y {
				t.Errorf("%s %s as %s tells a private roundtable from none:\n%s\n%s", row.Method, row.Path, p.name, x, y)
			}
		}
	}
	slices.Sort(differences)
	t.Logf("%d pairs; the private one took %v longer, by the median", len(differences), differences[len(differences)/2])
}

// comparable writes an answer without what every answer has of its own: the
// request's id, and the address that was asked for.
func (a answer) comparable(path string) string {
	header := a.header.Clone()
	id := header.Get("X-Request-Id")
	header.Del("X-Request-Id")
	body := strings.ReplaceAll(a.body, path, "PATH")
	body = strings.ReplaceAll(body, url.QueryEscape(path), "PATH")
	if id != "" {
		body = strings.ReplaceAll(body, id, "ID")
	}
	return fmt.Sprint(a.status, header, body)
}

package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// readWorld is a database with roundtables under every rule, public and
// private, and insights in every state, for reading them back.
type readWorld struct {
	*session
	rooms   []models.ID
	guestOf map[models.ID][]models.ID
	itemOf  map[models.ID][]models.ID
	cohost  models.Viewer
	all     []models.ID // the insights
	loaded  map[models.ID]store.LoadedInsight
}

// viewers lists everybody who may ask, by name.
func (w *readWorld) viewers() map[string]models.Viewer {
	return map[string]models.Viewer{
		"lead": w.lead, "other staff": w.other, "co-host": w.cohost, "system": models.System("test"), "anonymous": models.Anonymous(),
		"lead as staff": w.lead.Capped(models.Staff), "lead as public": w.lead.Capped(models.Public), "system as partner": models.System("test").Capped(models.Partner),
	}
}

var readTexts = []string{
	"Export controls on chips must follow the supply chain", "NATO should plan for quantum sensing", "The Türkiye question is about trust",
	"A rules-based order needs freedom of navigation", "Permits come before ships", "Quad partners build maritime awareness", "No alliance without burden sharing, no NATO without Europe",
}

// newReadWorld makes a public and a private roundtable under each rule; the
// lead is on the team of the even ones.
func newReadWorld(t *testing.T, insights int) *readWorld {
	t.Helper()
	w := &readWorld{session: newSession(t, threeSectors...), guestOf: map[models.ID][]models.ID{}, itemOf: map[models.ID][]models.ID{}, loaded: map[models.ID]store.LoadedInsight{}}
	w.rooms = []models.ID{w.room}
	w.guestOf[w.room], w.itemOf[w.room] = w.guests, w.items
	for n, regime := range models.Regimes {
		for _, private := range []bool{false, true} {
			w.addRoom(fmt.Sprintf("Room %d %t", n, private), regime, private, fmt.Sprintf("2026-%02d-15T09:00", 3+n))
		}
	}
	for i, room := range w.rooms {
		if i%2 == 0 && i > 0 {
			w.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', 1)", room, w.lead.Account())
		}
	}
	w.lead = storetest.Viewer(t, w.st, "jo.lead@example.org")
	partner := models.ID(w.st.NewID())
	w.exec("INSERT INTO organisations (id, name, name_fold, created_ms) VALUES (?, 'Partner', 'partner', 1)", partner)
	account := w.st.NewID()
	w.exec("INSERT INTO accounts (id, email, email_fold, name, role, created_ms) VALUES (?, 'co@example.net', 'co@example.net', 'Co Host', 'cohost', 1)", account)
	for _, room := range w.rooms[:4] {
		w.exec("INSERT INTO cohosts (roundtable_id, organisation_id, added_ms) VALUES (?, ?, 1)", room, partner)
		w.exec("INSERT INTO cohost_accounts (roundtable_id, account_id, organisation_id, added_ms) VALUES (?, ?, ?, 1)", room, account, partner)
	}
	w.cohost = storetest.Viewer(t, w.st, "co@example.net")
	w.load(insights)
	return w
}

func (w *readWorld) addRoom(title string, regime models.Regime, private bool, starts string) {
	room := w.st.NewID()
	w.exec(`INSERT INTO roundtables (id, title, title_fold, zone, regime, private, status, ics_uid, created_ms, starts_local)
		VALUES (?, ?, ?, 'Asia/Tokyo', ?, ?, 'held', ?, 1, ?)`, room, title, strings.ToLower(title), regime, private, title, starts)
	for i := range 2 {
		id := w.st.NewID()
		w.exec(`INSERT INTO agenda_items (id, roundtable_id, position, title, title_reviewed, regime) VALUES (?, ?, ?, ?, ?, ?)`,
			id, room, i+1, fmt.Sprintf("%s, item %d", title, i+1), i == 0, models.Regime(i*2))
		w.itemOf[room] = append(w.itemOf[room], id)
	}
	for n := range threeSectors {
		id := w.st.NewID()
		preference := models.RegimeNone
		if n == 0 && len(w.rooms)%3 == 0 {
			preference = models.DeepBackground
		}
		w.exec(`INSERT INTO guests (id, roundtable_id, person_id, state, state_ms, rsvp_state, seat, preference, created_ms)
			VALUES (?, ?, ?, 'attended', 1, 'accepted', ?, ?, 1)`, id, room, w.people[n], n+1, preference)
		w.guestOf[room] = append(w.guestOf[room], id)
	}
	w.rooms = append(w.rooms, room)
}

func (w *readWorld) load(n int) {
	w.t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	marks := []string{"", " #s", " #t #e", " #a #d #s", " ^networks", " %nato", " %quad %nato", " !proposal #e", " !dissent"}
	var rows []store.LoadedInsight
	for i := range n {
		room := w.rooms[r.IntN(len(w.rooms))]
		row := store.LoadedInsight{CaptureInput: models.CaptureInput{
			Roundtable: room, ClientID: fmt.Sprint("c", i), Item: w.itemOf[room][r.IntN(2)],
			Line: readTexts[r.IntN(len(readTexts))] + fmt.Sprintf(" w%d", i) + marks[r.IntN(len(marks))],
		}, CapturedBy: w.lead.Account(), CapturedAt: models.At(storetest.Start.Add(time.Duration(i) * time.Second)), State: models.InsightStates[r.IntN(3)]}
		if r.IntN(4) > 0 {
			row.Speaker = w.guestOf[room][r.IntN(len(w.guestOf[room]))]
		}
		if r.IntN(6) == 0 {
			row.Flag = models.Regimes[r.IntN(5)]
		}
		if r.IntN(2) == 0 {
			row.Paraphrase = fmt.Sprint("In our words quantum ", i)
		}
		rows = append(rows, row)
	}
	if err := w.st.LoadInsights(w.t.Context(), models.System("test"), rows); err != nil {
		w.t.Fatal(err)
	}
	if err := w.st.Rows(w.t.Context(), &w.all, "SELECT id FROM insights ORDER BY seq"); err != nil {
		w.t.Fatal(err)
	}
}

// everything reads each insight on its own: what a list must agree with.
func (w *readWorld) everything(t *testing.T, v models.Viewer) []models.Insight {
	t.Helper()
	var out []models.Insight
	for _, id := range w.all {
		i, err := w.st.Insight(t.Context(), v, id)
		if err == models.ErrNotFound {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, i)
	}
	return out
}

// listed pages through a list to its end.
func listed(t *testing.T, st *store.Store, v models.Viewer, f models.InsightFilter) []models.Insight {
	t.Helper()
	var out []models.Insight
	at := store.Cursor{}
	for range 100 {
		page, err := st.Insights(t.Context(), v, f, at)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Insights...)
		if page.Next == "" {
			return out
		}
		at = store.Cursor{After: page.Next}
	}
	t.Fatal("the pages do not end")
	return nil
}

func insightIDs(list []models.Insight) []models.ID {
	var out []models.ID
	for _, i := range list {
		out = append(out, i.ID())
	}
	slices.Sort(out)
	return out
}

// someFilter draws filters of one or two conditions.
func (w *readWorld) someFilter(t *rapid.T) models.InsightFilter {
	f := models.InsightFilter{Text: rapid.SampledFrom([]string{"", "", "quantum", "nato -europe", "-chips", `"supply chain"`, "quan*", "w1*", "turkiye", `"rules-based"`, "\"", "zzz"}).Draw(t, "text")}
	keys := map[models.Facet][]string{
		models.FacetPillar: {"S", "T", "E", "A", "D", "none"}, models.FacetKind: {"claim", "proposal", "dissent"},
		models.FacetRegime: {"record", "background", "chatham", "deep", "off"}, models.FacetState: {"captured", "reviewed", "released"},
		models.FacetForum: {"nato", "quad", "nowhere"}, models.FacetFront: {"networks"},
	}
	for _, r := range models.Regimes {
		keys[models.FacetRegime] = append(keys[models.FacetRegime], r.Key())
	}
	for _, l := range models.Labels {
		keys[models.FacetLabel] = append(keys[models.FacetLabel], l.Key())
	}
	for _, room := range w.rooms {
		keys[models.FacetRoundtable] = append(keys[models.FacetRoundtable], room.String())
		for _, item := range w.itemOf[room] {
			keys[models.FacetItem] = append(keys[models.FacetItem], item.String())
		}
	}
	facets := slices.Sorted(maps.Keys(keys))
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		facet := rapid.SampledFrom(facets).Draw(t, "facet")
		f = f.With(facet, rapid.SampledFrom(keys[facet]).Draw(t, "key"))
	}
	if rapid.IntRange(0, 4).Draw(t, "bounded") == 0 {
		f.Since = rapid.SampledFrom([]string{"", "2026-04", "2026-06"}).Draw(t, "since")
		f.Until = rapid.SampledFrom([]string{"", "2026-05", "2026-07"}).Draw(t, "until")
	}
	return models.ParseInsightFilter(f.Values())
}

func TestInsights_aListIsWhatItsRowsAsDisclosedSay(t *testing.T) {
	w := newReadWorld(t, 400)
	for name, v := range w.viewers() {
		all := w.everything(t, v)
		t.Logf("%s reads %d", name, len(all))
		rapid.Check(t, func(rt *rapid.T) {
			f := w.someFilter(rt)
			var want []models.ID
			for _, i := range all {
				if f.Matches(i) {
					want = append(want, i.ID())
				}
			}
			slices.Sort(want)
			got := listed(t, w.st, v, f)
			if !slices.Equal(insightIDs(got), want) {
				rt.Fatalf("%s: %v finds %d insights, its rows say %d", name, f.Values(), len(got), len(want))
			}
		})
	}
}

func TestInsights_facetsAreARecountOfTheList(t *testing.T) {
	w := newReadWorld(t, 300)
	for name, v := range w.viewers() {
		rapid.Check(t, func(rt *rapid.T) {
			f := w.someFilter(rt)
			facets, err := w.st.InsightFacets(t.Context(), v, f)
			if err != nil {
				rt.Fatal(err)
			}
			if n := len(listed(t, w.st, v, f)); n != facets.Total {
				rt.Fatalf("%s: %v lists %d and counts %d", name, f.Values(), n, facets.Total)
			}
			for _, g := range facets.Groups {
				counted := map[string]int{}
				for _, i := range listed(t, w.st, v, f.WithoutFacet(g.Facet)) {
					for _, key := range i.FacetKeys(g.Facet) {
						counted[key]++
					}
				}
				for _, value := range g.Values {
					if value.N != counted[value.Key] {
						rt.Fatalf("%s: %v: %s %s counts %d, the list has %d", name, f.Values(), g.Facet.Name(), value.Key, value.N, counted[value.Key])
					}
					delete(counted, value.Key)
				}
				if len(counted) > 0 {
					rt.Fatalf("%s: %v: %s does not count %v", name, f.Values(), g.Facet.Name(), counted)
				}
			}
		})
	}
}

func TestInsights_facetsCountTheSameInEveryWay(t *testing.T) {
	w := newReadWorld(t, 300)
	for name, v := range w.viewers() {
		rapid.Check(t, func(rt *rapid.T) {
			f := w.someFilter(rt).WithoutFacet(models.FacetRoundtable)
			ways, err := w.st.Tallies(t.Context(), v, f)
			if err != nil {
				rt.Fatal(err)
			}
			for _, counted := range ways {
				if counted != ways[0] {
					rt.Fatalf("%s: %v counts %q", name, f.Values(), ways)
				}
			}
		})
	}
}

// Explore reads the first page by the positions that were counted; every page
// must be the one that a search of its own finds.
func TestInsights_explorerShowsWhatListAndFacetsSay(t *testing.T) {
	w := newReadWorld(t, 420)
	viewers := w.viewers()
	names := slices.Sorted(maps.Keys(viewers))
	rapid.Check(t, func(rt *rapid.T) {
		v := viewers[rapid.SampledFrom(names).Draw(rt, "viewer")]
		f := w.someFilter(rt)
		if rapid.Bool().Draw(rt, "ranked") {
			f.Order = models.BestMatch
		}
		for at, n := (store.Cursor{}), 0; n < 3; n++ {
			page, facets, err := w.st.Explore(t.Context(), v, f, at)
			if err != nil {
				rt.Fatal(err)
			}
			list, err := w.st.Insights(t.Context(), v, f, at)
			if err != nil {
				rt.Fatal(err)
			}
			counts, err := w.st.InsightFacets(t.Context(), v, f)
			if err != nil {
				rt.Fatal(err)
			}
			if !slices.Equal(insightIDs(page.Insights), insightIDs(list.Insights)) || !reflect.DeepEqual(facets, counts) {
				rt.Fatalf("%+v: the explorer shows %v, the list %v", f, insightIDs(page.Insights), insightIDs(list.Insights))
			}
			if (page.Next == "") != (list.Next == "") || (page.Prev == "") != (list.Prev == "") {
				rt.Fatalf("%+v: the explorer leads elsewhere than the list", f)
			}
			if page.Next == "" {
				return
			}
			at = store.Cursor{After: page.Next}
		}
	})
}

func TestInsights_anyTextIsAQuery(t *testing.T) {
	w := newReadWorld(t, 40)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"`, "*", "-", "a AND", "NEAR(a b)", "{marks}:tv", "marks:sv", "'", "a:*b", "\\", "!", "&|", "( )"})).Draw(rt, "text")
		f := models.ParseInsightFilter(url.Values{"q": {text}, "pillar": {text}, "roundtable": {text}, "forum": {text}, "since": {text}, "item": {text}})
		for _, order := range []models.InsightOrder{models.NewestFirst, models.BestMatch} {
			f.Order = order
			if _, err := w.st.Insights(t.Context(), w.lead, f, store.Cursor{After: text, Before: text}); err != nil {
				rt.Fatalf("%q: %v", text, err)
			}
		}
		if _, err := w.st.InsightFacets(t.Context(), w.lead, f); err != nil {
			rt.Fatalf("%q: %v", text, err)
		}
	})
}

func TestInsights_pagesMeetAndLeadBack(t *testing.T) {
	w := newReadWorld(t, 420)
	for _, f := range []models.InsightFilter{
		{}, {Text: "w*", Order: models.BestMatch}, models.InsightFilter{}.With(models.FacetRoundtable, w.room.String()),
	} {
		var pages [][]models.ID
		var prevs []string
		at := store.Cursor{}
		for {
			page, err := w.st.Insights(t.Context(), w.lead, f, at)
			if err != nil {
				t.Fatal(err)
			}
			var ids []models.ID
			for _, i := range page.Insights {
				ids = append(ids, i.ID())
			}
			pages, prevs = append(pages, ids), append(prevs, page.Prev)
			if page.Next == "" {
				break
			}
			at = store.Cursor{After: page.Next}
		}
		if prevs[0] != "" {
			t.Errorf("%v: something is said to come before the first page", f)
		}
		seen := map[models.ID]bool{}
		for _, id := range slices.Concat(pages...) {
			if seen[id] {
				t.Fatalf("%v: an insight stands on two pages", f)
			}
			seen[id] = true
		}
		for n := len(pages) - 1; n > 0; n-- {
			back, err := w.st.Insights(t.Context(), w.lead, f, store.Cursor{Before: prevs[n]})
			if err != nil {
				t.Fatal(err)
			}
			var ids []models.ID
			for _, i := range back.Insights {
				ids = append(ids, i.ID())
			}
			if !slices.Equal(ids, pages[n-1]) {
				t.Errorf("%v: going back from page %d leads elsewhere than page %d", f, n+1, n)
			}
		}
	}
}

func TestInsights_theOrderOfCaptureIsTheTeamsAlone(t *testing.T) {
	w := newReadWorld(t, 400)
	f := models.InsightFilter{}.With(models.FacetRoundtable, w.room.String())
	team := listed(t, w.st, w.lead, f)
	if !slices.IsSortedFunc(team, func(a, b models.Insight) int { return int(b.Seq() - a.Seq()) }) {
		t.Error("in its own room the team does not read the newest insight first")
	}
	captured := map[models.ID]int{}
	for n, id := range w.all {
		captured[id] = n
	}
	outside := listed(t, w.st, w.other, f)
	inOrder := slices.IsSortedFunc(outside, func(a, b models.Insight) int { return captured[b.ID()] - captured[a.ID()] })
	if len(outside) < 10 || inOrder {
		t.Errorf("other staff read %d insights, in the order of capture: %v", len(outside), inOrder)
	}
}

func TestInsights_rankingLooksAtTheRowAlone(t *testing.T) {
	w := newReadWorld(t, 200)
	f := models.InsightFilter{Text: "nato", Order: models.BestMatch}
	before := listed(t, w.st, w.other, f)
	if len(before) < 5 {
		t.Fatalf("%d matches are too few to rank", len(before))
	}
	// Hundreds of rows that other staff may not see change nothing for them.
	var hidden []store.LoadedInsight
	for i := range 300 {
		hidden = append(hidden, store.LoadedInsight{CaptureInput: models.CaptureInput{
			Roundtable: w.room, ClientID: fmt.Sprint("h", i), Line: "NATO NATO Europe should plan sharing",
		}, CapturedBy: w.lead.Account(), State: models.Captured})
	}
	if err := w.st.LoadInsights(t.Context(), models.System("test"), hidden); err != nil {
		t.Fatal(err)
	}
	after := listed(t, w.st, w.other, f)
	for i := range before {
		if before[i].ID() != after[i].ID() {
			t.Fatalf("rank %d changed with rows that the reader cannot see", i+1)
		}
	}
}

func TestInsights_aPrivateRoundtableIsInNoCount(t *testing.T) {
	w := newReadWorld(t, 300)
	var private []models.ID
	if err := w.st.Rows(t.Context(), &private, "SELECT id FROM roundtables WHERE private = TRUE"); err != nil {
		t.Fatal(err)
	}
	for _, room := range private {
		f := models.InsightFilter{}.With(models.FacetRoundtable, room.String())
		facets, err := w.st.InsightFacets(t.Context(), w.other, f)
		if err != nil {
			t.Fatal(err)
		}
		if facets.Total != 0 {
			t.Errorf("other staff count %d insights of a private roundtable", facets.Total)
		}
		for _, g := range facets.Groups {
			for _, v := range g.Values {
				if g.Facet == models.FacetRoundtable && strings.HasPrefix(v.Name, "Room") && v.Key == room.String() {
					t.Errorf("a private roundtable's title is told: %q", v.Name)
				}
			}
		}
	}
}

// account makes one more account.
func (w *readWorld) account(name string, role models.AccountRole) models.Viewer {
	return storetest.Account(w.t, w.st, name, role)
}

func (w *readWorld) viewer(email string) models.Viewer { return storetest.Viewer(w.t, w.st, email) }

func TestInsights_whoJoinsATeamReadsAsTheTeamAndWhoLeavesNoLonger(t *testing.T) {
	w := newReadWorld(t, 200)
	f := models.InsightFilter{}.With(models.FacetState, "captured")
	if got := listed(t, w.st, w.other, f); len(got) != 0 {
		t.Fatalf("other staff read %d insights that are only captured", len(got))
	}
	for _, role := range []models.TeamRole{models.TeamObserver, models.TeamNone} {
		if err := w.st.SetTeamMember(t.Context(), w.lead, w.room, w.other.Account(), role); err != nil {
			t.Fatal(err)
		}
		v := w.viewer(w.other.Email())
		facets, err := w.st.InsightFacets(t.Context(), v, f)
		if err != nil {
			t.Fatal(err)
		}
		got := listed(t, w.st, v, f)
		if len(got) != facets.Total || (len(got) > 0) != (role != models.TeamNone) {
			t.Errorf("%s: %d insights, %d counted", role.Name(), len(got), facets.Total)
		}
	}
}

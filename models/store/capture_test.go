package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// session is a roundtable with people in it, for the tests of captures.
type session struct {
	t      *testing.T
	st     *store.Store
	clock  *storetest.Clock
	room   models.ID
	items  []models.ID
	guests []models.ID // S1, S2, …
	people []models.ID
	lead   models.Viewer
	other  models.Viewer // staff, not on the team
}

// newSession makes a roundtable under the Chatham House Rule with n guests who
// came, of the sectors in turn, each from an organisation of their own.
func newSession(t *testing.T, sectors ...models.Sector) *session {
	t.Helper()
	return newSessionIn(t, storetest.NewDSN(t), sectors...)
}

// newSessionIn is newSession in a database that the test looks at beside it.
func newSessionIn(t *testing.T, dsn string, sectors ...models.Sector) *session {
	t.Helper()
	st, clock := storetest.OpenDSN(t, dsn)
	s := &session{t: t, st: st, clock: clock, room: st.NewID()}
	s.exec(`INSERT INTO roundtables (id, title, title_fold, zone, regime, status, ics_uid, created_ms, starts_local)
		VALUES (?, 'Cables', 'cables', 'America/New_York', ?, 'held', 'u', 1, '2026-09-24T09:00')`, s.room, models.ChathamHouse)
	for i := range 2 {
		id := st.NewID()
		s.items = append(s.items, id)
		s.exec(`INSERT INTO agenda_items (id, roundtable_id, position, title, title_reviewed) VALUES (?, ?, ?, ?, TRUE)`, id, s.room, i+1, fmt.Sprintf("Item %d", i+1))
	}
	for _, sector := range sectors {
		s.guest(sector)
	}
	storetest.Account(t, st, "Jo Lead", models.RoleConvener)
	storetest.Account(t, st, "Ot Her", models.RoleAnalyst)
	v := storetest.Viewer(t, st, "jo.lead@example.org")
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', 1)", s.room, v.Account())
	s.lead = storetest.Viewer(t, st, "jo.lead@example.org")
	s.other = storetest.Viewer(t, st, "ot.her@example.org")
	return s
}

// close ends the session before its test does: a property makes a hundred of
// them, and PostgreSQL has only so many connections to give.
func (s *session) close() {
	if err := s.st.Close(); err != nil {
		s.t.Error(err)
	}
}

// guest adds one who came and returns the id.
func (s *session) guest(sector models.Sector) models.ID {
	s.t.Helper()
	n := len(s.guests) + 1
	person, guest := s.st.NewID(), s.st.NewID()
	s.exec(`INSERT INTO people (id, full_name, list_name, name_fold, sort_fold, position, organisation, org_fold, sector, created_ms, updated_ms)
		VALUES (?, ?, 'x', 'x', 'x', 'Director', ?, ?, ?, 1, 1)`, person, fmt.Sprintf("Person Number%d", n), fmt.Sprintf("Org %d", n), fmt.Sprintf("org %d", n), sector)
	s.exec(`INSERT INTO guests (id, roundtable_id, person_id, state, state_ms, rsvp_state, seat, created_ms)
		VALUES (?, ?, ?, 'attended', 1, 'accepted', ?, 1)`, guest, s.room, person, n)
	s.guests, s.people = append(s.guests, guest), append(s.people, person)
	return guest
}

func (s *session) exec(q string, args ...any) {
	s.t.Helper()
	if err := s.st.Exec(s.t.Context(), q, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) count(q string, args ...any) int {
	s.t.Helper()
	var n int
	if err := s.st.Rows(s.t.Context(), &n, q, args...); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *session) capture(line string) models.Insight {
	s.t.Helper()
	i, err := s.st.CaptureInsight(s.t.Context(), s.lead, models.CaptureInput{Roundtable: s.room, Line: line, Item: s.items[0]})
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

var threeSectors = []models.Sector{
	models.Congress, models.Congress, models.Congress, models.Industry, models.Industry, models.Industry,
	models.Diplomats, models.Diplomats, models.Diplomats, models.Diplomats,
}

func TestCaptureInsight_keepsWhatTheLineSays(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture(`Permits come before ships @s4 #s #d !evidence ^networks %nato`)
	if i.Text() != "Permits come before ships" || i.Kind() != models.Evidence || i.PrimaryPillar() != models.Security ||
		i.PillarMask() != models.Security.Mask()|models.Diplomacy.Mask() || len(i.Fronts()) != 1 || len(i.Forums()) != 1 {
		t.Errorf("kept: %q %v %v %v %v %v", i.Text(), i.Kind(), i.PrimaryPillar(), i.PillarMask(), i.Fronts(), i.Forums())
	}
	if i.SpeakerName() != "Person Number4" || i.Seat() != "S4" || i.Regime() != models.ChathamHouse || i.Item() != "Item 1" {
		t.Errorf("speaker: %q %q %v %q", i.SpeakerName(), i.Seat(), i.Regime(), i.Item())
	}
	for table, want := range map[string]int{
		"insights": 1, "insight_speakers": 1, "insight_codes": 4, "insight_revisions": 1, "events": 1,
	} {
		if n := s.count("SELECT count(*) FROM " + table); n != want {
			t.Errorf("%s has %d rows, want %d", table, n, want)
		}
	}
	if n := s.count("SELECT label_staff FROM insights"); models.Label(n) != models.Label(models.Industry) {
		t.Errorf("staff see label %d", n)
	}
}

func TestCaptureInsight_offTheRecordKeepsNoSpeakerAndNoWordsInSearch(t *testing.T) {
	s := newSession(t, threeSectors...)
	i := s.capture("zebrafish talk @s4 @nobody =off")
	if i.Regime() != models.OffTheRecord || i.SpeakerName() != "" {
		t.Errorf("%v, speaker %q", i.Regime(), i.SpeakerName())
	}
	if n := s.count("SELECT count(*) FROM insight_speakers"); n != 0 {
		t.Errorf("%d speakers are kept", n)
	}
	if n := s.count("SELECT team_sector FROM insights"); n != 0 {
		t.Errorf("the sector %d is kept", n)
	}
	if n := s.searched("words", "zebrafish") + s.searched("shown", "zebrafish"); n != 0 {
		t.Error("the words are in the index")
	}
}

// searched counts the search rows whose column holds the token.
func (s *session) searched(column, token string) int {
	s.t.Helper()
	if storetest.Postgres() {
		return s.count("SELECT count(*) FROM insight_search WHERE "+column+" @@ CAST(? AS tsquery)", "'"+token+"'")
	}
	return s.count("SELECT count(*) FROM insight_search WHERE insight_search MATCH ?", "{"+column+`} : "`+token+`"`)
}

func TestCaptureInsight_twiceIsOnce(t *testing.T) {
	s := newSession(t, threeSectors...)
	const lines, senders = 20, 8
	var wg sync.WaitGroup
	ids := make([][senders]models.ID, lines)
	for n := range lines {
		for k := range senders {
			wg.Add(1)
			go func() {
				defer wg.Done()
				in := models.CaptureInput{Roundtable: s.room, ClientID: fmt.Sprintf("c-%d", n), Line: fmt.Sprintf("Line %d @s%d", n, n%10+1)}
				i, err := s.st.CaptureInsight(context.WithoutCancel(t.Context()), s.lead, in)
				if err != nil {
					t.Error(err)
				}
				ids[n][k] = i.ID()
				if want := fmt.Sprintf("Line %d", n); i.Text() != want {
					t.Errorf("%q, want %q", i.Text(), want)
				}
			}()
		}
	}
	wg.Wait()
	for n := range lines {
		for k := range senders {
			if ids[n][k] != ids[n][0] || ids[n][0] == 0 {
				t.Fatalf("line %d got two answers: %v", n, ids[n])
			}
		}
	}
	for _, table := range []string{"insights", "insight_search", "events", "insight_revisions"} {
		if got := s.count("SELECT count(*) FROM " + table); got != lines {
			t.Errorf("%s has %d rows, want %d", table, got, lines)
		}
	}
}

func TestCaptureInsight_onlyTheGuiltyOneFails(t *testing.T) {
	s := newSession(t, threeSectors...)
	if storetest.Postgres() {
		s.exec(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.text LIKE '%poison%' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$`)
		s.exec("CREATE TRIGGER poison BEFORE INSERT ON insights FOR EACH ROW EXECUTE FUNCTION poison()")
	} else {
		s.exec("CREATE TRIGGER poison BEFORE INSERT ON insights WHEN NEW.text LIKE '%poison%' BEGIN SELECT RAISE(ABORT, 'poison'); END")
	}
	var wg sync.WaitGroup
	const n = 60
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			line := fmt.Sprintf("Line %d", i)
			if i%20 == 7 {
				line += " poison"
			}
			_, err := s.st.CaptureInsight(context.WithoutCancel(t.Context()), s.lead, models.CaptureInput{Roundtable: s.room, Line: line})
			if (err != nil) != strings.Contains(line, "poison") {
				t.Errorf("%s: %v", line, err)
			}
		}()
	}
	wg.Wait()
	if got := s.count("SELECT count(*) FROM insights"); got != n-3 {
		t.Errorf("%d insights, want %d", got, n-3)
	}
}

func TestCaptureInsight_whoMay(t *testing.T) {
	s := newSession(t)
	in := models.CaptureInput{Roundtable: s.room, Line: "Words"}
	if _, err := s.st.CaptureInsight(t.Context(), s.other, in); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("other staff: %v", err)
	}
	s.exec("UPDATE roundtables SET private = TRUE")
	if _, err := s.st.CaptureInsight(t.Context(), s.other, in); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a private roundtable: %v", err)
	}
	var bad *models.InvalidError
	if _, err := s.st.CaptureInsight(t.Context(), s.lead, models.CaptureInput{Roundtable: s.room, Line: " #s "}); !errors.As(err, &bad) || bad.Fields["line"] == "" {
		t.Errorf("no words: %v", err)
	}
}

func TestCapture_aRoomOffTheRecordDoesNotExistForOtherStaff(t *testing.T) {
	s := newSession(t, threeSectors...)
	asked := func(room models.ID) map[string]error {
		out := map[string]error{}
		_, out["board"] = s.st.CaptureBoard(t.Context(), s.other, room)
		_, out["preview"] = s.st.PreviewCapture(t.Context(), s.other, models.CaptureInput{Roundtable: room, Line: "Said"})
		_, out["insights"] = s.st.RoomInsights(t.Context(), s.other, room, nil)
		_, out["counts"] = s.st.RoomCounts(t.Context(), s.other, room)
		_, _, _, _, out["events"] = s.st.EventsAfter(t.Context(), s.other, room, "")
		_, out["capture"] = s.st.CaptureInsight(t.Context(), s.other, models.CaptureInput{Roundtable: room, ClientID: "c", Line: "Said"})
		return out
	}
	for what, err := range asked(s.room) {
		if !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s of a room that is known: %v", what, err)
		}
	}
	s.exec("UPDATE roundtables SET regime = ?", models.OffTheRecord)
	none := asked(s.st.NewID())
	for what, err := range asked(s.room) {
		if !errors.Is(err, models.ErrNotFound) || !errors.Is(none[what], models.ErrNotFound) {
			t.Errorf("%s: %v, of a room that is none: %v", what, err, none[what])
		}
	}
}

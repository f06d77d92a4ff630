package store_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// seat puts a person in a state on the roundtable's list and returns the guest.
func seat(t *testing.T, st *store.Store, v models.Viewer, room models.ID, name, state string) models.ID {
	t.Helper()
	p := storetest.Person(t, st, v, name, models.Industry, "Acme Corp")
	id := st.NewID()
	err := st.Exec(t.Context(), `INSERT INTO guests (id, roundtable_id, person_id, sector, state, state_ms, invited_ms, answered_ms, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, room, p.ID, p.Sector, state, st.Now(), st.Now(), st.Now(), st.Now())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// stateOf reads a guest's state.
func stateOf(t *testing.T, st *store.Store, guest models.ID) string {
	t.Helper()
	var states []string
	if err := st.Rows(t.Context(), &states, "SELECT state FROM guests WHERE id = ?", guest); err != nil || len(states) != 1 {
		t.Fatalf("guest: %v, %v", states, err)
	}
	return states[0]
}

// mailJobs reads the jobs that tell guests of a change, in the order in which
// they are due.
func mailJobs(t *testing.T, st *store.Store) (mails []store.RoundtableMail, due []models.Instant) {
	t.Helper()
	var rows []struct {
		Args    string
		RunAtMs models.Instant
	}
	if err := st.Rows(t.Context(), &rows, "SELECT args, run_at_ms FROM jobs WHERE kind = ? ORDER BY run_at_ms, created_ms", store.RoundtableMailJob); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		var m store.RoundtableMail
		if err := json.Unmarshal([]byte(r.Args), &m); err != nil {
			t.Fatal(err)
		}
		mails, due = append(mails, m), append(due, r.RunAtMs)
	}
	return mails, due
}

func edit(t *testing.T, st *store.Store, v models.Viewer, room models.ID, change func(*models.RoundtableInput)) (store.Edited, error) {
	t.Helper()
	r, err := st.Roundtable(t.Context(), v, room)
	if err != nil {
		t.Fatal(err)
	}
	in := r.Input()
	change(&in)
	return st.UpdateRoundtable(t.Context(), v, room, in)
}

func TestMove_asksAcceptedAndTentativeAgain(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead, storetest.Seats(3))
	before := map[string]string{"accepted": "reconfirm", "tentative": "reconfirm", "invited": "invited", "declined": "declined", "shortlisted": "shortlisted", "waitlisted": "waitlisted"}
	guests := map[string]models.ID{}
	for state := range before {
		guests[state] = seat(t, st, lead, room, "Person "+state, state)
	}
	second := seat(t, st, lead, room, "Second", "accepted")
	third := seat(t, st, lead, room, "Late", "tentative")
	done, err := edit(t, st, lead, room, func(in *models.RoundtableInput) { in.Schedule.Start, in.Schedule.End = "14:00", "16:00" })
	if err != nil || !done.Moved || done.Asked != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	one, other := stateOf(t, st, guests["tentative"]), stateOf(t, st, third)
	if (one == "reconfirm") == (other == "reconfirm") {
		t.Errorf("with one seat left the two who said perhaps are %s and %s", one, other)
	}
	for state, want := range before {
		if got := stateOf(t, st, guests[state]); state != "tentative" && got != want {
			t.Errorf("%s became %s", state, got)
		}
	}
	if got := stateOf(t, st, second); got != "reconfirm" {
		t.Errorf("the second became %s", got)
	}
	var history []string
	if err := st.Rows(t.Context(), &history, "SELECT from_state FROM guest_events WHERE roundtable_id = ? AND to_state = 'reconfirm' AND via = 'moved' AND account_id = ?", room, lead.Account()); err != nil || len(history) != 3 {
		t.Errorf("history: %v, %v", history, err)
	}
	mails, _ := mailJobs(t, st)
	if len(mails) != 1 || mails[0].Change != store.ChangeMoved || mails[0].Sequence != 1 || mails[0].Was.Starts == 0 {
		t.Errorf("mails: %+v", mails)
	}
	if _, err := st.TakeBack(t.Context(), lead, done.Undo); err != nil {
		t.Fatal(err)
	}
	r, err := st.Roundtable(t.Context(), lead, room)
	if err != nil || r.Schedule.Start != "09:00" || r.Sequence != 2 {
		t.Errorf("taken back: %+v, %v", r, err)
	}
}

func TestRuleChange_isToldToWhoIsAskedOrComes(t *testing.T) {
	x := newTable(t, storetest.Under(models.Background))
	invited, _ := x.invited("Ana Echeverry", models.Congress)
	_, token := x.invited("Ben Two", models.Industry)
	storetest.Answer(t, x.st, token, models.Accepted)
	_, token = x.invited("Cy Three", models.Industry)
	storetest.Answer(t, x.st, token, models.Declined)
	x.guest("Dee Four", models.Diplomats)
	storetest.KeepMail(t, x.st)
	if _, err := edit(t, x.st, x.lead, x.room, func(in *models.RoundtableInput) { in.Regime, in.Silent = models.ChathamHouse, true }); err != nil {
		t.Fatal(err)
	}
	sent := storetest.KeepMail(t, x.st)
	if len(sent) != 2 {
		t.Fatalf("%d messages went out, to two who are asked or come: %+v", len(sent), sent)
	}
	for _, m := range sent {
		if m.Kind != models.MailRuleChange || m.Was.Regime != models.Background || m.Invitation.Regime != models.ChathamHouse || m.Calendar.Method != "" {
			t.Errorf("%+v", m)
		}
	}
	if x.read(invited).State != models.Invited {
		t.Error("an answer has changed")
	}
}

func TestPlaceChanges_withinHalfAnHourAreOneMail(t *testing.T) {
	st, clock := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	guest := seat(t, st, lead, room, "Ann Other", "accepted")
	first := st.Now().Add(30 * time.Minute)
	was, err := st.Roundtable(t.Context(), lead, room)
	if err != nil {
		t.Fatal(err)
	}
	for i, place := range []string{"Cannon 310", "Cannon 311"} {
		if _, err := edit(t, st, lead, room, func(in *models.RoundtableInput) { in.Room = place }); err != nil {
			t.Fatal(err)
		}
		mails, due := mailJobs(t, st)
		if len(mails) != 1 || mails[0].Change != store.ChangePlace || mails[0].Sequence != i+1 || due[0] != first || mails[0].Was.Room != was.Room {
			t.Fatalf("after %d changes: %+v at %v", i+1, mails, due)
		}
		clock.Advance(10 * time.Minute)
	}
	if _, err := edit(t, st, lead, room, func(in *models.RoundtableInput) { in.Room, in.Silent = "Cannon 312", true }); err != nil {
		t.Fatal(err)
	}
	if mails, _ := mailJobs(t, st); len(mails) != 1 || stateOf(t, st, guest) != "accepted" {
		t.Fatalf("a silent change: %+v", mails)
	}
	if _, err := edit(t, st, lead, room, func(in *models.RoundtableInput) { in.Schedule.Date = "2026-11-05" }); err != nil {
		t.Fatal(err)
	}
	if mails, _ := mailJobs(t, st); len(mails) != 1 || mails[0].Change != store.ChangeMoved || mails[0].Was.Room != was.Room {
		t.Fatalf("a move tells the place too: %+v", mails)
	}
}

func TestCancel_freezesAnswersAndUncancelInvitesAnew(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	guest := seat(t, st, lead, room, "Ann Other", "accepted")
	was, err := st.Roundtable(t.Context(), lead, room)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.CancelRoundtable(t.Context(), lead, room, models.CancelInput{Reason: "The chair is ill."}); err != nil {
		t.Fatal(err)
	}
	r, err := st.Roundtable(t.Context(), lead, room)
	if err != nil || r.Status != models.Cancelled || r.Sequence != 1 || r.CalendarUID != was.CalendarUID || stateOf(t, st, guest) != "accepted" {
		t.Fatalf("canceled: %+v, %v", r, err)
	}
	if err := st.UncancelRoundtable(t.Context(), lead, room); err != nil {
		t.Fatal(err)
	}
	r, err = st.Roundtable(t.Context(), lead, room)
	if err != nil || r.Status != models.Scheduled || r.CancelReason != "" || r.CalendarUID == was.CalendarUID || stateOf(t, st, guest) != "reconfirm" {
		t.Fatalf("put back: %+v, %v", r, err)
	}
	if mails, _ := mailJobs(t, st); len(mails) != 2 {
		t.Fatalf("mails: %+v", mails)
	}
	draft, lead := storetest.Roundtable(t, st, lead, storetest.Draft())
	if err := st.CancelRoundtable(t.Context(), lead, draft, models.CancelInput{Reason: "No money."}); err != nil {
		t.Fatal(err)
	}
	if err := st.UncancelRoundtable(t.Context(), lead, draft); err != nil {
		t.Fatal(err)
	}
	r, err = st.Roundtable(t.Context(), lead, draft)
	if mails, _ := mailJobs(t, st); err != nil || r.Status != models.Draft || len(mails) != 2 {
		t.Fatalf("a draft: %+v, %v", r.Status, err)
	}
}

func TestRule_isRaisedByTheLeadAndNeverLoosenedOncePromised(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	other := storetest.Account(t, st, "Con Vener", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	other = storetest.Team(t, st, lead, room, other, models.TeamAnalyst)
	rule := func(v models.Viewer, r models.Regime) error {
		_, err := edit(t, st, v, room, func(in *models.RoundtableInput) { in.Regime = r })
		return err
	}
	if err := rule(lead, models.Background); err != nil {
		t.Fatalf("loosened before anybody was invited: %v", err)
	}
	seat(t, st, lead, room, "Ann Other", "invited")
	var bad *models.InvalidError
	if err := rule(lead, models.OnTheRecord); !errors.As(err, &bad) || bad.Fields["regime"] == "" {
		t.Fatalf("loosened afterwards: %v", err)
	}
	if err := rule(other, models.ChathamHouse); !errors.As(err, &bad) || bad.Fields["regime"] == "" {
		t.Fatalf("set by a convener who does not lead: %v", err)
	}
	if _, err := edit(t, st, other, room, func(in *models.RoundtableInput) { in.Title, in.Regime = "Better", models.RegimeNone }); err != nil {
		t.Fatalf("edited by a convener who does not lead: %v", err)
	}
	if err := rule(lead, models.DeepBackground); err != nil {
		t.Fatalf("raised: %v", err)
	}
	item := storetest.AgendaItem(t, st, lead, room, "Opening", 15, models.OffTheRecord)
	if err := st.UpdateAgendaItem(t.Context(), lead, room, item, models.AgendaInput{Title: "Opening", Regime: models.ChathamHouse}); !errors.As(err, &bad) {
		t.Fatalf("an item looser than its room: %v", err)
	}
	if err := st.UpdateAgendaItem(t.Context(), other, room, item, models.AgendaInput{Title: "Opening"}); !errors.As(err, &bad) {
		t.Fatalf("an item's rule by who does not lead: %v", err)
	}
}

func TestUpdate_aFormThatIsBehindIsAConflict(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	r, err := st.Roundtable(t.Context(), lead, room)
	if err != nil {
		t.Fatal(err)
	}
	in := r.Input()
	in.Title = "First"
	if _, err := st.UpdateRoundtable(t.Context(), lead, room, in); err != nil {
		t.Fatal(err)
	}
	in.Title = "Second"
	if _, err := st.UpdateRoundtable(t.Context(), lead, room, in); !errors.Is(err, models.ErrConflict) {
		t.Fatalf("a stale form: %v", err)
	}
}

func TestZone_movingItKeepsTheLocalTime(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	if _, err := edit(t, st, lead, room, func(in *models.RoundtableInput) { in.Schedule.Zone = "Asia/Kolkata" }); err != nil {
		t.Fatal(err)
	}
	r, err := st.Roundtable(t.Context(), lead, room)
	if err != nil || r.Schedule.Start != "09:00" || r.Starts.Time().Format("15:04") != "03:30" {
		t.Fatalf("%+v, %v", r.Schedule, err)
	}
	if err := st.Exec(t.Context(), "UPDATE roundtables SET starts_ms = starts_ms - 3600000, ends_ms = ends_ms - 3600000 WHERE id = ?", room); err != nil {
		t.Fatal(err)
	}
	n, err := st.RecomputeTimes(t.Context(), models.System("test"))
	again, errRead := st.Roundtable(t.Context(), lead, room)
	if err != nil || errRead != nil || n != 1 || again.Starts != r.Starts {
		t.Fatalf("after the zone's rules changed: %d, %v", n, err)
	}
}

func TestItemRule_holdsFromNowOnUnlessTheSecondActCoversWhatWasSaid(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead, storetest.InSession())
	item := storetest.AgendaItem(t, st, lead, room, "Opening", 30, models.RegimeNone)
	if err := st.StartAgendaItem(t.Context(), lead, room, item); err != nil {
		t.Fatal(err)
	}
	say := func(line string) models.Insight {
		t.Helper()
		in, err := st.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: line, Item: item})
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	regimes := func() (out []models.Regime) {
		t.Helper()
		if err := st.Rows(t.Context(), &out, "SELECT regime FROM insights WHERE roundtable_id = ? ORDER BY seq", room); err != nil {
			t.Fatal(err)
		}
		return out
	}
	rule := func(to models.Regime, earlier bool) error {
		return st.UpdateAgendaItem(t.Context(), lead, room, item, models.AgendaInput{Title: "Opening", Minutes: 30, Regime: to, Earlier: earlier})
	}
	say("Before")
	if err := rule(models.DeepBackground, false); err != nil {
		t.Fatal(err)
	}
	say("After")
	if got := regimes(); got[0] != models.ChathamHouse || got[1] != models.DeepBackground {
		t.Fatalf("after the first act: %v", got)
	}
	var bad *models.InvalidError
	if err := rule(models.RegimeNone, false); !errors.As(err, &bad) || bad.Fields["regime"] == "" {
		t.Fatalf("loosened after something was said: %v", err)
	}
	if _, err := st.DeleteAgendaItem(t.Context(), lead, room, item); !errors.As(err, &bad) {
		t.Fatalf("deleted with what was said in it: %v", err)
	}
	if err := rule(models.OffTheRecord, true); err != nil {
		t.Fatal(err)
	}
	if got := regimes(); got[0] != models.OffTheRecord || got[1] != models.OffTheRecord {
		t.Fatalf("after the second act: %v", got)
	}
}

func TestClose_keepsTheLevelsOfAttribution(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Ada Byron", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead, storetest.Past())
	for _, act := range []func() error{
		func() error { return st.HoldRoundtable(t.Context(), lead, room) },
		func() error { return st.CloseRoundtable(t.Context(), lead, room) },
	} {
		var kept []string
		if err := st.Rows(t.Context(), &kept, "SELECT cells FROM roundtables WHERE id = ?", room); err != nil || kept[0] != "" {
			t.Fatalf("levels before the close: %v, %v", kept, err)
		}
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
	var kept []string
	if err := st.Rows(t.Context(), &kept, "SELECT cells FROM roundtables WHERE id = ?", room); err != nil || kept[0] == "" {
		t.Fatalf("levels after the close: %v, %v", kept, err)
	}
}

package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// seenByAll lists the titles that the public pages show.
func seenByAll(t *testing.T, st *store.Store, query string) map[string]bool {
	t.Helper()
	list, err := st.PublicRoundtables(t.Context(), query, "")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, r := range append(list.Upcoming, list.Past...) {
		out[r.Title] = true
	}
	return out
}

// TestPublic_theDoorIsTheRule sees that what the lists, the page and the feed
// show of a roundtable in every state is what Roundtable.IsPublic says.
func TestPublic_theDoorIsTheRule(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	type made struct {
		title string
		id    models.ID
	}
	var rooms []made
	for _, private := range []bool{false, true} {
		for _, regime := range models.Regimes {
			for _, state := range []string{"draft", "scheduled", "held", "cancelled", "cancelled draft"} {
				title := fmt.Sprint(state, " ", regime.Key(), " ", private)
				options := []storetest.RoomOption{storetest.Titled(title), storetest.Under(regime), storetest.With(func(in *models.RoundtableInput) { in.Private = private })}
				switch state {
				case "held":
					options = append(options, storetest.Past())
				case "draft", "cancelled draft":
					options = append(options, storetest.With(func(in *models.RoundtableInput) {
						in.Schedule = models.Schedule{Date: "2027-03-01", Start: "10:00", End: "12:00", Zone: "America/New_York"}
					}), storetest.Draft())
				}
				id, v := storetest.Roundtable(t, st, lead, options...)
				var err error
				switch state {
				case "held":
					err = st.HoldRoundtable(t.Context(), v, id)
				case "cancelled", "cancelled draft":
					err = st.CancelRoundtable(t.Context(), v, id, models.CancelInput{Reason: "The host is ill."})
				}
				if err != nil {
					t.Fatal(err)
				}
				lead = v
				rooms = append(rooms, made{title, id})
			}
		}
	}
	listed, feed := seenByAll(t, st, ""), map[models.ID]bool{}
	calendar, err := st.PublicCalendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range calendar {
		feed[r.ID] = true
	}
	shown := 0
	for _, m := range rooms {
		r, err := st.Roundtable(t.Context(), storetest.Viewer(t, st, lead.Email()), m.id)
		if err != nil {
			t.Fatal(err)
		}
		_, err = st.PublicRoundtable(t.Context(), m.id)
		if want := r.IsPublic(); listed[m.title] != want || feed[m.id] != want || (err == nil) != want || err != nil && !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: public %v, in the list %v, in the feed %v, its page %v", m.title, want, listed[m.title], feed[m.id], err)
		} else if want {
			shown++
		}
	}
	if want := 4 * 3; shown != want { // of every rule but one: scheduled, held, cancelled
		t.Errorf("%d rooms are public, want %d", shown, want)
	}
}

func TestPublic_anyTextIsAQueryAndAccentsFold(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	for _, title := range []string{"Économie ouverte", "台灣海峽 and the sea", "Chips"} {
		_, lead = storetest.Roundtable(t, st, lead, storetest.Titled(title))
	}
	storetest.Roundtable(t, st, lead, storetest.Titled("Secret économie"), storetest.Private())
	for query, want := range map[string]int{"": 3, "economie": 1, "ÉCONOMIE": 1, "台灣海峽": 1, "washington": 3, "-chips": 2, `"economie ouverte`: 1, "econ*": 1, "%": 3, "_": 3, "nothing": 0, "secret": 0, "' OR 1=1 --": 0} {
		if got := seenByAll(t, st, query); len(got) != want {
			t.Errorf("%q finds %v, want %d", query, got, want)
		}
		if _, err := st.PublicBriefs(t.Context(), query, "", 20); err != nil {
			t.Errorf("briefs for %q: %v", query, err)
		}
	}
}

func TestPublic_textsThatNameGuestsStayInside(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	for _, regime := range []models.Regime{models.OnTheRecord, models.ChathamHouse} {
		id, v := storetest.Roundtable(t, st, lead, storetest.Under(regime), storetest.With(func(in *models.RoundtableInput) {
			in.Objectives = "Hear what Ottilie Quennell thinks."
		}))
		lead = v
		p := storetest.AddPerson(t, st, v, models.PersonInput{Given: "Ottilie", Family: "Quennell", Email: fmt.Sprint(regime, "@example.org")})
		guest := storetest.Guest(t, st, v, id, p)
		if _, err := st.InviteGuests(t.Context(), v, id, models.InviteInput{Guests: []models.ID{guest}}); err != nil {
			t.Fatal(err)
		}
		r, err := st.PublicRoundtable(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if told := r.Objectives != ""; told != (regime == models.OnTheRecord) {
			t.Errorf("under %s everybody reads %q", regime.Key(), r.Objectives)
		}
	}
}

// TestPublic_theTeamIsToldWhatItsPageLeavesOut at the word; nobody else is.
func TestPublic_theTeamIsToldWhatItsPageLeavesOut(t *testing.T) {
	st, _ := storetest.Open(t)
	other := storetest.Account(t, st, "Otto Other", models.RoleConvener)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	id, lead := storetest.Roundtable(t, st, lead, storetest.Under(models.ChathamHouse), storetest.With(func(in *models.RoundtableInput) {
		in.Objectives, in.KeyQuestions = "Hear what Ottilie Quennell thinks.", "Who mends cables?\nWhat does Quennell want?"
	}))
	told := func(v models.Viewer) (out []string) {
		t.Helper()
		found, err := st.WithheldFromPublic(t.Context(), v, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			before, after := f.Around()
			out = append(out, f.Place+": "+before+"["+f.Words+"]"+after)
		}
		return out
	}
	if got := told(lead); len(got) != 0 {
		t.Errorf("before she is invited: %q", got)
	}
	guest := storetest.Guest(t, st, lead, id, storetest.AddPerson(t, st, lead, models.PersonInput{Given: "Ottilie", Family: "Quennell", Email: "ottilie@example.org"}))
	storetest.Invite(t, st, lead, id, guest)
	want := []string{"the objectives: Hear what [Ottilie Quennell] thinks.", "the key questions: Who mends cables?\nWhat does [Quennell] want?"}
	if got := told(lead); !slices.Equal(got, want) {
		t.Errorf("the team is told %q, want %q", got, want)
	}
	for name, v := range map[string]models.Viewer{"other staff": other, "a capped lead": lead.Capped(models.Staff)} {
		if got := told(v); len(got) != 0 {
			t.Errorf("%s is told %q", name, got)
		}
	}
	if r, err := st.PublicRoundtable(t.Context(), id); err != nil || r.Objectives != "" || len(r.Questions) != 0 {
		t.Errorf("the public reads %+v, %v", r, err)
	}
}

func request(email string, now models.Instant) models.RequestInput {
	return models.RequestInput{Name: "Ines Outside", Email: email, Organisation: "Harbor Works", Sector: models.Industry, Why: "I mend cables.", Shown: now.Add(-time.Minute)}
}

func TestRequest_askingTwiceIsAskingOnceAndLooksTheSame(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	for _, email := range []string{"ines@example.org", "INES@example.org", "ines@example.org"} {
		if err := st.RequestInvitation(t.Context(), "192.0.2.1", room, request(email, st.Now())); err != nil {
			t.Fatal(err)
		}
	}
	list, err := st.InvitationRequests(t.Context(), lead, room)
	if err != nil || len(list) != 1 || list[0].Why != "I mend cables." {
		t.Fatalf("%+v, %v", list, err)
	}
	for i := range 10 {
		err = st.RequestInvitation(t.Context(), "192.0.2.2", room, request(fmt.Sprintf("p%d@example.org", i), st.Now()))
		if tooMany := errors.Is(err, models.ErrTooMany); tooMany != (i >= 5) || err != nil && !tooMany {
			t.Fatalf("request %d: %v", i, err)
		}
	}
	if list, _ = st.InvitationRequests(t.Context(), lead, room); len(list) != 6 {
		t.Errorf("%d requests are kept", len(list))
	}
	other := storetest.Account(t, st, "Rita", models.RoleReader)
	if _, err := st.InvitationRequests(t.Context(), other, room); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a reader: %v", err)
	}
}

func TestRequest_anAnswerCanBeTakenBack(t *testing.T) {
	st, _ := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	known := storetest.AddPerson(t, st, lead, models.PersonInput{Full: "Ines Outside", Email: "ines@example.org"})
	count := func() int {
		guests, err := st.Guests(t.Context(), lead, room, models.GuestFilter{})
		if err != nil {
			t.Fatal(err)
		}
		return len(guests.Guests)
	}
	for _, email := range []string{"ines@example.org", "new@example.org"} {
		id := storetest.Request(t, st, lead, room, request(email, st.Now()))
		for _, approve := range []bool{false, true} {
			undo, err := st.DecideRequest(t.Context(), lead, room, id, approve)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[bool]int{true: 1}[approve]; count() != want {
				t.Errorf("%s, approved %v: %d guests", email, approve, count())
			}
			if _, err := st.DecideRequest(t.Context(), lead, room, id, approve); !errors.Is(err, models.ErrConflict) {
				t.Errorf("answered twice: %v", err)
			}
			if _, err := st.TakeBack(t.Context(), lead, undo); err != nil {
				t.Fatal(err)
			}
			list, err := st.InvitationRequests(t.Context(), lead, room)
			if err != nil || count() != 0 || len(list) == 0 {
				t.Errorf("taken back: %d guests, %d requests, %v", count(), len(list), err)
			}
		}
	}
	people, err := st.People(t.Context(), lead, models.PersonFilter{})
	if err != nil || len(people.People) != 1 || people.People[0].ID != known.ID {
		t.Errorf("the directory holds %d people: %v", len(people.People), err)
	}
}

func TestPublic_listsCostAsManyStatementsForManyAsForFew(t *testing.T) {
	sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
		st, _ := storetest.Open(t)
		lead := storetest.Account(t, st, "Lea", models.RoleConvener)
		for i := range n {
			options := []storetest.RoomOption{storetest.Titled(fmt.Sprint("Room ", i))}
			if i%2 == 0 {
				options = append(options, storetest.Past())
			}
			_, lead = storetest.Roundtable(t, st, lead, options...)
		}
		return st, func() error {
			_, err := st.PublicRoundtables(t.Context(), "room", "")
			return err
		}
	})
}

func TestSweepRequests_onlyThoseOfRoundtablesLongOver(t *testing.T) {
	st, clock := storetest.Open(t)
	lead := storetest.Account(t, st, "Lea", models.RoleConvener)
	room, lead := storetest.Roundtable(t, st, lead)
	storetest.Request(t, st, lead, room, request("ines@example.org", st.Now()))
	r, err := st.Roundtable(t.Context(), lead, room)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SweepRequests(t.Context(), lead); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a lead sweeps: %v", err)
	}
	untilEnd := time.Duration(r.Ends-st.Now()) * time.Millisecond
	for _, step := range []struct {
		advance time.Duration
		left    int
	}{{untilEnd + 90*24*time.Hour, 1}, {time.Second, 0}} {
		clock.Advance(step.advance)
		if err := st.SweepRequests(t.Context(), models.System("test")); err != nil {
			t.Fatal(err)
		}
		if list, err := st.InvitationRequests(t.Context(), lead, room); err != nil || len(list) != step.left {
			t.Errorf("%d requests are left (%v), want %d", len(list), err, step.left)
		}
	}
}

package storetest

import (
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

// RoomOption changes the roundtable that Roundtable builds.
type RoomOption func(*room)

type room struct {
	in     models.RoundtableInput
	starts time.Time
	draft  bool
}

// Titled gives the roundtable a title.
func Titled(title string) RoomOption { return func(r *room) { r.in.Title = title } }

// Private makes the roundtable private.
func Private() RoomOption { return func(r *room) { r.in.Private = true } }

// Under sets the attribution rule.
func Under(regime models.Regime) RoomOption { return func(r *room) { r.in.Regime = regime } }

// Seats sets the capacity.
func Seats(n int) RoomOption { return func(r *room) { r.in.Capacity = n } }

// Draft leaves the roundtable unscheduled.
func Draft() RoomOption { return func(r *room) { r.draft = true } }

// At lets the roundtable start at a time, in New York, for two hours; it may
// not cross midnight there.
func At(starts time.Time) RoomOption { return func(r *room) { r.starts = starts } }

// Past lets the roundtable have taken place a week ago.
func Past() RoomOption { return At(Start.AddDate(0, 0, -7)) }

// InSession lets the roundtable have begun half an hour ago.
func InSession() RoomOption { return At(Start.Add(-30 * time.Minute)) }

// With changes anything else of the input.
func With(change func(*models.RoundtableInput)) RoomOption {
	return func(r *room) { change(&r.in) }
}

// Roundtable makes a scheduled public roundtable, four weeks ahead where no
// option says otherwise, and returns it with its lead's viewer as it is now.
func Roundtable(t testing.TB, st *store.Store, lead models.Viewer, options ...RoomOption) (models.ID, models.Viewer) {
	t.Helper()
	r := room{in: models.RoundtableInput{Title: "Trusted chips", Place: "Washington, DC"}, starts: Start.AddDate(0, 0, 28)}
	for _, o := range options {
		o(&r)
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	local := r.starts.In(zone)
	if r.in.Schedule.Date == "" && !r.draft {
		r.in.Schedule = models.Schedule{
			Date: local.Format(time.DateOnly), Start: local.Format("15:04"),
			End: local.Add(2 * time.Hour).Format("15:04"), Zone: "America/New_York",
		}
	}
	id, err := st.CreateRoundtable(t.Context(), lead, r.in)
	if err != nil {
		t.Fatal(err)
	}
	lead = Viewer(t, st, lead.Email())
	if !r.draft {
		if err := st.ScheduleRoundtable(t.Context(), lead, id); err != nil {
			t.Fatal(err)
		}
	}
	return id, lead
}

// Team puts an account on the roundtable's team and returns its viewer as it
// is now.
func Team(t testing.TB, st *store.Store, lead models.Viewer, room models.ID, member models.Viewer, role models.TeamRole) models.Viewer {
	t.Helper()
	if err := st.SetTeamMember(t.Context(), lead, room, member.Account(), role); err != nil {
		t.Fatal(err)
	}
	return Viewer(t, st, member.Email())
}

// AgendaItem adds an item to the roundtable's agenda.
func AgendaItem(t testing.TB, st *store.Store, lead models.Viewer, room models.ID, title string, minutes int, regime models.Regime) models.ID {
	t.Helper()
	id, err := st.CreateAgendaItem(t.Context(), lead, room, models.AgendaInput{Title: title, Minutes: minutes, Regime: regime})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

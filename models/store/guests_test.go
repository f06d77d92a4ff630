package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// table is a scheduled roundtable with its lead.
type table struct {
	t     *testing.T
	st    *store.Store
	clock *storetest.Clock
	room  models.ID
	lead  models.Viewer
}

func newTable(t *testing.T, options ...storetest.RoomOption) table {
	t.Helper()
	st, clock := storetest.Open(t)
	room, lead := storetest.Roundtable(t, st, storetest.Account(t, st, "Amara Lindgren", models.RoleConvener), options...)
	return table{t, st, clock, room, lead}
}

func (x table) person(name string, sector models.Sector) models.Person {
	x.t.Helper()
	return storetest.Person(x.t, x.st, x.lead, name, sector, "Office of "+name)
}

func (x table) guest(name string, sector models.Sector) models.ID {
	x.t.Helper()
	return storetest.Guest(x.t, x.st, x.lead, x.room, x.person(name, sector))
}

func (x table) invited(name string, sector models.Sector) (models.ID, string) {
	x.t.Helper()
	id := x.guest(name, sector)
	return id, storetest.Invite(x.t, x.st, x.lead, x.room, id)[id]
}

func (x table) read(id models.ID) models.Guest {
	x.t.Helper()
	g, _, err := x.st.Guest(x.t.Context(), x.lead, id)
	if err != nil {
		x.t.Fatal(err)
	}
	return g
}

func invalidFor(t *testing.T, err error, field string) string {
	t.Helper()
	var bad *models.InvalidError
	if !errors.As(err, &bad) {
		t.Fatalf("want an InvalidError, got %v", err)
	}
	if _, ok := bad.Fields[field]; !ok {
		t.Fatalf("no message for %q in %v", field, bad.Fields)
	}
	return bad.Fields[field]
}

func TestGuests_onlyTheTeamReadsAndOnlyInvitersChange(t *testing.T) {
	x := newTable(t)
	id := x.guest("Ana Echeverry", models.Congress)
	other := storetest.Account(t, x.st, "Noor Castellan", models.RoleConvener)
	if _, err := x.st.Guests(t.Context(), other, x.room, models.GuestFilter{}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("other staff: %v", err)
	}
	if _, _, err := x.st.Guest(t.Context(), other, id); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("other staff: %v", err)
	}
	observer := storetest.Team(t, x.st, x.lead, x.room, other, models.TeamObserver)
	if list, err := x.st.Guests(t.Context(), observer, x.room, models.GuestFilter{}); err != nil || len(list.Guests) != 1 {
		t.Errorf("observer reads: %v", err)
	}
	if _, err := x.st.InviteGuests(t.Context(), observer, x.room, models.InviteInput{}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("observer invites: %v", err)
	}
	for name, err := range map[string]error{
		"withdraw": second(x.st.WithdrawGuests(t.Context(), observer, x.room, []models.ID{id}, "")),
		"remind":   second(x.st.RemindGuests(t.Context(), observer, x.room, nil)),
		"record":   x.st.RecordAnswer(t.Context(), observer, id, models.RecordInput{Answer: models.Accepted, Via: "phone"}),
		"reissue":  x.st.ReissueLink(t.Context(), observer, id),
		"revoke":   x.st.RevokeLink(t.Context(), observer, id),
	} {
		if !errors.Is(err, models.ErrForbidden) {
			t.Errorf("observer, %s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestGuests_privateRoundtableDoesNotExistForOthers(t *testing.T) {
	x := newTable(t, storetest.Private())
	other := storetest.Account(t, x.st, "Noor Castellan", models.RoleAdmin)
	if _, err := x.st.Guests(t.Context(), other, x.room, models.GuestFilter{}); !errors.Is(err, models.ErrNotFound) {
		t.Error(err)
	}
	x.invited("Ana Echeverry", models.Congress)
	if page, err := x.st.Mails(t.Context(), other, models.MailFilter{}); err != nil || len(page.Mails) != 0 || len(page.Counts) != 0 {
		t.Errorf("an admin outside the team sees the mail of a private roundtable: %+v, %v", page, err)
	}
}

func TestInviteGuests_givesEachTheirOwnLink(t *testing.T) {
	x := newTable(t)
	guests := storetest.Guests(t, x.st, x.lead, x.room, 3, models.Academia)
	tokens := storetest.Invite(t, x.st, x.lead, x.room)
	if len(tokens) != 3 {
		t.Fatalf("%d tokens", len(tokens))
	}
	for _, g := range guests {
		v, inv, err := x.st.GuestByToken(t.Context(), tokens[g])
		if err != nil || v.Guest() != g || inv.Guest != g || inv.State != models.Invited {
			t.Errorf("%v %+v %v", v, inv, err)
		}
	}
	if _, err := x.st.InviteGuests(t.Context(), x.lead, x.room, models.InviteInput{}); err == nil {
		t.Error("inviting nobody is no success")
	}
}

func TestInviteGuests_aDraftInvitesNobody(t *testing.T) {
	x := newTable(t, storetest.Draft())
	id := x.guest("Ana Echeverry", models.Congress)
	_, err := x.st.InviteGuests(t.Context(), x.lead, x.room, models.InviteInput{Guests: []models.ID{id}})
	invalidFor(t, err, "")
}

func TestLinks_unknownExpiredAndRevokedLookAlike(t *testing.T) {
	x := newTable(t)
	_, kept := x.invited("Ana Echeverry", models.Congress)
	gone, revoked := x.invited("Kenji Mizuhara", models.Diplomats)
	if err := x.st.RevokeLink(t.Context(), x.lead, gone); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"unknown": strings.Repeat("a", 43), "revoked": revoked, "empty": ""} {
		if _, _, err := x.st.GuestByToken(t.Context(), token); err != models.ErrGone {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := x.st.GuestByToken(t.Context(), kept); err != nil {
		t.Error(err)
	}
	x.clock.Advance(29 * 24 * time.Hour) // the roundtable is over
	if _, _, err := x.st.GuestByToken(t.Context(), kept); err != models.ErrGone {
		t.Errorf("expired: %v", err)
	}
}

func TestRevokeLink_changesStillReachWhoComes(t *testing.T) {
	for name, change := range map[models.MailKind]func(x table){
		models.MailTimeChange: func(x table) {
			if _, err := edit(t, x.st, x.lead, x.room, func(in *models.RoundtableInput) { in.Schedule.Start, in.Schedule.End = "11:00", "13:00" }); err != nil {
				t.Fatal(err)
			}
		},
		models.MailPlaceChange: func(x table) {
			if _, err := edit(t, x.st, x.lead, x.room, func(in *models.RoundtableInput) { in.Place = "The annex" }); err != nil {
				t.Fatal(err)
			}
			x.clock.Advance(time.Hour)
		},
		models.MailCancellation: func(x table) {
			if err := x.st.CancelRoundtable(t.Context(), x.lead, x.room, models.CancelInput{Reason: "The host is ill."}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		x := newTable(t)
		id, old := x.invited("Ana Echeverry", models.Congress)
		if err := x.st.RevokeLink(t.Context(), x.lead, id); err != nil {
			t.Fatal(err)
		}
		if err := x.st.RecordAnswer(t.Context(), x.lead, id, models.RecordInput{Answer: models.Accepted, Via: "phone"}); err != nil {
			t.Fatal(err)
		}
		storetest.KeepMail(t, x.st)
		change(x)
		sent := storetest.KeepMail(t, x.st)
		if len(sent) != 1 || sent[0].Kind != name || sent[0].Token == "" || sent[0].Token == old {
			t.Errorf("%s: %d messages went out: %+v", name, len(sent), sent)
			continue
		}
		if _, _, err := x.st.GuestByToken(t.Context(), old); err != models.ErrGone {
			t.Errorf("%s: the revoked link works again: %v", name, err)
		}
		if _, _, err := x.st.GuestByToken(t.Context(), sent[0].Token); err != nil {
			t.Errorf("%s: the new link: %v", name, err)
		}
	}
}

func TestReissueLink_endsTheOldOneAndMailsTheNew(t *testing.T) {
	x := newTable(t)
	id, old := x.invited("Ana Echeverry", models.Congress)
	if err := x.st.ReissueLink(t.Context(), x.lead, id); err != nil {
		t.Fatal(err)
	}
	sent := storetest.KeepMail(t, x.st)
	if len(sent) != 1 || sent[0].Token == old || sent[0].Token == "" {
		t.Fatalf("%+v", sent)
	}
	if _, _, err := x.st.GuestByToken(t.Context(), old); err != models.ErrGone {
		t.Error("the old link still works")
	}
	if _, _, err := x.st.GuestByToken(t.Context(), sent[0].Token); err != nil {
		t.Error(err)
	}
}

func TestSetAttendance_manyAtOnceAndTakenBack(t *testing.T) {
	x := newTable(t, storetest.InSession())
	guests := storetest.Guests(t, x.st, x.lead, x.room, 4, models.Agencies)
	n, undo, err := x.st.SetAttendance(t.Context(), x.lead, x.room, guests, models.Attended)
	if err != nil || n != 4 || undo == 0 {
		t.Fatal(n, undo, err)
	}
	seat := x.read(guests[2]).Seat
	if seat == 0 {
		t.Error("who came has no seat code")
	}
	if _, err := x.st.TakeBack(t.Context(), x.lead, undo); err != nil {
		t.Fatal(err)
	}
	if g := x.read(guests[2]); g.State != models.Shortlisted || g.Seat != seat {
		t.Errorf("taken back: %v, seat %d (was %d)", g.State, g.Seat, seat)
	}
	_, undo, err = x.st.SetAttendance(t.Context(), x.lead, x.room, guests[:2], models.Attended)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.st.SetAttendance(t.Context(), x.lead, x.room, guests[:1], models.NoShow); err != nil {
		t.Fatal(err)
	}
	if _, err := x.st.TakeBack(t.Context(), x.lead, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("taken back over a later change: %v", err)
	}
}

func TestSetAttendance_notDaysAhead(t *testing.T) {
	x := newTable(t)
	id := x.guest("Ana Echeverry", models.Congress)
	_, _, err := x.st.SetAttendance(t.Context(), x.lead, x.room, []models.ID{id}, models.Attended)
	invalidFor(t, err, "")
}

func TestWalkIn_isANewGuestWithTheNextSeat(t *testing.T) {
	x := newTable(t, storetest.InSession())
	first := x.guest("Ana Echeverry", models.Congress)
	if _, _, err := x.st.SetAttendance(t.Context(), x.lead, x.room, []models.ID{first}, models.Attended); err != nil {
		t.Fatal(err)
	}
	p := x.person("Kenji Mizuhara", models.Diplomats)
	id, err := x.st.WalkIn(t.Context(), x.lead, x.room, p.ID, models.RoleParticipant)
	if err != nil {
		t.Fatal(err)
	}
	if g := x.read(id); g.State != models.Attended || g.SeatCode() != "S2" || g.Sector != models.Diplomats {
		t.Errorf("%+v", g)
	}
	if again, err := x.st.WalkIn(t.Context(), x.lead, x.room, p.ID, models.RoleParticipant); err != nil || again != id {
		t.Errorf("twice: %v %v", again, err)
	}
}

func TestWithdraw_revokesTheLinkAndCancelsOneCalendar(t *testing.T) {
	x := newTable(t)
	id, token := x.invited("Ana Echeverry", models.Congress)
	other, _ := x.invited("Kenji Mizuhara", models.Diplomats)
	if n, err := x.st.WithdrawGuests(t.Context(), x.lead, x.room, []models.ID{id}, "The list has grown too long."); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, _, err := x.st.GuestByToken(t.Context(), token); err != models.ErrGone {
		t.Error("the link still works")
	}
	sent := storetest.KeepMail(t, x.st)
	if len(sent) != 1 || sent[0].Kind != models.MailWithdrawal || sent[0].Calendar.Method != "CANCEL" || sent[0].Token != "" || sent[0].Invitation.Guest != id {
		t.Fatalf("%+v", sent)
	}
	if x.read(other).State != models.Invited {
		t.Error("another guest changed")
	}
	// invited again: a new link, and a calendar number above the cancelled one
	tokens := storetest.Invite(t, x.st, x.lead, x.room, id)
	if tokens[id] == token || tokens[id] == "" {
		t.Error("the old link came back")
	}
	_, inv, err := x.st.GuestByToken(t.Context(), tokens[id])
	if err != nil || inv.Sequence < sent[0].Calendar.Sequence {
		t.Errorf("sequence %d under the cancelled %d, %v", inv.Sequence, sent[0].Calendar.Sequence, err)
	}
}

func TestSetGuestWaveAndRole_takenBack(t *testing.T) {
	x := newTable(t)
	guests := storetest.Guests(t, x.st, x.lead, x.room, 3, models.Agencies)
	n, undo, err := x.st.SetGuestWave(t.Context(), x.lead, x.room, guests, "C")
	if err != nil || n != 3 || x.read(guests[0]).Wave != "C" {
		t.Fatal(n, err)
	}
	if _, err := x.st.TakeBack(t.Context(), x.lead, undo); err != nil || x.read(guests[0]).Wave != "A" {
		t.Errorf("%v %v", err, x.read(guests[0]).Wave)
	}
	if n, _, err := x.st.SetGuestRole(t.Context(), x.lead, x.room, guests[:1], models.RoleChair); err != nil || n != 1 || x.read(guests[0]).Role != models.RoleChair {
		t.Error(n, err)
	}
}

func TestRemindGuests_onlyWhoOwesAnAnswerAndNotTwice(t *testing.T) {
	x := newTable(t)
	_, yes := x.invited("Ana Echeverry", models.Congress)
	owing, _ := x.invited("Kenji Mizuhara", models.Diplomats)
	storetest.Answer(t, x.st, yes, models.Accepted)
	storetest.KeepMail(t, x.st)
	out, err := x.st.RemindGuests(t.Context(), x.lead, x.room, nil)
	if err != nil || out.Guests != 1 {
		t.Fatal(out, err)
	}
	if sent := storetest.KeepMail(t, x.st); len(sent) != 1 || sent[0].Invitation.Guest != owing || sent[0].Kind != models.MailReminder {
		t.Errorf("%+v", sent)
	}
	_, err = x.st.RemindGuests(t.Context(), x.lead, x.room, nil)
	invalidFor(t, err, "")
}

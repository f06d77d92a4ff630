package store_test

import (
	"errors"
	"strings"
	"sync"
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

func TestAnswer_keepsWhatTheGuestSaysOnce(t *testing.T) {
	x := newTable(t)
	id, token := x.invited("Ana Echeverry", models.Congress)
	in := models.AnswerInput{
		Answer: models.Accepted, Chosen: true, Note: "Arriving by train", Needs: models.Needs{Diet: "Vegetarian", Access: "Near the door"},
		Preference: models.OffTheRecord, NamedToPartners: true, Acknowledged: true,
	}
	for range 3 {
		if _, err := x.st.AnswerInvitation(t.Context(), token, in); err != nil {
			t.Fatal(err)
		}
	}
	g, events, err := x.st.Guest(t.Context(), x.lead, id)
	if err != nil {
		t.Fatal(err)
	}
	if g.State != models.Accepted || g.Answer != models.Accepted || g.SeatCode() != "S1" || g.Needs.Diet != "Vegetarian" || g.Preference != models.OffTheRecord || !g.NamedToPartners || g.RuleVersion == "" {
		t.Errorf("%+v", g)
	}
	if len(events) != 3 || events[0].By != models.ByGuest || events[0].Via != "link" { // listed, invited, accepted
		t.Errorf("%+v", events)
	}
	if sent := storetest.KeepMail(t, x.st); len(sent) != 1 || sent[0].Kind != models.MailConfirmation || sent[0].Calendar.PartStat != "ACCEPTED" {
		t.Errorf("one confirmation, got %+v", sent)
	}
}

func TestAnswer_roomAndMeetingLinkAreForThoseWhoAccepted(t *testing.T) {
	x := newTable(t, storetest.With(func(in *models.RoundtableInput) {
		in.Room, in.Link = "Cannon 210", "https://meet.example.org/abc"
	}))
	_, token := x.invited("Ana Echeverry", models.Congress)
	_, inv, err := x.st.GuestByToken(t.Context(), token)
	if err != nil || inv.Room != "" || inv.MeetingLink != "" || inv.Place == "" {
		t.Errorf("before: %+v, %v", inv, err)
	}
	if inv := storetest.Answer(t, x.st, token, models.Accepted); inv.Room != "Cannon 210" || inv.MeetingLink == "" {
		t.Errorf("after: %+v", inv)
	}
	if inv := storetest.Answer(t, x.st, token, models.Declined); inv.Room != "" || inv.MeetingLink != "" {
		t.Errorf("declined: %+v", inv)
	}
}

func TestAnswer_aPreferenceThatIsNotStricterSaysNothing(t *testing.T) {
	x := newTable(t, storetest.Under(models.ChathamHouse))
	id, token := x.invited("Ana Echeverry", models.Congress)
	in := models.AnswerInput{Answer: models.Accepted, Chosen: true, Preference: models.OnTheRecord}
	if _, err := x.st.AnswerInvitation(t.Context(), token, in); err != nil {
		t.Fatal(err)
	}
	if g := x.read(id); g.Preference != models.RegimeNone {
		t.Errorf("preference %v", g.Preference)
	}
}

func TestAnswer_afterTheDeadlineNothingChanges(t *testing.T) {
	x := newTable(t, storetest.With(func(in *models.RoundtableInput) { in.DeadlineDate = "2026-10-10" }))
	_, token := x.invited("Ana Echeverry", models.Congress)
	storetest.Answer(t, x.st, token, models.Accepted)
	x.clock.Advance(20 * 24 * time.Hour)
	_, err := x.st.AnswerInvitation(t.Context(), token, models.AnswerInput{Answer: models.Declined, Chosen: true})
	invalidFor(t, err, "answer")
	_, err = x.st.AnswerInvitation(t.Context(), token, models.AnswerInput{Answer: models.Accepted, Chosen: true, Note: "and a note"})
	invalidFor(t, err, "answer")
	if _, inv, err := x.st.GuestByToken(t.Context(), token); err != nil || inv.State != models.Accepted || inv.OpenAnswers(x.st.Now()) != nil {
		t.Errorf("%+v %v", inv, err)
	}
}

func TestAnswer_neverMoreGuestsThanSeatsHoweverManyAcceptAtOnce(t *testing.T) {
	x := newTable(t, storetest.Seats(3))
	guests := storetest.Guests(t, x.st, x.lead, x.room, 12, models.Industry)
	tokens := storetest.Invite(t, x.st, x.lead, x.room)
	var wg sync.WaitGroup
	var mu sync.Mutex
	full := 0
	for _, g := range guests {
		wg.Go(func() {
			_, err := x.st.AnswerInvitation(t.Context(), tokens[g], models.AnswerInput{Answer: models.Accepted, Chosen: true})
			mu.Lock()
			defer mu.Unlock()
			if models.IsTableFull(err) {
				full++
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list, err := x.st.Guests(t.Context(), x.lead, x.room, models.GuestFilter{})
	if err != nil || list.Counts.Seats != 3 || full != 9 {
		t.Errorf("%d seated, %d turned away, %v", list.Counts.Seats, full, err)
	}
	seats := map[int]bool{}
	for _, g := range list.Guests {
		if g.Seat != 0 {
			seats[g.Seat] = true
		}
	}
	if len(seats) != 3 {
		t.Errorf("seat codes %v", seats)
	}
}

func TestAnswer_acceptAndDeclineInParallelEndInOneLawfulState(t *testing.T) {
	x := newTable(t, storetest.Seats(1))
	id, token := x.invited("Ana Echeverry", models.Congress)
	var wg sync.WaitGroup
	for i := range 20 {
		answer := models.Accepted
		if i%2 == 1 {
			answer = models.Declined
		}
		wg.Go(func() {
			if _, err := x.st.AnswerInvitation(t.Context(), token, models.AnswerInput{Answer: answer, Chosen: true}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	g, events, err := x.st.Guest(t.Context(), x.lead, id)
	if err != nil {
		t.Fatal(err)
	}
	if g.State != models.Accepted && g.State != models.Declined || g.State != g.Answer {
		t.Errorf("%v, answer %v", g.State, g.Answer)
	}
	for i := 1; i < len(events); i++ {
		if events[i-1].From != events[i].To {
			t.Errorf("the history breaks: %v does not follow %v", events[i-1], events[i])
		}
	}
	if g.Seat > 1 {
		t.Errorf("seat %d: given more than once", g.Seat)
	}
	if sent := storetest.KeepMail(t, x.st); len(sent) != 1 || sent[0].Answer != g.State {
		t.Errorf("one confirmation of what holds, got %d", len(sent))
	}
}

func TestWaitingList_nobodyIsPromotedUnlessTheHostSwitchedItOn(t *testing.T) {
	for _, auto := range []bool{false, true} {
		x := newTable(t, storetest.Seats(1), storetest.With(func(in *models.RoundtableInput) { in.AutoPromote = auto }))
		_, first := x.invited("Ana Echeverry", models.Congress)
		academic, a := x.invited("Miriam Stroud", models.Academia)
		diplomat, d := x.invited("Kenji Mizuhara", models.Diplomats)
		if err := x.st.SetSectorTargets(t.Context(), x.lead, x.room, []models.SectorTarget{{Sector: models.Diplomats, Target: 2}}); err != nil {
			t.Fatal(err)
		}
		storetest.Answer(t, x.st, first, models.Accepted)
		_, err := x.st.AnswerInvitation(t.Context(), a, models.AnswerInput{Answer: models.Accepted, Chosen: true})
		if !models.IsTableFull(err) {
			t.Fatal(err)
		}
		storetest.Answer(t, x.st, a, models.Waitlisted)
		x.clock.Advance(time.Minute)
		storetest.Answer(t, x.st, d, models.Waitlisted)
		storetest.KeepMail(t, x.st)
		storetest.Answer(t, x.st, first, models.Declined)
		list, err := x.st.Guests(t.Context(), x.lead, x.room, models.GuestFilter{})
		if err != nil {
			t.Fatal(err)
		}
		if !auto {
			if x.read(academic).State != models.Waitlisted || x.read(diplomat).State != models.Waitlisted || list.Next != diplomat {
				t.Errorf("promoted without being told to; next is %v", list.Next)
			}
			if err := x.st.RecordAnswer(t.Context(), x.lead, diplomat, models.RecordInput{Answer: models.Accepted, Via: "phone", Confirm: true}); err != nil {
				t.Error(err)
			}
		}
		// the sector furthest under its target, though the other waits longer
		if x.read(diplomat).State != models.Accepted || x.read(academic).State != models.Waitlisted {
			t.Errorf("auto %v: %v, %v", auto, x.read(diplomat).State, x.read(academic).State)
		}
		kinds := map[models.MailKind]int{}
		for _, m := range storetest.KeepMail(t, x.st) {
			kinds[m.Kind]++
		}
		if kinds[models.MailPromotion] != 1 || kinds[models.MailConfirmation] != 1 {
			t.Errorf("auto %v: %v", auto, kinds)
		}
	}
}

func TestRecordAnswer_afterTheDeadlineByPhone(t *testing.T) {
	x := newTable(t, storetest.With(func(in *models.RoundtableInput) { in.DeadlineDate = "2026-10-10" }))
	id, _ := x.invited("Ana Echeverry", models.Congress)
	x.clock.Advance(20 * 24 * time.Hour)
	x.lead = storetest.Viewer(t, x.st, x.lead.Email())
	err := x.st.RecordAnswer(t.Context(), x.lead, id, models.RecordInput{Answer: models.Accepted, Via: "phone", Needs: models.Needs{Diet: "Halal"}, Confirm: true})
	if err != nil {
		t.Fatal(err)
	}
	g, events, _ := x.st.Guest(t.Context(), x.lead, id)
	if g.State != models.Accepted || g.Needs.Diet != "Halal" || events[0].Via != "phone" || events[0].Account != "Amara Lindgren" {
		t.Errorf("%+v %+v", g, events[0])
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

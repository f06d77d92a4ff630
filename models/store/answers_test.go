package store_test

import (
	"sync"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

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

package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestEditCommitment_aPromiseIsCorrectedAndTakenBack(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	id, err := s.st.CreateCommitment(ctx, s.lead, s.room, models.CommitmentInput{What: "Send the paper", Owner: "The host"})
	if err != nil {
		t.Fatal(err)
	}
	one := func() models.Promise {
		t.Helper()
		found, err := s.st.Commitments(ctx, s.lead, s.room)
		if err != nil || len(found) != 1 {
			t.Fatalf("%+v, %v", found, err)
		}
		return found[0]
	}
	was := one()
	better := models.CommitmentInput{What: "Send both papers", Owner: "The embassy", DueOn: "2031-01-31"}
	if _, err := s.st.EditCommitment(ctx, s.other, s.room, id, was.Revision, better); err == nil {
		t.Error("somebody outside the team changes it")
	}
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, id, was.Revision, models.CommitmentInput{What: " ", Owner: "x", DueOn: "soon"}); invalidFor(t, err, "what") == "" || invalidFor(t, err, "due") == "" {
		t.Error("nothing is promised for soon")
	}
	undo, err := s.st.EditCommitment(ctx, s.lead, s.room, id, was.Revision, better)
	if err != nil {
		t.Fatal(err)
	}
	if now := one(); now.What != better.What || now.Owner != better.Owner || now.DueOn != better.DueOn || now.Due == 0 {
		t.Errorf("changed: %+v", now)
	}
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, id, was.Revision, better); !errors.Is(err, models.ErrConflict) {
		t.Errorf("who read the first wording overwrites the second: %v", err)
	}
	if _, err := s.st.TakeBack(ctx, s.lead, undo); err != nil {
		t.Fatal(err)
	}
	if now := one(); now.What != was.What || now.Owner != was.Owner || now.DueOn != "" || now.Due != 0 {
		t.Errorf("taken back: %+v", now)
	}
}

// TestEditCommitment_ofACapturedOneOnlyTheDay gives a promise of the room its
// day: what was said and by whom stays the insight's, and whoever noted it is
// reminded.
func TestEditCommitment_ofACapturedOneOnlyTheDay(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	s.capture("We will send w1 >>@s4")
	found, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil || len(found) != 1 || !found[0].Captured() {
		t.Fatalf("%+v, %v", found, err)
	}
	was := found[0]
	day := time.UnixMilli(int64(s.st.Now())).UTC().AddDate(0, 0, 10).Format(time.DateOnly)
	if _, err := s.st.EditCommitment(ctx, s.lead, s.room, was.ID, was.Revision, models.CommitmentInput{What: "Something else", Owner: "Somebody else", DueOn: day}); err != nil {
		t.Fatal(err)
	}
	found, _ = s.st.Commitments(ctx, s.lead, s.room)
	if now := found[0]; now.What != was.What || now.Owner != was.Owner || now.DueOn != day {
		t.Errorf("%+v, from %+v", now, was)
	}
	s.clock.Advance(10 * 24 * time.Hour)
	if told := s.reminded(); !slices.Equal(told, []string{s.lead.Name()}) {
		t.Errorf("on its day %v are reminded", told)
	}
}

// TestCommitments_theOwnerIsAGuestOrOnTheTeam has a promise made by a guest, by
// somebody on the team and by a name: the team's own are reminded themselves,
// for all others whoever noted it is, and no guest gets mail.
func TestCommitments_theOwnerIsAGuestOrOnTheTeam(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	tom := storetest.Account(t, s.st, "Tom Team", models.RoleRapporteur)
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'rapporteur', 1)", s.room, tom.Account())
	guests, err := s.st.Guests(ctx, s.lead, s.room, models.GuestFilter{})
	if err != nil {
		t.Fatal(err)
	}
	guest := guests.Guests[0]
	s.exec("UPDATE people SET email = 'guest@example.net' WHERE id = ?", guest.Person)
	elsewhere, lead := storetest.Roundtable(t, s.st, s.lead)
	s.lead = lead
	foreign := storetest.Guest(t, s.st, s.lead, elsewhere, storetest.AddPerson(t, s.st, s.lead, models.PersonInput{Family: "Elsewhere", Email: "else@example.net"}))
	for what, in := range map[string]models.CommitmentInput{
		"a guest of another roundtable": {What: "Send it", Guest: foreign}, "somebody off the team": {What: "Send it", Account: s.other.Account()},
		"two owners": {What: "Send it", Guest: guest.ID, Account: tom.Account()},
	} {
		if _, err := s.st.CreateCommitment(ctx, s.lead, s.room, in); invalidFor(t, err, "by") == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	day := time.UnixMilli(int64(s.st.Now())).UTC().AddDate(0, 0, 10).Format(time.DateOnly)
	ids := map[string]models.ID{}
	for owner, in := range map[string]models.CommitmentInput{
		guest.Name: {What: "Guest", Guest: guest.ID, Owner: "Typed beside", DueOn: day}, tom.Name(): {What: "Team", Account: tom.Account(), DueOn: day}, "The embassy": {What: "Name", Owner: "The embassy", DueOn: day},
	} {
		if ids[owner], err = s.st.CreateCommitment(ctx, s.lead, s.room, in); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.st.Commitments(ctx, s.lead, s.room)
	if err != nil || len(found) != 3 {
		t.Fatalf("%+v, %v", found, err)
	}
	for _, c := range found {
		if ids[c.Owner] != c.ID || (c.Email == "guest@example.net") != (c.Guest != 0) {
			t.Errorf("%s by %s, %q", c.What, c.Owner, c.Email)
		}
	}
	s.exec("UPDATE people SET do_not_contact = TRUE WHERE id = ?", guest.Person)
	found, _ = s.st.Commitments(ctx, s.lead, s.room)
	for _, c := range found {
		if c.Email != "" {
			t.Errorf("who is not to be contacted can be written to: %+v", c)
		}
	}
	undo, err := s.st.EditCommitment(ctx, s.lead, s.room, ids["The embassy"], 1, models.CommitmentInput{What: "Name", Guest: guest.ID, DueOn: day})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.TakeBack(ctx, s.lead, undo); err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(10 * 24 * time.Hour)
	if names, want := s.reminded(), []string{s.lead.Name(), s.lead.Name(), tom.Name()}; !slices.Equal(slices.Sorted(slices.Values(names)), want) {
		t.Errorf("reminded %v, want %v", names, want)
	}
	s.exec("DELETE FROM team_members WHERE account_id = ?", tom.Account())
	if err := s.st.RemindCommitment(ctx, s.lead, s.room, ids[tom.Name()]); err != nil {
		t.Fatal(err)
	}
	if names := s.reminded(); !slices.Equal(names, []string{s.lead.Name()}) {
		t.Errorf("of what somebody promised who left the team, %v are reminded", names)
	}
}

package store_test

import (
	"errors"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func TestStaff_onlyWhoManagesStaffMay(t *testing.T) {
	st, _ := storetest.Open(t)
	storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	v := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	ctx, in := t.Context(), models.AccountInput{Name: "New One", Email: "new@example.org", Role: models.RoleReader}
	for name, try := range map[string]func() error{
		"list":      func() error { _, err := st.Accounts(ctx, v); return err },
		"show":      func() error { _, err := st.Account(ctx, v, v.Account()); return err },
		"invite":    func() error { _, _, err := st.InviteAccount(ctx, v, in); return err },
		"again":     func() error { _, err := st.InviteAgain(ctx, v, v.Account()); return err },
		"role":      func() error { return st.ChangeRole(ctx, v, v.Account(), models.RoleAdmin) },
		"disable":   func() error { return st.DisableAccount(ctx, v, v.Account()) },
		"enable":    func() error { return st.EnableAccount(ctx, v, v.Account()) },
		"hand over": func() error { return second(st.HandOver(ctx, v, v.Account(), v.Account())) },
		"link":      func() error { return st.MailResetLink(ctx, v, v.Account()) },
	} {
		if err := try(); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInviteAccount_mailsAnInvitationWhoseLinkIsNotKept(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	in := models.AccountInput{Name: "Grace Hopper", Email: "grace@example.org", Role: models.RoleConvener}
	id, token, err := st.InviteAccount(t.Context(), admin, in)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := st.Account(t.Context(), admin, id); err != nil || a.State() != "invited" || a.Role != models.RoleConvener {
		t.Errorf("%+v, %v", a, err)
	}
	if _, _, err := st.InviteAccount(t.Context(), admin, models.AccountInput{Name: "G", Email: "GRACE@example.org", Role: models.RoleReader}); !invalidField(err, "email") {
		t.Errorf("the same address twice: %v", err)
	}
	for _, role := range []models.AccountRole{models.RoleCohost, models.RoleNone} {
		if _, _, err := st.InviteAccount(t.Context(), admin, models.AccountInput{Name: "G", Email: "g@example.org", Role: role}); !invalidField(err, "role") {
			t.Errorf("role %v: %v", role, err)
		}
	}
	again, err := st.InviteAgain(t.Context(), admin, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.OneTimeLink(t.Context(), token, "n"); !errors.Is(err, models.ErrGone) {
		t.Errorf("the earlier invitation: %v", err)
	}
	if link, err := st.OneTimeLink(t.Context(), again, "n"); err != nil || link.Purpose != store.InviteLink {
		t.Errorf("%+v, %v", link, err)
	}
	jobs, err := st.ClaimJobs(t.Context(), models.System("test"), []string{store.AccountMailKind}, 10)
	if err != nil || len(jobs) != 2 {
		t.Errorf("%d messages, want 2: %v", len(jobs), err)
	}
}

func invalidField(err error, field string) bool {
	var bad *models.InvalidError
	return errors.As(err, &bad) && bad.Fields[field] != ""
}

func TestChangeRole_endsSessionsAndKeepsTheLastAdmin(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	v := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	token, err := st.StartSession(t.Context(), v.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	heard, cancel := st.Subscribe()
	defer cancel()
	if err := st.ChangeRole(t.Context(), admin, v.Account(), models.RoleConvener); err != nil {
		t.Fatal(err)
	}
	if _, err := st.SessionByToken(t.Context(), token); err != nil {
		t.Errorf("the same role again signs out: %v", err)
	}
	if err := st.ChangeRole(t.Context(), admin, v.Account(), models.RoleReader); err != nil {
		t.Fatal(err)
	}
	if _, err := st.SessionByToken(t.Context(), token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a session under the old role: %v", err)
	}
	if changes := <-heard; len(changes) == 0 || changes[0].Kind != store.ChangeSessions || changes[0].Object != v.Account() {
		t.Errorf("streams hear %+v", changes)
	}
	if err := st.ChangeRole(t.Context(), admin, admin.Account(), models.RoleReader); !invalidField(err, "") {
		t.Errorf("the last admin: %v", err)
	}
	if err := st.DisableAccount(t.Context(), admin, admin.Account()); !invalidField(err, "") {
		t.Errorf("the last admin disabled: %v", err)
	}
	if err := st.ChangeRole(t.Context(), admin, v.Account(), models.RoleCohost); !invalidField(err, "role") {
		t.Errorf("a co-host by role: %v", err)
	}
}

// A role that was wrong is put right before the colleague opens the mail.
func TestChangeRole_leavesAnInvitationAsItWas(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	id, token, err := st.InviteAccount(t.Context(), admin, models.AccountInput{Name: "Grace Hopper", Email: "grace@example.org", Role: models.RoleReader})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.ChangeRole(t.Context(), admin, id, models.RoleConvener); err != nil {
		t.Fatal(err)
	}
	session, err := st.UseSignInLink(t.Context(), token, store.Browser{})
	if err != nil {
		t.Fatalf("the invitation is dead: %v", err)
	}
	if s, err := st.SessionByToken(t.Context(), session); err != nil || s.Viewer.Role() != models.RoleConvener {
		t.Errorf("signed in as %v: %v", s.Viewer.Role(), err)
	}
}

func TestEnableAccount_letsADisabledOneInAgain(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	v := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	if err := st.EnableAccount(t.Context(), admin, v.Account()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("one that is not disabled: %v", err)
	}
	if err := st.DisableAccount(t.Context(), admin, v.Account()); err != nil {
		t.Fatal(err)
	}
	if _, err := st.NewOneTimeLink(t.Context(), admin, v.Account(), store.SignInLink); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a link for a disabled account: %v", err)
	}
	if err := st.EnableAccount(t.Context(), admin, v.Account()); err != nil {
		t.Fatal(err)
	}
	if _, err := st.StartSession(t.Context(), v.Account(), "", ""); err != nil {
		t.Error(err)
	}
}

func TestHandOver_movesEveryRoundtableALeaverLeads(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	leaver := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	next := storetest.Account(t, st, "Jean Bartik", models.RoleConvener)
	open, lead := storetest.Roundtable(t, st, leaver)
	hidden, lead := storetest.Roundtable(t, st, lead, storetest.Private())
	storetest.Team(t, st, lead, open, next, models.TeamObserver)

	if a, err := st.Account(t.Context(), admin, leaver.Account()); err != nil || a.Leads != 1 {
		t.Errorf("an admin counts the rooms that exist for them: %+v, %v", a, err)
	}
	cohost := models.System("test")
	if _, err := st.HandOver(t.Context(), cohost, leaver.Account(), leaver.Account()); !invalidField(err, "to") {
		t.Errorf("to themselves: %v", err)
	}
	if _, err := st.HandOver(t.Context(), admin, leaver.Account(), models.ID(12345)); !invalidField(err, "to") {
		t.Errorf("to nobody: %v", err)
	}
	undo, err := st.HandOver(t.Context(), admin, leaver.Account(), next.Account())
	if err != nil || undo == 0 {
		t.Fatal(undo, err)
	}
	after := storetest.Viewer(t, st, next.Email())
	left := storetest.Viewer(t, st, leaver.Email())
	for _, room := range []models.ID{open, hidden} {
		if after.TeamRole(room) != models.TeamLead || left.IsTeam(room) {
			t.Errorf("%v: %v leads, the leaver is %v", room, after.TeamRole(room), left.TeamRole(room))
		}
	}
	if _, err := st.TakeBack(t.Context(), admin, undo); err != nil {
		t.Fatal(err)
	}
	after, left = storetest.Viewer(t, st, next.Email()), storetest.Viewer(t, st, leaver.Email())
	for room, was := range map[models.ID]models.TeamRole{open: models.TeamObserver, hidden: models.TeamNone} {
		if left.TeamRole(room) != models.TeamLead || after.TeamRole(room) != was {
			t.Errorf("taken back, %v: the leaver is %v, the other %v", room, left.TeamRole(room), after.TeamRole(room))
		}
	}
}

func TestHandOver_isNotTakenBackOverALaterChange(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	leaver := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	next := storetest.Account(t, st, "Jean Bartik", models.RoleConvener)
	third := storetest.Account(t, st, "Kay Mauchly", models.RoleConvener)
	room, _ := storetest.Roundtable(t, st, leaver)
	first, err := st.HandOver(t.Context(), admin, leaver.Account(), next.Account())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.HandOver(t.Context(), admin, next.Account(), third.Account()); err != nil {
		t.Fatal(err)
	}
	if _, err := st.TakeBack(t.Context(), admin, first); !errors.Is(err, models.ErrConflict) {
		t.Errorf("over a later change: %v", err)
	}
	if v := storetest.Viewer(t, st, third.Email()); v.TeamRole(room) != models.TeamLead {
		t.Error("the later change is gone")
	}
	if undo, err := st.HandOver(t.Context(), admin, leaver.Account(), next.Account()); err != nil || undo != 0 {
		t.Errorf("of nothing: %v, %v", undo, err)
	}
}

func TestSessions_onlyOnesOwnAreListedAndEnded(t *testing.T) {
	st, _ := storetest.Open(t)
	ada := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	grace := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	firefox := "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	token, err := st.StartSession(t.Context(), grace.Account(), firefox, "203.0.113.77")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.StartSession(t.Context(), grace.Account(), "", "2001:db8:1:2::/64"); err != nil {
		t.Fatal(err)
	}
	kept, err := st.SessionByToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := st.Sessions(t.Context(), kept.Viewer)
	if err != nil || len(mine) != 2 {
		t.Fatalf("%+v, %v", mine, err)
	}
	for _, s := range mine {
		if s.Current != (s.Device == "Firefox on Linux") || (s.Network != "203.0.113.0/24" && s.Network != "2001:db8:1::/48") {
			t.Errorf("%+v", s)
		}
		if _, err := st.SessionByToken(t.Context(), s.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a session's name opens it: %v", err)
		}
		if err := st.EndSessionOf(t.Context(), ada, s.ID); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("somebody else ends it: %v", err)
		}
		if err := st.EndSessionOf(t.Context(), grace, s.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := st.SessionByToken(t.Context(), token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("an ended session: %v", err)
	}
}

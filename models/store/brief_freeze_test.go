package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// onTheRecord is a roundtable on the record with people of industry who came,
// of whom the first six said something that is released.
func onTheRecord(t *testing.T, came int) (*session, []models.ID) {
	t.Helper()
	s := newSession(t, slices.Repeat([]models.Sector{models.Industry}, came)...)
	s.exec("UPDATE roundtables SET regime = ? WHERE id = ?", models.OnTheRecord, s.room)
	var said []models.ID
	for n := range 6 {
		said = append(said, s.capture(fmt.Sprintf("Ports need a plan %d @s%d #s", n, n+1)).ID())
	}
	s.release(said)
	return s, said
}

func (s *session) release(ids []models.ID) {
	s.t.Helper()
	for _, state := range []models.InsightState{models.Reviewed, models.Released} {
		if _, err := s.st.SetInsightStates(s.t.Context(), s.lead, ids, state); err != nil {
			s.t.Fatal(err)
		}
	}
}

// proof returns a brief of the session's roundtable as it would be published.
func (s *session) proof(themes ...models.ID) models.BriefProof {
	s.t.Helper()
	id := storetest.Brief(s.t, s.st, s.other, s.room, models.BriefText{Title: "Ports", Themes: themes})
	proof, err := s.st.ProofBrief(s.t.Context(), s.lead, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return proof
}

// TestBriefs_consensusIsCountedByTheKOfTheRoundtable: six of eight are most of
// them, and only some where the roundtable asks for nine people.
func TestBriefs_consensusIsCountedByTheKOfTheRoundtable(t *testing.T) {
	s, said := onTheRecord(t, 8)
	theme := storetest.Theme(t, s.st, s.other, "Ports need a plan.", said...)
	if words := s.proof(theme).Content.Themes[0].ConsensusWords; words != "most" {
		t.Errorf("six of eight are %q", words)
	}
	s.exec("UPDATE roundtables SET k_public = 9 WHERE id = ?", s.room)
	if proof := s.proof(theme); proof.Manifest.K != 9 || proof.Content.Themes[0].ConsensusWords != "some" {
		t.Errorf("with a k of %d six are %q", proof.Manifest.K, proof.Content.Themes[0].ConsensusWords)
	}
}

// TestConsensus_isNeverMostOfAnUnknownNumber: a second roundtable where nobody
// wrote down who came leaves open how many were there in all.
func TestConsensus_isNeverMostOfAnUnknownNumber(t *testing.T) {
	s, said := onTheRecord(t, 8)
	second := &session{t: t, st: s.st, clock: s.clock, room: s.st.NewID(), lead: s.lead, items: []models.ID{s.st.NewID()}}
	s.exec(`INSERT INTO roundtables (id, title, title_fold, zone, regime, status, ics_uid, created_ms, starts_local)
		VALUES (?, 'Rails', 'rails', 'America/New_York', ?, 'held', 'v', 1, '2026-09-25T09:00')`, second.room, models.OnTheRecord)
	s.exec("INSERT INTO agenda_items (id, roundtable_id, position, title) VALUES (?, ?, 1, 'Rails')", second.items[0], second.room)
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', 1)", second.room, s.lead.Account())
	s.lead = storetest.Viewer(t, s.st, "jo.lead@example.org")
	second.lead = s.lead
	more := []models.ID{second.capture("Ports need a plan, too #s").ID()}
	second.release(more)
	theme := storetest.Theme(t, s.st, s.other, "Ports need a plan.", append(slices.Clone(said), more...)...)
	if words := s.proof(theme).Content.Themes[0].ConsensusWords; words != "several" {
		t.Errorf("the brief says %q", words)
	}
	words := func() (string, int) {
		own, err := s.st.Theme(t.Context(), s.other, theme)
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.st.ThemesAnalysed(t.Context(), s.other, models.AnalysisQuery{})
		if err != nil || len(all) != 1 || all[0].Consensus(models.Supports) != own.Consensus(models.Supports) {
			t.Fatalf("%d themes, %v", len(all), err)
		}
		return own.Consensus(models.Supports), own.Present
	}
	if got, present := words(); got != "several" || present != 0 {
		t.Errorf("staff read %q of %d", got, present)
	}
	// Who accepted counts for staff, where nobody wrote down who came.
	for n := range 3 {
		second.guest(models.Industry)
		second.exec("UPDATE guests SET state = 'accepted' WHERE id = ?", second.guests[n])
	}
	if got, present := words(); got != "most" || present != 11 {
		t.Errorf("staff read %q of %d", got, present)
	}
	if words := s.proof(theme).Content.Themes[0].ConsensusWords; words != "several" {
		t.Errorf("who accepted is counted for the public: %q", words)
	}
}

// TestBriefs_headCountsTellNoMoreThanTheRule: on the record the host's own
// staff stand under their group, under deep background there is one total and
// no figure of what is withheld.
func TestBriefs_headCountsTellNoMoreThanTheRule(t *testing.T) {
	s := newSession(t, append(slices.Repeat([]models.Sector{models.Industry}, 6), models.HostStaff, models.Academia, models.Congress)...)
	heads := func(rule models.Regime) ([]models.BriefHeadCount, int) {
		s.exec("UPDATE roundtables SET regime = ? WHERE id = ?", rule, s.room)
		proof := s.proof()
		return proof.Content.Meetings[0].Groups, proof.Manifest.Suppressed
	}
	got, withheld := heads(models.OnTheRecord)
	want := []models.BriefHeadCount{{Group: "Congress", Count: "<5"}, {Group: "Academia", Count: "<5"}, {Group: "Industry", Count: "6"}, {Group: "Non-government", Count: "<5"}}
	if !slices.Equal(got, want) || withheld != 3 {
		t.Errorf("on the record: %v, %d withheld", got, withheld)
	}
	got, withheld = heads(models.DeepBackground)
	if !slices.Equal(got, []models.BriefHeadCount{{Group: "Participants", Count: "9"}}) || withheld != 0 {
		t.Errorf("deep background: %v, %d withheld", got, withheld)
	}
}

// TestBriefs_whoReadsAlongKnowsTheRoundtable: a brief of a roundtable off the
// record is put before its team alone, and so is the message that asks.
func TestBriefs_whoReadsAlongKnowsTheRoundtable(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public...)
	id := w.brief(func(*models.BriefText) {}, theme)
	names := func() (out []string) {
		found, err := w.st.BriefColleagues(ctx, w.analyst, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			out = append(out, c.Name)
		}
		return out
	}
	if got := names(); !slices.Equal(got, []string{"Jo Lead", "Ot Her", "Rea Der"}) {
		t.Errorf("asked can be %q", got)
	}
	if err := w.st.AskBriefReview(ctx, w.analyst, id, w.reader.Account()); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE roundtables SET regime = ? WHERE id = ?", models.OffTheRecord, w.room)
	if got := names(); !slices.Equal(got, []string{"Jo Lead"}) {
		t.Errorf("of a roundtable off the record, asked can be %q", got)
	}
	if _, err := w.st.Brief(ctx, w.reader, id); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("it exists for others: %v", err)
	}
	if names, _ := w.nudged(); len(names) > 0 {
		t.Errorf("%q are told of it", names)
	}
	// The theme keeps the roundtable when the brief leaves it.
	w.exec("UPDATE briefs SET roundtable_id = 0, scope = 'filter', filter = 'q=x' WHERE id = ?", id)
	if got := names(); !slices.Equal(got, []string{"Jo Lead"}) {
		t.Errorf("of a theme off the record, asked can be %q", got)
	}
	if _, err := w.st.Brief(ctx, w.reader, id); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("it exists for others through its theme: %v", err)
	}
}

// TestBriefs_nobodyFindsOutNamesByTrying: who is not on the team hears one
// sentence whatever is wrong, and after a few tries it no longer depends on
// what they typed; a withdrawal can still be had.
func TestBriefs_nobodyFindsOutNamesByTrying(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.exec("UPDATE people SET full_name = 'Zebediah Quorum' WHERE id = (SELECT max(person_id) FROM guests WHERE roundtable_id = ?)", w.room)
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	id := w.brief(func(*models.BriefText) {})
	w.approve(id)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	withdraw := func(v models.Viewer, why string) string {
		_, err := w.st.WithdrawBrief(ctx, v, id, why)
		if err == nil {
			return ""
		}
		return invalidFor(t, err, "why")
	}
	for range 5 {
		if said := withdraw(w.outside, "Zebediah Quorum objected."); said == "" || strings.Contains(said, "Quorum") || strings.Contains(said, "often") {
			t.Fatalf("told %q", said)
		}
	}
	for _, why := range []string{"Zebediah Quorum objected.", "Somebody Else objected."} {
		if said := withdraw(w.outside, why); !strings.Contains(said, "too often") {
			t.Errorf("%s: told %q", why, said)
		}
	}
	if said := withdraw(w.lead, "Zebediah Quorum objected."); !strings.Contains(said, "Quorum") {
		t.Errorf("the team is told %q", said)
	}
	if said := withdraw(w.outside, models.PlainWithdrawal); said != "" {
		t.Errorf("it cannot be withdrawn: %q", said)
	}
}

// TestBriefs_listTellsPillars of what a brief recommends, and of what its
// newest version shows.
func TestBriefs_listTellsPillars(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:2], models.Released); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	pillars := func() int {
		found, err := w.st.Briefs(ctx, w.analyst)
		if err != nil || len(found) != 1 {
			t.Fatalf("%d briefs, %v", len(found), err)
		}
		return found[0].Pillars
	}
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public...)
	id := w.brief(func(*models.BriefText) {}, theme)
	if got := pillars(); got != 0 {
		t.Errorf("of a draft that recommends nothing: %d", got)
	}
	w.approve(id)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	if got := pillars(); got != models.Security.Mask() {
		t.Errorf("of what it shows: %d", got)
	}
	recommendation := w.recommend("Sign the first contract")
	w.exec("UPDATE recommendations SET pillar_mask = ? WHERE id = ?", models.Technology.Mask(), recommendation)
	w.exec("INSERT INTO brief_recommendations (brief_id, recommendation_id) VALUES (?, ?)", id, recommendation)
	if got := pillars(); got != models.Security.Mask()|models.Technology.Mask() {
		t.Errorf("with what it recommends: %d", got)
	}
}

// TestInsightTrail_leadsToNoVersionThatWasReplaced: an insight went back to
// review, and a correction without it stands where it was published.
func TestInsightTrail_leadsToNoVersionThatWasReplaced(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	said := w.public[0]
	w.release([]models.ID{said})
	id := w.brief(func(b *models.BriefText) { b.Report = models.Cite(said) })
	storetest.PublishBrief(t, w.st, w.analyst, w.lead, id)
	trail := func() []models.TrailPublication {
		found, err := w.st.InsightTrail(ctx, w.lead, said)
		if err != nil {
			t.Fatal(err)
		}
		return found.Publications
	}
	if _, err := w.st.SetInsightStates(ctx, w.lead, []models.ID{said}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	if len(trail()) != 1 {
		t.Errorf("until it is corrected, the trail leads to %+v", trail())
	}
	b, err := w.st.Brief(ctx, w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	b.Report = "Left out."
	if _, err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, b.BriefText); err != nil {
		t.Fatal(err)
	}
	w.approve(id)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, "An insight is left out."); err != nil {
		t.Fatal(err)
	}
	if len(trail()) != 0 {
		t.Errorf("the trail leads to %+v", trail())
	}
}

// TestBriefs_aWithdrawalIsTakenBackForWhatStands: an earlier version that tells
// too much is replaced, and keeps the newest from coming back no longer. It
// stays unread, also where it was the withdrawal that hid it from a change.
func TestBriefs_aWithdrawalIsTakenBackForWhatStands(t *testing.T) {
	for name, before := range map[string]bool{"before the withdrawal": true, "while it is withdrawn": false} {
		t.Run(name, func(t *testing.T) {
			w := newThemeWorld(t)
			ctx := t.Context()
			w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
			said := w.public[:1]
			w.release(said)
			id := w.brief(func(b *models.BriefText) { b.Report = models.Cite(said[0]) })
			slug := storetest.PublishBrief(t, w.st, w.analyst, w.lead, id)
			b, err := w.st.Brief(ctx, w.analyst, id)
			if err != nil {
				t.Fatal(err)
			}
			b.Report = "Left out."
			if _, err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, b.BriefText); err != nil {
				t.Fatal(err)
			}
			w.approve(id)
			if _, err := w.st.PublishBrief(ctx, w.lead, id, "An insight is left out."); err != nil {
				t.Fatal(err)
			}
			takeFromPublic := func() {
				if _, err := w.st.SetInsightStates(ctx, w.lead, said, models.Reviewed); err != nil {
					t.Fatal(err)
				}
			}
			if before {
				takeFromPublic()
			}
			undo, err := w.st.WithdrawBrief(ctx, w.lead, id, models.PlainWithdrawal)
			if err != nil {
				t.Fatal(err)
			}
			if !before {
				takeFromPublic()
			}
			if _, err := w.st.TakeBack(ctx, w.lead, undo); err != nil {
				t.Fatalf("the newest tells nothing too much, and does not come back: %v", err)
			}
			if pub, err := w.st.Publication(ctx, slug, 0); err != nil || pub.Gone() || pub.Content.Version != 2 {
				t.Errorf("the newest is not read again: %+v %v", pub.Readable, err)
			}
			if pub, err := w.st.Publication(ctx, slug, 1); err != nil || !pub.Replaced || len(pub.Content.Cited) > 0 {
				t.Errorf("the first is read again: %+v %v", pub.Readable, err)
			}
		})
	}
}

// TestBriefs_whoCameAfterTheReleaseIsAGuestToo: released words name nobody of
// the list as it was; whoever walks in later, or gets another name, stands in
// the way of publishing them. Only the team is told which words.
func TestBriefs_whoCameAfterTheReleaseIsAGuestToo(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	said := w.say(w.room, "Ports wait, as Quorum showed @s1 #s")
	w.release([]models.ID{said})
	theme := storetest.Theme(t, w.st, w.analyst, "Ports wait.", said)
	id := w.brief(func(b *models.BriefText) {}, theme)
	w.approve(id)
	proof, err := w.st.ProofBrief(ctx, w.lead, id)
	if err != nil || !proof.Clear() {
		t.Fatalf("%+v %+v %v", proof.Obstacles, proof.Leaks, err)
	}
	w.exec("UPDATE people SET full_name = 'Zebediah Quorum' WHERE id = (SELECT max(person_id) FROM guests WHERE roundtable_id = ?)", w.room)
	var bad *models.InvalidError
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); !errors.As(err, &bad) {
		t.Fatalf("words that name a guest are published: %v", err)
	}
	if proof, err = w.st.ProofBrief(ctx, w.lead, id); err != nil || len(proof.Obstacles) != 1 || !strings.Contains(proof.Obstacles[0].Words, "Quorum") {
		t.Errorf("the team is told %+v, %v", proof.Obstacles, err)
	}
	if proof, err = w.st.ProofBrief(ctx, w.outside, id); err != nil || !proof.Clear() || !proof.TeamOnly {
		t.Errorf("somebody outside the team is told %+v, %v", proof.Obstacles, err)
	}
	if _, err := w.st.PublishBrief(ctx, w.outside, id, ""); !errors.As(err, &bad) || strings.Contains(bad.Fields[""], "Quorum") {
		t.Errorf("somebody outside the team publishes it: %v", err)
	}
	found, err := w.st.InsightFindings(ctx, w.lead, said)
	if err != nil || len(found) != 1 {
		t.Fatalf("%+v %v", found, err)
	}
	if err := w.st.OverruleFinding(ctx, w.lead, said, found[0].Mark, "The number of those present."); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Errorf("after it was overruled: %v", err)
	}
}

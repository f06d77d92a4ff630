package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func (w *themeWorld) brief(text func(*models.BriefText), themes ...models.ID) models.ID {
	w.t.Helper()
	id, err := w.st.CreateBrief(w.t.Context(), w.analyst, models.BriefInput{Scope: models.ScopeRoundtable, Roundtable: w.room, Title: "Who signs first"})
	if err != nil {
		w.t.Fatal(err)
	}
	t := models.BriefText{Title: "Who signs first", BottomLine: "Sign first.", Disclaimer: models.DefaultDisclaimer, Themes: themes}
	text(&t)
	if _, err := w.st.EditBrief(w.t.Context(), w.analyst, id, 1, t); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *themeWorld) approve(id models.ID) {
	w.t.Helper()
	b, err := w.st.Brief(w.t.Context(), w.analyst, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.st.SubmitBrief(w.t.Context(), w.analyst, id); err != nil {
		w.t.Fatal(err)
	}
	var bad *models.InvalidError
	if _, err := w.st.ApproveBrief(w.t.Context(), w.analyst, id, b.Revision); !errors.As(err, &bad) {
		w.t.Errorf("the author approves: %v", err)
	}
	if _, err := w.st.ApproveBrief(w.t.Context(), w.lead, id, b.Revision); err != nil {
		w.t.Fatal(err)
	}
}

func TestBriefs_publishFreezesWhatThePublicMayRead(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public...)
	id := w.brief(func(b *models.BriefText) { b.Report = "They said " + models.Cite(w.public[0]) + "." }, theme)
	w.approve(id)
	var bad *models.InvalidError
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); !errors.As(err, &bad) {
		t.Fatalf("published what cites insights that are not released: %v", err)
	}
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:2], models.Released); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	if found, err := w.st.ProofBrief(ctx, w.lead, id); err != nil || !found.Clear() || found.TeamOnly {
		t.Fatalf("%v %v %v", found.Obstacles, found.Leaks, err)
	}
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	b, err := w.st.Brief(ctx, w.lead, id)
	if err != nil || b.State != models.BriefPublished {
		t.Fatalf("%v %v", b.State, err)
	}
	pub, err := w.st.Publication(ctx, b.Slug, 0)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(pub.Content.Themes[0].Insights); n != 2 {
		t.Errorf("%d insights of a theme of whose four two are released", n)
	}
	if len(pub.Content.Cited) != 1 || !strings.HasPrefix(pub.Content.Cited[0].Attribution, "a ") {
		t.Errorf("cited: %+v", pub.Content.Cited)
	}
	if hash, _ := models.HashContent(pub.Content); hash != pub.Manifest.Hash || hash == "" {
		t.Error("the manifest's hash is not the content's")
	}
	if m := pub.Manifest; m.K < 5 || m.L < 3 || m.ApproverID != w.lead.Account() || len(m.InsightIDs) != 2 || m.RuleTextVersion == "" {
		t.Errorf("manifest %+v", m)
	}
	// T7: what is taken back from the public marks the publication.
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:1], models.Reviewed); err != nil {
		t.Fatal(err)
	}
	if b, err = w.st.Brief(ctx, w.analyst, id); err != nil || b.ViolatedAt == 0 {
		t.Errorf("a publication that shows too much is not marked: %v", err)
	}
	if _, err := w.st.WithdrawBrief(ctx, w.lead, id, "It showed too much."); err != nil {
		t.Fatal(err)
	}
	if pub, err = w.st.Publication(ctx, b.Slug, 1); err != nil || pub.WithdrawnAt == 0 || pub.Content.Report != "" || len(pub.Content.Themes) > 0 {
		t.Errorf("a withdrawn brief is still told: %v", err)
	}
}

func TestBriefs_ofPrivateRoundtablesExistForTheirTeamsAlone(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	secret := storetest.Theme(t, w.st, w.analyst, "Words of a private roundtable.", w.private...)
	id := w.brief(func(*models.BriefText) {}, secret)
	for _, v := range []models.Viewer{w.outside, w.reader, models.Anonymous()} {
		if _, err := w.st.Brief(ctx, v, id); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%v reads it: %v", v, err)
		}
		if found, err := w.st.Briefs(ctx, v); err != nil || len(found) > 0 {
			t.Errorf("%v finds %d: %v", v, len(found), err)
		}
	}
	if _, err := w.st.Brief(ctx, w.analyst, id); err != nil {
		t.Error(err)
	}
	own, err := w.st.CreateBrief(ctx, w.analyst, models.BriefInput{Scope: models.ScopeRoundtable, Roundtable: w.hidden, Title: "Kept inside"})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := w.st.ProofBrief(ctx, w.analyst, own); err != nil || len(found.Obstacles) == 0 {
		t.Errorf("nothing stands in the way of publishing a private roundtable: %v", err)
	}
}

func TestBriefs_editingDropsTheApproval(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := w.brief(func(*models.BriefText) {})
	w.approve(id)
	text := models.BriefText{Title: "Other words"}
	if _, err := w.st.EditBrief(ctx, w.analyst, id, 1, text); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a stale form is saved: %v", err)
	}
	if _, err := w.st.EditBrief(ctx, w.analyst, id, 2, text); err != nil {
		t.Fatal(err)
	}
	b, err := w.st.Brief(ctx, w.analyst, id)
	if err != nil || b.State != models.BriefDraft || b.ApproverID != 0 || b.Revision != 3 || len(b.History) != 3 {
		t.Errorf("%+v %v", b, err)
	}
}

// TestBriefs_wordsOfTheRosterStandInTheWay: whatever is typed is looked
// through, the theme and the address too; a team resolves or overrules what is
// found, and nobody else is told.
func TestBriefs_wordsOfTheRosterStandInTheWay(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	const name = "Zebediah Quorum"
	w.exec("UPDATE people SET full_name = ? WHERE id = (SELECT max(person_id) FROM guests WHERE roundtable_id = ?)", name, w.room)
	theme := storetest.Theme(t, w.st, w.analyst, "Quorum said it first.", w.public...)
	id := w.brief(func(b *models.BriefText) {
		b.Title, b.Report, b.Annexes = "What zebediah quorum wants", "As "+name+" put it.", "Thanks to Quorum’s staff."
	}, theme)
	places := func(v models.Viewer) (out []string, leaks []models.BriefFinding) {
		proof, err := w.st.ProofBrief(ctx, v, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range proof.Leaks {
			out = append(out, f.Place)
		}
		return out, proof.Leaks
	}
	got, leaks := places(w.analyst)
	want := []string{"the title", "the report", "the theme “Quorum said it first.”", "the annexes", "its address and the name of its files"}
	if !slices.Equal(got, want) {
		t.Fatalf("found in %q", got)
	}
	if proof, err := w.st.ProofBrief(ctx, w.outside, id); err != nil || len(proof.Leaks) > 0 || !proof.TeamOnly {
		t.Errorf("somebody outside the team is shown %v, %v", proof.Leaks, err)
	}
	if err := w.st.OverruleBriefFinding(ctx, w.outside, id, leaks[1].Mark, "It does not."); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("somebody outside the team overrules: %v", err)
	}
	var bad *models.InvalidError
	if err := w.st.OverruleBriefFinding(ctx, w.analyst, id, leaks[1].Mark, " "); !errors.As(err, &bad) {
		t.Errorf("overruled without a reason: %v", err)
	}
	for _, f := range leaks[1:4] {
		if err := w.st.OverruleBriefFinding(ctx, w.analyst, id, f.Mark, "A namesake, long dead."); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.st.OverruleBriefFinding(ctx, w.analyst, id, leaks[1].Mark, "Again"); !errors.Is(err, models.ErrConflict) {
		t.Errorf("overruled twice: %v", err)
	}
	if got, _ = places(w.analyst); !slices.Equal(got, []string{"the title", "its address and the name of its files"}) {
		t.Errorf("left are %q", got)
	}
	b, err := w.st.Brief(ctx, w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	b.Title = "What the room wants"
	if _, err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, b.BriefText); err != nil {
		t.Fatal(err)
	}
	if got, _ = places(w.analyst); len(got) != 0 {
		t.Errorf("with another title %q are left: the address does not follow it", got)
	}
}

// TestBriefs_nothingIsPublishedWhileAFindingIsOpen: neither the brief, nor the
// note of a correction, nor the reason of a withdrawal tells a name.
func TestBriefs_nothingIsPublishedWhileAFindingIsOpen(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.exec("UPDATE people SET full_name = 'Zebediah Quorum' WHERE id = (SELECT max(person_id) FROM guests WHERE roundtable_id = ?)", w.room)
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	id := w.brief(func(b *models.BriefText) { b.Summary = "Quorum agreed." })
	w.approve(id)
	var bad *models.InvalidError
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); !errors.As(err, &bad) {
		t.Fatalf("a name is published: %v", err)
	}
	proof, err := w.st.ProofBrief(ctx, w.lead, id)
	if err != nil || len(proof.Leaks) != 1 {
		t.Fatalf("%v %v", proof.Leaks, err)
	}
	if err := w.st.OverruleBriefFinding(ctx, w.lead, id, proof.Leaks[0].Mark, "The number of those present."); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.PublishBrief(ctx, w.lead, id, "What Zebediah Quorum asked us to add."); !errors.As(err, &bad) || bad.Fields["note"] == "" {
		t.Fatalf("a note tells a name: %v", err)
	}
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.WithdrawBrief(ctx, w.lead, id, "Zebediah Quorum objected."); !errors.As(err, &bad) || bad.Fields["why"] == "" {
		t.Errorf("the reason of a withdrawal tells a name: %v", err)
	}
}

// TestBriefs_actsAreTakenBack: an edit, a step and a settled remark; not what
// somebody changed again since.
func TestBriefs_actsAreTakenBack(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := w.brief(func(b *models.BriefText) { b.Summary = "First words." })
	now := func() models.Brief {
		b, err := w.st.Brief(ctx, w.analyst, id)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	text := now().BriefText
	text.Summary = "Second words."
	edit, err := w.st.EditBrief(ctx, w.analyst, id, 2, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.TakeBack(ctx, w.lead, edit); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody else takes it back: %v", err)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, edit); err != nil {
		t.Fatal(err)
	}
	if b := now(); b.Summary != "First words." || b.Revision != 4 {
		t.Errorf("%d: %q", b.Revision, b.Summary)
	}
	submit, err := w.st.SubmitBrief(ctx, w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	approve, err := w.st.ApproveBrief(ctx, w.lead, id, 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, submit); !errors.Is(err, models.ErrConflict) {
		t.Errorf("taken back after the approval: %v", err)
	}
	if _, err := w.st.TakeBack(ctx, w.lead, approve); err != nil {
		t.Fatal(err)
	}
	if b := now(); b.State != models.BriefInReview || b.ApproverID != 0 {
		t.Errorf("%s, approved by %d", b.State, b.ApproverID)
	}
	if err := w.st.CommentBrief(ctx, w.lead, id, "", "Too long."); err != nil {
		t.Fatal(err)
	}
	settle, err := w.st.ResolveComment(ctx, w.analyst, id, now().Comments[0].ID)
	if err != nil || !now().Comments[0].Resolved {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM audit WHERE action = 'brief.resolve' AND object_id = ?", id); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
	if _, err := w.st.TakeBack(ctx, w.analyst, settle); err != nil || now().Comments[0].Resolved {
		t.Errorf("still settled: %v", err)
	}
}

// TestBriefs_aWithdrawalIsTakenBack unless a rule was raised meanwhile; an
// adopted recommendation is published with its brief, and no longer without.
func TestBriefs_aWithdrawalIsTakenBack(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:2], models.Released); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	rec, err := w.st.CreateRecommendation(ctx, w.analyst, models.RecommendationInput{RecommendationText: models.RecommendationText{Title: "Sign the first contract now.", Addressee: "The ministries."}})
	if err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE recommendations SET state = 'adopted' WHERE id = ?", rec)
	state := func() string {
		r, err := w.st.Recommendation(ctx, w.analyst, rec)
		if err != nil {
			t.Fatal(err)
		}
		return string(r.State)
	}
	id := w.brief(func(b *models.BriefText) {
		b.Report, b.Recommendations = models.Cite(w.public[0])+".", []models.ID{rec}
	})
	w.approve(id)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	if state() != "published" {
		t.Errorf("the recommendation is %s", state())
	}
	b, err := w.st.Brief(ctx, w.lead, id)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := w.st.Publication(ctx, b.Slug, 0)
	if err != nil || pub.Content.Recommendations[0].State != "Adopted" {
		t.Fatalf("%+v %v", pub.Content.Recommendations, err)
	}
	if n := w.count("SELECT count(*) FROM codebook_versions WHERE version = ? AND content <> ''", pub.Manifest.CodebookVersion); n != 1 {
		t.Error("the codebook of the brief is not kept")
	}
	undo, err := w.st.WithdrawBrief(ctx, w.lead, id, "A figure is wrong.")
	if err != nil {
		t.Fatal(err)
	}
	if state() != "adopted" {
		t.Errorf("with the brief withdrawn the recommendation is %s", state())
	}
	if _, err := w.st.TakeBack(ctx, w.lead, undo); err != nil {
		t.Fatal(err)
	}
	if pub, err = w.st.Publication(ctx, b.Slug, 0); err != nil || pub.WithdrawnAt != 0 || state() != "published" {
		t.Errorf("still withdrawn, %s: %v", state(), err)
	}
	if undo, err = w.st.WithdrawBrief(ctx, w.lead, id, "It shows too much."); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:1], models.Reviewed); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.TakeBack(ctx, w.lead, undo); !errors.Is(err, models.ErrConflict) {
		t.Errorf("what may not be shown any more is published again: %v", err)
	}
}

// TestBriefs_whatIsPublishedStaysAsItWas whatever is edited later.
func TestBriefs_whatIsPublishedStaysAsItWas(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:2], models.Released); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public[:2]...)
	id := w.brief(func(b *models.BriefText) { b.Report = models.Cite(w.public[0]) }, theme)
	w.approve(id)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	b, err := w.st.Brief(ctx, w.lead, id)
	if err != nil {
		t.Fatal(err)
	}
	before, err := w.st.Publication(ctx, b.Slug, 1)
	if err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE insights SET text = 'Other words' WHERE id = ?", w.public[0])
	w.exec("UPDATE themes SET statement = 'Another statement', dissent = 'Much'")
	w.exec("UPDATE roundtables SET title = 'Another title', objectives = 'Others' WHERE id = ?", w.room)
	text := b.BriefText
	text.Report = "Rewritten."
	if _, err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, text); err != nil {
		t.Fatal(err)
	}
	after, err := w.st.Publication(ctx, b.Slug, 0)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := models.HashContent(before.Content)
	other, _ := models.HashContent(after.Content)
	if one != other || other != after.Manifest.Hash || len(after.Content.Differences(before.Content)) != 0 {
		t.Errorf("what is published changed: %v", after.Content.Differences(before.Content))
	}
}

// TestBriefs_whoIsAskedToReadGetsAMail that does not name the brief.
func TestBriefs_whoIsAskedToReadGetsAMail(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	id := w.brief(func(*models.BriefText) {})
	if err := w.st.AskBriefReview(ctx, w.analyst, id, w.lead.Account()); err != nil {
		t.Fatal(err)
	}
	n := w.count("SELECT count(*) FROM mails WHERE kind = 'brief_review' AND account_id = ? AND to_email LIKE '%@%'", w.lead.Account())
	if n != 1 || w.count("SELECT count(*) FROM mails WHERE args LIKE '%signs%'") != 0 {
		t.Errorf("%d messages", n)
	}
	if names, _ := w.nudged(); !slices.Equal(names, []string{"Jo Lead"}) {
		t.Errorf("told are %q", names)
	}
}

// TestBriefs_whatRestsOnAPrivateRoundtableIsNeverPublished takes a
// recommendation into a brief, of which nothing private would be shown.
func TestBriefs_whatRestsOnAPrivateRoundtableIsNeverPublished(t *testing.T) {
	w := newThemeWorld(t)
	hidden := w.recommend("Found a hidden compact", storetest.Theme(t, w.st, w.analyst, "Secret theme", w.private[0]))
	id := w.brief(func(b *models.BriefText) { b.Recommendations = []models.ID{hidden} })
	proof, err := w.st.ProofBrief(t.Context(), w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range proof.Obstacles {
		if strings.Contains(o.Reason, "rests on a private roundtable") {
			return
		}
	}
	t.Errorf("nothing private stands in the way: %+v", proof.Obstacles)
}

// TestBriefs_theInstituteKeepsToWhatAPublishedOneSaid lowers the fewest people
// behind a sector's name after a brief said that they were eight.
func TestBriefs_theInstituteKeepsToWhatAPublishedOneSaid(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	admin := storetest.Account(t, w.st, "Ad Min", models.RoleAdmin)
	set := func(k int) error {
		institute, err := w.st.Institute(ctx)
		if err != nil {
			t.Fatal(err)
		}
		institute.Thresholds.Public = models.Threshold{K: k, L: 3}
		return w.st.UpdateInstitute(ctx, admin, "", institute)
	}
	if err := set(9); err != nil {
		t.Fatal(err)
	}
	w.exec(`INSERT INTO publications (id, brief_id, version, slug, title, content, manifest, hash, published_by, approver_id, published_ms)
		VALUES (7, ?, 1, 'a', 'A', '{}', '{"k":8,"l":3}', 'x', 1, 1, 1)`, w.brief(func(*models.BriefText) {}))
	if err := set(8); err != nil {
		t.Errorf("what was promised may be kept: %v", err)
	}
	if invalidFor(t, set(5), "public_k") == "" {
		t.Error("what a published brief promised is lowered")
	}
}

// TestBriefs_whatIsPublishedIsWhatWasApproved rewords a theme between the two.
func TestBriefs_whatIsPublishedIsWhatWasApproved(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public[:2], models.Released); err != nil {
		t.Fatal(err)
	}
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public...)
	id := w.brief(func(*models.BriefText) {}, theme)
	w.approve(id)
	w.exec("UPDATE themes SET statement = 'Mines come before contracts.' WHERE id = ?", theme)
	var bad *models.InvalidError
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); !errors.As(err, &bad) || !strings.Contains(bad.Error(), "changed since it was approved") {
		t.Fatalf("nobody approved what is published: %v", err)
	}
	w.exec("UPDATE themes SET statement = 'Contracts come before mines.' WHERE id = ?", theme)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Errorf("as it was approved: %v", err)
	}
}

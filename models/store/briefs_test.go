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
	if err := w.st.EditBrief(w.t.Context(), w.analyst, id, 1, t); err != nil {
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
	if err := w.st.SubmitBrief(w.t.Context(), w.analyst, id); err != nil {
		w.t.Fatal(err)
	}
	var bad *models.InvalidError
	if err := w.st.ApproveBrief(w.t.Context(), w.analyst, id, b.Revision); !errors.As(err, &bad) {
		w.t.Errorf("the author approves: %v", err)
	}
	if err := w.st.ApproveBrief(w.t.Context(), w.lead, id, b.Revision); err != nil {
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
	if err := w.st.WithdrawBrief(ctx, w.lead, id, "It showed too much."); err != nil {
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
	if err := w.st.EditBrief(ctx, w.analyst, id, 1, text); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a stale form is saved: %v", err)
	}
	if err := w.st.EditBrief(ctx, w.analyst, id, 2, text); err != nil {
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
	if err := w.st.EditBrief(ctx, w.analyst, id, b.Revision, b.BriefText); err != nil {
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
	if err := w.st.WithdrawBrief(ctx, w.lead, id, "Zebediah Quorum objected."); !errors.As(err, &bad) || bad.Fields["why"] == "" {
		t.Errorf("the reason of a withdrawal tells a name: %v", err)
	}
}

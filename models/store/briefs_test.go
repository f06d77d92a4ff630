package store_test

import (
	"errors"
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
	if _, found, err := w.st.ProofBrief(ctx, w.lead, id); err != nil || len(found) > 0 {
		t.Fatalf("%v %v", found, err)
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
	if _, found, err := w.st.ProofBrief(ctx, w.analyst, own); err != nil || len(found) == 0 {
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

func TestBriefs_namesOfTheRosterStandInTheWay(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	const name = "Zebediah Quorum"
	w.exec("UPDATE people SET full_name = ? WHERE id = (SELECT max(person_id) FROM guests WHERE roundtable_id = ?)", name, w.room)
	id := w.brief(func(b *models.BriefText) { b.Report = "As " + name + " put it." })
	_, found, err := w.st.ProofBrief(ctx, w.analyst, id)
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, o := range found {
		told = told || o.Words == name
	}
	if !told {
		t.Errorf("%q is not found: %v", name, found)
	}
}

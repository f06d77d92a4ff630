package storetest

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// Brief writes a brief of a roundtable.
func Brief(t testing.TB, st *store.Store, author models.Viewer, room models.ID, text models.BriefText) models.ID {
	t.Helper()
	id, err := st.CreateBrief(t.Context(), author, models.BriefInput{Scope: models.ScopeRoundtable, Roundtable: room, Title: text.Title})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.EditBrief(t.Context(), author, id, 1, text); err != nil {
		t.Fatal(err)
	}
	return id
}

// PublishBrief takes a brief that was edited once through approval to
// publication, and returns its slug.
func PublishBrief(t testing.TB, st *store.Store, author, approver models.Viewer, id models.ID) string {
	t.Helper()
	if _, err := st.SubmitBrief(t.Context(), author, id); err != nil {
		t.Fatal(err)
	}
	if _, err := st.ApproveBrief(t.Context(), approver, id, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := st.PublishBrief(t.Context(), approver, id, ""); err != nil {
		t.Fatal(err)
	}
	b, err := st.Brief(t.Context(), author, id)
	if err != nil {
		t.Fatal(err)
	}
	return b.Slug
}

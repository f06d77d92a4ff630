package storetest

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// Password sets an account's password as its owner would: by a link.
func Password(t testing.TB, st *store.Store, v models.Viewer, password string) {
	t.Helper()
	token, err := st.NewOneTimeLink(t.Context(), models.System("test"), v.Account(), store.ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	session, err := st.SetPasswordByLink(t.Context(), token, password, store.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.EndSession(t.Context(), v, session); err != nil {
		t.Fatal(err)
	}
}

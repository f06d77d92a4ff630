package storetest

import (
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

// Request lets somebody from outside ask to be invited, and returns the request
// as the roundtable's lead finds it.
func Request(t testing.TB, st *store.Store, lead models.Viewer, room models.ID, in models.RequestInput) models.ID {
	t.Helper()
	in.Shown = st.Now().Add(-time.Minute)
	if err := st.RequestInvitation(t.Context(), "192.0.2.99", room, in); err != nil {
		t.Fatal(err)
	}
	list, err := st.InvitationRequests(t.Context(), lead, room)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Email == in.Email {
			return r.ID
		}
	}
	t.Fatalf("the request of %s is not in the list of %d", in.Email, len(list))
	return 0
}

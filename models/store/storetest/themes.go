package storetest

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// Theme writes a theme that insights support.
func Theme(t testing.TB, st *store.Store, analyst models.Viewer, statement string, insights ...models.ID) models.ID {
	t.Helper()
	id, err := st.CreateTheme(t.Context(), analyst, models.ThemeInput{Statement: statement, Dissent: models.NoDissent, Confidence: models.ModerateConfidence})
	if err != nil {
		t.Fatal(err)
	}
	if len(insights) > 0 {
		if _, err := st.AddToTheme(t.Context(), analyst, id, insights, models.Supports); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

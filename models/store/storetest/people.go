package storetest

import (
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// Person adds somebody of the sector, whose address is the name in lower case
// at example.net where ASCII can write it, and returns them. name is "Given
// Family"; org may be empty. v may edit people.
func Person(t testing.TB, st *store.Store, v models.Viewer, name string, sector models.Sector, org string) models.Person {
	t.Helper()
	given, family, _ := strings.Cut(name, " ")
	in := models.PersonInput{Given: given, Family: family, Sector: sector, Organisation: org}
	if email := strings.Join(models.Tokens(name), ".") + "@example.net"; models.CheckEmail(email) == "" {
		in.Email = email
	}
	return AddPerson(t, st, v, in)
}

// AddPerson adds a person as said and returns them.
func AddPerson(t testing.TB, st *store.Store, v models.Viewer, in models.PersonInput) models.Person {
	t.Helper()
	id, _, err := st.CreatePerson(t.Context(), v, in)
	if err != nil {
		t.Fatal(err)
	}
	p, err := st.Person(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Organisation adds an organisation with other names and returns its id.
func Organisation(t testing.TB, st *store.Store, v models.Viewer, name string, sector models.Sector, aliases ...string) models.ID {
	t.Helper()
	id, err := st.CreateOrganisation(t.Context(), v, models.OrganisationInput{Name: name, Sector: sector, Aliases: aliases})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

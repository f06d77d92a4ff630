package store_test

import (
	"fmt"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func TestMapImport_costsTheSameStatementsForManyAsForFew(t *testing.T) {
	sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
		st, _ := storetest.Open(t)
		v := storetest.Account(t, st, "Ada Min", models.RoleAdmin)
		rows := make([][]string, n)
		for i := range rows {
			rows[i] = []string{fmt.Sprintf("Guest Number%d", i), fmt.Sprintf("guest%d@example.org", i), "Embassy"}
		}
		staged := stage(t, st, v, nameMailOrg, rows...)
		return st, func() error { return st.MapImport(t.Context(), v, staged.ID, nameMailOrg.Columns, models.Academia) }
	})
}

func TestCreateOrganisation_writesItsOtherNamesAtOnce(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Min", models.RoleAdmin)
	cost := func(name string, n int) int {
		in := models.OrganisationInput{Name: name, Sector: models.Academia}
		for i := range n {
			in.Aliases = append(in.Aliases, fmt.Sprintf("%s by name %d", name, i))
		}
		count := st.CountStatements()
		if err := second(st.CreateOrganisation(t.Context(), v, in)); err != nil {
			t.Fatal(err)
		}
		return count()
	}
	if a, b := cost("Few", few), cost("Many", many); a != b {
		t.Errorf("%d aliases cost %d statements, %d cost %d", few, a, many, b)
	}
}

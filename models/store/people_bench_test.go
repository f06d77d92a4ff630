package store_test

import (
	"fmt"
	"io"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// BenchmarkPeople measures the directory with 100,000 people in it: what is
// searched often and rarely, each filter, and the middle of the list.
func BenchmarkPeople(b *testing.B) {
	const many = 100_000
	st, _ := storetest.Open(b)
	v := storetest.Account(b, st, "Ada Convener", models.RoleConvener)
	given := []string{"Ana", "Věra", "Thị", "Michael", "José", "Oğuz", "Łucja", "Fatima"}
	f := file(models.FieldGiven, models.FieldFamily, models.FieldEmail, models.FieldOrganisation, models.FieldSector, models.FieldCountry)
	n := 0
	id, err := st.StageImport(b.Context(), v, f, func() (models.RawRow, error) {
		if n++; n > many {
			return models.RawRow{}, io.EOF
		}
		sector := "Academia"
		if n%5000 == 0 {
			sector = "Congress"
		}
		return models.RawRow{Line: n, Cells: []string{
			given[n%len(given)], fmt.Sprintf("Name%d", n*7919%many), fmt.Sprintf("p%d@example.org", n), fmt.Sprintf("Institute %d", n%400), sector, fmt.Sprintf("Land %d", n%150),
		}}, nil
	}, nil)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := st.CommitImport(b.Context(), v, id, models.ImportChoice{}, nil); err != nil {
		b.Fatal(err)
	}
	middle, err := st.People(b.Context(), v, models.PersonFilter{Query: "name49999"})
	if err != nil || len(middle.People) == 0 {
		b.Fatal(middle, err)
	}
	for _, c := range []struct {
		name   string
		filter models.PersonFilter
	}{
		{"all", models.PersonFilter{}}, {"rare word", models.PersonFilter{Query: "name4711"}}, {"one letter", models.PersonFilter{Query: "n"}},
		{"frequent", models.PersonFilter{Query: "mich"}}, {"two words", models.PersonFilter{Query: "jose institute 12"}}, {"nobody", models.PersonFilter{Query: "zzz"}},
		{"sector", models.PersonFilter{Sector: models.Congress}}, {"country", models.PersonFilter{Country: "Land 77"}}, {"organisation", models.PersonFilter{Organisation: "Institute 399"}},
		{"middle", models.PersonFilter{After: models.PersonCursor{Sort: "name49999", ID: middle.People[0].ID}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := st.People(b.Context(), v, c.filter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("countries", func(b *testing.B) {
		for b.Loop() {
			if _, err := st.PeopleCountries(b.Context(), v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

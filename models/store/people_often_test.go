package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// What is found more often than lists are counted is looked for among the
// names first, and by the words where those run out.
func TestPeople_whatIsFoundOftenIsFoundOnceAndInOrder(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Amara Lindgren", models.RoleConvener)
	var rows [][]string
	for i := range 3600 {
		given := "Věra"
		if i < 2200 {
			given = "Bo" // more names than are looked through at once
		}
		rows = append(rows, []string{fmt.Sprintf("%s Nguyễn%04d", given, i), []string{"Attaché", "Advisor, Alpine desk"}[i%2]})
	}
	f := file(models.FieldFullName, models.FieldPosition)
	commit(t, st, v, f, rows...)
	all := func(query string) (names []string) {
		for at := (models.PersonCursor{}); ; {
			page, err := st.People(t.Context(), v, models.PersonFilter{Query: query, After: at, Limit: 400})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.People {
				names = append(names, p.FullName())
			}
			if at = page.Next; at.ID == 0 {
				return names
			}
		}
	}
	everybody := all("")
	for query, found := range map[string]func(name, position string) bool{
		"v":                func(name, _ string) bool { return strings.HasPrefix(name, "Věra") },
		"a":                func(string, string) bool { return true },
		"alp":              func(_, position string) bool { return strings.Contains(position, "Alpine") },
		"nguyen -alpine":   func(_, position string) bool { return position == "Attaché" },
		`"alpine desk" bo`: func(name, position string) bool { return name[0] == 'B' && position != "Attaché" },
	} {
		position := map[string]string{}
		for _, r := range rows {
			position[r[0]] = r[1]
		}
		want := slices.DeleteFunc(slices.Clone(everybody), func(name string) bool { return !found(name, position[name]) })
		if got := all(query); len(want) <= models.MostCounted || !slices.Equal(got, want) {
			t.Errorf("%q finds %d people, want %d in the order of the directory", query, len(got), len(want))
		}
	}
}

package store_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// file is a file of people with a column for each of the fields.
func file(fields ...models.PersonField) models.ImportFile {
	f := models.ImportFile{Name: "list.csv"}
	for _, field := range fields {
		f.Columns = append(f.Columns, models.ImportColumn{Label: field.Name(), Field: field, How: "name"})
	}
	return f
}

// lines yields the rows from line 2 on.
func lines(rows ...[]string) func() (models.RawRow, error) {
	i := 0
	return func() (models.RawRow, error) {
		if i++; i > len(rows) {
			return models.RawRow{}, io.EOF
		}
		return models.RawRow{Line: i + 1, Cells: rows[i-1]}, nil
	}
}

func stage(t testing.TB, st *store.Store, v models.Viewer, f models.ImportFile, rows ...[]string) models.Import {
	t.Helper()
	id, err := st.StageImport(t.Context(), v, f, lines(rows...), nil)
	if err != nil {
		t.Fatal(err)
	}
	i, err := st.Import(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func commit(t testing.TB, st *store.Store, v models.Viewer, f models.ImportFile, rows ...[]string) (models.ID, models.ImportCounts) {
	t.Helper()
	i := stage(t, st, v, f, rows...)
	counts, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{SkipErrors: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if counts != i.Counts {
		t.Errorf("the preview said %+v, the commit did %+v", i.Counts, counts)
	}
	return i.ID, counts
}

var nameMailOrg = file(models.FieldFullName, models.FieldEmail, models.FieldOrganisation)

func TestImport_savesNothingBeforeTheCommitAndEverybodyAfterIt(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	i := stage(t, st, v, nameMailOrg, []string{"Mike McCaul", "mike@example.gov", "House"}, []string{"Nguyễn Thị", "", "Embassy"})
	if i.State != models.ImportReady || i.Counts.New != 2 {
		t.Fatalf("%+v", i)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); got != nil {
		t.Errorf("already there: %q", got)
	}
	if _, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{}, nil); err != nil {
		t.Fatal(err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); !slices.Equal(got, []string{"Mike McCaul", "Nguyễn Thị"}) {
		t.Errorf("%q", got)
	}
	if got := findPeople(t, st, v, models.PersonFilter{Query: "nguyen emb"}); len(got) != 1 {
		t.Errorf("an imported person is not found by words: %q", got)
	}
	if _, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{}, nil); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second commit of the same import: %v", err)
	}
}

func TestImport_oneErrorKeepsEverythingOutUnlessSkipped(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	i := stage(t, st, v, nameMailOrg, []string{"Ann One", "ann@example.org", ""}, []string{"", "none", ""}, []string{"Bob Two", "bob@example.org", ""})
	if i.Counts.BadRows != 1 || i.Counts.Problems != 2 {
		t.Errorf("%+v", i.Counts)
	}
	counts, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{}, nil)
	if !errors.Is(err, models.ErrImportBlocked) || counts.BadRows != 1 || counts.New != 2 {
		t.Fatalf("%+v, %v", counts, err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); got != nil {
		t.Errorf("saved all the same: %q", got)
	}
	problems, _, err := st.ImportProblems(t.Context(), v, i.ID, 0)
	if err != nil || len(problems) != 2 || problems[0].Line != 3 || problems[0].Column != "Full name" || !strings.Contains(problems[1].Reason, "no @") {
		t.Errorf("%+v, %v", problems, err)
	}
	if _, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{SkipErrors: true}, nil); err != nil {
		t.Fatal(err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestImport_previewShowsWhatAnUpdateChanges(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	commit(t, st, v, nameMailOrg, []string{"Ann One", "ann@example.org", "Treasury"})
	i := stage(t, st, v, nameMailOrg, []string{"ANN ONE", "Ann@Example.org", "State"}, []string{"Ann One", "other@example.org", "Treasury"})
	rows, _, err := st.ImportRows(t.Context(), v, i.ID, models.ImportRowFilter{})
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	want := []models.FieldChange{{Field: models.FieldOrganisation, From: "Treasury", To: "State"}}
	if rows[0].Verdict != models.RowUpdates || !slices.Equal(rows[0].Changes, want) || rows[0].Known.FullName() != "Ann One" {
		t.Errorf("%+v", rows[0])
	}
	if rows[1].Verdict != models.RowNew {
		t.Errorf("another address is another person, but: %+v", rows[1])
	}
	only := models.RowUpdates
	if some, _, err := st.ImportRows(t.Context(), v, i.ID, models.ImportRowFilter{Only: &only}); err != nil || len(some) != 1 {
		t.Errorf("%+v, %v", some, err)
	}
}

func TestImport_duplicatesWaitForAChoice(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	commit(t, st, v, nameMailOrg, []string{"Ann One", "ann@example.org", "State"}, []string{"Bob Two", "bob@example.org", "State"})
	i := stage(t, st, v, nameMailOrg, []string{"Ann One", "", "State"}, []string{"Bob Two", "", "State"})
	if i.Counts.Duplicates != 2 {
		t.Fatalf("%+v", i.Counts)
	}
	if err := st.ChooseDuplicates(t.Context(), v, i.ID, []int{2, 3}, []int{3}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{}, nil); err != nil {
		t.Fatal(err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); !slices.Equal(got, []string{"Ann One", "Bob Two", "Bob Two"}) {
		t.Errorf("%q", got)
	}
}

func TestImport_anotherMappingJudgesAgain(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	f := file(models.FieldFullName, models.FieldEmail)
	f.Columns[0].Field = ""
	i := stage(t, st, v, f, []string{"Ann One", "nobody"})
	if i.State != models.ImportMapping {
		t.Fatalf("%+v", i)
	}
	if _, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{}, nil); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a commit without names: %v", err)
	}
	var invalid *models.InvalidError
	if err := st.MapImport(t.Context(), v, i.ID, f.Columns, models.SectorNone); !errors.As(err, &invalid) {
		t.Errorf("columns without a name: %v", err)
	}
	f.Columns[0].Field, f.Columns[1].Field = models.FieldFullName, models.FieldNotes
	if err := st.MapImport(t.Context(), v, i.ID, f.Columns, models.Academia); err != nil {
		t.Fatal(err)
	}
	if _, err := st.CommitImport(t.Context(), v, i.ID, models.ImportChoice{}, nil); err != nil {
		t.Fatal(err)
	}
	page, err := st.People(t.Context(), v, models.PersonFilter{})
	if err != nil || len(page.People) != 1 || page.People[0].Notes != "nobody" || page.People[0].Sector != models.Academia {
		t.Errorf("%+v, %v", page.People, err)
	}
}

func TestUndoImport_removesRestoresAndSaysWhatItKept(t *testing.T) {
	st, clock := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	commit(t, st, v, nameMailOrg, []string{"Ann One", "ann@example.org", "State"}, []string{"Bob Two", "bob@example.org", "State"})
	clock.Advance(1000)
	id, counts := commit(t, st, v, nameMailOrg, []string{"Ann One", "ann@example.org", "Energy"}, []string{"Bob Two", "bob@example.org", "Energy"},
		[]string{"Cid Three", "", ""}, []string{"Dee Four", "", ""})
	if counts.Updated != 2 || counts.New != 2 {
		t.Fatalf("%+v", counts)
	}
	for _, name := range []string{"Bob Two", "Dee Four"} { // changed by hand since
		page, err := st.People(t.Context(), v, models.PersonFilter{Query: name})
		if err != nil || len(page.People) != 1 {
			t.Fatal(page, err)
		}
		clock.Advance(1000)
		in := page.People[0].PersonInput
		in.Notes = "Prefers mornings."
		if _, err := st.UpdatePerson(t.Context(), v, page.People[0].ID, in, 0); err != nil {
			t.Fatal(err)
		}
	}
	back, err := st.UndoImport(t.Context(), v, id)
	if err != nil || back.Removed != 1 || back.Restored != 1 || back.Kept != 2 {
		t.Fatalf("%+v, %v", back, err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{Organisation: "State"}); !slices.Equal(got, []string{"Ann One"}) {
		t.Errorf("back at State: %q", got)
	}
	if got := findPeople(t, st, v, models.PersonFilter{Query: "cid"}); got != nil {
		t.Errorf("still found: %q", got)
	}
	if got := findPeople(t, st, v, models.PersonFilter{Query: "energy"}); !slices.Equal(got, []string{"Bob Two"}) {
		t.Errorf("found by the words of an update: %q", got)
	}
	if _, err := st.UndoImport(t.Context(), v, id); !errors.Is(err, models.ErrConflict) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestImport_aFileThatEndsBadlyLeavesNothing(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	broken := errors.New("the file is damaged")
	read := 0
	_, err := st.StageImport(t.Context(), v, nameMailOrg, func() (models.RawRow, error) {
		if read++; read > 2500 {
			return models.RawRow{}, broken
		}
		return models.RawRow{Line: read, Cells: []string{fmt.Sprint("Ann ", read), "", ""}}, nil
	}, nil)
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	if got, err := st.Imports(t.Context(), v, 5); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestImport_isForConvenersOnly(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	i := stage(t, st, v, nameMailOrg, []string{"Ann One", "", ""})
	for _, role := range []models.AccountRole{models.RoleReader, models.RoleAnalyst, models.RoleRapporteur, models.RoleCohost} {
		other := storetest.Account(t, st, "Other "+role.Key(), role)
		_, staged := st.StageImport(t.Context(), other, nameMailOrg, lines(), nil)
		_, saved := st.CommitImport(t.Context(), other, i.ID, models.ImportChoice{}, nil)
		_, undone := st.UndoImport(t.Context(), other, i.ID)
		_, _, read := st.ImportRows(t.Context(), other, i.ID, models.ImportRowFilter{})
		for _, err := range []error{staged, saved, undone, read, st.DropImport(t.Context(), other, i.ID), st.ChooseDuplicates(t.Context(), other, i.ID, nil, nil)} {
			if !errors.Is(err, models.ErrForbidden) {
				t.Errorf("%s: %v", role.Name(), err)
			}
		}
	}
}

// Whatever a file holds, in whatever order and however often: once it is in,
// the same rows change nothing and add nobody, and names are as written.
func TestImport_theSameRowsAgainChangeNothing(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		pick := func(values ...string) *rapid.Generator[string] { return rapid.SampledFrom(values) }
		f := file(models.FieldExternalID, models.FieldFullName, models.FieldEmail, models.FieldOrganisation, models.FieldPosition)
		row := rapid.Custom(func(rt *rapid.T) []string {
			return []string{
				pick("", "", "x1", "x2").Draw(rt, "id"), pick("Mike McCaul", "mike mccaul", "Nguyễn", "José", "Jose").Draw(rt, "name"),
				pick("", "a@example.org", "A@Example.org", "b@example.org").Draw(rt, "email"), pick("", "State", "Énergie").Draw(rt, "org"),
				pick("", "Senator", "Chair").Draw(rt, "position"),
			}
		})
		rows := rapid.SliceOfN(row, 1, 12).Draw(rt, "rows")
		for i := range rows { // every run has people of its own
			rows[i][1] += fmt.Sprintf(" %d", run)
			if rows[i][0] != "" {
				rows[i][0] += fmt.Sprintf("-%d", run)
			}
		}
		if _, counts := commit(t, st, v, f, rows...); counts.BadRows > 0 || counts.Rows() != len(rows) {
			rt.Fatalf("%+v", counts)
		}
		before := snapshotPeople(t, st, v, run)
		for _, p := range before {
			if !slices.ContainsFunc(rows, func(r []string) bool { return r[1] == p.FullName() }) {
				rt.Fatalf("%q is written otherwise", p.FullName())
			}
		}
		second, counts := commit(t, st, v, f, rows...)
		if counts.New > 0 || counts.Updated > 0 {
			rt.Fatalf("the same file changes people: %+v, %q", counts, rows)
		}
		third, err := st.CommitImport(t.Context(), v, stage(t, st, v, f, append(slices.Clone(rows), rows...)...).ID, models.ImportChoice{}, nil)
		if err != nil || third.New > 0 {
			rt.Fatalf("the file twice over adds people: %+v, %v", third, err)
		}
		if _, err := st.UndoImport(t.Context(), v, second); err != nil {
			rt.Fatal(err)
		}
	})
}

func snapshotPeople(t testing.TB, st *store.Store, v models.Viewer, run int) []models.Person {
	t.Helper()
	page, err := st.People(t.Context(), v, models.PersonFilter{Query: fmt.Sprintf(`"%d"`, run), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return page.People
}

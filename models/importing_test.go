package models

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var importFields = []PersonField{FieldExternalID, FieldFullName, FieldEmail, FieldPosition, FieldOrganisation}

// row makes a person of a file: external id, name, e-mail, position, organisation.
func row(cells ...string) PersonInput {
	p, _, err := ReadPerson(importFields[:len(cells)], cells)
	if err != nil {
		panic(err)
	}
	return p
}

// directory stands for the store: people in the order they were made.
type directory []Candidate

func (d *directory) run(rows []PersonInput, createDuplicates bool) []Judgement {
	m := NewMatcher(importFields, SectorNone)
	var out []Judgement
	const batch = 3
	for from := 0; from < len(rows); from += batch {
		m.Load(slices.Clone(*d))
		for i, r := range rows[from:min(from+batch, len(rows))] {
			j := m.Judge(from+i+2, r)
			out = append(out, j)
			switch {
			case j.Verdict == RowUpdates:
				for k := range *d {
					if (*d)[k].ID == j.Person {
						(*d)[k].Person = j.Result
					}
				}
			case j.Verdict == RowNew, j.Verdict == RowDuplicate && createDuplicates:
				defer func() { *d = append(*d, Candidate{ID(len(*d) + 1), j.Result}) }()
			}
		}
	}
	return out
}

func verdictsOf(js []Judgement) (out []string) {
	for _, j := range js {
		s := j.Verdict.Key()
		if j.Person != 0 {
			s += fmt.Sprintf(" #%d", j.Person)
		}
		if j.Line != 0 {
			s += fmt.Sprintf(" line %d", j.Line)
		}
		out = append(out, s)
	}
	return out
}

func TestMatcher_rulesInTheirOrder(t *testing.T) {
	known := directory{
		{1, row("A1", "Ana Cruz", "ana@x.example", "Fellow", "X")},
		{2, row("", "Bo Li", "bo@x.example", "Fellow", "X")},
		{3, row("", "Cy Roe", "", "Fellow", "X")},
		{4, row("D4", "Di Poe", "", "Fellow", "X")},
	}
	for _, c := range []struct {
		name string
		row  PersonInput
		want string
	}{
		{"the external id decides, whatever the rest says", row("A1", "Anna de la Cruz", "new@x.example"), "updates #1"},
		{"name and e-mail, folded", row("", "ana  CRUZ", "ANA@X.example"), "unchanged #1"},
		{"another e-mail is another person", row("", "Ana Cruz", "other@x.example", "Fellow", "X"), "new"},
		{"another external id is another person", row("A2", "Ana Cruz", "ana@x.example", "Fellow", "X"), "new"},
		{"an e-mail alone is no identity", row("", "Eve Fox", "bo@x.example"), "new"},
		{"an external id is learned", row("B2", "Bo Li", "bo@x.example"), "updates #2"},
		{"accents are folded to find, and kept as a change", row("", "Bó Li", "bo@x.example"), "updates #2"},
		{"without e-mails all fields decide", row("", "Cy Roe", "", "Fellow", "X"), "unchanged #3"},
		{"case and spacing are no difference", row("", "CY ROE", "", "fellow", " x "), "unchanged #3"},
		{"another position without e-mail may be the same", row("", "Cy Roe", "", "Director", "X"), "duplicate #3"},
		{"an e-mail on one side may be the same", row("", "Cy Roe", "cy@x.example", "Fellow", "X"), "duplicate #3"},
		{"a bare row may be somebody with an e-mail", row("", "Bo Li", "", "Fellow", "X"), "duplicate #2"},
		{"another organization is another person", row("", "Cy Roe", "", "Fellow", "Y"), "new"},
		{"a bare row may be somebody with an external id", row("", "Di Poe", "", "Fellow", "X"), "duplicate #4"},
	} {
		m := NewMatcher(importFields, SectorNone)
		m.Load(known)
		if got := verdictsOf([]Judgement{m.Judge(2, c.row)})[0]; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMatcher_earlierRowsCountAndTheFirstStands(t *testing.T) {
	var d directory
	got := verdictsOf(d.run([]PersonInput{
		row("", "Ana Cruz", "ana@x.example", "Fellow", "X"),
		row("", "ANA CRUZ", "ana@X.example", "Director", "X"), // line 3: the first stands
		row("", "Ana Cruz", "", "Fellow", "X"),
		row("", "Ana Cruz", "", "Fellow", "X"), // line 5: said once already
		row("", "Ana Cruz", "two@x.example", "Fellow", "Y"),
		row("K1", "Kit", "k@x.example"),
		row("K2", "Kit", "k@x.example"), // line 8: different external ids
		row("", "Kit", "k@x.example"),
		row("K1", "Kit Other"),
	}, false))
	want := []string{"new", "unchanged line 2", "duplicate line 2", "unchanged line 4", "new", "new", "new", "unchanged line 7", "unchanged line 7"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestMatcher_aKnownPersonTakenByOneIDIsNotTakenByAnother(t *testing.T) {
	d := directory{{1, row("", "Ana Cruz", "ana@x.example")}}
	got := verdictsOf(d.run([]PersonInput{row("A", "Ana Cruz", "ana@x.example"), row("B", "Ana Cruz", "ana@x.example"), row("A", "Ana Cruz", "ana@x.example")}, false))
	if want := []string{"updates #1", "new", "unchanged line 2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMatcher_updateKeepsWhatTheFileDoesNotSay(t *testing.T) {
	known := row("A1", "Ana Cruz", "ana@x.example", "Fellow", "X")
	known.Notes = "met in Oslo"
	m := NewMatcher(importFields, SectorNone)
	m.Load([]Candidate{{1, known}})
	j := m.Judge(2, row("A1", "Ana Cruz", "new@x.example", "", "Z"))
	if j.Verdict != RowUpdates || j.Result.Notes != "met in Oslo" || j.Result.Position != "Fellow" || j.Result.Organisation != "Z" {
		t.Fatalf("got %+v", j)
	}
	if j.Result.Email != "new@x.example" || !slices.Equal(j.Result.OtherEmails, []string{"ana@x.example"}) {
		t.Errorf("the old address is lost: %+v", j.Result)
	}
	want := []FieldChange{{FieldEmail, "ana@x.example", "new@x.example"}, {FieldOrganisation, "X", "Z"}}
	if !slices.Equal(j.Changes, want) {
		t.Errorf("changes: %v", j.Changes)
	}
	if len(known.OtherEmails) != 0 {
		t.Error("the known person was changed in place")
	}
}

func TestMatcher_aDefaultSectorFillsEmptyCellsOnly(t *testing.T) {
	fields := []PersonField{FieldFullName, FieldSector, FieldEmail}
	with := func(sector, mail string) PersonInput {
		p, _, err := ReadPerson(fields, []string{"Ana", sector, mail})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	m := NewMatcher(fields, Congress)
	m.Load([]Candidate{{1, with("Industry", "a@x.example")}, {2, with("", "b@x.example")}})
	for _, c := range []struct {
		row     PersonInput
		verdict RowVerdict
		sector  Sector
	}{
		{with("", "a@x.example"), RowUnchanged, Industry},
		{with("", "b@x.example"), RowUpdates, Congress},
		{with("", "c@x.example"), RowNew, Congress},
		{with("NGO", "d@x.example"), RowNew, CivilSociety},
	} {
		if j := m.Judge(2, c.row); j.Verdict != c.verdict || j.Result.Sector != c.sector {
			t.Errorf("%v: got %v, %v", c.row.Email, j.Verdict.Key(), j.Result.Sector.Name())
		}
	}
}

func TestMatcher_aFullNameIsNoChangeToTheSameNameInParts(t *testing.T) {
	m := NewMatcher([]PersonField{FieldFullName, FieldEmail}, SectorNone)
	m.Load([]Candidate{{1, PersonInput{Given: "Ana", Family: "Cruz", Email: "a@x.example"}}})
	if j := m.Judge(2, PersonInput{Full: "Ana Cruz", Email: "a@x.example"}); j.Verdict != RowUnchanged {
		t.Errorf("got %s: %v", j.Verdict.Key(), j.Changes)
	}
}

// Whatever a file says, importing it again changes nothing and adds nobody.
func TestMatcher_aSecondImportChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
		rows := make([]PersonInput, rapid.IntRange(1, 12).Draw(t, "rows"))
		for i := range rows {
			rows[i] = row(pick("id", "", "", "A", "B"), pick("name", "Ana Cruz", "ANA  CRUZ", "Ána Cruz", "Bo Li"), pick("mail", "", "a@x.example", "A@x.example", "b@x.example"),
				pick("position", "", "Fellow", "Chair"), pick("org", "X", "Y"))
		}
		create := rapid.Bool().Draw(t, "create duplicates")
		var d directory
		d.run(rows, create)
		people := len(d)
		for i, j := range d.run(rows, create) {
			if j.Verdict == RowNew || j.Verdict == RowUpdates || (create && j.Verdict == RowDuplicate) {
				t.Fatalf("row %d of the second import is %s: %+v", i, j.Verdict.Key(), j.Changes)
			}
		}
		if len(d) != people {
			t.Fatalf("%d people became %d", people, len(d))
		}
	})
}

func TestReadPerson_aPhoneThatWasExportedComesBackAsItWas(t *testing.T) {
	p, _, err := ReadPerson([]PersonField{FieldFullName, FieldPhone}, []string{"Ana", "'+1 202 555 0148"})
	if err != nil || p.Phone != "+1 202 555 0148" {
		t.Errorf("got %q, %v", p.Phone, err)
	}
}

// The notes take a line of every column that goes there, so that nothing of a
// file has to stay behind; any other field takes one column.
func TestColumnMapping_severalColumnsMakeTheNotes(t *testing.T) {
	for name, c := range map[string]struct {
		columns []ImportColumn
		cells   []string
		want    string
	}{
		"one":            {[]ImportColumn{{Label: "Name", Field: FieldFullName}, {Label: "Remarks", Field: FieldNotes}}, []string{"Ada", "Speaks French"}, "Speaks French"},
		"two":            {[]ImportColumn{{Label: "Party", Field: FieldNotes}, {Label: "Name", Field: FieldFullName}, {Label: "State", Field: FieldNotes}}, []string{" I", "Ada", "MD"}, "Party: I\nState: MD"},
		"two, one bare":  {[]ImportColumn{{Label: "Party", Field: FieldNotes}, {Label: "Name", Field: FieldFullName}, {Label: "State", Field: FieldNotes}}, []string{"", "Ada", "MD"}, "State: MD"},
		"two, short row": {[]ImportColumn{{Label: "Name", Field: FieldFullName}, {Label: "Party", Field: FieldNotes}, {Label: "State", Field: FieldNotes}}, []string{"Ada"}, ""},
	} {
		m, err := NewColumnMapping(c.columns)
		if err != nil {
			t.Fatal(name, err)
		}
		p, _, problems := m.Person(RawRow{Line: 2, Cells: c.cells})
		if len(problems) > 0 || p.Full != "Ada" || p.Notes != c.want {
			t.Errorf("%s: %q, notes %q, %v, want notes %q", name, p.Full, p.Notes, problems, c.want)
		}
	}
	if _, err := NewColumnMapping([]ImportColumn{{Label: "Name", Field: FieldFullName}, {Label: "Whole name", Field: FieldFullName}}); err == nil {
		t.Error("two columns make one name")
	}
}

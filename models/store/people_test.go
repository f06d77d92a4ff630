package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

func listNames(page models.PeoplePage) []string {
	var out []string
	for _, p := range page.People {
		out = append(out, p.ListName())
	}
	return out
}

func findPeople(t *testing.T, st *store.Store, v models.Viewer, f models.PersonFilter) []string {
	t.Helper()
	page, err := st.People(t.Context(), v, f)
	if err != nil {
		t.Fatal(err)
	}
	return listNames(page)
}

func TestPeople_keepsEveryFieldAsItWasWritten(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	in := models.PersonInput{
		ExternalID: "M000355", Honorific: "Sen.", Given: "Addison", Middle: "Mitchell", Family: "McConnell", PostNominals: "Jr.",
		Full: "Mitch McConnell", Salutation: "Senator McConnell", List: "McConnell, Mitch", Email: "office@example.gov",
		OtherEmails: []string{"desk@example.gov", "home@example.org"}, Phone: "+1 202 555 0100", Position: "Senator",
		Organisation: "United States Senate", Sector: models.Congress, Country: "United States", Assistant: "Lee", Notes: "Two\nlines", DoNotContact: true,
	}
	p := storetest.AddPerson(t, st, v, in)
	if got, want := fmt.Sprintf("%+v", p.PersonInput), fmt.Sprintf("%+v", in); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPeople_nameFollowsItsParts(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	p := storetest.Person(t, st, v, "Ana de la Cruz", models.Academia, "")
	in := p.PersonInput
	in.Given = "Anna"
	if _, err := st.UpdatePerson(t.Context(), v, p.ID, in, p.UpdatedAt); err != nil {
		t.Fatal(err)
	}
	got, err := st.Person(t.Context(), v, p.ID)
	if err != nil || got.FullName() != "Anna de la Cruz" || got.ListName() != "de la Cruz, Anna" {
		t.Errorf("%q, %q, %v", got.FullName(), got.ListName(), err)
	}
}

func TestPeople_findsBeginningsOfWordsInAnyScriptWithoutAccents(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	for _, name := range []string{"Thị Nguyễn", "José Łukasz", "Владимир Петров", "Mike McCaul"} {
		storetest.Person(t, st, v, name, models.Industry, "Forum für Sicherheit")
	}
	storetest.AddPerson(t, st, v, models.PersonInput{Full: "李小龍", Email: "bruce@example.net", Organisation: "国立大学"})
	for query, want := range map[string][]string{
		"nguyen": {"Nguyễn, Thị"}, "thi ngu": {"Nguyễn, Thị"}, "luk": {"Łukasz, José"}, "ПЕТ": {"Петров, Владимир"}, "小": {"李小龍"}, "大学": {"李小龍"},
		"mccaul": {"McCaul, Mike"}, "MCC": {"McCaul, Mike"}, "caul": nil, "fur sich": {"Łukasz, José", "McCaul, Mike", "Nguyễn, Thị", "Петров, Владимир"},
		"bruce@example": {"李小龍"}, "forum -mike -jose -thi": {"Петров, Владимир"}, "-forum": {"李小龍"}, `"`: {"Łukasz, José", "McCaul, Mike", "Nguyễn, Thị", "Петров, Владимир", "李小龍"},
	} {
		if got := findPeople(t, st, v, models.PersonFilter{Query: query}); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestPeople_pagesForwardAndBackMeetEveryoneOnce(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	for i := range 23 {
		storetest.Person(t, st, v, fmt.Sprintf("Same Name%d", i/3), models.Industry, "") // names that are equal too
	}
	var seen []models.ID
	var pages []models.PeoplePage
	f := models.PersonFilter{Limit: 5}
	for {
		page, err := st.People(t.Context(), v, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.People {
			seen = append(seen, p.ID)
		}
		pages = append(pages, page)
		if f.After = page.Next; f.After.ID == 0 {
			break
		}
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 23 || len(pages) != 5 || pages[0].Count != 23 || pages[0].Prev.ID != 0 {
		t.Fatalf("%d people on %d pages", len(seen), len(pages))
	}
	back, err := st.People(t.Context(), v, models.PersonFilter{Limit: 5, Before: pages[4].Prev})
	if err != nil || fmt.Sprint(back.People) != fmt.Sprint(pages[3].People) {
		t.Errorf("the page before the last is %v, want %v (%v)", listNames(back), listNames(pages[3]), err)
	}
	first, err := st.People(t.Context(), v, models.PersonFilter{Limit: 5, Before: pages[1].Prev})
	if err != nil || fmt.Sprint(first.People) != fmt.Sprint(pages[0].People) || first.Prev.ID != 0 {
		t.Errorf("the first page is %v, want %v (%v)", listNames(first), listNames(pages[0]), err)
	}
}

func TestPeople_filtersBySectorOrganisationAndCountry(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	storetest.Organisation(t, st, v, "Department of State", models.Agencies, "State Dept.")
	storetest.Person(t, st, v, "Ann One", models.Agencies, "state dept.")
	storetest.Person(t, st, v, "Bob Two", models.Agencies, "Department of Energy")
	storetest.AddPerson(t, st, v, models.PersonInput{Full: "Cid Three", Sector: models.Diplomats, Country: "Côte d’Ivoire"})
	for _, c := range []struct {
		filter models.PersonFilter
		want   []string
	}{
		{models.PersonFilter{Sector: models.Agencies}, []string{"One, Ann", "Two, Bob"}},
		{models.PersonFilter{Organisation: "Department of State"}, []string{"One, Ann"}},
		{models.PersonFilter{Organisation: "department of"}, []string{"One, Ann", "Two, Bob"}},
		{models.PersonFilter{Country: "cote d'ivoire"}, []string{"Cid Three"}},
		{models.PersonFilter{Sector: models.Congress}, nil},
	} {
		if got := findPeople(t, st, v, c.filter); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.filter, got, c.want)
		}
	}
}

func TestPeople_archiveLeavesTheDirectoryAndUndoBringsBack(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	p := storetest.Person(t, st, v, "Ann One", models.Agencies, "")
	undo, err := st.ArchivePerson(t.Context(), v, p.ID, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); got != nil {
		t.Errorf("still listed: %q", got)
	}
	if got := findPeople(t, st, v, models.PersonFilter{Archived: true}); len(got) != 1 {
		t.Errorf("the archive holds %q", got)
	}
	if _, err := st.TakeBack(t.Context(), v, undo); err != nil {
		t.Fatal(err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{}); len(got) != 1 {
		t.Errorf("not back: %q", got)
	}
}

func TestPeople_undoOfAnEditRestoresUnlessChangedSince(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	p := storetest.Person(t, st, v, "Ann One", models.Agencies, "")
	edit := func(position string) models.ID {
		in := p.PersonInput
		in.Position = position
		undo, err := st.UpdatePerson(t.Context(), v, p.ID, in, 0)
		if err != nil {
			t.Fatal(err)
		}
		return undo
	}
	first := edit("Analyst")
	second := edit("Director")
	if _, err := st.TakeBack(t.Context(), v, first); !errors.Is(err, models.ErrConflict) {
		t.Errorf("an undo under a later change: %v", err)
	}
	if _, err := st.TakeBack(t.Context(), v, second); err != nil {
		t.Fatal(err)
	}
	got, err := st.Person(t.Context(), v, p.ID)
	if err != nil || got.Position != "Analyst" {
		t.Errorf("position %q, %v", got.Position, err)
	}
	if _, err := st.UpdatePerson(t.Context(), v, p.ID, p.PersonInput, p.UpdatedAt); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a form made before the change: %v", err)
	}
}

func TestPeople_undoOfAddingRemovesThePersonAndTheirWords(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	id, undo, err := st.CreatePerson(t.Context(), v, models.PersonInput{Full: "Ann One"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.TakeBack(t.Context(), v, undo); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Person(t.Context(), v, id); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
	if got := findPeople(t, st, v, models.PersonFilter{Query: "ann"}); got != nil {
		t.Errorf("still found: %q", got)
	}
}

func TestPeople_areForStaffOnlyAndChangedByConvenersOnly(t *testing.T) {
	st, _ := storetest.Open(t)
	convener := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	reader := storetest.Account(t, st, "Rae Reader", models.RoleReader)
	cohost := storetest.Account(t, st, "Pat Partner", models.RoleCohost)
	p := storetest.Person(t, st, convener, "Ann One", models.Agencies, "")
	if _, err := st.People(t.Context(), cohost, models.PersonFilter{}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a co-host lists people: %v", err)
	}
	if _, err := st.Person(t.Context(), cohost, p.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a co-host reads a person: %v", err)
	}
	if _, err := st.Person(t.Context(), reader, p.ID); err != nil {
		t.Errorf("a reader reads: %v", err)
	}
	if _, _, err := st.CreatePerson(t.Context(), reader, p.PersonInput); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a reader adds: %v", err)
	}
	if _, err := st.ArchivePerson(t.Context(), reader, p.ID, true); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a reader archives: %v", err)
	}
}

func TestOrganisations_linkWhoeverCarriesTheirNames(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	before := storetest.Person(t, st, v, "Ann One", models.Agencies, "STATE DEPT.")
	unlisted, err := st.UnlistedOrganisations(t.Context(), v, 5)
	if err != nil || len(unlisted) != 1 || unlisted[0].Name != "STATE DEPT." || unlisted[0].People != 1 {
		t.Fatalf("%+v, %v", unlisted, err)
	}
	id := storetest.Organisation(t, st, v, "Department of State", models.Agencies, "State Dept.")
	after := storetest.Person(t, st, v, "Bob Two", models.Agencies, "department  of state")
	for _, p := range []models.Person{before, after} {
		got, err := st.Person(t.Context(), v, p.ID)
		if err != nil || got.OrganisationID != id || got.Organisation != p.Organisation {
			t.Errorf("%q belongs to %v and is written %q (%v)", p.FullName(), got.OrganisationID, got.Organisation, err)
		}
	}
	o, err := st.Organisation(t.Context(), v, id)
	if err != nil || o.People != 2 || !slices.Equal(o.Aliases, []string{"State Dept."}) {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestUpdateOrganisation_keepsTheOldNameAsAnAlias(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	id := storetest.Organisation(t, st, v, "Department of War", models.Agencies)
	if err := st.UpdateOrganisation(t.Context(), v, id, models.OrganisationInput{Name: "Department of Defense", Acronym: "DoD", Sector: models.Agencies}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Department of War", "DOD", "department of defense"} {
		if p := storetest.Person(t, st, v, "Ann "+name, models.Agencies, name); p.OrganisationID != id {
			t.Errorf("%q names no organization", name)
		}
	}
	other := storetest.Organisation(t, st, v, "Other", models.Agencies)
	var invalid *models.InvalidError
	if err := st.UpdateOrganisation(t.Context(), v, other, models.OrganisationInput{Name: "Other", Aliases: []string{"Department of War"}}); !errors.As(err, &invalid) || invalid.Fields["aliases"] == "" {
		t.Errorf("an alias of two organizations: %v", err)
	}
}

func TestOrganisations_listsByNameWithTheirPeople(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Ada Convener", models.RoleConvener)
	for _, name := range []string{"Zeta", "Älpha", "beta"} {
		storetest.Organisation(t, st, v, name, models.Industry, name+" Holdings")
	}
	storetest.Person(t, st, v, "Ann One", models.Industry, "alpha holdings")
	page, err := st.Organisations(t.Context(), v, models.OrganisationFilter{Limit: 2})
	if err != nil || len(page.Organisations) != 2 || page.Organisations[0].Name != "Älpha" || page.Organisations[0].People != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	next, err := st.Organisations(t.Context(), v, models.OrganisationFilter{Limit: 2, After: page.Next})
	if err != nil || len(next.Organisations) != 1 || next.Organisations[0].Name != "Zeta" || next.Next.ID != 0 {
		t.Errorf("%+v, %v", next, err)
	}
	found, err := st.Organisations(t.Context(), v, models.OrganisationFilter{Query: "hold alp"})
	if err != nil || len(found.Organisations) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}

package handlers_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func peopleNames(doc *goquery.Document) []string {
	var out []string
	doc.Find("#people .rowlink").Each(func(_ int, s *goquery.Selection) { out = append(out, strings.TrimSpace(s.Text())) })
	return out
}

func TestPeople_searchGivesThePageOrOnlyItsList(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	for _, name := range []string{"Mike McCaul", "Thị Nguyễn", "Ana de la Cruz"} {
		storetest.Person(t, site.Store, v, name, models.Academia, "Forum")
	}
	b := site.As(v)
	if got := peopleNames(b.Page(urls.PeoplePath, 200)); strings.Join(got, "; ") != "de la Cruz, Ana; McCaul, Mike; Nguyễn, Thị" {
		t.Errorf("%q", got)
	}
	if got := peopleNames(b.Page(urls.With(urls.PeoplePath, "q", "nguyen"), 200)); strings.Join(got, "; ") != "Nguyễn, Thị" {
		t.Errorf("%q", got)
	}
	r := httptest.NewRequest(http.MethodGet, urls.With(urls.PeoplePath, "q", "mcc"), nil)
	r.Header.Set("HX-Request", "true")
	doc := site.Parse(b.Do(r), 200)
	if got := peopleNames(doc); strings.Join(got, "; ") != "McCaul, Mike" || doc.Find("h1").Length() != 0 {
		t.Errorf("a fragment: %q with %d heads", got, doc.Find("h1").Length())
	}
	if href := doc.Find(`a[href^="`+urls.PeopleExportPath+`"]`).AttrOr("href", ""); !strings.Contains(href, "q=mcc") {
		t.Errorf("the file of a filtered list is %q", href)
	}
	if doc := b.Page(urls.With(urls.PeoplePath, "q", "nobody at all"), 200); !strings.Contains(doc.Text(), "Nobody found") {
		t.Error("no empty state")
	}
}

func TestPerson_isAddedEditedArchivedAndTakenBack(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	b := site.As(v)
	bad := site.Parse(b.Post(urls.PeoplePath, url.Values{"given": {"Ana"}, "email": {"none"}}), 422)
	if bad.Find(`[name=email][aria-invalid=true]`).Length() != 1 || bad.Find(`[name=given]`).AttrOr("value", "") != "Ana" {
		t.Error("a refused form loses what was typed, or does not say what is wrong")
	}
	res := b.Post(urls.PeoplePath, url.Values{"given": {"Ana"}, "family": {"de la Cruz"}, "sector": {"academia"}, "do_not_contact": {"1"}})
	at := res.Header.Get("Location")
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", res.StatusCode)
	}
	doc := b.Page(at, 200)
	if doc.Find("h1").Text() != "Ana de la Cruz" || !strings.Contains(doc.Find("main").Text(), "Do not contact") {
		t.Errorf("%q", doc.Find("main").Text())
	}
	undo := doc.Find("#toasts form").AttrOr("action", "")
	form := b.Page(at+"/edit", 200)
	seen := form.Find(`[name=seen]`).AttrOr("value", "")
	if res := b.Post(at, url.Values{"given": {"Ana"}, "family": {"DE LA CRUZ"}, "seen": {seen}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", res.StatusCode)
	}
	if got := b.Page(at, 200).Find("h1").Text(); got != "Ana DE LA CRUZ" {
		t.Errorf("a name is written %q", got)
	}
	stale := site.Parse(b.Post(at, url.Values{"given": {"Anita"}, "seen": {seen}}), 422)
	if !strings.Contains(stale.Find(".error-summary, main").Text(), "Somebody else changed this person meanwhile") || stale.Find(`[name=given]`).AttrOr("value", "") != "Anita" {
		t.Error("a form made before a change does not say so, or loses what was typed")
	}
	if now := stale.Find(`[name=seen]`).AttrOr("value", ""); now == seen {
		t.Error("saving once more is refused again")
	}
	b.Post(at+"/archive", nil)
	if got := peopleNames(b.Page(urls.PeoplePath, 200)); len(got) != 0 {
		t.Errorf("archived and still listed: %q", got)
	}
	if got := peopleNames(b.Page(urls.With(urls.PeoplePath, "archived", "1"), 200)); len(got) != 1 {
		t.Errorf("the archive lists %q", got)
	}
	b.Post(at+"/restore", nil)
	if got := peopleNames(b.Page(urls.PeoplePath, 200)); len(got) != 1 {
		t.Errorf("brought back and not listed: %q", got)
	}
	if res := b.Post(undo, nil); res.Header.Get("Location") != urls.PeoplePath {
		t.Errorf("undo of the adding leads to %q", res.Header.Get("Location"))
	}
}

func TestPeople_areForStaffAndEditedByConveners(t *testing.T) {
	site := handlertest.New(t)
	convener := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	p := storetest.Person(t, site.Store, convener, "Mike McCaul", models.Congress, "")
	reader := site.As(storetest.Account(t, site.Store, "Rae Reader", models.RoleReader))
	doc := reader.Page(urls.Person(p.ID), 200)
	if doc.Find(`a[href$="/edit"]`).Length() != 0 {
		t.Error("a reader is offered to edit")
	}
	for _, path := range []string{urls.PersonNewPath, urls.PersonEdit(p.ID), urls.PeopleImportPath, urls.PeopleExportPath} {
		if res := reader.Get(path); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d for a reader", path, res.StatusCode)
		}
	}
}

func TestPeopleExport_comesBackAsAnImportOfNothingNew(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	storetest.AddPerson(t, site.Store, v, models.PersonInput{Given: "=SUM(A1)", Family: "O'Neil", Sector: models.Industry, Email: "o@example.org"})
	storetest.Person(t, site.Store, v, "Mike McCaul", models.Congress, "House")
	b := site.As(v)
	res := b.Get(urls.With(urls.PeopleExportPath, "format", "csv", "sector", "industry"))
	rows, err := csv.NewReader(res.Body).ReadAll()
	if err != nil || len(rows) != 2 || !strings.HasPrefix(strings.Join(rows[1], "|"), "|") {
		t.Fatalf("%q, %v", rows, err)
	}
	if strings.Contains(strings.Join(rows[1], "|"), "|=SUM") {
		t.Errorf("a formula left the house: %q", rows[1])
	}
	whole := handlertest.Body(b.Get(urls.With(urls.PeopleExportPath, "format", "csv", "q", "mccaul")))
	if doc := uploadPeople(t, site, b, "people.csv", whole); !strings.Contains(doc.Find(".formfoot").Text(), "nothing to import") {
		t.Errorf("%q", doc.Find(".formfoot").Text())
	}
	if res := b.Get(urls.With(urls.PeopleExportPath, "format", "xlsx")); !strings.HasPrefix(handlertest.Body(res), "PK") {
		t.Error("no workbook")
	}
}

// uploadPeople posts a file and returns the preview that follows, or the refused form.
func uploadPeople(t *testing.T, site *handlertest.Site, b *handlertest.Browser, name, text string) *goquery.Document {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("sector", ""); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, urls.PeopleImportPath, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res := b.Do(r)
	if res.StatusCode != http.StatusSeeOther {
		return site.Parse(res, http.StatusUnprocessableEntity)
	}
	return b.Page(res.Header.Get("Location"), 200)
}

func TestImport_fromTheFileToTheResultAndBack(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	storetest.AddPerson(t, site.Store, v, models.PersonInput{Full: "Bob Two", Email: "bob@example.org", Position: "Chair"})
	storetest.AddPerson(t, site.Store, v, models.PersonInput{Full: "Cid Three", Organisation: "State"})
	b := site.As(v)
	doc := uploadPeople(t, site, b, "list.csv", "Name;Mail;Role;Affiliation;Shoe size\nAnn One;ann@example.org;;;41\nBob Two;bob@example.org;Director;;\nCid Three;cid@example.org;;State;\n;none;;;\n")
	if got := doc.Find("#columns").Text(); !strings.Contains(got, "Shoe size") || !strings.Contains(got, "No matching field") {
		t.Errorf("the ignored column is not named: %q", got)
	}
	var results []string
	doc.Find("#rows tbody tr").Each(func(_ int, tr *goquery.Selection) {
		results = append(results, strings.TrimSpace(tr.Find(".st").Text()))
	})
	if got := strings.Join(results, ", "); got != "New, Updates, Possible duplicate, Fix or skip" {
		t.Errorf("results %q", got)
	}
	if tr := doc.Find("#rows tbody tr").Eq(1); tr.Find("del").Text() != "Chair" || tr.Find("ins").Text() != "Director" {
		t.Errorf("the update reads %q", tr.Text())
	}
	if tr := doc.Find("#rows tbody tr").Eq(3); !strings.Contains(tr.Text(), "no @") || !strings.Contains(tr.Text(), "name is empty") {
		t.Errorf("the error reads %q", tr.Text())
	}
	if got := strings.TrimSpace(doc.Find(".formfoot button.btn--primary").Text()); got != "Import the 2 good rows" {
		t.Errorf("the button says %q", got)
	}
	fix, _ := doc.Find(`a[href$="rows-to-fix.csv"]`).Attr("href")
	if got := handlertest.Body(b.Get(fix)); !strings.Contains(got, ",none,,,,5,line 5: ") && !strings.Contains(got, ",none,,,,5,") {
		t.Errorf("rows to fix: %q", got)
	}
	choices := doc.Find(`#rows form[action$="/choices"]`).First()
	b.Post(choices.AttrOr("action", ""), url.Values{"line": {"4"}, "create": {"4"}, "back": {"/people/import/x"}})
	commit := doc.Find(`form[action$="/commit"]`).AttrOr("action", "")
	if res := b.Post(commit, nil); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("errors do not hold the import up: status %d", res.StatusCode)
	}
	res := b.Post(commit, url.Values{"skip_errors": {"1"}})
	done := b.Page(res.Header.Get("Location"), 200)
	if got := done.Find("main").Text(); !strings.Contains(got, "1 new, 1 updated, 0 unchanged.") {
		t.Errorf("%q", got)
	}
	if got := done.Find(`main a[href="` + fix + `"]`).Length(); got != 1 {
		t.Errorf("%d links to the rows that were left out", got)
	}
	if got := strings.Join(peopleNames(b.Page(urls.PeoplePath, 200)), "; "); got != "Ann One; Bob Two; Cid Three; Cid Three" {
		t.Errorf("%q", got)
	}
	b.Post(done.Find(`form[action$="/undo"]`).AttrOr("action", ""), nil)
	if got := strings.Join(peopleNames(b.Page(urls.PeoplePath, 200)), "; "); got != "Bob Two; Cid Three" {
		t.Errorf("after the undo: %q", got)
	}
}

func TestImport_columnsWithoutAFieldMayGoToTheNotes(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener))
	doc := uploadPeople(t, site, b, "list.csv", "Name,Party,State\nAnn One,I,MD\n")
	columns := doc.Find(`form[action$="/columns"]`).AttrOr("action", "")
	doc = b.Page(b.Post(columns, url.Values{"field": {"full_name", "notes", "notes"}}).Header.Get("Location"), 200)
	if got := doc.Find("#rows thead th").Map(func(_ int, th *goquery.Selection) string { return th.Text() }); strings.Join(got, ", ") != "Line, Result, Full name, Notes, Match" {
		t.Errorf("the rows show %q", got)
	}
	if got := doc.Find("#rows tbody tr").Text(); !strings.Contains(got, "Party: I\nState: MD") {
		t.Errorf("the row reads %q", got)
	}
}

func TestImport_aSecondClickShowsWhatTheFirstDid(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener))
	doc := uploadPeople(t, site, b, "list.csv", "Name;Mail\nAnn One;ann@example.org\n")
	commit := doc.Find(`form[action$="/commit"]`).AttrOr("action", "")
	for _, click := range []string{"first", "second"} {
		res := b.Post(commit, nil)
		if res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s click: status %d", click, res.StatusCode)
		}
		if got := b.Page(res.Header.Get("Location"), 200).Find("main").Text(); !strings.Contains(got, "1 new, 0 updated, 0 unchanged.") {
			t.Errorf("%s click: %q", click, got)
		}
	}
	undo := strings.TrimSuffix(commit, "/commit") + "/undo"
	for _, click := range []string{"first", "second"} {
		if res := b.Post(undo, nil); res.StatusCode != http.StatusSeeOther {
			t.Errorf("%s undo: status %d", click, res.StatusCode)
		}
	}
	if got := peopleNames(b.Page(urls.PeoplePath, 200)); len(got) != 0 {
		t.Errorf("after the undo: %q", got)
	}
}

func TestImport_saysWhyAFileIsNoListOfPeople(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener))
	for text, want := range map[string]string{
		"": "The file is empty.", `[{"name":"Ann"}]`: "This file is JSON", "<!doctype html><p>x": "This is a web page",
		"title,starts_at,timezone\nx,y,z\n": "This file holds roundtables, not people.",
	} {
		if got := uploadPeople(t, site, b, "x.csv", text).Find(".error-summary, main").Text(); !strings.Contains(got, want) {
			t.Errorf("%q: no %q", text, want)
		}
	}
}

func TestImport_columnsAreChosenByHand(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener))
	doc := uploadPeople(t, site, b, "x.csv", "Who,Where\nAnn One,State\n")
	action := doc.Find(`form[action$="/columns"]`).AttrOr("action", "")
	if action == "" || doc.Find("#rows").Length() != 0 {
		t.Fatal("rows are judged before a column holds names")
	}
	if doc := site.Parse(b.Post(action, url.Values{"field": {"", "organisation"}}), 422); !strings.Contains(doc.Text(), "No column holds names") {
		t.Error("columns without names are taken")
	}
	res := b.Post(action, url.Values{"field": {"full_name", "organisation"}, "sector": {"industry"}})
	doc = b.Page(res.Header.Get("Location"), 200)
	if got := doc.Find("#rows tbody tr").Text(); !strings.Contains(got, "Ann One") || !strings.Contains(got, "Industry") {
		t.Errorf("%q", got)
	}
	if got := doc.Find("#columns").Text(); !strings.Contains(got, "Changed by you") {
		t.Errorf("%q", got)
	}
}

func TestOrganisations_gatherThePeopleWhoCarryTheirNames(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	storetest.Person(t, site.Store, v, "Ann One", models.Agencies, "State Dept.")
	b := site.As(v)
	doc := b.Page(urls.OrganisationsPath, 200)
	if got := doc.Find("#unlisted").Text(); !strings.Contains(got, "State Dept.") || !strings.Contains(got, "1 person") {
		t.Errorf("%q", got)
	}
	form := url.Values{"name": {"Department of State"}, "acronym": {"DoS"}, "aliases": {"State Dept.\nUSDOS"}, "sector": {"agencies"}}
	res := b.Post(urls.OrganisationsPath, form)
	at := res.Header.Get("Location")
	doc = b.Page(at, 200)
	if got := doc.Find("main").Text(); !strings.Contains(got, "One, Ann") || !strings.Contains(got, "USDOS") {
		t.Errorf("%q", got)
	}
	if doc := site.Parse(b.Post(urls.OrganisationsPath, form), 422); !strings.Contains(doc.Text(), "already a name of Department of State") {
		t.Error("one name, two organizations")
	}
	form.Set("name", "U.S. Department of State")
	b.Post(at, form)
	if got := b.Page(at, 200).Find("main").Text(); !strings.Contains(got, "Department of State") || !strings.Contains(got, "One, Ann") {
		t.Errorf("%q", got)
	}
}

func TestPeople_pagesLeadOnAndBack(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Convener", models.RoleConvener)
	for i := range 60 {
		storetest.Person(t, site.Store, v, fmt.Sprintf("Ann Person%02d", i), models.Industry, "")
	}
	b := site.As(v)
	first := b.Page(urls.PeoplePath, 200)
	next := first.Find(`.pager a[rel=next], .pager a`).Last().AttrOr("href", "")
	second := b.Page(next, 200)
	if got := peopleNames(second); len(got) != 10 || got[0] != "Person50, Ann" {
		t.Errorf("%q", got)
	}
	prev := second.Find(".pager a").First().AttrOr("href", "")
	if got := peopleNames(b.Page(prev, 200)); len(got) != 50 || got[0] != "Person00, Ann" {
		t.Errorf("%q", got)
	}
}

func TestPeople_aFormThatIsTooLargeLeadsBackToItself(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener))
	form := url.Values{"biography": {strings.Repeat("word ", 1<<19)}}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, urls.PeoplePath, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", handlertest.BaseURL+urls.PersonNewPath)
	back := site.Parse(b.Do(r), http.StatusRequestEntityTooLarge).Find("main a.btn--primary")
	if back.AttrOr("href", "") != urls.PersonNewPath || back.Text() != "Back to the form" {
		t.Errorf("a form that is too large offers %q at %q", back.Text(), back.AttrOr("href", ""))
	}
}

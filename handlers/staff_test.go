package handlers_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestStaff_anAdminInvitesAndIsShownTheLinkOnce(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin))
	b.Page(urls.StaffNewPath, http.StatusOK)
	form := url.Values{"name": {"Grace Hopper"}, "email": {"not an address"}, "role": {"convener"}}
	doc := site.Parse(b.Post(urls.StaffPath, form), http.StatusUnprocessableEntity)
	if doc.Find("input[name=name]").AttrOr("value", "") != "Grace Hopper" || doc.Find("input[name=role][value=convener][checked]").Length() != 1 {
		t.Error("the form forgot what was typed")
	}
	form.Set("email", "grace@example.org")
	doc = site.Parse(b.Post(urls.StaffPath, form), http.StatusOK)
	link := doc.Find("input[readonly]").AttrOr("value", "")
	path, ok := strings.CutPrefix(link, handlertest.BaseURL)
	if !ok {
		t.Fatalf("the link is %q", link)
	}
	site.Anonymous().Page(path, http.StatusOK)
	list := b.Page(urls.StaffPath, http.StatusOK)
	row := list.Find("#staff tbody tr").FilterFunction(func(_ int, s *handlertest.Selection) bool { return strings.Contains(s.Text(), "Grace Hopper") })
	if row.Length() != 1 || !strings.Contains(row.Text(), "Invited") || strings.Contains(list.Text(), path) {
		t.Errorf("the list says %q", row.Text())
	}
}

func TestStaff_printsTheTableOfRights(t *testing.T) {
	site := handlertest.New(t)
	doc := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)).Page(urls.StaffPath, http.StatusOK)
	shown := map[string]bool{}
	doc.Find(".perms tbody th").Each(func(_ int, s *handlertest.Selection) { shown[s.Text()] = true })
	for _, r := range models.RightsTable() {
		if !shown[r.Name] {
			t.Errorf("%q is not shown", r.Name)
		}
	}
	cells := doc.Find("#roles tbody tr").First().Find("td")
	if cells.Length() != len(models.AccountRoles) || !strings.Contains(cells.First().Text(), "Yes") || cells.Last().Text() != "No" {
		t.Errorf("the first right: %q", cells.Text())
	}
}

func TestMember_isChangedStepByStep(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	token, err := site.Store.StartSession(t.Context(), v.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	b, id := site.As(admin), v.Account()
	b.Page(urls.Member(id), http.StatusOK)
	after := func(path string, form url.Values, state string) {
		t.Helper()
		res := b.Post(path, form)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != urls.Member(id) {
			t.Fatalf("%s: %d to %q", path, res.StatusCode, res.Header.Get("Location"))
		}
		if doc := b.Page(urls.Member(id), http.StatusOK); !strings.Contains(doc.Find("#member").Text(), state) {
			t.Errorf("%s: %q", path, doc.Find("#member").Text())
		}
	}
	after(urls.MemberRole(id), url.Values{"role": {"analyst"}}, "Analyst")
	after(urls.MemberDisable(id), nil, "Disabled")
	after(urls.MemberEnable(id), nil, "Active")
	after(urls.MemberHandOver(id), url.Values{"to": {admin.Account().String()}}, "Active")
	site.Parse(b.Post(urls.MemberHandOver(id), url.Values{"to": {"nobody"}}), http.StatusUnprocessableEntity)
	site.Parse(b.Post(urls.MemberDisable(admin.Account()), nil), http.StatusUnprocessableEntity)
	if site.Holding(token).Get(urls.AccountPath).StatusCode != http.StatusSeeOther {
		t.Error("the session outlived the change of role")
	}
	link := site.Parse(b.Post(urls.MemberLink(id), nil), http.StatusOK).Find("input[readonly]").AttrOr("value", "")
	if !strings.HasPrefix(link, handlertest.BaseURL+"/sign-in/") {
		t.Errorf("the link is %q", link)
	}
	b.Page(urls.Member(models.ID(4711)), http.StatusNotFound)
}

func TestAccount_nameAppearanceAndSessions(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	b := site.As(v)
	if doc := b.Page(urls.AccountPath, http.StatusOK); doc.Find("input[name=current]").Length() != 0 {
		t.Error("there is no current password to ask for")
	}
	site.Parse(b.Post(urls.AccountPath, url.Values{"name": {" "}}), http.StatusUnprocessableEntity)
	b.Post(urls.AccountPath, url.Values{"name": {"Grace B. Hopper"}})
	if doc := b.Page(urls.AccountPath, http.StatusOK); !strings.Contains(doc.Find(".rail__user").Text(), "Grace B. Hopper") || doc.Find(".toast").Length() != 1 {
		t.Error("the name is not changed")
	}
	site.Parse(b.Post(urls.AppearancePath, url.Values{"theme": {"pink"}, "zone": {"Mars/Olympus"}}), http.StatusUnprocessableEntity)
	b.Post(urls.AppearancePath, url.Values{"theme": {"dark"}, "zone": {"Europe/Berlin"}})
	doc := b.Page(urls.AppearancePath, http.StatusOK)
	if doc.Find("html").AttrOr("data-theme", "") != "dark" || doc.Find("body").AttrOr("data-keys", "") != "off" {
		t.Error("the appearance is not changed")
	}
	other := site.As(v)
	doc = b.Page(urls.SessionsPath, http.StatusOK)
	rows := doc.Find("tbody tr")
	if rows.Length() != 2 {
		t.Fatalf("%d sessions", rows.Length())
	}
	notThis := rows.FilterFunction(func(_ int, s *handlertest.Selection) bool { return !strings.Contains(s.Text(), "This browser") })
	b.Post(notThis.Find("form").AttrOr("action", ""), nil)
	if res := other.Get(urls.AccountPath); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the other browser: %d", res.StatusCode)
	}
	out := b.Post(urls.SignOutAllPath, nil).Header.Get("Location")
	if words := site.Anonymous().Page(out, http.StatusOK).Find("main").Text(); !strings.Contains(words, "signed out everywhere") {
		t.Errorf("signed out everywhere: %q", words)
	}
	if res := b.Get(urls.AccountPath); res.StatusCode != http.StatusSeeOther {
		t.Errorf("after signing out everywhere: %d", res.StatusCode)
	}
}

func TestUndo_isOnesOwnAndReturnsToTheForm(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	person, undo, err := site.Store.CreatePerson(t.Context(), v, models.PersonInput{Full: "Jean Bartik"})
	if err != nil {
		t.Fatal(err)
	}
	other := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin))
	if res := other.Post(urls.Undo(undo), nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else's: %d", res.StatusCode)
	}
	b := site.As(v)
	for next, want := range map[string]string{"/account": "/account", "//evil.example": "/", "": "/"} {
		if res := b.Post(urls.Undo(undo), url.Values{"next": {next}}); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != want {
			t.Errorf("next %q: %d to %q", next, res.StatusCode, res.Header.Get("Location"))
		}
	}
	if _, err := site.Store.Person(t.Context(), v, person); err == nil {
		t.Error("the person is still there")
	}
	if doc := b.Page(urls.AccountPath, http.StatusOK); !strings.Contains(doc.Find(".toast").Text(), "Undone: Adding a person") {
		t.Errorf("the message: %q", doc.Find(".toast").Text())
	}
}

// slowForm is a form whose sender stops in the middle while something happens.
type slowForm struct {
	rest      io.Reader
	meanwhile func()
}

func (f *slowForm) Read(p []byte) (int, error) {
	if f.meanwhile != nil {
		f.meanwhile()
		f.meanwhile = nil
	}
	return f.rest.Read(p)
}

func TestStaff_aFormThatArrivesSlowlyActsWithNoRightThatEnded(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	leaver := storetest.Account(t, site.Store, "Lee Ver", models.RoleConvener)
	b := site.As(leaver)
	form := url.Values{"name": {"Late Institute"}, "sector": {models.ThinkTanks.Key()}}
	send := func(meanwhile func()) *http.Response {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, urls.OrganisationsPath, &slowForm{strings.NewReader(form.Encode()), meanwhile})
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return b.Do(r)
	}
	res := send(func() {
		if err := site.Store.DisableAccount(t.Context(), admin, leaver.Account()); err != nil {
			t.Error(err)
		}
	})
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the form of an account that was disabled meanwhile: %d", res.StatusCode)
	}
	if list := site.As(admin).Page(urls.OrganisationsPath, http.StatusOK).Text(); strings.Contains(list, "Late Institute") {
		t.Error("an account that was disabled while its form arrived has still acted")
	}
}

package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
	"rotunda/views/viewtest"
)

func TestCohosts_areNamedInvitedAndSeeTheirRoundtableOnly(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	room, ada := storetest.Roundtable(t, site.Store, ada, storetest.Private(), storetest.Titled("Joint talks"), storetest.With(func(in *models.RoundtableInput) { in.Room = "Cannon 310" }))
	other, ada := storetest.Roundtable(t, site.Store, ada, storetest.Titled("Ours alone"))
	storetest.AgendaItem(t, site.Store, ada, room, "Canary item", 20, models.RegimeNone)
	org, err := site.Store.CreateOrganisation(t.Context(), ada, models.OrganisationInput{Name: "Partner Institute", Sector: models.ThinkTanks})
	if err != nil {
		t.Fatal(err)
	}
	b := site.As(ada)
	page := site.Parse(b.Post(urls.CohostAdd(room), url.Values{"organisation": {"No such house"}}), http.StatusUnprocessableEntity)
	if page.Find("input[name=organisation]").AttrOr("value", "") != "No such house" {
		t.Error("what was typed is gone")
	}
	if page.Find("datalist option").AttrOr("value", "") != "Partner Institute" || page.Find(`main a[href="`+urls.OrganisationNewPath+`"]`).Length() != 1 {
		t.Error("no think tank is proposed, or there is no way to a new one")
	}
	b.Post(urls.CohostAdd(room), url.Values{"organisation": {"Partner Institute"}})
	page = site.Parse(b.Post(urls.CohostAccount(room, org), url.Values{"name": {"Pat Ner"}, "email": {"nonsense"}}), http.StatusUnprocessableEntity)
	if page.Find("input[name=email]").AttrOr("value", "") != "nonsense" || page.Find("[role=alert]").Length() != 1 {
		t.Error("a refused person is not shown as typed")
	}
	b.Post(urls.CohostAccount(room, org), url.Values{"name": {"Pat Ner"}, "email": {"pat@partner.example"}})
	if page := b.Page(urls.RoundtableCohosts(room), http.StatusOK); !strings.Contains(page.Text(), "pat@partner.example") || !strings.Contains(page.Text(), "has not signed in yet") {
		t.Error("the person is not listed")
	}

	pat := site.As(storetest.Viewer(t, site.Store, "pat@partner.example"))
	own := handlertest.Body(pat.Get(urls.Roundtable(room)))
	if !strings.Contains(own, "Joint talks") || strings.Contains(own, "Cannon") || strings.Contains(own, "Canary") {
		t.Error("a co-host must see the roundtable, not its room or its unreviewed agenda")
	}
	for _, problem := range viewtest.Problems(own) {
		t.Error(problem)
	}
	list := pat.Page(urls.RoundtablesPath+"?when=all", http.StatusOK).Find("main").Text()
	if !strings.Contains(list, "Joint talks") || strings.Contains(list, "Ours alone") || strings.Contains(list, "New roundtable") {
		t.Error("a co-host's list")
	}
	pat.Page(urls.RoundtableCohosts(room), http.StatusOK)
	pat.Page(urls.Roundtable(other), http.StatusNotFound)
	for _, path := range []string{urls.Activity(room), urls.RoundtableTeam(room), urls.RoundtableEdit(room), urls.SeriesListPath} {
		pat.Page(path, http.StatusForbidden)
	}
	for _, path := range []string{urls.CohostAdd(room), urls.CohostRemove(room, org), urls.RoundtableClose(room), urls.Agenda(room)} {
		if res := pat.Post(path, nil); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	storetest.KeepMail(t, site.Store)
	for range 2 { // added to another roundtable, and added again
		b.Post(urls.CohostAdd(other), url.Values{"organisation": {"Partner Institute"}})
		b.Post(urls.CohostAccount(other, org), url.Values{"name": {"Pat Ner"}, "email": {"pat@partner.example"}})
	}
	told := storetest.KeepMail(t, site.Store)
	if len(told) != 1 || told[0].Kind != models.MailCohost || told[0].ToEmail != "pat@partner.example" || told[0].Room != other {
		t.Errorf("a co-host who has an account is told once of another roundtable, not %+v", told)
	}
	pat.Page(urls.Roundtable(other), http.StatusOK)
	b.Post(urls.CohostRemove(room, org), nil)
	pat.Page(urls.Roundtable(room), http.StatusNotFound)
}

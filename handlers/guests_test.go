package handlers_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestGuests_theListAndItsFilters(t *testing.T) {
	site, room, guest, lead, token := invitedTo(t)
	storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, "Embassy of Japan"))
	storetest.Answer(t, site.Store, token, models.Accepted)
	b := site.As(lead)
	doc := b.Page(urls.Guests(room), http.StatusOK)
	if doc.Find("#guest-rows tr").Length() != 2 || doc.Find("#secline li").Length() != 7 || doc.Find("[data-bulk] input[name=guest]").Length() != 2 {
		t.Errorf("%s", doc.Find("main").Text())
	}
	if text := doc.Find("#guest-rows tr").First().Text(); !strings.Contains(text, "Marisol Echeverry") || !strings.Contains(text, "Attending") || !strings.Contains(text, "S1") {
		t.Errorf("%s", text)
	}
	for query, want := range map[string]int{"?q=mizu": 1, "?show=attending": 1, "?sector=diplomats": 1, "?q=nobody": 0, "?wave=B": 0} {
		if n := b.Page(urls.Guests(room)+query, http.StatusOK).Find("#guest-rows tr").Length(); n != want {
			t.Errorf("%s: %d rows, want %d", query, n, want)
		}
	}
	if h1 := b.Page(urls.Guest(guest), http.StatusOK).Find("h2").First().Text(); !strings.Contains(h1, "Marisol Echeverry") {
		t.Error(h1)
	}
}

func TestGuests_aFilterReplacesTheListAndKeepsTheOthers(t *testing.T) {
	site, room, _, lead, token := invitedTo(t)
	storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, "Embassy of Japan"))
	storetest.Answer(t, site.Store, token, models.Accepted)
	r := httptest.NewRequest(http.MethodGet, urls.Guests(room)+"?q=mizu&show=shortlisted", nil)
	r.Header.Set("HX-Request", "true")
	doc := site.Parse(site.As(lead).Do(r), http.StatusOK)
	if doc.Find("main, form[role=search], #secline").Length() != 0 {
		t.Error("more than the list comes back: what is being typed would be lost")
	}
	if doc.Find("#guest-list #guest-rows tr").Length() != 1 || doc.Find("#guest-list [role=status]").Text() != "1 guest" {
		t.Errorf("%s", doc.Find("#guest-list").Text())
	}
	segments := doc.Find("#guest-segments")
	if keep, _ := segments.Find("input[name=show]").Attr("value"); keep != "shortlisted" || segments.AttrOr("hx-swap-oob", "") != "true" {
		t.Error("the chosen segment is lost when another filter changes")
	}
	if href := segments.Find("#segment-attending").AttrOr("hx-get", ""); href != urls.With(urls.Guests(room), "q", "mizu", "show", "attending") {
		t.Errorf("a segment leads to %q, without what was typed", href)
	}
}

func TestGuestsAdd_anEmptyDirectorySaysHowToFillIt(t *testing.T) {
	site := handlertest.New(t)
	room, lead := storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Amara Lindgren", models.RoleConvener))
	b := site.As(lead)
	if empty := b.Page(urls.GuestsAdd(room), http.StatusOK).Find(".empty"); !strings.Contains(empty.Text(), "The directory is empty") || empty.Find("a[href]").Length() != 1 {
		t.Errorf("%s", empty.Text())
	}
	if empty := b.Page(urls.With(urls.GuestsAdd(room), "q", "nobody"), http.StatusOK).Find(".empty"); !strings.Contains(empty.Text(), "matches") {
		t.Errorf("%s", empty.Text())
	}
}

func TestGuests_addedFromTheDirectoryManyAtOnce(t *testing.T) {
	site, room, _, lead, _ := invitedTo(t)
	a := storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, "")
	c := storetest.Person(t, site.Store, lead, "Ruth Abernathy", models.Agencies, "")
	b := site.As(lead)
	doc := b.Page(urls.With(urls.GuestsAdd(room), "q", "mizuhara"), http.StatusOK)
	if doc.Find("input[name=person]").Length() != 1 {
		t.Errorf("%s", doc.Find("main").Text())
	}
	if n := b.Page(urls.With(urls.GuestsAdd(room), "q", "echeverry"), http.StatusOK).Find("input[name=person]").Length(); n != 0 {
		t.Error("who is on the list can be chosen again")
	}
	res := b.Post(urls.GuestsAdd(room), url.Values{"person": {a.ID.String(), c.ID.String()}, "wave": {"B"}, "role": {"speaker"}})
	if res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode, handlertest.Body(res))
	}
	if n := b.Page(urls.With(urls.Guests(room), "wave", "B"), http.StatusOK).Find("#guest-rows tr").Length(); n != 2 {
		t.Errorf("%d guests in wave B", n)
	}
	if res := b.Post(urls.GuestsAdd(room), url.Values{"wave": {"A"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nobody chosen: %d", res.StatusCode)
	}
}

func TestGuestsInvite_saysThatNoDeadlineIsSet(t *testing.T) {
	for deadline, want := range map[string]int{"": 1, "2026-10-10": 0} {
		site, room, _, lead, _ := invitedTo(t, storetest.With(func(in *models.RoundtableInput) { in.DeadlineDate = deadline }))
		storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, ""))
		doc := site.As(lead).Page(urls.GuestsInvite(room), http.StatusOK)
		if got := doc.Find(`a[href="` + urls.RoundtableEdit(room) + `#deadline_date"]`).Length(); got != want {
			t.Errorf("deadline %q: %d links to set one, want %d", deadline, got, want)
		}
	}
}

func TestGuestsInvite_showsTheRealMailAndRefusesWhatLacksTheLink(t *testing.T) {
	site, room, _, lead, _ := invitedTo(t)
	id := storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, ""))
	b := site.As(lead)
	doc := b.Page(urls.GuestsInvite(room), http.StatusOK)
	if doc.Find("input[name=guest]").Length() != 1 || !strings.Contains(doc.Find("pre").Text(), "[the guest’s link]") || !strings.Contains(doc.Find("pre").Text(), "Dear Kenji Mizuhara") {
		t.Errorf("%s", doc.Find("main").Text())
	}
	form := url.Values{"guest": {id.String()}, "act": {"send"}}
	foreign := handlertest.BaseURL + urls.Invitation(strings.Repeat("a", 43))
	for _, text := range []string{"Dear friend, please come.", "{{link}} {{nonsense}}", "{{link}} and " + foreign} {
		form.Set("text", text)
		doc := site.Parse(b.Post(urls.GuestsInvite(room), form), http.StatusUnprocessableEntity)
		if doc.Find("textarea[name=text]").Text() != text || doc.Find(".summary").Length() != 1 {
			t.Errorf("%q is not shown again with what is wrong", text)
		}
	}
	if sent := storetest.KeepMail(t, site.Store); len(sent) != 0 {
		t.Fatalf("%d messages were queued", len(sent))
	}
	form.Set("text", "Come, {{greeting}}: {{link}}")
	if res := b.Post(urls.GuestsInvite(room), form); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	if sent := storetest.KeepMail(t, site.Store); len(sent) != 1 || sent[0].Text != "Come, {{greeting}}: {{link}}" {
		t.Errorf("%+v", sent)
	}
}

func TestGuestsBulk_marksAttendedAndTakesItBack(t *testing.T) {
	site := handlertest.New(t)
	room, lead := storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Amara Lindgren", models.RoleConvener), storetest.InSession())
	ids := storetest.Guests(t, site.Store, lead, room, 3, models.Industry)
	b := site.As(lead)
	form := url.Values{"act": {"attended"}}
	for _, id := range ids {
		form.Add("guest", id.String())
	}
	if res := b.Post(urls.GuestsBulk(room), form); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	doc := b.Page(urls.With(urls.Guests(room), "show", "attended"), http.StatusOK)
	if doc.Find("#guest-rows tr").Length() != 3 {
		t.Errorf("%s", doc.Find("main").Text())
	}
	undo, ok := doc.Find("#toasts form").Attr("action")
	if !ok {
		t.Fatal("nothing takes it back")
	}
	b.Post(undo, url.Values{"next": {urls.Guests(room)}})
	if n := b.Page(urls.With(urls.Guests(room), "show", "attended"), http.StatusOK).Find("#guest-rows tr").Length(); n != 0 {
		t.Errorf("%d still marked", n)
	}
	b.Post(urls.GuestsAttendance(room), form)
	b.Post(urls.GuestsAttendance(room), url.Values{"act": {"no_show"}, "guest": {ids[2].String()}})
	for segment, n := range map[string]int{"attended": 2, "no_show": 1} {
		if rows := b.Page(urls.With(urls.Guests(room), "show", segment), http.StatusOK).Find("#guest-rows tr").Length(); rows != n {
			t.Errorf("%d guests are listed as %s, want %d", rows, segment, n)
		}
	}
	if words := b.Page(urls.Guests(room), http.StatusOK).Find("main").Text(); !strings.Contains(words, "2 guests came, 1 did not.") || strings.Contains(words, "attending") {
		t.Errorf("the list does not say who came: %s", words)
	}
	walk := storetest.Person(t, site.Store, lead, "Wanda Walker", models.Academia, "")
	if res := b.Post(urls.GuestsWalkIn(room), url.Values{"person": {walk.ID.String()}, "role": {"participant"}}); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	for _, path := range []string{urls.GuestsAttendance(room), urls.GuestsWalkIn(room)} {
		b.Page(path, http.StatusOK)
	}
}

func TestGuests_phoneAnswerWithdrawalAndNewLink(t *testing.T) {
	site, room, guest, lead, token := invitedTo(t)
	b := site.As(lead)
	if res := b.Post(urls.GuestAnswer(guest), url.Values{"answer": {""}, "via": {"phone"}, "diet": {"Halal"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Error(res.StatusCode)
	}
	if res := b.Post(urls.GuestAnswer(guest), url.Values{"answer": {"accepted"}, "via": {"phone"}, "diet": {"Halal"}, "confirm": {"1"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	doc := b.Page(urls.Guest(guest), http.StatusOK)
	if text := doc.Find("main").Text(); !strings.Contains(text, "Accepted, by Amara Lindgren (phone)") || !strings.Contains(text, "Halal") {
		t.Errorf("%s", text)
	}
	if res := b.Post(urls.GuestLink(guest), nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	if res := site.Anonymous().Get(urls.Invitation(token)); res.StatusCode != http.StatusGone {
		t.Errorf("the old link: %d", res.StatusCode)
	}
	if n := b.Page(urls.With(urls.GuestsWithdraw(room), "guest", guest.String()), http.StatusOK).Find("input[name=guest][checked]").Length(); n != 1 {
		t.Error("asks about nobody")
	}
	if res := b.Post(urls.GuestsWithdraw(room), url.Values{"guest": {guest.String()}, "reason": {"The list is full."}}); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	if n := b.Page(urls.Guests(room), http.StatusOK).Find("#guest-rows tr").Length(); n != 0 {
		t.Errorf("%d guests", n)
	}
}

func TestGuestsExport_defusesFormulasAndIsTheTeams(t *testing.T) {
	site, room, guest, lead, token := invitedTo(t)
	_ = guest
	in := models.AnswerInput{Answer: models.Accepted, Chosen: true, Note: "=1+1", Needs: models.Needs{Diet: "+cmd"}}
	if _, err := site.Store.AnswerInvitation(t.Context(), token, in); err != nil {
		t.Fatal(err)
	}
	b := site.As(lead)
	body := handlertest.Body(b.Get(urls.With(urls.GuestsExport(room), "format", "csv")))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][1] != "Marisol Echeverry" || rows[1][11] != "'+cmd" || rows[1][14] != "'=1+1" {
		t.Errorf("%q %v", rows, err)
	}
	if body := handlertest.Body(b.Get(urls.With(urls.GuestsExport(room), "format", "xlsx"))); !bytes.HasPrefix([]byte(body), []byte("PK")) {
		t.Error("no workbook")
	}
	scribe := storetest.Team(t, site.Store, lead, room, storetest.Account(t, site.Store, "Celeste Varga", models.RoleRapporteur), models.TeamRapporteur)
	if res := site.As(scribe).Get(urls.GuestsExport(room)); res.StatusCode != http.StatusForbidden {
		t.Errorf("the list for a rapporteur, who does not export: %d", res.StatusCode)
	}
	other := storetest.Account(t, site.Store, "Noor Castellan", models.RoleAnalyst)
	for _, path := range []string{urls.GuestsExport(room), urls.RoundtableMail(room), urls.Guests(room)} {
		if res := site.As(other).Get(path); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s for other staff: %d", path, res.StatusCode)
		}
	}
	if res := site.As(other).Get(urls.Guest(guest)); res.StatusCode != http.StatusNotFound {
		t.Errorf("a guest for other staff: %d", res.StatusCode)
	}
}

func TestGuests_aCohostSeesItsOwnAndTheNamed(t *testing.T) {
	site, room, _, lead, token := invitedTo(t)
	storetest.Organisation(t, site.Store, lead, "Allied Institute", models.ThinkTanks)
	if err := site.Store.AddCohost(t.Context(), lead, room, "Allied Institute"); err != nil {
		t.Fatal(err)
	}
	hosts, err := site.Store.Cohosts(t.Context(), lead, room)
	if err != nil || len(hosts) != 1 {
		t.Fatal(err)
	}
	if err := site.Store.AddCohostAccount(t.Context(), lead, room, models.CohostInput{Organisation: hosts[0].Organisation, Name: "Pat Partner", Email: "pat@allied.example"}); err != nil {
		t.Fatal(err)
	}
	partner := storetest.Viewer(t, site.Store, "pat@allied.example")
	b := site.As(partner)
	if doc := b.Page(urls.Guests(room), http.StatusOK); strings.Contains(doc.Text(), "Echeverry") {
		t.Error("a guest who agreed to nothing is named")
	}
	wrong := url.Values{"full_name": {"Joris Teunissen"}, "email": {"joris at allied"}, "position": {"Fellow"}, "sector": {"think_tanks"}}
	refused := b.Post(urls.GuestsPropose(room), wrong)
	kept := handlertest.Body(refused)
	if refused.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(kept, "joris at allied") || !strings.Contains(kept, `value="Fellow"`) {
		t.Errorf("a refused proposal: %d, and what was typed is gone", refused.StatusCode)
	}
	form := url.Values{"full_name": {"Joris Teunissen"}, "email": {"joris@allied.example"}, "organisation": {"Allied Institute"}, "sector": {"think_tanks"}}
	if res := b.Post(urls.GuestsPropose(room), form); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode, handlertest.Body(res))
	}
	in := models.AnswerInput{Answer: models.Accepted, Chosen: true, NamedToPartners: true, Needs: models.Needs{Diet: "Secretly vegan"}, Note: "Canary note"}
	if _, err := site.Store.AnswerInvitation(t.Context(), token, in); err != nil {
		t.Fatal(err)
	}
	doc := b.Page(urls.Guests(room), http.StatusOK)
	text := doc.Text()
	if !strings.Contains(text, "Joris Teunissen") || !strings.Contains(text, "Marisol Echeverry") {
		t.Errorf("%s", text)
	}
	for _, secret := range []string{"vegan", "Canary", "senate.example", "S1"} {
		if strings.Contains(text, secret) {
			t.Errorf("a co-host reads %q", secret)
		}
	}
	for _, path := range []string{urls.GuestsExport(room), urls.GuestsAdd(room), urls.RoundtableMail(room)} {
		if res := b.Get(path); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s for a co-host: %d", path, res.StatusCode)
		}
	}
}

func TestMail_keptIsReadInTheProgramAndItsLinkWorks(t *testing.T) {
	site, room, _, lead, token := invitedTo(t)
	b := site.As(lead)
	list := b.Page(urls.RoundtableMail(room), http.StatusOK)
	href, ok := list.Find("tbody a.rowlink").Attr("href")
	if !ok {
		t.Fatal(list.Find("main").Text())
	}
	doc := b.Page(href, http.StatusOK)
	if got, _ := doc.Find(".pagehead__acts a.btn--primary").Attr("href"); got != urls.Invitation(token) {
		t.Errorf("the guest's link is %q", got)
	}
	body := b.Get(doc.Find("iframe").AttrOr("src", ""))
	if body.StatusCode != http.StatusOK || body.Header.Get("Content-Security-Policy") != "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'" {
		t.Errorf("%d %v", body.StatusCode, body.Header)
	}
	stranger := storetest.Account(t, site.Store, "Noor Castellan", models.RoleAdmin)
	for _, path := range []string{href, href + "/body", href + "/invite.ics"} {
		if res := site.As(stranger).Get(path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s for who is not on the team: %d", path, res.StatusCode)
		}
	}
	if doc := site.As(stranger).Page(urls.MailPath, http.StatusOK); strings.Contains(doc.Text(), "Echeverry") {
		t.Error("an admin outside the team reads who is invited")
	}
}

// TestMail_toAnAccountSaysHowToSignInWithoutIt while no mail server is configured:
// the link in it is nobody else's to see.
func TestMail_toAnAccountSaysHowToSignInWithoutIt(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Admin", models.RoleAdmin))
	if res := b.Post(urls.StaffPath, url.Values{"name": {"Neu Ling"}, "email": {"neu@wisc.example"}, "role": {"analyst"}}); res.StatusCode != http.StatusOK {
		t.Fatal(res.StatusCode)
	}
	storetest.KeepMail(t, site.Store)
	href := b.Page(urls.MailPath, http.StatusOK).Find("tbody a.rowlink").AttrOr("href", "")
	doc := b.Page(href, http.StatusOK)
	if doc.Find(`.note a[href="`+urls.StaffPath+`"]`).Length() != 1 || strings.Contains(doc.Find("pre").Text(), "guest") {
		t.Errorf("%s", doc.Find("main").Text())
	}
	site.Server.SendsMail = true
	if b.Page(href, http.StatusOK).Find(".note").Length() != 0 {
		t.Error("the mail goes out, yet a link is to be handed over")
	}
}

func TestMail_onceAServerIsConfiguredTheLinkIsNoLongerShown(t *testing.T) {
	site, room, _, lead, token := invitedTo(t)
	site.Server.SendsMail = true
	b := site.As(lead)
	href := b.Page(urls.RoundtableMail(room), http.StatusOK).Find("tbody a.rowlink").AttrOr("href", "")
	if strings.Contains(handlertest.Body(b.Get(href)), token) || strings.Contains(handlertest.Body(b.Get(href+"/body")), token) {
		t.Error("the link is shown")
	}
	if res := b.Post(href+"/retry", nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	site.Clock.Advance(time.Second)
	if sent := storetest.KeepMail(t, site.Store); len(sent) != 1 || sent[0].Token != token {
		t.Errorf("kept before, sent now: %d", len(sent))
	}
}

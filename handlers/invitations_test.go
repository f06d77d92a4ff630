package handlers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/mail"
	"rotunda/views/urls"
)

// invitedTo boots a site with one guest invited and returns the guest's link.
func invitedTo(t *testing.T, options ...storetest.RoomOption) (site *handlertest.Site, room, guest models.ID, lead models.Viewer, token string) {
	t.Helper()
	site = handlertest.New(t)
	room, lead = storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Amara Lindgren", models.RoleConvener), options...)
	guest = storetest.Guest(t, site.Store, lead, room, storetest.AddPerson(t, site.Store, lead, models.PersonInput{
		Given: "Marisol", Family: "Echeverry", Salutation: "Ms. Echeverry", Email: "m.echeverry@senate.example", Sector: models.Congress,
	}))
	return site, room, guest, lead, storetest.Invite(t, site.Store, lead, room, guest)[guest]
}

func answerForm(token string, answer models.GuestState) url.Values {
	return url.Values{"token": {token}, "answer": {answer.Key()}}
}

func TestInvitation_askedWithoutAnythingChosen(t *testing.T) {
	site, _, _, _, token := invitedTo(t, storetest.With(func(in *models.RoundtableInput) {
		in.Title, in.Room, in.Link = "Trusted chips", "Cannon 210", "https://meet.example.org/secret"
	}))
	res := site.Anonymous().Get(urls.Invitation(token))
	for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Set-Cookie": ""} {
		if got := res.Header.Get(header); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
	if !strings.Contains(res.Header.Get("X-Robots-Tag"), "noindex") {
		t.Error("may be indexed")
	}
	doc := site.Parse(res, http.StatusOK)
	if doc.Find("h1").Text() != "Trusted chips" || !strings.Contains(doc.Find("main").Text(), models.ChathamHouse.GuestSentence()) {
		t.Errorf("%s", doc.Find("main").Text())
	}
	if n := doc.Find("input[name=answer]").Length(); n != 3 || doc.Find("input[name=answer][checked]").Length() != 0 {
		t.Errorf("%d answers, none may be chosen", n)
	}
	if text := doc.Text(); strings.Contains(text, "Cannon 210") || strings.Contains(text, "meet.example.org") {
		t.Error("the exact room or the meeting link is shown before the guest accepts")
	}
	if doc.Find("script:not([src])").Length() != 0 || doc.Find("main form[method=post]").Length() != 1 {
		t.Error("one form, no inline script")
	}
}

func TestInvitation_answeredByOnePostAndShownAgain(t *testing.T) {
	site, _, _, _, token := invitedTo(t, storetest.With(func(in *models.RoundtableInput) { in.Room, in.Link = "Cannon 210", "https://meet.example.org/secret" }))
	b := site.Anonymous()
	form := answerForm(token, models.Accepted)
	form.Set("diet", "Vegetarian")
	r := httptest.NewRequest(http.MethodPost, urls.Invitation(token), strings.NewReader(form.Encode())) // without Sec-Fetch-Site
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res := b.Do(r)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != urls.Invitation(token) || res.Header.Get("Set-Cookie") != "" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	doc := b.Page(urls.Invitation(token), http.StatusOK)
	text := doc.Find("main").Text()
	if doc.Find("h1").Text() != "You’re coming" || !strings.Contains(text, "Vegetarian") || !strings.Contains(text, "Cannon 210") || doc.Find("main form[method=post]").Length() != 0 {
		t.Errorf("%s", text)
	}
	if told := "A confirmation is on its way to m.echeverry@senate.example."; !strings.Contains(text, told) {
		t.Errorf("who has just answered is not told of the confirmation: %s", text)
	} else if site.Clock.Advance(time.Hour); strings.Contains(b.Page(urls.Invitation(token), http.StatusOK).Find("main").Text(), told) {
		t.Error("an hour later the confirmation is still said to be on its way")
	}
	ics := b.Get(urls.InvitationCalendar(token))
	if body := handlertest.Body(ics); ics.StatusCode != http.StatusOK || !strings.Contains(body, "METHOD:PUBLISH") || strings.Contains(body, "ATTENDEE") || strings.Contains(strings.ReplaceAll(body, "\r\n ", ""), token) {
		t.Errorf("%d %s", ics.StatusCode, body)
	}
	change := b.Page(urls.With(urls.Invitation(token), "change", "1"), http.StatusOK)
	if change.Find("input[name=answer]").Length() != 3 || change.Find("input[name=diet]").AttrOr("value", "") != "Vegetarian" {
		t.Error("the form to change the answer lacks what was said")
	}
	if words := change.Find("main").Text(); !strings.Contains(words, "Your answer so far: You’re coming.") || change.Find(`main a[href="`+urls.Invitation(token)+`"]`).Length() != 1 {
		t.Errorf("the form to change an answer does not say which one stands, or how to leave it: %s", words)
	}
	if strings.Contains(text, "Please answer") {
		t.Error("who has answered is asked to answer")
	}
	if strings.Contains(change.Text(), "Read and understood") {
		t.Error("a rule counts as read that was not ticked")
	}
	if res := b.Post(urls.Invitation(token), answerForm(token, models.Declined)); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	if h1 := b.Page(urls.Invitation(token), http.StatusOK).Find("h1").Text(); h1 != "You can’t attend" {
		t.Error(h1)
	}
	if res := b.Get(urls.InvitationCalendar(token)); res.StatusCode != http.StatusNotFound {
		t.Errorf("the calendar entry of who declined: %d", res.StatusCode)
	}
}

func TestInvitation_aRefusedFormKeepsEverythingTyped(t *testing.T) {
	site, _, _, _, token := invitedTo(t)
	form := answerForm(token, models.GuestState(99))
	form.Set("answer", "")
	form.Set("note", "<b>Back at noon</b>")
	form.Set("diet", "Halal")
	form.Set("named", "1")
	form.Set("preference", "off")
	doc := site.Parse(site.Anonymous().Post(urls.Invitation(token), form), http.StatusUnprocessableEntity)
	if doc.Find("textarea[name=note]").Text() != "<b>Back at noon</b>" || doc.Find("input[name=diet]").AttrOr("value", "") != "Halal" ||
		doc.Find("input[name=named][checked]").Length() != 1 || doc.Find("select[name=preference] option[selected]").AttrOr("value", "") != "off" {
		t.Error("something typed is lost")
	}
	if doc.Find(".summary").Length() != 1 {
		t.Error("nothing says what is wrong")
	}
}

func TestInvitation_whatOpensNothingLooksAlikeAndNamesNothing(t *testing.T) {
	site, _, guest, lead, token := invitedTo(t, storetest.With(func(in *models.RoundtableInput) { in.Title = "Canary Table" }))
	b := site.Anonymous()
	unknown := handlertest.Body(b.Get(urls.Invitation(strings.Repeat("x", 43))))
	if err := site.Store.RevokeLink(t.Context(), lead, guest); err != nil {
		t.Fatal(err)
	}
	res := b.Get(urls.Invitation(token))
	revoked := handlertest.Body(res)
	same := func(s, id string) string { return strings.ReplaceAll(s, id, "") }
	if res.StatusCode != http.StatusGone || strings.Contains(revoked, "Canary") || strings.Contains(revoked, "Echeverry") {
		t.Errorf("%d %s", res.StatusCode, revoked)
	}
	if !strings.Contains(revoked, "write to") && !strings.Contains(revoked, "answer the message") {
		t.Error("whoever has no newer link is not told what to do")
	}
	if same(unknown, strings.Repeat("x", 43)) != same(revoked, token) {
		t.Error("an unknown and a revoked link can be told apart")
	}
	if res := b.Post(urls.Invitation(token), answerForm(token, models.Accepted)); res.StatusCode != http.StatusGone {
		t.Errorf("a revoked link answers: %d", res.StatusCode)
	}
}

func TestInvitation_wrongLinksAreLimitedButAWorkingOneNeverIs(t *testing.T) {
	site, _, _, _, token := invitedTo(t)
	b := site.Anonymous()
	last := 0
	for range 31 {
		last = b.Get(urls.Invitation(strings.Repeat("x", 43))).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 31st wrong link: %d", last)
	}
	if res := b.Get(urls.Invitation(token)); res.StatusCode != http.StatusOK {
		t.Errorf("a link that works: %d", res.StatusCode)
	}
}

func TestInvitation_scannersChangeNothingAndParallelAnswersEndInOneState(t *testing.T) {
	site, room, guest, lead, token := invitedTo(t)
	history := func() int {
		_, events, err := site.Store.Guest(t.Context(), lead, guest)
		if err != nil {
			t.Fatal(err)
		}
		return len(events)
	}
	before := history()
	var wg sync.WaitGroup
	for i := range 20 {
		method := http.MethodGet
		if i%2 == 0 {
			method = http.MethodHead
		}
		wg.Go(func() {
			res := site.Anonymous().Do(httptest.NewRequest(method, urls.Invitation(token), nil))
			if res.StatusCode != http.StatusOK || method == http.MethodHead && res.Header.Get("Content-Type") == "" {
				t.Errorf("%s: %d", method, res.StatusCode)
			}
		})
	}
	wg.Wait()
	if history() != before {
		t.Error("fetching the page changed the guest")
	}
	for i := range 10 {
		answer := []models.GuestState{models.Accepted, models.Declined}[i%2]
		wg.Go(func() {
			if res := site.Anonymous().Post(urls.Invitation(token), answerForm(token, answer)); res.StatusCode != http.StatusSeeOther {
				t.Errorf("%d", res.StatusCode)
			}
		})
	}
	wg.Wait()
	list, err := site.Store.Guests(t.Context(), lead, room, models.GuestFilter{})
	if err != nil || len(list.Guests) != 1 {
		t.Fatal(err)
	}
	if s := list.Guests[0].State; s != models.Accepted && s != models.Declined {
		t.Errorf("state %v", s)
	}
}

func TestInvitation_aFullTableOffersTheWaitingList(t *testing.T) {
	site, room, _, lead, token := invitedTo(t, storetest.Seats(1))
	other := storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, ""))
	b := site.Anonymous()
	first := storetest.Invite(t, site.Store, lead, room, other)[other]
	storetest.Answer(t, site.Store, first, models.Accepted)
	doc := site.Parse(b.Post(urls.Invitation(token), answerForm(token, models.Accepted)), http.StatusUnprocessableEntity)
	if doc.Find("input[value=waitlisted]").Length() != 1 || doc.Find("input[value=accepted]").Length() != 0 || strings.Contains(doc.Text(), "Mizuhara") {
		t.Errorf("%s", doc.Find("main").Text())
	}
	if res := b.Post(urls.Invitation(token), answerForm(token, models.Waitlisted)); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
}

func TestInvitation_afterTheDeadlineShowsTheAnswerAndWhomToAsk(t *testing.T) {
	site, _, _, _, token := invitedTo(t, storetest.With(func(in *models.RoundtableInput) { in.DeadlineDate = "2026-10-10" }))
	b := site.Anonymous()
	b.Post(urls.Invitation(token), answerForm(token, models.Accepted))
	site.Clock.Advance(20 * 24 * time.Hour)
	doc := b.Page(urls.Invitation(token), http.StatusOK)
	if doc.Find("h1").Text() != "You’re coming" || !strings.Contains(doc.Find("main").Text(), "Replies have closed") ||
		doc.Find("form[method=post]").Length() != 0 || !strings.Contains(doc.Find("footer").Text(), "amara.lindgren@example.org") {
		t.Errorf("%s", doc.Text())
	}
	if res := b.Post(urls.Invitation(token), answerForm(token, models.Declined)); res.StatusCode != http.StatusUnprocessableEntity {
		t.Error(res.StatusCode)
	}
}

// TestInvitation_tellsTheInstitutesTimeToo on the page, scripts or none, and in the
// mail, where the clocks there show another hour than the roundtable's.
func TestInvitation_tellsTheInstitutesTimeToo(t *testing.T) {
	site, room, _, _, token := invitedTo(t, storetest.With(func(in *models.RoundtableInput) {
		in.Schedule = models.Schedule{Date: storetest.Start.AddDate(0, 0, 28).Format(time.DateOnly), Start: "15:00", End: "16:30", Zone: "Europe/Brussels"}
	}))
	line := site.Anonymous().Page(urls.Invitation(token), http.StatusOK).Find("[data-own-time]")
	if _, hidden := line.Attr("hidden"); hidden || !strings.HasSuffix(line.Text(), " EDT") && !strings.HasSuffix(line.Text(), " EST") {
		t.Errorf("the institute's time is %q", line.Text())
	}
	_, inv, err := site.Store.GuestByToken(t.Context(), token)
	if err != nil || inv.Roundtable != room {
		t.Fatal(err)
	}
	m, err := mail.Render(mail.Invitation, mail.DataOf(models.Outgoing{Kind: models.MailInvitation, Invitation: inv}, "https://r.example"), "https://r.example"+urls.Invitation(token))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.Text, " CEST (Brussels)\nOur time: ") && !strings.Contains(m.Text, " CET (Brussels)\nOur time: ") {
		t.Errorf("the mail tells one time alone: %s", m.Text)
	}
}

func TestInvitation_canceledSaysSo(t *testing.T) {
	site, room, _, lead, token := invitedTo(t)
	if err := site.Store.CancelRoundtable(t.Context(), lead, room, models.CancelInput{Reason: "The speaker is ill."}); err != nil {
		t.Fatal(err)
	}
	doc := site.Anonymous().Page(urls.Invitation(token), http.StatusOK)
	if !strings.Contains(doc.Find("main").Text(), "The speaker is ill.") || doc.Find("form[method=post]").Length() != 0 {
		t.Errorf("%s", doc.Find("main").Text())
	}
}

func TestInvitation_noTokenInTheDatabaseNorInTheLog(t *testing.T) {
	if storetest.Postgres() {
		t.Skip("reads the file of a SQLite database")
	}
	dsn := storetest.NewDSN(t)
	st, clock := storetest.OpenDSN(t, dsn)
	site := handlertest.Over(t, st, clock)
	var log bytes.Buffer
	site.Server.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	room, lead := storetest.Roundtable(t, st, storetest.Account(t, st, "Amara Lindgren", models.RoleConvener))
	guests := storetest.Guests(t, st, lead, room, 20, models.Academia)
	tokens := storetest.Invite(t, st, lead, room)
	for _, g := range guests {
		b := site.Anonymous()
		for range 25 { // what mail scanners do
			b.Get(urls.Invitation(tokens[g]))
			b.Do(httptest.NewRequest(http.MethodHead, urls.Invitation(tokens[g]), nil))
		}
		for range 3 {
			b.Post(urls.Invitation(tokens[g]), answerForm(tokens[g], models.Accepted))
		}
	}
	list, err := st.Guests(t.Context(), lead, room, models.GuestFilter{Segment: models.SegmentAttending})
	if err != nil || len(list.Guests) != len(guests) {
		t.Fatalf("%d accepted, %v", len(list.Guests), err)
	}
	kept := log.String()
	for _, file := range []string{dsn, dsn + "-wal"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept += string(raw)
	}
	if len(kept) < 100_000 || !strings.Contains(kept, "route=/r/:token") {
		t.Fatal("looked at too little")
	}
	for _, token := range tokens {
		if strings.Contains(kept, token) {
			t.Fatal("a token lies in the database or in the log")
		}
	}
}

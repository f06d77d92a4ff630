package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
	"rotunda/views/viewtest"
)

func newRoundtable(changes ...string) url.Values {
	form := url.Values{
		"title": {"Trusted chips"}, "date": {"2026-10-22"}, "start": {"09:00"}, "end": {"11:30"}, "zone": {"America/New_York"},
		"private": {"public"}, "regime": {"chatham"}, "capacity": {"24"}, "deadline_date": {"2026-10-09"}, "deadline_time": {"18:00"},
		"place": {"Washington, DC"}, "key_questions": {"What is scarce?\nWho signs first?"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func TestRoundtable_fromTheFormToTheOverview(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	b := site.As(ada)
	form := b.Page(urls.RoundtableNewPath, http.StatusOK)
	if got := form.Find("input[name=regime]:checked").AttrOr("value", ""); got != "chatham" {
		t.Errorf("a new roundtable starts with the rule %q", got)
	}
	if !strings.Contains(form.Find("label:has(input[name=regime][value=off])").Text(), models.OffTheRecord.GuestSentence()) {
		t.Error("a rule is offered without its sentence")
	}
	res := b.Post(urls.RoundtableNewPath, newRoundtable("then", "schedule"))
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", res.StatusCode, handlertest.Body(res))
	}
	page := b.Page(res.Header.Get("Location"), http.StatusOK)
	if got := page.Find("h1").Text(); got != "Trusted chips" {
		t.Errorf("h1 %q", got)
	}
	for _, want := range []string{"Thu, Oct 22, 2026, 9:00–11:30 AM EDT", "Scheduled", "Led by Ada Byron", "Chatham House Rule", "Who signs first?", "Name a rapporteur", "Fri, Oct 9, 2026, 6:00 PM EDT"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	list := b.Page(urls.RoundtablesPath+"?q=TRUSTED", http.StatusOK)
	if list.Find("a.rowlink").Text() != "Trusted chips" || !strings.Contains(list.Text(), "October 2026") {
		t.Error("the list lacks it")
	}
	month := b.Page(urls.CalendarPath+"?month=2026-10", http.StatusOK)
	if month.Find("td:contains('October 22') a.cal__e").Length() != 1 || month.Find(`td:contains('October 9') a[data-e=deadline]`).Length() != 1 {
		t.Error("the month lacks the roundtable or its deadline")
	}
}

func TestRoundtable_aRefusedFormNamesEveryMistakeAndKeepsEverything(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener))
	page := site.Parse(b.Post(urls.RoundtableNewPath, newRoundtable("title", " ", "end", "08:00", "capacity", "twenty", "zone", "Atlantis", "regime", "secret", "objectives", "Kept words")), http.StatusUnprocessableEntity)
	if n := page.Find("[data-error-summary] li").Length(); n != 5 {
		t.Errorf("%d mistakes named: %s", n, page.Find("[data-error-summary]").Text())
	}
	if page.Find("textarea[name=objectives]").Text() != "Kept words" || page.Find("input[name=capacity]").AttrOr("value", "") != "twenty" {
		t.Error("what was typed is gone")
	}
	if !strings.HasPrefix(page.Find("title").Text(), "Error: ") {
		t.Error("the tab does not say that it failed")
	}
	page = site.Parse(b.Post(urls.RoundtableNewPath, newRoundtable("date", "2026-11-01", "start", "01:30", "end", "03:00")), http.StatusUnprocessableEntity)
	if page.Find("input[name=twice]").Length() != 2 {
		t.Error("a time that comes twice asks for no choice")
	}
	if res := b.Post(urls.RoundtableNewPath, newRoundtable("date", "2026-11-01", "start", "01:30", "end", "03:00", "twice", "later")); res.StatusCode != http.StatusSeeOther {
		t.Errorf("with the choice: %d", res.StatusCode)
	}
}

// roomRequests are the requests of every route of one roundtable.
func roomRequests(room, item, account models.ID) (gets, posts []string) {
	gets = []string{urls.Roundtable(room), urls.RoundtableEdit(room), urls.RoundtableCancel(room), urls.RoundtableTeam(room), urls.RoundtableTargets(room),
		urls.RoundtableCohosts(room), urls.Activity(room), urls.Agenda(room), urls.AgendaItem(room, item)}
	posts = []string{urls.RoundtableEdit(room), urls.RoundtableDuplicate(room), urls.RoundtableSchedule(room), urls.RoundtableCancel(room),
		urls.RoundtableUncancel(room), urls.RoundtableStart(room), urls.RoundtableFinish(room), urls.RoundtableHold(room), urls.RoundtableClose(room),
		urls.RoundtableJoin(room), urls.RoundtableTeam(room), urls.RoundtableTargets(room), urls.CohostAdd(room), urls.CohostRemove(room, item),
		urls.CohostAccount(room, item), urls.CohostAccountEnd(room, account), urls.Agenda(room), urls.AgendaEnd(room), urls.AgendaItem(room, item),
		urls.AgendaMove(room, item), urls.AgendaDelete(room, item), urls.AgendaStart(room, item)}
	return gets, posts
}

func TestPrivateRoundtable_doesNotExistForOthersOnAnyRoute(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	admin := storetest.Account(t, site.Store, "Max Admin", models.RoleAdmin)
	room, ada := storetest.Roundtable(t, site.Store, ada, storetest.Private(), storetest.Titled("Quiet talks"))
	item := storetest.AgendaItem(t, site.Store, ada, room, "Opening", 30, models.RegimeNone)
	gets, posts := roomRequests(room, item, ada.Account())
	missing := handlertest.Body(site.As(admin).Get(urls.Roundtable(item)))
	b := site.As(admin)
	for _, path := range gets {
		res := b.Get(path)
		if body := handlertest.Body(res); res.StatusCode != http.StatusNotFound || strings.Contains(body, "Quiet") {
			t.Errorf("GET %s: %d", path, res.StatusCode)
		} else if path == urls.Roundtable(room) && len(body) != len(missing) {
			t.Error("the page tells a hidden roundtable from one that is not there")
		}
	}
	for _, path := range posts {
		if res := b.Post(path, newRoundtable()); res.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	for _, path := range []string{urls.RoundtablesPath, urls.RoundtablesPath + "?q=quiet&when=all", urls.CalendarPath + "?month=2026-10", urls.SeriesListPath} {
		if strings.Contains(b.Page(path, http.StatusOK).Text(), "Quiet") {
			t.Errorf("%s shows it", path)
		}
	}
	for _, path := range gets {
		for _, problem := range viewtest.Problems(handlertest.Body(site.As(ada).Get(path))) {
			t.Errorf("%s: %s", path, problem)
		}
	}
}

func TestPublicRoundtable_staffReadItAndChangeNothing(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	room, ada := storetest.Roundtable(t, site.Store, ada, storetest.With(func(in *models.RoundtableInput) { in.Room, in.Link = "Cannon 310", "https://meet.example.org/x" }))
	item := storetest.AgendaItem(t, site.Store, ada, room, "Canary item", 30, models.RegimeNone)
	_, posts := roomRequests(room, item, ada.Account())
	b := site.As(reader)
	page := b.Page(urls.Roundtable(room), http.StatusOK)
	for _, hidden := range []string{"Cannon", "meet.example.org", "Canary", "Replies", "Activity"} {
		if strings.Contains(page.Find("main").Text(), hidden) {
			t.Errorf("a reader outside the team sees %q", hidden)
		}
	}
	for _, path := range posts {
		if res := b.Post(path, newRoundtable()); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	for _, path := range []string{urls.RoundtableEdit(room), urls.Activity(room), urls.RoundtableTeam(room), urls.RoundtableTargets(room), urls.RoundtableCohosts(room)} {
		b.Page(path, http.StatusForbidden)
	}
}

func TestRoundtable_lifeByItsButtons(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	room, ada := storetest.Roundtable(t, site.Store, ada)
	b := site.As(ada)
	press := func(path string, form url.Values) {
		t.Helper()
		if res := b.Post(path, form); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
	}
	site.Parse(b.Post(urls.RoundtableCancel(room), url.Values{"reason": {""}}), http.StatusUnprocessableEntity)
	press(urls.RoundtableCancel(room), url.Values{"reason": {"The chair is ill."}})
	if page := b.Page(urls.Roundtable(room), http.StatusOK); !strings.Contains(page.Text(), "Canceled: The chair is ill.") {
		t.Error("the reason is not shown")
	} else if page.Find("#todo").Length() != 0 || strings.Contains(page.Text(), "Still to do") {
		t.Error("there is work left for a roundtable that does not take place")
	}
	press(urls.RoundtableUncancel(room), nil)
	press(urls.RoundtableStart(room), nil)
	if page := b.Page(urls.Agenda(room), http.StatusOK); !strings.Contains(page.Text(), "In session") {
		t.Error("not in session")
	}
	press(urls.Agenda(room), url.Values{"title": {"Opening"}, "minutes": {"15"}, "regime": {"off"}})
	agenda := b.Page(urls.Agenda(room), http.StatusOK)
	start := agenda.Find(`form[action$="/start"]`).Last().AttrOr("action", "")
	press(start, nil)
	if page := b.Page(urls.Agenda(room), http.StatusOK); !strings.Contains(page.Text(), "In force") {
		t.Error("the item is not in force")
	}
	site.Clock.Advance(time.Hour)
	press(urls.RoundtableFinish(room), nil)
	press(urls.RoundtableClose(room), nil)
	page := b.Page(urls.Activity(room), http.StatusOK)
	for _, want := range []string{"canceled the roundtable", "started the session", "closed the roundtable", "started the agenda item “Opening”"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("activity lacks %q", want)
		}
	}
	res := b.Post(urls.RoundtableDuplicate(room), nil)
	b = site.As(storetest.Viewer(t, site.Store, ada.Email()))
	copied := b.Page(res.Header.Get("Location"), http.StatusOK)
	if copied.Find("input[name=title]").AttrOr("value", "") != "Trusted chips" || copied.Find("input[name=date]").AttrOr("value", "x") != "" {
		t.Error("the copy has no title, or a date")
	}
}

func TestTeam_leadChoosesAndAlwaysStays(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	rap := storetest.Account(t, site.Store, "Ray Porteur", models.RoleRapporteur)
	admin := storetest.Account(t, site.Store, "Max Admin", models.RoleAdmin)
	room, ada := storetest.Roundtable(t, site.Store, ada)
	b := site.As(ada)
	if res := b.Post(urls.RoundtableTeam(room), url.Values{"account": {rap.Account().String()}, "role": {"rapporteur"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("adding: %d", res.StatusCode)
	}
	page := site.Parse(b.Post(urls.RoundtableTeam(room), url.Values{"account": {ada.Account().String()}, "role": {""}}), http.StatusUnprocessableEntity)
	if !strings.Contains(page.Text(), "needs a lead") {
		t.Error("the last lead may leave")
	}
	if res := site.As(admin).Post(urls.RoundtableJoin(room), nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("an administrator joins: %d", res.StatusCode)
	}
	if !strings.Contains(b.Page(urls.Roundtable(room), http.StatusOK).Text(), "Max Admin, an administrator, joined this team") {
		t.Error("the lead is not told")
	}
}

func TestSeries_pagesAndTheirRoundtables(t *testing.T) {
	site := handlertest.New(t)
	ada := storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener)
	b := site.As(ada)
	site.Parse(b.Post(urls.SeriesNewPath, url.Values{"name": {""}}), http.StatusUnprocessableEntity)
	res := b.Post(urls.SeriesNewPath, url.Values{"name": {"Supply Lines"}, "question": {"Who builds what?"}})
	series := res.Header.Get("Location")
	id := strings.TrimPrefix(series, "/series/")
	b.Post(urls.RoundtableNewPath, newRoundtable("series", id))
	b = site.As(storetest.Viewer(t, site.Store, ada.Email()))
	if page := b.Page(series, http.StatusOK); page.Find("a.rowlink").Text() != "Trusted chips" {
		t.Error("the series lacks its roundtable")
	}
	if page := b.Page(urls.SeriesListPath, http.StatusOK); !strings.Contains(page.Text(), "1 roundtable") {
		t.Error("the list counts wrong")
	}
}

func TestRoundtables_aNewOneProposesOnlyForASectorThatIsToBeHeard(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Lena Lead", models.RoleConvener)
	storetest.Person(t, site.Store, lead, "Ada Adams", models.Congress, "House")
	b := site.As(lead)
	if doc := b.Page(urls.RoundtableNewPath, http.StatusOK); strings.Contains(doc.Find("main").Text(), "Ada Adams") {
		t.Error("guests are proposed for nothing")
	}
	if doc := b.Page(urls.With(urls.RoundtableNewPath, "hear", models.Congress.Key()), http.StatusOK); !strings.Contains(doc.Find("main").Text(), "Ada Adams") {
		t.Error("nobody is proposed of the sector that is to be heard")
	}
}

// Somebody types a city; the answer says whose time that is.
func TestRoundtable_saysWhichZoneACityIsIn(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleConvener))
	for typed, want := range map[string]string{"Washington": "“Washington” keeps the time of New York (E", "Europe/Brussels": ""} {
		r := b.Post(urls.RoundtableNewPath, url.Values{"title": {"Chips"}, "zone": {typed}})
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: status %d", typed, r.StatusCode)
		}
		page := b.Page(r.Header.Get("Location"), http.StatusOK)
		if got := page.Find("#toasts").Text(); !strings.Contains(got, want) || want == "" && strings.Contains(got, "keeps the time") {
			t.Errorf("%s: the message is %q, want %q in it", typed, got, want)
		}
		if about := page.Text(); strings.Contains(about, "America/New_York") {
			t.Errorf("%s: the page names the zone by its technical name", typed)
		}
	}
}

// TestRoundtable_theTeamIsToldWhatThePublicPageLeavesOut on the overview, with
// the word marked and the way to mend it; other staff are not.
func TestRoundtable_theTeamIsToldWhatThePublicPageLeavesOut(t *testing.T) {
	site := handlertest.New(t)
	other := storetest.Account(t, site.Store, "Otto Other", models.RoleConvener)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.With(func(in *models.RoundtableInput) { in.Objectives = "Hear what Quorum thinks." }))
	guest := storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Zebediah Quorum", models.Industry, "Qorvath Foundry"))
	storetest.Invite(t, site.Store, lead, room, guest)
	page := site.As(lead).Page(urls.Roundtable(room), http.StatusOK)
	note := page.Find("#about .note")
	if text := note.Text(); !strings.Contains(text, "The objectives are not on the public page") || note.Find("mark").Text() != "Quorum" || note.Find("form").Length() != 0 ||
		note.Find("a").AttrOr("href", "") != urls.RoundtableEdit(room) {
		t.Errorf("the team is told %q", text)
	}
	if n := site.As(other).Page(urls.Roundtable(room), http.StatusOK).Find("mark").Length(); n != 0 {
		t.Errorf("other staff see %d marks", n)
	}
	if text := site.Anonymous().Page(urls.PublicRoom(room), http.StatusOK).Text(); strings.Contains(text, "Quorum") || strings.Contains(text, "not on the public page") {
		t.Errorf("the public reads %s", text)
	}
}

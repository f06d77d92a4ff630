package handlers_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/emersion/go-ical"

	"rotunda/handlers"
	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// TestPublic_noPageSetsACookieOrKnowsWhoReads asks every public route, with and
// without somebody signed in: the bytes are the same, and no cookie comes.
func TestPublic_noPageSetsACookieOrKnowsWhoReads(t *testing.T) {
	h := houseToRead(t)
	house := h.open(t)
	asked := 0
	for _, row := range handlers.RouteRows() {
		if row.Access.Kind() != "public" || row.Method != http.MethodGet {
			continue
		}
		for _, r := range h.rooms[:3] {
			path, err := h.address(row, r, false)
			if err != nil {
				t.Fatal(err)
			}
			var bodies []string
			for _, p := range h.principals {
				got := house.ask(p, http.MethodGet, path, nil)
				asked++
				if got.header.Get("Set-Cookie") != "" || strings.Contains(got.header.Get("Vary"), "Cookie") {
					t.Errorf("GET %s as %s sets a cookie, or answers by one: %v", path, p.name, got.header)
				}
				if caching := got.header.Get("Cache-Control"); got.status == http.StatusOK && !strings.HasSuffix(path, "/requested") && caching != "public, max-age=60" {
					t.Errorf("GET %s: Cache-Control %q", path, caching)
				}
				bodies = append(bodies, strings.ReplaceAll(got.body, got.header.Get("X-Request-Id"), "ID"))
			}
			if n := len(slices.Compact(bodies)); n != 1 {
				t.Errorf("GET %s has %d answers for %d readers", path, n, len(h.principals))
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d questions were asked", asked)
	}
}

func TestPublic_feedsAreWhatTheirReadersExpect(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Lea", models.RoleConvener)
	storetest.Roundtable(t, site.Store, lead, storetest.Titled("Cables; ships, and “repairs”"))
	cancelled, lead := storetest.Roundtable(t, site.Store, lead, storetest.Titled("Called off"))
	if err := site.Store.CancelRoundtable(t.Context(), lead, cancelled, models.CancelInput{Reason: "Secret reason"}); err != nil {
		t.Fatal(err)
	}
	body := handlertest.Body(site.Anonymous().Get(urls.PublicCalendarPath))
	if strings.Contains(body, "Secret") || strings.Contains(body, "ATTENDEE") || strings.Contains(body, "ORGANIZER") {
		t.Errorf("the calendar tells too much: %s", body)
	}
	cal, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, e := range cal.Events() {
		status, _ := e.Props.Text(ical.PropStatus)
		summary, _ := e.Props.Text(ical.PropSummary)
		start, err := e.DateTimeStart(time.UTC)
		if err != nil || start.IsZero() {
			t.Errorf("%s starts %v, %v", summary, start, err)
		}
		states = append(states, summary+": "+status)
	}
	if !slices.Equal(states, []string{"Cables; ships, and “repairs”: CONFIRMED", "Called off: CANCELLED"}) && !slices.Equal(states, []string{"Called off: CANCELLED", "Cables; ships, and “repairs”: CONFIRMED"}) {
		t.Errorf("events: %q", states)
	}
	for _, path := range []string{urls.PublicAtomPath, urls.PublicSitemapPath} {
		var any struct {
			XMLName xml.Name
		}
		if err := xml.Unmarshal([]byte(handlertest.Body(site.Anonymous().Get(path))), &any); err != nil || any.XMLName.Space == "" {
			t.Errorf("%s: %v, %v", path, any, err)
		}
	}
}

func TestPublic_aRequestThatIsRefusedKeepsWhatWasTyped(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Lea", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead)
	b := site.Anonymous()
	form := url.Values{
		"full_name": {"Ines <Outside>"}, "email": {"no address"}, "position": {"Engineer"}, "organisation": {"Harbor Works"}, "sector": {"industry"},
		"why": {"I mend cables."}, "stamp": {b.Page(urls.PublicRoom(room), http.StatusOK).Find("[name=stamp]").AttrOr("value", "")},
	}
	site.Clock.Advance(time.Minute)
	doc := site.Parse(b.Post(urls.PublicRequest(room), form), http.StatusUnprocessableEntity)
	for name, want := range form {
		got := doc.Find("#request [name="+name+"]").AttrOr("value", "")
		switch name {
		case "why":
			got = doc.Find("#request textarea").Text()
		case "sector":
			got = doc.Find("#request option[selected]").AttrOr("value", "")
		}
		if got != want[0] {
			t.Errorf("%s is %q, %q was typed", name, got, want[0])
		}
	}
	if doc.Find("[name=email][aria-invalid=true]").Length() != 1 || !strings.HasPrefix(doc.Find("title").Text(), "Error: ") {
		t.Error("the form does not say what is wrong")
	}
	form.Set("email", "ines@example.org")
	for range 2 { // who asks twice learns nothing
		res := b.Post(urls.PublicRequest(room), form)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != urls.PublicRequested(room) || res.Header.Get("Set-Cookie") != "" {
			t.Fatalf("answered %d to %s, %v", res.StatusCode, res.Header.Get("Location"), res.Header)
		}
	}
	staff := site.As(lead)
	page := staff.Page(urls.Guests(room), http.StatusOK)
	action := page.Find("#requests form, [aria-labelledby=requests] form").First().AttrOr("action", "")
	if action == "" || !strings.Contains(page.Text(), "1 person asks to be invited") {
		t.Fatal("the team does not see the request")
	}
	if home := staff.Page(urls.HomePath, http.StatusOK).Text(); !strings.Contains(home, "Person asks to be invited") {
		t.Error("Home does not say that somebody waits")
	}
	staff.Post(action, url.Values{"act": {"approve"}})
	if text := staff.Page(urls.Guests(room), http.StatusOK).Text(); !strings.Contains(text, "Outside") || strings.Contains(text, "asks to be invited") {
		t.Error("the request is not answered")
	}
}

func TestPublic_aFormFilledInAtOnceIsAskedAgain(t *testing.T) {
	site := handlertest.New(t)
	room, _ := storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Lea", models.RoleConvener))
	b := site.Anonymous()
	form := url.Values{"full_name": {"Ines Outside"}, "email": {"ines@example.org"}, "stamp": {"made up"}}
	doc := site.Parse(b.Post(urls.PublicRequest(room), form), http.StatusUnprocessableEntity)
	stamp := doc.Find("[name=stamp]").AttrOr("value", "")
	form.Set("stamp", stamp)
	site.Parse(b.Post(urls.PublicRequest(room), form), http.StatusUnprocessableEntity)
	site.Clock.Advance(10 * time.Second)
	form.Set("website", "https://spam.example")
	site.Parse(b.Post(urls.PublicRequest(room), form), http.StatusUnprocessableEntity)
	form.Del("website")
	if res := b.Post(urls.PublicRequest(room), form); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a person who took ten seconds is answered %d", res.StatusCode)
	}
}

func TestPublic_theInstitutesColourIsReadableOrRefusedAtItsField(t *testing.T) {
	site := handlertest.New(t)
	admin := site.As(storetest.Account(t, site.Store, "Ada", models.RoleAdmin))
	form := url.Values{}
	page := admin.Page(urls.InstitutePath, http.StatusOK)
	page.Find("form[action='" + urls.InstitutePath + "'] input").Each(func(_ int, s *goquery.Selection) {
		if kind := s.AttrOr("type", ""); kind != "checkbox" && kind != "radio" {
			form.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
		}
	})
	form.Set("regime", models.ChathamHouse.Key())
	form.Set("accent", "#ffd700")
	doc := site.Parse(admin.Post(urls.InstitutePath, form), http.StatusUnprocessableEntity)
	if doc.Find("[name=accent][aria-invalid=true]").AttrOr("value", "") != "#ffd700" {
		t.Error("a colour that nobody can read is not refused at its field")
	}
	form.Set("accent", "#7A1F3D")
	if res := admin.Post(urls.InstitutePath, form); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("a good colour is answered %d", res.StatusCode)
	}
	link := site.Anonymous().Page(urls.PublicRoomsPath, http.StatusOK).Find("link[href^='"+urls.PublicAccentPath+"']").AttrOr("href", "")
	res := site.Anonymous().Get(link)
	if css := handlertest.Body(res); !strings.Contains(css, "light-dark(#7a1f3d, ") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%s holds %q", link, css)
	}
}

// TestPublic_howWeWorkSaysTheNumbersThatHold raises the fewest people that a
// sector is named from: the page that explains it follows.
func TestPublic_howWeWorkSaysTheNumbersThatHold(t *testing.T) {
	site := handlertest.New(t)
	anybody := site.Anonymous()
	if text := anybody.Page(urls.PublicMethodPath, http.StatusOK).Find("main").Text(); !strings.Contains(text, "at least 5 people from at least 3 organizations") || !strings.Contains(text, models.ChathamHouse.GuestSentence()) {
		t.Errorf("the standard is not said: %s", text)
	}
	admin := storetest.Account(t, site.Store, "Ada", models.RoleAdmin)
	institute, err := site.Store.Institute(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	institute.Thresholds.Public = models.Threshold{K: 8, L: 4}
	if err := site.Store.UpdateInstitute(t.Context(), admin, "", institute); err != nil {
		t.Fatal(err)
	}
	if text := anybody.Page(urls.PublicMethodPath, http.StatusOK).Find("main").Text(); !strings.Contains(text, "at least 8 people from at least 4 organizations") || !strings.Contains(text, "fewer than 8 participants") {
		t.Errorf("what was raised is not said: %s", text)
	}
}

package handlers_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// publicHouse is an institute with a logo, a roundtable ahead and a brief of one
// that was held.
func publicHouse(t *testing.T) (site *handlertest.Site, brief string, room models.ID) {
	t.Helper()
	site = handlertest.New(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	admin := storetest.Account(t, site.Store, "Ada", models.RoleAdmin)
	if res := upload(site.As(admin), urls.InstituteLogoPath, "logo", "logo.png", picture.Bytes()); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("the logo is answered %d", res.StatusCode)
	}
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead = storetest.Roundtable(t, site.Store, lead, storetest.Titled("Cables; ships, and “repairs”: what the allies owe one another in the years to come, 修理船"))
	held, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	if err := site.Store.OpenSession(t.Context(), lead, held); err != nil {
		t.Fatal(err)
	}
	if err := site.Store.FinishSession(t.Context(), lead, held); err != nil {
		t.Fatal(err)
	}
	writer := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	id := storetest.Brief(t, site.Store, writer, held, models.BriefText{Title: "Permits & ships <first>", BottomLine: "Clear “ships” early & often.", Summary: "One."})
	return site, storetest.PublishBrief(t, site.Store, writer, lead, id), room
}

// schemaOf reads the structured data of a page: one object, of schema.org.
func schemaOf(t *testing.T, page *goquery.Document) map[string]any {
	t.Helper()
	found := page.Find(`script[type="application/ld+json"]`)
	var out map[string]any
	if err := json.Unmarshal([]byte(found.Text()), &out); err != nil || found.Length() != 1 || out["@context"] != "https://schema.org" {
		t.Fatalf("%d scripts: %q, %v", found.Length(), found.Text(), err)
	}
	return out
}

func absolute(t *testing.T, what, address string) {
	t.Helper()
	if u, err := url.Parse(address); err != nil || !u.IsAbs() || u.Host == "" {
		t.Errorf("%s is no absolute address: %q", what, address)
	}
}

// TestPublic_structuredDataHasWhatItsReadersAskFor: what search engines require
// of an article and of an event, and no person.
func TestPublic_structuredDataHasWhatItsReadersAskFor(t *testing.T) {
	site, brief, room := publicHouse(t)
	report := schemaOf(t, site.Anonymous().Page(urls.PublicBrief(brief), http.StatusOK))
	if report["@type"] != "Report" || report["headline"] != "Permits & ships <first>" || report["abstract"] != "Clear “ships” early & often." || report["inLanguage"] != "en-US" {
		t.Errorf("%v", report)
	}
	if _, err := time.Parse(time.DateOnly, report["datePublished"].(string)); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"url", "mainEntityOfPage", "image"} {
		absolute(t, name, report[name].(string))
	}
	for _, name := range []string{"author", "publisher"} {
		if by := report[name].(map[string]any); by["@type"] != "Organization" || by["name"] == "" || len(by) != 2 {
			t.Errorf("%s: %v", name, by)
		}
	}
	event := schemaOf(t, site.Anonymous().Page(urls.PublicRoom(room), http.StatusOK))
	where := event["location"].(map[string]any)
	if event["@type"] != "Event" || !strings.HasPrefix(event["name"].(string), "Cables; ships") || where["@type"] != "Place" || where["address"] != "Washington, DC" {
		t.Errorf("%v", event)
	}
	for _, name := range []string{"startDate", "endDate"} {
		if _, err := time.Parse(time.RFC3339, event[name].(string)); err != nil {
			t.Error(err)
		}
	}
	absolute(t, "url", event["url"].(string))
	absolute(t, "eventStatus", event["eventStatus"].(string))
}

// TestPublic_otherSitesFindAPictureTitleAndAddress: what a link shows elsewhere.
func TestPublic_otherSitesFindAPictureTitleAndAddress(t *testing.T) {
	site, brief, room := publicHouse(t)
	for _, path := range []string{urls.PublicBrief(brief), urls.PublicRoom(room), urls.PublicBriefsPath, urls.PublicRoomsPath} {
		page := site.Anonymous().Page(path, http.StatusOK)
		graph := func(name string) string {
			found := page.Find(`meta[property="og:` + name + `"]`)
			if found.Length() != 1 || found.AttrOr("content", "") == "" {
				t.Errorf("%s: %d times og:%s", path, found.Length(), name)
			}
			return found.AttrOr("content", "")
		}
		for _, name := range []string{"title", "type", "site_name", "description"} {
			graph(name)
		}
		absolute(t, path+": og:url", graph("url"))
		picture := graph("image")
		absolute(t, path+": og:image", picture)
		u, err := url.Parse(picture)
		if err != nil {
			t.Fatal(err)
		}
		res := site.Anonymous().Get(u.RequestURI())
		if _, _, err := image.DecodeConfig(strings.NewReader(handlertest.Body(res))); err != nil || res.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: the picture is %s, %v", path, res.Header.Get("Content-Type"), err)
		}
	}
}

// TestPublic_atomFeedKeepsToRFC4287: every element that the standard requires of
// a feed and of its entries, once.
func TestPublic_atomFeedKeepsToRFC4287(t *testing.T) {
	site, brief, _ := publicHouse(t)
	res := site.Anonymous().Get(urls.PublicAtomPath)
	body := handlertest.Body(res)
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type entry struct {
		Title   []string `xml:"title"`
		ID      []string `xml:"id"`
		Updated []string `xml:"updated"`
		Summary []string `xml:"summary"`
		Links   []link   `xml:"link"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		entry
		Author  []string `xml:"author>name"`
		Entries []entry  `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &feed); err != nil || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/atom+xml") {
		t.Fatalf("%v: %s", err, body)
	}
	if len(feed.Author) != 1 || feed.Author[0] == "" || len(feed.Entries) != 1 {
		t.Fatalf("%+v", feed)
	}
	for what, e := range map[string]entry{"feed": feed.entry, "entry": feed.Entries[0]} {
		if len(e.Title) != 1 || e.Title[0] == "" || len(e.ID) != 1 || len(e.Updated) != 1 {
			t.Fatalf("%s: %+v", what, e)
		}
		absolute(t, what+": id", e.ID[0])
		if at, err := time.Parse(time.RFC3339, e.Updated[0]); err != nil || at.Year() < 2000 {
			t.Errorf("%s: %s, %v", what, e.Updated[0], err)
		}
		rels := map[string]int{}
		for _, l := range e.Links {
			absolute(t, what+": link", l.Href)
			rels[l.Rel]++
		}
		if rels["alternate"] != 1 || what == "feed" && rels["self"] != 1 {
			t.Errorf("%s: links %v", what, rels)
		}
	}
	if e := feed.Entries[0]; e.Title[0] != "Permits & ships <first>" || e.Summary[0] != "Clear “ships” early & often." || !strings.HasSuffix(e.ID[0], urls.PublicBrief(brief)) {
		t.Errorf("%+v", e)
	}
}

// TestPublic_calendarKeepsToRFC5545: its lines end and fold as the standard
// says, and every event has what it requires, once.
func TestPublic_calendarKeepsToRFC5545(t *testing.T) {
	site, _, room := publicHouse(t)
	for _, path := range []string{urls.PublicCalendarPath, urls.PublicRoomEvent(room)} {
		body := handlertest.Body(site.Anonymous().Get(path))
		if !strings.HasSuffix(body, "END:VCALENDAR\r\n") || strings.Contains(strings.ReplaceAll(body, "\r\n", ""), "\n") {
			t.Fatalf("%s: a line does not end as it must: %q", path, body)
		}
		folded := 0
		for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || line == "" {
				t.Errorf("%s: %d octets: %q", path, len(line), line)
			}
			if strings.HasPrefix(line, " ") {
				folded++
			}
		}
		if folded == 0 {
			t.Errorf("%s: no line was long enough to be folded", path)
		}
		lines := strings.Split(strings.ReplaceAll(body, "\r\n ", ""), "\r\n")
		if lines[0] != "BEGIN:VCALENDAR" {
			t.Errorf("%s begins with %q", path, lines[0])
		}
		calendar, events, inEvent := map[string]int{}, []map[string]int{}, false
		for _, line := range lines {
			name, _, _ := strings.Cut(line, ":")
			name, _, _ = strings.Cut(name, ";")
			switch {
			case line == "BEGIN:VEVENT":
				events, inEvent = append(events, map[string]int{}), true
			case line == "END:VEVENT":
				inEvent = false
			case inEvent:
				events[len(events)-1][name]++
			default:
				calendar[name]++
			}
		}
		if calendar["VERSION"] != 1 || calendar["PRODID"] != 1 || len(events) == 0 {
			t.Errorf("%s: %v, %d events", path, calendar, len(events))
		}
		for _, e := range events {
			for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"} {
				if e[name] != 1 {
					t.Errorf("%s: %d times %s", path, e[name], name)
				}
			}
		}
		for _, m := range regexp.MustCompile(`(?m)^(?:DTSTAMP|DTSTART|DTEND):(.*)\r$`).FindAllStringSubmatch(body, -1) {
			if _, err := time.Parse("20060102T150405Z", m[1]); err != nil {
				t.Error(err)
			}
		}
		if !regexp.MustCompile(`(?m)^SUMMARY:Cables\\; ships\\, and`).MatchString(body) {
			t.Errorf("%s: text is not escaped: %s", path, body)
		}
	}
}

// TestPublic_anEmptyCalendarIsAValidOne: where nothing is public the file has
// its name and one component that shows nothing, as RFC 5545 asks.
func TestPublic_anEmptyCalendarIsAValidOne(t *testing.T) {
	site := handlertest.New(t)
	body := handlertest.Body(site.Anonymous().Get(urls.PublicCalendarPath))
	for _, want := range []string{"X-WR-CALNAME:", "BEGIN:VTIMEZONE\r\n", "TZID:UTC\r\n", "BEGIN:STANDARD\r\n", "TZOFFSETTO:+0000\r\n"} {
		if strings.Count(body, want) != 1 {
			t.Errorf("%q is not in it once: %q", want, body)
		}
	}
	if strings.Contains(body, "VEVENT") || !strings.HasSuffix(body, "END:VTIMEZONE\r\nEND:VCALENDAR\r\n") {
		t.Errorf("%q", body)
	}
}

package files

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"time"

	"github.com/emersion/go-ical"

	"rotunda/models"
)

// PublicEvent is a public roundtable in a calendar that anybody may follow. It
// has no field for a person.
type PublicEvent struct {
	UID                            string
	Sequence                       int
	Start, End                     models.Instant
	Summary, Description, Location string
	Address                        string // of its page
	Cancelled                      bool
	Stamp                          models.Instant
}

// Calendar returns the events as one iCalendar file to subscribe to, under a
// name. Times are in UTC, which every program shows in its reader's zone. An
// event that cannot be written is an ErrBadEvent.
func Calendar(name string, events []PublicEvent) ([]byte, error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//Rotunda//Roundtables//EN")
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	title := ical.NewProp("X-WR-CALNAME")
	title.SetText(lineText(name))
	title.Params.Del(ical.ParamValue) // text is what programs expect of it, and some read no parameter
	cal.Props.Set(title)
	for _, e := range events {
		if e.UID == "" || e.UID != lineText(e.UID) || e.Start.IsZero() || e.End < e.Start || e.Stamp.IsZero() || e.Sequence < 0 {
			return nil, fmt.Errorf("%w: a public one", ErrBadEvent)
		}
		cal.Children = append(cal.Children, e.component())
	}
	if len(events) == 0 {
		// A calendar holds at least one component (RFC 5545, 3.6). The zone of its
		// times is one, and shows nothing.
		cal.Children = append(cal.Children, timezone(time.UTC, 0))
	}
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(cal); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadEvent, err)
	}
	return fold(out.Bytes()), nil
}

func (e PublicEvent) component() *ical.Component {
	ev := ical.NewComponent(ical.CompEvent)
	ev.Props.SetText(ical.PropUID, e.UID)
	ev.Props.SetDateTime(ical.PropDateTimeStamp, e.Stamp.Time().UTC())
	ev.Props.SetDateTime(ical.PropDateTimeStart, e.Start.Time().UTC())
	ev.Props.SetDateTime(ical.PropDateTimeEnd, e.End.Time().UTC())
	for name, value := range map[string]string{ical.PropSequence: strconv.Itoa(e.Sequence), ical.PropURL: e.Address} {
		p := ical.NewProp(name)
		p.Value = value
		ev.Props.Set(p)
	}
	ev.Props.SetText(ical.PropSummary, lineText(e.Summary))
	if d := blockText(e.Description); d != "" {
		ev.Props.SetText(ical.PropDescription, d)
	}
	if l := lineText(e.Location); l != "" {
		ev.Props.SetText(ical.PropLocation, l)
	}
	ev.Props.SetText(ical.PropClass, "PUBLIC")
	ev.Props.SetText(ical.PropStatus, "CONFIRMED")
	if e.Cancelled {
		ev.Props.SetText(ical.PropStatus, "CANCELLED")
	}
	return ev
}

// FeedEntry is one published thing in an Atom feed.
type FeedEntry struct {
	Title, Summary, Address string
	Updated                 models.Instant
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title   string   `xml:"title"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// Atom returns an Atom feed of the entries, newest first. self is the feed's own
// address, page that of the list for people; by is whose feed it is. A feed of
// nothing was last changed at the beginning of time.
func Atom(title, by, self, page string, entries []FeedEntry) ([]byte, error) {
	stamp := func(at models.Instant) string { return at.Time().UTC().Format(time.RFC3339) }
	feed := atomFeed{Title: lineText(title), ID: self, Author: lineText(by), Links: []atomLink{
		{Rel: "self", Type: "application/atom+xml", Href: self}, {Rel: "alternate", Type: "text/html", Href: page},
	}}
	var newest models.Instant
	for _, e := range entries {
		newest = max(newest, e.Updated)
		feed.Entries = append(feed.Entries, atomEntry{
			Title: lineText(e.Title), ID: e.Address, Updated: stamp(e.Updated), Summary: lineText(e.Summary),
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: e.Address},
		})
	}
	feed.Updated = stamp(newest)
	raw, err := xml.MarshalIndent(feed, "", "  ")
	return append([]byte(xml.Header), raw...), err
}

type sitemap struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Address string `xml:"loc"`
}

// Sitemap returns the list of addresses that search engines are invited to read.
func Sitemap(addresses []string) ([]byte, error) {
	var m sitemap
	for _, a := range addresses {
		m.URLs = append(m.URLs, siteURL{a})
	}
	raw, err := xml.Marshal(m)
	return append([]byte(xml.Header), raw...), err
}

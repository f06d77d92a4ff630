package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"rotunda/models"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func at(t *testing.T, zone, local string) models.Instant {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", local, loc)
	if err != nil {
		t.Fatal(err)
	}
	return models.At(v)
}

func sampleEvent(t *testing.T, zone string) Event {
	return Event{
		UID: "0000000000042@mail.wisc.example", Sequence: 3, Method: MethodRequest,
		Start: at(t, zone, "2026-10-22 09:00"), End: at(t, zone, "2026-10-22 11:30"), Zone: zone,
		Summary:       "Trusted Chips, Trusted Partners",
		Description:   "Allied capacity for mature-node semiconductors after the export-control realignment.\n\nPlease answer by your link.",
		Location:      "Cannon Room, Washington",
		OrganizerName: "WISC Roundtables", OrganizerEmail: "roundtables@wisc.example",
		AttendeeName: "Marisol Echeverry", AttendeeEmail: "m.echeverry@senate.example",
		PartStat: PartStatNeedsAction, Stamp: at(t, "UTC", "2026-09-15 12:00"),
	}
}

func mustICS(t interface{ Fatal(...any) }, e Event) []byte {
	b, err := e.ICS()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func event(t interface{ Fatal(...any) }, b []byte) (*ical.Calendar, ical.Event) {
	cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	events := cal.Events()
	if len(events) != 1 {
		t.Fatal("want one event, got ", len(events))
	}
	return cal, events[0]
}

var zones = []string{
	"America/New_York", "Europe/Berlin", "Europe/Dublin", "Asia/Kolkata", "Asia/Tokyo",
	"Pacific/Auckland", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Almaty", "UTC",
}

func TestICS_golden(t *testing.T) {
	cancel := sampleEvent(t, "Asia/Kolkata")
	cancel.Method, cancel.Sequence, cancel.Private = MethodCancel, 4, true
	publish := sampleEvent(t, "UTC")
	publish.Method = MethodPublish
	for name, e := range map[string]Event{
		"request-new-york": sampleEvent(t, "America/New_York"), "request-auckland": sampleEvent(t, "Pacific/Auckland"),
		"cancel-private-kolkata": cancel, "publish-utc": publish,
	} {
		got := mustICS(t, e)
		path := filepath.Join("testdata", "ics", name+".ics")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from its golden file:\n%s", name, got)
		}
	}
}

func TestICS_saysWhatTheEventSays(t *testing.T) {
	for _, zone := range zones {
		e := sampleEvent(t, zone)
		cal, ev := event(t, mustICS(t, e))
		if m, _ := cal.Props.Text(ical.PropMethod); m != "REQUEST" {
			t.Errorf("%s: method %q", zone, m)
		}
		start, err := ev.DateTimeStart(nil)
		if err != nil || models.At(start) != e.Start {
			t.Errorf("%s: start %v, %v", zone, start, err)
		}
		end, err := ev.DateTimeEnd(nil)
		if err != nil || models.At(end) != e.End {
			t.Errorf("%s: end %v, %v", zone, end, err)
		}
		if d, _ := ev.Props.Text(ical.PropDescription); d != e.Description {
			t.Errorf("%s: description %q", zone, d)
		}
		if s := ev.Props.Get(ical.PropDateTimeStamp).Value; s != "20260915T120000Z" {
			t.Errorf("%s: stamp %q is not in UTC", zone, s)
		}
		if s := ev.Props.Get(ical.PropSequence).Value; s != "3" {
			t.Errorf("%s: sequence %q", zone, s)
		}
		guest := ev.Props.Get(ical.PropAttendee)
		if guest.Value != "mailto:m.echeverry@senate.example" || guest.Params.Get("RSVP") != "FALSE" || guest.Params.Get("PARTSTAT") != "NEEDS-ACTION" {
			t.Errorf("%s: attendee %+v", zone, guest)
		}
		if ev.Props.Get(ical.PropURL) != nil {
			t.Errorf("%s: an event carries no address", zone)
		}
	}
}

func TestICS_methodsAndPrivacy(t *testing.T) {
	e := sampleEvent(t, "Europe/Berlin")
	e.Method, e.Private = MethodCancel, true
	_, ev := event(t, mustICS(t, e))
	if s, _ := ev.Props.Text(ical.PropStatus); s != "CANCELLED" {
		t.Errorf("status of a cancellation is %q", s)
	}
	if c, _ := ev.Props.Text(ical.PropClass); c != "PRIVATE" {
		t.Errorf("class of a private roundtable is %q", c)
	}
	e.Method = MethodPublish
	if b := mustICS(t, e); bytes.Contains(b, []byte("ATTENDEE")) {
		t.Error("a published event names a guest")
	}
}

// observed returns the offset in seconds that a reader of the VTIMEZONE
// computes for the moment.
func observed(t *testing.T, cal *ical.Calendar, moment time.Time) int {
	t.Helper()
	best, offset, found := time.Time{}, 0, false
	seconds := func(c *ical.Component, prop string) int {
		v := c.Props.Get(prop).Value
		d, err := time.Parse("-0700", v)
		if err != nil {
			t.Fatalf("%s %q: %v", prop, v, err)
		}
		_, s := d.Zone()
		return s
	}
	for _, tz := range cal.Children {
		if tz.Name != ical.CompTimezone {
			continue
		}
		for _, o := range tz.Children {
			local, err := time.Parse("20060102T150405", o.Props.Get(ical.PropDateTimeStart).Value)
			if err != nil {
				t.Fatal(err)
			}
			onset := local.Add(-time.Duration(seconds(o, ical.PropTimezoneOffsetFrom)) * time.Second)
			if !onset.After(moment) && (!found || onset.After(best)) {
				best, offset, found = onset, seconds(o, ical.PropTimezoneOffsetTo), true
			}
		}
	}
	if !found {
		t.Fatalf("no observance covers %v", moment)
	}
	return offset
}

func TestICS_timezoneAgreesWithZoneDataAroundTheEvent(t *testing.T) {
	for _, zone := range zones {
		if zone == "UTC" {
			continue // instants in UTC need no VTIMEZONE
		}
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{1999, 2026, 2044} {
			e := sampleEvent(t, zone)
			mid := time.Date(year, 7, 1, 12, 0, 0, 0, loc)
			e.Start, e.End = models.At(mid), models.At(mid.Add(time.Hour))
			cal, _ := event(t, mustICS(t, e))
			for h := time.Date(year-1, 1, 2, 0, 0, 0, 0, time.UTC); h.Year() <= year+1; h = h.Add(7 * time.Hour) {
				_, want := h.In(loc).Zone()
				if got := observed(t, cal, h); got != want {
					t.Fatalf("%s at %v: offset %d, want %d", zone, h, got, want)
				}
			}
		}
	}
}

func TestICS_zoneWithoutChangesHasOneStandard(t *testing.T) {
	for _, zone := range []string{"Asia/Kolkata", "Asia/Tokyo"} {
		b := mustICS(t, sampleEvent(t, zone))
		if n := bytes.Count(b, []byte("BEGIN:STANDARD")); n != 1 || bytes.Contains(b, []byte("BEGIN:DAYLIGHT")) {
			t.Errorf("%s: %d STANDARD\n%s", zone, n, b)
		}
	}
	if b := mustICS(t, sampleEvent(t, "Europe/Dublin")); bytes.Count(b, []byte("BEGIN:DAYLIGHT")) != 3 {
		t.Errorf("Dublin's summers are daylight saving time:\n%s", b)
	}
}

func TestICS_refusesWhatCalendarsWouldNotTake(t *testing.T) {
	for name, breakIt := range map[string]func(*Event){
		"no method":       func(e *Event) { e.Method = "" },
		"no uid":          func(e *Event) { e.UID = "" },
		"uid with break":  func(e *Event) { e.UID = "a\r\nATTENDEE:mailto:x@y.example" },
		"ends early":      func(e *Event) { e.End = e.Start - 1 },
		"no start":        func(e *Event) { e.Start = 0 },
		"unknown zone":    func(e *Event) { e.Zone = "Europe/Atlantis" },
		"machine's zone":  func(e *Event) { e.Zone = "Local" },
		"no guest":        func(e *Event) { e.AttendeeEmail = "" },
		"two guests":      func(e *Event) { e.AttendeeEmail = "a@b.example,c@d.example" },
		"address breaks":  func(e *Event) { e.OrganizerEmail = "a@b.example\r\nX:y" },
		"address queries": func(e *Event) { e.AttendeeEmail = "a@b.example?bcc=c@d.example" },
		"unknown answer":  func(e *Event) { e.PartStat = "MAYBE" },
		"no stamp":        func(e *Event) { e.Stamp = 0 },
	} {
		e := sampleEvent(t, "Europe/Berlin")
		breakIt(&e)
		if b, err := e.ICS(); !errors.Is(err, ErrBadEvent) || b != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// hostile draws text in which the separators of the format are common.
func hostile() *rapid.Generator[string] {
	pieces := []string{
		"\r\n", "\n", "\r", ":", ";", ",", `"`, `\`, `\n`, "\x00", "\x0b", "\x85", "\u2028", "\u202e", "\xff", "^n", " ", "\t",
		"ATTENDEE:mailto:evil@evil.example", "\r\nATTENDEE;CN=x:mailto:evil@evil.example\r\n", "END:VEVENT", "BEGIN:VEVENT",
		"URL:https://evil.example", "Doe, Jane", "李", "Nguyễn", "👩‍🔬", "é", strings.Repeat("ü", 40), strings.Repeat("x", 80),
	}
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			b.WriteString(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()).Draw(t, "piece"))
		}
		return b.String()
	})
}

func TestICS_hostileTextAddsNothing(t *testing.T) {
	base := sampleEvent(t, "Europe/Berlin")
	_, plain := event(t, mustICS(t, base))
	rapid.Check(t, func(t *rapid.T) {
		e := base
		e.Summary, e.Description = hostile().Draw(t, "summary"), "d"+hostile().Draw(t, "description")
		e.Location = "l" + hostile().Draw(t, "location")
		e.OrganizerName, e.AttendeeName = hostile().Draw(t, "organizer"), hostile().Draw(t, "attendee")
		b := mustICS(t, e)
		for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
				t.Fatalf("line of %d octets: %q", len(line), line)
			}
		}
		cal, got := event(t, b)
		if len(cal.Children) != 2 || len(got.Children) != 0 {
			t.Fatalf("%d components", len(cal.Children))
		}
		if len(got.Props) != len(plain.Props) {
			t.Fatalf("properties %v, want those of %v", got.Props, plain.Props)
		}
		for name, values := range got.Props {
			if len(values) != 1 || len(plain.Props[name]) != 1 {
				t.Fatalf("%d of %s", len(values), name)
			}
		}
		for _, name := range []string{ical.PropAttendee, ical.PropOrganizer} {
			p := got.Props.Get(name)
			if p.Value != plain.Props.Get(name).Value {
				t.Fatalf("%s became %q", name, p.Value)
			}
			delete(p.Params, ical.ParamCommonName)
			if want := map[string]int{ical.PropAttendee: 4, ical.PropOrganizer: 0}[name]; len(p.Params) != want {
				t.Fatalf("%s has parameters %v", name, p.Params)
			}
		}
		if s, err := got.Props.Text(ical.PropSummary); err != nil || s != lineText(e.Summary) {
			t.Fatalf("summary %q, %v, of %q", s, err, e.Summary)
		}
	})
}

func TestICS_keepsNamesReadable(t *testing.T) {
	e := sampleEvent(t, "Europe/Berlin")
	e.AttendeeName = `Doe, Jane "JD"; Ms.`
	_, ev := event(t, mustICS(t, e))
	if cn := ev.Props.Get(ical.PropAttendee).Params.Get("CN"); cn != "Doe, Jane 'JD'; Ms." {
		t.Errorf("name became %q", cn)
	}
}

// python returns an interpreter that has icalendar, an independent reader.
func python(t *testing.T) string {
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(p, "-c", "import icalendar").Run() == nil {
			return p
		}
	}
	t.Skip("NOT CHECKED: python3-icalendar is not installed, so no independent reader saw our calendar files")
	return ""
}

func TestICS_independentReaderAgrees(t *testing.T) {
	py := python(t)
	const script = `
import sys, json, datetime, icalendar
cal = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
ev = cal.walk('VEVENT')
tz = [z.to_tz() for z in cal.walk('VTIMEZONE')]
def utc(p):
    d = p.dt.replace(tzinfo=None)
    if not tz: return int(d.replace(tzinfo=datetime.timezone.utc).timestamp())
    return int(tz[0].localize(d).timestamp())
print(json.dumps({'events': len(ev), 'start': utc(ev[0]['DTSTART']), 'end': utc(ev[0]['DTEND']),
  'summary': str(ev[0]['SUMMARY']), 'attendee': str(ev[0]['ATTENDEE']), 'cn': ev[0]['ATTENDEE'].params['CN'], 'method': str(cal['METHOD'])}))
`
	for _, zone := range []string{"America/New_York", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Auckland", "UTC"} {
		for _, day := range []string{"2026-01-15 09:00", "2026-07-15 09:00", "2026-12-30 23:30"} {
			e := sampleEvent(t, zone)
			e.Start = at(t, zone, day)
			e.End = e.Start.Add(150 * time.Minute)
			e.AttendeeName = "Echeverry, Marisol"
			cmd := exec.Command(py, "-c", script)
			cmd.Stdin = bytes.NewReader(mustICS(t, e))
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s: %v\n%s", zone, err, stderr.Bytes())
			}
			var got struct {
				Events                        int
				Start, End                    int64
				Summary, Attendee, CN, Method string
			}
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			if got.Events != 1 || got.Start*1000 != int64(e.Start) || got.End*1000 != int64(e.End) || got.Summary != e.Summary ||
				got.Attendee != "mailto:"+e.AttendeeEmail || got.CN != e.AttendeeName || got.Method != "REQUEST" {
				t.Errorf("%s %s: the independent reader saw %+v", zone, day, got)
			}
		}
	}
}

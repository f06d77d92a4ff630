package files

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"rotunda/models"
)

// CalendarMethod says what a calendar part asks of the program that reads it.
type CalendarMethod string

// The methods Rotunda sends.
const (
	MethodRequest CalendarMethod = "REQUEST"
	MethodCancel  CalendarMethod = "CANCEL"
	MethodPublish CalendarMethod = "PUBLISH"
)

// PartStat is the answer that a calendar entry shows for its one guest.
type PartStat string

// The answers a calendar knows.
const (
	PartStatNeedsAction PartStat = "NEEDS-ACTION"
	PartStatAccepted    PartStat = "ACCEPTED"
	PartStatTentative   PartStat = "TENTATIVE"
	PartStatDeclined    PartStat = "DECLINED"
)

// Event is one roundtable as one guest's calendar shows it. It has no field
// for a second guest and none for an address, so that neither a fellow guest
// nor a personal link can get into it. Location and Description are the
// caller's to choose: the exact room goes to accepted guests only.
type Event struct {
	UID      string // the same for every mail about this roundtable, until it is uncancelled
	Sequence int    // rises with every change
	Method   CalendarMethod

	Start, End models.Instant
	Zone       string // IANA name; empty is UTC

	Summary, Description, Location string
	OrganizerName, OrganizerEmail  string
	AttendeeName, AttendeeEmail    string // left out where the method is PUBLISH
	PartStat                       PartStat

	Stamp   models.Instant // when this version was written
	Private bool           // the roundtable is a private one
}

// ErrBadEvent means that an event cannot be written so that calendars accept
// it; the error's text names the field.
var ErrBadEvent = errors.New("calendar event")

// ICS returns the event as an iCalendar file: one VEVENT with its VTIMEZONE,
// lines of at most 75 octets ending in CRLF. The same bytes serve as the mail's
// calendar part and as its attachment. The error is ErrBadEvent.
func (e Event) ICS() ([]byte, error) {
	zone, err := e.check()
	if err != nil {
		return nil, err
	}
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//Rotunda//Roundtables//EN")
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	cal.Props.SetText(ical.PropMethod, string(e.Method))
	if zone != time.UTC {
		cal.Children = append(cal.Children, timezone(zone, e.Start))
	}
	cal.Children = append(cal.Children, e.component(zone))
	var out bytes.Buffer
	if err := ical.NewEncoder(&out).Encode(cal); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadEvent, err)
	}
	return fold(out.Bytes()), nil
}

func (e Event) check() (*time.Location, error) {
	bad := func(what string) (*time.Location, error) { return nil, fmt.Errorf("%w: %s", ErrBadEvent, what) }
	switch {
	case e.Method != MethodRequest && e.Method != MethodCancel && e.Method != MethodPublish:
		return bad("method")
	case e.UID == "" || e.UID != lineText(e.UID):
		return bad("uid")
	case e.Sequence < 0:
		return bad("sequence")
	case e.Start.IsZero() || e.End < e.Start:
		return bad("start and end")
	case e.Stamp.IsZero():
		return bad("stamp")
	case !plainAddress(e.OrganizerEmail):
		return bad("organizer's e-mail")
	}
	if e.Method != MethodPublish {
		switch e.PartStat {
		case PartStatNeedsAction, PartStatAccepted, PartStatTentative, PartStatDeclined:
		default:
			return bad("answer")
		}
		if !plainAddress(e.AttendeeEmail) {
			return bad("attendee's e-mail")
		}
	}
	if e.Zone == "Local" { // the machine's own zone is nobody's
		return bad("zone")
	}
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		return bad("zone")
	}
	return zone, nil
}

func (e Event) component(zone *time.Location) *ical.Component {
	ev := ical.NewComponent(ical.CompEvent)
	ev.Props.SetText(ical.PropUID, e.UID)
	ev.Props.SetDateTime(ical.PropDateTimeStamp, e.Stamp.Time())
	ev.Props.SetDateTime(ical.PropDateTimeStart, e.Start.In(zone))
	ev.Props.SetDateTime(ical.PropDateTimeEnd, e.End.In(zone))
	sequence := ical.NewProp(ical.PropSequence)
	sequence.Value = strconv.Itoa(e.Sequence)
	ev.Props.Set(sequence)
	ev.Props.SetText(ical.PropSummary, lineText(e.Summary))
	if d := blockText(e.Description); d != "" {
		ev.Props.SetText(ical.PropDescription, d)
	}
	if l := lineText(e.Location); l != "" {
		ev.Props.SetText(ical.PropLocation, l)
	}
	ev.Props.SetText(ical.PropTransparency, "OPAQUE")
	ev.Props.SetText(ical.PropStatus, "CONFIRMED")
	if e.Method == MethodCancel {
		ev.Props.SetText(ical.PropStatus, "CANCELLED")
	}
	ev.Props.SetText(ical.PropClass, "PUBLIC")
	if e.Private {
		ev.Props.SetText(ical.PropClass, "PRIVATE")
	}
	ev.Props.Set(calAddress(ical.PropOrganizer, e.OrganizerName, e.OrganizerEmail))
	if e.Method != MethodPublish {
		guest := calAddress(ical.PropAttendee, e.AttendeeName, e.AttendeeEmail)
		guest.Params.Set(ical.ParamCalendarUserType, "INDIVIDUAL")
		guest.Params.Set(ical.ParamRole, "REQ-PARTICIPANT")
		guest.Params.Set(ical.ParamParticipationStatus, string(e.PartStat))
		// Answers given in a calendar program are not read: no program should
		// offer to send one.
		guest.Params.Set(ical.ParamRSVP, "FALSE")
		ev.Props.Set(guest)
	}
	return ev
}

// plainAddress admits what can stand in a mailto: address as it is. Quoted
// local parts and address literals are lawful mail, but no calendar program
// reads them alike. Lengths are counted apart: a counted class of letters is
// copied as often as it counts, and is built at every start of the program.
func plainAddress(address string) bool {
	local, domain, _ := strings.Cut(address, "@")
	return utf8.RuneCountInString(local) <= 64 && utf8.RuneCountInString(domain) <= 190 && addressSigns().MatchString(address)
}

var addressSigns = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("^[\\p{L}\\p{N}.!$'*+/=^_`{|}~-]+@[\\p{L}\\p{N}.-]+$")
})

func calAddress(prop, name, email string) *ical.Prop {
	p := ical.NewProp(prop)
	// A parameter cannot hold a double quote in any spelling that all programs
	// read; the apostrophe stands in for it.
	if name = strings.ReplaceAll(lineText(name), `"`, "'"); name != "" {
		p.Params.Set(ical.ParamCommonName, name)
	}
	p.Value = "mailto:" + email
	return p
}

// lineText returns s as one line: runs of white space become one space, control
// and direction marks and broken UTF-8 are dropped.
func lineText(s string) string { return strings.Join(strings.Fields(dropControls(s)), " ") }

// blockText returns s with its lines kept, ended by LF alone.
func blockText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.TrimSpace(dropControls(s))
}

func dropControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// fold breaks every content line after at most 75 octets, never inside a
// character, as RFC 5545 section 3.1 asks.
func fold(in []byte) []byte {
	const width = 75
	var out bytes.Buffer
	for line := range bytes.SplitSeq(bytes.TrimSuffix(in, []byte("\r\n")), []byte("\r\n")) {
		room := width
		for len(line) > room {
			cut := room
			for cut > 1 && !utf8.RuneStart(line[cut]) {
				cut--
			}
			out.Write(line[:cut])
			out.WriteString("\r\n ")
			line, room = line[cut:], width-1 // the leading space counts
		}
		out.Write(line)
		out.WriteString("\r\n")
	}
	return out.Bytes()
}

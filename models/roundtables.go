package models

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Roundtable is one meeting, as its reader may know it. What only the team and
// the co-hosts may know is empty for others; Audience says as whom it is read.
type Roundtable struct {
	ID         ID
	Series     ID
	SeriesName string
	Title      string
	Objectives string
	// KeyQuestions holds one question a line.
	KeyQuestions string
	// Place is what everybody may know: a city or a house. Room and Link are
	// for those who come.
	Place, Room, Link string
	// Schedule is the truth; Starts and Ends follow from it and are zero while
	// no time is set.
	Schedule      Schedule
	Starts, Ends  Instant
	DeadlineLocal string // 2026-10-15T17:00 in the roundtable's zone, or empty
	Deadline      Instant
	Private       bool
	Regime        Regime
	// Capacity is the number of seats; zero means that no limit is set.
	Capacity int
	// AutoPromote gives a free seat to the waiting list at once.
	AutoPromote bool
	// ObserverSeats: observers and host staff take seats too.
	ObserverSeats bool
	// Thresholds are the roundtable's own, zero where the institute's hold.
	Thresholds   Thresholds
	Status       RoundtableStatus
	Started      Instant
	Ended        Instant
	Closed       Instant
	Cancelled    Instant
	CancelReason string
	// CalendarUID and Sequence name the calendar entry and its version.
	CalendarUID string
	Sequence    int
	// CurrentItem is the agenda item in force, or zero.
	CurrentItem ID
	// Revision rises with every change of the roundtable itself.
	Revision int
	Example  bool
	// Audience is as whom the reader reads it.
	Audience Audience
}

// sessionMost is how long a session that nobody ended stays open.
const sessionMost = 12 * time.Hour

// InSession reports whether the roundtable meets now: it is scheduled, nobody
// has ended it, and now lies within its time or the team has started it. What
// nobody ended is over twelve hours after its end.
func (r Roundtable) InSession(now Instant) bool {
	if r.Status != Scheduled || r.Ended != 0 {
		return false
	}
	if r.Started != 0 {
		return now < max(r.Started, r.Ends).Add(sessionMost)
	}
	return r.Starts != 0 && r.Starts <= now && now < r.Ends
}

// Over reports whether the time of the roundtable has passed.
func (r Roundtable) Over(now Instant) bool {
	return r.Ends != 0 && r.Ends <= now && !r.InSession(now)
}

// Stage is the roundtable's status as screens say it.
func (r Roundtable) Stage(now Instant) Stage {
	if r.InSession(now) {
		return StageInSession
	}
	switch r.Status {
	case Scheduled:
		return StageScheduled
	case Held:
		return StageHeld
	case Closed:
		return StageClosed
	case Cancelled:
		return StageCancelled
	}
	return StageDraft
}

// Stage is a status as people see it: the stored ones and "in session".
type Stage int

// The stages.
const (
	StageDraft Stage = iota
	StageScheduled
	StageInSession
	StageHeld
	StageClosed
	StageCancelled
)

var stageWords = [...]struct{ key, name string }{
	{"draft", "Draft"}, {"scheduled", "Scheduled"}, {"in_session", "In session"},
	{"held", "Held"}, {"closed", "Closed"}, {"cancelled", "Canceled"},
}

// Key returns the word that addresses and the style sheet use.
func (s Stage) Key() string { return stageWords[s].key }

// Name returns the name shown to people.
func (s Stage) Name() string { return stageWords[s].name }

// IsTeam reports whether the reader reads as the roundtable's team.
func (r Roundtable) IsTeam() bool { return r.Audience == Team }

// Seats returns what a guest's answer depends on; taken counts the seats held.
func (r Roundtable) Seats(taken int) RoomSeats {
	return RoomSeats{Capacity: r.Capacity, Taken: taken, Deadline: r.Deadline, End: r.Ends, Status: r.Status}
}

// Questions returns the key questions one by one.
func (r Roundtable) Questions() []string {
	var out []string
	for line := range strings.Lines(r.KeyQuestions) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// RoundtableInput is what a form says of a roundtable.
type RoundtableInput struct {
	Series       ID
	Title        string
	Objectives   string
	KeyQuestions string
	Place        string
	Room         string
	Link         string
	// Schedule may lack date, start and end together while the roundtable is a
	// draft.
	Schedule Schedule
	// DeadlineDate and DeadlineTime are in the roundtable's zone; without a
	// time the whole day counts. Both empty: no deadline.
	DeadlineDate string
	DeadlineTime string
	Private      bool
	// Regime: RegimeNone keeps the one there is.
	Regime        Regime
	Capacity      int
	AutoPromote   bool
	ObserverSeats bool
	Thresholds    Thresholds
	// Silent: a change of title, place or link sends no mail.
	Silent bool
	// Announce turns a draft into a scheduled roundtable, which needs a time.
	Announce bool
	// Revision is the one the form was made from; zero asks for no check.
	Revision int
}

// RoundtableTimes are the instants that follow from an input.
type RoundtableTimes struct {
	Starts, Ends, Deadline Instant
	// DeadlineLocal is the deadline as it is kept, or empty.
	DeadlineLocal string
}

// The most characters of a roundtable's texts.
const (
	titleMost = 300
	textMost  = 10_000
	lineMost  = 500
)

// CapacityMost is the largest number of seats.
const CapacityMost = 10_000

// Check returns the input trimmed with the instants that follow from it, or an
// *InvalidError that says what is wrong.
func (in RoundtableInput) Check() (RoundtableInput, RoundtableTimes, error) {
	for _, s := range []*string{
		&in.Title, &in.Objectives, &in.KeyQuestions, &in.Place, &in.Room, &in.Link, &in.Schedule.Date,
		&in.Schedule.Start, &in.Schedule.End, &in.Schedule.Zone, &in.DeadlineDate, &in.DeadlineTime,
	} {
		*s = strings.TrimSpace(*s)
	}
	var bad InvalidError
	bad.Check(in.Title != "", "title", "Give the roundtable a title.")
	bad.Check(utf8.RuneCountInString(in.Title) <= titleMost && !strings.Contains(in.Title, "\n"), "title", "The title may have at most 300 characters, on one line.")
	bad.Check(utf8.RuneCountInString(in.Objectives) <= textMost, "objectives", "The objectives may have at most 10,000 characters.")
	bad.Check(utf8.RuneCountInString(in.KeyQuestions) <= textMost, "key_questions", "The key questions may have at most 10,000 characters.")
	for field, s := range map[string]string{"place": in.Place, "room": in.Room} {
		bad.Check(utf8.RuneCountInString(s) <= lineMost && !strings.Contains(s, "\n"), field, "This may have at most 500 characters, on one line.")
	}
	bad.Check(in.Link == "" || validLink(in.Link), "link", "Write the meeting link whole, such as https://meet.example.org/abc.")
	bad.Check(in.Capacity >= 0 && in.Capacity <= CapacityMost, "capacity", "Write the seats as a number, or leave it empty for no limit.")
	bad.Check(in.Regime >= RegimeNone && in.Regime <= OffTheRecord, "regime", "Choose an attribution rule.")
	bad.Check(!in.Announce || in.HasTime(), "date", "Give the date and the time, then it can be scheduled.")
	in.Schedule.Zone = findZone(in.Schedule.Zone, &bad)
	times := in.times(&bad)
	return in, times, bad.Err()
}

// findZone returns the zone that was typed: its own name, or what a search for
// a city or a country finds where that is one zone only.
func findZone(typed string, bad *InvalidError) string {
	if _, err := Zone(typed); err == nil {
		return typed
	}
	const shown = 5
	found := SearchZones(typed, shown)
	switch {
	case typed == "" || len(found) == 0:
		bad.Add("zone", "Choose a time zone from the list, such as America/New_York.")
	case len(found) == 1:
		return found[0]
	case len(found) == shown:
		bad.Add("zone", "Several zones fit: "+strings.Join(found, ", ")+" and others. Write the one that is meant.")
	default:
		bad.Add("zone", "Several zones fit: "+strings.Join(found, ", ")+". Write the one that is meant.")
	}
	return typed
}

// HasTime reports whether anything of date and time is filled in.
func (in RoundtableInput) HasTime() bool {
	return in.Schedule.Date != "" || in.Schedule.Start != "" || in.Schedule.End != ""
}

func (in RoundtableInput) times(bad *InvalidError) (out RoundtableTimes) {
	if _, err := Zone(in.Schedule.Zone); err != nil {
		if in.HasTime() { // what else is wrong is said in the same answer
			probe := in.Schedule
			probe.Zone = "UTC"
			_, _, err := probe.Instants()
			bad.merge(err)
		}
		return out
	}
	if in.HasTime() {
		starts, ends, err := in.Schedule.Instants()
		bad.merge(err)
		out.Starts, out.Ends = starts, ends
	}
	out.Deadline, out.DeadlineLocal = in.deadline(bad)
	if out.Deadline != 0 && out.Starts != 0 && out.Deadline > out.Starts {
		bad.Add("deadline_date", "The deadline for replies must come before the start.")
	}
	return out
}

func (in RoundtableInput) deadline(bad *InvalidError) (Instant, string) {
	if in.DeadlineDate == "" {
		bad.Check(in.DeadlineTime == "", "deadline_date", "Give the day of the deadline too.")
		return 0, ""
	}
	day, err := time.Parse(time.DateOnly, in.DeadlineDate)
	clock, ok := 23*time.Hour+59*time.Minute, true
	if in.DeadlineTime != "" {
		clock, ok = parseClock(in.DeadlineTime)
	}
	bad.Check(err == nil, "deadline_date", "Write the date as year-month-day, such as 2026-10-15.")
	bad.Check(ok, "deadline_time", "Write the time such as 17:00.")
	loc, errZone := Zone(in.Schedule.Zone)
	if err != nil || !ok || errZone != nil {
		return 0, ""
	}
	local := day.Add(clock)
	found := instantsOf(local, loc)
	if len(found) == 0 {
		bad.Add("deadline_time", "This time does not exist on that day: the clocks go forward. Choose another.")
		return 0, ""
	}
	// where it comes twice the later one is meant: nobody is late too early
	return At(found[len(found)-1]), local.Format(LocalLayout)
}

// LocalLayout is how a local date and time is kept.
const LocalLayout = "2006-01-02T15:04"

// LocalTimes writes the schedule's start and end as they are kept; both are
// empty while there is no date.
func (s Schedule) LocalTimes() (start, end string) {
	if s.Date == "" {
		return "", ""
	}
	from, _ := parseClock(s.Start)
	to, _ := parseClock(s.End)
	day := time.Time{}
	return s.Date + day.Add(from).Format("T15:04"), s.Date + day.Add(to).Format("T15:04")
}

// ReadLocalTimes is the schedule that LocalTimes wrote. The instant of the
// start tells which is meant where a local time comes twice.
func ReadLocalTimes(start, end, zone string, starts, ends Instant) Schedule {
	s := Schedule{Zone: zone}
	s.Date, s.Start, _ = strings.Cut(start, "T")
	_, s.End, _ = strings.Cut(end, "T")
	if said, err := ScheduleOf(starts, ends, zone); err == nil && starts != 0 {
		s.Twice = said.Twice
	}
	return s
}

func validLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(s) <= 2000
}

// merge takes over the messages of err where it is an *InvalidError.
func (e *InvalidError) merge(err error) {
	if other, ok := err.(*InvalidError); ok {
		for field, message := range other.Fields {
			e.Add(field, message)
		}
	}
}

// RoundtableWhen chooses roundtables by their time.
type RoundtableWhen int

// The choices. Upcoming holds what is ahead, in session, or has no time yet.
const (
	AnyTime RoundtableWhen = iota
	Upcoming
	Past
)

// RoundtableFilter chooses roundtables of a list. Zero values choose all.
type RoundtableFilter struct {
	When RoundtableWhen
	// Text is found in title and series whatever its case and accents.
	Text   string
	Series ID
	// Stage is the key of a stage, or empty.
	Stage string
	// Sector keeps the roundtables, of those whose team the reader is on, that
	// have a guest of the sector.
	Sector Sector
	// Mine keeps the roundtables whose team the reader is on.
	Mine bool
	// From and To bound the start, To not included.
	From, To Instant
	// After is the cursor of the page before; Limit the size of a page, 50
	// where it is zero.
	After string
	Limit int
}

// RoundtableLine is a roundtable in a list.
type RoundtableLine struct {
	Roundtable
	// TeamRole is the reader's own role on its team.
	TeamRole TeamRole
	// Lead is the name of its lead, for the institute's own staff.
	Lead string
	// Guests counts who holds a seat, who is invited and has not answered, and
	// who is on the list at all; zero for who is not on the team.
	Seated, Waiting, Listed int
	// Insights counts what was captured, for the team.
	Insights int
}

// RoundtablePage is one page of a list.
type RoundtablePage struct {
	Lines []RoundtableLine
	// Next is the cursor of the page after, empty at the end.
	Next string
}

// CancelInput is what a form says when a roundtable is called off.
type CancelInput struct{ Reason string }

// Check returns the input trimmed, or an *InvalidError.
func (in CancelInput) Check() (CancelInput, error) {
	in.Reason = strings.TrimSpace(in.Reason)
	var bad InvalidError
	bad.Check(in.Reason != "", "reason", "Say why; the guests read this sentence.")
	bad.Check(utf8.RuneCountInString(in.Reason) <= 1000, "reason", "The reason may have at most 1,000 characters.")
	return in, bad.Err()
}

// Input is what a form that shows the roundtable unchanged would send.
func (r Roundtable) Input() RoundtableInput {
	day, clock, _ := strings.Cut(r.DeadlineLocal, "T")
	return RoundtableInput{
		Series: r.Series, Title: r.Title, Objectives: r.Objectives, KeyQuestions: r.KeyQuestions,
		Place: r.Place, Room: r.Room, Link: r.Link, Schedule: r.Schedule,
		DeadlineDate: day, DeadlineTime: clock, Private: r.Private, Regime: r.Regime, Capacity: r.Capacity,
		AutoPromote: r.AutoPromote, ObserverSeats: r.ObserverSeats, Thresholds: r.Thresholds, Revision: r.Revision,
	}
}

// CheckRegimeChange refuses to loosen a rule under which somebody was invited
// or something was captured: who agreed to speak under it did not agree to
// less. Raising it is always allowed.
func CheckRegimeChange(from, to Regime, promised bool) *InvalidError {
	if to < from && promised {
		return Invalid("regime", "Guests were promised “"+from.Name()+"”. It can be made stricter at once; a looser rule would need every guest’s consent.")
	}
	return nil
}

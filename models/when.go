package models

import (
	"fmt"
	"strings"
	"time"
)

// Occurrence says which of two is meant where clocks go back and a local time
// comes twice.
type Occurrence int

// The choices. Earlier and Later change nothing for a time that comes once.
const (
	NotChosen Occurrence = iota
	Earlier
	Later
)

// Schedule is when a roundtable takes place as people write it: a local date
// and local times in an IANA zone. It is the truth; the instants follow.
type Schedule struct {
	Date  string // 2026-10-22
	Start string // 09:00
	End   string // 11:30, on the same day
	Zone  string // America/New_York
	Twice Occurrence
}

// Instants returns the start and the end. It returns an InvalidError for the
// fields "date", "start", "end" and "zone" where one cannot be read, does not
// exist on that day, or ends before it starts; and for "twice" besides where a
// time comes twice and none was chosen.
func (s Schedule) Instants() (start, end Instant, err error) {
	var bad InvalidError
	loc, err := Zone(s.Zone)
	if err != nil {
		bad.Add("zone", err.(*InvalidError).Fields["zone"])
	}
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(s.Date))
	bad.Check(err == nil, "date", "Write the date as year-month-day, such as 2026-10-22.")
	from, okFrom := parseClock(s.Start)
	bad.Check(okFrom, "start", "Write the start as a time, such as 09:00.")
	to, okTo := parseClock(s.End)
	bad.Check(okTo, "end", "Write the end as a time, such as 11:30.")
	if err := bad.Err(); err != nil {
		return 0, 0, err
	}
	switch {
	case to < from:
		return 0, 0, Invalid("end", fmt.Sprintf("The end, %s, is before the start, %s.", s.clock(to), s.clock(from)))
	case to == from:
		return 0, 0, Invalid("end", fmt.Sprintf("The end, %s, is the same as the start.", s.clock(to)))
	}
	start = s.resolve(&bad, "start", day.Add(from), loc)
	end = s.resolve(&bad, "end", day.Add(to), loc)
	if err := bad.Err(); err != nil {
		return 0, 0, err
	}
	if end <= start { // 01:50 of the summer, 01:10 of the winter
		return 0, 0, Invalid("end", fmt.Sprintf("The end, %s, is before the start, %s.", s.clock(to), s.clock(from)))
	}
	return start, end, nil
}

// resolve finds the instant at which the clocks of the zone show the local
// time, which is written as if in UTC.
func (s Schedule) resolve(bad *InvalidError, field string, local time.Time, loc *time.Location) Instant {
	found := instantsOf(local, loc)
	switch {
	case len(found) == 0:
		last, next := gapAround(local, loc)
		bad.Add(field, fmt.Sprintf("%s does not exist on %s in %s: the clocks go forward from %s to %s.",
			clockWords(local, s.Zone), local.Format("January 2, 2006"), zoneName(s.Zone), clockWords(last, s.Zone), clockWords(next, s.Zone)))
		return 0
	case len(found) == 1 || s.Twice == Earlier:
		return At(found[0])
	case s.Twice == Later:
		return At(found[len(found)-1])
	}
	bad.Add(field, fmt.Sprintf("%s comes twice on %s in %s: the clocks go back.",
		clockWords(local, s.Zone), local.Format("January 2, 2006"), zoneName(s.Zone)))
	bad.Add("twice", fmt.Sprintf("Choose the earlier one (%s) or the later one (%s).", zoneMark(found[0]), zoneMark(found[len(found)-1])))
	return 0
}

// instantsOf returns every moment at which clocks in loc show the local time:
// none, one or two, the earlier first.
func instantsOf(local time.Time, loc *time.Location) []time.Time {
	var out []time.Time
	tried := map[int]bool{}
	// the moment lies within a day and some hours of the same reading in UTC
	for h := 26; h >= -26; h-- {
		_, offset := local.Add(time.Duration(h) * time.Hour).In(loc).Zone()
		if tried[offset] {
			continue
		}
		tried[offset] = true
		t := local.Add(-time.Duration(offset) * time.Second).In(loc)
		if t.Format(time.DateTime) == local.Format(time.DateTime) {
			out = append(out, t)
		}
	}
	if len(out) > 1 && out[1].Before(out[0]) {
		out[0], out[1] = out[1], out[0]
	}
	return out
}

// gapAround returns what the clocks show just before and just after they jump
// over the local time.
func gapAround(local time.Time, loc *time.Location) (last, next time.Time) {
	t := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, loc)
	from, to := t.ZoneBounds()
	jump := to
	if to.IsZero() || !from.IsZero() && t.Sub(from) < to.Sub(t) {
		jump = from
	}
	_, before := jump.Add(-time.Second).Zone()
	_, after := jump.Zone()
	return jump.UTC().Add(time.Duration(before) * time.Second), jump.UTC().Add(time.Duration(after) * time.Second)
}

// ScheduleOf writes two instants of one local day as a Schedule of the zone.
// Twice follows from the start, or from the end where only that comes twice.
// It returns an InvalidError where the zone is none.
func ScheduleOf(start, end Instant, zone string) (Schedule, error) {
	loc, err := Zone(zone)
	if err != nil {
		return Schedule{}, err
	}
	a, b := start.In(loc), end.In(loc)
	s := Schedule{Date: a.Format(time.DateOnly), Start: a.Format("15:04"), End: b.Format("15:04"), Zone: zone}
	for _, t := range []time.Time{a, b} {
		_, offset := t.Zone()
		if both := instantsOf(t.UTC().Add(time.Duration(offset)*time.Second), loc); len(both) > 1 && s.Twice == NotChosen {
			s.Twice = Earlier
			if t.Equal(both[1]) {
				s.Twice = Later
			}
		}
	}
	return s, nil
}

// parseClock reads a local time of day: 9:00, 09:00:00, 2:30 PM.
func parseClock(s string) (time.Duration, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	for _, layout := range []string{"15:04", "15:04:05", "3:04 PM", "3:04PM", "3 PM", "3PM"} {
		if t, err := time.Parse(layout, s); err == nil {
			return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
		}
	}
	return 0, false
}

// clock tells a time of day as the pages tell it.
func (s Schedule) clock(d time.Duration) string { return clockWords(time.Time{}.Add(d), s.Zone) }

func zoneName(name string) string {
	if city := zoneCity(name); city != "" {
		return city
	}
	return name
}

package models

import (
	"fmt"
	"strings"
	"time"
)

const dayWords = "Mon, Jan 2, 2006"

// FormatSpan tells a time from start to end in the zone, which is named:
// "Thu, Oct 22, 2026, 9:00–11:30 AM EDT". Zones of the United States have a
// 12-hour clock, others a 24-hour one and their city. It is empty where there
// is no start or no such zone.
func FormatSpan(start, end Instant, zone string) string {
	loc, err := Zone(zone)
	if err != nil || start.IsZero() {
		return ""
	}
	a, b := start.In(loc), end.In(loc)
	if end <= start {
		return a.Format(dayWords) + ", " + clockWords(a, zone) + " " + zoneWords(a, zone)
	}
	from := clockWords(a, zone)
	if zoneMark(a) != zoneMark(b) { // the clocks change during the meeting
		from += " " + zoneMark(a)
	} else if twelveHours(zone) && a.Format("PM") == b.Format("PM") && sameDay(a, b) {
		from = a.Format("3:04")
	}
	by := "–"
	if !sameDay(a, b) {
		by = " to " + b.Format(dayWords) + ", "
	}
	return a.Format(dayWords) + ", " + from + by + clockWords(b, zone) + " " + zoneWords(b, zone)
}

// FormatSpanFor tells the same time for a viewer elsewhere. It is empty where
// the viewer's clocks show the same, or the viewer's zone is not known.
func FormatSpanFor(start, end Instant, zone, viewerZone string) string {
	room, err := Zone(zone)
	own, errOwn := Zone(viewerZone)
	if err != nil || errOwn != nil || sameOffset(start, room, own) && sameOffset(end, room, own) {
		return ""
	}
	return FormatSpan(start, end, viewerZone)
}

// FormatInstant tells one moment in the zone: "Thu, Oct 22, 2026, 9:00 AM
// EDT". It is empty where there is none or no such zone.
func FormatInstant(at Instant, zone string) string { return FormatSpan(at, at, zone) }

// FormatDay tells the day on which the moment falls in the zone: "Thu, Oct 22,
// 2026". It is empty where there is none or no such zone.
func FormatDay(at Instant, zone string) string {
	loc, err := Zone(zone)
	if err != nil || at.IsZero() {
		return ""
	}
	return at.In(loc).Format(dayWords)
}

// RelativeDay tells how far the moment is from now in calendar days of the
// zone: "today", "tomorrow", "in 3 days", "2 weeks ago", "in 4 months".
func RelativeDay(at, now Instant, zone string) string {
	loc, err := Zone(zone)
	if err != nil || at.IsZero() {
		return ""
	}
	days := int(midnight(at.In(loc)).Sub(midnight(now.In(loc))) / (24 * time.Hour))
	switch days {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	case -1:
		return "yesterday"
	}
	n, ago := days, days < 0
	if ago {
		n = -n
	}
	said := ""
	switch {
	case n < 14:
		said = fmt.Sprintf("%d days", n)
	case n < 60:
		said = fmt.Sprintf("%d weeks", n/7)
	case n < 730:
		said = fmt.Sprintf("%d months", n*12/365)
	default:
		said = fmt.Sprintf("%d years", n/365)
	}
	if strings.HasPrefix(said, "1 ") {
		said = strings.TrimSuffix(said, "s")
	}
	if ago {
		return said + " ago"
	}
	return "in " + said
}

// midnight returns the calendar day as a moment in UTC, where every day has 24
// hours.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

func sameOffset(at Instant, a, b *time.Location) bool {
	_, x := at.In(a).Zone()
	_, y := at.In(b).Zone()
	return x == y
}

func clockWords(t time.Time, zone string) string { return t.Format(ClockLayout(zone)) }

// ClockLayout returns how the time of day is written in the zone: on a 12-hour
// clock in the United States, on a 24-hour one elsewhere.
func ClockLayout(zone string) string {
	if twelveHours(zone) {
		return "3:04 PM"
	}
	return "15:04"
}

// zoneWords names the zone: its short name in the United States, which people
// there know, with the city elsewhere, where short names mean several zones.
func zoneWords(t time.Time, zone string) string {
	if city := zoneCity(zone); city != "" && !twelveHours(zone) {
		return zoneMark(t) + " (" + city + ")"
	}
	return zoneMark(t)
}

// ZoneLabel names a zone by its city and what it is called at that moment: "New
// York (EST)", "Brussels (CET)". It is empty where there is no such zone.
func ZoneLabel(zone string, at Instant) string {
	loc, err := Zone(zone)
	if err != nil {
		return ""
	}
	if city := zoneCity(zone); city != "" {
		return city + " (" + zoneMark(at.In(loc)) + ")"
	}
	return zone
}

// zoneMark returns the short name of the zone at that time, or its difference
// to UTC where it has none.
func zoneMark(t time.Time) string {
	name, offset := t.Zone()
	if !strings.ContainsAny(name, "+-") {
		return name
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	if m := offset / 60 % 60; m != 0 {
		return fmt.Sprintf("UTC%s%d:%02d", sign, offset/3600, m)
	}
	return fmt.Sprintf("UTC%s%d", sign, offset/3600)
}

// FormatClock tells the time of day of a moment in the zone, which is named:
// "9:00 AM EDT". It is empty where there is none or no such zone.
func FormatClock(at Instant, zone string) string {
	loc, err := Zone(zone)
	if err != nil || at.IsZero() {
		return ""
	}
	t := at.In(loc)
	return clockWords(t, zone) + " " + zoneWords(t, zone)
}

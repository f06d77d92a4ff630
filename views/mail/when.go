package mail

import (
	"fmt"
	"strings"
	"time"

	"rotunda/models"
)

// when tells the roundtable's time in its own zone, and is empty where there
// is none.
func (d Data) when() string { return span(d.Start, d.End, d.Zone) }

// whenForUs tells it in the institute's zone, and is empty where the clocks
// there show the same or the zone is not known.
func (d Data) whenForUs() string {
	own, err := location(d.HostZone)
	if d.HostZone == "" || err != nil || d.Start.IsZero() {
		return ""
	}
	room, err := location(d.Zone)
	if err != nil {
		return ""
	}
	_, ownOffset := d.Start.In(own).Zone()
	_, roomOffset := d.Start.In(room).Zone()
	if ownOffset == roomOffset {
		return ""
	}
	return span(d.Start, d.End, d.HostZone)
}

// deadline tells until when, in the roundtable's zone.
func (d Data) deadline() string {
	zone, err := location(d.Zone)
	if d.Deadline.IsZero() || err != nil {
		return ""
	}
	t := d.Deadline.In(zone)
	return t.Format("Monday, January 2, 2006, "+models.ClockLayout(d.Zone)) + " " + abbreviation(t)
}

// span tells a time from start to end: "Thursday, October 22, 2026,
// 9:00–11:30 AM EDT (New York)". What both ends share is said once. The clock
// is that of the zone, as on the pages.
func span(start, end models.Instant, zoneName string) string {
	zone, err := location(zoneName)
	if start.IsZero() || err != nil {
		return ""
	}
	const day = "Monday, January 2, 2006"
	clock := models.ClockLayout(zoneName)
	a, b := start.In(zone), end.In(zone)
	var s string
	switch {
	case end <= start:
		s = a.Format(day + ", " + clock)
	case a.Format(day) != b.Format(day):
		s = a.Format(day+", "+clock) + " to " + b.Format(day+", "+clock)
	case clock == "3:04 PM" && a.Format("PM") == b.Format("PM"):
		s = a.Format(day+", 3:04") + "–" + b.Format(clock)
	default:
		s = a.Format(day+", "+clock) + "–" + b.Format(clock)
	}
	s += " " + abbreviation(a)
	if city := city(zoneName); city != "" {
		s += " (" + city + ")"
	}
	return s
}

// location loads a zone by name; the empty name is UTC. The machine's own zone
// is nobody's.
func location(name string) (*time.Location, error) {
	if name == "Local" {
		return nil, fmt.Errorf("zone %q", name)
	}
	return time.LoadLocation(name)
}

// abbreviation returns the short name of the zone at that time, or its
// difference to UTC where the zone data has none.
func abbreviation(t time.Time) string {
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

// city returns the place that names the zone: "New York".
func city(zone string) string {
	region, _, ok := strings.Cut(zone, "/")
	if !ok || region == "Etc" {
		return ""
	}
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}

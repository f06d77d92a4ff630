package models

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSchedule_instantsFollowTheZone(t *testing.T) {
	for _, c := range []struct {
		s    Schedule
		want string
	}{
		{Schedule{"2026-10-22", "09:00", "11:30", "America/New_York", NotChosen}, "2026-10-22T13:00:00Z 2026-10-22T15:30:00Z"},
		{Schedule{"2026-10-22", "2:00 pm", "3:30 PM", "Europe/Brussels", NotChosen}, "2026-10-22T12:00:00Z 2026-10-22T13:30:00Z"},
		{Schedule{"2026-11-01", "00:30", "02:30", "America/New_York", NotChosen}, "2026-11-01T04:30:00Z 2026-11-01T07:30:00Z"},
		{Schedule{"2026-11-01", "01:30", "02:30", "America/New_York", Earlier}, "2026-11-01T05:30:00Z 2026-11-01T07:30:00Z"},
		{Schedule{"2026-11-01", "01:30", "02:30", "America/New_York", Later}, "2026-11-01T06:30:00Z 2026-11-01T07:30:00Z"},
		{Schedule{"2026-04-05", "01:45", "02:15", "Australia/Lord_Howe", Earlier}, "2026-04-04T14:45:00Z 2026-04-04T15:45:00Z"},
	} {
		start, end, err := c.s.Instants()
		got := start.Time().Format(time.RFC3339) + " " + end.Time().Format(time.RFC3339)
		if err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c.s, got, err)
		}
	}
}

func TestSchedule_saysWhatIsWrong(t *testing.T) {
	for want, s := range map[string]Schedule{
		"end: The end, 11:30 AM, is before the start, 2:00 PM.":                                                                                        {"2026-10-22", "14:00", "11:30", "America/New_York", NotChosen},
		"end: The end, 2:00 PM, is the same as the start.":                                                                                             {"2026-10-22", "14:00", "2 PM", "America/New_York", NotChosen},
		"start: 2:30 AM does not exist on March 8, 2026 in New York: the clocks go forward from 2:00 AM to 3:00 AM.":                                   {"2026-03-08", "02:30", "04:00", "America/New_York", Later},
		"end: 02:00 does not exist on March 29, 2026 in Berlin: the clocks go forward from 02:00 to 03:00.":                                            {"2026-03-29", "01:00", "02:00", "Europe/Berlin", NotChosen},
		"start: 1:30 AM comes twice on November 1, 2026 in New York: the clocks go back.; twice: Choose the earlier one (EDT) or the later one (EST).": {"2026-11-01", "01:30", "04:00", "America/New_York", NotChosen},
		"zone: Choose a time zone.": {"2026-11-01", "03:30", "04:00", "", NotChosen},
		"zone: There is no time zone “Local”. Choose one from the list, such as America/New_York.":                                                                    {"2026-11-01", "03:30", "04:00", "Local", NotChosen},
		"date: Write the date as year-month-day, such as 2026-10-22.; end: Write the end as a time, such as 11:30.; start: Write the start as a time, such as 09:00.": {"2026-02-30", "25:00", "", "UTC", NotChosen},
	} {
		_, _, err := s.Instants()
		var invalid *InvalidError
		if !errors.As(err, &invalid) || invalid.Error() != want {
			t.Errorf("%+v: %v, want %s", s, err, want)
		}
	}
}

func TestSchedule_anyMeetingIsWrittenAndReadBack(t *testing.T) {
	names := append(ZoneNames(), slices.Repeat([]string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe"}, 50)...)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "zone")
		start := Instant(rapid.Int64Range(1577836800, 2051222400).Draw(t, "start") / 60 * 60000)
		end := start.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute)
		s, err := ScheduleOf(start, end, name)
		if err != nil {
			t.Fatal(err)
		}
		loc, _ := Zone(name)
		if !sameDay(start.In(loc), end.In(loc)) || s.End <= s.Start {
			return // over midnight or inside an hour that comes twice: not written so
		}
		a, b, err := s.Instants()
		if err != nil || a != start || b != end && !(comesTwice(start, loc) && comesTwice(end, loc)) {
			t.Fatalf("%+v: %d %d, want %d %d, %v", s, a, b, start, end, err)
		}
		if FormatSpan(start, end, name) == "" || FormatSpanFor(start, end, name, name) != "" {
			t.Fatalf("%s is not told", name)
		}
	})
}

func comesTwice(at Instant, loc *time.Location) bool {
	t := at.In(loc)
	_, offset := t.Zone()
	return len(instantsOf(t.UTC().Add(time.Duration(offset)*time.Second), loc)) == 2
}

func TestFormatSpan_namesTheZoneAndItsClock(t *testing.T) {
	at := func(s string) Instant {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return At(v)
	}
	start, end := at("2026-10-22T13:00:00Z"), at("2026-10-22T15:30:00Z")
	for _, c := range []struct {
		start, end Instant
		zone, want string
	}{
		{start, end, "America/New_York", "Thu, Oct 22, 2026, 9:00–11:30 AM EDT"},
		{start, at("2026-10-22T17:30:00Z"), "America/New_York", "Thu, Oct 22, 2026, 9:00 AM–1:30 PM EDT"},
		{start, end, "Europe/Brussels", "Thu, Oct 22, 2026, 15:00–17:30 CEST (Brussels)"},
		{start, end, "Asia/Dubai", "Thu, Oct 22, 2026, 17:00–19:30 UTC+4 (Dubai)"},
		{start, end, "Asia/Kathmandu", "Thu, Oct 22, 2026, 18:45–21:15 UTC+5:45 (Kathmandu)"},
		{start, end, "America/Sao_Paulo", "Thu, Oct 22, 2026, 10:00–12:30 UTC−3 (Sao Paulo)"},
		{start, end, "UTC", "Thu, Oct 22, 2026, 13:00–15:30 UTC"},
		{start, at("2026-10-23T05:00:00Z"), "America/New_York", "Thu, Oct 22, 2026, 9:00 AM to Fri, Oct 23, 2026, 1:00 AM EDT"},
		{at("2026-11-01T05:30:00Z"), at("2026-11-01T08:00:00Z"), "America/New_York", "Sun, Nov 1, 2026, 1:30 AM EDT–3:00 AM EST"},
		{start, 0, "America/New_York", "Thu, Oct 22, 2026, 9:00 AM EDT"},
		{0, 0, "America/New_York", ""},
		{start, end, "Mars/Base", ""},
	} {
		if got := FormatSpan(c.start, c.end, c.zone); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := FormatSpanFor(start, end, "America/New_York", "America/Toronto"); got != "" {
		t.Errorf("the same clock is told twice: %q", got)
	}
	if got := FormatSpanFor(start, end, "Europe/Brussels", "America/New_York"); got != "Thu, Oct 22, 2026, 9:00–11:30 AM EDT" {
		t.Errorf("%q", got)
	}
	if got := FormatDay(at("2026-10-22T02:00:00Z"), "America/New_York"); got != "Wed, Oct 21, 2026" {
		t.Errorf("%q", got)
	}
}

func TestRelativeDay_countsCalendarDaysOfTheZone(t *testing.T) {
	now := At(time.Date(2026, 10, 31, 23, 30, 0, 0, time.FixedZone("EDT", -4*3600)))
	for hours, want := range map[int]string{
		0: "today", 1: "tomorrow", -24: "yesterday", 25: "tomorrow", 48: "in 2 days", -72: "3 days ago",
		13 * 24: "in 13 days", 15 * 24: "in 2 weeks", -100 * 24: "3 months ago", 800 * 24: "in 2 years",
	} {
		got := RelativeDay(now.Add(time.Duration(hours)*time.Hour), now, "America/New_York")
		if got != want {
			t.Errorf("%d hours: %q, want %q", hours, got, want)
		}
	}
}

func TestSearchZones_findsByCityAndWord(t *testing.T) {
	names := ZoneNames()
	if len(names) < 400 || !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Fatalf("%d zones", len(names))
	}
	for _, n := range names {
		if _, err := Zone(n); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
	for city, n := range zoneCities {
		if _, ok := slices.BinarySearch(names, city); !ok || n == "" {
			t.Errorf("%s is not offered", city)
		}
	}
	for typed, want := range map[string]string{
		"new york": "America/New_York", "washington": "America/New_York", "New_Y": "America/New_York", "beijing": "Asia/Shanghai",
		"new delhi": "Asia/Kolkata", "são paulo": "America/Sao_Paulo", "geneva": "Europe/Zurich", "utc": "UTC", "eastern": "America/New_York",
	} {
		if got := SearchZones(typed, 5); len(got) == 0 || got[0] != want {
			t.Errorf("%q: %v", typed, got)
		}
	}
	if got := SearchZones("", 3); len(got) != 3 {
		t.Errorf("%v", got)
	}
	if got := SearchZones("zzz", 3); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if !strings.HasPrefix(SearchZones("europe lon", 1)[0], "Europe/London") {
		t.Error("region and city together")
	}
}

package files

import (
	"fmt"
	"sort"
	"time"

	"github.com/emersion/go-ical"

	"rotunda/models"
)

// timezone describes the zone around the event: one observance for each change
// of the clock from the year before it to the year after, each with its own
// date, after the observance that the first of these years begins in. Dates say
// what rules would have to repeat, and hold for zones whose changes follow no
// rule that a calendar can state.
func timezone(zone *time.Location, around models.Instant) *ical.Component {
	year := around.In(zone).Year()
	from := time.Date(year-1, 1, 1, 0, 0, 0, 0, zone)
	tz := ical.NewComponent(ical.CompTimezone)
	tz.Props.SetText(ical.PropTimezoneID, zone.String())

	earlier := clockChanges(time.Date(year-2, 1, 1, 0, 0, 0, 0, zone), from)
	later := clockChanges(from, time.Date(year+2, 1, 1, 0, 0, 0, 0, zone))
	if len(earlier) > 0 && len(later) > 0 {
		tz.Children = append(tz.Children, change(earlier[len(earlier)-1]))
	} else {
		// The clock has long not changed: the date is the customary one for that.
		name, offset := from.Zone()
		tz.Children = append(tz.Children, observance(ical.CompTimezoneStandard, name, "19700101T000000", offset, offset))
	}
	for _, at := range later {
		tz.Children = append(tz.Children, change(at))
	}
	return tz
}

// clockChanges returns the moments after from and until the end at which the
// zone's offset or its name changes. It looks twice a day, since
// time.Time.ZoneBounds also ends a zone at the turn of far-off years, in leap
// years a day early and without getting past it.
func clockChanges(from, until time.Time) []time.Time {
	var out []time.Time
	const step = 12 * time.Hour
	for a := from; a.Before(until); a = a.Add(step) {
		if sameClock(a, a.Add(step)) {
			continue
		}
		n := sort.Search(int(step/time.Second), func(s int) bool {
			return !sameClock(a, a.Add(time.Duration(s)*time.Second))
		})
		out = append(out, a.Add(time.Duration(n)*time.Second))
	}
	return out
}

func sameClock(a, b time.Time) bool {
	aName, aOffset := a.Zone()
	bName, bOffset := b.Zone()
	return aOffset == bOffset && aName == bName
}

// change describes the clock from the moment at on. What is daylight saving
// follows from the clock going forward: the zone data calls some winters so
// (Dublin), and calendars do not expect it.
func change(at time.Time) *ical.Component {
	before := at.Add(-time.Second)
	_, offsetFrom := before.Zone()
	name, offsetTo := at.Zone()
	kind := ical.CompTimezoneStandard
	if offsetTo > offsetFrom && (at.IsDST() || before.IsDST()) {
		kind = ical.CompTimezoneDaylight
	}
	// The onset is told in the local time that ends with it.
	onset := at.UTC().Add(time.Duration(offsetFrom) * time.Second).Format("20060102T150405")
	return observance(kind, name, onset, offsetFrom, offsetTo)
}

func observance(kind, name, onset string, offsetFrom, offsetTo int) *ical.Component {
	c := ical.NewComponent(kind)
	set := func(prop, value string) {
		p := ical.NewProp(prop)
		p.Value = value
		c.Props.Set(p)
	}
	set(ical.PropDateTimeStart, onset)
	set(ical.PropTimezoneOffsetFrom, utcOffset(offsetFrom))
	set(ical.PropTimezoneOffsetTo, utcOffset(offsetTo))
	c.Props.SetText(ical.PropTimezoneName, name)
	return c
}

func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}

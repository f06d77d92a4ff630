package models

import (
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zone rules travel with the program: bare machines have none
)

// zone is one offered zone; words are what a search finds it by.
type zone struct {
	name, country string
	words         []string
}

var zones = sync.OnceValue(func() []zone {
	var out []zone
	for line := range strings.Lines(zoneTable) {
		fields := strings.Fields(line)
		for _, name := range fields[1:] {
			words := Tokens(name + " " + zoneCities[name] + " " + fields[0])
			out = append(out, zone{name, fields[0], words})
		}
	}
	slices.SortFunc(out, func(a, b zone) int { return strings.Compare(a.name, b.name) })
	return out
})

// ZoneNames returns the IANA names that are offered for choice, in order.
func ZoneNames() []string {
	var out []string
	for _, z := range zones() {
		out = append(out, z.name)
	}
	return out
}

// SearchZones returns at most limit zone names for what was typed: parts of a
// zone's name, a larger city or a usual word of that zone, or a country's
// code. Zones whose own name begins so come first.
func SearchZones(typed string, limit int) []string {
	want := Tokens(typed)
	var first, rest []string
	for _, z := range zones() {
		if !slices.ContainsFunc(want, func(w string) bool { return !beginsAny(z.words, w) }) {
			if len(want) > 0 && beginsWord(zoneCity(z.name), strings.Join(want, "")) {
				first = append(first, z.name)
				continue
			}
			rest = append(rest, z.name)
		}
	}
	out := append(first, rest...)
	return out[:min(max(limit, 0), len(out))]
}

func beginsAny(words []string, beginning string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, beginning) })
}

// Zone returns the rules of an IANA zone. It returns an InvalidError for the
// field "zone" for a name that is none; the machine's own zone is nobody's.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return nil, Invalid("zone", "Choose a time zone.")
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" || strings.HasPrefix(name, "right/") || strings.HasPrefix(name, "posix/") {
		return nil, Invalid("zone", "There is no time zone “"+name+"”. Choose one from the list, such as America/New_York.")
	}
	return loc, nil
}

// twelveHourCountries are the United States and its territories, where times
// are told on a 12-hour clock.
var twelveHourCountries = []string{"US", "PR", "GU", "VI", "AS", "MP"}

// twelveHours reports whether times in the zone are told on a 12-hour clock.
func twelveHours(name string) bool {
	if strings.HasPrefix(name, "US/") {
		return true
	}
	i, ok := slices.BinarySearchFunc(zones(), name, func(z zone, name string) int { return strings.Compare(z.name, name) })
	return ok && slices.Contains(twelveHourCountries, zones()[i].country)
}

// zoneCity returns the place that names the zone: "New York".
func zoneCity(name string) string {
	if !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/") {
		return ""
	}
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

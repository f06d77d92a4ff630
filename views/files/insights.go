package files

import (
	"sync"
	"time"

	"rotunda/models"
)

// InsightRow returns how one insight is appended to a CSV under
// models.ExportColumns of the audience. The function may be called from several
// goroutines.
func InsightRow(a models.Audience) func(dst []byte, i models.Insight) []byte {
	return func(dst []byte, i models.Insight) []byte {
		cell := func(s string) { dst = append(AppendField(dst, s), ',') }
		dst = append(append(dst, i.ID().String()...), ',')
		dst = append(append(dst, i.RoundtableID().String()...), ',')
		cell(i.Roundtable())
		cell(i.HeldOn())
		cell(i.Item())
		cell(i.Kind().Key())
		cell(i.Text())
		if p := i.PrimaryPillar(); p != models.PillarNone {
			dst = append(dst, p.Name()...)
		}
		dst = append(dst, ',')
		cell(pillarList(i.PillarMask()))
		dst = append(appendCodes(dst, i.Actions()), ',')
		dst = append(appendCodes(dst, i.Fronts()), ',')
		dst = append(appendCodes(dst, i.Forums()), ',')
		dst = append(appendCodes(dst, i.Tags()), ',')
		cell(i.Regime().Name())
		cell(i.Attribution())
		dst = append(dst, i.State().Key()...)
		if a == models.Team {
			dst = append(dst, ',')
			cell(i.SpeakerName())
			cell(i.SpeakerTitle())
			cell(i.SpeakerOrganisation())
			cell(sectorName(i.SpeakerSector()))
			_, rapporteur := i.Rapporteur()
			cell(rapporteur)
			dst = append(dst, localTime(i.CapturedAt(), i.Zone())...)
		}
		return append(dst, '\r', '\n')
	}
}

// pillarLists holds the names of every set of pillars, in order.
var pillarLists = sync.OnceValue(func() *[1 << 5]string {
	var lists [1 << 5]string
	for mask := range lists {
		for n, p := range models.PillarsOf(mask) {
			if n > 0 {
				lists[mask] += "; "
			}
			lists[mask] += p.Name()
		}
	}
	return &lists
})

func pillarList(mask int) string {
	lists := pillarLists()
	return lists[mask&(len(lists)-1)]
}

func appendCodes(dst []byte, codes []models.CodeRef) []byte {
	switch len(codes) {
	case 0:
		return dst
	case 1:
		return AppendField(dst, codes[0].Name)
	}
	names := codes[0].Name
	for _, c := range codes[1:] {
		names += "; " + c.Name
	}
	return AppendField(dst, names)
}

func sectorName(s models.Sector) string {
	if s == models.SectorNone {
		return ""
	}
	return s.Name()
}

// localZones keeps the time zones of roundtables: reading one anew for every row
// would cost more than the row.
var localZones sync.Map

// localTime writes an instant as the roundtable's clock showed it.
func localTime(at models.Instant, zone string) string {
	if at.IsZero() {
		return ""
	}
	return at.In(zoneOf(zone)).Format(time.RFC3339)
}

// zoneOf returns a time zone by its name; what it does not know is UTC.
func zoneOf(zone string) *time.Location {
	loc, ok := localZones.Load(zone)
	if !ok {
		read, err := time.LoadLocation(zone)
		if err != nil {
			read = time.UTC
		}
		loc, _ = localZones.LoadOrStore(zone, read)
	}
	return loc.(*time.Location)
}

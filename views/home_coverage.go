package views

import (
	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// gapsListed is how many gaps are told beside the table; the letters in the
// table go on.
const gapsListed = 8

// homeCoverage writes the table. mayPlan offers a new roundtable for a gap.
func homeCoverage(c models.Coverage, mayPlan bool) *HomeCoverage {
	out := &HomeCoverage{
		Finding: c.Finding(), Empty: c.Empty(), AllHref: insightsBehind(c, models.PillarNone, models.LabelWithheld),
		Note:    "Insights by STEAD pillar and the sector of the speaker as you may know it, last 12 months, " + ui.Count(c.Rooms, "roundtable", "roundtables"),
		GapNote: "Gap: fewer than " + ui.Thousands(c.Gap),
	}
	if out.Empty {
		return out
	}
	letters := map[[2]int]string{}
	for i, g := range c.Gaps() {
		letters[[2]int{int(g.Pillar), int(g.Sector)}] = g.Letter
		if i < gapsListed {
			out.Gaps = append(out.Gaps, homeGap(c, g, mayPlan))
		}
	}
	if n := len(letters) - len(out.Gaps); n > 0 {
		out.MoreGaps = "and " + ui.Count(n, "more gap", "more gaps") + " in the table"
	}
	out.Heat = ui.Heat{Caption: "Insights by pillar and sector, last 12 months", Sectors: models.Sectors}
	for _, l := range c.Columns()[len(models.Sectors):] {
		out.Heat.Extra = append(out.Heat.Extra, extraColumns[l])
	}
	for _, p := range c.Pillars() {
		row := ui.HeatRow{Pillar: p}
		for _, l := range c.Columns() {
			row.Cells = append(row.Cells, homeCell(c, p, l, letters[[2]int{int(p), int(l)}]))
		}
		out.Heat.Rows = append(out.Heat.Rows, row)
	}
	return out
}

// extraColumns are the heads of what tells less than a sector.
var extraColumns = map[models.Label]ui.HeatExtra{
	models.LabelGovernment:    {Mark: "GD", Name: "Government"},
	models.LabelNonGovernment: {Mark: "NG", Name: "Non-gov’t"},
	models.LabelDescriptor:    {Mark: "“”", Name: "Described"},
	models.LabelNone:          {Mark: "–", Name: "No attribution"},
}

func homeCell(c models.Coverage, p models.Pillar, l models.Label, gap string) ui.HeatCell {
	n := c.N(p, l)
	label := p.Name() + ", " + l.Name() + ": " + ui.Count(n, "insight", "insights")
	if gap != "" {
		label += ", gap " + gap
	}
	return ui.HeatCell{Value: ui.Thousands(n), Href: insightsBehind(c, p, l), Label: label, Step: ui.HeatStep(n), Gap: gap}
}

func homeGap(c models.Coverage, g models.CoverageGap, mayPlan bool) ui.Gap {
	out := ui.Gap{Letter: g.Letter, Text: g.Sector.Name() + " on " + g.Pillar.Name(), Note: "No insight yet."}
	if g.N > 0 {
		out.Note = ui.Count(g.N, "insight", "insights") + "."
	}
	if seek, ok := c.Seeks[g.Sector]; ok {
		out.Note += " " + shortDay(seek.Starts, seek.Zone) + " seeks " + ui.Thousands(seek.Target) + " from this sector."
		out.Action, out.Href = "Guests", urls.With(urls.Guests(seek.Room), "sector", g.Sector.Key())
	} else if mayPlan {
		out.Note += " No roundtable planned seeks this sector."
		out.Action, out.Href = "Plan", urls.RoundtableNewPath
	}
	return out
}

// shortDay is a day of the months ahead: "Dec 1".
func shortDay(at models.Instant, zone string) string {
	loc, err := models.Zone(zone)
	if err != nil {
		return ""
	}
	return at.In(loc).Format("Jan 2")
}

// insightsBehind is the list of the insights that a cell counts, or of all
// that the table counts.
func insightsBehind(c models.Coverage, p models.Pillar, l models.Label) string {
	f := models.InsightFilter{Since: c.Since}
	if l.Level() != models.Withheld {
		pillar := models.NoPillar
		if p != models.PillarNone {
			pillar = p.Letter()
		}
		f = f.With(models.FacetPillar, pillar).With(models.FacetLabel, l.Key())
	}
	return urls.InsightsPath + "?" + f.Values().Encode()
}

// insightsIn is the list of a roundtable's insights, narrowed down by one
// facet.
func insightsIn(room models.ID, facet models.Facet, key string) string {
	f := models.InsightFilter{}.With(models.FacetRoundtable, room.String()).With(facet, key)
	return urls.InsightsPath + "?" + f.Values().Encode()
}

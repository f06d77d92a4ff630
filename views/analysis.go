package views

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// AnalysisPage is a table of any two dimensions with pictures beside it.
type AnalysisPage struct {
	Page
	Rows, Columns, Measures, Periods, Series []ui.Option
	Row, Column, Measure, Period, One        string
	Rooms                                    []ui.Option
	Room                                     string

	Finding, Note string
	Empty         bool
	Table         CrossTable
	KeyTitle      string
	KeyWords      string
	GapNote       string
	Gaps          []ui.Gap
	MoreGaps      string
	Files         AnalysisFiles

	TrendTitle  string
	TrendFiles  AnalysisFiles
	Trend       []TrendChart
	TrendTable  CrossTable
	Meet        CrossTable
	MeetNote    string
	MeetFiles   AnalysisFiles
	Bars        []BarTable
	Unheard     []UnheardRow
	UnheardHref string
	Dissent     []DissentRow
	DissentHref string
	Stands      []StandRow
}

// AnalysisFiles are the addresses of one table as a file: empty for who may not
// export. Name is what the picture is saved as.
type AnalysisFiles struct{ CSV, SVG, Name string }

// UnheardRow is a sector that was hardly heard.
type UnheardRow struct {
	Sector        models.Sector
	Name          string
	On, Plan, Ask string // Ask names the link for those who hear it
}

// DissentRow is an insight that disagrees.
type DissentRow struct {
	Text, Href, By       string
	Against, AgainstHref string // the insight that it speaks against
}

// StandRow is a theme with how many are behind it, and what contradicts it.
type StandRow struct {
	Statement, Href string
	Counts          []string // "3 support: several participants"
	From            []string // where the support comes from
	Against         []DissentRow
	More            string // how many more contradict it
}

// CrossTable is a table of counts with heads of any kind.
type CrossTable struct {
	Caption, Corner string
	Heads           []CrossHead
	Rows            []CrossRow
	Totals          []string // of each column and, last, of all; empty shows none
}

// CrossHead is the head of a row or column: a pillar's or a sector's mark
// stands before its name.
type CrossHead struct {
	Name   string
	Pillar models.Pillar
	Sector models.Sector
}

// CrossRow is one row of a CrossTable.
type CrossRow struct {
	Head  CrossHead
	Cells []ui.HeatCell
	Total string
}

// TrendChart is one pillar by month as a line.
type TrendChart struct {
	Pillar                      models.Pillar
	Letter, Total, Label        string
	Area, Line                  string // points
	LastX, LastY, LastTextY     string
	Last, Peak, PeakX, PeakY    string
	First, End, FirstX, FinishX string
}

// BarTable is one dimension as bars.
type BarTable struct {
	ID, Title string
	Files     AnalysisFiles
	Rows      []BarRow
}

// BarRow is one bar; N of Most.
type BarRow struct {
	Name, Href, Words string
	N, Most           int
}

// NewAnalysisPage writes what was counted. mayPlan offers a new roundtable for
// a gap, mayExport the tables as files.
func NewAnalysisPage(page Page, a models.Analysis, gap int, mayPlan, mayExport bool) AnalysisPage {
	q := a.Cross.Query
	p := AnalysisPage{
		Page: page, Row: q.Rows.Key(), Column: q.Columns.Key(), Measure: q.Measure.Key(),
		Measures: []ui.Option{{Label: "Insights"}, {Value: "row", Label: "Share of the row"}, {Value: "column", Label: "Share of the column"}},
		Finding:  a.Cross.Finding(gap), Empty: a.Cross.Taggings == 0, Note: analysisNote(a), GapNote: "Gap: fewer than " + ui.Thousands(gap),
		KeyWords: "1–7 · 8–19 · 20–34 · 35–49 · 50+",
	}
	p.KeyTitle = "Insights per cell"
	switch {
	case q.Measure.IsShare():
		p.KeyWords = "1–7% · 8–19% · 20–34% · 35–49% · 50%+"
	case q.Measure == models.CountSpeakers:
		p.KeyTitle = "Speakers per cell"
	}
	p.choices(a)
	gaps := a.Cross.Gaps(gap)
	for i, g := range gaps {
		if i == gapsListed {
			p.MoreGaps = "and " + ui.Count(len(gaps)-gapsListed, "more gap", "more gaps") + " in the table"
			break
		}
		p.Gaps = append(p.Gaps, crossGap(a.Cross, g, mayPlan))
	}
	p.Table = crossTable(a.Cross, a.SeriesRooms, gaps)
	p.TrendTitle, p.Trend, p.TrendTable = trendTitle(a.Trend), trendCharts(a.Trend), crossTable(a.Trend, a.SeriesRooms, nil)
	p.Meet, p.MeetNote = meetTable(a.Meet), meetNote(a.Meet)
	p.Bars = []BarTable{
		barTable("fronts", "Strategic fronts", a.Fronts, a.SeriesRooms), barTable("forums", "Alliances and forums", a.Forums, a.SeriesRooms),
		barTable("kinds", "Kinds", a.Kind, a.SeriesRooms),
	}
	if mayExport {
		// A file holds what all staff may read: no speakers.
		if q.Measure != models.CountSpeakers {
			p.Files = analysisFiles(q, "")
		}
		p.TrendFiles, p.MeetFiles = analysisFiles(q, "trend"), analysisFiles(q, "meet")
		for i := range p.Bars {
			p.Bars[i].Files = analysisFiles(q, p.Bars[i].ID)
		}
	}
	p.UnheardHref = urls.Unheard(q)
	for _, g := range a.SectorGaps(gap) {
		p.Unheard = append(p.Unheard, unheardRow(g, mayPlan))
	}
	return p
}

// choices fills in what the form over the table offers.
func (p *AnalysisPage) choices(a models.Analysis) {
	q := a.Cross.Query
	if a.SpeakersOffered {
		p.Measures = append(p.Measures, ui.Option{Value: models.CountSpeakers.Key(), Label: "Distinct speakers"})
	}
	if q.Series != 0 {
		p.One = q.Series.String()
	}
	p.Rooms = []ui.Option{{Label: "All roundtables"}}
	for _, r := range a.Listed {
		p.Rooms = append(p.Rooms, ui.Option{Value: r.ID.String(), Label: r.Title})
	}
	if q.Roundtable != 0 {
		p.Room = q.Roundtable.String()
		if len(a.Listed) == 0 {
			p.Rooms = append(p.Rooms, ui.Option{Value: p.Room, Label: "This roundtable"})
		}
	}
	for _, d := range models.Dimensions {
		p.Rows = append(p.Rows, ui.Option{Value: d.Key(), Label: d.Name()})
	}
	p.Columns = append(append(p.Columns, p.Rows...), ui.Option{Value: models.DimMonth.Key(), Label: models.DimMonth.Name()},
		ui.Option{Value: models.DimRoundtable.Key(), Label: models.DimRoundtable.Name()})
}

func analysisFiles(q models.AnalysisQuery, table string) AnalysisFiles {
	name := "analysis"
	if table != "" {
		name += "-" + table
	}
	return AnalysisFiles{CSV: urls.AnalysisExport(q, table), SVG: urls.AnalysisPicture(q, table), Name: name}
}

// unheardRow says on what a sector was hardly heard.
func unheardRow(g models.SectorGap, mayPlan bool) UnheardRow {
	out := UnheardRow{Sector: g.Sector, Name: g.Sector.Name(), Ask: "Plan a roundtable with " + g.Sector.Name()}
	var words, names []string
	for _, on := range g.On {
		words = append(words, on.Name+" ("+ui.Thousands(on.N)+")")
		names = append(names, on.Name)
	}
	out.On = strings.Join(words, ", ")
	if mayPlan {
		out.Plan = urls.PlanRoundtable("Hearing from "+out.Name, "So far hardly heard from "+out.Name+": "+strings.Join(names, ", ")+".", g.Sector)
	}
	return out
}

func analysisNote(a models.Analysis) string {
	if a.Cross.Query.Measure == models.CountSpeakers {
		return ui.Count(a.Cross.Insights, "person", "people") + " spoke at " + ui.Count(a.Rooms, "roundtable", "roundtables") +
			" of your team, each counted once in a cell, a row and a column. Only the team may know this. Choose a number to read what was said."
	}
	out := ui.Count(a.Cross.Insights, "insight", "insights") + " from " + ui.Count(a.Rooms, "roundtable", "roundtables") + ", as you may read them."
	if a.Cross.Taggings != a.Cross.Insights && a.Cross.Query.Rows != a.Cross.Query.Columns {
		out = ui.Count(a.Cross.Taggings, "tagging", "taggings") + " of " + out + " An insight with two marks counts under both."
	}
	if a.Cross.LeftOut > 0 {
		out += " " + ui.Count(a.Cross.LeftOut, "row or column", "rows and columns") + " with fewer insights left out."
	}
	return out + " Choose a number to read what it counts."
}

func headOf(d models.Dimension, k models.CrossKey) CrossHead {
	h := CrossHead{Name: k.Name}
	switch d {
	case models.DimPillar:
		h.Pillar = models.Pillar(k.Number)
	case models.DimSector:
		if l := models.Label(k.Number); l.Level() == models.SectorLevel {
			h.Sector = l.Sector()
		}
	}
	return h
}

func crossTable(c models.Cross, rooms []models.ID, gaps []models.CrossGap) CrossTable {
	letters := map[[2]int]string{}
	for _, g := range gaps {
		letters[[2]int{g.Row, g.Column}] = g.Letter
	}
	q := c.Query
	t := CrossTable{Caption: q.Rows.Name() + " by " + strings.ToLower(q.Columns.Name()), Corner: q.Rows.Name()}
	for _, k := range c.Columns {
		t.Heads = append(t.Heads, headOf(q.Columns, k))
		t.Totals = append(t.Totals, ui.Thousands(k.N))
	}
	t.Totals = append(t.Totals, ui.Thousands(c.Taggings))
	for r, row := range c.Rows {
		line := CrossRow{Head: headOf(q.Rows, row), Total: ui.Thousands(row.N)}
		for k := range c.Columns {
			line.Cells = append(line.Cells, crossCell(c, r, k, rooms, letters[[2]int{r, k}]))
		}
		t.Rows = append(t.Rows, line)
	}
	if q.Rows == q.Columns {
		t.Totals = nil // each pair stands twice
	}
	return t
}

func crossCell(c models.Cross, r, k int, rooms []models.ID, gap string) ui.HeatCell {
	n := c.N[r][k]
	words := ui.Count(n, "insight", "insights")
	if c.Query.Measure == models.CountSpeakers {
		words = ui.Count(n, "speaker", "speakers")
	}
	cell := ui.HeatCell{Value: ui.Thousands(n), Step: ui.HeatStep(n), Gap: gap, Label: c.Rows[r].Name + ", " + c.Columns[k].Name + ": " + words}
	if c.Query.Measure.IsShare() {
		share := c.Share(r, k)
		cell.Value, cell.Step = strconv.Itoa(share)+"%", ui.HeatStep(share)
		cell.Label += ", " + cell.Value
	}
	if gap != "" {
		cell.Label += ", gap " + gap
	}
	if f, ok := c.Filter(r, k, rooms); ok {
		cell.Href = urls.InsightsPath + "?" + f.Values().Encode()
	}
	return cell
}

func crossGap(c models.Cross, g models.CrossGap, mayPlan bool) ui.Gap {
	row, column := c.Rows[g.Row].Name, c.Columns[g.Column].Name
	out := ui.Gap{Letter: g.Letter, Text: column + " on " + row, Note: "No insight yet."}
	if g.N > 0 {
		out.Note = ui.Count(g.N, "insight", "insights") + "."
	}
	if mayPlan {
		out.Action = "Plan"
		out.Href = urls.PlanRoundtable(row+": hearing from "+column, "Hear what "+column+" has to say about "+row+".",
			models.Label(c.Columns[g.Column].Number).Sector())
	}
	return out
}

// meetTable is the lower half of pillars by pillars.
func meetTable(c models.Cross) CrossTable {
	t := CrossTable{Caption: "Insights with both pillars", Corner: "Pillar"}
	pillars := len(models.Pillars)
	if len(c.Rows) < pillars {
		return t
	}
	for _, k := range c.Columns[:pillars-1] {
		t.Heads = append(t.Heads, headOf(models.DimPillar, k))
	}
	for r := 1; r < pillars; r++ {
		line := CrossRow{Head: headOf(models.DimPillar, c.Rows[r])}
		for k := range r {
			line.Cells = append(line.Cells, crossCell(c, r, k, nil, ""))
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func meetNote(c models.Cross) string {
	r, k, ok := c.Largest()
	if !ok {
		return "No insight carries two pillars yet."
	}
	return c.Rows[r].Name + " and " + c.Columns[k].Name + " meet most (" + ui.Thousands(c.N[r][k]) + ")."
}

// barTable shows how many insights carry each key: the diagonal of a dimension
// with itself.
func barTable(id, title string, c models.Cross, rooms []models.ID) BarTable {
	t := BarTable{ID: id, Title: title}
	most := 1
	for r := range c.Rows {
		most = max(most, c.N[r][r])
	}
	for r, row := range c.Rows {
		n := c.N[r][r]
		bar := BarRow{Name: row.Name, N: n, Most: most, Words: ui.Thousands(n)}
		if f, ok := c.Filter(r, r, rooms); ok {
			bar.Href = urls.InsightsPath + "?" + f.Values().Encode()
		}
		t.Rows = append(t.Rows, bar)
	}
	slices.SortStableFunc(t.Rows, func(a, b BarRow) int { return cmp.Compare(b.N, a.N) })
	return t
}

// fittingHeads is how many columns a page has room for with their names whole.
const fittingHeads = 10

// tallHeat is the class of the table, by its columns: many of them keep the
// width of their names and scroll.
func tallHeat(columns int) string {
	if columns > fittingHeads {
		return "heat heat--tall heat--many"
	}
	return "heat heat--tall"
}

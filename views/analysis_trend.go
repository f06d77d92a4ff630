package views

import (
	"strconv"
	"strings"

	"rotunda/models"
	"rotunda/views/ui"
)

// The frame of one small picture: months run from left to right, and the
// highest month of all pillars reaches the top.
const (
	trendLeft, trendRight = 6, 168
	trendTop, trendBase   = 16, 76
)

func trendTitle(c models.Cross) string {
	r, k, ok := c.Largest()
	if !ok {
		return "Nothing was heard in this time"
	}
	return c.Rows[r].Name + " peaked in " + c.Columns[k].Name
}

// trendCharts draws the pillars by month, all to one scale.
func trendCharts(c models.Cross) []TrendChart {
	most := 1
	for r := range c.Rows {
		for _, n := range c.N[r] {
			most = max(most, n)
		}
	}
	var out []TrendChart
	for r, row := range c.Rows {
		if row.Number != 0 && len(c.Columns) > 0 {
			out = append(out, trendChart(row, c.Columns, c.N[r], most))
		}
	}
	return out
}

func trendChart(row models.CrossKey, months []models.CrossKey, counts []int, most int) TrendChart {
	x := func(i int) string {
		if len(counts) < 2 {
			return point(trendRight)
		}
		return point(trendLeft + float64(i)*(trendRight-trendLeft)/float64(len(counts)-1))
	}
	y := func(n int) float64 { return trendBase - float64(n)*(trendBase-trendTop)/float64(most) }
	var points, words []string
	peak := 0
	for i, n := range counts {
		points = append(points, x(i)+","+point(y(n)))
		words = append(words, strconv.Itoa(n))
		if n > counts[peak] {
			peak = i
		}
	}
	last := len(counts) - 1
	p := models.Pillar(row.Number)
	t := TrendChart{
		Pillar: p, Letter: strings.ToLower(p.Letter()), Total: ui.Thousands(row.N), Line: strings.Join(points, " "),
		Label: row.Name + ", insights a month, " + months[0].Name + " to " + months[last].Name + ": " + strings.Join(words, ", "),
		LastX: x(last), LastY: point(y(counts[last])), LastTextY: point(y(counts[last]) + 4), Last: ui.Thousands(counts[last]),
		First: months[0].Name, FirstX: x(0), End: months[last].Name, FinishX: x(last),
	}
	t.Area = x(0) + "," + point(trendBase) + " " + t.Line + " " + x(last) + "," + point(trendBase)
	if peak != last && counts[peak] > 0 {
		t.Peak, t.PeakX, t.PeakY = ui.Thousands(counts[peak]), x(peak), point(y(counts[peak])-6)
	}
	return t
}

func point(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

package urls

import (
	"strings"

	"rotunda/models"
)

// The analysis.
const (
	AnalysisPath       = "/analysis"
	AnalysisExportPath = "/analysis/export"
	UnheardPath        = "/analysis/unheard"
)

// Analysis is the page that answers a query.
func Analysis(q models.AnalysisQuery) string { return AnalysisPath + "?" + q.Values().Encode() }

// Unheard is the page of the topics on which somebody was not heard, in the
// rooms and the time of a query.
func Unheard(q models.AnalysisQuery) string { return UnheardPath + "?" + q.Values().Encode() }

// AnalysisExport is one of the page's tables as a file: the one that was asked
// for, or "trend", "meet", "fronts", "forums", "kinds".
func AnalysisExport(q models.AnalysisQuery, table string) string {
	v := q.Values()
	if table != "" {
		v.Set("table", table)
	}
	return AnalysisExportPath + "?" + v.Encode()
}

// AnalysisPicture is the same table as a picture, in SVG.
func AnalysisPicture(q models.AnalysisQuery, table string) string {
	return AnalysisExport(q, table) + "&as=svg"
}

// PlanRoundtable is the form for a new roundtable with a title and objectives
// in it, which proposes guests of some sectors.
func PlanRoundtable(title, objectives string, from ...models.Sector) string {
	keys := make([]string, len(from))
	for i, s := range from {
		keys[i] = s.Key()
	}
	return With(RoundtableNewPath, "title", title, "objectives", objectives, "hear", strings.Join(keys, ","))
}

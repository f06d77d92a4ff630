package urls

import "rotunda/models"

// The analysis.
const (
	AnalysisPath       = "/analysis"
	AnalysisExportPath = "/analysis/export"
)

// Analysis is the page that answers a query.
func Analysis(q models.AnalysisQuery) string { return AnalysisPath + "?" + q.Values().Encode() }

// AnalysisExport is one of the page's tables as a file: the one that was asked
// for, or "trend", "meet", "fronts", "forums", "kinds".
func AnalysisExport(q models.AnalysisQuery, table string) string {
	v := q.Values()
	if table != "" {
		v.Set("table", table)
	}
	return AnalysisExportPath + "?" + v.Encode()
}

// PlanRoundtable is the form for a new roundtable with a title and objectives
// in it.
func PlanRoundtable(title, objectives string) string {
	return With(RoundtableNewPath, "title", title, "objectives", objectives)
}

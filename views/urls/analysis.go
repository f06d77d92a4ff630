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

// AnalysisPicture is the same table as a picture, in SVG.
func AnalysisPicture(q models.AnalysisQuery, table string) string {
	return AnalysisExport(q, table) + "&as=svg"
}

// PlanRoundtable is the form for a new roundtable with a title and objectives
// in it, which proposes guests of a sector.
func PlanRoundtable(title, objectives string, from models.Sector) string {
	return With(RoundtableNewPath, "title", title, "objectives", objectives, "hear", from.Key())
}

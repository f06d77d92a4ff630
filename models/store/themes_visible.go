package store

import "rotunda/models"

// readsThemes reports whether themes exist for the viewer at all: for the
// institute's own accounts and for jobs, unless they read as partners or as the
// public.
func readsThemes(v models.Viewer) bool {
	open := v.Reach().Open
	return models.Can(v, models.ReadAsStaff) && (open == models.Team || open == models.Staff)
}

// behindThemes returns the condition under which every roundtable behind some
// insights exists for the viewer. from selects from theme_insights vi, with
// the insight as vx and the roundtable as vr, and says which.
func behindThemes(v models.Viewer, from sqlText) condition {
	switch {
	case !readsThemes(v):
		return condition{cond: "1 = 0"}
	case v.IsSystem() && !v.Shut():
		return condition{cond: "1 = 1"}
	case v.IsSystem():
		return condition{cond: "NOT EXISTS (SELECT 1 FROM " + from + " AND NOT (vr.private = FALSE AND vr.regime BETWEEN 1 AND 4))"}
	}
	rooms := visibleRooms(v, "vr")
	return condition{cond: "NOT EXISTS (SELECT 1 FROM " + from + " AND NOT " + rooms.cond + ")", args: rooms.args}
}

const (
	behindTheme sqlText = `theme_insights vi JOIN insights vx ON vx.seq = vi.insight_seq
		JOIN roundtables vr ON vr.id = vx.roundtable_id WHERE vi.theme_id = `
	behindRecommendation sqlText = `recommendation_themes vt JOIN theme_insights vi ON vi.theme_id = vt.theme_id
		JOIN insights vx ON vx.seq = vi.insight_seq JOIN roundtables vr ON vr.id = vx.roundtable_id WHERE vt.recommendation_id = `
)

// visibleThemes returns the condition under which a row of themes, called alias
// in the query, exists for the viewer: for staff, where every roundtable behind
// its insights does. Partners, guests and the public have no themes. alias is a
// constant of the caller.
func visibleThemes(v models.Viewer, alias sqlText) condition {
	return behindThemes(v, behindTheme+alias+".id")
}

// visibleThroughThemes is visibleThemes for a row of recommendations: every
// roundtable behind every theme of it exists for the viewer.
func visibleThroughThemes(v models.Viewer, alias sqlText) condition {
	return behindThemes(v, behindRecommendation+alias+".id")
}

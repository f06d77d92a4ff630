package store

import "rotunda/models"

// readsThemes reports whether themes exist for the viewer at all: for the
// institute's own accounts and for jobs, unless they read as partners or as the
// public.
func readsThemes(v models.Viewer) bool {
	open := v.Reach().Open
	return models.Can(v, models.ReadAsStaff) && (open == models.Team || open == models.Staff)
}

// roomsOfThemes selects the roundtables that themes were written on: those of
// their insights, and those whose insights were taken out again, for the words
// were written with them. which says of a theme's id which themes; it stands in
// the query twice.
func roomsOfThemes(which sqlText) sqlText {
	return "SELECT vx.roundtable_id FROM theme_insights vi JOIN insights vx ON vx.seq = vi.insight_seq WHERE vi.theme_id " + which +
		" UNION SELECT vk.roundtable_id FROM theme_rooms vk WHERE vk.theme_id " + which
}

// roomsOfRecommendations is roomsOfThemes for recommendations, through their
// themes and through those they drew on before; which stands in it three times.
func roomsOfRecommendations(which sqlText) sqlText {
	return roomsOfThemes("IN (SELECT vt.theme_id FROM recommendation_themes vt WHERE vt.recommendation_id "+which+")") +
		" UNION SELECT vq.roundtable_id FROM recommendation_rooms vq WHERE vq.recommendation_id " + which
}

// roomsOfBriefs is roomsOfThemes for briefs, through their themes and
// recommendations and through those that were in them before; which stands in
// it six times. The roundtable that a brief is made from is not in it.
func roomsOfBriefs(which sqlText) sqlText {
	return roomsOfThemes("IN (SELECT vb.theme_id FROM brief_themes vb WHERE vb.brief_id "+which+")") +
		" UNION " + roomsOfRecommendations("IN (SELECT vc.recommendation_id FROM brief_recommendations vc WHERE vc.brief_id "+which+")") +
		" UNION SELECT vd.roundtable_id FROM brief_rooms vd WHERE vd.brief_id " + which
}

// behindThemes returns the condition under which every roundtable that rooms
// selects exists for the viewer.
func behindThemes(v models.Viewer, rooms sqlText) condition {
	none := "NOT EXISTS (SELECT 1 FROM roundtables vr WHERE vr.id IN (" + rooms + ") AND NOT "
	switch {
	case !readsThemes(v):
		return condition{cond: "1 = 0"}
	case v.IsSystem() && !v.Shut():
		return condition{cond: "1 = 1"}
	case v.IsSystem():
		return condition{cond: none + "(vr.private = FALSE AND vr.regime BETWEEN 1 AND 4))"}
	}
	visible := visibleRooms(v, "vr")
	return condition{cond: none + visible.cond + ")", args: visible.args}
}

// visibleThemes returns the condition under which a row of themes, called alias
// in the query, exists for the viewer: for staff, where every roundtable behind
// it does. Partners, guests and the public have no themes. alias is a constant
// of the caller.
func visibleThemes(v models.Viewer, alias sqlText) condition {
	return behindThemes(v, roomsOfThemes("= "+alias+".id"))
}

// visibleThroughThemes is visibleThemes for a row of recommendations: every
// roundtable behind it exists for the viewer.
func visibleThroughThemes(v models.Viewer, alias sqlText) condition {
	return behindThemes(v, roomsOfRecommendations("= "+alias+".id"))
}

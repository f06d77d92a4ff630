package store

import (
	"slices"

	"rotunda/models"
)

// keepThemeRooms keeps the roundtables of insights behind a theme that they are
// about to leave, where it is one of written.
func (t *tx) keepThemeRooms(theme models.ID, seqs []int64, written []models.ID) error {
	if !slices.Contains(written, theme) {
		return nil
	}
	return t.exec(`INSERT INTO theme_rooms (theme_id, roundtable_id) SELECT DISTINCT CAST(? AS BIGINT), i.roundtable_id FROM insights i WHERE i.seq IN ?
		ON CONFLICT DO NOTHING`, theme, seqs)
}

// drawnOn returns those of the themes that a recommendation or a brief draws
// on: other words were written on their insights than their own.
func (t *tx) drawnOn(themes []models.ID) (drawn []models.ID, err error) {
	return drawn, t.list(&drawn, `SELECT h.id FROM themes h WHERE h.id IN ? AND (EXISTS (SELECT 1 FROM recommendation_themes rt WHERE rt.theme_id = h.id)
		OR EXISTS (SELECT 1 FROM brief_themes bt WHERE bt.theme_id = h.id)) ORDER BY h.id`, themes)
}

// keepRecommendationRooms keeps the roundtables behind a recommendation, before
// it draws on other themes.
func (t *tx) keepRecommendationRooms(id models.ID) error {
	return t.exec("INSERT INTO recommendation_rooms (recommendation_id, roundtable_id) SELECT CAST(? AS BIGINT), r.id FROM roundtables r WHERE r.id IN ("+
		roomsOfRecommendations("= ?")+") ON CONFLICT DO NOTHING", id, id, id, id)
}

// keepBriefRooms keeps the roundtables behind a brief, before it is written on
// others.
func (t *tx) keepBriefRooms(id models.ID) error {
	return t.exec("INSERT INTO brief_rooms (brief_id, roundtable_id) SELECT CAST(? AS BIGINT), r.id FROM roundtables r WHERE r.id IN ("+
		roomsOfBriefs("= ?")+") ON CONFLICT DO NOTHING", id, id, id, id, id, id, id)
}

package store

import (
	"maps"
	"slices"

	"rotunda/models"
)

// Which publications p a change can reach: those that hold insights of some
// numbers, and those that tell of roundtables, or rest on them.
const (
	ofInsights sqlText = "p.id IN (SELECT pi.publication_id FROM publication_insights pi WHERE pi.insight_seq IN ?)"
	ofRooms    sqlText = "p.id IN (SELECT pr.publication_id FROM publication_rooms pr WHERE pr.roundtable_id IN ?)"
)

// publicationRooms keeps which roundtables a publication tells of or rests on.
func (t *tx) publicationRooms(publication models.ID, rooms []models.ID) error {
	var args []any
	for _, room := range rooms {
		args = append(args, publication, room)
	}
	return t.insertMany("INSERT INTO publication_rooms (publication_id, roundtable_id) VALUES ", "(?, ?)", 2, "", args)
}

// markViolations marks the publications of a condition that show more than may
// be shown now (T7).
func (t *tx) markViolations(cond sqlText, args ...any) error {
	var rows []publicationRow
	if err := t.list(&rows, "SELECT p.* FROM publications p WHERE p.withdrawn_ms = 0 AND p.violated_ms = 0 AND "+cond, args...); err != nil {
		return err
	}
	rows, err := t.violated(rows)
	if err != nil || len(rows) == 0 {
		return err
	}
	var ids []models.ID
	var log []auditRow
	for _, row := range rows {
		ids = append(ids, row.ID)
		log = append(log, auditRow{Action: "brief.violated", ObjectKind: "brief", Object: row.BriefID, Detail: map[string]any{"version": row.Version}})
	}
	if err := t.exec("UPDATE publications SET violated_ms = ? WHERE id IN ?", t.now, ids); err != nil {
		return err
	}
	return t.audit(log...)
}

// violated returns those of the publications that show more of an insight or of
// a roundtable than the public may be shown now.
func (t *tx) violated(rows []publicationRow) ([]publicationRow, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	frozen, insights, publications := make([]models.Publication, len(rows)), []models.ID{}, make([]models.ID, len(rows))
	for i, row := range rows {
		var err error
		if frozen[i], err = row.model(); err != nil {
			return nil, err
		}
		publications[i] = row.ID
		insights = append(insights, frozen[i].Manifest.InsightIDs...)
	}
	shown := map[models.ID]models.Insight{}
	for part := range slices.Chunk(distinct(insights), 500) {
		found, err := disclosedTo(t, thePublic(), t.now, "i.id IN ?", part)
		if err != nil {
			return nil, err
		}
		for _, i := range found {
			shown[i.ID()] = i
		}
	}
	rooms, behind, err := t.roomsOfPublications(publications)
	if err != nil {
		return nil, err
	}
	var out []publicationRow
	for i, row := range rows {
		if showsTooMuch(frozen[i].Content, shown) || tellsTooMuch(frozen[i].Content, behind[row.ID], rooms) {
			out = append(out, row)
		}
	}
	return out, nil
}

// roomsOfPublications reads the roundtables that publications tell of or rest
// on, and which those are of each.
func (t *tx) roomsOfPublications(publications []models.ID) (rooms map[models.ID]*roomState, behind map[models.ID][]models.ID, err error) {
	var rows []struct{ PublicationID, RoundtableID models.ID }
	if err := t.list(&rows, "SELECT publication_id, roundtable_id FROM publication_rooms WHERE publication_id IN ?", publications); err != nil {
		return nil, nil, err
	}
	rooms, behind = map[models.ID]*roomState{}, map[models.ID][]models.ID{}
	for _, r := range rows {
		rooms[r.RoundtableID] = nil
		behind[r.PublicationID] = append(behind[r.PublicationID], r.RoundtableID)
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(rooms)), recomputedAtOnce) {
		found, err := loadRooms(t, part)
		if err != nil {
			return nil, nil, err
		}
		for _, room := range found {
			rooms[room.id] = room
		}
	}
	return rooms, behind, nil
}

// showsTooMuch reports whether the content shows more of an insight than now
// does, which holds every insight that the public may see, as it may see it.
func showsTooMuch(c models.BriefContent, now map[models.ID]models.Insight) bool {
	for _, frozen := range c.Insights() {
		i, ok := now[frozen.ID]
		if frozen.Violates(i, ok) {
			return true
		}
	}
	return false
}

// tellsTooMuch reports whether a roundtable behind the content does not exist
// for the public any more, or the content tells more of it than may be told.
func tellsTooMuch(c models.BriefContent, behind []models.ID, rooms map[models.ID]*roomState) bool {
	for _, id := range behind {
		room := rooms[id]
		if room == nil || room.private || !models.ShowsRoundtable(room.facts.Regime, models.Public) {
			return true
		}
	}
	for _, m := range c.Meetings {
		if room := rooms[m.ID]; room != nil {
			heads, _ := room.publicHeads()
			if m.Violates(room.regime, heads) {
				return true
			}
		}
	}
	return false
}

package store

import (
	"rotunda/models"
)

// roomsLint is the lint of each of several roundtables, by id. They are not put
// together: who is alone in one may be one of many in another, and what was
// overruled for one says nothing of another.
type roomsLint struct {
	rooms   []models.ID
	linters map[models.ID]*models.Linter
}

// lintRooms reads once what linting for what everybody may read of the
// roundtables needs. Who was in a room on the record is no secret, unless they
// asked for one. The institute is named anyway.
func lintRooms(r reader, rooms []*roomState, institute string) (roomsLint, error) {
	out := roomsLint{linters: map[models.ID]*models.Linter{}}
	for _, room := range rooms {
		out.rooms = append(out.rooms, room.id)
	}
	rows, aliases, err := loadRoster(r, out.rooms)
	if err != nil {
		return out, err
	}
	in := map[models.ID][]rosterRow{}
	for _, row := range rows {
		in[row.RoundtableID] = append(in[row.RoundtableID], row)
	}
	for _, room := range rooms {
		named := models.NamesAttendees(room.facts.Regime, models.Public)
		keep := func(row rosterRow) bool { return !named || row.Preference > models.OnTheRecord }
		roster := rosterOf(in[room.id], aliases, keep, func(models.Sector) models.Label { return models.LabelNone })
		out.linters[room.id] = models.NewLinter(roster.Without(institute))
	}
	return out, nil
}

// codeStaysClean refuses texts of a code that would tell who was in a
// roundtable where released insights carry one of these codes: in roundtables
// whose team the viewer is on. In others nothing is refused, for a refusal
// would tell; there the words are a finding of their team's, which holds back
// further releases and publications. field is what the form calls it, where
// that is not the code's own.
func (t *tx) codeStaysClean(e models.CodeEntry, field string, carried ...models.ID) error {
	var ids []models.ID
	if err := t.list(&ids, `SELECT m.roundtable_id FROM team_members m WHERE m.account_id = ? AND EXISTS (SELECT 1 FROM insights i CROSS JOIN insight_codes k
			WHERE i.roundtable_id = m.roundtable_id AND i.state = ? AND i.deleted_ms = 0 AND k.insight_seq = i.seq AND k.code_id IN ?)
		ORDER BY m.roundtable_id`, t.viewer.Account(), models.Released, carried); err != nil || len(ids) == 0 {
		return err
	}
	rooms, err := loadRooms(t, ids)
	if err != nil {
		return err
	}
	institute, err := loadInstitute(t)
	if err != nil {
		return err
	}
	lint, err := lintRooms(t, rooms, institute.Name)
	if err != nil {
		return err
	}
	cleared, err := clearedOf(t, lintCode, e.ID)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		for _, text := range e.Texts() {
			for _, f := range lint.linters[room.id].LintCode(e.Kind, text.Text) {
				if cleared[held{Finding: f, kind: lintCode, id: e.ID, room: room.id}.key()] {
					continue
				}
				if field == "" {
					field = text.Field
				}
				return models.Invalid(field, "“"+f.Words+"” in "+text.Place+" "+f.Rule.Words()+" of “"+room.title+
					"”, where released insights would carry it. Write it without, or take those releases back first.")
			}
		}
	}
	return nil
}

// clearedOf reads the findings that were overruled in records of a kind.
func clearedOf(r reader, kind string, ids ...models.ID) (map[clearedKey]bool, error) {
	var rows []clearedKey
	out := map[clearedKey]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	err := r.list(&rows, "SELECT object_kind, object_id, mark FROM cleared_findings WHERE object_kind = ? AND object_id IN ?", kind, ids)
	for _, c := range rows {
		out[c] = true
	}
	return out, err
}

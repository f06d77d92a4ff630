package store

import (
	"slices"

	"rotunda/models"
)

// mostSpoken is up to how many insights the people behind them are counted:
// somebody speaks at many roundtables, so that counts kept by roundtable do not
// add up.
const mostSpoken = 4000

// offersSpeakers reports whether the reader may know how many people spoke: in
// every roundtable that is counted they read as its team. It follows from the
// roundtables and from how much was said in them.
func (a *analysing) offersSpeakers() bool {
	for _, r := range a.order {
		if r.scope != scopeTeam {
			return false
		}
	}
	return len(a.order) > 0 && a.cells[models.MeetingOf(models.DimPillar, models.DimPillar)].insights <= mostSpoken
}

// spoken reads who said what in the chosen roundtables: of each combination of
// marks once. It is asked for after offersSpeakers alone. What was said off the
// record has no speaker.
func (a *analysing) spoken(book models.Codebook) ([]models.Spoken, error) {
	ids := make([]models.ID, len(a.order))
	for i, r := range a.order {
		ids[i] = r.id
	}
	var out []models.Spoken
	codes := map[string][]models.CodeEntry{}
	for part := range slices.Chunk(ids, mostNamed) {
		rows, err := a.s.rows(a.ctx, `SELECT DISTINCT i.roundtable_id, g.person_id, i.pillar_mask, i.kind, i.team_sector, i.code_ids
			FROM insights i JOIN insight_speakers sp ON sp.insight_seq = i.seq JOIN guests g ON g.id = sp.guest_id
			WHERE i.roundtable_id IN ? AND i.deleted_ms = 0 AND i.state <> ? AND i.regime BETWEEN 1 AND 4`, part, models.Struck)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var s models.Spoken
			var room, person int64
			var carried string
			if err := rows.Scan(&room, &person, &s.PillarMask, &s.Kind, &s.Sector, &carried); err != nil {
				_ = rows.Close()
				return nil, err
			}
			r := a.byID[models.ID(room)]
			s.Person, s.Room = models.ID(person), models.CrossRoom{ID: r.id, Title: r.title, Month: r.month}
			if _, known := codes[carried]; !known {
				codes[carried] = entriesOf(carried, book)
			}
			s.Codes = codes[carried]
			out = append(out, s)
		}
		err = rows.Err()
		_ = rows.Close()
		if err != nil {
			return nil, mapped(err)
		}
	}
	return out, nil
}

// entriesOf returns the codes that code_ids names, as insights carry them.
func entriesOf(codeIDs string, book models.Codebook) []models.CodeEntry {
	ids := decodeCodes(codeIDs)
	var out []models.CodeEntry
	for _, e := range book {
		if slices.Contains(ids, e.ID) {
			out = append(out, e)
		}
	}
	return out
}

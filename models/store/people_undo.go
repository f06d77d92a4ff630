package store

import (
	"encoding/json"

	"rotunda/models"
)

// personUndo is what taking back an act on a person needs: when it was done,
// to see whether somebody changed the person since, and what was there before.
type personUndo struct {
	Person models.ID           `json:"person"`
	At     models.Instant      `json:"at,omitempty"`
	Before *models.PersonInput `json:"before,omitempty"`
}

func init() {
	undoVerbs["person.create"] = takeBackPerson(func(t *tx, r personRow, _ personUndo) error { return t.removePerson(r.ID) })
	undoVerbs["person.update"] = takeBackPerson(func(t *tx, r personRow, u personUndo) error { return t.restorePerson(r, *u.Before) })
	undoVerbs["person.archive"] = takeBackPerson(func(t *tx, r personRow, _ personUndo) error { return t.archivePerson(r.ID, false) })
	undoVerbs["person.restore"] = takeBackPerson(func(t *tx, r personRow, _ personUndo) error { return t.archivePerson(r.ID, true) })
}

func takeBackPerson(back func(*tx, personRow, personUndo) error) undoFunc {
	return func(t *tx, row undoRow) error {
		if !models.Can(t.viewer, models.EditPeople) { // the right may be gone since
			return models.ErrForbidden
		}
		var u personUndo
		if err := json.Unmarshal([]byte(row.Payload), &u); err != nil {
			return err
		}
		r, err := t.person(u.Person)
		if err != nil {
			return err
		}
		if u.At != 0 && r.UpdatedMs != u.At {
			return models.ErrConflict
		}
		return back(t, r, u)
	}
}

// restorePerson writes what was said of a person before.
func (t *tx) restorePerson(r personRow, before models.PersonInput) error {
	org, err := t.matchOrganisation(before.Organisation)
	if err != nil {
		return err
	}
	r.restore(before, org, t.now)
	return t.writePerson(&r)
}

// restore puts what was said of a person before into the row.
func (r *personRow) restore(before models.PersonInput, org orgMatch, now models.Instant) {
	r.fill(before, org)
	r.UpdatedMs = max(now, r.UpdatedMs+1)
}

// removePerson deletes a person who is used nowhere yet; models.ErrConflict
// where a guest list or an agenda already names them.
func (t *tx) removePerson(id models.ID) error {
	n, err := t.affected("DELETE FROM people WHERE id = ? AND NOT EXISTS (SELECT 1 FROM guests WHERE person_id = people.id)"+
		" AND NOT EXISTS (SELECT 1 FROM agenda_items WHERE lead_person_id = people.id)", id)
	if err != nil {
		return err
	}
	if n == 0 {
		return models.ErrConflict
	}
	if t.s.dialect == postgresDialect {
		return nil // the search row went with the person
	}
	return t.exec("DELETE FROM people_search WHERE rowid = ?", id)
}

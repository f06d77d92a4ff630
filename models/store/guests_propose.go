package store

import (
	"context"

	"rotunda/models"
)

// ProposeGuest puts somebody whom a co-host names on the list, as shortlisted:
// the host invites, or does not. The co-host learns nothing of the directory:
// who is in it already under the same name and address is taken from there
// unseen. Needs models.ProposeGuests.
func (s *Store) ProposeGuest(ctx context.Context, v models.Viewer, room models.ID, in models.PersonInput) error {
	in = models.PersonInput{
		Given: in.Given, Family: in.Family, Full: in.Full, Email: in.Email, Position: in.Position, Organisation: in.Organisation,
		Sector: in.Sector, Country: in.Country,
	}
	in, _, err := in.Clean()
	if err != nil {
		return err
	}
	if in.Email == "" {
		return models.Invalid("email", "Give the guest’s e-mail address.")
	}
	return s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.ProposeGuests)
		if err != nil {
			return err
		}
		person, err := t.proposedPerson(in)
		if err != nil {
			return err
		}
		var there int
		if err := t.get(&there, "SELECT count(*) FROM guests WHERE roundtable_id = ? AND person_id = ?", room, person.ID); err != nil || there > 0 {
			return err // whoever is on the list already stays as they are, and nothing tells so
		}
		g := guestRow{RoundtableID: r.ID, PersonID: person.ID, Wave: models.Waves[0], Role: models.RoleParticipant.Key(), Sector: person.Sector, ProposedBy: v.Account()}
		if err := t.insertGuest(&g, models.Shortlisted, "proposed by a co-host"); err != nil {
			return err
		}
		if err := t.rosterChanged(room); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "guest.propose", ObjectKind: "guest", Object: g.ID, Roundtable: room})
	})
}

// proposedPerson finds the person in the directory, or adds them.
func (t *tx) proposedPerson(in models.PersonInput) (personRow, error) {
	var found []personRow
	x := in.Index()
	err := t.list(&found, "SELECT * FROM people WHERE name_fold = ? AND email_fold = ? AND archived_ms = 0 ORDER BY created_ms, id LIMIT 1",
		x.Name, x.Email)
	if err != nil || len(found) > 0 {
		return append(found, personRow{})[0], err
	}
	r := personRow{ID: t.s.newID()}
	return r, t.insertPerson(&r, in)
}

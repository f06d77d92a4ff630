package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"rotunda/models"
)

// How many requests one network may send, and one roundtable takes, within the
// window; and how long after a roundtable they are kept at most.
const (
	requestsPerNetwork = 5
	requestsPerRoom    = 100
	requestWindow      = time.Hour
	requestsKept       = 90 * 24 * time.Hour
	requestsShown      = 200
)

// The states of a request.
const (
	requestOpen     = "open"
	requestApproved = "approved"
	requestNotNow   = "not_now"
)

type requestRow struct {
	ID           models.ID
	RoundtableID models.ID
	Name         string
	Email        string
	EmailFold    string
	Position     string
	Organisation string
	Sector       models.Sector
	Why          string
	State        string
	GuestID      models.ID
	DecidedBy    models.ID
	DecidedMs    models.Instant
	CreatedMs    models.Instant
}

func (r requestRow) model() models.InvitationRequest {
	return models.InvitationRequest{ID: r.ID, Roundtable: r.RoundtableID, At: r.CreatedMs, RequestInput: models.RequestInput{
		Name: r.Name, Email: r.Email, Position: r.Position, Organisation: r.Organisation, Sector: r.Sector, Why: r.Why,
	}}
}

// FormStamp is the moment as a public form carries it: it can be handed back,
// and not made up.
func (s *Store) FormStamp() string { return s.keys.seal('f', int64(s.Now())) }

// ReadFormStamp reads what FormStamp wrote; zero is anything else.
func (s *Store) ReadFormStamp(stamp string) models.Instant {
	at, _ := s.keys.open('f', stamp)
	return models.Instant(at)
}

// RequestInvitation keeps that somebody asks to be invited to a public
// roundtable. Who asks twice, or is on the list already, gets the same answer
// and changes nothing. No mail is sent: anybody can write anybody's address.
// network is whose tries are counted, a *models.TooManyError where there were
// too many. What is not public is models.ErrNotFound.
func (s *Store) RequestInvitation(ctx context.Context, network string, room models.ID, in models.RequestInput) error {
	in, invalid := in.Check(s.Now())
	return s.transact(ctx, models.System("public page"), func(t *tx) error {
		var row publicRow
		if err := t.get(&row, publicRooms+" AND r.id = ?", room); err != nil {
			return err
		}
		if invalid != nil {
			return invalid
		}
		if !row.Row.model().TakesRequests(t.now) {
			return models.Invalid("", "This roundtable takes no more requests.")
		}
		if err := t.attempt(attemptLimit{"request", network, requestsPerNetwork, requestWindow}, attemptLimit{"requests of", room.String(), requestsPerRoom, requestWindow}); err != nil {
			return err
		}
		n, err := t.affected(`INSERT INTO invitation_requests (id, roundtable_id, name, email, email_fold, position, organisation, sector, why, state, created_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (roundtable_id, email_fold) DO NOTHING`,
			t.s.newID(), room, in.Name, in.Email, models.Fold(in.Email), in.Position, in.Organisation, in.Sector, in.Why, requestOpen, t.now)
		if err != nil || n == 0 {
			return err
		}
		return t.audit(auditRow{Action: "request.create", ObjectKind: "roundtable", Object: room, Roundtable: room})
	})
}

// SweepRequests deletes the requests of roundtables that ended longer ago than
// requests are kept. It is the worker's: anybody else is models.ErrForbidden.
func (s *Store) SweepRequests(ctx context.Context, v models.Viewer) error {
	if !v.IsSystem() {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		return t.exec("DELETE FROM invitation_requests WHERE roundtable_id IN (SELECT id FROM roundtables WHERE ends_ms <> 0 AND ends_ms < ?)", t.now.Add(-requestsKept))
	})
}

// InvitationRequests lists who asks to be invited and has no answer yet, oldest
// first. Needs models.Invite.
func (s *Store) InvitationRequests(ctx context.Context, v models.Viewer, room models.ID) ([]models.InvitationRequest, error) {
	if _, err := s.Roundtable(ctx, v, room); err != nil {
		return nil, err
	}
	if !models.CanIn(v, models.Invite, room) {
		return nil, models.ErrForbidden
	}
	var rows []requestRow
	err := s.list(ctx, &rows, "SELECT * FROM invitation_requests WHERE roundtable_id = ? AND state = ? ORDER BY created_ms, id LIMIT ?", room, requestOpen, requestsShown)
	out := make([]models.InvitationRequest, len(rows))
	for i, r := range rows {
		out[i] = r.model()
	}
	return out, err
}

// requestUndo is what taking a decision back needs: the request, and the guest
// and the person who were new with it.
type requestUndo struct {
	Request models.ID `json:"r"`
	Guest   models.ID `json:"g,omitempty"`
	Person  models.ID `json:"p,omitempty"`
}

func init() { undoVerbs["request.decide"] = undoRequest }

// DecideRequest puts who asked on the guest list as shortlisted, or says not
// now, and returns what takes it back. Nobody is written to: inviting is an act
// of its own. An answered request is models.ErrConflict. Needs models.Invite.
func (s *Store) DecideRequest(ctx context.Context, v models.Viewer, room, id models.ID, approve bool) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		r, err := t.roomFor(room, models.Invite)
		if err != nil {
			return err
		}
		var q requestRow
		if err := t.get(&q, "SELECT * FROM invitation_requests WHERE id = ? AND roundtable_id = ?", id, room); err != nil {
			return err
		}
		if q.State != requestOpen {
			return models.ErrConflict
		}
		state, label, back := requestNotNow, "a request answered with “not now”", requestUndo{Request: id}
		if approve {
			state, label = requestApproved, "a request put on the guest list"
			if err := t.approveRequest(r, q.model(), &back); err != nil {
				return err
			}
		}
		if err := t.exec("UPDATE invitation_requests SET state = ?, guest_id = ?, decided_by = ?, decided_ms = ? WHERE id = ?", state, back.Guest, v.Account(), t.now, id); err != nil {
			return err
		}
		if undo, err = t.undoable("request.decide", label, room, back); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "request.decide", ObjectKind: "roundtable", Object: room, Roundtable: room, Detail: map[string]any{"state": state}})
	})
	return undo, err
}

// approveRequest puts who asked on the list, from the directory where they are
// in it under the same name and address.
func (t *tx) approveRequest(r roundtableRow, q models.InvitationRequest, back *requestUndo) error {
	in, _, err := q.Person().Clean()
	if err != nil {
		return err
	}
	x := in.Index()
	var known models.ID
	err = t.get(&known, "SELECT id FROM people WHERE name_fold = ? AND email_fold = ? AND archived_ms = 0 ORDER BY created_ms, id LIMIT 1", x.Name, x.Email)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	person, err := t.proposedPerson(in)
	if err != nil {
		return err
	}
	if known == 0 {
		back.Person = person.ID
	}
	list, err := models.AddGuestsInput{People: []models.ID{person.ID}, Wave: models.Waves[0]}.Check()
	if err != nil {
		return err
	}
	var was string
	err = t.get(&was, "SELECT state FROM guests WHERE roundtable_id = ? AND person_id = ?", r.ID, person.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	var added models.AddedGuests
	if err := t.addGuests(r, list, &added); err != nil {
		return err
	}
	if was == "" && len(added.Added) == 1 {
		back.Guest = added.Added[0]
	}
	return nil
}

// undoRequest opens a request again. A guest who was new with it goes, unless
// something was done about them since.
func undoRequest(t *tx, u undoRow) error {
	var back requestUndo
	if err := json.Unmarshal([]byte(u.Payload), &back); err != nil {
		return err
	}
	if _, err := t.roomFor(u.RoundtableID, models.Invite); err != nil {
		return err
	}
	n, err := t.affected("UPDATE invitation_requests SET state = ?, guest_id = 0, decided_by = 0, decided_ms = 0 WHERE id = ? AND roundtable_id = ? AND state <> ?",
		requestOpen, back.Request, u.RoundtableID, requestOpen)
	if err != nil {
		return err
	}
	if n == 0 {
		return models.ErrConflict
	}
	if back.Guest == 0 {
		return nil
	}
	n, err = t.affected("DELETE FROM guests WHERE id = ? AND state = ? AND revision = 1", back.Guest, models.Shortlisted.Key())
	if err != nil {
		return err
	}
	if n == 0 {
		return models.ErrConflict
	}
	if back.Person != 0 {
		if err := t.removePerson(back.Person); err != nil {
			return err
		}
	}
	return t.rosterChanged(u.RoundtableID)
}

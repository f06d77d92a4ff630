package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// guestRow is a guest as the database keeps it.
type guestRow struct {
	ID                models.ID
	RoundtableID      models.ID
	PersonID          models.ID
	Wave              string
	Role              string
	Sector            models.Sector
	State             string
	StateMs           models.Instant
	RsvpState         string
	Seat              int
	Note              string
	Diet              string
	Access            string
	Interpreter       string
	Preference        models.Regime
	NamedToPartners   bool
	RuleAckVersion    string
	RuleAckMs         models.Instant
	ArrivedMs         models.Instant
	LeftMs            models.Instant
	DelegateOf        models.ID
	ProposedBy        models.ID
	Descriptor        string
	DescriptorConsent bool
	InvitedMs         models.Instant
	AnsweredMs        models.Instant
	RemindedMs        models.Instant
	Revision          int
	CreatedMs         models.Instant
}

func (guestRow) TableName() string { return "guests" }

func (g guestRow) state() models.GuestState {
	s, _ := models.ParseGuestState(g.State)
	return s
}

func (g guestRow) role() models.GuestRole {
	r, _ := models.ParseGuestRole(g.Role)
	return r
}

// listedGuest is a guest with what the list shows of the person.
type listedGuest struct {
	Row          guestRow `gorm:"embedded"`
	FullName     string
	ListName     string
	Position     string
	Organisation string
	Email        string
	DoNotContact bool
	MailState    string
}

func (l listedGuest) model() models.Guest {
	g := l.Row
	answer, _ := models.ParseGuestState(g.RsvpState)
	return models.Guest{
		ID: g.ID, Roundtable: g.RoundtableID, Person: g.PersonID, Name: l.FullName, ListName: l.ListName,
		Position: l.Position, Organisation: l.Organisation, Email: l.Email, Sector: g.Sector, Wave: g.Wave, Role: g.role(),
		State: g.state(), StateAt: g.StateMs, Answer: answer, Seat: g.Seat,
		Needs: models.Needs{Diet: g.Diet, Access: g.Access, Interpreter: g.Interpreter}, Note: g.Note,
		Preference: g.Preference, NamedToPartners: g.NamedToPartners, RuleVersion: g.RuleAckVersion,
		Invited: g.InvitedMs, Answered: g.AnsweredMs, Reminded: g.RemindedMs, ProposedBy: g.ProposedBy,
		DoNotContact: l.DoNotContact, Mail: models.MailState(l.MailState),
	}
}

const guestColumns = `g.*, p.full_name, p.list_name, p.position, p.organisation, p.email, p.do_not_contact,
	COALESCE((SELECT m.state FROM mails m WHERE m.guest_id = g.id ORDER BY m.created_ms DESC, m.id DESC LIMIT 1), '') AS mail_state`

// GuestList is a roundtable's guests as the viewer may know them.
type GuestList struct {
	// Guests are those the filter keeps, by sector and name.
	Guests []models.Guest
	// Counts are over all guests the viewer may know.
	Counts models.GuestCounts
	// Next is who would get the seat that is free, or zero.
	Next models.ID
	// Partner says that a co-host reads: its own invitees and those who agreed
	// to be named to partners.
	Partner bool
}

// Guests reads a roundtable's guest list: whole for its team; for a co-host its
// own invitees and those who agreed to be named to partners. Others get
// models.ErrForbidden, or models.ErrNotFound where the roundtable does not
// exist for them.
func (s *Store) Guests(ctx context.Context, v models.Viewer, room models.ID, f models.GuestFilter) (GuestList, error) {
	var out GuestList
	r, err := s.guestRoom(ctx, v, room)
	if err != nil {
		return out, err
	}
	audience, _ := v.AudienceFor(room, r.Private)
	out.Partner = audience == models.Partner
	var all []models.Guest
	if out.Partner {
		r.Capacity, f.Needs = 0, false
		all, err = s.partnerGuests(ctx, v, room)
	} else {
		all, err = s.teamGuests(ctx, room)
	}
	if err != nil {
		return out, err
	}
	out.Counts, err = s.countGuests(ctx, r, all, out.Partner)
	if err != nil {
		return out, err
	}
	if !out.Partner {
		out.Next = nextWaiting(all, out.Counts)
	}
	out.Guests = slices.DeleteFunc(all, func(g models.Guest) bool { return !f.Keeps(g) })
	return out, nil
}

// teamGuests reads the whole list, by sector and name.
func (s *Store) teamGuests(ctx context.Context, room models.ID) ([]models.Guest, error) {
	var rows []listedGuest
	err := s.list(ctx, &rows, "SELECT "+guestColumns+` FROM guests g JOIN people p ON p.id = g.person_id WHERE g.roundtable_id = ?
		ORDER BY CASE g.sector WHEN 0 THEN 99 ELSE g.sector END, p.sort_fold, g.id`, room)
	all := make([]models.Guest, len(rows))
	for i, row := range rows {
		all[i] = row.model()
	}
	return all, err
}

// guestRoom reads the room whose guest list the viewer may open.
func (s *Store) guestRoom(ctx context.Context, v models.Viewer, room models.ID) (roundtableRow, error) {
	visible := visibleRooms(v, "r")
	var r roundtableRow
	if err := s.get(ctx, &r, "SELECT r.* FROM roundtables r WHERE r.id = ? AND "+visible.cond, append([]any{room}, visible.args...)...); err != nil {
		return r, err
	}
	audience, ok := v.AudienceFor(room, r.Private)
	switch {
	case !ok:
		return r, models.ErrNotFound
	case audience != models.Team && audience != models.Partner:
		return r, models.ErrForbidden
	}
	return r, nil
}

func (s *Store) countGuests(ctx context.Context, r roundtableRow, all []models.Guest, partner bool) (models.GuestCounts, error) {
	targets := map[models.Sector]int{}
	if !partner {
		var rows []struct {
			Sector models.Sector
			Target int
		}
		if err := s.list(ctx, &rows, "SELECT sector, target FROM sector_targets WHERE roundtable_id = ?", r.ID); err != nil {
			return models.GuestCounts{}, err
		}
		for _, t := range rows {
			targets[t.Sector] = t.Target
		}
	}
	return models.CountGuests(all, r.Capacity, r.ObserverSeats, targets), nil
}

// nextWaiting returns who would get the seat that is free.
func nextWaiting(all []models.Guest, c models.GuestCounts) models.ID {
	if c.Capacity > 0 && c.Seats >= c.Capacity {
		return 0
	}
	var waiting []models.WaitingGuest
	for _, g := range all {
		if g.State == models.Waitlisted {
			waiting = append(waiting, models.WaitingGuest{ID: g.ID, Sector: g.Sector, Since: g.StateAt})
		}
	}
	return models.NextFromWaitingList(waiting, c.Coming, c.Targets)
}

// Guest reads one guest with every change of the state, newest first, for the
// roundtable's team. Others get models.ErrNotFound.
func (s *Store) Guest(ctx context.Context, v models.Viewer, id models.ID) (models.Guest, []models.GuestEvent, error) {
	var row listedGuest
	if err := s.get(ctx, &row, "SELECT "+guestColumns+" FROM guests g JOIN people p ON p.id = g.person_id WHERE g.id = ?", id); err != nil {
		return models.Guest{}, nil, err
	}
	if !readsAsTeam(v, row.Row.RoundtableID) {
		return models.Guest{}, nil, models.ErrNotFound
	}
	var rows []struct {
		Row  guestEventRow `gorm:"embedded"`
		Name string
	}
	err := s.list(ctx, &rows, `SELECT e.*, COALESCE(a.name, '') AS name FROM guest_events e LEFT JOIN accounts a ON a.id = e.account_id
		WHERE e.guest_id = ? ORDER BY e.seq DESC`, id)
	events := make([]models.GuestEvent, len(rows))
	for i, r := range rows {
		from, _ := models.ParseGuestState(r.Row.FromState)
		to, _ := models.ParseGuestState(r.Row.ToState)
		events[i] = models.GuestEvent{At: r.Row.AtMs, From: from, To: to, By: actorFromKey(r.Row.ByKind), Account: r.Name, Via: r.Row.Via, Note: r.Row.Note}
	}
	return row.model(), events, err
}

// readsAsTeam reports whether the viewer reads the room as its team does.
func readsAsTeam(v models.Viewer, room models.ID) bool {
	a, ok := v.AudienceFor(room, true)
	return ok && a == models.Team
}

var actorKeys = map[models.Actor]string{models.ByGuest: "guest", models.ByStaff: "staff", models.BySystem: "system"}

func actorFromKey(key string) models.Actor {
	for a, k := range actorKeys {
		if k == key {
			return a
		}
	}
	return models.BySystem
}

// AddGuests puts people from the directory on the list as shortlisted. Who is
// on it stays as they are, but for the withdrawn, who are shortlisted again;
// who asked not to be contacted is refused by name. Needs models.Invite.
func (s *Store) AddGuests(ctx context.Context, v models.Viewer, room models.ID, in models.AddGuestsInput) (out models.AddedGuests, err error) {
	in, err = in.Check()
	if err != nil {
		return out, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		out = models.AddedGuests{}
		r, err := t.roomFor(room, models.Invite)
		if err != nil {
			return err
		}
		return t.addGuests(r, in, &out)
	})
	return out, err
}

// addedPerson is somebody who is put on a guest list, with what they are there
// already.
type addedPerson struct {
	ID           models.ID
	FullName     string
	Sector       models.Sector
	DoNotContact bool
	Guest        models.ID
	State        string
}

func (p addedPerson) withdrawn() bool { return p.State == models.Withdrawn.Key() }

// peopleFor reads people, in the order of the list, as they stand in a
// roundtable.
func (t *tx) peopleFor(room models.ID, ids []models.ID) (people []addedPerson, err error) {
	for chunk := range slices.Chunk(ids, 500) {
		var part []addedPerson
		if err := t.list(&part, `SELECT p.id, p.full_name, p.sector, p.do_not_contact, COALESCE(g.id, 0) AS guest, COALESCE(g.state, '') AS state
			FROM people p LEFT JOIN guests g ON g.person_id = p.id AND g.roundtable_id = ?
			WHERE p.archived_ms = 0 AND p.id IN ? ORDER BY p.sort_fold, p.id`, room, chunk); err != nil {
			return nil, err
		}
		people = append(people, part...)
	}
	return people, nil
}

func (t *tx) addGuests(r roundtableRow, in models.AddGuestsInput, out *models.AddedGuests) error {
	people, err := t.peopleFor(r.ID, in.People)
	if err != nil {
		return err
	}
	var withdrawn []models.ID
	for _, p := range people {
		if p.withdrawn() {
			withdrawn = append(withdrawn, p.Guest)
		}
	}
	back, err := t.guestsAmong(withdrawn)
	if err != nil {
		return err
	}
	w := t.guestWrites()
	for _, p := range people {
		switch {
		case p.DoNotContact && (p.Guest == 0 || p.withdrawn()):
			out.Refused = append(out.Refused, p.FullName)
		case p.withdrawn():
			w.change(back[p.Guest], models.Shortlisted, models.ByStaff, "list", "")
			out.Added = append(out.Added, p.Guest)
		case p.Guest != 0:
			out.Already++
		default:
			g := &guestRow{RoundtableID: r.ID, PersonID: p.ID, Wave: in.Wave, Role: in.Role.Key(), Sector: p.Sector}
			w.add(g, models.Shortlisted, "list")
			out.Added = append(out.Added, g.ID)
		}
	}
	if len(out.Added) == 0 && len(out.Refused) > 0 && out.Already == 0 {
		return models.Invalid("person", refusal(out.Refused))
	}
	if len(out.Added) == 0 {
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := t.rosterChanged(r.ID); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "guests.add", ObjectKind: "roundtable", Object: r.ID, Roundtable: r.ID, Detail: map[string]any{"guests": len(out.Added)}})
}

// refusal says who asked not to be contacted.
func refusal(names []string) string {
	if len(names) == 1 {
		return names[0] + " asked not to be contacted, and cannot be added."
	}
	return "Everybody chosen asked not to be contacted, and cannot be added."
}

// guest reads a guest in the transaction.
func (t *tx) guest(id models.ID) (guestRow, error) {
	var g guestRow
	err := t.get(&g, "SELECT * FROM guests WHERE id = ?", id)
	return g, err
}

// guestsAmong reads guests in the transaction, by their ids.
func (t *tx) guestsAmong(ids []models.ID) (map[models.ID]*guestRow, error) {
	out := make(map[models.ID]*guestRow, len(ids))
	for part := range slices.Chunk(ids, 500) {
		var rows []guestRow
		if err := t.list(&rows, "SELECT * FROM guests WHERE id IN ?", part); err != nil {
			return nil, err
		}
		for i := range rows {
			out[rows[i].ID] = &rows[i]
		}
	}
	return out, nil
}

// rosterChanged follows every change of who is on the list, comes, came, or
// asks for a stricter rule.
func (t *tx) rosterChanged(room models.ID) error {
	if err := t.event(ChangeGuests, room, 0); err != nil {
		return err
	}
	if err := t.recheckTitles(room); err != nil {
		return err
	}
	return t.recomputeRoom(room)
}

// roomSeats reads, in the transaction that decides over a seat, what an answer
// depends on. The room's row is locked by then.
func (t *tx) roomSeats(r roundtableRow, g guestRow) (models.RoomSeats, error) {
	var taken int
	q := sqlText("SELECT count(*) FROM guests WHERE roundtable_id = ? AND state IN " + seatedStates)
	if !r.ObserverSeats {
		q += " AND role <> 'observer' AND sector <> " + hostStaffSector
	}
	if err := t.get(&taken, q, r.ID); err != nil {
		return models.RoomSeats{}, err
	}
	seats := r.model().Seats(taken)
	seats.Seatless = !models.HoldsSeat(models.Accepted, models.SeatRole(g.role(), g.Sector), r.ObserverSeats)
	return seats, nil
}

// seatedStates are the states of who holds a seat: see models.HoldsSeat.
const seatedStates sqlText = "('accepted', 'reconfirm', 'attended')"

const hostStaffSector sqlText = "8" // models.HostStaff

// lockRoom reads a room and keeps other changes of it waiting until the
// transaction ends, for whoever acts by a guest's link or as the system.
func (t *tx) lockRoom(id models.ID) (roundtableRow, error) {
	var r roundtableRow
	q := sqlText("SELECT r.* FROM roundtables r WHERE r.id = ?")
	if t.s.dialect == postgresDialect {
		q += " FOR UPDATE"
	}
	return r, t.get(&r, q, id)
}

package store

import (
	"context"

	"rotunda/models"
)

// roundtableRow is a roundtable as the database keeps it.
type roundtableRow struct {
	ID            models.ID
	SeriesID      models.ID
	Title         string
	TitleFold     string
	Objectives    string
	KeyQuestions  string
	Place         string
	Room          string
	Link          string
	StartsLocal   string
	EndsLocal     string
	Zone          string
	StartsMs      models.Instant
	EndsMs        models.Instant
	Private       bool
	Regime        models.Regime
	Capacity      int
	DeadlineLocal string
	DeadlineMs    models.Instant
	Status        string
	StartedMs     models.Instant
	EndedMs       models.Instant
	ClosedMs      models.Instant
	CancelReason  string
	CancelledMs   models.Instant
	AutoPromote   bool
	ObserverSeats bool
	KStaff        int
	LStaff        int
	KPublic       int
	LPublic       int
	IcsUID        string
	IcsSequence   int
	LastSeat      int
	CurrentItem   models.ID
	Revision      int
	RoomRevision  int
	CreatedBy     models.ID
	CreatedMs     models.Instant
	Example       bool
}

func (roundtableRow) TableName() string { return "roundtables" }

func (r roundtableRow) status() models.RoundtableStatus {
	status, _ := models.ParseRoundtableStatus(r.Status)
	return status
}

// thresholds are the roundtable's own. Partners and public share one.
func (r roundtableRow) thresholds() models.Thresholds {
	public := models.Threshold{K: r.KPublic, L: r.LPublic}
	return models.Thresholds{Staff: models.Threshold{K: r.KStaff, L: r.LStaff}, Partner: public, Public: public}
}

// model returns everything of the roundtable, for the store's own use: what
// leaves the store went through disclosed.
func (r roundtableRow) model() models.Roundtable {
	return models.Roundtable{
		ID: r.ID, Series: r.SeriesID, Title: r.Title, Objectives: r.Objectives, KeyQuestions: r.KeyQuestions,
		Place: r.Place, Room: r.Room, Link: r.Link,
		Schedule: models.ReadLocalTimes(r.StartsLocal, r.EndsLocal, r.Zone, r.StartsMs, r.EndsMs),
		Starts:   r.StartsMs, Ends: r.EndsMs, DeadlineLocal: r.DeadlineLocal, Deadline: r.DeadlineMs,
		Private: r.Private, Regime: r.Regime, Capacity: r.Capacity, AutoPromote: r.AutoPromote,
		ObserverSeats: r.ObserverSeats, Thresholds: r.thresholds(), Status: r.status(),
		Started: r.StartedMs, Ended: r.EndedMs, Closed: r.ClosedMs, Cancelled: r.CancelledMs,
		CancelReason: r.CancelReason, CalendarUID: r.IcsUID, Sequence: r.IcsSequence,
		CurrentItem: r.CurrentItem, Revision: r.Revision, Example: r.Example, Audience: models.Team,
	}
}

// disclosed returns what the viewer may know of the roundtable, which exists
// for the viewer. The exact room and the meeting link are for the team here;
// guests who accepted get them with their invitation.
func (r roundtableRow) disclosed(v models.Viewer) models.Roundtable {
	out := r.model()
	out.Audience, _ = v.AudienceFor(r.ID, r.Private)
	if out.Audience == models.Team {
		return out
	}
	open := models.Roundtable{
		ID: out.ID, Series: out.Series, Title: out.Title, Objectives: out.Objectives, KeyQuestions: out.KeyQuestions,
		Place: out.Place, Schedule: out.Schedule, Starts: out.Starts, Ends: out.Ends,
		Private: out.Private, Regime: out.Regime, Status: out.Status, Started: out.Started, Ended: out.Ended,
		Closed: out.Closed, Cancelled: out.Cancelled, Example: out.Example, Audience: out.Audience,
	}
	if out.Audience == models.Partner {
		open.DeadlineLocal, open.Deadline, open.CancelReason = out.DeadlineLocal, out.Deadline, out.CancelReason
	}
	return open
}

// fill takes over what an input that was checked says. The regime is not
// among it: setRegime is.
func (r *roundtableRow) fill(in models.RoundtableInput, at models.RoundtableTimes) {
	r.SeriesID, r.Title, r.TitleFold = in.Series, in.Title, models.Fold(in.Title)
	r.Objectives, r.KeyQuestions = in.Objectives, in.KeyQuestions
	r.Place, r.Room, r.Link = in.Place, in.Room, in.Link
	r.StartsLocal, r.EndsLocal = in.Schedule.LocalTimes()
	r.Zone, r.StartsMs, r.EndsMs = in.Schedule.Zone, at.Starts, at.Ends
	r.DeadlineLocal, r.DeadlineMs = at.DeadlineLocal, at.Deadline
	r.Private, r.Capacity = in.Private, in.Capacity
	r.AutoPromote, r.ObserverSeats = in.AutoPromote, in.ObserverSeats
	r.KStaff, r.LStaff = in.Thresholds.Staff.K, in.Thresholds.Staff.L
	r.KPublic, r.LPublic = in.Thresholds.Public.K, in.Thresholds.Public.L
}

// CreateRoundtable adds a draft whose lead is the viewer. Where the input
// leaves them open it starts with the institute's rule and zone. Only who may
// create roundtables can; bad input is a *models.InvalidError.
func (s *Store) CreateRoundtable(ctx context.Context, v models.Viewer, in models.RoundtableInput) (models.ID, error) {
	if !models.Can(v, models.CreateRoundtable) || !v.IsAccount() {
		return 0, models.ErrForbidden
	}
	id := s.newID()
	err := s.transact(ctx, v, func(t *tx) error { return t.createRoundtable(id, in) })
	return id, err
}

// CreateRoundtableFor is CreateRoundtable with people on its guest list from
// the start, shortlisted. Nobody is invited.
func (s *Store) CreateRoundtableFor(ctx context.Context, v models.Viewer, in models.RoundtableInput, people []models.ID) (models.ID, error) {
	if len(people) == 0 {
		return s.CreateRoundtable(ctx, v, in)
	}
	if !models.Can(v, models.CreateRoundtable) || !v.IsAccount() {
		return 0, models.ErrForbidden
	}
	add, err := models.AddGuestsInput{People: people, Wave: "A", Role: models.RoleParticipant}.Check()
	if err != nil {
		return 0, err
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.createRoundtable(id, in); err != nil {
			return err
		}
		var r roundtableRow
		if err := t.get(&r, "SELECT * FROM roundtables WHERE id = ?", id); err != nil {
			return err
		}
		return t.addGuests(r, add, &models.AddedGuests{})
	})
	return id, err
}

func (t *tx) createRoundtable(id models.ID, in models.RoundtableInput) error {
	institute := models.DefaultInstitute()
	if err := t.readSetting("institute", &institute); err != nil {
		return err
	}
	if in.Schedule.Zone == "" {
		in.Schedule.Zone = institute.Zone
	}
	if in.Regime == models.RegimeNone {
		in.Regime = institute.Regime
	}
	in, at, err := in.Check()
	if err != nil {
		return err
	}
	if err := t.checkReferences(in, institute); err != nil {
		return err
	}
	row := roundtableRow{
		ID: id, Regime: in.Regime, Status: models.Draft.Key(), IcsUID: t.newCalendarUID(),
		Revision: 1, RoomRevision: 1, CreatedBy: t.viewer.Account(), CreatedMs: t.now,
	}
	row.fill(in, at)
	if in.Announce {
		row.Status = models.Scheduled.Key()
	}
	if err := t.insert(&row); err != nil {
		return err
	}
	if err := t.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', ?)", id, t.viewer.Account(), t.now); err != nil {
		return err
	}
	t.announce(Change{Kind: ChangeTeam, Roundtable: id, Object: t.viewer.Account()})
	return t.audit(auditRow{Action: "roundtable.create", ObjectKind: "roundtable", Object: id, Roundtable: id, Detail: map[string]any{"regime": row.Regime.Key(), "private": row.Private}})
}

// newCalendarUID draws the identity of a calendar entry.
func (t *tx) newCalendarUID() string { return t.s.newID().String() + t.s.newID().String() + "@rotunda" }

// checkReferences refuses a series that is not there and thresholds that go
// under the institute's.
func (t *tx) checkReferences(in models.RoundtableInput, institute models.Institute) error {
	if in.Series != 0 {
		var n int
		if err := t.get(&n, "SELECT count(*) FROM series WHERE id = ?", in.Series); err != nil {
			return err
		}
		if n == 0 {
			return models.Invalid("series", "Choose a series from the list.")
		}
	}
	own := in.Thresholds
	if own == (models.Thresholds{}) {
		return nil
	}
	floor := institute.Thresholds
	for _, part := range []struct {
		own *models.Threshold
		a   models.Audience
	}{{&own.Staff, models.Staff}, {&own.Partner, models.Partner}, {&own.Public, models.Public}} {
		least := floor.For(part.a)
		part.own.K, part.own.L = orElse(part.own.K, least.K), orElse(part.own.L, least.L)
	}
	return own.Check(floor)
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Roundtable reads one roundtable as the viewer may know it, else
// models.ErrNotFound.
func (s *Store) Roundtable(ctx context.Context, v models.Viewer, id models.ID) (models.Roundtable, error) {
	visible := visibleRooms(v, "r")
	var row struct {
		Row        roundtableRow `gorm:"embedded"`
		SeriesName string
	}
	err := s.get(ctx, &row, `SELECT r.*, COALESCE(s.name, '') AS series_name FROM roundtables r LEFT JOIN series s ON s.id = r.series_id
		WHERE r.id = ? AND `+visible.cond, append([]any{id}, visible.args...)...)
	if err != nil {
		return models.Roundtable{}, err
	}
	out := row.Row.disclosed(v)
	out.SeriesName = row.SeriesName
	return out, nil
}

// roomFor reads a roundtable in the transaction for somebody who wants to use
// a right in it: models.ErrNotFound where it does not exist for the viewer,
// models.ErrForbidden without the right.
func (t *tx) roomFor(id models.ID, right models.Right) (roundtableRow, error) {
	visible := visibleRooms(t.viewer, "r")
	var row roundtableRow
	q := "SELECT r.* FROM roundtables r WHERE r.id = ? AND " + visible.cond
	if t.s.dialect == postgresDialect {
		q += " FOR UPDATE" // two changes of one room come one after the other
	}
	if err := t.get(&row, q, append([]any{id}, visible.args...)...); err != nil {
		return row, err
	}
	if !models.CanIn(t.viewer, right, id) {
		return row, models.ErrForbidden
	}
	return row, nil
}

// saveRoom writes a roundtable's row with a new revision, brings its insights
// along and tells who looks.
func (t *tx) saveRoom(r *roundtableRow) error {
	r.Revision++
	if err := t.db.Select("*").Updates(r).Error; err != nil {
		return err
	}
	return t.recomputeRoom(r.ID)
}

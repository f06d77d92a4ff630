package store

import (
	"context"
	"slices"
	"time"

	"rotunda/models"
)

// nextRooms is how many roundtables ahead Home lists.
const nextRooms = 4

// Home reads an account's first page. Co-hosts get their roundtables alone,
// nobody else but accounts gets anything.
func (s *Store) Home(ctx context.Context, v models.Viewer) (models.Home, error) {
	if !v.IsAccount() {
		return models.Home{}, models.ErrNotFound
	}
	institute, err := s.Institute(ctx)
	if err != nil {
		return models.Home{}, err
	}
	h := models.Home{Now: s.Now(), Zone: v.Zone()}
	if h.Zone == "" {
		h.Zone = institute.Zone
	}
	if err := s.homeRooms(ctx, v, &h); err != nil || !models.Can(v, models.ReadAsStaff) {
		return h, err
	}
	if err := s.homeNeeds(ctx, v, &h); err != nil {
		return h, err
	}
	if h.Evaluations, err = s.OwnEvaluations(ctx, v); err != nil {
		return h, err
	}
	if h.Coverage, err = s.Coverage(ctx, v, models.CoverageSince(h.Now, h.Zone), institute.CoverageGap); err != nil {
		return h, err
	}
	return h, s.homeBeginnings(ctx, v, &h)
}

// homeRooms fills in the roundtables that are in session and ahead.
func (s *Store) homeRooms(ctx context.Context, v models.Viewer, h *models.Home) error {
	live, err := s.Roundtables(ctx, v, models.RoundtableFilter{Stage: models.StageInSession.Key(), Limit: 5})
	if err != nil {
		return err
	}
	for _, line := range live.Lines {
		h.Live = append(h.Live, models.LiveRoom{RoundtableLine: line})
	}
	next, err := s.Roundtables(ctx, v, models.RoundtableFilter{When: models.Upcoming, Limit: nextRooms + 6})
	if err != nil {
		return err
	}
	h.Next = slices.DeleteFunc(next.Lines, func(l models.RoundtableLine) bool {
		return l.InSession(h.Now) || l.Status == models.Cancelled
	})
	h.More = next.Next != ""
	if len(h.Next) > nextRooms {
		h.Next, h.More = h.Next[:nextRooms], true
	}
	if len(h.Next)+len(h.Live) == 0 {
		past, err := s.Roundtables(ctx, v, models.RoundtableFilter{Limit: 1})
		if err != nil {
			return err
		}
		h.Fresh = len(past.Lines) == 0
	}
	return s.liveItems(ctx, h.Live)
}

// liveItems says which item of the agenda each roundtable in session is at,
// for its team.
func (s *Store) liveItems(ctx context.Context, live []models.LiveRoom) error {
	var ids []any
	for _, room := range live {
		if room.IsTeam() {
			ids = append(ids, room.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var items []struct{ RoundtableID, ID models.ID }
	err := s.list(ctx, &items, "SELECT roundtable_id, id FROM agenda_items WHERE roundtable_id IN ("+
		sqlText("?").repeat(len(ids), ", ")+") ORDER BY roundtable_id, position, id", ids...)
	for i := range live {
		for _, item := range items {
			if item.RoundtableID != live[i].ID {
				continue
			}
			live[i].Items++
			if item.ID == live[i].CurrentItem {
				live[i].Item = live[i].Items
			}
		}
	}
	return err
}

// homeNeeds gathers what waits in the roundtables on whose team the viewer is.
// Guests and rapporteurs are counted only where the roundtable is still to come.
func (s *Store) homeNeeds(ctx context.Context, v models.Viewer, h *models.Home) error {
	var rows []struct {
		ID          models.ID
		Title       string
		Zone        string
		Status      string
		StartsMs    models.Instant
		EndsMs      models.Instant
		StartedMs   models.Instant
		EndedMs     models.Instant
		DeadlineMs  models.Instant
		Capacity    int
		Rapporteurs int
		Unanswered  int
		Waitlisted  int
		Requests    int
		Seated      int
		Untagged    int
		Unreviewed  int
		Promises    int
	}
	err := s.list(ctx, &rows, `SELECT r.id, r.title, r.zone, r.status, r.starts_ms, r.ends_ms, r.started_ms, r.ended_ms, r.deadline_ms, r.capacity,
			CASE WHEN r.status = 'scheduled' THEN (SELECT count(*) FROM team_members x
				WHERE x.roundtable_id = r.id AND x.role = 'rapporteur') ELSE 0 END AS rapporteurs,
			CASE WHEN r.status = 'scheduled' THEN (SELECT count(*) FROM guests g
				WHERE g.roundtable_id = r.id AND g.state IN ('invited', 'reconfirm')) ELSE 0 END AS unanswered,
			CASE WHEN r.status = 'scheduled' THEN (SELECT count(*) FROM guests g
				WHERE g.roundtable_id = r.id AND g.state = 'waitlisted') ELSE 0 END AS waitlisted,
			CASE WHEN r.status = 'scheduled' THEN (SELECT count(*) FROM invitation_requests q
				WHERE q.roundtable_id = r.id AND q.state = 'open') ELSE 0 END AS requests,
			CASE WHEN r.status = 'scheduled' THEN (SELECT count(*) FROM guests g WHERE g.roundtable_id = r.id AND g.state IN `+seatedStates+`
				AND (r.observer_seats = TRUE OR (g.role <> 'observer' AND g.sector <> ?))) ELSE 0 END AS seated,
			COALESCE((SELECT sum(c.n) FROM insight_cells c WHERE c.roundtable_id = r.id AND c.scope = ? AND c.pillar = ?), 0) AS untagged,
			COALESCE((SELECT sum(c.n) FROM insight_cells c WHERE c.roundtable_id = r.id AND c.scope = ? AND c.pillar = ?), 0) AS unreviewed,
			(SELECT count(*) FROM commitments c WHERE c.roundtable_id = r.id AND c.state = 'open' AND c.due_ms <> 0 AND c.due_ms <= ? AND `+standing+`) AS promises
		FROM team_members m JOIN roundtables r ON r.id = m.roundtable_id
		WHERE m.account_id = ? AND r.status IN ('scheduled', 'held', 'closed') ORDER BY r.starts_ms, r.id`,
		models.HostStaff, scopeTeam, cellUntagged, scopeTeam, cellUnreviewed, h.Now.Add(models.PromiseAhead), v.Account())
	if err != nil {
		return err
	}
	rooms := make([]models.RoomWork, len(rows))
	for i, r := range rows {
		status, _ := models.ParseRoundtableStatus(r.Status)
		facts := models.Roundtable{Status: status, Starts: r.StartsMs, Ends: r.EndsMs, Started: r.StartedMs, Ended: r.EndedMs}
		rooms[i] = models.RoomWork{
			ID: r.ID, Title: r.Title, Zone: r.Zone, Status: status, Starts: r.StartsMs, Ends: r.EndsMs, Deadline: r.DeadlineMs,
			Capacity: r.Capacity, Rapporteurs: r.Rapporteurs, Unanswered: r.Unanswered, Waitlisted: r.Waitlisted, Requests: r.Requests, Seated: r.Seated,
			Untagged: r.Untagged, Unreviewed: r.Unreviewed, Promises: r.Promises, InSession: facts.InSession(h.Now),
			MayInvite: models.CanIn(v, models.Invite, r.ID), MayChooseTeam: models.CanIn(v, models.ManageTeam, r.ID),
			MayTag: models.CanIn(v, models.TagInsight, r.ID), MayReview: models.CanIn(v, models.ReviewInsight, r.ID),
			MayHold: models.CanIn(v, models.EditRoundtable, r.ID), MayClose: models.CanIn(v, models.ReleaseInsight, r.ID),
		}
	}
	h.Needs = models.NeedsOf(rooms, h.Now)
	return nil
}

// homeBeginnings adds what a new installation still lacks, and whether the
// example is still there.
func (s *Store) homeBeginnings(ctx context.Context, v models.Viewer, h *models.Home) error {
	if !models.Can(v, models.ManageSettings) {
		return nil
	}
	var settings int
	if err := s.get(ctx, &settings, "SELECT count(*) FROM settings WHERE key = 'institute'"); err != nil {
		return err
	}
	if settings == 0 {
		h.Needs = slices.Insert(h.Needs, 0, models.Need{Kind: models.NeedSetUp, Count: 1})
	}
	var err error
	h.Example, err = s.HasExample(ctx, v)
	return err
}

// Coverage counts the insights that the viewer may read, since a month as
// 2026-09, by pillar and disclosed label: in the rooms of their own teams as
// the team reads them, in others as other staff do. Only staff read it.
func (s *Store) Coverage(ctx context.Context, v models.Viewer, since string, gap int) (models.Coverage, error) {
	out := models.Coverage{Since: since, Gap: gap, Seeks: map[models.Sector]models.SectorSeek{}}
	reach := v.Reach() // a viewer capped to an audience counts as that one does
	if !models.Can(v, models.ReadAsStaff) || !v.IsAccount() || reach.Open != models.Staff {
		return out, models.ErrNotFound
	}
	first, err := time.Parse("2006-01", since)
	if err != nil {
		return out, models.Invalid("since", "Write the month such as 2026-09.")
	}
	type cell struct {
		Scope, Pillar int
		Label         models.Label
		N             int
	}
	var public, own []cell
	if err := s.list(ctx, &public, "SELECT pillar, label, sum(n) AS n FROM month_cells WHERE month >= ? GROUP BY pillar, label",
		monthOf(first.Unix()/86400)); err != nil {
		return out, err
	}
	// What others see of the viewer's public rooms gives way to what the team
	// sees of all of its rooms.
	if len(reach.Team) > 0 {
		if err := s.list(ctx, &own, `SELECT c.scope, c.pillar, c.label, sum(c.n) AS n FROM team_members m
			JOIN roundtables r ON r.id = m.roundtable_id JOIN insight_cells c ON c.roundtable_id = r.id
			WHERE m.account_id = ? AND r.starts_local >= ? AND (c.scope = ? OR r.private = FALSE) GROUP BY c.scope, c.pillar, c.label`,
			v.Account(), since, scopeTeam); err != nil {
			return out, err
		}
	}
	for _, c := range public {
		addCoverage(&out, c.Pillar, c.Label, c.N)
	}
	for _, c := range own {
		if c.Scope == scopeStaff {
			c.N = -c.N
		}
		addCoverage(&out, c.Pillar, c.Label, c.N)
	}
	visible := visibleRooms(v, "r")
	if err := s.get(ctx, &out.Rooms, "SELECT count(*) FROM roundtables r WHERE r.status IN ('held', 'closed') AND r.starts_local >= ? AND "+visible.cond,
		append([]any{since}, visible.args...)...); err != nil {
		return out, err
	}
	return out, s.seeks(ctx, v, &out)
}

// addCoverage counts a cell; what is counted under no pillar at all is not in
// the table.
func addCoverage(c *models.Coverage, pillar int, l models.Label, n int) {
	if pillar >= cellUntagged && pillar <= int(models.Diplomacy) {
		c.Add(models.Pillar(pillar), l, n)
	}
}

// seeks finds, for every sector, the next roundtable of the viewer's teams
// that has a target for it.
func (s *Store) seeks(ctx context.Context, v models.Viewer, c *models.Coverage) error {
	var rows []struct {
		Sector   models.Sector
		Target   int
		ID       models.ID
		StartsMs models.Instant
		Zone     string
	}
	err := s.list(ctx, &rows, `SELECT t.sector, t.target, r.id, r.starts_ms, r.zone FROM team_members m
		JOIN roundtables r ON r.id = m.roundtable_id JOIN sector_targets t ON t.roundtable_id = r.id
		WHERE m.account_id = ? AND r.status = 'scheduled' AND r.starts_ms > ? AND t.target > 0 ORDER BY r.starts_ms DESC, r.id`, v.Account(), s.Now())
	for _, r := range rows { // the soonest comes last and stays
		c.Seeks[r.Sector] = models.SectorSeek{Room: r.ID, Starts: r.StartsMs, Zone: r.Zone, Target: r.Target}
	}
	return err
}

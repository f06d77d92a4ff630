package store

import (
	"context"
	"slices"
	"time"

	"rotunda/models"
)

const (
	// publicRoom says in SQL what Roundtable.IsPublic says. It is the one door
	// through which the public pages see roundtables.
	publicRoom sqlText = "(r.private = FALSE AND r.regime BETWEEN 1 AND 4 AND r.starts_ms <> 0 AND " +
		"(r.status IN ('scheduled', 'held', 'closed') OR (r.status = 'cancelled' AND r.ics_sequence > 0)))"
	publicRooms sqlText = "SELECT r.*, COALESCE(s.name, '') AS series_name FROM roundtables r LEFT JOIN series s ON s.id = r.series_id WHERE " + publicRoom
	// publicPage is how many lines of the past a page shows; upcomingMost bounds
	// what is ahead, which one page shows whole.
	publicPage   = 40
	upcomingMost = 200
	feedMost     = 500
	// searchedMost bounds how many roundtables a search of the public reads:
	// some fifty years of two in a week.
	searchedMost = 5000
)

// publicRow is a roundtable as the public pages read it.
type publicRow struct {
	Row        roundtableRow `gorm:"embedded"`
	SeriesName string
}

// public is the row's line in the public list, without agenda and texts.
func (r publicRow) public(now models.Instant) models.PublicRoundtable {
	room := r.Row.model()
	return models.PublicRoundtable{
		ID: room.ID, Title: room.Title, Series: r.SeriesName, Place: room.Place, Starts: room.Starts, Ends: room.Ends, Zone: room.Schedule.Zone,
		Regime: room.Regime, Cancelled: room.Status == models.Cancelled, Open: room.TakesRequests(now), Sequence: room.Sequence,
		Past:  room.Status == models.Held || room.Status == models.Closed || room.Over(now),
		Stamp: max(r.Row.CreatedMs, room.Cancelled),
	}
}

// PublicRoundtables lists the roundtables that everybody may know of and that
// the query finds. after is the cursor of the page of past ones.
func (s *Store) PublicRoundtables(ctx context.Context, query, after string) (models.PublicRooms, error) {
	now := s.Now()
	open := now.Add(-12 * time.Hour)
	past := []any{now, open, open}
	var out models.PublicRooms
	found, searched, err := s.searchPublic(ctx, query)
	if err != nil || searched && len(found) == 0 {
		return out, err
	}
	var within sqlText
	var args []any
	if searched {
		within = " AND r.id IN (" + sqlText("?").repeat(len(found), ", ") + ")"
		args = found
	}
	var rows []publicRow
	at, id, paged := readRoomCursor(after)
	if !paged {
		err := s.list(ctx, &rows, publicRooms+" AND NOT "+pastRoom+within+" ORDER BY r.starts_ms, r.id LIMIT ?", append(append(slices.Clone(past), args...), upcomingMost)...)
		if err != nil {
			return out, err
		}
		for _, row := range rows {
			out.Upcoming = append(out.Upcoming, row.public(now))
		}
		at, id = 9007199254740991, 0
	}
	rows = nil
	err = s.list(ctx, &rows, publicRooms+" AND r.status <> 'cancelled' AND "+pastRoom+within+" AND (r.starts_ms, r.id) < (?, ?) ORDER BY r.starts_ms DESC, r.id DESC LIMIT ?",
		append(append(slices.Clone(past), args...), at, id, publicPage+1)...)
	if err != nil {
		return out, err
	}
	if len(rows) > publicPage {
		rows = rows[:publicPage]
		last := rows[publicPage-1].Row
		out.Next = roomCursor(last.StartsMs, last.ID)
	}
	for _, row := range rows {
		out.Past = append(out.Past, row.public(now))
	}
	return out, s.briefsOf(ctx, out.Past)
}

// searchPublic returns the ids of the newest public roundtables that the query
// finds, newest first and as many as one query takes. searched is false where
// the query asks for nothing.
func (s *Store) searchPublic(ctx context.Context, query string) (ids []any, searched bool, err error) {
	q := models.ParseQuery(query)
	if q.Empty() {
		return nil, false, nil
	}
	rows, err := s.rows(ctx, `SELECT r.id, r.title, r.place, COALESCE(s.name, '') FROM roundtables r
		LEFT JOIN series s ON s.id = r.series_id WHERE `+publicRoom+" ORDER BY r.starts_ms DESC, r.id DESC LIMIT ?", searchedMost)
	if err != nil {
		return nil, true, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() && len(ids) < upcomingMost {
		var id models.ID
		var line models.PublicRoundtable
		if err := rows.Scan(&id, &line.Title, &line.Place, &line.Series); err != nil {
			return nil, true, mapped(err)
		}
		if line.MatchesPublic(q) {
			ids = append(ids, id)
		}
	}
	return ids, true, mapped(rows.Err())
}

// briefsOf fills in the newest brief that was published about each roundtable.
func (s *Store) briefsOf(ctx context.Context, rooms []models.PublicRoundtable) error {
	if len(rooms) == 0 {
		return nil
	}
	at := map[models.ID]*models.PublicRoundtable{}
	var ids []models.ID
	for i := range rooms {
		at[rooms[i].ID] = &rooms[i]
		ids = append(ids, rooms[i].ID)
	}
	var rows []struct {
		RoundtableID models.ID
		Slug         string
	}
	err := s.list(ctx, &rows, `SELECT b.roundtable_id, p.slug FROM briefs b JOIN publications p ON p.brief_id = b.id
		WHERE b.roundtable_id IN ? AND `+newestPublication+" ORDER BY p.published_ms, p.id", ids)
	for _, row := range rows {
		at[row.RoundtableID].Brief = row.Slug
	}
	return err
}

// PublicRoundtable reads one roundtable that everybody may know of. Whatever is
// not public is models.ErrNotFound, as what does not exist.
func (s *Store) PublicRoundtable(ctx context.Context, id models.ID) (models.PublicRoundtable, error) {
	var row publicRow
	if err := s.get(ctx, &row, publicRooms+" AND r.id = ?", id); err != nil {
		return models.PublicRoundtable{}, err
	}
	out := row.public(s.Now())
	shown := row.Row.disclosed(models.Anonymous())
	items, err := s.agendaRows(ctx, id)
	if err != nil {
		return out, err
	}
	out.Agenda = models.DiscloseAgenda(items, shown)
	if err := s.publicTexts(ctx, shown, &out); err != nil {
		return out, err
	}
	if models.NamesAttendees(shown.Regime, models.Public) {
		err = s.list(ctx, &out.Cohosts, "SELECT o.name FROM cohosts h JOIN organisations o ON o.id = h.organisation_id WHERE h.roundtable_id = ? ORDER BY o.name, o.id", id)
		if err != nil {
			return out, err
		}
	}
	one := []models.PublicRoundtable{out}
	err = s.briefsOf(ctx, one)
	return one[0], err
}

// publicTexts fills in objectives and key questions, unless they would tell who
// is at the table where the rule does not.
func (s *Store) publicTexts(ctx context.Context, room models.Roundtable, out *models.PublicRoundtable) error {
	found, err := publicTextFindings(s.reader(ctx), room)
	if err == nil && len(found) == 0 {
		out.Objectives, out.Questions = room.Objectives, room.Questions()
	}
	return err
}

// publicTextFindings returns what in the objectives and key questions tells who
// is at the table, where the rule does not.
func publicTextFindings(r reader, room models.Roundtable) ([]models.Finding, error) {
	if models.NamesAttendees(room.Regime, models.Public) {
		return nil, nil
	}
	return findings(r, "roundtable", room.ID, room.Objectives+"\n"+room.KeyQuestions, room.ID)
}

// WithheldFromPublic returns the words for which the public page of a roundtable
// leaves its objectives and key questions out, for its team. Others, to whom
// they would name guests, are told nothing, as where there is no public page.
func (s *Store) WithheldFromPublic(ctx context.Context, v models.Viewer, id models.ID) ([]models.BriefFinding, error) {
	room, err := s.Roundtable(ctx, v, id)
	if err != nil || !room.IsTeam() || !room.IsPublic() {
		return nil, err
	}
	found, err := publicTextFindings(s.reader(ctx), room)
	out := make([]models.BriefFinding, len(found))
	for n, f := range found {
		f.Place, out[n].Text = "the objectives", room.Objectives
		if before := len(room.Objectives) + 1; f.Start >= before {
			f.Place, out[n].Text = "the key questions", room.KeyQuestions
			f.Start, f.End = f.Start-before, f.End-before
		} else if f.End > len(room.Objectives) {
			out[n].Text = room.Objectives + "\n" + room.KeyQuestions
		}
		out[n].Finding = f
	}
	return out, err
}

// PublicCalendar lists the public roundtables of the last year and all ahead,
// those that were called off included, for a calendar to follow.
func (s *Store) PublicCalendar(ctx context.Context) ([]models.PublicRoundtable, error) {
	now := s.Now()
	var rows []publicRow
	err := s.list(ctx, &rows, publicRooms+" AND r.starts_ms > ? ORDER BY r.starts_ms DESC, r.id DESC LIMIT ?", now.Add(-models.FeedPast), feedMost)
	out := make([]models.PublicRoundtable, len(rows))
	for i, row := range rows {
		out[len(rows)-1-i] = row.public(now)
	}
	return out, err
}

// newestPublication holds for the version p of a brief that its readers find:
// the newest, unless it was withdrawn.
const newestPublication sqlText = "p.withdrawn_ms = 0 AND NOT EXISTS (SELECT 1 FROM publications n WHERE n.slug = p.slug AND n.version > p.version)"

// readablePublication holds for the versions p that everybody can still read:
// those that were not withdrawn, and tell nothing too much or are the newest.
const readablePublication sqlText = "(p.violated_ms = 0 AND p.withdrawn_ms = 0 OR " + newestPublication + ")"

// PublicBriefs lists the published briefs that the query finds, newest first,
// with as many to a page as limit says, one at least. after is the cursor of the
// page before.
func (s *Store) PublicBriefs(ctx context.Context, query, after string, limit int) (models.PublicBriefs, error) {
	limit = max(limit, 1)
	var w where
	w.add(newestPublication)
	q := models.ParseQuery(query)
	const within sqlText = `(' ' || p.search_text || ' ') LIKE ? ESCAPE '\'`
	for _, t := range q.Must {
		w.add(within, holds(t.Within()))
	}
	for _, t := range q.Not {
		w.add("NOT "+within, holds(t.Within()))
	}
	if at, id, ok := readRoomCursor(after); ok {
		w.add("(p.published_ms, p.id) < (?, ?)", at, id)
	}
	var rows []publicationRow
	err := s.list(ctx, &rows, "SELECT p.id, p.slug, p.title, p.bottom_line, p.version, p.published_ms FROM publications p"+
		w.text()+" ORDER BY p.published_ms DESC, p.id DESC LIMIT ?", append(w.args, limit+1)...)
	var out models.PublicBriefs
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = roomCursor(rows[limit-1].PublishedMs, rows[limit-1].ID)
	}
	for _, r := range rows {
		out.Lines = append(out.Lines, models.PublicBrief{Slug: r.Slug, Title: r.Title, BottomLine: r.BottomLine, Version: r.Version, Published: r.PublishedMs})
	}
	return out, err
}

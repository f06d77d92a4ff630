package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rotunda/models"
)

const (
	roomPage = 50
	roomMost = 500
	// noTime sorts what has no time yet behind everything that has.
	noTime sqlText = "CASE WHEN r.starts_ms = 0 THEN 9007199254740991 ELSE r.starts_ms END"
	// startedOpen and inSession say in SQL what Roundtable.InSession says; both
	// take their times from sessionArgs.
	startedOpen sqlText = "(r.status = 'scheduled' AND r.ended_ms = 0 AND r.started_ms <> 0 AND (r.started_ms > ? OR r.ends_ms > ?))"
	inSession   sqlText = "(" + startedOpen + " OR (r.status = 'scheduled' AND r.ended_ms = 0 AND r.started_ms = 0 AND r.starts_ms <> 0 AND r.starts_ms <= ? AND r.ends_ms > ?))"
	pastRoom    sqlText = "(r.status IN ('held', 'closed') OR (r.ends_ms <> 0 AND r.ends_ms <= ? AND NOT " + startedOpen + "))"
)

// Roundtables lists the roundtables that exist for the viewer, page by page:
// upcoming ones by their start, others latest first.
func (s *Store) Roundtables(ctx context.Context, v models.Viewer, f models.RoundtableFilter) (models.RoundtablePage, error) {
	var w where
	visible := visibleRooms(v, "r")
	w.add(visible.cond, visible.args...)
	if err := s.filterRooms(ctx, v, f, &w); err != nil {
		return models.RoundtablePage{}, err
	}
	order := sqlText(" ORDER BY " + noTime + " DESC, r.id DESC")
	if f.When == models.Upcoming || f.From != 0 {
		order = " ORDER BY " + noTime + ", r.id"
	}
	if at, id, ok := readRoomCursor(f.After); ok {
		if f.When == models.Upcoming || f.From != 0 {
			w.add("("+noTime+", r.id) > (?, ?)", at, id)
		} else {
			w.add("("+noTime+", r.id) < (?, ?)", at, id)
		}
	}
	limit := roomPage
	if f.Limit > 0 {
		limit = min(f.Limit, roomMost)
	}
	var rows []struct {
		Row        roundtableRow `gorm:"embedded"`
		SeriesName string
	}
	err := s.list(ctx, &rows, "SELECT r.*, COALESCE(s.name, '') AS series_name FROM roundtables r LEFT JOIN series s ON s.id = r.series_id"+
		w.text()+order+" LIMIT ?", append(w.args, limit+1)...)
	if err != nil {
		return models.RoundtablePage{}, err
	}
	var page models.RoundtablePage
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1].Row
		page.Next = roomCursor(last.StartsMs, last.ID)
	}
	page.Lines = make([]models.RoundtableLine, len(rows))
	for i, row := range rows {
		line := models.RoundtableLine{Roundtable: row.Row.disclosed(v), TeamRole: v.TeamRole(row.Row.ID)}
		line.SeriesName = row.SeriesName
		page.Lines[i] = line
	}
	return page, s.countLines(ctx, v, page.Lines)
}

func (s *Store) filterRooms(ctx context.Context, v models.Viewer, f models.RoundtableFilter, w *where) error {
	now := s.Now()
	open := now.Add(-12 * time.Hour)
	switch f.When {
	case models.Upcoming:
		w.add("NOT "+pastRoom, now, open, open)
	case models.Past:
		w.add(pastRoom, now, open, open)
	}
	switch f.Stage {
	case "":
	case models.StageInSession.Key():
		w.add(inSession, open, open, now, now)
	case models.StageScheduled.Key():
		w.add("r.status = 'scheduled' AND NOT "+inSession, open, open, now, now)
	default:
		w.add("r.status = ?", f.Stage)
	}
	if f.Series != 0 {
		w.add("r.series_id = ?", f.Series)
	}
	if f.From != 0 {
		w.add("r.starts_ms >= ?", f.From)
	}
	if f.To != 0 {
		w.add("r.starts_ms <> 0 AND r.starts_ms < ?", f.To)
	}
	const onTeam sqlText = "r.id IN (SELECT roundtable_id FROM team_members WHERE account_id = ?)"
	if f.Mine {
		w.add(onTeam, v.Account())
	}
	if f.Sector != models.SectorNone { // who is on a list is known to the team only
		w.add(onTeam, v.Account())
		w.add("EXISTS (SELECT 1 FROM guests g WHERE g.roundtable_id = r.id AND g.sector = ? AND g.state <> 'withdrawn')", f.Sector)
	}
	return s.filterText(ctx, f.Text, w)
}

// filterText keeps the rooms whose title or series holds every word.
func (s *Store) filterText(ctx context.Context, text string, w *where) error {
	words := strings.Fields(models.Fold(text))
	if len(words) == 0 {
		return nil
	}
	var series []struct {
		ID   models.ID
		Name string
	}
	if err := s.list(ctx, &series, "SELECT id, name FROM series"); err != nil {
		return err
	}
	for _, word := range words[:min(len(words), 20)] {
		cond := sqlText(`r.title_fold LIKE ? ESCAPE '\'`)
		args := []any{holds(word)}
		for _, one := range series {
			if strings.Contains(models.Fold(one.Name), word) {
				cond += " OR r.series_id = ?"
				args = append(args, one.ID)
			}
		}
		w.add(cond, args...)
	}
	return nil
}

// holds returns the LIKE pattern, with ESCAPE '\', of texts that hold s. Its
// signs mean themselves, and it is cut to a length that a database compares.
func holds(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(clip(s, 1000)) + "%"
}

// countLines fills in, for the rooms of a page and in one query a kind, the
// lead, and for those whose team the viewer is on what happens there.
func (s *Store) countLines(ctx context.Context, v models.Viewer, lines []models.RoundtableLine) error {
	at := map[models.ID]*models.RoundtableLine{}
	var all, team []any
	for i := range lines {
		at[lines[i].ID] = &lines[i]
		all = append(all, lines[i].ID)
		if lines[i].IsTeam() {
			team = append(team, lines[i].ID)
		}
	}
	if len(all) > 0 && v.Role() != models.RoleCohost {
		var leads []struct {
			RoundtableID models.ID
			Name         string
		}
		err := s.list(ctx, &leads, `SELECT m.roundtable_id, min(a.name) AS name FROM team_members m JOIN accounts a ON a.id = m.account_id
			WHERE m.role = 'lead' AND m.roundtable_id IN (`+sqlText("?").repeat(len(all), ", ")+") GROUP BY m.roundtable_id", all...)
		if err != nil {
			return err
		}
		for _, l := range leads {
			at[l.RoundtableID].Lead = l.Name
		}
	}
	if len(team) == 0 {
		return nil
	}
	var counts []struct {
		RoundtableID            models.ID
		Seated, Waiting, Listed int
	}
	in := "(" + sqlText("?").repeat(len(team), ", ") + ")"
	err := s.list(ctx, &counts, `SELECT g.roundtable_id,
		count(*) FILTER (WHERE g.state IN ('accepted', 'reconfirm', 'attended')) AS seated,
		count(*) FILTER (WHERE g.state = 'invited') AS waiting,
		count(*) FILTER (WHERE g.state <> 'withdrawn') AS listed
		FROM guests g WHERE g.roundtable_id IN `+in+" GROUP BY g.roundtable_id", team...)
	if err != nil {
		return err
	}
	for _, c := range counts {
		line := at[c.RoundtableID]
		line.Seated, line.Waiting, line.Listed = c.Seated, c.Waiting, c.Listed
	}
	var insights []struct {
		RoundtableID models.ID
		N            int
	}
	err = s.list(ctx, &insights, "SELECT roundtable_id, count(*) AS n FROM insights WHERE deleted_ms = 0 AND roundtable_id IN "+in+" GROUP BY roundtable_id", team...)
	for _, c := range insights {
		at[c.RoundtableID].Insights = c.N
	}
	return err
}

// A cursor holds the start and the id of the last line: both are on the page.
func roomCursor(at models.Instant, id models.ID) string {
	if at == 0 {
		at = 9007199254740991
	}
	return fmt.Sprintf("%d.%s", at, id)
}

func readRoomCursor(s string) (at int64, id models.ID, ok bool) {
	start, rest, found := strings.Cut(s, ".")
	if !found {
		return 0, 0, false
	}
	if _, err := fmt.Sscanf(start, "%d", &at); err != nil {
		return 0, 0, false
	}
	id, err := models.ParseID(rest)
	return at, id, err == nil
}

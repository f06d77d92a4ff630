package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// auditCursor is the purpose under which places in the whole log are sealed.
const auditCursor = 'L'

const auditPage = 50

// auditAct is an act, or the one that was taken back.
const auditAct sqlText = "(CASE WHEN l.action LIKE 'undo.%' THEN substr(l.action, 6) ELSE l.action END)"

// auditKinds says which acts belong to each of models.AuditKinds.
var auditKinds = map[string]sqlText{
	"speakers":    "l.action = 'insight.speaker_read'",
	"exports":     "l.action LIKE '%export%'",
	"accounts":    auditAct + " LIKE 'account.%'",
	"teams":       auditAct + " LIKE 'team.%' OR " + auditAct + " LIKE 'cohost.%' OR " + auditAct + " = 'roundtable.handover'",
	"roundtables": auditAct + " LIKE 'roundtable.%' OR " + auditAct + " LIKE 'session.%' OR " + auditAct + " LIKE 'agenda.%' OR " + auditAct + " LIKE 'series.%'",
	"guests":      auditAct + " LIKE 'guest%' OR " + auditAct + " LIKE 'request.%' OR " + auditAct + " LIKE 'mail.%'",
	"insights":    auditAct + " LIKE 'insight%' OR " + auditAct + " LIKE 'lint.%' OR " + auditAct + " LIKE 'code.%'",
	"commitments": auditAct + " LIKE 'commitment%'",
	"publication": auditAct + " LIKE 'theme%' OR " + auditAct + " LIKE 'recommendation.%' OR " + auditAct + " LIKE 'panel.%' OR " + auditAct + " LIKE 'brief.%'",
	"people":      auditAct + " LIKE 'person.%' OR " + auditAct + " LIKE 'people.%' OR " + auditAct + " LIKE 'organisation.%'",
	"settings":    auditAct + " LIKE 'institute.%' OR " + auditAct + " LIKE 'codebook%' OR " + auditAct + " LIKE 'example.%'",
}

// Audit reads the log for who may read it. Who captured and edited an insight,
// and when, is its team's to know: such lines of other teams are left out, but
// never that somebody looked up who spoke. A private roundtable whose team the
// reader is not on stays without a name, and without what was done there to
// whom.
func (s *Store) Audit(ctx context.Context, v models.Viewer, f models.AuditFilter) (models.AuditPage, error) {
	var page models.AuditPage
	if !models.Can(v, models.ReadAudit) {
		return page, models.ErrForbidden
	}
	var rows []auditLine
	visible := visibleRooms(v, "r")
	w, newer := s.auditWhere(v, f)
	order := sqlText(" ORDER BY l.seq DESC LIMIT ?")
	if newer {
		order = " ORDER BY l.seq LIMIT ?"
	}
	args := append(slices.Clone(visible.args), w.args...)
	err := s.list(ctx, &rows, `SELECT l.seq, l.at_ms, l.actor, l.action, l.detail, l.roundtable_id, COALESCE(c.name, '') AS name,
		COALESCE(o.name, e.name, h.name, '') AS about, COALESCE(r.title, '') AS title, COALESCE(r.id, 0) AS room
		FROM audit l
		LEFT JOIN accounts c ON c.id = l.account_id
		LEFT JOIN accounts o ON l.object_kind = 'account' AND o.id = l.object_id AND o.id <> l.account_id
		LEFT JOIN series e ON l.object_kind = 'series' AND e.id = l.object_id
		LEFT JOIN organisations h ON l.action LIKE 'cohost.%' AND l.object_kind = 'organisation' AND h.id = l.object_id
		LEFT JOIN roundtables r ON r.id = l.roundtable_id AND `+visible.cond+w.text()+order, append(args, auditPage+1)...)
	if err != nil || len(rows) == 0 {
		return page, err
	}
	more := len(rows) > auditPage
	rows = rows[:min(len(rows), auditPage)]
	if newer {
		slices.Reverse(rows)
	}
	if newer && more || !newer && f.Before != "" {
		page.Newer = s.keys.seal(auditCursor, rows[0].Seq)
	}
	if newer || more {
		page.Older = s.keys.seal(auditCursor, rows[len(rows)-1].Seq)
	}
	for _, r := range rows {
		page.Entries = append(page.Entries, r.entry())
	}
	return page, nil
}

// auditWhere turns the filter into conditions. newer says that the page lies
// after its cursor and is read oldest first.
func (s *Store) auditWhere(v models.Viewer, f models.AuditFilter) (w where, newer bool) {
	w.add(`(l.object_kind <> 'insight' AND l.action NOT LIKE 'insight.%' AND l.action <> 'undo.insights')
		OR l.action IN ('insight.speaker_read', 'insight.strike', 'insight.export') OR l.roundtable_id IN (SELECT roundtable_id FROM team_members WHERE account_id = ?)`, v.Account())
	w.add("l.action NOT LIKE 'code.%'") // the act on the codebook stands there already
	if f.Account != 0 {
		w.add("l.account_id = ?", f.Account)
	}
	if f.Roundtable != 0 {
		w.add("r.id = ?", f.Roundtable)
	}
	if kind, ok := auditKinds[f.Kind]; ok {
		w.add(kind)
	}
	if f.From != 0 {
		w.add("l.at_ms >= ?", f.From)
	}
	if f.Until != 0 {
		w.add("l.at_ms < ?", f.Until)
	}
	if seq, ok := s.keys.open(auditCursor, f.After); ok {
		w.add("l.seq > ?", seq)
		return w, true
	}
	if seq, ok := s.keys.open(auditCursor, f.Before); ok {
		w.add("l.seq < ?", seq)
	}
	return w, false
}

// auditLine is a line as it is read; Room is zero where the roundtable does
// not exist for the reader.
type auditLine struct {
	Seq          int64
	AtMs         models.Instant
	Actor        string
	Action       string
	Detail       string
	RoundtableID models.ID
	Name         string
	About        string
	Title        string
	Room         models.ID
}

func (r auditLine) entry() models.AuditEntry {
	e := models.AuditEntry{
		At: r.AtMs, Actor: actorName(r.Actor, r.Name, r.Action), About: r.About, Roundtable: r.Title, Room: r.Room,
		Words:     models.ActivityWords(r.Action, r.Detail),
		Sensitive: r.Action == "insight.speaker_read" || r.Action == "insight.export",
	}
	if r.Action == failedSignIn && e.About == "" {
		e.About = "an unknown address"
	}
	if r.RoundtableID != 0 && r.Room == 0 {
		e.Roundtable, e.About, e.Words = "A private roundtable", "", models.ActivityWords(r.Action, "")
	}
	e.About = models.ActivityAbout(e.Words, e.About)
	return e
}

// AuditRoundtables lists the newest roundtables that exist for the reader of
// the log, to filter by.
func (s *Store) AuditRoundtables(ctx context.Context, v models.Viewer) ([]models.RoundtableName, error) {
	if !models.Can(v, models.ReadAudit) {
		return nil, models.ErrForbidden
	}
	visible := visibleRooms(v, "r")
	var out []models.RoundtableName
	err := s.list(ctx, &out, "SELECT r.id, r.title FROM roundtables r WHERE "+visible.cond+" ORDER BY r.created_ms DESC, r.id LIMIT 200", visible.args...)
	return out, err
}

package store

import (
	"context"
	"encoding/json"
	"net/url"

	"rotunda/models"
)

// briefRow is a brief as the database keeps it.
type briefRow struct {
	ID           models.ID
	Scope        string
	RoundtableID models.ID
	SeriesID     models.ID
	Filter       string
	Title        string
	BottomLine   string
	KeyMessages  string
	Summary      string
	Report       string
	Annexes      string
	Disclaimer   string
	Uncertainty  string
	State        string
	Slug         string
	AuthorID     models.ID
	ApproverID   models.ID
	ApprovedMs   models.Instant
	ApprovedHash string
	Revision     int
	CreatedMs    models.Instant
	UpdatedMs    models.Instant
	Example      bool
}

func (briefRow) TableName() string { return "briefs" }

func (r briefRow) model() models.Brief {
	return models.Brief{
		ID: r.ID, Scope: models.BriefScope(r.Scope), Roundtable: r.RoundtableID, Series: r.SeriesID, Filter: r.Filter,
		BriefText: models.BriefText{
			Title: r.Title, BottomLine: r.BottomLine, KeyMessages: r.KeyMessages, Summary: r.Summary, Report: r.Report,
			Annexes: r.Annexes, Disclaimer: r.Disclaimer, Uncertainty: r.Uncertainty,
		},
		State: models.BriefState(r.State), Slug: r.Slug, AuthorID: r.AuthorID, ApproverID: r.ApproverID, ApprovedAt: r.ApprovedMs,
		Revision: r.Revision, Created: r.CreatedMs, Updated: r.UpdatedMs,
	}
}

// briefReader is a brief with what its list says of it.
type briefReader struct {
	Row        briefRow `gorm:"embedded"`
	Author     string
	Approver   string
	ScopeName  string
	Private    bool
	Versions   int
	ViolatedMs models.Instant
	GoneMs     models.Instant
}

const briefColumns sqlText = `SELECT b.*, COALESCE(a.name, '') AS author, COALESCE(p.name, '') AS approver,
	COALESCE(room.title, ser.name, '') AS scope_name, COALESCE(room.private, FALSE) AS private,
	COALESCE(pub.version, 0) AS versions, COALESCE(pub.violated_ms, 0) AS violated_ms, COALESCE(pub.withdrawn_ms, 0) AS gone_ms
	FROM briefs b LEFT JOIN accounts a ON a.id = b.author_id LEFT JOIN accounts p ON p.id = b.approver_id
	LEFT JOIN roundtables room ON room.id = b.roundtable_id LEFT JOIN series ser ON ser.id = b.series_id
	LEFT JOIN publications pub ON pub.brief_id = b.id AND pub.version = (SELECT max(n.version) FROM publications n WHERE n.brief_id = b.id) `

func (r briefReader) model() models.Brief {
	b := r.Row.model()
	b.Author, b.Approver, b.ScopeName, b.Private = r.Author, r.Approver, r.ScopeName, r.Private
	b.Versions, b.ViolatedAt, b.WithdrawnAt = r.Versions, r.ViolatedMs, r.GoneMs
	return b
}

// visibleBriefs returns the condition under which briefs b exist for the
// viewer: staff for whom its roundtable does, and every roundtable that its
// themes and recommendations were written on.
func visibleBriefs(v models.Viewer) condition {
	if !models.Can(v, models.ReadAsStaff) {
		return condition{cond: "1 = 0"}
	}
	visible := visibleRooms(v, "r")
	return condition{
		cond: "NOT EXISTS (SELECT 1 FROM roundtables r WHERE r.id IN (" + roomsOfBriefs("= b.id") + " UNION SELECT b.roundtable_id) AND NOT (" + visible.cond + "))",
		args: visible.args,
	}
}

// mostBriefs is how many briefs a list holds.
const mostBriefs = 500

// Briefs lists the briefs that exist for the viewer, the one changed last first.
func (s *Store) Briefs(ctx context.Context, v models.Viewer) ([]models.Brief, error) {
	visible := visibleBriefs(v)
	var rows []briefReader
	q := briefColumns + "WHERE " + visible.cond + " ORDER BY b.updated_ms DESC, b.id LIMIT ?"
	if err := s.list(ctx, &rows, q, append(visible.args, mostBriefs)...); err != nil {
		return nil, err
	}
	ids := make([]models.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.Row.ID
	}
	pillars, err := briefPillars(s.reader(ctx), ids)
	if err != nil {
		return nil, err
	}
	out := make([]models.Brief, len(rows))
	for i, r := range rows {
		out[i] = r.model()
		out[i].Pillars = pillars[r.Row.ID]
	}
	return out, nil
}

// briefPillars returns the pillars of briefs, by what may be counted for anybody
// who may know of them: of their recommendations, and of the insights that
// their newest version shows to the public. Deep background counts for none.
func briefPillars(r reader, ids []models.ID) (map[models.ID]int, error) {
	out := map[models.ID]int{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		BriefID    models.ID
		PillarMask int
	}
	err := r.list(&rows, `SELECT br.brief_id, q.pillar_mask FROM brief_recommendations br JOIN recommendations q ON q.id = br.recommendation_id WHERE br.brief_id IN ?
		UNION SELECT p.brief_id, i.pillar_mask FROM publications p JOIN publication_insights pi ON pi.publication_id = p.id JOIN insights i ON i.seq = pi.insight_seq
			JOIN roundtables r ON r.id = i.roundtable_id
		WHERE p.brief_id IN ? AND p.withdrawn_ms = 0 AND p.version = (SELECT max(n.version) FROM publications n WHERE n.brief_id = p.brief_id)
			AND i.deleted_ms = 0 AND i.state = 2 AND i.regime BETWEEN 1 AND 3 AND r.private = FALSE AND r.regime BETWEEN 1 AND 4`, ids, ids)
	for _, row := range rows {
		out[row.BriefID] |= row.PillarMask
	}
	return out, err
}

// Brief reads one brief with its reviews, comments and history.
func (s *Store) Brief(ctx context.Context, v models.Viewer, id models.ID) (models.Brief, error) {
	r := s.reader(ctx)
	b, err := readBrief(r, v, id)
	if err != nil {
		return b, err
	}
	if err := r.list(&b.Reviews, `SELECT w.account_id AS account, a.name, w.state = 'done' AS done, w.asked_ms AS asked, w.done_ms AS at
		FROM brief_reviews w JOIN accounts a ON a.id = w.account_id WHERE w.brief_id = ? ORDER BY w.asked_ms, a.name`, id); err != nil {
		return b, err
	}
	if err := r.list(&b.Comments, `SELECT c.id, COALESCE(a.name, '') AS name, c.passage, c.text, c.at_ms AS at, c.resolved_ms <> 0 AS resolved
		FROM brief_comments c LEFT JOIN accounts a ON a.id = c.account_id WHERE c.brief_id = ? ORDER BY c.at_ms, c.id`, id); err != nil {
		return b, err
	}
	return b, r.list(&b.History, `SELECT v.revision, v.account_id AS account, v.at_ms AS at, COALESCE(a.name, '') AS name, v.what
		FROM revisions v LEFT JOIN accounts a ON a.id = v.account_id WHERE v.kind = 'brief' AND v.object_id = ? ORDER BY v.revision DESC LIMIT 50`, id)
}

// readBrief reads a brief with what was chosen for it, for a viewer.
func readBrief(r reader, v models.Viewer, id models.ID) (models.Brief, error) {
	visible := visibleBriefs(v)
	var row briefReader
	if err := r.get(&row, briefColumns+"WHERE b.id = ? AND "+visible.cond, append([]any{id}, visible.args...)...); err != nil {
		return models.Brief{}, err
	}
	b := row.model()
	if err := r.list(&b.Themes, "SELECT theme_id FROM brief_themes WHERE brief_id = ? ORDER BY position, theme_id", id); err != nil {
		return b, err
	}
	return b, r.list(&b.Recommendations, "SELECT recommendation_id FROM brief_recommendations WHERE brief_id = ? ORDER BY position, recommendation_id", id)
}

// CreateBrief begins a brief and returns its id. Who may write briefs may; the
// roundtable or series must exist for them.
func (s *Store) CreateBrief(ctx context.Context, v models.Viewer, in models.BriefInput) (models.ID, error) {
	if !models.Can(v, models.WriteBrief) {
		return 0, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	if in.Scope == models.ScopeFilter {
		values, err := url.ParseQuery(in.Filter)
		if err != nil {
			return 0, models.Invalid("filter", "This is not the address of a list of insights.")
		}
		in.Filter = models.ParseInsightFilter(values).Values().Encode()
		if in.Filter == "" {
			return 0, models.Invalid("filter", "Narrow the list of insights down first; then copy its address.")
		}
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.scopeExists(in); err != nil {
			return err
		}
		slug, err := t.freeSlug(models.BriefSlug(in.Title))
		if err != nil {
			return err
		}
		row := briefRow{
			ID: id, Scope: string(in.Scope), RoundtableID: in.Roundtable, SeriesID: in.Series, Filter: in.Filter, Title: in.Title,
			Disclaimer: models.DefaultDisclaimer, State: string(models.BriefDraft), Slug: slug, AuthorID: v.Account(), Revision: 1,
			CreatedMs: t.now, UpdatedMs: t.now,
		}
		if err := t.insert(&row); err != nil {
			return err
		}
		if err := t.keepBriefRevision(id, 1, "created", row.model().BriefText); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "brief.create", ObjectKind: "brief", Object: id, Roundtable: in.Roundtable})
	})
	return id, err
}

func (t *tx) scopeExists(in models.BriefInput) error {
	var n int
	visible := visibleRooms(t.viewer, "r")
	switch in.Scope {
	case models.ScopeRoundtable:
		err := t.get(&n, "SELECT count(*) FROM roundtables r WHERE r.id = ? AND "+visible.cond, append([]any{in.Roundtable}, visible.args...)...)
		if err == nil && n == 0 {
			return models.Invalid("roundtable", "Choose a roundtable.")
		}
		return err
	case models.ScopeSeries:
		err := t.get(&n, "SELECT count(*) FROM series WHERE id = ?", in.Series)
		if err == nil && n == 0 {
			return models.Invalid("series", "Choose a series.")
		}
		return err
	}
	return nil
}

// freeSlug returns the slug, or the slug with random letters where it is taken:
// a counter would tell of briefs that the reader may not know.
func (t *tx) freeSlug(slug string) (string, error) {
	var n int
	if err := t.get(&n, "SELECT count(*) FROM briefs WHERE slug = ?", slug); err != nil || n == 0 {
		return slug, err
	}
	return slug + "-" + t.s.newID().String()[8:], nil
}

// followTitle keeps the address of a brief in step with its title, until the
// first publication: what was cut from a title must not stay in the address.
func (t *tx) followTitle(b models.Brief, title string) error {
	if b.Versions > 0 || models.BriefSlug(title) == models.BriefSlug(b.Title) {
		return nil
	}
	slug, err := t.freeSlug(models.BriefSlug(title))
	if err != nil {
		return err
	}
	return t.exec("UPDATE briefs SET slug = ? WHERE id = ?", slug, b.ID)
}

func (t *tx) keepBriefRevision(id models.ID, revision int, what string, text models.BriefText) error {
	raw, err := json.Marshal(text)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO revisions (kind, object_id, revision, at_ms, account_id, what, content) VALUES ('brief', ?, ?, ?, ?, ?, ?)",
		id, revision, t.now, t.viewer.Account(), what, string(raw))
}

// briefFor reads a brief in the transaction for somebody who wants to act on
// it: models.ErrNotFound where it does not exist for them, models.ErrForbidden
// without the right.
func (t *tx) briefFor(id models.ID, right models.Right) (models.Brief, error) {
	b, err := readBrief(t, t.viewer, id)
	if err != nil {
		return b, err
	}
	if !models.Can(t.viewer, right) {
		return b, models.ErrForbidden
	}
	return b, nil
}

// EditBrief saves the text. revision is the one that the form was made from;
// another one meanwhile is models.ErrConflict. An approval is gone with it. It
// returns what TakeBack wants.
func (s *Store) EditBrief(ctx context.Context, v models.Viewer, id models.ID, revision int, in models.BriefText) (undo models.ID, err error) {
	in, invalid := in.Check()
	err = s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.WriteBrief)
		switch {
		case err != nil:
			return err
		case invalid != nil:
			return invalid
		case b.Revision != revision:
			return models.ErrConflict
		}
		if err := t.keepBriefRooms(id); err != nil {
			return err
		}
		if err := t.saveBrief(b, in, "edited"); err != nil {
			return err
		}
		if undo, err = t.undoable(undoBriefEdit, "Edited a brief", b.Roundtable, briefUndo{Brief: id, Revision: revision + 1, Text: b.BriefText}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "brief.edit", ObjectKind: "brief", Object: id, Roundtable: b.Roundtable, Detail: map[string]any{"revision": revision + 1}})
	})
	return undo, err
}

// saveBrief writes a wording as the brief's next revision.
func (t *tx) saveBrief(b models.Brief, in models.BriefText, what string) error {
	if err := t.exec(`UPDATE briefs SET title = ?, bottom_line = ?, key_messages = ?, summary = ?, report = ?, annexes = ?, disclaimer = ?,
		uncertainty = ?, state = ?, approver_id = 0, approved_ms = 0, approved_hash = '', revision = revision + 1, updated_ms = ? WHERE id = ?`,
		in.Title, in.BottomLine, in.KeyMessages, in.Summary, in.Report, in.Annexes, in.Disclaimer, in.Uncertainty,
		string(b.State.AfterEdit()), t.now, b.ID); err != nil {
		return err
	}
	if err := t.followTitle(b, in.Title); err != nil {
		return err
	}
	if err := t.chooseForBrief(b.ID, in); err != nil {
		return err
	}
	return t.keepBriefRevision(b.ID, b.Revision+1, what, in)
}

// chooseForBrief keeps which themes and recommendations are in a brief, in
// order: those that the editor may know of. What they cannot choose stays, and
// says, too, who may read the brief: what is out of use, and what they may not
// know of.
func (t *tx) chooseForBrief(id models.ID, in models.BriefText) error {
	known := visibleThemes(t.viewer, "h")
	if err := t.exec("DELETE FROM brief_themes WHERE brief_id = ? AND theme_id IN (SELECT h.id FROM themes h WHERE h.archived_ms = 0 AND "+known.cond+")",
		append([]any{id}, known.args...)...); err != nil {
		return err
	}
	themes, err := themesForBrief(t, t.viewer, in.Themes)
	if err != nil {
		return err
	}
	var args []any
	for n, theme := range themes {
		args = append(args, id, theme.ID, n)
	}
	if err := t.insertMany("INSERT INTO brief_themes (brief_id, theme_id, position) VALUES ", "(?, ?, ?)", 3, " ON CONFLICT DO NOTHING", args); err != nil {
		return err
	}
	known = visibleThroughThemes(t.viewer, "q")
	if err := t.exec("DELETE FROM brief_recommendations WHERE brief_id = ? AND recommendation_id IN (SELECT q.id FROM recommendations q WHERE q.archived_ms = 0 AND "+
		known.cond+")", append([]any{id}, known.args...)...); err != nil {
		return err
	}
	recs, err := recommendationsForBrief(t, t.viewer, in.Recommendations)
	if err != nil {
		return err
	}
	args = args[:0]
	for n, rec := range recs {
		args = append(args, id, rec.ID, n)
	}
	return t.insertMany("INSERT INTO brief_recommendations (brief_id, recommendation_id, position) VALUES ", "(?, ?, ?)", 3, " ON CONFLICT DO NOTHING", args)
}

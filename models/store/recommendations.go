package store

import (
	"context"
	"encoding/binary"
	"strings"

	"rotunda/models"
)

// recommendationRow is a recommendation as the database keeps it.
type recommendationRow struct {
	ID           models.ID
	Number       int
	SeriesID     models.ID
	Title        string
	Addressee    string
	Instrument   string
	Action       string
	Timeline     string
	Cost         string
	Dependencies string
	Risk         string
	Mitigation   string
	Measure      string
	Alternatives string
	PillarMask   int
	State        string
	Version      int
	TextHash     string
	OwnerID      models.ID
	DecidedBy    models.ID
	DecidedMs    models.Instant
	Reason       string
	Uncertainty  string
	Response     string
	FollowUp     string
	Uptake       string
	RemindMs     models.Instant
	Revision     int
	ArchivedMs   models.Instant
	CreatedBy    models.ID
	CreatedMs    models.Instant
	UpdatedMs    models.Instant
	Example      bool
}

func (recommendationRow) TableName() string { return "recommendations" }

func (r recommendationRow) state() models.RecommendationState {
	return models.RecommendationState(r.State)
}

func (r recommendationRow) text() models.RecommendationText {
	return models.RecommendationText{
		Title: r.Title, Addressee: r.Addressee, Instrument: r.Instrument, Action: r.Action, Timeline: r.Timeline, Cost: r.Cost,
		Dependencies: r.Dependencies, Risk: r.Risk, Mitigation: r.Mitigation, Measure: r.Measure, Alternatives: r.Alternatives,
	}
}

func (r *recommendationRow) setText(x models.RecommendationText) {
	r.Title, r.Addressee, r.Instrument, r.Action, r.Timeline, r.Cost = x.Title, x.Addressee, x.Instrument, x.Action, x.Timeline, x.Cost
	r.Dependencies, r.Risk, r.Mitigation, r.Measure, r.Alternatives = x.Dependencies, x.Risk, x.Mitigation, x.Measure, x.Alternatives
	r.TextHash = x.Hash()
}

func (r recommendationRow) model() models.Recommendation {
	return models.Recommendation{
		ID: r.ID, Number: r.Number, RecommendationText: r.text(), Pillars: r.PillarMask, Series: r.SeriesID, State: r.state(), Version: r.Version,
		Revision: r.Revision, Owner: r.OwnerID, Decided: r.DecidedMs, Reason: r.Reason, Uncertainty: r.Uncertainty,
		FollowUp: models.FollowUpInput{Status: models.FollowUpStatus(r.FollowUp), Response: r.Response, Uptake: r.Uptake, Remind: r.RemindMs},
		Archived: r.ArchivedMs != 0, Created: r.CreatedMs, Updated: r.UpdatedMs,
	}
}

// closedTo holds for a recommendation q that rests on a roundtable which does
// not exist for the account that account names: its text would tell of it.
func closedTo(account sqlText) sqlText {
	return "EXISTS (SELECT 1 FROM roundtables r WHERE r.id IN (" + roomsOfRecommendations("= q.id") + `) AND NOT (r.private = FALSE AND r.regime BETWEEN 1 AND 4)
			AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.roundtable_id = r.id AND m.account_id = ` + account + `))`
}

// visibleRecommendations holds for the recommendations q that exist for the
// viewer: none for anybody but the institute's own accounts.
func visibleRecommendations(v models.Viewer) condition { return visibleThroughThemes(v, "q") }

// recommendationsPerPage is how many a page of the list holds.
const recommendationsPerPage = 30

// Recommendations returns a page of the recommendations that exist for the
// viewer. Only staff read them; others get models.ErrNotFound.
func (s *Store) Recommendations(ctx context.Context, v models.Viewer, f models.RecommendationFilter) (models.RecommendationPage, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return models.RecommendationPage{}, models.ErrNotFound
	}
	visible := visibleRecommendations(v)
	var w where
	w.add(visible.cond, visible.args...)
	if f.Archived {
		w.add("q.archived_ms <> 0")
	} else {
		w.add("q.archived_ms = 0")
	}
	if f.State != "" {
		w.add("q.state = ?", string(f.State))
	}
	if m := f.Pillar.Mask(); m != 0 {
		w.add("(q.pillar_mask & ?) <> 0", m)
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		like := holds(strings.ToLower(text))
		w.add(`lower(q.title) LIKE ? ESCAPE '\' OR lower(q.addressee) LIKE ? ESCAPE '\'`, like, like)
	}
	if f.After != 0 {
		w.add("q.updated_ms < (SELECT c.updated_ms FROM recommendations c WHERE c.id = ?) OR (q.updated_ms = (SELECT c.updated_ms FROM recommendations c WHERE c.id = ?) AND q.id < ?)",
			f.After, f.After, f.After)
	}
	rows, err := readRecommendations(s.reader(ctx), w, recommendationsPerPage+1)
	var out models.RecommendationPage
	if len(rows) > recommendationsPerPage {
		rows = rows[:recommendationsPerPage]
		out.Next = rows[recommendationsPerPage-1].ID
	}
	out.Rows = rows
	return out, err
}

// Recommendation reads one recommendation, as Recommendations does.
func (s *Store) Recommendation(ctx context.Context, v models.Viewer, id models.ID) (models.Recommendation, error) {
	visible := visibleRecommendations(v)
	var w where
	w.add("q.id = ?", id)
	w.add(visible.cond, visible.args...)
	rows, err := readRecommendations(s.reader(ctx), w, 1)
	if err == nil && len(rows) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return models.Recommendation{}, err
	}
	return rows[0], nil
}

// readRecommendations reads rows with their codes, themes, names and results:
// a handful of queries, however many there are.
func readRecommendations(r reader, w where, limit int) ([]models.Recommendation, error) {
	var rows []struct {
		Row     recommendationRow `gorm:"embedded"`
		Owner   string
		Decider string
		Series  string
	}
	err := r.list(&rows, `SELECT q.*, COALESCE(o.name, '') AS owner, COALESCE(d.name, '') AS decider, COALESCE(e.name, '') AS series FROM recommendations q
		LEFT JOIN series e ON e.id = q.series_id
		LEFT JOIN accounts o ON o.id = q.owner_id LEFT JOIN accounts d ON d.id = q.decided_by`+w.text()+
		" ORDER BY q.updated_ms DESC, q.id DESC LIMIT ?", append(w.args, limit)...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := make([]models.Recommendation, len(rows))
	at := make(map[models.ID]*models.Recommendation, len(rows))
	ids := make([]models.ID, len(rows))
	for i, row := range rows {
		out[i] = row.Row.model()
		out[i].OwnerName, out[i].DecidedBy, out[i].SeriesName = row.Owner, row.Decider, row.Series
		ids[i], at[row.Row.ID] = row.Row.ID, &out[i]
	}
	if err := fillRecommendations(r, ids, at); err != nil {
		return nil, err
	}
	return out, fillResults(r, ids, at)
}

// fillRecommendations adds codes and themes.
func fillRecommendations(r reader, ids []models.ID, at map[models.ID]*models.Recommendation) error {
	var codes []struct {
		RecommendationID models.ID
		ID               models.ID
		Kind, Key, Name  string
		Archived         bool
	}
	if err := r.list(&codes, `SELECT rc.recommendation_id, c.id, c.kind, c.key, c.name, (c.archived_ms <> 0) AS archived FROM recommendation_codes rc
		JOIN codes c ON c.id = rc.code_id WHERE rc.recommendation_id IN ? ORDER BY c.position, c.id`, ids); err != nil {
		return err
	}
	for _, c := range codes {
		ref := models.CodeRef{ID: c.ID, Key: c.Key, Name: c.Name}
		q := at[c.RecommendationID]
		if c.Archived {
			q.Retired = append(q.Retired, c.ID)
		}
		if c.Kind == models.CodeFront.Key() {
			q.Fronts = append(q.Fronts, ref)
		} else {
			q.Forums = append(q.Forums, ref)
		}
	}
	var themes []struct {
		RecommendationID models.ID
		ID               models.ID
		Statement        string
		Archived         bool
	}
	err := r.list(&themes, `SELECT rt.recommendation_id, h.id, h.statement, (h.archived_ms <> 0) AS archived FROM recommendation_themes rt JOIN themes h ON h.id = rt.theme_id
		WHERE rt.recommendation_id IN ? ORDER BY rt.position, h.id`, ids)
	for _, h := range themes {
		q := at[h.RecommendationID]
		q.Themes = append(q.Themes, models.ThemeRef{ID: h.ID, Statement: h.Statement, Archived: h.Archived})
	}
	return err
}

// CreateRecommendation adds a draft whose owner the viewer is. Needs
// models.Analyse. Bad input is a *models.InvalidError.
func (s *Store) CreateRecommendation(ctx context.Context, v models.Viewer, in models.RecommendationInput) (models.ID, error) {
	if !models.Can(v, models.Analyse) {
		return 0, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		number, err := t.recommendationNumber()
		if err != nil {
			return err
		}
		row := recommendationRow{
			ID: id, Number: number, SeriesID: in.Series, PillarMask: in.Pillars, State: string(models.RecommendationDraft), Version: 1, OwnerID: v.Account(),
			Revision: 1, CreatedBy: v.Account(), CreatedMs: t.now, UpdatedMs: t.now,
		}
		row.setText(in.RecommendationText)
		if err := t.insert(&row); err != nil {
			return err
		}
		if err := t.linkRecommendation(id, in); err != nil {
			return err
		}
		if err := t.keepWording(row, "Drafted"); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "recommendation.create", ObjectKind: "recommendation", Object: id})
	})
	return id, err
}

// recommendationNumber draws a number that is free. It is drawn and not
// counted, so that it tells nobody how many there are that they may not see.
func (t *tx) recommendationNumber() (int, error) {
	if err := t.queueUp("recommendation number"); err != nil {
		return 0, err
	}
	for span := uint64(9000); ; span *= 2 {
		var b [8]byte
		t.s.fill(b[:])
		number := 1000 + int(binary.BigEndian.Uint64(b[:])%span)
		var taken int
		if err := t.get(&taken, "SELECT count(*) FROM recommendations WHERE number = ?", number); err != nil || taken == 0 {
			return number, err
		}
	}
}

// linkRecommendation writes what a recommendation draws on and where it
// belongs. What it is linked to already may stay, whatever became of that;
// what does not exist for the viewer, or is not in use, is refused.
func (t *tx) linkRecommendation(id models.ID, in models.RecommendationInput) error {
	if err := t.checkSeries(in.Series); err != nil {
		return err
	}
	if err := t.checkDrawnOn(id, in.Themes); err != nil {
		return err
	}
	if err := t.linkCodes(id, in.Codes); err != nil {
		return err
	}
	if err := t.keepRecommendationRooms(id); err != nil {
		return err
	}
	return t.drawOn(id, in.Themes)
}

// drawOn writes which themes a recommendation draws on.
func (t *tx) drawOn(id models.ID, themes []models.ID) error {
	// An archived theme is not offered, and still says who may read this.
	if err := t.exec("DELETE FROM recommendation_themes WHERE recommendation_id = ? AND theme_id IN (SELECT h.id FROM themes h WHERE h.archived_ms = 0)", id); err != nil {
		return err
	}
	var args []any
	for i, theme := range themes {
		args = append(args, id, theme, i+1)
	}
	return t.insertMany("INSERT INTO recommendation_themes (recommendation_id, theme_id, position) VALUES ", "(?, ?, ?)", 3, " ON CONFLICT DO NOTHING", args)
}

// checkDrawnOn refuses themes that a recommendation cannot draw on.
func (t *tx) checkDrawnOn(id models.ID, themes []models.ID) error {
	if len(themes) == 0 {
		return nil
	}
	visible := visibleThemes(t.viewer, "h")
	var rows []struct {
		Row    themeRow `gorm:"embedded"`
		Linked bool
	}
	if err := t.list(&rows, `SELECT h.*, EXISTS (SELECT 1 FROM recommendation_themes rt WHERE rt.recommendation_id = ? AND rt.theme_id = h.id) AS linked
		FROM themes h WHERE h.id IN ? AND `+visible.cond+" ORDER BY h.id", append([]any{id, themes}, visible.args...)...); err != nil {
		return err
	}
	if len(rows) != len(themes) {
		return models.Invalid("themes", "One of the themes is no longer there. Choose again.")
	}
	for _, r := range rows {
		switch {
		case r.Linked:
		case r.Row.ArchivedMs != 0:
			return models.Invalid("themes", "This theme was archived. Restore it first, or choose another: “"+r.Row.Statement+"”")
		case r.Row.Dissent == "":
			return models.Invalid("themes", "This theme does not say yet what dissent there was. Write it there first, if only “none recorded”: “"+r.Row.Statement+"”")
		}
	}
	return nil
}

// linkCodes writes the fronts and forums of a recommendation.
func (t *tx) linkCodes(id models.ID, codes []models.ID) error {
	var archived []string
	if len(codes) > 0 {
		if err := t.list(&archived, `SELECT c.name FROM codes c WHERE c.id IN ? AND c.archived_ms <> 0
			AND NOT EXISTS (SELECT 1 FROM recommendation_codes rc WHERE rc.recommendation_id = ? AND rc.code_id = c.id) ORDER BY c.name`, codes, id); err != nil {
			return err
		}
	}
	if len(archived) > 0 {
		return models.Invalid("codes", "This was archived in the codebook. Choose another: "+strings.Join(archived, ", "))
	}
	if err := t.exec("DELETE FROM recommendation_codes WHERE recommendation_id = ?", id); err != nil || len(codes) == 0 {
		return err
	}
	n, err := t.affected(`INSERT INTO recommendation_codes (recommendation_id, code_id)
		SELECT CAST(? AS BIGINT), c.id FROM codes c WHERE c.id IN ? AND c.kind IN ('front', 'forum')`, id, codes)
	if err == nil && int(n) != len(codes) {
		return models.Invalid("codes", "One of the fronts or forums is no longer in the codebook. Choose again.")
	}
	return err
}

// recommendationFor reads a recommendation that the viewer may write, and lets
// others who write it wait. Needs models.Analyse.
func (t *tx) recommendationFor(id models.ID) (recommendationRow, error) {
	if !models.Can(t.viewer, models.Analyse) {
		return recommendationRow{}, models.ErrForbidden
	}
	return t.recommendationSeen(id)
}

// recommendationSeen is recommendationFor for who may only read it.
func (t *tx) recommendationSeen(id models.ID) (row recommendationRow, err error) {
	if err = t.queueUp("recommendation " + id.String()); err != nil {
		return row, err
	}
	visible := visibleRecommendations(t.viewer)
	err = t.get(&row, "SELECT q.* FROM recommendations q WHERE q.id = ? AND "+visible.cond, append([]any{id}, visible.args...)...)
	return row, err
}

// EditRecommendation changes a recommendation and returns what TakeBack wants.
// It returns models.ErrConflict where somebody changed it since the form was
// made. Where a word of the text changes, it is another version, and
// evaluations of those before are stale.
func (s *Store) EditRecommendation(ctx context.Context, v models.Viewer, id models.ID, in models.RecommendationInput) (undo models.ID, err error) {
	if in, err = in.Check(); err != nil {
		return 0, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		row, err := t.recommendationFor(id)
		if err != nil {
			return err
		}
		if row.Revision != in.Revision {
			return models.ErrConflict
		}
		before := recommendationEdit{recommendationUndo: recommendationUndo{row, row.Revision + 1}}
		if err := t.drawnFrom(&before); err != nil {
			return err
		}
		what := "Changed where it belongs"
		if in.Hash() != row.TextHash {
			row.Version++
			row.State = string(row.state().AfterEdit())
			what = "Changed the text"
		}
		row.setText(in.RecommendationText)
		row.PillarMask, row.SeriesID, row.UpdatedMs = in.Pillars, in.Series, t.now
		row.Revision++
		if err := t.saveRecommendation(row); err != nil {
			return err
		}
		if err := t.linkRecommendation(id, in); err != nil {
			return err
		}
		if err := t.keepWording(row, what); err != nil {
			return err
		}
		if undo, err = t.undoable(undoRecommendationEdit, "the edit of a recommendation", 0, before); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "recommendation.edit", ObjectKind: "recommendation", Object: id, Detail: map[string]any{"version": row.Version, "state": row.State}})
	})
	return undo, err
}

// saveRecommendation writes all of a row.
func (t *tx) saveRecommendation(r recommendationRow) error {
	return t.db.Model(&r).Select("*").Updates(&r).Error
}

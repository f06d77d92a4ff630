package store

import (
	"context"
	"encoding/json"

	"rotunda/models"
)

// themesPerPage is how many themes a page of the list or the board holds.
const themesPerPage = 20

const cursorTheme = 't'

// themeRow is a theme as the database keeps it.
type themeRow struct {
	ID         models.ID
	SeriesID   models.ID
	Statement  string
	Position   int
	Likelihood models.Likelihood
	Confidence models.Confidence
	Basis      string
	Dissent    string
	Gaps       string
	Memo       string
	OwnerID    models.ID
	Revision   int
	ArchivedMs models.Instant
	CreatedBy  models.ID
	CreatedMs  models.Instant
	UpdatedMs  models.Instant
	Example    bool
}

func (themeRow) TableName() string { return "themes" }

// foundTheme is a theme with the names of its series and owner.
type foundTheme struct {
	Row        themeRow `gorm:"embedded"`
	SeriesName string
	OwnerName  string
}

const themeColumns sqlText = `SELECT t.*, COALESCE(s.name, '') AS series_name, COALESCE(a.name, '') AS owner_name FROM themes t
	LEFT JOIN series s ON s.id = t.series_id LEFT JOIN accounts a ON a.id = t.owner_id`

func (f foundTheme) model() models.Theme {
	r := f.Row
	return models.Theme{
		ID: r.ID, SeriesID: r.SeriesID, Series: f.SeriesName, Statement: r.Statement, Likelihood: r.Likelihood, Confidence: r.Confidence,
		Basis: r.Basis, Dissent: r.Dissent, Gaps: r.Gaps, Memo: r.Memo, OwnerID: r.OwnerID, Owner: f.OwnerName,
		Revision: r.Revision, Archived: r.ArchivedMs != 0, Created: r.CreatedMs, Updated: r.UpdatedMs,
	}
}

// Themes returns a page of the themes that exist for the viewer, in the order
// in which they were written, each with the insights that the viewer may see.
// Only staff read themes; others get models.ErrNotFound.
func (s *Store) Themes(ctx context.Context, v models.Viewer, f models.ThemeFilter) (models.ThemePage, error) {
	if !readsThemes(v) {
		return models.ThemePage{}, models.ErrNotFound
	}
	var page models.ThemePage
	after, _ := s.keys.open(cursorTheme, f.After)
	for {
		found, err := s.themesAfter(ctx, v, f, models.ID(after))
		if err != nil {
			return models.ThemePage{}, err
		}
		lines, err := s.withLinks(ctx, v, found[:min(len(found), themesPerPage)])
		if err != nil {
			return models.ThemePage{}, err
		}
		for _, line := range lines {
			if f.Pillar != models.PillarNone && line.PillarMask()&f.Pillar.Mask() == 0 {
				continue // nothing that the viewer may see carries it
			}
			if len(page.Lines) == themesPerPage {
				page.Next = s.keys.seal(cursorTheme, int64(page.Lines[themesPerPage-1].ID))
				return page, nil
			}
			page.Lines = append(page.Lines, line)
		}
		switch {
		case len(found) <= themesPerPage:
			return page, nil
		case len(page.Lines) == themesPerPage:
			page.Next = s.keys.seal(cursorTheme, int64(page.Lines[themesPerPage-1].ID))
			return page, nil
		}
		after = int64(found[themesPerPage-1].Row.ID)
	}
}

// themesAfter reads up to one theme more than a page holds, behind a theme.
func (s *Store) themesAfter(ctx context.Context, v models.Viewer, f models.ThemeFilter, after models.ID) ([]foundTheme, error) {
	var w where
	visible := visibleThemes(v, "t")
	w.add(visible.cond, visible.args...)
	if f.Archived {
		w.add("t.archived_ms <> 0")
	} else {
		w.add("t.archived_ms = 0")
	}
	if f.Series != 0 {
		w.add("t.series_id = ?", f.Series)
	}
	if f.Owner != 0 {
		w.add("t.owner_id = ?", f.Owner)
	}
	if f.Pillar != models.PillarNone {
		w.add(`EXISTS (SELECT 1 FROM theme_insights ti JOIN insights i ON i.seq = ti.insight_seq
			WHERE ti.theme_id = t.id AND (i.pillar_mask & ?) <> 0)`, f.Pillar.Mask())
	}
	if after != 0 {
		w.add("(t.position, t.id) > (SELECT p.position, p.id FROM themes p WHERE p.id = ?)", after)
	}
	var found []foundTheme
	err := s.list(ctx, &found, themeColumns+w.text()+" ORDER BY t.position, t.id LIMIT ?", append(w.args, themesPerPage+1)...)
	return found, err
}

// withLinks reads the insights of themes, as disclosed to the viewer.
func (s *Store) withLinks(ctx context.Context, v models.Viewer, found []foundTheme) ([]models.ThemeLine, error) {
	ids := make([]models.ID, len(found))
	for i, f := range found {
		ids[i] = f.Row.ID
	}
	links, err := s.themeLinks(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	out := make([]models.ThemeLine, len(found))
	for i, f := range found {
		out[i] = models.ThemeLine{Theme: f.model(), Links: links[f.Row.ID]}
	}
	return out, nil
}

// linkable holds for insights i that may stand in a theme: reviewed, there, and
// not off the record. What fell behind since is shown no more.
const linkable sqlText = "i.deleted_ms = 0 AND i.state IN (1, 2) AND i.regime BETWEEN 1 AND 4"

// themeLinks reads the insights of themes as disclosed to the viewer, those of
// the latest roundtables first: in no order that tells when they were said.
func (s *Store) themeLinks(ctx context.Context, v models.Viewer, themes []models.ID) (map[models.ID][]models.ThemeLink, error) {
	if len(themes) == 0 {
		return nil, nil
	}
	var rows []struct {
		Found    foundRow `gorm:"embedded"`
		ThemeID  models.ID
		Relation models.ThemeRelation
	}
	q := `SELECT i.*, COALESCE(sp.guest_id, 0) AS sp_guest_id, COALESCE(sp.committed_by, 0) AS sp_committed_by,
		COALESCE(sp.unresolved, '') AS sp_unresolved, i.seq AS sp_insight_seq, ti.theme_id, ti.relation
		FROM theme_insights ti JOIN insights i ON i.seq = ti.insight_seq` + withSpeaker +
		"WHERE ti.theme_id IN ? AND " + linkable + " ORDER BY i.pos DESC"
	if err := s.list(ctx, &rows, q, themes); err != nil || len(rows) == 0 {
		return nil, err
	}
	found := make([]foundRow, len(rows))
	for i, r := range rows {
		found[i] = r.Found
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return nil, err
	}
	shown, err := d.disclose(ctx, found, false)
	if err != nil {
		return nil, err
	}
	byID := make(map[models.ID]models.Insight, len(shown))
	for _, i := range shown {
		byID[i.ID()] = i
	}
	out := map[models.ID][]models.ThemeLink{}
	for _, r := range rows {
		if i, ok := byID[r.Found.Row.ID]; ok {
			out[r.ThemeID] = append(out[r.ThemeID], models.ThemeLink{Insight: i, Relation: r.Relation})
		}
	}
	return out, nil
}

// Theme returns one theme with its insights as disclosed to the viewer, and its
// history. It is models.ErrNotFound where it does not exist for them.
func (s *Store) Theme(ctx context.Context, v models.Viewer, id models.ID) (models.ThemeRecord, error) {
	visible := visibleThemes(v, "t")
	var found foundTheme
	if err := s.get(ctx, &found, themeColumns+" WHERE t.id = ? AND "+visible.cond, append([]any{id}, visible.args...)...); err != nil {
		return models.ThemeRecord{}, err
	}
	lines, err := s.withLinks(ctx, v, []foundTheme{found})
	if err != nil {
		return models.ThemeRecord{}, err
	}
	records := []models.ThemeRecord{{ThemeLine: lines[0]}}
	if err := s.presentAtEach(ctx, records); err != nil {
		return models.ThemeRecord{}, err
	}
	record := records[0]
	var rows []revisionRow
	if err := s.list(ctx, &rows, historyOf, themeKind, id, mostEvents); err != nil {
		return models.ThemeRecord{}, err
	}
	for _, r := range rows {
		var kept themeWording
		if err := json.Unmarshal([]byte(r.Content), &kept); err != nil {
			return models.ThemeRecord{}, err
		}
		record.History = append(record.History, models.ThemeEvent{At: r.AtMs, Who: r.Name, What: r.What, Statement: kept.Statement, Dissent: kept.Dissent})
	}
	return record, nil
}

// mostThemeChoices is how many themes a form offers.
const mostThemeChoices = 300

// ThemeChoices lists the themes in use that exist for the viewer, the latest
// changed first but for one that is chosen, for choosing one. Staff read them;
// others get models.ErrNotFound.
func (s *Store) ThemeChoices(ctx context.Context, v models.Viewer, chosen models.ID) ([]models.FacetValue, error) {
	if !readsThemes(v) {
		return nil, models.ErrNotFound
	}
	visible := visibleThemes(v, "t")
	var rows []struct {
		ID        models.ID
		Statement string
	}
	err := s.list(ctx, &rows, "SELECT t.id, t.statement FROM themes t WHERE t.archived_ms = 0 AND "+visible.cond+
		" ORDER BY CASE WHEN t.id = ? THEN 0 ELSE 1 END, t.updated_ms DESC, t.id LIMIT ?", append(visible.args, chosen, mostThemeChoices)...)
	out := make([]models.FacetValue, len(rows))
	for i, r := range rows {
		out[i] = models.FacetValue{Key: r.ID.String(), Name: r.Statement}
	}
	return out, err
}

// ThemeOwners lists the accounts that a theme can belong to, by name. Staff
// read them; others get models.ErrNotFound.
func (s *Store) ThemeOwners(ctx context.Context, v models.Viewer) ([]models.FacetValue, error) {
	if !readsThemes(v) {
		return nil, models.ErrNotFound
	}
	var rows []struct {
		ID   models.ID
		Name string
	}
	err := s.list(ctx, &rows, "SELECT id, name FROM accounts WHERE disabled_ms = 0 AND role <> 'cohost' ORDER BY name, id")
	out := make([]models.FacetValue, len(rows))
	for i, r := range rows {
		out[i] = models.FacetValue{Key: r.ID.String(), Name: r.Name}
	}
	return out, err
}

// UnsortedInsights returns a page of what the filter lets through for the
// viewer and stands in no theme that the viewer may see: reviewed, not off the
// record. Others than staff get models.ErrNotFound.
func (s *Store) UnsortedInsights(ctx context.Context, v models.Viewer, filter models.InsightFilter, at Cursor) (InsightPage, error) {
	if !readsThemes(v) {
		return InsightPage{}, models.ErrNotFound
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return InsightPage{}, err
	}
	w, ok := d.find(filter)
	if !ok {
		return InsightPage{}, nil
	}
	visible := visibleThemes(v, "t")
	w.add(linkable)
	w.add("NOT EXISTS (SELECT 1 FROM theme_insights ti JOIN themes t ON t.id = ti.theme_id WHERE ti.insight_seq = i.seq AND t.archived_ms = 0 AND "+
		visible.cond+")", visible.args...)
	return d.page(ctx, filter, w, at)
}

package store

import (
	"context"
	"encoding/json"
	"slices"

	"rotunda/models"
)

// CodebookPage returns the codebook with its newest version, who added what, and
// how many insights the viewer reads under each code, up to models.MostMatches.
// Staff read it; others get models.ErrNotFound.
func (s *Store) CodebookPage(ctx context.Context, v models.Viewer) (models.CodebookPage, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return models.CodebookPage{}, models.ErrNotFound
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return models.CodebookPage{}, err
	}
	p := models.CodebookPage{Book: d.book, Authors: map[models.ID]string{}}
	versions, err := s.CodebookVersions(ctx, v)
	if err != nil {
		return p, err
	}
	if len(versions) > 0 {
		p.Version = versions[0]
	}
	var authors []struct {
		ID   models.ID
		Name string
	}
	if err := s.list(ctx, &authors, "SELECT id, name FROM accounts WHERE id IN (SELECT created_by FROM codes)"); err != nil {
		return p, err
	}
	for _, a := range authors {
		p.Authors[a.ID] = a.Name
	}
	p.Counts, err = d.codeCounts(ctx, d.book)
	return p, err
}

// countedAtOnce is how many codes one statement counts.
const countedAtOnce = 100

// codeCounts counts what the viewer reads under each code.
func (d finder) codeCounts(ctx context.Context, codes []models.CodeEntry) (map[models.ID]models.CodeCount, error) {
	out := map[models.ID]models.CodeCount{}
	for part := range slices.Chunk(codes, countedAtOnce) {
		var counts []sqlText
		var args []any
		for _, e := range part {
			w, ok := d.find(ofCode(e))
			if !ok || e.MergedInto != 0 {
				continue
			}
			counts = append(counts, "SELECT CAST(? AS BIGINT) AS id, (SELECT count(*) FROM (SELECT 1 AS one FROM insight_search f"+w.text()+" LIMIT ?) AS x) AS n")
			args = append(append(append(args, e.ID), w.args...), models.MostMatches+1)
		}
		if len(counts) == 0 {
			continue
		}
		var rows []struct {
			ID models.ID
			N  int
		}
		if err := d.s.list(ctx, &rows, sqlText(" UNION ALL ").join(counts), args...); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = models.CodeCount{N: min(r.N, models.MostMatches), Capped: r.N > models.MostMatches}
		}
	}
	return out, nil
}

// ofCode is the filter of everything under a code.
func ofCode(e models.CodeEntry) models.InsightFilter {
	var f models.InsightFilter
	if e.Kind == models.CodePillar {
		return f.With(models.FacetPillar, e.Pillar.Letter())
	}
	for facet := range models.FacetItem {
		if kind, ok := facet.Code(); ok && kind == e.Kind {
			return f.With(facet, e.Key)
		}
	}
	return f
}

// CodeCounts counts what the viewer reads under some codes, as CodebookPage.
func (s *Store) CodeCounts(ctx context.Context, v models.Viewer, ids []models.ID) (map[models.ID]models.CodeCount, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.ErrNotFound
	}
	d, err := s.finder(ctx, v)
	if err != nil {
		return nil, err
	}
	var codes []models.CodeEntry
	for _, e := range d.book {
		if slices.Contains(ids, e.ID) {
			codes = append(codes, e)
		}
	}
	return d.codeCounts(ctx, codes)
}

// mostVersions is how many versions of the codebook are listed.
const mostVersions = 500

// CodebookVersions lists the versions of the codebook, the newest first, up to
// 500. Staff read them; others get models.ErrNotFound.
func (s *Store) CodebookVersions(ctx context.Context, v models.Viewer) ([]models.CodebookVersion, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.ErrNotFound
	}
	var out []models.CodebookVersion
	err := s.list(ctx, &out, `SELECT c.version, c.at_ms AS at, COALESCE(a.name, '') AS who, c.what, c.content <> '' AS frozen
		FROM codebook_versions c LEFT JOIN accounts a ON a.id = c.account_id ORDER BY c.version DESC LIMIT ?`, mostVersions)
	return out, err
}

// FrozenCodebook returns the codebook as a version froze it. A version that no
// brief names has none: models.ErrNotFound. Staff read it.
func (s *Store) FrozenCodebook(ctx context.Context, v models.Viewer, version int) (models.Codebook, models.CodebookVersion, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.CodebookVersion{}, models.ErrNotFound
	}
	var row struct {
		Version int
		AtMs    models.Instant
		Who     string
		What    string
		Content string
	}
	if err := s.get(ctx, &row, `SELECT c.version, c.at_ms, COALESCE(a.name, '') AS who, c.what, c.content
		FROM codebook_versions c LEFT JOIN accounts a ON a.id = c.account_id WHERE c.version = ? AND c.content <> ''`, version); err != nil {
		return nil, models.CodebookVersion{}, err
	}
	var book models.Codebook
	err := json.Unmarshal([]byte(row.Content), &book)
	return book, models.CodebookVersion{Version: row.Version, At: row.AtMs, Who: row.Who, What: row.What, Frozen: true}, err
}

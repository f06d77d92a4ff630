package store

import (
	"context"

	"rotunda/models"
)

// seriesRow is a series as the database keeps it.
type seriesRow struct {
	ID         models.ID
	Name       string
	Question   string
	ArchivedMs models.Instant
	CreatedMs  models.Instant
	Example    bool
}

func (seriesRow) TableName() string { return "series" }

// CreateSeries adds a series. Who may create roundtables may create series;
// others get models.ErrForbidden. Bad input is a *models.InvalidError.
func (s *Store) CreateSeries(ctx context.Context, v models.Viewer, in models.SeriesInput) (models.ID, error) {
	if !models.Can(v, models.CreateRoundtable) {
		return 0, models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	id := s.newID()
	err = s.transact(ctx, v, func(t *tx) error {
		if err := t.insert(&seriesRow{ID: id, Name: in.Name, Question: in.Question, CreatedMs: t.now}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "series.create", ObjectKind: "series", Object: id})
	})
	return id, err
}

// UpdateSeries changes a series' name and question; rights as CreateSeries. What
// another changed since the form was shown is models.ErrConflict.
func (s *Store) UpdateSeries(ctx context.Context, v models.Viewer, id models.ID, in models.SeriesInput) error {
	if !models.Can(v, models.CreateRoundtable) {
		return models.ErrForbidden
	}
	in, err := in.Check()
	if err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		var row seriesRow
		if err := t.get(&row, "SELECT * FROM series WHERE id = ?", id); err != nil {
			return err
		}
		if err := in.Seen.Check(models.SeriesInput{Name: row.Name, Question: row.Question}); err != nil {
			return err
		}
		if err := t.exec("UPDATE series SET name = ?, question = ? WHERE id = ?", in.Name, in.Question, id); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "series.update", ObjectKind: "series", Object: id})
	})
}

// Series lists the series with how many of their roundtables the viewer may
// know of, by name. Only staff read series; others get models.ErrNotFound.
func (s *Store) Series(ctx context.Context, v models.Viewer) ([]models.Series, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return nil, models.ErrNotFound
	}
	visible := visibleRooms(v, "r")
	var rows []struct {
		Row         seriesRow `gorm:"embedded"`
		Roundtables int
	}
	q := `SELECT s.*, count(r.id) AS roundtables FROM series s
		LEFT JOIN roundtables r ON r.series_id = s.id AND ` + visible.cond + `
		GROUP BY s.id ORDER BY s.name, s.id`
	if err := s.list(ctx, &rows, q, visible.args...); err != nil {
		return nil, err
	}
	out := make([]models.Series, len(rows))
	for i, r := range rows {
		out[i] = models.Series{ID: r.Row.ID, Name: r.Row.Name, Question: r.Row.Question, Archived: r.Row.ArchivedMs != 0, Roundtables: r.Roundtables}
	}
	return out, nil
}

// OneSeries reads one series, for staff; others get models.ErrNotFound.
func (s *Store) OneSeries(ctx context.Context, v models.Viewer, id models.ID) (models.Series, error) {
	if !models.Can(v, models.ReadAsStaff) {
		return models.Series{}, models.ErrNotFound
	}
	visible := visibleRooms(v, "r")
	var row struct {
		Row         seriesRow `gorm:"embedded"`
		Roundtables int
	}
	err := s.get(ctx, &row, `SELECT s.*, (SELECT count(*) FROM roundtables r WHERE r.series_id = s.id AND `+visible.cond+`) AS roundtables
		FROM series s WHERE s.id = ?`, append(visible.args, id)...)
	return models.Series{
		ID: row.Row.ID, Name: row.Row.Name, Question: row.Row.Question, Archived: row.Row.ArchivedMs != 0, Roundtables: row.Roundtables,
	}, err
}

// ArchiveSeries takes a series out of the lists that forms offer, or puts it
// back. Its roundtables stay. Rights as CreateSeries.
func (s *Store) ArchiveSeries(ctx context.Context, v models.Viewer, id models.ID, archived bool) error {
	if !models.Can(v, models.CreateRoundtable) {
		return models.ErrForbidden
	}
	return s.transact(ctx, v, func(t *tx) error {
		at, action := models.Instant(0), "series.restore"
		if archived {
			at, action = t.now, "series.archive"
		}
		n, err := t.affected("UPDATE series SET archived_ms = ? WHERE id = ?", at, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		return t.audit(auditRow{Action: action, ObjectKind: "series", Object: id})
	})
}

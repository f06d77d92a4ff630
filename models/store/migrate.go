package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

var (
	// ErrSchemaBehind means that the database must be migrated first.
	ErrSchemaBehind = errors.New("the database is older than this program: run `rotunda migrate` (it makes a backup first)")
	// ErrSchemaAhead means that a newer program has migrated the database.
	ErrSchemaAhead = errors.New("the database is newer than this program: use the newer program")
)

// MigrationState is one step of the schema.
type MigrationState struct {
	Version int64
	Name    string
	Applied bool
}

func (s *Store) migrator() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations/"+string(s.dialect))
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	d := goose.DialectSQLite3
	if s.dialect == postgresDialect {
		d = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(d, pool(s.write), dir, opts...)
}

// Migrate brings the schema up to this program's and makes the search index
// where it is missing. It returns how many steps it took.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	p, err := s.migrator()
	if err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return 0, mapped(err)
	}
	if err := s.prepareSearch(ctx); err != nil {
		return 0, err
	}
	return len(done), s.ensureCodebook(ctx)
}

// CheckSchema returns ErrSchemaBehind or ErrSchemaAhead where the database
// does not fit this program.
func (s *Store) CheckSchema(ctx context.Context) error {
	p, err := s.migrator()
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return mapped(err)
	case current < target:
		return ErrSchemaBehind
	case current > target:
		return ErrSchemaAhead
	}
	return s.prepareSearch(ctx)
}

// IsNew reports whether the database holds no schema yet.
func (s *Store) IsNew(ctx context.Context) (bool, error) {
	q := sqlText("SELECT count(*) FROM sqlite_master WHERE name = 'accounts'")
	if s.dialect == postgresDialect {
		q = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'accounts' AND table_schema = current_schema()"
	}
	var n int
	err := s.get(ctx, &n, q)
	return n == 0, err
}

// Migrations lists the steps of the schema, first to last.
func (s *Store) Migrations(ctx context.Context) ([]MigrationState, error) {
	p, err := s.migrator()
	if err != nil {
		return nil, err
	}
	all, err := p.Status(ctx)
	if err != nil {
		return nil, mapped(err)
	}
	out := make([]MigrationState, len(all))
	for i, m := range all {
		out[i] = MigrationState{Version: m.Source.Version, Name: fmt.Sprintf("%04d", m.Source.Version), Applied: m.State == goose.StateApplied}
	}
	return out, nil
}

// prepareSearch makes the SQLite search indexes. They lie outside the migrations
// because a program built without full-text search could not even drop them.
// Of an insight, words is what the team may search, shown what other staff may,
// hosted what only co-hosts may, marks the facets and who may see the row: see
// indexRow.
func (s *Store) prepareSearch(ctx context.Context) error {
	if s.dialect != sqliteDialect {
		return nil
	}
	for _, create := range []sqlText{
		`CREATE VIRTUAL TABLE IF NOT EXISTS insight_search USING fts5(
			words, shown, hosted, marks, content='', contentless_delete=1, tokenize='ascii', prefix='1')`,
		`CREATE VIRTUAL TABLE IF NOT EXISTS people_search USING fts5(
			words, content='', contentless_delete=1, tokenize='ascii', prefix='1 2')`,
	} {
		if err := s.write.WithContext(ctx).Exec(string(create)).Error; err != nil {
			return mapped(err)
		}
	}
	return nil
}

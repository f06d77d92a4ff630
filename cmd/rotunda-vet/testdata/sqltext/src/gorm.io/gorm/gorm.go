// Package gorm has the shapes of the real one that the analyzers look at.
package gorm

import (
	"context"

	"gorm.io/gorm/clause"
)

type DB struct{}

func Expr(expr string, args ...any) clause.Expr { return clause.Expr{SQL: expr, Vars: args} }

func (db *DB) Raw(sql string, values ...any) *DB       { return db }
func (db *DB) Exec(sql string, values ...any) *DB      { return db }
func (db *DB) Where(query any, args ...any) *DB        { return db }
func (db *DB) Order(value any) *DB                     { return db }
func (db *DB) Group(name string) *DB                   { return db }
func (db *DB) Select(query any, args ...any) *DB       { return db }
func (db *DB) Omit(columns ...string) *DB              { return db }
func (db *DB) Joins(query string, args ...any) *DB     { return db }
func (db *DB) Table(name string, args ...any) *DB      { return db }
func (db *DB) Pluck(column string, dest any) *DB       { return db }
func (db *DB) First(dest any, conds ...any) *DB        { return db }
func (db *DB) Find(dest any, conds ...any) *DB         { return db }
func (db *DB) Delete(value any, conds ...any) *DB      { return db }
func (db *DB) Updates(values any) *DB                  { return db }
func (db *DB) Save(value any) *DB                      { return db }
func (db *DB) Clauses(conds ...clause.Expression) *DB  { return db }
func (db *DB) AutoMigrate(dst ...any) error            { return nil }
func (db *DB) WithContext(ctx context.Context) *DB     { return db }
func (db *DB) Transaction(fc func(tx *DB) error) error { return fc(db) }
func (db *DB) Scan(dest any) *DB                       { return db }

// ConnPool is what gorm runs statements on.
type ConnPool interface {
	ExecContext(ctx context.Context, query string, args ...any) (any, error)
}

// G is gorm's typed door.
func G[T any](db *DB) Interface[T] { return nil }

type Interface[T any] interface {
	Raw(sql string, values ...any) Interface[T]
	Exec(ctx context.Context, sql string, values ...any) error
	Find(ctx context.Context) ([]T, error)
}

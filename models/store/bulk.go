package store

import (
	"context"
	"database/sql"
)

// bulkRows is how many rows one statement of a bulk writes on PostgreSQL: few
// enough for its parameters, enough to forget the way to the server.
const bulkRows = 32

// bulk writes many rows of the same shape by a statement that is prepared once.
type bulk struct {
	t    *tx
	head sqlText // up to VALUES
	row  sqlText // the placeholders of one row, in brackets
	full *sql.Stmt
	each int // rows of the prepared statement
	args []any
	rows int
}

// bulk begins one. SQLite takes the rows one by one: there is no way to a
// server to save, and a statement of many rows, which may fail half way, first
// copies every page that it touches.
func (t *tx) bulk(head, row sqlText) *bulk {
	b := &bulk{t: t, head: head, row: row, each: bulkRows}
	if t.s.dialect == sqliteDialect {
		b.each = 1
	}
	return b
}

// add notes one row and writes when there are enough. flush writes the rest.
func (b *bulk) add(values ...any) error {
	b.args = append(b.args, values...)
	if b.rows++; b.rows < b.each {
		return nil
	}
	ctx := b.t.db.Statement.Context
	if b.full == nil {
		q := b.head + b.row.repeat(b.each, ",")
		if b.t.s.dialect == postgresDialect {
			q = q.numbered()
		}
		var err error
		if b.full, err = b.t.db.Statement.ConnPool.PrepareContext(ctx, string(q)); err != nil {
			return err
		}
	}
	if b.each == 1 {
		// For a context that may end, the driver hands every row to another
		// goroutine and waits. The batches around this one hear of the end.
		ctx = context.WithoutCancel(ctx)
	}
	_, err := b.full.ExecContext(ctx, b.args...)
	b.args, b.rows = b.args[:0], 0
	return err
}

func (b *bulk) flush() error {
	if b.rows == 0 {
		return nil
	}
	err := b.t.exec(b.head+b.row.repeat(b.rows, ","), b.args...)
	b.args, b.rows = b.args[:0], 0
	return err
}

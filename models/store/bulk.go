package store

import "database/sql"

// bulkRows is how many rows one statement of a bulk writes: few enough for the
// parameters of every database, enough to forget the statement's own cost.
const bulkRows = 32

// bulk writes many rows of the same shape by few statements, of which the one
// for a full number of rows is prepared once.
type bulk struct {
	t    *tx
	head sqlText // up to VALUES
	row  sqlText // the placeholders of one row, in brackets
	full *sql.Stmt
	args []any
	rows int
}

func (t *tx) bulk(head, row sqlText) *bulk { return &bulk{t: t, head: head, row: row} }

// add notes one row and writes when there are enough. flush writes the rest.
func (b *bulk) add(values ...any) error {
	b.args = append(b.args, values...)
	if b.rows++; b.rows < bulkRows {
		return nil
	}
	if b.full == nil {
		q := b.head + b.row.repeat(bulkRows, ",")
		if b.t.s.dialect == postgresDialect {
			q = q.numbered()
		}
		var err error
		if b.full, err = b.t.db.Statement.ConnPool.PrepareContext(b.t.db.Statement.Context, string(q)); err != nil {
			return err
		}
	}
	_, err := b.full.ExecContext(b.t.db.Statement.Context, b.args...)
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

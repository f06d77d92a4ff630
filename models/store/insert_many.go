package store

import (
	"context"
	"database/sql"
	"slices"

	"rotunda/models"
)

// mostRows is how many rows one statement inserts. It and its halves are the
// only sizes used, so that few statements are prepared.
const mostRows = 256

// chunks cuts n rows into pieces of mostRows and its halves.
func chunks(n int, do func(from, to int) error) error {
	for from := 0; from < n; {
		size := mostRows
		for size > n-from {
			size /= 2
		}
		if err := do(from, from+size); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// insertMany inserts rows whose values lie one after another in args.
func (t *tx) insertMany(head, row sqlText, width int, tail sqlText, args []any) error {
	if t.s.dialect == sqliteDialect {
		return t.insertEach(head+row+tail, width, args, func(sql.Result) error { return nil })
	}
	return chunks(len(args)/width, func(from, to int) error {
		return t.exec(head+row.repeat(to-from, ", ")+tail, args[from*width:to*width]...)
	})
}

// updateMany writes values of their own over many rows and returns how many
// were there. The values lie one after another in args; head makes a table v of
// them and tail says what becomes of it. row casts each value to its type,
// which PostgreSQL does not guess there.
func (t *tx) updateMany(head, row sqlText, width int, tail sqlText, args []any) (int64, error) {
	var found int64
	err := chunks(len(args)/width, func(from, to int) error {
		n, err := t.affected(head+row.repeat(to-from, ", ")+tail, args[from*width:to*width]...)
		found += n
		return err
	})
	return found, err
}

// insertNumbered inserts rows as insertMany does, into a table that numbers
// them, and returns the number of each; zero for a row that was left out
// because it is there already. Column key holds the id that is the value at
// place at of every row.
func (t *tx) insertNumbered(head, row sqlText, width int, tail, key sqlText, at int, args []any) ([]int64, error) {
	seqs := make([]int64, 0, len(args)/width)
	if t.s.dialect == sqliteDialect {
		err := t.insertEach(head+row+tail, width, args, func(r sql.Result) error {
			n, err := r.RowsAffected()
			if err != nil || n == 0 {
				seqs = append(seqs, 0)
				return err
			}
			seq, err := r.LastInsertId()
			seqs = append(seqs, seq)
			return err
		})
		return seqs, err
	}
	err := chunks(len(args)/width, func(from, to int) error {
		var got []struct {
			Seq int64
			Key models.ID
		}
		part := args[from*width : to*width]
		if err := t.list(&got, head+row.repeat(to-from, ", ")+tail+" RETURNING seq, "+key+" AS key", part...); err != nil {
			return err
		}
		numbers := make(map[any]int64, len(got)) // by id: they come in no promised order
		for _, g := range got {
			numbers[g.Key] = g.Seq
		}
		for values := range slices.Chunk(part, width) {
			seqs = append(seqs, numbers[values[at]])
		}
		return nil
	})
	return seqs, err
}

// insertEach inserts row after row over SQLite. There a statement is no journey
// to a server, and is prepared once; but one that inserts many rows copies every
// page it touches before it touches it, so that it can be undone alone, and has
// the search index write out what it holds.
func (t *tx) insertEach(q sqlText, width int, args []any, each func(sql.Result) error) error {
	pool, ctx := t.db.Statement.ConnPool, t.db.Statement.Context
	t.s.inserted.Add(int64(min(1, len(args))))
	for row := range slices.Chunk(args, width) {
		if err := ctx.Err(); err != nil {
			return err
		}
		// The driver starts a goroutine for each statement that can be canceled.
		r, err := pool.ExecContext(context.WithoutCancel(ctx), string(q), row...)
		if err != nil {
			return err
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

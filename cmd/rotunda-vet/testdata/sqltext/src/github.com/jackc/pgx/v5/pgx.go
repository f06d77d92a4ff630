// Package pgx has the shapes of the real one that the analyzers look at.
package pgx

import "context"

type Conn struct{}

func (c *Conn) Query(ctx context.Context, sql string, args ...any) error { return nil }
func (c *Conn) Exec(ctx context.Context, sql string, args ...any) error  { return nil }
func (c *Conn) Prepare(ctx context.Context, name, sql string) error      { return nil }
func (c *Conn) SendBatch(ctx context.Context, b *Batch) error            { return nil }

type Tx interface {
	QueryRow(ctx context.Context, sql string, args ...any) error
}

type Batch struct{}

func (b *Batch) Queue(query string, args ...any) {}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const notifyChannel = "rotunda_changes"

func (s *Store) openPostgres(ctx context.Context) error {
	s.dialect = postgresDialect
	g, err := gorm.Open(postgres.Open(s.dsn), gormConfig())
	if err != nil {
		return errors.New("cannot open the PostgreSQL database: its address cannot be read or it does not answer")
	}
	db := pool(g)
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	s.closers = append(s.closers, db.Close)
	if err := db.PingContext(ctx); err != nil {
		return errors.New("the PostgreSQL database does not answer, or refuses the account")
	}
	s.write, s.read = g, g
	listenCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done, listening := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer s.recovered("listening to the database")
		s.listen(listenCtx, sync.OnceFunc(func() { close(listening) }))
	}()
	s.closers = append(s.closers, func() error { stop(); <-done; return nil })
	select { // a change right after Open must be heard
	case <-listening:
		return nil
	case <-time.After(10 * time.Second):
		return errors.New("the PostgreSQL database lets nobody listen to it")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listen hands on what other processes commit, reconnecting with a pause.
// After a gap subscribers are told to look again.
func (s *Store) listen(ctx context.Context, listening func()) {
	for ctx.Err() == nil {
		if err := s.listenOnce(ctx, listening); err != nil && ctx.Err() == nil {
			s.log.Warn("listening to the database was interrupted", "error", err.Error())
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
			s.hub.publish([]Change{{Kind: ChangeResync}})
		}
	}
}

func (s *Store) listenOnce(ctx context.Context, listening func()) error {
	conn, err := pgx.Connect(ctx, s.dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+notifyChannel); err != nil {
		return err
	}
	listening()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var changes []Change
		if err := json.Unmarshal([]byte(n.Payload), &changes); err != nil {
			return fmt.Errorf("a change that cannot be read: %w", err)
		}
		s.hub.publish(changes)
	}
}

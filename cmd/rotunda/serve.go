package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"

	"rotunda/handlers"
	"rotunda/handlers/worker"
	"rotunda/models"
	"rotunda/models/store"
)

// serveCmd serves the site.
type serveCmd struct {
	database
	site
	mailFlags
}

// Run makes a new database where there is none and serves until it is told to
// stop. While nobody has ever signed in it prints a one-time link.
func (c *serveCmd) Run(ctx context.Context, e *environment) error {
	go func() { // beside the opening of the database
		defer recovered(c.log(e.stderr), "preparing styles")
		handlers.Prepare()
	}()
	st, err := c.openOrCreate(ctx, e, false)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	token, err := st.FirstSignIn(ctx, models.System("first start"))
	if err != nil {
		return err
	}
	return serve(ctx, e, c.database, c.site, c.mailFlags, st, token)
}

// serve opens the port, prints where the site is and, with a token, the
// one-time sign-in link, and answers until the context ends.
func serve(ctx context.Context, e *environment, d database, s site, m mailFlags, st *store.Store, token string) error {
	l, err := s.listen(ctx)
	if err != nil {
		return err
	}
	defer func(l net.Listener) { _ = l.Close() }(l)
	log := d.log(e.stderr)
	config, err := s.web(l.Addr(), log)
	if err != nil {
		return err
	}
	mails, err := m.worker(config.BaseURL)
	if err != nil {
		return err
	}
	mails.Store, mails.Log = st, log
	config.SendsMail = mails.Mailer != nil
	server := handlers.New(config, st)
	e.printf("Rotunda is at  %s\n", config.Absolute(""))
	if token != "" {
		e.printf("Sign in once:  %s\n", config.SignInLink(token))
	}
	ctx, stop := context.WithCancel(ctx)
	defer inBackground(ctx, log, mails)()
	defer stop()
	if err := server.Serve(ctx, l); err != nil {
		return fmt.Errorf("serving ended: %w", err)
	}
	return nil
}

// inBackground follows changed rules of time zones, then sends mail until the
// context ends; what it returns waits for the last message. Pages need not wait
// for either.
func inBackground(ctx context.Context, log *slog.Logger, c worker.Config) (wait func()) {
	var group sync.WaitGroup
	group.Go(func() {
		defer recovered(log, "sending mail")
		followZones(ctx, log, c.Store)
		if err := worker.Run(ctx, c); err != nil {
			log.Error("mail is not sent any more", "error", err)
		}
	})
	return group.Wait
}

func followZones(ctx context.Context, log *slog.Logger, st *store.Store) {
	n, err := st.RecomputeTimes(ctx, models.System("rules of time zones"))
	switch {
	case ctx.Err() != nil: // the program stops already; the next start looks again
	case err != nil:
		log.Error("the times ahead were not checked against the rules of their zones", "error", err)
	case n > 0:
		log.Info("the rules of a time zone changed", "roundtables", n)
	}
}

func recovered(log *slog.Logger, doing string) {
	if r := recover(); r != nil {
		log.Error("a panic was caught", "while", doing, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
}

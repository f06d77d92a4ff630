package main

import (
	"context"
	"fmt"
	"os"

	"rotunda/cmd/rotunda/example"
	"rotunda/models"
	"rotunda/models/store"
)

// demoCmd builds the example programme and serves it.
type demoCmd struct {
	database
	site
	mailFlags
	Insights  int  `help:"Build the example with this many insights, for measuring." placeholder:"N"`
	BuildOnly bool `help:"Build the example and stop."`
}

// Run builds the example where the database is empty, then serves it.
func (c *demoCmd) Run(ctx context.Context, e *environment) error {
	if !c.BuildOnly {
		// A port that is taken, or a mail server without a sender, is said
		// before minutes go into building.
		l, err := c.listen(ctx)
		if err != nil {
			return err
		}
		if err := l.Close(); err != nil {
			return err
		}
		base, err := c.baseURL()
		if err != nil {
			return err
		}
		if _, err := c.worker(base); err != nil {
			return err
		}
	}
	st, err := c.openOrCreate(ctx, e, true)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	has, err := st.HasAccounts(ctx)
	if err != nil {
		return err
	}
	if !has {
		built := example.Options{Insights: c.Insights, Progress: e.progress("Building the example")}
		if err := example.Build(ctx, st, built); err != nil {
			return err
		}
		for more := true; more; {
			if more, err = st.RebuildAnalysis(ctx, models.System("example")); err != nil {
				return err
			}
		}
	}
	if c.BuildOnly {
		return nil
	}
	token, err := adminLink(ctx, st)
	if err != nil {
		return err
	}
	if token == "" {
		e.printf("No administrator can sign in: there is none that is enabled. `rotunda user add` with `--role admin` adds one.\n")
	}
	c.invented = true
	return serve(ctx, e, c.database, c.site, c.mailFlags, st, token)
}

// adminLink returns the token of a one-time sign-in link for the oldest enabled
// admin, or "" where there is none.
func adminLink(ctx context.Context, st *store.Store) (string, error) {
	accounts, err := st.Accounts(ctx, models.System("demo"))
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.Role == models.RoleAdmin && !a.Disabled {
			return st.NewSignInLink(ctx, models.System("demo"), a.Email)
		}
	}
	return "", nil
}

// progress returns what shows long work on a terminal, and shows nothing
// where standard error is a file or a pipe.
func (e *environment) progress(what string) func(done, total int) {
	f, ok := e.stderr.(*os.File)
	if !ok {
		return func(int, int) {}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func(int, int) {}
	}
	return func(done, total int) {
		_, _ = f.WriteString("\r" + progressLine(what, done, total))
		if done >= total {
			_, _ = f.WriteString("\n")
		}
	}
}

func progressLine(what string, done, total int) string {
	if total <= 0 {
		return what
	}
	return fmt.Sprintf("%s: %s of %s (%d %%)", what, models.Thousands(done), models.Thousands(total), done*100/total)
}

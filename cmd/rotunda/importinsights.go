package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"rotunda/models"
	"rotunda/views/files"
)

// importInsightsCmd reads a team's export back in.
type importInsightsCmd struct {
	database
	File string `arg:"" help:"The file: what rotunda export insights --audience team --format json wrote."`
	As   string `required:"" help:"E-mail of the account that imports and then leads the roundtables; it must be an administrator."`
}

// Help says what comes back.
func (importInsightsCmd) Help() string {
	return "The database must hold no roundtable and nobody yet. All of the file is kept or nothing. What comes back are the insights with their speakers, " +
		"roundtables, agendas, codes and commitments: their export is the same file again. Guests who said nothing, invitations and histories are not in it. " +
		"For who captured and has no account here, one is made that nobody can use. The format is described in docs/insights-json.md."
}

// Run reads the file twice: what the insights rest on stands at its end.
func (c *importInsightsCmd) Run(ctx context.Context, e *environment) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", c.File, unwrapped(err))
	}
	defer func() { _ = f.Close() }()
	head, err := files.ReadInsightHead(bufio.NewReaderSize(f, 256<<10))
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	c.writerCacheKB = importCacheKB
	st, err := c.openReady(ctx, e)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	v, err := st.ViewerByEmail(ctx, c.As)
	if errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("there is no enabled account with the address %s", c.As)
	}
	if err != nil {
		return err
	}
	n, err := st.ImportInsights(ctx, v, head, func(take func(models.FileInsight) error) error {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return files.ReadInsights(bufio.NewReaderSize(f, 256<<10), take)
	})
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		for _, why := range bad.Fields {
			return errors.New(why)
		}
	case errors.Is(err, models.ErrForbidden):
		return fmt.Errorf("%s may not import insights: this takes an administrator", c.As)
	case err != nil:
		return err
	}
	e.printf("%d insights from %d roundtables.\n", n, len(head.Roundtables))
	return nil
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views/files"
)

// exportCmd writes what is kept into files.
type exportCmd struct {
	Insights exportInsightsCmd `cmd:"" help:"Write insights as CSV, XLSX, JSON, DOCX or HTML, as one audience may read them."`
}

// exportInsightsCmd writes insights as an account may take them out.
type exportInsightsCmd struct {
	database
	As         string `required:"" help:"E-mail address of the account that exports."`
	Audience   string `enum:"team,staff,partner,public" default:"public" help:"For whom the file is: team, staff, partner or public (${default}, which holds least)."`
	Roundtable string `help:"Id of one roundtable, as its address shows it. Default: all that the account may export."`
	Filter     string `help:"Which of them: what the address of a list of insights holds after its question mark, such as 'pillar=S&q=cables'."`
	Format     string `enum:"csv,xlsx,json,docx,html" default:"csv" help:"csv, xlsx, json, docx or html (${default})."`
	By         string `name:"by" enum:"pillar,theme,item" default:"pillar" help:"Headings of a docx or html: pillar, theme or item (${default})."`
	BOM        bool   `name:"bom" help:"Begin with a byte order mark, by which Excel knows UTF-8."`
	Output     string `name:"output" short:"o" help:"File to write. Default: standard output."`
}

// Help documents the file.
func (exportInsightsCmd) Help() string {
	help := "A CSV is UTF-8 and RFC 4180; cells that a spreadsheet would run as a formula begin with an apostrophe; several values are joined by \"; \". " +
		"An XLSX has the same columns, typed, and a sheet with the codes that were used. The JSON is described in docs/insights-json.md; the team's can be read " +
		"back by rotunda import insights. A DOCX or HTML holds at most 5,000 insights under headings. " +
		"What was said off the record is in no file. Every export is in the audit log.\n"
	for _, a := range []models.Audience{models.Team, models.Staff, models.Partner, models.Public} {
		help += "\n" + a.Key() + ": " + models.ExportSentence(a)
	}
	help += "\n\nColumns:"
	for _, c := range models.ExportColumns(models.Public) {
		help += " " + c
	}
	help += "; for the team also:"
	for _, c := range models.ExportColumns(models.Team)[len(models.ExportColumns(models.Public)):] {
		help += " " + c
	}
	return help
}

// Run writes the file. A file that cannot be finished is taken away again.
func (c *exportInsightsCmd) Run(ctx context.Context, e *environment) (err error) {
	in := store.ExportInput{Format: models.ExportFormat(c.Format), Grouping: models.Grouping(c.By), BOM: c.BOM}
	values, err := url.ParseQuery(strings.TrimPrefix(c.Filter, "?"))
	if err != nil {
		return usageError{fmt.Errorf("%q is no filter: copy what stands after the question mark of a list's address", c.Filter)}
	}
	in.Filter = models.ParseInsightFilter(values)
	in.Audience, _ = models.ParseAudience(c.Audience)
	if c.Roundtable != "" {
		if in.Roundtable, err = models.ParseID(c.Roundtable); err != nil {
			return usageError{fmt.Errorf("%q is no id of a roundtable: it is the last part of the roundtable's address", c.Roundtable)}
		}
	}
	c.readerCacheKB = 2000 // every page is read once
	st, err := c.openReady(ctx, e)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	v, err := st.ViewerByEmail(ctx, c.As)
	if errors.Is(err, models.ErrNotFound) {
		return errors.New("there is no enabled account with this address")
	}
	if err != nil {
		return err
	}
	if c.Output == "" || c.Output == "-" {
		return writeInsights(ctx, st, v, in, e.stdout)
	}
	f, err := os.CreateTemp(filepath.Dir(c.Output), ".rotunda-export-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", c.Output, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	err = writeInsights(ctx, st, v, in, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.Output)
}

func writeInsights(ctx context.Context, st *store.Store, v models.Viewer, in store.ExportInput, w io.Writer) error {
	out := bufio.NewWriterSize(w, 256<<10)
	if _, err := files.WriteInsights(ctx, st, v, in, out); err != nil {
		return err
	}
	return out.Flush()
}

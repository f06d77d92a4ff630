package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rotunda/handlers/intake"
	"rotunda/models"
	"rotunda/models/store"
)

// maxImport is how large a file the command line takes. Rows are read one by
// one, so that the size costs time, not memory.
const maxImport = 1 << 30

// importCacheKB keeps the memory of an import from growing with its file: all
// of it is one transaction.
const importCacheKB = 16_000

// importCmd brings people in, and insights back.
type importCmd struct {
	People   importPeopleCmd   `cmd:"" help:"Import people from CSV (any separator and encoding, also gzipped) or XLSX."`
	Insights importInsightsCmd `cmd:"" help:"Read a team's export of insights (JSON) back into an empty database."`
}

type importPeopleCmd struct {
	database
	File       string `arg:"" help:"The file."`
	As         string `required:"" help:"E-mail of the account that imports; it must be an administrator or a convener."`
	Sector     string `help:"Sector for people without one: congress, agencies, diplomats, academia, civil_society, industry or think_tanks."`
	Map        string `help:"Which column goes to which field: 'Column=field,Other=field'. No field leaves the column out."`
	DryRun     bool   `help:"Say what would happen and change nothing."`
	JSON       bool   `name:"json" help:"Print one JSON object."`
	SkipErrors bool   `help:"Import the good rows although others have errors."`
	Duplicates string `enum:"skip,create" default:"skip" help:"What to do with possible duplicates: skip or create (${default})."`
}

// importReport is the JSON that the verb prints.
type importReport struct {
	New        int                 `json:"new"`
	Updated    int                 `json:"updated"`
	Unchanged  int                 `json:"unchanged"`
	Duplicates int                 `json:"duplicates"`
	Errors     []models.RowProblem `json:"errors"`
}

// Run imports the file. It fails where a row has an error.
func (c *importPeopleCmd) Run(ctx context.Context, e *environment) error {
	sector, ok := models.FoldSector(c.Sector)
	if !ok && c.Sector != "" {
		if sector, ok = models.ParseSector(c.Sector); !ok {
			return usageError{fmt.Errorf("“%s” is not a sector", c.Sector)}
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("cannot open %s: %w", c.File, unwrapped(err))
	}
	defer func() { _ = f.Close() }()
	size := 0
	if info, err := f.Stat(); err == nil {
		size = int(info.Size())
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
	err = c.imported(ctx, e, st, v, f, size, sector)
	if errors.Is(err, models.ErrForbidden) {
		return fmt.Errorf("%s may not import people: this takes a convener or an administrator", c.As)
	}
	return err
}

// imported reads, judges and saves the file.
func (c *importPeopleCmd) imported(ctx context.Context, e *environment, st *store.Store, v models.Viewer, f io.Reader, size int, sector models.Sector) error {
	counted := &countingReader{r: f}
	table, err := intake.Open(filepath.Base(c.File), counted, intake.Limits{Bytes: maxImport, Unpacked: maxImport})
	if err != nil {
		return c.refused(e, err)
	}
	defer func() { _ = table.Close() }()
	file, rows, err := intake.Begin(filepath.Base(c.File), table, c.Map)
	if err == nil {
		_, err = models.NewColumnMapping(file.Columns)
	}
	if err != nil {
		return c.refused(e, err)
	}
	file.Sector = sector
	c.sayHowRead(e, file)
	reading := e.progress("Reading bytes")
	id, err := st.StageImport(ctx, v, file, rows, func(int) { reading(min(counted.n, size-1), size) })
	if err != nil {
		return c.refused(e, err)
	}
	reading(size, size)
	staged, err := st.Import(ctx, v, id)
	if err != nil {
		return err
	}
	counts := staged.Counts
	kept := !c.DryRun && (counts.BadRows == 0 || c.SkipErrors)
	if !kept {
		defer func() { _ = st.DropImport(context.WithoutCancel(ctx), v, id) }()
	} else {
		choice := models.ImportChoice{SkipErrors: c.SkipErrors, CreateDuplicates: c.Duplicates == "create"}
		saving := e.progress("Saving rows")
		counts, err = st.CommitImport(ctx, v, id, choice, func(n int) { saving(n, staged.Counts.Rows()) })
		if err != nil {
			return err
		}
	}
	if err := c.report(ctx, e, st, v, id, counts); err != nil {
		return err
	}
	if !kept {
		c.aside(e, c.whyNothing(counts))
	}
	if counts.BadRows > 0 {
		return errQuiet
	}
	return nil
}

// sayHowRead names what the counts do not tell: how the file was understood,
// and which columns nothing is taken from.
func (c *importPeopleCmd) sayHowRead(e *environment, file models.ImportFile) {
	for _, note := range file.Notes {
		c.aside(e, note)
	}
	var out []string
	for _, col := range file.Columns {
		if col.Field == "" && col.Label != "" {
			out = append(out, "“"+col.Label+"”")
		}
	}
	if len(out) > 0 {
		c.aside(e, "Left out, as --map names no field for them: "+strings.Join(out, ", ")+".")
	}
}

// whyNothing says why no row was saved.
func (c *importPeopleCmd) whyNothing(counts models.ImportCounts) string {
	if c.DryRun {
		return "Nothing was changed: --dry-run."
	}
	return fmt.Sprintf("Nothing was imported: mend the rows named, or add --skip-errors to import the other %d.", counts.Rows()-counts.BadRows)
}

// aside says something to a person. It goes to standard error, so that what a
// script reads stays as it is; with --json nobody is there to read it.
func (c *importPeopleCmd) aside(e *environment, words string) {
	if !c.JSON {
		_, _ = fmt.Fprintln(e.stderr, words)
	}
}

// report prints the counts and every problem.
func (c *importPeopleCmd) report(ctx context.Context, e *environment, st *store.Store, v models.Viewer, id models.ID, counts models.ImportCounts) error {
	report := importReport{counts.New, counts.Updated, counts.Unchanged, counts.Duplicates, []models.RowProblem{}}
	if !c.JSON {
		e.printf("%d new, %d updated, %d unchanged, %d possible duplicates, %d errors\n",
			counts.New, counts.Updated, counts.Unchanged, counts.Duplicates, counts.Problems)
	}
	for after, more := 0, counts.BadRows > 0; more; more = after > 0 {
		problems, next, err := st.ImportProblems(ctx, v, id, after)
		if err != nil {
			return err
		}
		after = next
		if c.JSON {
			report.Errors = append(report.Errors, problems...)
			continue
		}
		for _, p := range problems {
			e.printf("%s\n", oneLine(&intake.RowError{Line: p.Line, Column: p.Column, Reason: p.Reason}))
		}
	}
	if c.JSON {
		if err := json.NewEncoder(e.stdout).Encode(report); err != nil {
			return err
		}
	}
	return nil
}

// refused words an error about the whole file. As JSON it is an error without
// a line.
func (c *importPeopleCmd) refused(e *environment, err error) error {
	var why *intake.FileError
	var columns *models.InvalidError
	var reason string
	switch {
	case errors.As(err, &why):
		reason = why.Message
	case errors.As(err, &columns):
		reason = columns.Fields["columns"]
	default:
		return err
	}
	if errors.Is(err, intake.ErrMapping) {
		return usageError{errors.New(reason)}
	}
	if c.JSON {
		if err := json.NewEncoder(e.stdout).Encode(importReport{Errors: []models.RowProblem{{Reason: reason}}}); err != nil {
			return err
		}
	}
	return errors.New(reason)
}

// countingReader knows how far a file was read.
type countingReader struct {
	r io.Reader
	n int
}

// Read implements io.Reader.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func unwrapped(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

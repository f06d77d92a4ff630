package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"rotunda/models/store"
)

// migrateCmd brings the schema up to the program.
type migrateCmd struct {
	database
	Status bool   `help:"Show which steps are applied; change nothing."`
	What   string `arg:"" optional:"" enum:"status,up," default:"" help:"status shows which steps are applied."`
}

// Run migrates after a backup beside the database, or shows the state.
func (c *migrateCmd) Run(ctx context.Context, e *environment) error {
	st, err := c.openOrCreate(ctx, e, false)
	if err != nil && !errors.Is(err, store.ErrSchemaBehind) {
		return err
	}
	if err == nil {
		defer func() { _ = st.Close() }()
	} else if st, err = c.open(ctx, e); err != nil {
		return err
	}
	if c.Status || c.What == "status" {
		return printMigrations(ctx, e, st)
	}
	return c.migrate(ctx, e, st)
}

func (c *migrateCmd) migrate(ctx context.Context, e *environment, st *store.Store) error {
	behind := errors.Is(st.CheckSchema(ctx), store.ErrSchemaBehind)
	if behind && st.Dialect() == "sqlite" {
		backup := fmt.Sprintf("%s.before-migration-%s", c.DB, time.Now().UTC().Format("20060102T150405"))
		if err := st.BackupTo(ctx, backup); err != nil {
			return err
		}
		e.printf("Copied the database to %s\n", backup)
	}
	n, err := st.Migrate(ctx)
	if err != nil {
		return err
	}
	if n == 0 {
		e.printf("The database fits this program: nothing to do.\n")
		return nil
	}
	e.printf("The database is up to this program: %d steps taken.\n", n)
	return nil
}

func printMigrations(ctx context.Context, e *environment, st *store.Store) error {
	steps, err := st.Migrations(ctx)
	if err != nil {
		return err
	}
	for _, m := range steps {
		state := "waiting"
		if m.Applied {
			state = "applied"
		}
		e.printf("%s\t%s\n", m.Name, state)
	}
	return nil
}

// backupCmd copies the database.
type backupCmd struct {
	database
	File string `arg:"" optional:"" help:"Where to write the copy; default: beside the database, with the time in its name."`
}

// Run writes and checks the copy.
func (c *backupCmd) Run(ctx context.Context, e *environment) error {
	st, err := c.openReady(ctx, e)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	file := c.File
	if file == "" {
		file = fmt.Sprintf("%s.backup-%s", c.DB, time.Now().UTC().Format("20060102T150405"))
	}
	if err := st.BackupTo(ctx, file); err != nil {
		return err
	}
	e.printf("Copied to %s and checked.\n", file)
	e.printf("Keep the link key too, apart from the copy: guests' links work with both only (%s).\n", c.keyPath())
	return nil
}

// restoreCmd puts a copy back.
type restoreCmd struct {
	database
	File    string `arg:"" help:"The copy to put back."`
	Replace bool   `help:"Replace the database that is there; it is kept under another name."`
}

// Run checks the copy and puts it in the database's place, unless a program has
// the database open: it would go on with the old one.
func (c *restoreCmd) Run(ctx context.Context, e *environment) error {
	if store.IsPostgres(c.DB) {
		return store.ErrOnlySQLite
	}
	if err := wholeCopy(c.File); err != nil {
		return err
	}
	if err := store.CheckFile(ctx, c.File); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.DB), 0o750); err != nil {
		return err
	}
	if _, err := os.Stat(c.DB); err == nil {
		if !c.Replace {
			return usageError{fmt.Errorf("there is a database at %s: stop the site, then add --replace (the old one is kept)", c.DB)}
		}
		used, err := store.InUse(ctx, c.DB)
		if err != nil {
			return err
		}
		if used {
			return fmt.Errorf("the database %s is in use: stop the site first, then restore", c.DB)
		}
	}
	if err := c.keepOld(e); err != nil {
		return err
	}
	if err := copyFile(c.File, c.DB); err != nil {
		return err
	}
	st, err := c.openReady(ctx, e)
	if err != nil && !errors.Is(err, store.ErrSchemaBehind) {
		return err
	}
	e.printf("Restored %s from %s\n", c.DB, c.File)
	if err != nil {
		e.printf("It is older than this program: run `rotunda migrate` before you start the site.\n")
		return nil
	}
	return st.Close()
}

// wholeCopy refuses a file beside which a write-ahead log lies: what is only
// in the log would be lost.
func wholeCopy(path string) error {
	log, err := os.Stat(path + "-wal")
	if err != nil || log.Size() == 0 {
		return nil //nolint:nilerr // no log, or nothing in it
	}
	return fmt.Errorf("%[1]s is no finished copy: its latest changes are in %[1]s-wal. Run `rotunda backup --db %[1]s COPY` and restore COPY", path)
}

// keepOld moves the database that is there out of the way. What one that was
// removed left behind goes too: SQLite would play its log into the copy.
func (c *restoreCmd) keepOld(e *environment) error {
	kept := fmt.Sprintf("%s.before-restore-%s", c.DB, time.Now().UTC().Format("20060102T150405"))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Rename(c.DB+suffix, kept+suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("cannot keep the old database: %w", err)
		}
		if err == nil && suffix == "" {
			e.printf("Kept the old database as %s\n", kept)
		}
	}
	return nil
}

// copyFile writes the copy under another name first, so that a full disk
// leaves no half database in the place of a whole one.
func copyFile(from, to string) error {
	raw, err := os.Open(from) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer func() { _ = raw.Close() }()
	tmp, err := os.CreateTemp(filepath.Dir(to), ".restore-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.ReadFrom(raw)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("cannot write the database: %w", err)
	}
	return os.Rename(tmp.Name(), to)
}

// versionCmd prints what was built. It takes the database's flags as every
// verb does, so that scripts may pass them to all.
type versionCmd struct{ database }

// Run prints the version that the build recorded.
func (versionCmd) Run(e *environment) error {
	version, revision := "devel", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	e.printf("rotunda %s%s\n", version, revision)
	return nil
}

// doctorCmd checks an installation.
type doctorCmd struct {
	database
	site
	mailFlags
}

// warnDisk is how little free space is worth a warning, in bytes.
const warnDisk = 500 << 20

// Run prints one line for everything it looks at, and fails when one is not
// as it should be.
func (c *doctorCmd) Run(ctx context.Context, e *environment) error {
	var findings []store.Finding
	err := c.exists()
	var st *store.Store
	if err == nil {
		st, err = c.open(ctx, e)
	}
	if err != nil {
		findings = append(findings, store.Finding{What: "Database", Found: oneLine(err)})
	} else {
		defer func() { _ = st.Close() }()
		findings = st.Examine(ctx)
	}
	findings = append(findings, c.surroundings()...)
	healthy := true
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark, healthy = "FAIL", false
		}
		e.printf("%s  %s: %s\n", mark, f.What, f.Found)
	}
	if !healthy {
		return errQuiet
	}
	return nil
}

// surroundings looks at what lies around the database.
func (c *doctorCmd) surroundings() []store.Finding {
	var out []store.Finding
	note := func(what, found string, err error) {
		if err != nil {
			found = oneLine(err)
		}
		out = append(out, store.Finding{What: what, Found: found, OK: err == nil})
	}
	if _, err := os.Stat(c.keyPath()); c.LinkKey == "" {
		note("Link key", c.keyPath(), err)
	}
	base, err := c.baseURL()
	if err == nil {
		note("Base URL", base.String(), nil)
		mails, err := c.describe(base)
		note("Mail", mails, err)
	} else {
		note("Base URL", "", err)
	}
	if c.PDFFont != "" {
		_, err := c.pdfFont()
		note("Font of PDFs", c.PDFFont, err)
	}
	var clock error
	if time.Now().Year() < 2026 {
		clock = errors.New("the clock is years behind")
	}
	note("Clock", time.Now().Format(time.RFC1123), clock)
	if !store.IsPostgres(c.DB) {
		var disk syscall.Statfs_t
		err := syscall.Statfs(filepath.Dir(c.DB), &disk)
		free := disk.Bavail * uint64(disk.Bsize) //nolint:gosec // block sizes are positive
		if err == nil && free < warnDisk {
			err = fmt.Errorf("only %d MB are free", free>>20)
		}
		note("Disk", fmt.Sprintf("%d MB free", free>>20), err)
	}
	return out
}

// Command rotunda is the whole program: the site, the example, and the tools
// that keep an installation.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	_ "time/tzdata" // bare machines have no zone files

	"github.com/alecthomas/kong"

	_ "rotunda/cmd/rotunda/quick" // first of ours: see there
)

// Exit codes: 0 is success.
const (
	exitFailure = 1
	exitUsage   = 2
)

// cli is every verb of the program.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Serve the site. Makes a new database; an existing one must be migrated."`
	Demo    demoCmd    `cmd:"" help:"Serve an example program, built at the first start in an empty database."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to this program, after a backup; or show its state."`
	User    userCmd    `cmd:"" help:"Add, list and disable accounts; print one-time sign-in links."`
	Export  exportCmd  `cmd:"" help:"Write insights into a file, as one audience may read them."`
	Import  importCmd  `cmd:"" help:"Import people from a file, or insights from an export."`
	Backup  backupCmd  `cmd:"" help:"Write a copy of the database, also while the site runs."`
	Restore restoreCmd `cmd:"" help:"Put a copy back in the place of the database."`
	Doctor  doctorCmd  `cmd:"" help:"Check the database, search, mail settings, clock, disk and base URL."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// exited is how the argument parser asks to leave early, as --help does.
type exited int

// run is main with its surroundings passed in. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	parser, err := kong.New(grammar(args),
		kong.Name("rotunda"),
		kong.Description("Rotunda: convene the room, keep what it knew."),
		kong.Writers(stdout, stderr),
		kong.UsageOnError(),
		kong.Exit(func(n int) { panic(exited(n)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"db": defaultDB, "addr": "127.0.0.1:8080"},
	)
	if err != nil {
		return fail(stderr, err)
	}
	defer func() {
		if r := recover(); r != nil {
			n, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(n)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	verb, err := parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "rotunda: %v\n", err)
		return exitUsage
	}
	if db, ok := verb.Selected().Target.Addr().Interface().(interface{ readDBFile() error }); ok {
		if err := db.readDBFile(); err != nil {
			return fail(stderr, err)
		}
	}
	env := &environment{stdout: stdout, stderr: stderr}
	verb.BindTo(ctx, (*context.Context)(nil))
	if err := verb.Run(env); err != nil {
		return fail(stderr, err)
	}
	return 0
}

// grammar returns the verbs to parse for: where the first argument names one,
// that one alone. Reading the tags of all the others would take longer than
// opening the database, at every start.
func grammar(args []string) any {
	all := reflect.TypeFor[cli]()
	for i := range all.NumField() {
		if verb := all.Field(i); len(args) > 0 && args[0] == strings.ToLower(verb.Name) {
			return reflect.New(reflect.StructOf([]reflect.StructField{verb})).Interface()
		}
	}
	return new(cli)
}

// environment is what the verbs write to.
type environment struct{ stdout, stderr io.Writer }

func (e *environment) printf(format string, args ...any) {
	_, _ = fmt.Fprintf(e.stdout, format, args...)
}

// usageError is a mistake in the arguments that the parser cannot see.
type usageError struct{ error }

// errQuiet has been explained on standard output already.
var errQuiet = errors.New("failed")

// fail prints the error in one plain line and returns its exit code.
func fail(stderr io.Writer, err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(stderr, "rotunda: %v\n", err)
		return exitUsage
	case !errors.Is(err, errQuiet):
		_, _ = fmt.Fprintf(stderr, "rotunda: %s\n", oneLine(err))
	}
	return exitFailure
}

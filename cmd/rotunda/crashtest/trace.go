// Package crashtest shows that a capture which was acknowledged is kept, whatever happens: it cuts the power of a
// server in a replay of its system calls, and kills real ones. It knows nothing of Rotunda; the tests that use it
// say how a server is started, how an insight is captured and which ones a database holds.
package crashtest

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// Op is what an event does.
type Op int

// The operations that matter to what a disk holds after a power cut, and the server's word.
const (
	Write Op = iota
	Truncate
	// Sync makes durable what was written to the file before the call began.
	Sync
	// Answer is the moment at which the server began to acknowledge a capture.
	Answer
)

// Event is one completed system call of the traced server.
type Event struct {
	Op Op
	// File is the base name of the database file or of its log, for all but Answer.
	File string
	// Offset is where a Write begins, or the new length for Truncate, in bytes.
	Offset int64
	Data   []byte
	// Covers, for Sync, is how many events precede the one at which the call began.
	Covers int
	// Key names the acknowledged capture, for Answer.
	Key string
}

// ReadTrace reads what strace wrote about a server: its writes to the database at this absolute path and to the
// files beside it whose names begin with the same words, in the order in which they ended, and its answers.
// answer says for the bytes of one other write whether they acknowledge a capture, and which.
//
// Files that are removed, renamed or created are not modelled: trace a server on a database that exists and is in
// WAL mode, and end it by SIGKILL.
func ReadTrace(r io.Reader, database string, answer func(written []byte) (key string, ok bool)) ([]Event, error) {
	t := tracer{database: database, answer: answer, open: map[string]call{}}
	in := bufio.NewReaderSize(r, 1<<20)
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			if err := t.line(line); err != nil {
				return nil, fmt.Errorf("line %d of the trace: %w", n, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return t.events, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// call is a system call that has begun: its text so far, and how many events there were then.
type call struct {
	text   string
	before int
}

type tracer struct {
	database string
	answer   func([]byte) (string, bool)
	open     map[string]call // by thread
	events   []Event
}

// line takes one line: "PID call(…) = result", or the two halves of a call during which another thread was seen.
func (t *tracer) line(line string) error {
	pid, rest, ok := strings.Cut(line, " ")
	if !ok {
		return nil
	}
	rest = strings.TrimLeft(rest, " ")
	begun := call{before: len(t.events)}
	if head, ok := strings.CutSuffix(rest, " <unfinished ...>"); ok {
		begun.text = head
		t.open[pid] = begun
		// The other side may read an answer as soon as its write begins.
		if strings.HasPrefix(head, "write(") {
			return t.written(head)
		}
		return nil
	}
	if tail, ok := strings.CutPrefix(rest, "<... "); ok {
		name, tail, ok := strings.Cut(tail, " resumed>")
		first, known := t.open[pid]
		delete(t.open, pid)
		if !ok || !known || name == "write" {
			return nil
		}
		begun, rest = first, first.text+tail
	} else if strings.HasPrefix(rest, "write(") {
		return t.written(rest)
	}
	return t.ended(rest, begun.before)
}

// written looks whether a write to anything but the database acknowledges a capture.
func (t *tracer) written(text string) error {
	_, args, err := arguments(text)
	if err != nil || len(args) < 2 {
		return err
	}
	data, err := quoted(args[1])
	if err != nil {
		return err
	}
	if key, ok := t.answer(data); ok {
		t.events = append(t.events, Event{Op: Answer, Key: key})
	}
	return nil
}

// ended takes a call on a file that has returned.
func (t *tracer) ended(text string, before int) error {
	name, args, err := arguments(text)
	if err != nil || len(args) == 0 {
		return err
	}
	path, err := filePath(args[0])
	if err != nil {
		return err
	}
	if !strings.HasPrefix(path, t.database) || strings.HasSuffix(path, "-shm") {
		return nil
	}
	if strings.Contains(text[strings.LastIndex(text, "="):], "-1") {
		return nil // it failed: nothing was promised
	}
	e := Event{File: filepath.Base(path), Covers: before}
	switch {
	case name == "pwrite64" && len(args) == 4:
		e.Op = Write
		if e.Data, err = quoted(args[1]); err == nil {
			e.Offset, err = strconv.ParseInt(args[3], 10, 64)
		}
	case name == "ftruncate" && len(args) == 2:
		e.Op = Truncate
		e.Offset, err = strconv.ParseInt(args[1], 10, 64)
	case name == "fsync" || name == "fdatasync":
		e.Op = Sync
	default:
		return fmt.Errorf("a %s of the database that the replay does not know", name)
	}
	if err == nil {
		t.events = append(t.events, e)
	}
	return err
}

// arguments splits "name(a, b, c) = 0". Paths and data are written in hexadecimal, so no comma is inside one.
func arguments(text string) (name string, args []string, err error) {
	name, rest, ok := strings.Cut(text, "(")
	if !ok {
		return "", nil, nil // a line about the process, not a call
	}
	if end := strings.LastIndex(rest, ")"); end >= 0 {
		rest = rest[:end]
	}
	return name, strings.Split(rest, ", "), nil
}

// filePath is the path in a descriptor such as 7<\x2f\x74>.
func filePath(descriptor string) (string, error) {
	_, path, ok := strings.Cut(descriptor, "<")
	if !ok {
		return "", nil
	}
	path, _, _ = strings.Cut(path, ">")
	decoded, err := unescape(path)
	return string(decoded), err
}

// quoted is the data in an argument such as "\x41\x42". strace marks what it cut short with three dots.
func quoted(arg string) ([]byte, error) {
	if strings.HasSuffix(arg, "...") {
		return nil, errors.New("strace has cut the data short")
	}
	return unescape(strings.Trim(arg, `"`))
}

func unescape(s string) ([]byte, error) {
	if !strings.Contains(s, `\x`) {
		return []byte(s), nil
	}
	out := make([]byte, len(s)/4)
	if _, err := hex.Decode(out, bytes.ReplaceAll([]byte(s), []byte(`\x`), nil)); err != nil {
		return nil, err
	}
	return out, nil
}

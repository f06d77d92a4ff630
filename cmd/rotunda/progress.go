package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress is one line about long work, written over itself. Where standard
// error is no terminal it says nothing.
type progress struct {
	to    io.Writer // nil for nobody
	last  time.Time
	shown bool
}

// progressEvery is how often the line changes.
const progressEvery = 100 * time.Millisecond

func (e *environment) progress() *progress {
	f, ok := e.stderr.(*os.File)
	if !ok {
		return &progress{}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{to: f}
}

// say shows how far the work has come.
func (p *progress) say(format string, args ...any) {
	if p.to == nil || time.Since(p.last) < progressEvery {
		return
	}
	p.last, p.shown = time.Now(), true
	_, _ = fmt.Fprintf(p.to, "\r\033[K"+format, args...)
}

// done takes the line away.
func (p *progress) done() {
	if p.shown {
		_, _ = fmt.Fprint(p.to, "\r\033[K")
		p.shown = false
	}
}

package crashtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// Replay cuts the power of a traced server at many points and looks at what is left.
//
// The disk is modelled as follows: what a successful fsync or fdatasync covers is there; of everything written
// later each write is there or not, by a toss of a coin. Torn sectors are not modelled.
type Replay struct {
	// Base are the database files as they were, synced, before the first event; the keys are base names.
	Base map[string][]byte
	// Database is the base name of the database file.
	Database string
	// Check opens the database that a cut left at this path, as the program would, and returns the keys of all
	// captures in it. An error says that it cannot be read or is corrupt.
	Check func(path string) (kept map[string]bool, err error)
	// Dir is a folder for the files of one cut at a time.
	Dir string
}

// Outcome says what the cuts did.
type Outcome struct {
	// Events and Answers are what the trace held.
	Events, Answers int
	// Cuts is how many were made, Corrupt after how many the database could not be read, and Lossy after how
	// many a capture was gone that had been acknowledged; Worst is the largest number gone after one cut.
	Cuts, Corrupt, Lossy, Worst int
	// FirstError is what Check said first.
	FirstError error
}

func (o Outcome) String() string {
	return fmt.Sprintf("%d events, %d answers, %d cuts: %d corrupt, %d lost acknowledged captures (at worst %d)",
		o.Events, o.Answers, o.Cuts, o.Corrupt, o.Lossy, o.Worst)
}

// Run makes the number of cuts at random points of the trace, the same ones for the same seed.
func (r Replay) Run(events []Event, cuts int, seed uint64) (Outcome, error) {
	if len(events) == 0 || cuts <= 0 {
		return Outcome{}, errors.New("a replay needs events and cuts")
	}
	random := rand.New(rand.NewPCG(seed, 0))
	at := make(map[int]int, cuts) // several cuts at one point differ by what survives
	for range cuts {
		at[random.IntN(len(events))]++
	}
	o := Outcome{Events: len(events)}
	d := disk{durable: map[string][]byte{}, pending: map[string][]pending{}}
	for name, content := range r.Base {
		d.durable[name] = slices.Clone(content)
	}
	var answered []string
	for i, e := range events {
		if e.Op == Answer {
			answered = append(answered, e.Key)
		} else {
			d.do(i, e)
		}
		for range at[i] {
			if err := r.cut(d, random, answered, &o); err != nil {
				return o, err
			}
		}
	}
	o.Answers = len(answered)
	return o, nil
}

func (r Replay) cut(d disk, random *rand.Rand, answered []string, o *Outcome) error {
	o.Cuts++
	if err := d.leave(r.Dir, random); err != nil {
		return err
	}
	kept, err := r.Check(filepath.Join(r.Dir, r.Database))
	if err != nil {
		o.Corrupt++
		if o.FirstError == nil {
			o.FirstError = err
		}
	}
	lost := 0
	for _, key := range answered {
		if !kept[key] {
			lost++
		}
	}
	if lost > 0 {
		o.Lossy++
		o.Worst = max(o.Worst, lost)
	}
	return nil
}

// pending is a change to a file that no sync has covered yet.
type pending struct {
	index int
	event Event
}

type disk struct {
	durable map[string][]byte
	pending map[string][]pending
}

func (d disk) do(index int, e Event) {
	waiting := d.pending[e.File]
	if e.Op != Sync {
		d.pending[e.File] = append(waiting, pending{index, e})
		return
	}
	covered := 0
	for covered < len(waiting) && waiting[covered].index < e.Covers {
		d.durable[e.File] = apply(d.durable[e.File], waiting[covered].event)
		covered++
	}
	d.pending[e.File] = slices.Clone(waiting[covered:])
}

// leave writes into dir what the disk may hold after a cut now, and nothing else.
func (d disk) leave(dir string, random *rand.Rand) error {
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(filepath.Join(dir, f.Name())); err != nil {
			return err
		}
	}
	var names []string
	for name := range d.durable {
		names = append(names, name)
	}
	for name := range d.pending {
		if _, ok := d.durable[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names) // the same coins for the same seed
	for _, name := range names {
		content := slices.Clone(d.durable[name])
		for _, p := range d.pending[name] {
			if random.IntN(2) == 0 {
				content = apply(content, p.event)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// apply does one write or truncation to a file's content.
func apply(content []byte, e Event) []byte {
	end := int(e.Offset) + len(e.Data)
	if len(content) < end {
		content = append(content, make([]byte, end-len(content))...)
	}
	if e.Op == Truncate {
		return content[:e.Offset]
	}
	copy(content[e.Offset:], e.Data)
	return content
}

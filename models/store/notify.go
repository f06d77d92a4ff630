package store

import (
	"runtime/debug"
	"sync"
	"time"

	"rotunda/models"
)

// ChangeKind says what a Change is about.
type ChangeKind string

// The kinds of change that a subscriber hears of.
const (
	ChangeInsight  ChangeKind = "insight"  // an insight was captured, edited, tagged or removed
	ChangeRoom     ChangeKind = "room"     // the agenda, the regime or the session of a roundtable
	ChangeGuests   ChangeKind = "guests"   // answers, attendance
	ChangeTeam     ChangeKind = "team"     // who may see a roundtable
	ChangeSessions ChangeKind = "sessions" // an account's sessions or rights ended
	ChangeJobs     ChangeKind = "jobs"     // something waits for the worker
	ChangeResync   ChangeKind = "resync"   // changes may have been missed: look again
)

// Change names what a committed transaction touched, by ids only: a reader
// reads again with its own rights. Seq is the event's number, zero where no
// event was kept.
type Change struct {
	Kind       ChangeKind `json:"k"`
	Roundtable models.ID  `json:"r,omitempty"`
	Object     models.ID  `json:"o,omitempty"`
	Seq        int64      `json:"s,omitempty"`
}

// hub fans committed changes out to the subscribers of this process.
type hub struct {
	mu     sync.Mutex
	now    func() time.Time
	subs   map[chan []Change]struct{}
	closed bool
}

// Subscribe returns a channel of what was committed, by this process or, on
// PostgreSQL, by any other. A subscriber that does not keep up gets a
// ChangeResync in place of what it missed. cancel closes the channel.
func (s *Store) Subscribe() (changes <-chan []Change, cancel func()) {
	c := make(chan []Change, 256)
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.hub.closed {
		close(c)
		return c, func() {}
	}
	if s.hub.subs == nil {
		s.hub.subs = map[chan []Change]struct{}{}
	}
	s.hub.subs[c] = struct{}{}
	return c, func() { s.hub.drop(c) }
}

func (h *hub) drop(c chan []Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.subs[c]; ok {
		delete(h.subs, c)
		close(c)
	}
}

func (h *hub) publish(changes []Change) {
	if len(changes) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.subs {
		select {
		case c <- changes:
		default:
			// Full: throw the oldest away and say that something is missing.
			select {
			case <-c:
			default:
			}
			select {
			case c <- []Change{{Kind: ChangeResync}}:
			default:
			}
		}
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for c := range h.subs {
		close(c)
	}
	h.subs = nil
}

// recovered is deferred in every goroutine of the store: a panic there must
// not end the process.
func (s *Store) recovered(doing string) {
	if r := recover(); r != nil {
		s.log.Error("a panic was caught", "while", doing, "panic", r, "stack", string(debug.Stack()))
	}
}

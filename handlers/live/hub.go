// Package live sends what a roundtable's team captures to every member who has
// the page open. Each committed change is read and rendered once for the team,
// and the same bytes go to all who listen.
package live

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
)

// The limits on streams.
const (
	// MostPerAccount is how many streams one account may have open: as many as
	// a browser opens to one site.
	MostPerAccount = 6
	// DefaultMost is how many streams a process serves.
	DefaultMost = 500
	// buffered is how many messages may wait for a slow listener; then it is
	// dropped and catches up when it comes back.
	buffered = 64
	// workTime bounds the reading and rendering for one round of changes.
	workTime = 10 * time.Second
)

// message is one server-sent event, ready to be written.
type message []byte

// listener is one open stream.
type listener struct {
	viewer models.Viewer
	room   models.ID
	send   chan message
	check  chan struct{} // the right may be gone: look now
	drop   chan struct{} // closed for a listener that is too slow
}

// Hub fans out what is committed to the listeners of each roundtable.
type Hub struct {
	st   *store.Store
	log  *slog.Logger
	most int

	mu      sync.Mutex
	rooms   map[models.ID]map[*listener]struct{}
	account map[models.ID]int
	total   int
}

// New returns a hub over the store's changes. most is how many streams it
// serves, or zero for DefaultMost. It works until the store is closed.
func New(st *store.Store, log *slog.Logger, most int) *Hub {
	if most <= 0 {
		most = DefaultMost
	}
	h := &Hub{st: st, log: log, most: most, rooms: map[models.ID]map[*listener]struct{}{}, account: map[models.ID]int{}}
	changes, _ := st.Subscribe()
	go func() {
		defer h.recovered("listening to the store")
		for batch := range changes {
			h.round(batch)
		}
	}()
	return h
}

func (h *Hub) recovered(doing string) {
	if r := recover(); r != nil {
		h.log.Error("a panic was caught", "while", doing, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
}

// join opens a listener, within the limits, and tells the room.
func (h *Hub) join(v models.Viewer, room models.ID) (*listener, error) {
	l := &listener{
		viewer: v, room: room, send: make(chan message, buffered),
		check: make(chan struct{}, 1), drop: make(chan struct{}),
	}
	h.mu.Lock()
	if h.total >= h.most || h.account[v.Account()] >= MostPerAccount {
		h.mu.Unlock()
		return nil, models.ErrTooMany
	}
	if h.rooms[room] == nil {
		h.rooms[room] = map[*listener]struct{}{}
	}
	h.rooms[room][l] = struct{}{}
	h.account[v.Account()]++
	h.total++
	h.mu.Unlock()
	h.tellPresence(room)
	return l, nil
}

// leave closes a listener and tells the room, unless everybody goes because the
// server stops: those still there would only be flooded with each other's going.
func (h *Hub) leave(l *listener, stop <-chan struct{}) {
	h.mu.Lock()
	h.total--
	if h.account[l.viewer.Account()]--; h.account[l.viewer.Account()] == 0 {
		delete(h.account, l.viewer.Account())
	}
	delete(h.rooms[l.room], l)
	if len(h.rooms[l.room]) == 0 {
		delete(h.rooms, l.room)
	}
	h.mu.Unlock()
	if !closed(stop) {
		h.tellPresence(l.room)
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Present lists who has the roundtable's capture page open, each once.
func (h *Hub) Present(room models.ID) []views.Present {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[models.ID]bool{}
	var out []views.Present
	for l := range h.rooms[room] {
		if seen[l.viewer.Account()] {
			continue
		}
		seen[l.viewer.Account()] = true
		out = append(out, views.Present{Face: views.FaceOf(l.viewer.Name()), Capturing: models.CanIn(l.viewer, models.CaptureInsight, room)})
	}
	slices.SortFunc(out, func(a, b views.Present) int {
		if a.Capturing != b.Capturing {
			return map[bool]int{true: -1, false: 1}[a.Capturing]
		}
		return compare(a.Face.Name, b.Face.Name)
	})
	return out
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (h *Hub) tellPresence(room models.ID) {
	defer h.recovered("telling who is present")
	html, err := web.RenderString(context.Background(), views.CapturePresence(h.Present(room)))
	if err == nil {
		h.broadcast(room, event("presence", html))
	}
}

// broadcast hands messages to everybody in a room. Whoever has no place left
// for all of them is dropped, so that nobody else waits.
func (h *Hub) broadcast(room models.ID, messages ...message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.rooms[room] {
		for _, m := range messages {
			select {
			case l.send <- m:
				continue
			default:
			}
			select {
			case <-l.drop:
			default:
				close(l.drop)
			}
			break
		}
	}
}

// round works off one batch of changes.
func (h *Hub) round(batch []store.Change) {
	defer h.recovered("telling the streams")
	insights := map[models.ID][]models.ID{}
	last := map[models.ID]int64{}
	other := map[models.ID]bool{}
	for _, c := range batch {
		switch c.Kind {
		case store.ChangeResync:
			h.forAll(func(l *listener) { // what was missed may be the loss of the right
				l.recheck()
				l.tell(message("event: resync\ndata: \n\n"))
			})
		case store.ChangeSessions:
			h.forAll(func(l *listener) {
				if l.viewer.Account() == c.Object || c.Object == 0 {
					l.recheck()
				}
			})
		case store.ChangeTeam:
			h.forAll(func(l *listener) {
				if l.room == c.Roundtable || c.Roundtable == 0 {
					l.recheck()
				}
			})
			other[c.Roundtable] = true
		case store.ChangeInsight:
			if !slices.Contains(insights[c.Roundtable], c.Object) {
				insights[c.Roundtable] = append(insights[c.Roundtable], c.Object)
			}
		case store.ChangeRoom, store.ChangeGuests:
			other[c.Roundtable] = true
		}
		last[c.Roundtable] = max(last[c.Roundtable], c.Seq)
	}
	ctx, cancel := context.WithTimeout(context.Background(), workTime)
	defer cancel()
	for room, seq := range last {
		if room == 0 || !h.listened(room) {
			continue
		}
		messages, err := h.messages(ctx, room, insights[room], other[room], h.st.EventID(seq))
		if err != nil {
			h.log.Error("the streams could not be told", "error", err.Error())
			messages = []message{message("event: resync\ndata: \n\n")}
		}
		h.broadcast(room, messages...)
	}
}

func (h *Hub) listened(room models.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.rooms[room]) > 0
}

func (h *Hub) forAll(f func(*listener)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, room := range h.rooms {
		for l := range room {
			f(l)
		}
	}
}

func (l *listener) recheck() {
	select {
	case l.check <- struct{}{}:
	default:
	}
}

// toCheck takes the word that the right may be gone, if it was given: it is
// given before anything is told that came after.
func (l *listener) toCheck() bool {
	select {
	case <-l.check:
		return true
	default:
		return false
	}
}

func (l *listener) tell(m message) {
	select {
	case l.send <- m:
	default:
	}
}

// messages renders what changed in a room as its team sees it. The last one
// carries the id from which a stream that breaks goes on.
func (h *Hub) messages(ctx context.Context, room models.ID, ids []models.ID, other bool, id string) ([]message, error) {
	var out []message
	if len(ids) > 0 {
		var err error
		if out, err = h.insights(ctx, room, ids); err != nil {
			return nil, err
		}
	}
	if other {
		out = append(out, message("event: room\ndata: \n\n"))
	}
	return append(out, message("id: "+id+"\nevent: at\ndata: \n\n")), nil
}

// insights renders the insights that changed, who is gone, and the counts.
func (h *Hub) insights(ctx context.Context, room models.ID, ids []models.ID) ([]message, error) {
	system := models.System("stream")
	found, err := h.st.RoomInsights(ctx, system, room, ids)
	if err != nil {
		return nil, err
	}
	counts, err := h.st.RoomCounts(ctx, system, room)
	if err != nil {
		return nil, err
	}
	var out []message
	gone := slices.Clone(ids)
	for _, i := range found {
		gone = slices.DeleteFunc(gone, func(id models.ID) bool { return id == i.ID() })
		html, err := web.RenderString(ctx, views.StreamLine(views.StreamItemOf(i, counts.Rule)))
		if err != nil {
			return nil, err
		}
		out = append(out, event("insight", html))
	}
	for _, id := range gone {
		out = append(out, message("event: remove\ndata: "+id.String()+"\n\n"))
	}
	html, err := web.RenderString(ctx, views.CaptureCounts(
		views.HeardRows(counts.Pillars), views.UntaggedWords(counts.Pillars[0]), views.AuthorRows(counts.Authors)))
	return append(out, event("heard", html)), err
}

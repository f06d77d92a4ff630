package live

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// What is captured after somebody lost the right waits behind the word that it
// may be gone, and a listener who is slow to write finds both at once.
func TestStream_tellsNothingThatCameAfterTheRightWasLost(t *testing.T) {
	st, _ := storetest.Open(t)
	v := storetest.Account(t, st, "Olga Observer", models.RoleReader) // without a session
	h := New(st, slog.New(slog.DiscardHandler), 0)
	for range 50 {
		l := &listener{viewer: v, room: 1, send: make(chan message, 1), check: make(chan struct{}, 1), drop: make(chan struct{})}
		l.recheck()
		l.tell(message("event: insight\ndata: For the team alone\n\n"))
		out := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), out)
		h.follow(&stream{c: c, rc: http.NewResponseController(c.Response())}, l, make(chan struct{}))
		if got := out.Body.String(); got != end {
			t.Fatalf("told %q", got)
		}
	}
}

// A subscriber that fell behind may have missed that somebody lost the right.
func TestHub_whoMissedChangesAsksForTheRightAgain(t *testing.T) {
	st, _ := storetest.Open(t)
	h := New(st, slog.New(slog.DiscardHandler), 0)
	l := &listener{room: 1, send: make(chan message, 1), check: make(chan struct{}, 1), drop: make(chan struct{})}
	h.mu.Lock()
	h.rooms[1] = map[*listener]struct{}{l: {}}
	h.mu.Unlock()
	h.round([]store.Change{{Kind: store.ChangeResync}})
	if !l.toCheck() {
		t.Error("the stream goes on as if nothing could have been missed")
	}
}

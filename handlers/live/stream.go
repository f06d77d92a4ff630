package live

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
)

// How often a stream shows that it lives and asks again whether it may, and
// how long one write may take.
const (
	keepAlive = 15 * time.Second
	writeTime = 10 * time.Second
)

// end tells the browser not to come back.
const end = "event: end\ndata: \n\n"

// event writes a server-sent event of what a component rendered; every line of
// its data has a name.
func event(name, html string) message {
	var b bytes.Buffer
	b.WriteString("event: " + name + "\n")
	for line := range strings.Lines(html) {
		b.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
	}
	b.WriteString("\n")
	return b.Bytes()
}

// Stream answers GET /roundtables/:id/stream for the roundtable's team: what
// changes there, as it is committed. A stream that broke goes on after the
// event named by Last-Event-ID or "after". It ends within a second of losing
// the right, and at once when stop closes.
func (h *Hub) Stream(c echo.Context, stop <-chan struct{}) error {
	if !web.WantsStream(c) {
		return echo.NewHTTPError(http.StatusNotAcceptable)
	}
	room, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	l, err := h.join(v, room)
	if err != nil {
		return err
	}
	defer h.leave(l, stop)
	if !h.stillMay(c.Request().Context(), l) { // lost before anybody could be told to look
		return models.ErrNotFound
	}
	after := c.Request().Header.Get("Last-Event-ID")
	if after == "" {
		after = c.QueryParam("after")
	}
	first, err := h.missed(c.Request().Context(), v, room, after)
	if err != nil {
		return err
	}
	s := stream{c: c, rc: http.NewResponseController(c.Response())}
	if err := s.open(); err != nil {
		return err
	}
	for _, m := range first {
		if s.write(m) != nil {
			return nil
		}
	}
	h.follow(&s, l, stop)
	return nil
}

// follow writes what comes until the stream has to end.
func (h *Hub) follow(s *stream, l *listener, stop <-chan struct{}) {
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	done := s.c.Request().Context().Done()
	for {
		var err error
		select {
		case <-done:
			return
		case <-stop:
			s.farewell()
			return
		case <-l.drop: // the browser comes back and catches up
			if closed(stop) {
				s.farewell()
			}
			return
		case m := <-l.send:
			if l.toCheck() && !h.stillMay(s.c.Request().Context(), l) { // what came after the loss
				_ = s.write(message(end))
				return
			}
			err = s.write(m)
		case <-l.check:
			if !h.stillMay(s.c.Request().Context(), l) {
				_ = s.write(message(end))
				return
			}
		case <-tick.C:
			if !h.stillMay(s.c.Request().Context(), l) {
				_ = s.write(message(end))
				return
			}
			err = s.write(message(": still here\n\n"))
		}
		if err != nil {
			return
		}
	}
}

// stillMay asks the database again whether the listener is on the team.
func (h *Hub) stillMay(ctx context.Context, l *listener) bool {
	v, err := h.st.SameViewer(ctx, l.viewer)
	return err == nil && models.CanIn(v, models.ReadAsTeam, l.room)
}

// missed returns what happened since the event a stream saw last.
func (h *Hub) missed(ctx context.Context, v models.Viewer, room models.ID, after string) ([]message, error) {
	ids, other, last, ok, err := h.st.EventsAfter(ctx, v, room, after)
	if err != nil {
		return nil, err
	}
	switch {
	case after == "":
		return nil, nil
	case !ok:
		return []message{message("event: resync\ndata: \n\n")}, nil
	case len(ids) == 0 && !other:
		return nil, nil
	}
	return h.messages(ctx, room, ids, other, h.st.EventID(last))
}

// stream is the open answer.
type stream struct {
	c  echo.Context
	rc *http.ResponseController
}

// open takes the server's deadlines off and sends the head.
func (s *stream) open() error {
	head := s.c.Response().Header()
	head.Set("Content-Type", "text/event-stream; charset=utf-8")
	head.Set("X-Accel-Buffering", "no")
	_ = s.rc.SetReadDeadline(time.Time{}) // not every test's writer can
	s.c.Response().WriteHeader(http.StatusOK)
	return s.write(message("retry: 2000\n: open\n\n"))
}

// farewell says when to come back: the next process takes the stream up.
func (s *stream) farewell() { _ = s.write(message("retry: 2000\n\n")) }

// write sends one message at once, and fails for a listener who does not read.
func (s *stream) write(m message) error {
	_ = s.rc.SetWriteDeadline(time.Now().Add(writeTime))
	if _, err := s.c.Response().Write(m); err != nil {
		return err
	}
	return s.rc.Flush()
}

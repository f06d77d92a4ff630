package web

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"

	"rotunda/models"
	"rotunda/models/store"
)

// Pages are kept under rules that leave nothing to be guessed:
//
// The generation of the database is read before the session and before the
// page. A page is kept under it, and given out only where the generation is
// still the same: no commit lies between, of this process or of another. The
// session is checked for every request, against the clock too. The key holds
// the session's token and the whole address, so nobody ever gets what was made
// for somebody else. What waits for one page only, a message, is never kept.
// And the clock: a page is given out for a second at most, because what is
// under embargo appears by the clock alone. Nothing on a kept page may vanish
// by it; what a partner reaches does, so a partner's pages are not kept.
const keptFor = time.Second

// How much is kept at most.
const (
	mostKeptPages = 256
	mostKeptBytes = 16 << 20
)

const keptKey = "rotunda.kept"

type pageKey struct{ token, uri string }

// keptPages holds the pages of one generation.
type keptPages struct {
	mu    sync.Mutex
	at    store.Generation
	pages map[pageKey]*keptPage
	bytes int
}

// keptPage is a page that was made, or is being made: then made is still open.
type keptPage struct {
	made  chan struct{}
	since models.Instant
	body  []byte // nil where it cannot be kept
	zip   func() []byte
}

type generationKey struct{}

// readGeneration asks in which state the database is, before the request reads
// anything. Only pages that may be kept have a use for it.
func (w *Web) readGeneration(c echo.Context) {
	r := c.Request()
	if r.Method != http.MethodGet {
		return
	}
	if at := w.Store.Generation(r.Context()); at.Known() {
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), generationKey{}, at)))
	}
}

func generationOf(r *http.Request) store.Generation {
	at, _ := r.Context().Value(generationKey{}).(store.Generation)
	return at
}

// Kept answers with the page that the same browser got from the same address,
// where nothing changed since; else with what the handler makes.
func (w *Web) Kept(c echo.Context, handler echo.HandlerFunc) error {
	r := c.Request()
	at, session := generationOf(r), keptSession(c)
	if !at.Known() || r.Method != http.MethodGet || IsFragment(c) || WantsJSON(c) || session.Data != "" ||
		!session.Viewer.IsAccount() || session.Viewer.Role() == models.RoleCohost {
		return handler(c)
	}
	now := w.Store.Now()
	p, mine := w.pages.find(at, pageKey{SessionToken(c), r.URL.RequestURI()}, now)
	if p == nil {
		return handler(c)
	}
	if mine {
		defer w.pages.add(p) // whatever the handler does, who waits must not wait for ever
		c.Set(keptKey, p)
		err := handler(c)
		if err != nil || len(c.Response().Header()["Set-Cookie"]) > 0 {
			p.body = nil
		}
		return err
	}
	select {
	case <-p.made:
	case <-r.Context().Done():
		return r.Context().Err()
	}
	if p.body == nil {
		return handler(c)
	}
	body, h := p.body, c.Response().Header()
	if takesGzip(r) {
		h.Set(echo.HeaderContentEncoding, "gzip")
		body = p.zip()
	}
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(body))) // spares the pieces in which net/http would send it
	return c.HTMLBlob(http.StatusOK, body)
}

// find returns the page under the key, and whether the caller is to make it.
// None is returned for a generation that is over.
func (k *keptPages) find(at store.Generation, key pageKey, now models.Instant) (p *keptPage, mine bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at != at || len(k.pages) >= mostKeptPages || k.bytes >= mostKeptBytes {
		if k.at.After(at) {
			return nil, false
		}
		k.at, k.pages, k.bytes = at, map[pageKey]*keptPage{}, 0
	}
	if p = k.pages[key]; p != nil && p.since <= now && now < p.since.Add(keptFor) {
		return p, false
	}
	p = &keptPage{made: make(chan struct{}), since: now}
	k.pages[key] = p
	return p, true
}

// add lets those have the page who wait for it.
func (k *keptPages) add(p *keptPage) {
	p.zip = sync.OnceValue(func() []byte { return zipped(p.body) })
	k.mu.Lock()
	k.bytes += len(p.body)
	k.mu.Unlock()
	close(p.made)
}

// takesGzip reports whether the browser takes gzip without any reservation.
func takesGzip(r *http.Request) bool {
	return slices.ContainsFunc(strings.Split(r.Header.Get("Accept-Encoding"), ","), func(s string) bool { return strings.TrimSpace(s) == "gzip" })
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is valid
	_, _ = w.Write(body)                            // a bytes.Buffer does not fail
	_ = w.Close()
	return b.Bytes()
}

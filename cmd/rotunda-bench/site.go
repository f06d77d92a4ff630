package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rotunda/handlers"
	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/baselinetest"
)

// open opens a database of the bench, as its first account.
func (b *bench) open(db string) (*store.Store, models.Viewer, error) {
	raw, err := os.ReadFile(b.db + ".key")
	if err != nil {
		return nil, models.Anonymous(), err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil {
		return nil, models.Anonymous(), err
	}
	st, err := store.Open(b.ctx, store.Options{DSN: db, LinkKey: key})
	if err != nil {
		return nil, models.Anonymous(), err
	}
	accounts, err := st.Accounts(b.ctx, models.System("bench"))
	if err == nil && len(accounts) == 0 {
		err = errors.New("the example has no account")
	}
	if err != nil {
		return nil, models.Anonymous(), errors.Join(err, st.Close())
	}
	v, err := st.ViewerByEmail(b.ctx, accounts[0].Email)
	return st, v, err
}

// pages is G2: pages of the explorer against the same bytes served as a static
// file: each time a page that was never made before; one page again and again
// while 20 captures a second are committed; and the same compressed, as
// browsers ask for it.
func (b *bench) pages() error {
	st, v, err := b.open(b.db)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	room, err := b.room(st, v)
	if err != nil {
		return err
	}
	token, err := st.StartSession(b.ctx, v.Account(), "bench", "127.0.0.1")
	if err != nil {
		return err
	}
	ours, stopOurs, err := serveSite(st)
	if err != nil {
		return err
	}
	defer stopOurs()
	page, err := fetch(ours+"/insights", token, false)
	if err != nil {
		return err
	}
	theirs, stopTheirs, err := serveBytes(page)
	if err != nil {
		return err
	}
	defer stopTheirs()
	var fresh, repeated, zipped []float64
	var n atomic.Int64
	for range b.rounds {
		floor, errF := load(func() error { _, err := fetch(theirs, "", false); return err })
		made, errM := load(func() error {
			_, err := fetch(fmt.Sprintf("%s/insights?fresh=%d", ours, n.Add(1)), token, false)
			return err
		})
		again, errA := b.whileCommitting(st, v, room, ours+"/insights", token, false)
		zip, errZ := b.whileCommitting(st, v, room, ours+"/insights", token, true)
		if err := errors.Join(errF, errM, errA, errZ); err != nil {
			return err
		}
		fresh, repeated, zipped = append(fresh, made/floor), append(repeated, again/floor), append(zipped, zip/floor)
	}
	b.addRatio("G2", fmt.Sprintf("page of 50 insights (%d kB) that was never made before, throughput against the same bytes served statically", len(page)>>10), fresh, 0.30)
	b.addRatio("G2", "the same page again and again, with 20 commits a second", repeated, 0.70)
	b.addRatio("G2", "the same, compressed, against the plain bytes served statically", zipped, 1.00)
	return nil
}

// addRatio reports the median of ratios that should reach what is wanted.
func (b *bench) addRatio(goal, what string, ratios []float64, want float64) {
	seen := median(ratios)
	b.add(result{Goal: goal, What: what, Seen: times(seen), Want: fmt.Sprintf("≥ %.2f×", want), OK: seen >= want})
}

// serveSite serves the site over a store on loopback until stop is called, and
// returns its address.
func serveSite(st *store.Store) (base string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	at, err := web.ParseBaseURL("http://" + l.Addr().String())
	if err != nil {
		return "", nil, errors.Join(err, l.Close())
	}
	return at.String(), serveUntil(l, handlers.New(web.Config{BaseURL: at, Log: slog.New(slog.DiscardHandler)}, st).Handler()), nil
}

// serveBytes serves the same bytes at every address, as a static file.
func serveBytes(page []byte) (address string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	return "http://" + l.Addr().String() + "/", serveUntil(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })), nil
}

// serveUntil serves on the listener until stop is called.
func serveUntil(l net.Listener, h http.Handler) (stop func()) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go serveOn(server, l)
	return func() { _ = server.Close() }
}

// whileCommitting fetches an address while 20 captures a second are committed.
func (b *bench) whileCommitting(st *store.Store, v models.Viewer, room models.ID, address, token string, zip bool) (float64, error) {
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		defer func() { _ = recover() }() // the bench ends with an error from its clients
		tick := time.NewTicker(time.Second / 20)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			case <-tick.C:
			}
			if _, err := st.CaptureInsight(b.ctx, v, models.CaptureInput{Roundtable: room, Line: baselinetest.Line(20, n)}); err != nil {
				done <- err
				return
			}
		}
	}()
	seen, err := load(func() error { _, err := fetch(address, token, zip); return err })
	close(stop)
	return seen, errors.Join(err, <-done)
}

func serveOn(s *http.Server, l net.Listener) {
	defer func() { _ = recover() }() // the bench ends with an error from its clients
	_ = s.Serve(l)
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}, Timeout: 30 * time.Second}

func fetch(url, token string, zip bool) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if token != "" {
		req.AddCookie(&http.Cookie{Name: "rotunda", Value: token})
	}
	if zip {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	switch {
	case err == nil && res.StatusCode != http.StatusOK:
		err = fmt.Errorf("%s: %s", url, res.Status)
	case err == nil && zip != (res.Header.Get("Content-Encoding") == "gzip"):
		err = fmt.Errorf("%s: compressed otherwise than asked for", url)
	}
	return body, err
}

// load fetches from eight clients for a second and a half and returns the
// fetches per second.
func load(fetch func() error) (float64, error) {
	const clients, span = 8, 1500 * time.Millisecond
	var n atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	start := time.Now()
	for range clients {
		wg.Go(func() {
			for time.Since(start) < span && failed.Load() == nil {
				if err := fetch(); err != nil {
					failed.Store(err)
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return 0, err
	}
	return float64(n.Load()) / time.Since(start).Seconds(), nil
}

// starts is G7: from the start of the process to the first page, and the same
// after it was killed while it captured.
func (b *bench) starts() error {
	var calm, killed []time.Duration
	for round := range b.rounds + 1 {
		p, took, err := b.start()
		if err != nil {
			return err
		}
		if round > 0 { // the first warms
			calm = append(calm, took)
		}
		if err := p.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		_ = p.Wait()
	}
	for range b.rounds {
		p, _, err := b.start()
		if err != nil {
			return err
		}
		if err := b.captureUntilKilled(p.Process); err != nil {
			return err
		}
		_ = p.Wait()
		p, took, err := b.start()
		if err != nil {
			return err
		}
		killed = append(killed, took)
		_ = p.Process.Signal(os.Interrupt)
		_ = p.Wait()
	}
	b.add(result{Goal: "G7", What: "start to first page", Seen: ms(median(calm)), Want: "≤ 20 ms", OK: median(calm) <= 20*time.Millisecond, Gate: median(calm) > 28*time.Millisecond})
	b.add(result{Goal: "G7", What: "the same after kill -9 during captures", Seen: ms(median(killed)), Want: "≤ 150 ms", OK: median(killed) <= 150*time.Millisecond, Gate: median(killed) > 214*time.Millisecond})
	return nil
}

// captureUntilKilled captures over HTTP and kills the program in the middle.
func (b *bench) captureUntilKilled(p *os.Process) error {
	st, v, err := b.open(b.db)
	if err != nil {
		return err
	}
	room, err := b.room(st, v)
	if err != nil {
		return errors.Join(err, st.Close())
	}
	token, err := st.StartSession(b.ctx, v.Account(), "bench", "127.0.0.1")
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := range 1000 {
				if post("http://"+startAddr+"/roundtables/"+room.String()+"/insights", token, baselinetest.Line(c, i)) != nil {
					return // the program is gone
				}
			}
		})
	}
	time.Sleep(time.Second)
	err = p.Kill()
	wg.Wait()
	return err
}

// post sends one captured line and wants it acknowledged.
func post(address, token, line string) error {
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(url.Values{"line": {line}}.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.AddCookie(&http.Cookie{Name: "rotunda", Value: token})
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		return fmt.Errorf("capture: %s", res.Status)
	}
	return nil
}

const startAddr = "127.0.0.1:18473"

// start runs the program over the large database and waits for its sign-in
// page.
func (b *bench) start() (*exec.Cmd, time.Duration, error) {
	cmd := exec.CommandContext(b.ctx, b.program, "serve", "--db", b.db, "--addr", startAddr) //nolint:gosec // our own program
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	for time.Since(begin) < 30*time.Second {
		res, err := http.Get("http://" + startAddr + "/sign-in")
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return cmd, time.Since(begin), nil
			}
		}
		time.Sleep(200 * time.Microsecond)
	}
	_ = cmd.Process.Kill()
	return nil, 0, errors.New("the program did not answer within 30 s")
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

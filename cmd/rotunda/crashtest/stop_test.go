//go:build linux && !race

package crashtest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rotunda/handlers/live"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// listeners signs team members in until they may hold that many streams.
func (w world) listeners(t *testing.T, streams int) (tokens []string) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{DSN: w.database, LinkKey: storetest.LinkKey})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	lead := storetest.Viewer(t, st, "ada.byron@example.org")
	for i := range (streams + live.MostPerAccount - 1) / live.MostPerAccount {
		v := storetest.Account(t, st, fmt.Sprintf("Lis Tener%d", i), models.RoleRapporteur)
		storetest.Team(t, st, lead, w.room, v, models.TeamObserver)
		token, err := st.StartSession(t.Context(), v.Account(), "crash", "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		for range live.MostPerAccount {
			tokens = append(tokens, token)
		}
	}
	return tokens[:streams]
}

// stream opens an event stream and returns its body.
func (w world) stream(ctx context.Context, address, token string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/roundtables/"+w.room.String()+"/stream", http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.AddCookie(&http.Cookie{Name: "rotunda", Value: token})
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, fmt.Errorf("a stream answers %d", res.StatusCode)
	}
	return res.Body, nil
}

// burst is what clients saw who captured as fast as they could.
type burst struct {
	mu           sync.Mutex
	acknowledged []string
	halved       []string // answers that began and did not end
}

// capture sends one line and notes what became of it; it returns false once the
// server takes no more.
func (b *burst) capture(w world, client *http.Client, address string) bool {
	key := rand.Text()
	form := url.Values{"line": {"Permits come first " + key}, "client_id": {key}}
	req, err := http.NewRequest(http.MethodPost, address+"/roundtables/"+w.room.String()+"/insights", strings.NewReader(form.Encode()))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.AddCookie(&http.Cookie{Name: "rotunda", Value: w.token})
	res, err := client.Do(req)
	if errors.Is(err, io.ErrUnexpectedEOF) { // the head broke off
		b.note(&b.halved, key)
	}
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil || !json.Valid(body) {
		b.note(&b.halved, fmt.Sprintf("%s: %d %q %v", key, res.StatusCode, body, err))
		return false
	}
	if res.StatusCode == http.StatusCreated {
		b.note(&b.acknowledged, key)
	}
	return true
}

func (b *burst) note(list *[]string, what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*list = append(*list, what)
}

// A program that is told to stop while a hundred pages listen and people
// capture: every stream is told when to come back and ends as a whole, every
// capture that was acknowledged is kept, no answer breaks off, and the process
// is gone within ten seconds.
func TestRotunda_stopsCleanlyUnderLoad(t *testing.T) {
	const streams = 100
	w := newWorld(t, "")
	tokens := w.listeners(t, streams)
	for range atScale(2, 20) {
		cmd := exec.Command(w.program, w.arguments()...) //nolint:gosec // our own program
		address, err := w.run(cmd)
		if err != nil {
			t.Fatal(err)
		}
		w.stopUnderLoad(t, cmd, address, tokens)
	}
}

func (w world) stopUnderLoad(t *testing.T, cmd *exec.Cmd, address string, tokens []string) {
	t.Helper()
	var listening sync.WaitGroup
	var heard atomic.Int64
	ends, at := make([]string, len(tokens)), make([]time.Time, len(tokens))
	for i, token := range tokens {
		body, err := w.stream(t.Context(), address, token)
		if err != nil {
			t.Fatalf("stream %d: %v", i, err)
		}
		listening.Go(func() {
			defer func() { _ = body.Close() }()
			all, err := io.ReadAll(body)
			at[i] = time.Now()
			heard.Add(int64(strings.Count(string(all), "event: insight\n")))
			if err != nil {
				ends[i] = err.Error()
			} else if !strings.HasSuffix(string(all), "retry: 2000\n\n") {
				ends[i] = fmt.Sprintf("no word on when to come back, at its end %q after %d", all[max(0, len(all)-60):], len(all))
			}
		})
	}
	var b burst
	var capturing sync.WaitGroup
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	for range 8 {
		capturing.Go(func() {
			for b.capture(w, client, address) {
				time.Sleep(10 * time.Millisecond) // a listener who cannot keep up is dropped, lawfully
			}
		})
	}
	time.Sleep(1500 * time.Millisecond)
	told := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	took := time.Since(told)
	capturing.Wait()
	listening.Wait()
	if err != nil || took > 10*time.Second {
		t.Errorf("it ended after %v with %v", took, err)
	}
	dropped := 0
	for i, end := range ends {
		switch {
		case end == "":
		case at[i].Before(told): // could not keep up on this machine, and may come back
			dropped++
		default:
			t.Errorf("stream %d: %s", i, end)
		}
	}
	if dropped > len(tokens)/10 {
		t.Errorf("%d streams were dropped before the end", dropped)
	}
	if len(b.halved) > 0 {
		t.Errorf("%d answers broke off: %.500v", len(b.halved), b.halved)
	}
	if len(b.acknowledged) < 20 || heard.Load() == 0 {
		t.Errorf("%d captures, %d events: that was no load", len(b.acknowledged), heard.Load())
	}
	w.holds(t, b.acknowledged)
	t.Logf("gone %v after the signal; %d captures acknowledged, none lost; %d streams heard %d events",
		took.Round(time.Millisecond), len(b.acknowledged), len(tokens), heard.Load())
}

package crashtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// Kills starts a server again and again on one database, has clients capture, and kills it in the middle. A client
// that got no answer sends the same capture again to the next server, as a browser does.
type Kills struct {
	// Start starts the server and returns when it answers requests, with its process and its address.
	Start func() (server *exec.Cmd, address string, err error)
	// Capture sends one capture under a key that the client made, and reports whether it was acknowledged.
	Capture func(ctx context.Context, address, key string) bool
	// Clients is how many capture at once.
	Clients int
	// Shortest and Longest bound the life of each server.
	Shortest, Longest time.Duration
}

// Run kills the server the number of times, starts a last one so that every client gets its answer, kills that too,
// and returns the keys of the captures that were acknowledged.
func (k Kills) Run(kills int) (acknowledged []string, err error) {
	var (
		clients sync.WaitGroup
		mu      sync.Mutex
		address atomic.Value
		last    atomic.Bool
	)
	ctx, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	address.Store("")
	for range k.Clients {
		clients.Go(func() {
			for !last.Load() && ctx.Err() == nil {
				key := rand.Text()
				for !k.Capture(ctx, address.Load().(string), key) {
					if ctx.Err() != nil {
						return
					}
					time.Sleep(time.Millisecond)
				}
				mu.Lock()
				acknowledged = append(acknowledged, key)
				mu.Unlock()
			}
		})
	}
	for i := range kills + 1 {
		server, at, err := k.Start()
		if err != nil {
			giveUp()
			clients.Wait()
			return acknowledged, fmt.Errorf("start %d: %w", i+1, err)
		}
		address.Store(at)
		if i < kills {
			time.Sleep(k.Shortest + mathrand.N(k.Longest-k.Shortest+1))
		} else {
			last.Store(true)
			if !waitFor(&clients, time.Minute) {
				err = errors.New("the last server did not answer every client within a minute")
				giveUp()
			}
		}
		_ = server.Process.Kill()
		_ = server.Wait()
		if err != nil {
			clients.Wait()
			return acknowledged, err
		}
	}
	return acknowledged, nil
}

func waitFor(group *sync.WaitGroup, atMost time.Duration) bool {
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(atMost):
		return false
	}
}

// Compare says how many acknowledged captures a database lacks, and how many it holds more than once. stored counts
// the records of each key.
func Compare(acknowledged []string, stored map[string]int) (lost, doubled int) {
	for _, key := range acknowledged {
		if stored[key] == 0 {
			lost++
		}
	}
	for _, n := range stored {
		if n > 1 {
			doubled++
		}
	}
	return lost, doubled
}

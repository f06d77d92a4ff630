package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestAttempt_countsByScopeAndKeyWithinTheWindow(t *testing.T) {
	st, clock := storetest.Open(t)
	try := func(scope, key string) error { return st.Attempt(t.Context(), scope, key, 3, 10*time.Minute) }
	first := st.Now()
	for range 3 {
		if err := try("link", "203.0.113.7"); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
	}
	var tooMany *models.TooManyError
	if err := try("link", "203.0.113.7"); !errors.As(err, &tooMany) || tooMany.Until != first.Add(10*time.Minute) {
		t.Fatalf("the fourth: %v", err)
	}
	for _, other := range [][2]string{{"link", "203.0.113.8"}, {"sign-in network", "203.0.113.7"}} {
		if err := try(other[0], other[1]); err != nil {
			t.Errorf("%v: %v", other, err)
		}
	}
	clock.Set(tooMany.Until.Time())
	if err := try("link", "203.0.113.7"); err != nil {
		t.Errorf("when it said so: %v", err)
	}
}

func TestAttempt_isCountedOnceHoweverManyTryAtOnce(t *testing.T) {
	st, _ := storetest.Open(t)
	var through atomic.Int64
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if st.Attempt(t.Context(), "link", "203.0.113.7", 5, time.Minute) == nil {
				through.Add(1)
			}
		})
	}
	wg.Wait()
	if through.Load() != 5 {
		t.Errorf("%d of 40 got through, want 5", through.Load())
	}
}

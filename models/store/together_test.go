package store

import (
	"errors"
	"strings"
	"testing"
)

func TestTogether_aReadThatPanicsIsAnError(t *testing.T) {
	ran := make([]bool, 3)
	err := together(
		func() error { ran[0] = true; return nil },
		func() error { ran[1] = true; panic("no such column") },
		func() error { ran[2] = true; return errors.New("later") },
	)
	if err == nil || !strings.Contains(err.Error(), "no such column") {
		t.Errorf("the error is %v; the first that failed, in order, is wanted", err)
	}
	for n, r := range ran {
		if !r {
			t.Errorf("read %d did not run", n)
		}
	}
}

package store

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// together runs reads that do not depend on each other at the same time, each
// on a connection of its own, and returns the first error in their order. A
// read that panics is an error that says where.
func together(reads ...func() error) error {
	errs := make([]error, len(reads))
	var group sync.WaitGroup
	for n, read := range reads[1:] {
		group.Go(func() { errs[n+1] = caught(read) })
	}
	errs[0] = caught(reads[0])
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func caught(read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a read panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return read()
}

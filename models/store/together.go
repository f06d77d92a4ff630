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
		group.Go(func() {
			defer recoveredAs(&errs[n+1])
			errs[n+1] = read()
		})
	}
	func() {
		defer recoveredAs(&errs[0])
		errs[0] = reads[0]()
	}()
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// recoveredAs makes an error of a panic.
func recoveredAs(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("a read panicked: %v\n%s", r, debug.Stack())
	}
}

// Package quick lets the program start without collecting garbage: what the
// packages of a start leave is little, and collecting it would cost a fifth of
// the time until the first page. Importing it is all; after a second the usual
// rhythm holds again.
//
// It imports next to nothing, so that it is initialised before the packages
// that make most of the garbage: a call in main would come after them.
package quick

import (
	"runtime/debug"
	"time"
)

// While the program starts the heap may grow to 16 MB, 4 MB for every 100.
const startPercent = 400

func init() {
	usual := debug.SetGCPercent(startPercent)
	time.AfterFunc(time.Second, func() {
		defer func() { _ = recover() }() // house rule; there is nothing to say it to yet
		debug.SetGCPercent(usual)
	})
}

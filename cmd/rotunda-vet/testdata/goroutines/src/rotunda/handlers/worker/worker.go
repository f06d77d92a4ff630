// Package worker holds what goroutines must catch and what it must let pass.
package worker

import (
	"context"
	"os"
	"sync"
	"time"

	"rotunda/handlers/web"
)

type job struct{ wg sync.WaitGroup }

func (j *job) guarded() {
	defer j.wg.Done()
	defer web.Recovered("job")
	println()
}

func (j *job) bare() { println() }

func recoveredQuietly() { _ = recover() }

func recoveredNothing() {} // want `recoveredNothing is named as if it recovered`

func recoveredTooDeep() { // want `recoveredTooDeep is named as if it recovered`
	func() { _ = recover() }()
}

func lets(ctx context.Context, j *job, file *os.File) {
	go j.guarded()
	go func() {
		defer recoveredQuietly()
		println()
	}()
	go func() {
		defer func() {
			if p := recover(); p != nil {
				println(p)
			}
		}()
	}()
	j.wg.Go(j.guarded)
	context.AfterFunc(ctx, func() { _ = file.Close() })
	time.AfterFunc(time.Second, func() { defer recoveredQuietly() })
}

func (j *job) recover() { println() } // a middleware may have this name

func catches(j *job, run func()) {
	go j.bare()   // want `a panic in this goroutine would stop the program`
	go run()      // want `a panic in this goroutine would stop the program`
	go web.Loop() // want `a panic in this goroutine would stop the program`
	go func() {   // want `a panic in this goroutine would stop the program`
		println()
		defer recoveredQuietly()
	}()
	go func() { // want `a panic in this goroutine would stop the program`
		defer j.bare()
	}()
	go func() { // want `a panic in this goroutine would stop the program`
		defer func() { recoveredQuietly() }()
	}()
	j.wg.Go(run)                        // want `a panic in what Go runs would stop the program`
	time.AfterFunc(1, func() { run() }) // want `a panic in what AfterFunc runs would stop the program`
}

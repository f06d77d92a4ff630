// Package web has a recover that other packages defer.
package web

import "log"

// Recovered logs a panic.
func Recovered(what string) {
	if p := recover(); p != nil {
		log.Print(what)
	}
}

func Loop() { defer Recovered("loop") }

// Package models says what the things of a roundtable are and what is always
// true of them: types, states and rules. It is pure Go: it reaches no
// database, speaks no HTTP and has no clock of its own.
package models

package models

import (
	"errors"
	"sort"
	"strings"
)

var (
	// ErrNotFound means that the thing is not there or not the viewer's to
	// know of: the two are never told apart.
	ErrNotFound = errors.New("not found")
	// ErrForbidden means that the page is no secret but the viewer's role does
	// not allow the act.
	ErrForbidden = errors.New("not allowed for this role")
	// ErrConflict means that somebody else changed the record meanwhile.
	ErrConflict = errors.New("changed by somebody else meanwhile")
	// ErrGone means that a link was once valid, or never was: the two are
	// never told apart.
	ErrGone = errors.New("link no longer valid")
	// ErrTooMany means that an attempt limit is reached.
	ErrTooMany = errors.New("too many attempts")
	// ErrUnavailable means that the database cannot keep anything just now
	// (disk full, read-only): nothing was saved.
	ErrUnavailable = errors.New("not being saved just now")
)

// TooManyError is an ErrTooMany that says when the next attempt is taken.
type TooManyError struct{ Until Instant }

// Error says that there were too many attempts, and nothing about what.
func (e *TooManyError) Error() string { return ErrTooMany.Error() }

// Unwrap returns ErrTooMany.
func (e *TooManyError) Unwrap() error { return ErrTooMany }

// InvalidError says what is wrong with the input, field by field, in sentences
// that are shown beside the fields. Fields are named as the form names them;
// the empty name concerns the whole form.
type InvalidError struct {
	Fields map[string]string
}

// Error lists the messages in the order of the field names.
func (e *InvalidError) Error() string {
	names := make([]string, 0, len(e.Fields))
	for n := range e.Fields {
		names = append(names, n)
	}
	sort.Strings(names)
	parts := make([]string, 0, len(names))
	for _, n := range names {
		if n == "" {
			parts = append(parts, e.Fields[n])
			continue
		}
		parts = append(parts, n+": "+e.Fields[n])
	}
	return strings.Join(parts, "; ")
}

// Add notes a message for a field; the first message of a field stands.
func (e *InvalidError) Add(field, message string) {
	if e.Fields == nil {
		e.Fields = map[string]string{}
	}
	if _, ok := e.Fields[field]; !ok {
		e.Fields[field] = message
	}
}

// Check notes the message where ok is false.
func (e *InvalidError) Check(ok bool, field, message string) {
	if !ok {
		e.Add(field, message)
	}
}

// join notes the messages of another InvalidError; nil notes nothing.
func (e *InvalidError) join(err error) {
	var other *InvalidError
	if !errors.As(err, &other) {
		return
	}
	for field, message := range other.Fields {
		e.Add(field, message)
	}
}

// Err returns the error where a message was noted, else nil.
func (e *InvalidError) Err() error {
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

// Invalid returns an InvalidError with one message.
func Invalid(field, message string) *InvalidError {
	return &InvalidError{Fields: map[string]string{field: message}}
}

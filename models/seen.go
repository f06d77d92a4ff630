package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Seen marks what a form showed of a record. Whoever saves the form compares it
// with the record as it is then, so that nobody overwrites what they never
// read. The empty mark compares nothing.
type Seen string

// SeenOf marks a record by its contents, given as a form would change them.
func SeenOf(record any) Seen {
	text, err := json.Marshal(record)
	if err != nil {
		panic(err) // only of a type that no JSON can hold
	}
	sum := sha256.Sum256(text)
	return Seen(hex.EncodeToString(sum[:8]))
}

// Check returns ErrConflict where the record is no longer the one that was
// seen.
func (s Seen) Check(record any) error {
	if s != "" && s != SeenOf(record) {
		return ErrConflict
	}
	return nil
}

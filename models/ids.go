package models

import (
	"encoding/binary"
	"errors"
	"strings"
)

// ID names one record to the outside. IDs are random, positive and never zero,
// so that they say nothing about how many records there are or which came
// first.
type ID int64

const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32, lower case

// ErrBadID is returned for text that is no ID.
var ErrBadID = errors.New("not an id")

// NewID makes an ID from eight random bytes.
func NewID(random [8]byte) ID {
	v := binary.BigEndian.Uint64(random[:]) & (1<<63 - 1)
	if v == 0 {
		v = 1
	}
	return ID(v)
}

// String returns the 13 lower-case letters and digits used in addresses.
func (id ID) String() string {
	var b [13]byte
	v := uint64(id)
	for i := 12; i >= 0; i-- {
		b[i] = idAlphabet[v&31]
		v >>= 5
	}
	return string(b[:])
}

// ParseID reads what String wrote. It returns ErrBadID for anything else.
func ParseID(s string) (ID, error) {
	if len(s) != 13 {
		return 0, ErrBadID
	}
	var v uint64
	for i := range len(s) {
		d := strings.IndexByte(idAlphabet, s[i])
		if d < 0 || (i == 0 && d > 7) {
			return 0, ErrBadID
		}
		v = v<<5 | uint64(d)
	}
	if v == 0 {
		return 0, ErrBadID
	}
	return ID(v), nil
}

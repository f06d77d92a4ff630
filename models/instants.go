package models

import "time"

// Instant is a moment in Unix milliseconds. Zero means "none".
type Instant int64

// At returns the instant of t, or zero for the zero time.
func At(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMilli())
}

// Time returns the instant as a time in UTC, or the zero time for none.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(i)).UTC()
}

// In returns the instant as a time in the zone.
func (i Instant) In(zone *time.Location) time.Time { return i.Time().In(zone) }

// Add returns the instant d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// IsZero reports whether there is no instant.
func (i Instant) IsZero() bool { return i == 0 }

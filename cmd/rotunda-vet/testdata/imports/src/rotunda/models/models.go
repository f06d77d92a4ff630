// Package models holds what imports must catch in the pure floor.
package models

import (
	"net/http" // want `models is pure: it may not import net/http`
	"time"

	_ "rotunda/views" // want `models may not import views`
)

func late(now time.Time, deadline time.Time) bool { return now.After(deadline) }

func tooLate(deadline time.Time) bool {
	return time.Now().After(deadline) || // want `models has no clock`
		time.Since(deadline) > 0 // want `models has no clock`
}

var _ = http.StatusOK

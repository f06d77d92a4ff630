package worker

import (
	"context"
	"fmt"
	"time"

	"rotunda/models"
	"rotunda/views/mail"
)

// Mailer hands one message to whatever carries mail. Its error is a *SendError.
type Mailer interface {
	Send(ctx context.Context, e Envelope) error
}

// Envelope is one message to one person.
type Envelope struct {
	// ID is the local part of the Message-ID: letters, digits, dots, dashes.
	// It must be the same at every attempt, so that a receiver who got the
	// message twice can tell.
	ID              string
	ToName, ToEmail string
	Date            models.Instant // when the message was queued
	Message         mail.Message
}

// SendError says why a message was not taken. Its text holds neither an
// address nor a name nor what the server wrote, and may be shown and logged.
type SendError struct {
	Temporary bool   // another attempt may succeed
	Bounced   bool   // the receiving side refused this address or this message for good
	Code      int    // the server's answer, or zero where it gave none
	Enhanced  string // its enhanced status code ("5.1.1"), where it gave one
	Reason    string // a sentence

	cause error // context errors only
}

// Error returns the sentence, with the server's code where there is one.
func (e *SendError) Error() string {
	switch {
	case e.Code == 0:
		return e.Reason
	case e.Enhanced == "":
		return fmt.Sprintf("%s (%d)", e.Reason, e.Code)
	}
	return fmt.Sprintf("%s (%d %s)", e.Reason, e.Code, e.Enhanced)
}

// Unwrap returns context.Canceled or context.DeadlineExceeded where the caller
// ended the attempt.
func (e *SendError) Unwrap() error { return e.cause }

// backoff are the pauses after each failed attempt. The second lies past the
// five minutes that greylisting servers commonly ask for; all together give a
// server that is down over a night and a day the time to come back.
var backoff = [...]time.Duration{
	time.Minute, 6 * time.Minute, 15 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 12 * time.Hour,
}

// MaxAttempts is how often a message is tried before it counts as failed.
const MaxAttempts = len(backoff) + 1

// Backoff returns how long to wait after that many failed attempts, and false
// where there is to be no other. The first attempt is 1.
func Backoff(attempt int) (time.Duration, bool) {
	if attempt < 1 {
		attempt = 1
	}
	if attempt >= MaxAttempts {
		return 0, false
	}
	return backoff[attempt-1], true
}

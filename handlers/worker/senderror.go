package worker

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// interrupted returns the error of an attempt that its caller ended, else nil.
func interrupted(ctx context.Context) error {
	if cause := ctx.Err(); cause != nil {
		return &SendError{Temporary: true, Reason: "Sending was interrupted.", cause: cause}
	}
	return nil
}

// connectError explains why no message could even be offered. None of it is
// the message's fault, so all of it is temporary: the mail waits until the
// server or the settings are mended.
func connectError(ctx context.Context, err error) error {
	if stopped := interrupted(ctx); stopped != nil {
		return stopped
	}
	out := &SendError{Temporary: true, Reason: "The mail server cannot be reached."}
	var answer *textproto.Error
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &answer) && refusesSignIn(answer.Code):
		out.Code, out.Reason = answer.Code, "The mail server refused the user or password in the mail settings."
	case errors.As(err, &answer):
		out.Code, out.Reason = answer.Code, "The mail server does not take mail from us at the moment."
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &hostname):
		out.Reason = "The mail server’s certificate is not trusted."
	case errors.As(err, &record):
		out.Reason = "The mail server does not speak TLS on this port."
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		out.Reason = "The mail server does not offer STARTTLS, which the mail settings require."
	case errors.Is(err, smtp.ErrUnencrypted), strings.Contains(err.Error(), "SMTP AUTH"), strings.Contains(err.Error(), "SMTP Auth"):
		out.Reason = "The mail server offers no way to sign in that keeps the password safe."
	}
	return out
}

// refusesSignIn reports whether the code means that the server wants another
// user, password or encryption.
func refusesSignIn(code int) bool {
	return code == 530 || code == 534 || code == 535 || code == 538
}

// deliverError explains why the server did not take the message.
func deliverError(ctx context.Context, err error) error {
	if stopped := interrupted(ctx); stopped != nil {
		return stopped
	}
	var sent *gomail.SendError
	if !errors.As(err, &sent) || sent.ErrorCode() == 0 {
		return &SendError{Temporary: true, Reason: "The connection broke before the mail server took the message."}
	}
	out := &SendError{Code: sent.ErrorCode(), Enhanced: sent.EnhancedStatusCode()}
	switch {
	case refusesSignIn(out.Code):
		out.Temporary, out.Reason = true, "The mail server refused the user or password in the mail settings."
	case out.Code < 500:
		out.Temporary, out.Reason = true, "The mail server asked to try again later."
	case sent.Reason == gomail.ErrSMTPMailFrom:
		out.Reason = "The mail server does not accept our sender’s address."
	case sent.Reason == gomail.ErrSMTPRcptTo:
		out.Bounced, out.Reason = true, "The mail server does not accept mail for this address."
	default:
		out.Bounced, out.Reason = true, "The mail server refused the message."
	}
	return out
}

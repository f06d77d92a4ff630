package mail

import (
	"strings"

	"rotunda/views/urls"
)

// GuestLink is the whole address of a guest's page.
func GuestLink(baseURL, token string) string {
	return strings.TrimRight(baseURL, "/") + urls.Invitation(token)
}

// AccountLink is the whole address of an account's one-time link: to sign in,
// or to set a new password.
func AccountLink(baseURL, token string, reset bool) string {
	path := urls.SignInLink(token)
	if reset {
		path = urls.ResetLink(token)
	}
	return strings.TrimRight(baseURL, "/") + path
}

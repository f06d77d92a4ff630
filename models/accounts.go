package models

import (
	"net/mail"
	"strings"
	"unicode/utf8"
)

// Account is a person who signs in, as settings and teams show them.
type Account struct {
	ID       ID
	Email    string
	Name     string
	Role     AccountRole
	Disabled bool
	// Pending means that the account has never signed in.
	Pending  bool
	Created  Instant
	SignedIn Instant
	// Leads counts the roundtables whose lead the account is.
	Leads int
}

// AccountInput is what a form or the command line says of an account.
type AccountInput struct {
	Email string
	Name  string
	Role  AccountRole
}

// Check returns the input trimmed, or an *InvalidError that says what is wrong.
func (in AccountInput) Check() (AccountInput, error) {
	in.Email, in.Name = strings.TrimSpace(in.Email), strings.TrimSpace(in.Name)
	var bad InvalidError
	bad.Check(in.Name != "", "name", "Give the name.")
	bad.Check(utf8.RuneCountInString(in.Name) <= 200, "name", "The name may have at most 200 characters.")
	bad.Check(validAccountEmail(in.Email), "email", "Give one e-mail address, such as name@example.org.")
	bad.Check(in.Role.Valid(), "role", "Choose a role.")
	return in, bad.Err()
}

func validAccountEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.ContainsAny(s, " \t\r\n<>\",;:") {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return domain != "" && !strings.HasPrefix(domain, "[")
}

// FoldEmail returns the form of an address by which accounts are found: an
// account is the same whatever the case its address was typed in.
func FoldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Passwords are long rather than complicated: the fewest and the most
// characters of one.
const (
	PasswordMin = 12
	PasswordMax = 200
)

// State says in one word whether the account can be used: "disabled",
// "invited" before its first sign-in, else "active".
func (a Account) State() string {
	switch {
	case a.Disabled:
		return "disabled"
	case a.Pending:
		return "invited"
	}
	return "active"
}

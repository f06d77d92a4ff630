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

// SetUpInput is what the first administrator says of themselves and of the
// institute.
type SetUpInput struct {
	Institute, Zone, Name, Email, Password string
}

// Check returns the input trimmed, or an *InvalidError that says what is wrong.
func (in SetUpInput) Check() (SetUpInput, error) {
	var bad InvalidError
	in.Institute = strings.TrimSpace(in.Institute)
	bad.Check(in.Institute != "", "institute", "Give the institute's name.")
	bad.Check(utf8.RuneCountInString(in.Institute) <= 200, "institute", "The name may have at most 200 characters.")
	account, err := AccountInput{Email: in.Email, Name: in.Name, Role: RoleAdmin}.Check()
	bad.join(err)
	in.Email, in.Name = account.Email, account.Name
	_, domain, _ := strings.Cut(in.Email, "@")
	bad.Check(!strings.EqualFold(domain, "localhost"), "email", "Give the address at which you read mail.")
	_, err = Zone(in.Zone)
	bad.join(err)
	bad.join(CheckPassword(in.Password, in.Institute, in.Name, in.Email))
	return in, bad.Err()
}

// Profile is what an account says of itself, and how it likes the site.
type Profile struct {
	Name string
	// Zone is an IANA zone, or empty for the institute's.
	Zone string
	// Theme is "light", "dark", or empty to follow the browser.
	Theme string
	// KeysOff: single letters do nothing.
	KeysOff bool
}

// CheckName returns the name trimmed, or an *InvalidError for "name".
func (p Profile) CheckName() (Profile, error) {
	in, err := AccountInput{Name: p.Name, Email: "name@example.org", Role: RoleReader}.Check()
	p.Name = in.Name
	return p, err
}

// CheckAppearance returns an *InvalidError for a zone or a theme that is none.
func (p Profile) CheckAppearance() (Profile, error) {
	var bad InvalidError
	p.Zone = strings.TrimSpace(p.Zone)
	if p.Zone != "" {
		_, err := Zone(p.Zone)
		bad.join(err)
	}
	bad.Check(p.Theme == "" || p.Theme == "light" || p.Theme == "dark", "theme", "Choose one of the three.")
	return p, bad.Err()
}

// AccountSession is one browser in which an account is signed in.
type AccountSession struct {
	// ID names the session to its owner; it opens nothing.
	ID string
	// Device is the browser in words, such as "Firefox on Windows".
	Device string
	// Network is the beginning of the address it came from.
	Network       string
	Started, Seen Instant
	// Current: this is the browser that asks.
	Current bool
}

// DeviceWords says in words which browser a User-Agent header means.
func DeviceWords(userAgent string) string {
	browser, system := "A browser", ""
	for _, b := range []struct{ mark, name string }{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"},
		{"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	} {
		if strings.Contains(userAgent, b.mark) {
			browser = b.name
			break
		}
	}
	for _, o := range []struct{ mark, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	} {
		if strings.Contains(userAgent, o.mark) {
			system = " on " + o.name
			break
		}
	}
	return browser + system
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

package views

import "rotunda/views/urls"

// AccountPage is one's own name and password.
type AccountPage struct {
	Page
	Name, Email, Role string
	HasPassword       bool // else the form sets the first one
	Errors            map[string]string
}

// SessionsPage lists where one is signed in.
type SessionsPage struct {
	Page
	Sessions []SessionRow
}

// SessionRow is one browser.
type SessionRow struct {
	Device, Network string
	Started, Seen   string // times in words
	Current         bool
	End             string // where a POST signs it out
}

// AppearancePage is how the site looks and behaves for one account.
type AppearancePage struct {
	Page
	Zone          string
	InstituteZone string // in force where Zone is empty
	Zones         []string
	Theme         string // the chosen one; Page.Theme is in force
	Keys          bool
	Errors        map[string]string
}

func (p AccountPage) passwordTitle() string {
	if p.HasPassword {
		return "Change your password"
	}
	return "Choose a password"
}

func (p AccountPage) passwordNote() string {
	if p.HasPassword {
		return "You will be signed out everywhere else."
	}
	return "You signed in by a one-time link. With a password you can sign in again."
}

// subnavItem is one link of the menu beside a page of settings.
type subnavItem struct{ label, href string }

var accountParts = []subnavItem{
	{"Name and password", urls.AccountPath}, {"Sessions", urls.SessionsPath}, {"Appearance and keyboard", urls.AppearancePath},
}

var settingsParts = []subnavItem{
	{"Institute", urls.InstitutePath}, {"Staff and roles", urls.StaffPath}, {"Mail", urls.MailPath}, {"Audit log", urls.AuditPath},
}

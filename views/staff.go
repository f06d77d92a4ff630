package views

import "rotunda/views/ui"

// StaffPage lists the accounts, and who may do what.
type StaffPage struct {
	Page
	Note   string // "7 active, 1 invited"
	Staff  []StaffRow
	Roles  []RightsRow // by account role, in the order of RoleHeads
	Teams  []RightsRow // by team role, in the order of TeamHeads
	Within []string    // heads of Roles
	Beside []string    // heads of Teams
}

// StaffRow is one account.
type StaffRow struct {
	Name, Email, Role string
	State             string // a word
	StateKind         string // of ui.Status: "yes", "none", "no"
	LastActive        string
	Href              string
}

// RightsRow is one right and who holds it: "Yes", "No" or other words.
type RightsRow struct {
	Right string
	Cells []string
}

// StaffNewPage invites a colleague.
type StaffNewPage struct {
	Page
	Name, Email, Role string
	Roles             []ui.Option
	SendsMail         bool
	Errors            map[string]string
}

// MemberPage is one account, with what an administrator may do about it.
type MemberPage struct {
	Page
	Name, Email, Role string // Role is the key
	RoleName, State   string
	Facts             []ui.Fact
	Roles             []ui.Option // empty where the role is fixed
	Receivers         []ui.Option // who may take the roundtables over
	Self              bool
	Disabled, Invited bool
	SendsMail         bool

	RoleURL, LinkURL, DisableURL, EnableURL, HandOverURL string

	Errors map[string]string
}

// StaffLinkPage shows a one-time link, once.
type StaffLinkPage struct {
	Page
	Name, Link, Until string
	Invited           bool
	Back              string
}

func (p StaffNewPage) intro() string {
	if p.SendsMail {
		return "They get a mail with a link, choose a password, and are in. The link works for seven days."
	}
	return "No mail server is set up, so you are shown a link to hand on yourself. It works once, for seven days."
}

func (p MemberPage) linkWord() string {
	switch {
	case p.Invited && p.SendsMail:
		return "Send the invitation again"
	case p.Invited:
		return "Make another invitation"
	case p.SendsMail:
		return "Mail a link to choose a password"
	}
	return "Make a sign-in link"
}

func (p MemberPage) linkNote() string {
	switch {
	case p.Invited && p.SendsMail:
		return "The links of earlier invitations stop working."
	case p.Invited:
		return "You are shown the link once. Earlier ones stop working."
	case p.SendsMail:
		return "For somebody who forgot theirs. It works once, for an hour."
	}
	return "For somebody who forgot their password. You are shown it once; it works once, for a day, and stands in the audit log."
}

func (p StaffLinkPage) heading() string {
	if p.Invited {
		return "Hand this link to " + p.Name
	}
	return "A sign-in link for " + p.Name
}

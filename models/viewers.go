package models

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

type viewerKind int

const (
	anonymousViewer viewerKind = iota
	accountViewer
	guestViewer
	systemViewer
)

// Viewer is on whose behalf something is read or changed. The zero value is
// Anonymous. Viewers are made from a session, a guest's link, an API token or
// by System, nowhere else. A Viewer prints as its kind and account id only.
type Viewer struct {
	kind    viewerKind
	cap     Audience // no more trusted than this; zero is no cap
	shut    bool     // a cap was one for which private roundtables do not exist
	account ID
	name    string
	email   string
	role    AccountRole
	zone    string
	session string
	teams   map[ID]TeamRole
	cohost  map[ID]bool
	guest   ID
	room    ID
	purpose string
	reason  string
}

// AccountIdentity is what a session or token proves about an account.
type AccountIdentity struct {
	ID    ID
	Name  string
	Email string
	Role  AccountRole
	// Zone is the account's IANA time zone.
	Zone string
	// Session is the hash of the session's id, empty without a session.
	Session string
	// Disabled accounts are nobody.
	Disabled bool
	// Teams holds the account's role in each roundtable whose team it is on.
	Teams map[ID]TeamRole
	// Cohosts lists the roundtables that an account of RoleCohost may read.
	Cohosts []ID
}

// AccountViewer returns the viewer of an account. A disabled account, one
// without id and one without a known role become Anonymous.
func AccountViewer(a AccountIdentity) Viewer {
	if a.Disabled || a.ID == 0 || !a.Role.Valid() {
		return Anonymous()
	}
	v := Viewer{
		kind: accountViewer, account: a.ID, name: a.Name, email: a.Email,
		role: a.Role, zone: a.Zone, session: a.Session,
	}
	if a.Role == RoleCohost { // a partner's account is on no team
		v.cohost = map[ID]bool{}
		for _, room := range a.Cohosts {
			v.cohost[room] = true
		}
		return v
	}
	v.teams = map[ID]TeamRole{}
	for room, role := range a.Teams {
		if role.Valid() {
			v.teams[room] = role
		}
	}
	return v
}

// GuestViewer returns the viewer behind a guest's link: the guest, the
// roundtable it belongs to and the link's purpose ("rsvp", "scheduler"…).
func GuestViewer(guest, roundtable ID, purpose string) Viewer {
	return Viewer{kind: guestViewer, guest: guest, room: roundtable, purpose: purpose}
}

// System returns the viewer of a job; the reason goes to the audit log. It
// reads as the team of every roundtable and holds every right, so what it
// reads is shown to nobody: a mail is rendered as its recipient.
func System(reason string) Viewer { return Viewer{kind: systemViewer, reason: reason} }

// Anonymous returns the viewer nobody has vouched for.
func Anonymous() Viewer { return Viewer{} }

// Capped returns the viewer reading as an audience no more trusted than a, as
// an export or a preview for that audience does. A cap never widens: of two
// caps the less trusted stands. A private roundtable stays behind for every
// audience but the team and its partners. Rights are not changed.
func (v Viewer) Capped(a Audience) Viewer {
	if a <= 0 {
		return v
	}
	a = min(a, Public)
	v.cap = max(v.cap, a)
	v.shut = v.shut || a == Staff || a == Public
	return v
}

// Shut reports whether the viewer is capped to an audience for which private
// roundtables do not exist, those of the viewer's own teams included.
func (v Viewer) Shut() bool { return v.shut }

// Reach says as which audience a viewer reads which roundtables. It is what a
// query over many roundtables is made from; AudienceFor answers for one.
type Reach struct {
	// Team and Partner list the roundtables, private ones included, that are
	// read as the team and as a partner, in the order of their ids.
	Team, Partner []ID
	// Open is the audience for every other public roundtable, Closed for every
	// other private one. Zero means that those do not exist for the viewer.
	Open, Closed Audience
}

// Reach returns as which audience the viewer reads which roundtables.
func (v Viewer) Reach() Reach {
	var r Reach
	switch v.kind {
	case anonymousViewer:
		r.Open = Public
	case systemViewer:
		r.Open = max(Team, v.cap)
		r.Closed = v.throughTheDoor(r.Open)
	case accountViewer:
		if v.role != RoleCohost {
			r.Open = max(Staff, v.cap)
		}
		if v.shut {
			break
		}
		r.Team, r.Partner = slices.Sorted(maps.Keys(v.teams)), slices.Sorted(maps.Keys(v.cohost))
		if v.cap == Partner { // an account is on teams or co-hosts, never both
			r.Team, r.Partner = nil, append(r.Partner, r.Team...)
		}
	}
	return r
}

// throughTheDoor returns the audience where a private roundtable exists for
// it, else zero: it does for the team and for its co-hosts, for nobody else.
func (v Viewer) throughTheDoor(a Audience) Audience {
	if v.shut || a == Staff || a == Public {
		return 0
	}
	return a
}

// AudienceFor returns as which audience the viewer reads the roundtable's
// insights, and false where the roundtable does not exist for the viewer. A
// guest's link opens no insights: it is false for them, see MayKnow.
func (v Viewer) AudienceFor(room ID, private bool) (Audience, bool) {
	var a Audience
	switch v.kind {
	case anonymousViewer:
		if !private {
			a = Public
		}
	case systemViewer:
		a = max(Team, v.cap)
		if private {
			a = v.throughTheDoor(a)
		}
	case accountViewer:
		a = v.accountAudience(room, private)
	}
	return a, a != 0
}

func (v Viewer) accountAudience(room ID, private bool) Audience {
	switch {
	case v.role == RoleCohost:
		if v.cohost[room] && !v.shut {
			return Partner
		}
		return 0
	case v.teams[room] != TeamNone:
		a := max(Team, v.cap)
		if private {
			return v.throughTheDoor(a)
		}
		return a
	case private:
		return 0
	}
	return max(Staff, v.cap)
}

// MayKnow reports whether the roundtable exists for the viewer: AudienceFor's
// answer, and true for the roundtable's own guests.
func (v Viewer) MayKnow(room ID, private bool) bool {
	if v.kind == guestViewer {
		return room != 0 && v.room == room
	}
	_, ok := v.AudienceFor(room, private)
	return ok
}

// TeamRole returns the viewer's role on the roundtable's team, or TeamNone. It
// decides acts; what may be read is AudienceFor's answer.
func (v Viewer) TeamRole(room ID) TeamRole { return v.teams[room] }

// IsTeam reports whether the viewer is on the roundtable's team. It decides
// acts; what may be read is AudienceFor's answer.
func (v Viewer) IsTeam(room ID) bool { return v.TeamRole(room) != TeamNone }

// IsCohost reports whether the viewer co-hosts the roundtable.
func (v Viewer) IsCohost(room ID) bool { return v.cohost[room] }

// IsAnonymous reports whether nobody has vouched for the viewer.
func (v Viewer) IsAnonymous() bool { return v.kind == anonymousViewer }

// IsAccount reports whether the viewer is an account.
func (v Viewer) IsAccount() bool { return v.kind == accountViewer }

// IsGuest reports whether the viewer came by a guest's link.
func (v Viewer) IsGuest() bool { return v.kind == guestViewer }

// IsSystem reports whether the viewer is a job of the system.
func (v Viewer) IsSystem() bool { return v.kind == systemViewer }

// Account returns the account's id, or zero.
func (v Viewer) Account() ID { return v.account }

// Name returns the account's name, or "".
func (v Viewer) Name() string { return v.name }

// Email returns the account's address, or "".
func (v Viewer) Email() string { return v.email }

// Role returns the account's role, or RoleNone.
func (v Viewer) Role() AccountRole { return v.role }

// Zone returns the account's IANA time zone, or "".
func (v Viewer) Zone() string { return v.zone }

// Session returns the hash of the session's id, or "".
func (v Viewer) Session() string { return v.session }

// Guest returns the id of the guest whose link was followed, or zero.
func (v Viewer) Guest() ID { return v.guest }

// GuestRoundtable returns the roundtable of the guest's link, or zero.
func (v Viewer) GuestRoundtable() ID { return v.room }

// Purpose returns the purpose of the guest's link, or "".
func (v Viewer) Purpose() string { return v.purpose }

// Reason returns why the system acts, or "".
func (v Viewer) Reason() string { return v.reason }

// Format prints the kind of viewer and the id of its account or guest, under
// every verb, so that a log line holds no name, address or session.
func (v Viewer) Format(f fmt.State, _ rune) {
	switch v.kind {
	case accountViewer:
		_, _ = io.WriteString(f, "account "+v.account.String())
	case guestViewer:
		_, _ = io.WriteString(f, "guest "+v.guest.String())
	case systemViewer:
		_, _ = io.WriteString(f, "system")
	default:
		_, _ = io.WriteString(f, "anonymous")
	}
}

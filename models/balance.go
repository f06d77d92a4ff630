package models

import (
	"fmt"
	"slices"
	"strings"
)

// BalanceGuest is what the balance of a roundtable needs of one guest.
type BalanceGuest struct {
	Sector Sector
	State  GuestState
	Role   GuestRole
	// Organisation is the name to show; OrganisationKey tells organisations
	// apart and is empty where none is known or everybody is an own office.
	Organisation, OrganisationKey string
	Wave                          string
	InvitedAt                     Instant
}

// Replies counts how far a roundtable's invitations have come.
type Replies struct {
	// Listed are all guests that were not withdrawn; Shortlisted those of them
	// who were not invited yet.
	Listed, Shortlisted int
	// Invited were invited; Answered have answered, Open have not (who must
	// confirm again after a move counts as open).
	Invited, Answered, Open int
	// Attending hold a seat or came; Tentative, Waiting and Declined are the
	// other answers.
	Attending, Tentative, Waiting, Declined, Delegates int
	// Attended came.
	Attended int
}

// attending reports whether the state is a yes that stands.
func attending(s GuestState) bool { return s == Accepted || s == Reconfirm || s == Attended }

// openAnswer reports whether somebody was asked and has not answered.
func openAnswer(s GuestState) bool { return s == Invited || s == Reconfirm }

// CountReplies counts the guests of a roundtable.
func CountReplies(guests []BalanceGuest) Replies {
	var r Replies
	for _, g := range guests {
		if g.State == Withdrawn {
			continue
		}
		r.Listed++
		if g.State == Shortlisted {
			r.Shortlisted++
			continue
		}
		r.Invited++
		if openAnswer(g.State) {
			r.Open++
		} else if g.State != Lapsed {
			r.Answered++
		}
		if attending(g.State) {
			r.Attending++
		}
		switch g.State {
		case Tentative:
			r.Tentative++
		case Waitlisted:
			r.Waiting++
		case Declined:
			r.Declined++
		case Delegated:
			r.Delegates++
		case Attended:
			r.Attended++
		}
	}
	return r
}

// SectorBalance is one sector of a roundtable against its target.
type SectorBalance struct {
	SectorTarget
	// Attending hold a seat, Likely said perhaps or wait, Open were asked and
	// have not answered; Attended came.
	Attending, Likely, Open, Attended int
}

// Wanted is the number to reach: the target, else the least.
func (b SectorBalance) Wanted() int {
	if b.Target != 0 {
		return b.Target
	}
	return b.Minimum
}

// Gap says how the sector stands: "2 short", "Met", "1 over", or nothing where
// no number is wanted.
func (b SectorBalance) Gap() string {
	switch wanted := b.Wanted(); {
	case b.Maximum != 0 && b.Attending > b.Maximum:
		return fmt.Sprintf("%d over", b.Attending-b.Maximum)
	case wanted == 0:
		return ""
	case b.Attending < wanted:
		return fmt.Sprintf("%d short", wanted-b.Attending)
	}
	return "Met"
}

// Short returns how many are missing.
func (b SectorBalance) Short() int { return max(0, b.Wanted()-b.Attending) }

// BalanceSectors returns the seven sectors in order, host staff left out.
func BalanceSectors(guests []BalanceGuest, targets []SectorTarget) []SectorBalance {
	out := make([]SectorBalance, len(Sectors))
	for i, s := range Sectors {
		out[i].Sector = s
		for _, t := range targets {
			if t.Sector == s {
				out[i].SectorTarget = t
			}
		}
	}
	for _, g := range guests {
		i := slices.Index(Sectors, g.Sector)
		if i < 0 || g.Role == RoleObserver {
			continue
		}
		b := &out[i]
		switch {
		case attending(g.State):
			b.Attending++
		case g.State == Tentative || g.State == Waitlisted:
			b.Likely++
		case openAnswer(g.State):
			b.Open++
		}
		if g.State == Attended {
			b.Attended++
		}
	}
	return out
}

// nobodyYet says of each sector that nobody from it comes yet.
var nobodyYet = map[Sector]string{
	Congress: "Nobody from Congress yet", Agencies: "No agency official yet", Diplomats: "No allied diplomat yet",
	Academia: "No academic yet", CivilSociety: "Nobody from civil society yet", Industry: "Nobody from industry yet",
	ThinkTanks: "No partner think tank yet",
}

// crowd is how many guests of one organisation are worth a warning.
const crowd = 3

// BalanceWarnings says in plain words what is out of balance: sectors that are
// wanted and missing, short of their least or over their most, and companies
// that send many.
func BalanceWarnings(guests []BalanceGuest, targets []SectorTarget) []string {
	var out []string
	for _, b := range BalanceSectors(guests, targets) {
		switch {
		case b.Wanted() > 0 && b.Attending == 0:
			out = append(out, nobodyYet[b.Sector])
		case b.Attending < b.Minimum:
			out = append(out, fmt.Sprintf("%s %s %s short of the least that you set", b.Sector.Name(), b.Sector.is(), numberWord(b.Minimum-b.Attending)))
		case b.Maximum != 0 && b.Attending > b.Maximum:
			out = append(out, fmt.Sprintf("%s has %s more than the most that you set", b.Sector.Name(), numberWord(b.Attending-b.Maximum)))
		}
	}
	names, counts := map[string]string{}, map[string]int{}
	var order []string
	for _, g := range guests {
		if g.OrganisationKey == "" || !attending(g.State) {
			continue
		}
		if counts[g.OrganisationKey] == 0 {
			order = append(order, g.OrganisationKey)
			names[g.OrganisationKey] = g.Organisation
		}
		counts[g.OrganisationKey]++
	}
	for _, key := range order {
		if n := counts[key]; n >= crowd {
			out = append(out, capitalized(numberWord(n))+" guests from "+names[key])
		}
	}
	return out
}

// BalanceTitle states the finding: "Congress is two seats short, civil society
// one", or that every target is met.
func BalanceTitle(sectors []SectorBalance) string {
	var parts []string
	wanted := false
	for _, b := range sectors {
		wanted = wanted || b.Wanted() > 0
		n := b.Short()
		switch {
		case n == 0:
		case len(parts) == 0 && n == 1:
			parts = append(parts, b.Sector.Name()+" "+b.Sector.is()+" one seat short")
		case len(parts) == 0:
			parts = append(parts, b.Sector.Name()+" "+b.Sector.is()+" "+numberWord(n)+" seats short")
		default:
			name := b.Sector.Name()
			if b.Sector != Congress {
				name = strings.ToLower(name[:1]) + name[1:]
			}
			parts = append(parts, name+" "+numberWord(n))
		}
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case wanted:
		return "Every sector has the seats you wanted"
	}
	return "Who comes, by sector"
}

var smallNumbers = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// numberWord writes numbers under ten as words.
func numberWord(n int) string {
	if n >= 0 && n < len(smallNumbers) {
		return smallNumbers[n]
	}
	return fmt.Sprint(n)
}

func capitalized(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// ThinRoom is how few people make the small-cell rule show nothing but the
// bare words to partners and the public.
const ThinRoom = 10

// is is the verb after the sector's name.
func (s Sector) is() string {
	switch s {
	case Agencies, Diplomats, ThinkTanks, HostStaff:
		return "are"
	}
	return "is"
}

package models

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Waves are the rounds of invitations, in order.
var Waves = []string{"A", "B", "C"}

// ParseWave reads a wave's letter.
func ParseWave(s string) (string, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	return s, slices.Contains(Waves, s)
}

// Needs is what a guest asks the host to provide. Each is one line at most
// 300 characters long.
type Needs struct{ Diet, Access, Interpreter string }

// Any reports whether the guest needs anything.
func (n Needs) Any() bool { return n.Diet != "" || n.Access != "" || n.Interpreter != "" }

// Words returns the needs on one line.
func (n Needs) Words() string {
	var parts []string
	for _, s := range []string{n.Diet, n.Access, n.Interpreter} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}

// The most characters of what a guest writes.
const (
	needMost = 300
	noteMost = 2000
)

func (n Needs) check(bad *InvalidError) Needs {
	for field, s := range map[string]*string{"diet": &n.Diet, "access": &n.Access, "interpreter": &n.Interpreter} {
		*s = strings.Join(strings.Fields(*s), " ")
		bad.Check(utf8.RuneCountInString(*s) <= needMost, field, "Please keep this under 300 characters.")
	}
	return n
}

func checkNote(note string, bad *InvalidError) string {
	note = strings.TrimSpace(note)
	bad.Check(utf8.RuneCountInString(note) <= noteMost, "note", "Please keep the note under 2,000 characters.")
	return note
}

// Guest is a person on a roundtable's list, as its reader may know it. For a
// co-host whatever is the team's alone is empty.
type Guest struct {
	ID         ID
	Roundtable ID
	Person     ID
	// Name is as it is spoken, ListName as lists sort it.
	Name, ListName string
	Position       string
	Organisation   string
	Email          string
	Sector         Sector
	Wave           string
	Role           GuestRole
	State          GuestState
	StateAt        Instant
	// Answer is the last answer given, Shortlisted where there is none.
	Answer GuestState
	// Seat is the n of the seat code Sn, or zero.
	Seat       int
	Needs      Needs
	Note       string
	Preference Regime
	// NamedToPartners: the guest agreed to be named to co-hosts.
	NamedToPartners bool
	// RuleVersion is the text of the attribution rule that was acknowledged.
	RuleVersion string
	Invited     Instant
	Answered    Instant
	Reminded    Instant
	// ProposedBy names the co-host account that proposed the guest, or zero.
	ProposedBy   ID
	DoNotContact bool
	// Mail is the state of the newest message to the guest, or "".
	Mail MailState
}

// SeatCode returns how a rapporteur names the guest: "S7", or nothing.
func (g Guest) SeatCode() string { return SeatCode(g.Seat) }

// SeatCode writes the number of a seat as its code.
func SeatCode(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("S%d", n)
}

// GuestEvent is one change of a guest's state.
type GuestEvent struct {
	At       Instant
	From, To GuestState
	By       Actor
	// Account is the name of the member of staff, where one did it.
	Account string
	// Via says how: "link", "phone", "letter", "in person", "list".
	Via  string
	Note string
}

// GuestSegment is a part of a guest list that is looked at on its own.
type GuestSegment string

// The segments.
const (
	SegmentAll         GuestSegment = ""
	SegmentShortlisted GuestSegment = "shortlisted"
	SegmentUnanswered  GuestSegment = "unanswered"
	SegmentAttending   GuestSegment = "attending"
	SegmentTentative   GuestSegment = "tentative"
	SegmentWaiting     GuestSegment = "waiting"
	SegmentDeclined    GuestSegment = "declined"
	SegmentAttended    GuestSegment = "attended"
	SegmentNoShow      GuestSegment = "no_show"
	SegmentWithdrawn   GuestSegment = "withdrawn"
)

// GuestSegments lists the segments in the order in which they are offered.
var GuestSegments = []GuestSegment{
	SegmentAll, SegmentAttending, SegmentUnanswered, SegmentTentative, SegmentDeclined, SegmentWaiting,
	SegmentShortlisted, SegmentAttended, SegmentNoShow, SegmentWithdrawn,
}

var segmentNames = map[GuestSegment]string{
	SegmentAll: "All", SegmentShortlisted: "Not invited yet", SegmentUnanswered: "No answer", SegmentAttending: "Attending",
	SegmentTentative: "Tentative", SegmentWaiting: "Waiting list", SegmentDeclined: "Declined",
	SegmentAttended: "Attended", SegmentNoShow: "No-show", SegmentWithdrawn: "Withdrawn",
}

// Name returns the segment's name on screens.
func (s GuestSegment) Name() string { return segmentNames[s] }

// ParseGuestSegment reads a segment's key; what is none is SegmentAll.
func ParseGuestSegment(key string) GuestSegment {
	if s := GuestSegment(key); slices.Contains(GuestSegments, s) {
		return s
	}
	return SegmentAll
}

// SegmentOf returns the one segment, besides All, that a state belongs to.
func SegmentOf(s GuestState) GuestSegment {
	switch s {
	case Shortlisted:
		return SegmentShortlisted
	case Invited, Reconfirm:
		return SegmentUnanswered
	case Accepted:
		return SegmentAttending
	case Tentative:
		return SegmentTentative
	case Waitlisted:
		return SegmentWaiting
	case Attended:
		return SegmentAttended
	case NoShow:
		return SegmentNoShow
	case Withdrawn:
		return SegmentWithdrawn
	}
	return SegmentDeclined // declined, lapsed, and who sends somebody else
}

// GuestFilter chooses guests of a list. Zero values choose all.
type GuestFilter struct {
	Segment GuestSegment
	// Text is found in name, organisation and e-mail, accents folded.
	Text   string
	Sector Sector
	Wave   string
	Role   string // a role's key, or empty
	// Needs keeps those who need something.
	Needs bool
}

// Keeps reports whether the guest is chosen. The withdrawn are in their own
// segment only.
func (f GuestFilter) Keeps(g Guest) bool {
	segment := SegmentOf(g.State)
	switch {
	case f.Segment == SegmentAll && segment == SegmentWithdrawn, f.Segment != SegmentAll && f.Segment != segment:
		return false
	case f.Sector != SectorNone && g.Sector != f.Sector, f.Wave != "" && g.Wave != f.Wave, f.Role != "" && g.Role.Key() != f.Role:
		return false
	case f.Needs && !g.Needs.Any():
		return false
	}
	haystack := Fold(g.Name + " " + g.ListName + " " + g.Organisation + " " + g.Email)
	for _, word := range strings.Fields(Fold(f.Text)) {
		if !strings.Contains(haystack, word) {
			return false
		}
	}
	return true
}

// GuestCounts sums up a guest list.
type GuestCounts struct {
	// Total leaves the withdrawn out.
	Total    int
	Segments map[GuestSegment]int
	// Seats counts who holds a seat, Capacity how many there are, zero being
	// no limit.
	Seats, Capacity int
	// Outstanding counts invitations without an answer.
	Outstanding int
	// Coming counts by sector who holds a seat or attended.
	Coming map[Sector]int
	// Targets holds the seats each sector should have, where set.
	Targets map[Sector]int
}

// CountGuests sums up the list. observers says whether observers and host
// staff take seats.
func CountGuests(guests []Guest, capacity int, observers bool, targets map[Sector]int) GuestCounts {
	c := GuestCounts{Segments: map[GuestSegment]int{}, Coming: map[Sector]int{}, Capacity: capacity, Targets: targets}
	for _, g := range guests {
		segment := SegmentOf(g.State)
		c.Segments[segment]++
		if segment == SegmentWithdrawn {
			continue
		}
		c.Total++
		if HoldsSeat(g.State, SeatRole(g.Role, g.Sector), observers) {
			c.Seats++
		}
		if g.State == Accepted || g.State == Reconfirm || g.State == Attended {
			c.Coming[g.Sector]++
		}
		if segment == SegmentUnanswered {
			c.Outstanding++
		}
	}
	c.Segments[SegmentAll] = c.Total
	return c
}

// SeatRole returns the role to ask HoldsSeat with: host staff sit like
// observers.
func SeatRole(r GuestRole, s Sector) GuestRole {
	if s == HostStaff {
		return RoleObserver
	}
	return r
}

// AddGuestsInput puts people on a roundtable's list.
type AddGuestsInput struct {
	People []ID
	Wave   string
	Role   GuestRole
}

// Check returns the input with every person once, or an *InvalidError.
func (in AddGuestsInput) Check() (AddGuestsInput, error) {
	var bad InvalidError
	wave, ok := ParseWave(in.Wave)
	bad.Check(ok, "wave", "Choose wave A, B or C.")
	bad.Check(len(in.People) > 0, "person", "Choose at least one person.")
	in.Wave, in.People = wave, uniqueIDs(in.People)
	return in, bad.Err()
}

// AddedGuests says what became of people who were put on a list.
type AddedGuests struct {
	Added []ID // the new guests
	// Already counts who was on the list before.
	Already int
	// Refused names who asked not to be contacted.
	Refused []string
}

// InviteInput says whom to invite and with which words.
type InviteInput struct {
	// Guests to invite; empty means everybody shortlisted, of Wave if given.
	Guests []ID
	Wave   string
	// Text is the invitation's text with placeholders; empty is the usual one.
	Text string
	// ByHand marks the guests as invited by letter or phone: no mail is sent.
	ByHand bool
}

// Sent says what became of messages to many guests.
type Sent struct {
	// Guests counts those reached, NoEmail those without an address.
	Guests, NoEmail int
	// Recent counts those who had a reminder in the last hours.
	Recent int
}

// RecordInput is an answer that staff record.
type RecordInput struct {
	Answer GuestState
	// Via is "phone", "letter", "e-mail" or "in person".
	Via   string
	Note  string
	Needs Needs
	// Confirm sends the guest the usual confirmation.
	Confirm bool
}

// AnswerWays are the ways in which an answer reaches staff.
var AnswerWays = []string{"phone", "letter", "e-mail", "in person"}

// Check returns the input trimmed, or an *InvalidError.
func (in RecordInput) Check() (RecordInput, error) {
	var bad InvalidError
	bad.Check(slices.Contains(AnswerWays, in.Via), "via", "Say how the answer came.")
	bad.Check(in.Answer == Accepted || in.Answer == Tentative || in.Answer == Declined || in.Answer == Waitlisted, "answer", "Choose one of the answers.")
	in.Needs = in.Needs.check(&bad)
	in.Note = checkNote(in.Note, &bad)
	return in, bad.Err()
}

// WaitingGuest is a guest on the waiting list.
type WaitingGuest struct {
	ID     ID
	Sector Sector
	Since  Instant
}

// NextFromWaitingList returns who gets a seat that has become free: of the
// sector that is furthest under its target the one who waits longest; where no
// sector on the list is under its target, who waits longest of all. It is zero
// for an empty list.
func NextFromWaitingList(waiting []WaitingGuest, coming, targets map[Sector]int) ID {
	short := func(w WaitingGuest) int { return max(0, targets[w.Sector]-coming[w.Sector]) }
	var best *WaitingGuest
	for i := range waiting {
		w := &waiting[i]
		if best == nil || short(*w) > short(*best) ||
			short(*w) == short(*best) && (w.Since < best.Since || w.Since == best.Since && w.ID < best.ID) {
			best = w
		}
	}
	if best == nil {
		return 0
	}
	return best.ID
}

func uniqueIDs(ids []ID) []ID {
	seen := make(map[ID]bool, len(ids))
	var out []ID
	for _, id := range ids {
		if id != 0 && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

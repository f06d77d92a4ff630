package models

import "slices"

// Threshold is the smallest set of people that may stand behind a label: at
// least K people from at least L organisations.
type Threshold struct{ K, L int }

// MinThreshold is what no institute may go under.
var MinThreshold = Threshold{K: 3, L: 2}

// Thresholds holds the threshold of each outer audience. A zero Threshold
// stands for the default.
type Thresholds struct{ Staff, Partner, Public Threshold }

// maxThreshold is the most people, and organisations, that a threshold asks for.
const maxThreshold = 1000

// DefaultThresholds is what a new institute starts with.
var DefaultThresholds = Thresholds{
	Staff:   Threshold{K: 3, L: 2},
	Partner: Threshold{K: 5, L: 3},
	Public:  Threshold{K: 5, L: 3},
}

// For returns the threshold of an audience: the minimum or more, and never laxer
// than that of a more trusted audience. The team has the one of staff, anything
// that is no audience that of the public.
func (t Thresholds) For(a Audience) Threshold {
	set := []Threshold{t.Staff, t.Partner, t.Public}
	standard := []Threshold{DefaultThresholds.Staff, DefaultThresholds.Partner, DefaultThresholds.Public}
	switch a {
	case Team, Staff:
		set = set[:1]
	case Partner:
		set = set[:2]
	}
	out := MinThreshold
	for i, th := range set {
		if th == (Threshold{}) {
			th = standard[i]
		}
		out = Threshold{K: max(out.K, th.K), L: max(out.L, th.L)}
	}
	return out
}

// Check returns an *InvalidError where t goes under the minimum or under the
// floor (what the institute set, or what a published manifest used), over
// 1,000, or is
// laxer for a less trusted audience than for a more trusted one. Fields are
// staff_k, staff_l, partner_k, partner_l, public_k and public_l.
func (t Thresholds) Check(floor Thresholds) error {
	var bad InvalidError
	trusted := Threshold{}
	for _, row := range []struct {
		field string
		th    Threshold
		floor Threshold
	}{
		{"staff", t.Staff, floor.For(Staff)},
		{"partner", t.Partner, floor.For(Partner)},
		{"public", t.Public, floor.For(Public)},
	} {
		bad.Check(row.th.K >= MinThreshold.K, row.field+"_k", "People must be 3 or more.")
		bad.Check(row.th.L >= MinThreshold.L, row.field+"_l", "Organizations must be 2 or more.")
		bad.Check(row.th.K <= maxThreshold, row.field+"_k", "People may be 1,000 at most.")
		bad.Check(row.th.L <= maxThreshold, row.field+"_l", "Organizations may be 1,000 at most.")
		bad.Check(row.th.K >= row.floor.K, row.field+"_k", "This number can be raised, not lowered.")
		bad.Check(row.th.L >= row.floor.L, row.field+"_l", "This number can be raised, not lowered.")
		bad.Check(row.th.K >= trusted.K, row.field+"_k", "A wider audience needs at least as many people.")
		bad.Check(row.th.L >= trusted.L, row.field+"_l", "A wider audience needs at least as many organizations.")
		trusted = row.th
	}
	return bad.Err()
}

// CellSeat is one person at the table, as the small-cell rule counts them. A
// delegate has the seat instead of the principal.
type CellSeat struct {
	Person ID
	Sector Sector
	// Organisation tells organisations apart; empty is unknown.
	Organisation string
	// OwnOffice: the person counts as an organisation of their own, as a
	// Member of Congress does.
	OwnOffice bool
	// MaySpeak: the role is chair, speaker, discussant or participant.
	MaySpeak bool
	// Present: was there during the item.
	Present bool
	// Accepted: holds a seat by their answer. It counts only for staff and
	// only while no attendance is recorded.
	Accepted bool
}

// Cells is the outcome of the small-cell rule for one room: how far down each
// sector is shown to each outer audience. The zero value shows nobody's
// sector to anybody.
type Cells struct {
	levels [Public + 1][HostStaff + 1]Level
	behind [Public + 1]map[Label]int
}

// Level returns at which level speakers of the sector are shown to an outer
// audience: Content, GroupLevel or SectorLevel.
func (c Cells) Level(a Audience, s Sector) Level {
	if a < Staff || a > Public || !s.Valid() {
		return Content
	}
	return max(Content, c.levels[a][s])
}

// Label returns the label of speakers of the sector for an outer audience.
func (c Cells) Label(a Audience, s Sector) Label { return LabelAt(c.Level(a, s), s) }

// Behind returns how many distinct people could stand behind the label for an
// outer audience. It is for the team and for head-counts; see HeadCounts.
func (c Cells) Behind(a Audience, l Label) int {
	if a < Staff || a > Public {
		return 0
	}
	return c.behind[a][l]
}

// ShowsNobody reports whether the room is too small to show anybody's sector or
// group to the audience: the screen says so before the meeting.
func (c Cells) ShowsNobody(a Audience) bool {
	for s := Congress; s <= HostStaff; s++ {
		if c.Label(a, s) != LabelNone && c.Behind(a, c.Label(a, s)) > 0 {
			return false
		}
	}
	return true
}

// Encode returns the levels as a short text to store when a roundtable closes.
func (c Cells) Encode() string {
	var b []byte
	for _, a := range OuterAudiences {
		for s := SectorNone; s <= HostStaff; s++ {
			b = append(b, '0'+byte(c.Level(a, s)))
		}
	}
	return string(b)
}

// ParseCells reads what Encode wrote. It tells levels only: Behind is zero.
func ParseCells(text string) (Cells, bool) {
	var c Cells
	if len(text) != len(OuterAudiences)*len(c.levels[0]) {
		return Cells{}, false
	}
	for i := range len(text) {
		level := Level(text[i]) - '0'
		if level < Content || level > SectorLevel {
			return Cells{}, false
		}
		c.levels[OuterAudiences[i/len(c.levels[0])]][i%len(c.levels[0])] = level
	}
	return c, true
}

// SmallCells decides how far down each sector of a room is shown to staff,
// partners and the public, so that nobody is told apart within fewer than k
// people or l organisations, not even by subtracting one shown set from
// another. Where no attendance is recorded, staff's levels follow from the
// accepted seats, and partners and the public see no attribution.
func SmallCells(seats []CellSeat, attendanceRecorded bool, t Thresholds) Cells {
	return smallCells(seats, attendanceRecorded, t, nil)
}

// RecountCells is SmallCells after a correction to a closed roundtable: no
// level is higher than the one stored before, and every shown set is again
// large enough.
func RecountCells(before Cells, seats []CellSeat, attendanceRecorded bool, t Thresholds) Cells {
	return smallCells(seats, attendanceRecorded, t, &before)
}

func smallCells(seats []CellSeat, attendanceRecorded bool, t Thresholds, before *Cells) Cells {
	var out Cells
	var trusted *cellRun
	for _, a := range OuterAudiences {
		run := newCellRun(seats, attendanceRecorded, t.For(a))
		for s := range run.level {
			if !attendanceRecorded && a != Staff {
				run.level[s] = Content
			}
			if before != nil {
				run.level[s] = min(run.level[s], before.Level(a, Sector(s)))
			}
			if trusted != nil {
				run.level[s] = min(run.level[s], trusted.level[s])
			}
		}
		run.settle()
		out.levels[a], out.behind[a] = run.level, run.behind()
		trusted = run
	}
	return out
}

// cellRun is the rule at work for one audience.
type cellRun struct {
	Threshold
	bySector [HostStaff + 1][]CellSeat
	level    [HostStaff + 1]Level
}

func newCellRun(seats []CellSeat, attendanceRecorded bool, th Threshold) *cellRun {
	run := &cellRun{Threshold: th}
	for _, seat := range seats {
		there := seat.Present
		if !attendanceRecorded {
			there = seat.Accepted
		}
		if !seat.Sector.Valid() {
			seat.Sector = SectorNone
		}
		if there && seat.MaySpeak {
			run.bySector[seat.Sector] = append(run.bySector[seat.Sector], seat)
		}
	}
	run.level[SectorNone] = Content
	for s := Congress; s <= HostStaff; s++ {
		run.level[s] = GroupLevel
		if people, organisations := count(run.bySector[s]); s != HostStaff && people >= th.K && organisations >= th.L {
			run.level[s] = SectorLevel
		}
	}
	return run
}

// settle lowers levels until nothing changes. Levels only fall, so it ends.
func (run *cellRun) settle() {
	for changed := true; changed; {
		changed = false
		for _, g := range []Group{Government, NonGovernment} {
			changed = run.mendGroup(g) || changed
		}
		changed = run.mendContent() || changed
	}
}

// mendGroup is step 1: a group's label must stand for enough people.
func (run *cellRun) mendGroup(g Group) bool {
	people, organisations := count(run.at(GroupLevel, g))
	if people == 0 || (people >= run.K && organisations >= run.L) {
		return false
	}
	if s := run.smallestShown(g); s != SectorNone {
		run.level[s] = GroupLevel
	} else {
		run.lowerGroup(g)
	}
	return true
}

// mendContent is step 2: so must the rows without any attribution.
func (run *cellRun) mendContent() bool {
	people, _ := count(run.at(Content, GroupNone))
	if people == 0 || people >= run.K {
		return false
	}
	fewest, smallest := GroupNone, 0
	for _, g := range []Group{Government, NonGovernment} {
		if n, _ := count(run.at(GroupLevel, g)); n > 0 && (fewest == GroupNone || n < smallest) {
			fewest, smallest = g, n
		}
	}
	if fewest != GroupNone {
		run.lowerGroup(fewest)
		return true
	}
	if s := run.smallestShown(GroupNone); s != SectorNone {
		run.level[s] = Content
		return true
	}
	return false // fewer than k people in all, and nothing is told of any
}

// at returns the seats shown at a level, of one group or, for GroupNone, all.
func (run *cellRun) at(level Level, g Group) []CellSeat {
	var out []CellSeat
	for s := range run.bySector {
		if run.level[s] == level && (g == GroupNone || Sector(s).Group() == g) {
			out = append(out, run.bySector[s]...)
		}
	}
	return out
}

// smallestShown returns the smallest sector shown as itself, of one group or,
// for GroupNone, of all. Ties go by the order of the sectors.
func (run *cellRun) smallestShown(g Group) Sector {
	found, smallest := SectorNone, 0
	for _, s := range Sectors {
		if run.level[s] != SectorLevel || (g != GroupNone && s.Group() != g) {
			continue
		}
		if n, _ := count(run.bySector[s]); found == SectorNone || n < smallest {
			found, smallest = s, n
		}
	}
	return found
}

func (run *cellRun) lowerGroup(g Group) {
	for s := range run.level {
		if Sector(s).Group() == g && run.level[s] == GroupLevel {
			run.level[s] = Content
		}
	}
}

func (run *cellRun) behind() map[Label]int {
	out := map[Label]int{}
	sets := map[Label][]CellSeat{}
	for s, seats := range run.bySector {
		l := LabelAt(run.level[s], Sector(s))
		sets[l] = append(sets[l], seats...)
	}
	for l, seats := range sets {
		if n, _ := count(seats); n > 0 {
			out[l] = n
		}
	}
	return out
}

// count returns how many distinct people and organisations the seats hold.
func count(seats []CellSeat) (people, organisations int) {
	type office struct {
		name string
		own  ID
	}
	persons := make([]ID, 0, len(seats))
	offices := make([]office, 0, len(seats))
	for _, seat := range seats {
		if !slices.Contains(persons, seat.Person) {
			persons = append(persons, seat.Person)
		}
		o := office{name: seat.Organisation}
		if seat.OwnOffice {
			o = office{own: seat.Person}
		}
		if !slices.Contains(offices, o) {
			offices = append(offices, o)
		}
	}
	return len(persons), len(offices)
}

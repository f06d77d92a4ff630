package models

// Audience is one of the four circles of readers, from most to least trusted.
// Zero is nobody: a reader to whom a roundtable does not exist.
type Audience int

// The audiences: A1 to A4 of the attribution tables.
const (
	// Team is the staff on the roundtable's own team (A1).
	Team Audience = iota + 1
	// Staff is every other enabled account of the institute (A2).
	Staff
	// Partner is a co-host of the roundtable (A3).
	Partner
	// Public is everybody else (A4).
	Public
)

// OuterAudiences lists the audiences outside the team, from most to least
// trusted. Only for these are labels stored.
var OuterAudiences = []Audience{Staff, Partner, Public}

var audienceWords = [...]struct{ key, name string }{
	{"", "Nobody"},
	{"team", "The roundtable's team"},
	{"staff", "Staff"},
	{"partner", "Partners"},
	{"public", "The public"},
}

// Valid reports whether a is one of the four audiences.
func (a Audience) Valid() bool { return a >= Team && a <= Public }

// Key returns the word that forms, files and the command line use.
func (a Audience) Key() string { return a.words().key }

// Name returns the name shown to people.
func (a Audience) Name() string { return a.words().name }

func (a Audience) words() struct{ key, name string } {
	if !a.Valid() {
		a = 0
	}
	return audienceWords[a]
}

// ParseAudience reads a key as Key writes it. The empty key is no audience.
func ParseAudience(key string) (Audience, bool) {
	for a := Team; a <= Public; a++ {
		if audienceWords[a].key == key {
			return a, true
		}
	}
	return 0, false
}

// Level says how much of a speaker's identity is shown, from nothing at all,
// not even the words, to the full name. The zero value shows nothing.
type Level int

// The levels: X, L0, L1, L2, D and L4 of the attribution tables.
const (
	// Withheld means that the row does not exist for the reader (X).
	Withheld Level = iota
	// Content shows the words without attribution (L0).
	Content
	// GroupLevel adds which of the two groups the speaker is from (L1).
	GroupLevel
	// SectorLevel adds the sector (L2).
	SectorLevel
	// Descriptor shows a description agreed with the speaker (D).
	Descriptor
	// Named shows name, title and organisation (L4).
	Named
)

// Label is what may be shown about a row's speaker to one audience. It is
// stored as its number. The zero value shows the words and no attribution; a
// number that is no label counts as withheld.
type Label int

// The labels that carry no sector. A sector's label is the sector's own number.
const (
	LabelWithheld      Label = -1
	LabelNone          Label = 0
	LabelGovernment    Label = 11
	LabelNonGovernment Label = 12
	LabelDescriptor    Label = 20
	LabelNamed         Label = 30
)

// Labels lists the labels a reader can meet, in the order in which filters
// show them.
var Labels = []Label{
	LabelNamed, LabelDescriptor,
	Label(Congress), Label(Agencies), Label(Diplomats), Label(Academia), Label(CivilSociety), Label(Industry), Label(ThinkTanks),
	LabelGovernment, LabelNonGovernment, LabelNone,
}

// LabelAt returns the label of a speaker of the sector at a level of the
// small-cell rule. Host staff are never shown above their group, and a speaker
// without a sector never above the bare words. Descriptor and Named are not
// levels of that rule: they count as SectorLevel.
func LabelAt(level Level, s Sector) Label {
	switch {
	case level <= Withheld:
		return LabelWithheld
	case level == Content || s.Group() == GroupNone:
		return LabelNone
	case level == GroupLevel || s == HostStaff:
		return labelOfGroup(s.Group())
	}
	return Label(s)
}

func labelOfGroup(g Group) Label {
	switch g {
	case Government:
		return LabelGovernment
	case NonGovernment:
		return LabelNonGovernment
	}
	return LabelNone
}

// Valid reports whether l is one of the labels.
func (l Label) Valid() bool {
	switch l {
	case LabelWithheld, LabelNone, LabelGovernment, LabelNonGovernment, LabelDescriptor, LabelNamed:
		return true
	}
	return l >= Label(Congress) && l <= Label(ThinkTanks)
}

// Level returns the level at which the label shows the speaker.
func (l Label) Level() Level {
	switch {
	case !l.Valid() || l == LabelWithheld:
		return Withheld
	case l == LabelNone:
		return Content
	case l == LabelGovernment || l == LabelNonGovernment:
		return GroupLevel
	case l == LabelDescriptor:
		return Descriptor
	case l == LabelNamed:
		return Named
	}
	return SectorLevel
}

// Sector returns the sector the label tells, or SectorNone. A name and a
// descriptor tell theirs by their words, not here.
func (l Label) Sector() Sector {
	if l.Level() == SectorLevel {
		return Sector(l)
	}
	return SectorNone
}

// Group returns the group the label tells, by itself or through its sector.
func (l Label) Group() Group {
	switch l {
	case LabelGovernment:
		return Government
	case LabelNonGovernment:
		return NonGovernment
	}
	return l.Sector().Group()
}

// Words returns the attribution in words: "a participant from Industry". For a
// withheld row it is empty. The words of a name or a descriptor belong to the
// speaker and come from Insight.Attribution; here they are "a participant".
func (l Label) Words() string {
	switch l.Level() {
	case Withheld:
		return ""
	case SectorLevel:
		return "a participant from " + l.Sector().Name()
	case GroupLevel:
		if l == LabelGovernment {
			return "a government or diplomatic participant"
		}
		return "a non-government participant"
	}
	return "a participant"
}

// Name returns the label's name in filters and tables.
func (l Label) Name() string {
	switch l.Level() {
	case Content:
		return "No attribution"
	case GroupLevel:
		return l.Group().Name()
	case SectorLevel:
		return l.Sector().Name()
	case Descriptor:
		return "By description"
	case Named:
		return "By name"
	}
	return "Withheld"
}

// Key returns the word that addresses and forms use.
func (l Label) Key() string {
	switch l.Level() {
	case Content:
		return "none"
	case GroupLevel:
		if l == LabelGovernment {
			return "government"
		}
		return "non_government"
	case SectorLevel:
		return l.Sector().Key()
	case Descriptor:
		return "description"
	case Named:
		return "name"
	}
	return "withheld"
}

// ParseLabel reads a key as Key writes it, for the labels a reader can meet.
func ParseLabel(key string) (Label, bool) {
	for _, l := range Labels {
		if l.Key() == key {
			return l, true
		}
	}
	return LabelWithheld, false
}

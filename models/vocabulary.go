package models

// The closed word lists of the domain. Each type is stored as its number or
// word, is named to people by Name, and keeps the order of the domain's tables.

// Sector is the part of public life a person comes from. Zero is "not known".
type Sector int

// The sectors, in the order used everywhere.
const (
	SectorNone Sector = iota
	Congress
	Agencies
	Diplomats
	Academia
	CivilSociety
	Industry
	ThinkTanks
	HostStaff
)

// Sectors lists the seven sectors of guests, in order.
var Sectors = []Sector{Congress, Agencies, Diplomats, Academia, CivilSociety, Industry, ThinkTanks}

var sectorWords = [...]struct{ key, name, mark string }{
	{"", "No sector", "–"},
	{"congress", "Congress", "CG"},
	{"agencies", "Agencies", "AG"},
	{"diplomats", "Diplomats", "DP"},
	{"academia", "Academia", "AC"},
	{"civil_society", "Civil society", "CS"},
	{"industry", "Industry", "IN"},
	{"think_tanks", "Partner think tanks", "TT"},
	{"host_staff", "Host staff", "HS"},
}

// Valid reports whether s is one of the eight sectors or none.
func (s Sector) Valid() bool { return s >= SectorNone && s <= HostStaff }

// Key returns the word that forms and files use.
func (s Sector) Key() string { return s.words().key }

// Name returns the name shown to people.
func (s Sector) Name() string { return s.words().name }

// Mark returns the two letters of the sector's roundel.
func (s Sector) Mark() string { return s.words().mark }

// Group returns the group the sector belongs to.
func (s Sector) Group() Group {
	switch {
	case s >= Congress && s <= Diplomats:
		return Government
	case s >= Academia && s <= HostStaff:
		return NonGovernment
	}
	return GroupNone
}

func (s Sector) words() struct{ key, name, mark string } {
	if !s.Valid() {
		s = SectorNone
	}
	return sectorWords[s]
}

// ParseSector reads a key as Key writes it.
func ParseSector(key string) (Sector, bool) {
	for i, w := range sectorWords {
		if w.key == key {
			return Sector(i), true
		}
	}
	return SectorNone, false
}

// Group is one of the two groups of sectors. Zero is none.
type Group int

// The groups.
const (
	GroupNone Group = iota
	Government
	NonGovernment
)

// Name returns the name shown to people.
func (g Group) Name() string {
	switch g {
	case Government:
		return "Government & diplomacy"
	case NonGovernment:
		return "Non-government"
	}
	return "No group"
}

// Regime is an attribution rule, from least to most strict. Zero means that
// none is set; what a program cannot read is off the record.
type Regime int

// The regimes.
const (
	RegimeNone Regime = iota
	OnTheRecord
	Background
	ChathamHouse
	DeepBackground
	OffTheRecord
)

// Regimes lists the five regimes from least to most strict.
var Regimes = []Regime{OnTheRecord, Background, ChathamHouse, DeepBackground, OffTheRecord}

var regimeWords = [...]struct{ key, name string }{
	{"", "No rule"},
	{"record", "On the record"},
	{"background", "Background (not for attribution)"},
	{"chatham", "Chatham House Rule"},
	{"deep", "Deep background"},
	{"off", "Off the record"},
}

// Key returns the word that forms, files and the style sheet use.
func (r Regime) Key() string { return regimeWords[r.read()].key }

// Name returns the name shown to people.
func (r Regime) Name() string { return regimeWords[r.read()].name }

func (r Regime) read() Regime {
	if r < RegimeNone || r > OffTheRecord {
		return OffTheRecord
	}
	return r
}

// ParseRegime reads a key as Key writes it. The empty key is RegimeNone; any
// word it cannot read is OffTheRecord and false.
func ParseRegime(key string) (Regime, bool) {
	for i, w := range regimeWords {
		if w.key == key {
			return Regime(i), true
		}
	}
	return OffTheRecord, false
}

// RegimeNamed reads a name as Name writes it. Any word it cannot read is
// OffTheRecord and false.
func RegimeNamed(name string) (Regime, bool) {
	for i, w := range regimeWords {
		if w.name == name {
			return Regime(i), true
		}
	}
	return OffTheRecord, false
}

// Strictest returns the strictest of the regimes. RegimeNone constrains
// nothing; a value outside the list counts as off the record.
func Strictest(regimes ...Regime) Regime {
	out := RegimeNone
	for _, r := range regimes {
		if r = r.read(); r > out {
			out = r
		}
	}
	return out
}

// Pillar is one of the five STEAD pillars. Zero is none.
type Pillar int

// The pillars, in the order of STEAD.
const (
	PillarNone Pillar = iota
	Security
	Technology
	Economics
	Alliances
	Diplomacy
)

// Pillars lists the five pillars in order.
var Pillars = []Pillar{Security, Technology, Economics, Alliances, Diplomacy}

var pillarWords = [...]struct{ letter, name string }{
	{"", "No pillar"}, {"S", "Security"}, {"T", "Technology"}, {"E", "Economics"}, {"A", "Alliances"}, {"D", "Diplomacy"},
}

// Letter returns the pillar's capital letter.
func (p Pillar) Letter() string { return pillarWords[p.read()].letter }

// Name returns the name shown to people.
func (p Pillar) Name() string { return pillarWords[p.read()].name }

// Mask returns the pillar's bit in a pillar mask: Security is 1.
func (p Pillar) Mask() int {
	if p.read() == PillarNone {
		return 0
	}
	return 1 << (p - 1)
}

func (p Pillar) read() Pillar {
	if p < PillarNone || p > Diplomacy {
		return PillarNone
	}
	return p
}

// PillarsOf returns the pillars of a mask in order.
func PillarsOf(mask int) []Pillar {
	var out []Pillar
	for _, p := range Pillars {
		if mask&p.Mask() != 0 {
			out = append(out, p)
		}
	}
	return out
}

// Kind is what sort of statement an insight is. The first is the default.
type Kind int

// The kinds.
const (
	Claim Kind = iota
	Evidence
	Position
	Forecast
	Dissent
	Question
	Proposal
	Commitment
)

// Kinds lists the eight kinds in order.
var Kinds = []Kind{Claim, Evidence, Position, Forecast, Dissent, Question, Proposal, Commitment}

var kindWords = [...]string{"claim", "evidence", "position", "forecast", "dissent", "question", "proposal", "commitment"}

// Key returns the word that forms and files use.
func (k Kind) Key() string {
	if k < Claim || k > Commitment {
		k = Claim
	}
	return kindWords[k]
}

// Name returns the name shown to people.
func (k Kind) Name() string {
	w := k.Key()
	return string(w[0]-'a'+'A') + w[1:]
}

// ParseKind reads a key as Key writes it.
func ParseKind(key string) (Kind, bool) {
	for i, w := range kindWords {
		if w == key {
			return Kind(i), true
		}
	}
	return Claim, false
}

// InsightState says how far an insight has come.
type InsightState int

// The states of an insight. Struck insights hold no words any more.
const (
	Captured InsightState = iota
	Reviewed
	Released
	Struck
)

// InsightStates lists the states that a reader can meet.
var InsightStates = []InsightState{Captured, Reviewed, Released}

var insightStateWords = [...]string{"captured", "reviewed", "released", "struck"}

// Key returns the word that forms and files use.
func (s InsightState) Key() string {
	if s < Captured || s > Struck {
		s = Captured
	}
	return insightStateWords[s]
}

// Name returns the name shown to people.
func (s InsightState) Name() string {
	w := s.Key()
	return string(w[0]-'a'+'A') + w[1:]
}

// ParseInsightState reads a key as Key writes it.
func ParseInsightState(key string) (InsightState, bool) {
	for i, w := range insightStateWords {
		if w == key {
			return InsightState(i), true
		}
	}
	return Captured, false
}

// RoundtableStatus is the stored status of a roundtable. "In session" is not
// stored: it follows from the clock and from Started.
type RoundtableStatus int

// The statuses.
const (
	Draft RoundtableStatus = iota
	Scheduled
	Held
	Closed
	Cancelled
)

var roundtableStatusWords = [...]string{"draft", "scheduled", "held", "closed", "cancelled"}

// Key returns the word that forms and files use.
func (s RoundtableStatus) Key() string {
	if s < Draft || s > Cancelled {
		s = Draft
	}
	return roundtableStatusWords[s]
}

// Name returns the name shown to people.
func (s RoundtableStatus) Name() string {
	if s == Cancelled {
		return "Canceled"
	}
	w := s.Key()
	return string(w[0]-'a'+'A') + w[1:]
}

// ParseRoundtableStatus reads a key as Key writes it.
func ParseRoundtableStatus(key string) (RoundtableStatus, bool) {
	for i, w := range roundtableStatusWords {
		if w == key {
			return RoundtableStatus(i), true
		}
	}
	return Draft, false
}

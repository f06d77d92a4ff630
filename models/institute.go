package models

// Institute is how the host presents itself, and its house rules.
type Institute struct {
	Name string
	// ShortName stands where room is short, such as in a mail's subject.
	ShortName string
	// Zone is the IANA zone that a new roundtable starts with.
	Zone string
	// Contact is the address that guests may write to.
	Contact string
	// Regime is the attribution rule that a new roundtable starts with.
	Regime Regime
	// Thresholds are the fewest people and organisations behind a label.
	Thresholds Thresholds
	// SectorsOnly: under the Chatham House Rule the speaker's sector alone is
	// kept, for the team too.
	SectorsOnly bool
	// CoverageGap is the count under which a cell of Home's matrix is a gap.
	CoverageGap int
	// Logo is an image of at most 200 kB, with its media type, or empty.
	Logo     []byte
	LogoType string
}

// DefaultInstitute is what a new installation starts with.
func DefaultInstitute() Institute {
	return Institute{
		Name: "Our institute", Zone: "America/New_York", Regime: ChathamHouse,
		Thresholds: DefaultThresholds, CoverageGap: 5,
	}
}

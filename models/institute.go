package models

import (
	"bytes"
	"image"
	_ "image/jpeg" // a logo is a JPEG…
	_ "image/png"  // …or a PNG
	"strings"
	"unicode/utf8"
)

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
	// Logo changes with the logo's picture; empty is none.
	Logo string
	// Accent is the institute's colour on the public pages.
	Accent Colour
}

// DefaultInstitute is what a new installation starts with.
func DefaultInstitute() Institute {
	return Institute{
		Name: "Our institute", Zone: "America/New_York", Regime: ChathamHouse,
		Thresholds: DefaultThresholds, CoverageGap: 5,
	}
}

// Check returns the institute trimmed, or an *InvalidError that says what is
// wrong. Thresholds may be raised and taken back to the standard, never under
// it. Fields are name, short_name, zone, contact, regime, gap, accent and those of
// Thresholds.Check.
func (i Institute) Check() (Institute, error) {
	i.Name, i.ShortName, i.Zone, i.Contact = strings.TrimSpace(i.Name), strings.TrimSpace(i.ShortName), strings.TrimSpace(i.Zone), strings.TrimSpace(i.Contact)
	var bad InvalidError
	bad.Check(i.Name != "", "name", "Give the institute's name.")
	bad.Check(utf8.RuneCountInString(i.Name) <= 200, "name", "The name may have at most 200 characters.")
	bad.Check(utf8.RuneCountInString(i.ShortName) <= 40, "short_name", "The short name may have at most 40 characters.")
	bad.Check(!strings.ContainsAny(i.Name+i.ShortName, "\r\n"), "name", "The name is one line.")
	bad.Check(i.Contact == "" || validAccountEmail(i.Contact), "contact", "Give one e-mail address, such as events@example.org.")
	bad.Check(i.Regime >= OnTheRecord && i.Regime <= OffTheRecord, "regime", "Choose a rule.")
	bad.Check(i.CoverageGap >= 1 && i.CoverageGap <= 1000, "gap", "Give a number from 1 to 1,000.")
	_, err := Zone(i.Zone)
	bad.join(err)
	i.Accent, err = CheckAccent(string(i.Accent))
	bad.join(err)
	bad.join(i.Thresholds.Check(DefaultThresholds))
	return i, bad.Err()
}

// Settings are those of the institute that one form changes together: all but
// the logo.
func (i Institute) Settings() Institute {
	i.Logo = ""
	return i
}

// LogoMost is how many bytes a logo may have.
const LogoMost = 200_000

// LogoType returns the media type of a picture that will do as a logo, by its
// contents, or an *InvalidError for "logo".
func LogoType(data []byte) (string, error) {
	if len(data) > LogoMost {
		return "", Invalid("logo", "The picture may have at most 200 kB.")
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || (format != "png" && format != "jpeg") {
		return "", Invalid("logo", "Choose a PNG or a JPEG picture.")
	}
	if c.Width > 4000 || c.Height > 4000 {
		return "", Invalid("logo", "The picture may be 4,000 pixels wide and high at most.")
	}
	return "image/" + format, nil
}

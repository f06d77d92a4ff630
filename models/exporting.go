package models

// ExportColumns returns the columns of an export of insights for an audience.
// Their names and their order are stable; new ones are added at the end. What
// an audience may never have is no column of its files.
func ExportColumns(a Audience) []string {
	columns := []string{
		"insight_id", "roundtable_id", "roundtable", "held_on", "agenda_item", "kind", "text", "primary_pillar", "pillars",
		"actions", "fronts", "forums", "tags", "regime", "attribution", "state",
	}
	if a == Team {
		columns = append(columns, "speaker_name", "speaker_title", "speaker_organisation", "speaker_sector", "rapporteur", "captured_at")
	}
	return columns
}

// ExportSentence says in a sentence what an export for the audience holds.
func ExportSentence(a Audience) string {
	switch a {
	case Team:
		return "All insights of the roundtables whose team you are on, with the speakers' names. It is for the team alone."
	case Staff:
		return "Reviewed and released insights of public roundtables, attributed as colleagues outside the team may read them."
	case Partner:
		return "Released insights of the roundtables you lead, attributed as their co-hosts may read them."
	case Public:
		return "Released insights of the public roundtables you lead, attributed as anybody may read them."
	}
	return ""
}

// ExportRight returns the right to export for an audience.
func ExportRight(a Audience) Right {
	switch a {
	case Team:
		return ExportTeam
	case Staff:
		return ExportStaff
	case Partner:
		return ExportPartner
	}
	return ExportPublic
}

// Exported reports whether an insight under the rule is in any export: what was
// said off the record is in none, as every guest is told.
func Exported(r Regime) bool { return orOff(r.read()) != OffTheRecord }

// ExportFormat is what kind of file an export is.
type ExportFormat string

// The formats. CSV, XLSX and JSON are tables and data, DOCX and HTML are
// documents for reading.
const (
	FormatCSV  ExportFormat = "csv"
	FormatXLSX ExportFormat = "xlsx"
	FormatJSON ExportFormat = "json"
	FormatDOCX ExportFormat = "docx"
	FormatHTML ExportFormat = "html"
)

// ExportFormats lists the formats as they are offered.
var ExportFormats = []ExportFormat{FormatCSV, FormatXLSX, FormatJSON, FormatDOCX, FormatHTML}

// ParseExportFormat reads a format's key; CSV stands for what it does not know,
// with false.
func ParseExportFormat(key string) (ExportFormat, bool) {
	for _, f := range ExportFormats {
		if string(f) == key {
			return f, true
		}
	}
	return FormatCSV, false
}

// Name returns the format's name shown to people.
func (f ExportFormat) Name() string {
	switch f {
	case FormatXLSX:
		return "Excel (XLSX)"
	case FormatJSON:
		return "JSON"
	case FormatDOCX:
		return "Word (DOCX)"
	case FormatHTML:
		return "Web page (HTML)"
	}
	return "CSV"
}

// Hint says in a few words what the format is for.
func (f ExportFormat) Hint() string {
	switch f {
	case FormatXLSX:
		return "Typed columns, filters, and a sheet with the codes that were used."
	case FormatJSON:
		return "Everything this audience may have, for programs; the team’s file can be read back in."
	case FormatDOCX, FormatHTML:
		return "For reading, grouped under headings; up to 5,000 insights."
	}
	return "One row for each insight, UTF-8, for spreadsheets and analysis."
}

// Document reports whether the format is one for reading, under headings.
func (f ExportFormat) Document() bool { return f == FormatDOCX || f == FormatHTML }

// MostInDocument is how many insights a document holds. Larger sets are data:
// CSV, XLSX and JSON hold any number.
const MostInDocument = 5000

// Grouping is by what a document puts insights under headings.
type Grouping string

// The groupings.
const (
	ByPillar Grouping = "pillar"
	ByTheme  Grouping = "theme"
	ByItem   Grouping = "item"
)

// GroupingsFor lists the groupings of a file for the audience: themes are for
// staff.
func GroupingsFor(a Audience) []Grouping {
	if a == Team || a == Staff {
		return []Grouping{ByPillar, ByTheme, ByItem}
	}
	return []Grouping{ByPillar, ByItem}
}

// Name returns the grouping's name shown to people.
func (g Grouping) Name() string {
	switch g {
	case ByTheme:
		return "Theme"
	case ByItem:
		return "Roundtable and agenda item"
	}
	return "Pillar"
}

// ExportInput says what an export holds.
type ExportInput struct {
	Audience Audience
	// Roundtable restricts it to one; zero is all.
	Roundtable ID
	// Filter restricts it to what the filter lets through of the rows as they
	// are disclosed to the audience.
	Filter InsightFilter
	// Format is the file's. It is noted in the audit log.
	Format ExportFormat
	// Grouping is by what a document is divided; empty is by pillar.
	Grouping Grouping
	// BOM puts a byte order mark in front of a CSV.
	BOM bool
}

// Check refuses what no file can be: an unknown format, themes for readers who
// may not know of them.
func (in ExportInput) Check() (ExportInput, error) {
	if in.Format == "" {
		in.Format = FormatCSV
	}
	if _, ok := ParseExportFormat(string(in.Format)); !ok {
		return in, Invalid("", "Choose a format.")
	}
	if in.Grouping == "" {
		in.Grouping = ByPillar
	}
	for _, g := range GroupingsFor(in.Audience) {
		if g == in.Grouping {
			return in, nil
		}
	}
	return in, Invalid("", "Choose what to group by. Themes are for files that stay among staff.")
}

// ExportedTheme is a theme with the insights under it, for a document.
type ExportedTheme struct {
	Statement string
	Insights  []ID
}

// ExportedRoom is a roundtable as its team's file holds it.
type ExportedRoom struct {
	ID           ID
	Title        string
	Objectives   string
	KeyQuestions string
	Place        string
	StartsLocal  string // 2006-01-02T15:04 in the zone
	EndsLocal    string
	Zone         string
	Private      bool
	Regime       Regime
	Status       RoundtableStatus
	Items        []ExportedItem
	Speakers     []ExportedSpeaker
	Commitments  []ExportedCommitment
}

// ExportedItem is an agenda item as its team's file holds it.
type ExportedItem struct {
	ID            ID
	Title         string
	Minutes       int
	Regime        Regime
	TitleReviewed bool
}

// ExportedCommitment is what was promised in a roundtable. Insight is zero where
// the team wrote it down; else its words and its owner are the insight's.
type ExportedCommitment struct {
	Insight            ID
	What, Owner, DueOn string
	State              CommitmentState
	Outcome            string
}

// ExportedSpeaker is a guest who said one of a roundtable's insights.
type ExportedSpeaker struct {
	Guest        ID
	Seat         int
	Name         string
	ListName     string
	Title        string
	Organisation string
	Sector       Sector
	Role         GuestRole
	State        GuestState
	Preference   Regime
	Descriptor   string
	Consent      bool // to the descriptor
}

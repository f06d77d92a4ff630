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

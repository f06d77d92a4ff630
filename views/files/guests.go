package files

import "rotunda/models"

// GuestColumns are the columns of a guest list as a file, for its team.
func GuestColumns() []string {
	return []string{
		"seat", "name", "list_name", "position", "organisation", "sector", "email", "role", "wave", "status", "answered",
		"diet", "access", "interpreter", "note", "stricter_rule", "named_to_partners",
	}
}

// GuestRow is a guest's row of that file; times are in the zone.
func GuestRow(g models.Guest, zone string) []string {
	preference := ""
	if g.Preference != models.RegimeNone {
		preference = g.Preference.Name()
	}
	sector := ""
	if g.Sector != models.SectorNone {
		sector = g.Sector.Name()
	}
	return []string{
		g.SeatCode(), g.Name, g.ListName, g.Position, g.Organisation, sector, g.Email, g.Role.Name(), g.Wave, g.State.Name(),
		models.FormatInstant(g.Answered, zone), g.Needs.Diet, g.Needs.Access, g.Needs.Interpreter, g.Note, preference, yes(g.NamedToPartners),
	}
}

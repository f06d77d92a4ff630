package urls

import "rotunda/models"

// What everybody may read.
const (
	PublicHomePath      = "/public"
	PublicBriefsPath    = "/public/briefs"
	PublicAtomPath      = "/public/briefs.atom"
	PublicRoomsPath     = "/public/roundtables"
	PublicCalendarPath  = "/public/roundtables.ics"
	PublicRoomPath      = "/public/roundtables/:id"
	PublicRoomEventPath = "/public/roundtables/:id/event.ics"
	PublicAccentPath    = "/public/accent.css"
	PublicSitemapPath   = "/public/sitemap.xml"
	RobotsPath          = "/robots.txt"
)

// PublicRoom is a public roundtable's page.
func PublicRoom(id models.ID) string { return fill(PublicRoomPath, id.String()) }

// PublicRoomEvent is a public roundtable's calendar entry.
func PublicRoomEvent(id models.ID) string { return fill(PublicRoomEventPath, id.String()) }

// PublicAccent is the style sheet with the institute's colour, which changes
// with its version.
func PublicAccent(version string) string { return With(PublicAccentPath, "v", version) }

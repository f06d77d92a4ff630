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
	PublicRequestPath   = "/public/roundtables/:id/request"
	PublicRequestedPath = "/public/roundtables/:id/requested"
	GuestRequestPath    = "/roundtables/:id/requests/:request"
	PublicAccentPath    = "/public/accent.css"
	PublicMethodPath    = "/public/how-we-work"
	PublicSitemapPath   = "/public/sitemap.xml"
	RobotsPath          = "/robots.txt"
)

// PublicRoom is a public roundtable's page.
func PublicRoom(id models.ID) string { return fill(PublicRoomPath, id.String()) }

// PublicRoomEvent is a public roundtable's calendar entry.
func PublicRoomEvent(id models.ID) string { return fill(PublicRoomEventPath, id.String()) }

// PublicRequest is where somebody asks to be invited to a public roundtable.
func PublicRequest(id models.ID) string { return fill(PublicRequestPath, id.String()) }

// PublicRequested says that a request has come.
func PublicRequested(id models.ID) string { return fill(PublicRequestedPath, id.String()) }

// GuestRequests is the part of the guests' page that lists who asks to be invited.
func GuestRequests(room models.ID) string { return Guests(room) + "#requests" }

// GuestRequest is where a request to be invited is answered.
func GuestRequest(room, request models.ID) string {
	return fill(GuestRequestPath, room.String(), request.String())
}

// PublicAccent is the style sheet with the institute's colour, which changes
// with its version.
func PublicAccent(version string) string { return With(PublicAccentPath, "v", version) }

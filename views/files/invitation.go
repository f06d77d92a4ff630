package files

import "rotunda/models"

// Organizer is who sends calendar entries.
type Organizer struct{ Name, Email string }

// InvitationEvent is the calendar entry of an invitation as its guest may see
// it: exact room and meeting link only with a seat. It is one to publish, with
// no attendee; a mail sets method, attendee and answer besides.
func InvitationEvent(inv models.Invitation, by Organizer, stamp models.Instant) Event {
	e := Event{
		UID: inv.CalendarUID, Sequence: inv.Sequence, Method: MethodPublish, Start: inv.Starts, End: inv.Ends, Zone: inv.Zone,
		Summary: inv.Title, Location: inv.Place, Description: inv.Regime.Name() + ". " + inv.Regime.GuestSentence(),
		OrganizerName: by.Name, OrganizerEmail: by.Email, Private: inv.Private, Stamp: stamp,
	}
	if inv.Room != "" {
		e.Location = inv.Room
		if inv.Place != "" {
			e.Location += ", " + inv.Place
		}
	}
	if inv.MeetingLink != "" {
		e.Description += "\nVideo meeting: " + inv.MeetingLink
	}
	return e
}

// MailedEvent is the calendar part of a message to a guest. ok is false where
// the message has none.
func MailedEvent(out models.Outgoing, by Organizer) (e Event, ok bool) {
	part := out.Calendar
	if part.Method == "" || out.Invitation.Starts == 0 {
		return e, false
	}
	e = InvitationEvent(out.Invitation, by, out.Queued)
	e.UID, e.Sequence, e.Method, e.PartStat = part.UID, part.Sequence, CalendarMethod(part.Method), PartStat(part.PartStat)
	e.AttendeeName, e.AttendeeEmail = out.ToName, out.ToEmail
	return e, true
}

package mail

import "rotunda/models"

// answers are the words of a confirmation for each state.
var answers = map[models.GuestState]Answer{
	models.Accepted: AnswerAccepted, models.Tentative: AnswerTentative, models.Declined: AnswerDeclined,
	models.Waitlisted: AnswerWaitlisted, models.Delegated: AnswerDelegated,
}

// DataOf returns what an outgoing message may say, without a calendar part.
func DataOf(out models.Outgoing, baseURL string) Data {
	inv := out.Invitation
	d := Data{
		Institute: inv.Institute, BaseURL: baseURL, Greeting: inv.Greeting, Answer: answers[out.Answer], Accepted: inv.HasSeat(),
		Title: inv.Title, Series: inv.Series, Regime: inv.Regime, Start: inv.Starts, End: inv.Ends, Zone: inv.Zone, HostZone: inv.HostZone,
		Place: inv.Place, Room: inv.Room, MeetingLink: inv.MeetingLink, Deadline: inv.Seats.Deadline,
		Was: Was{
			Start: out.Was.Starts, End: out.Was.Ends, Zone: out.Was.Zone,
			Title: out.Was.Title, Place: out.Was.Place, Room: out.Was.Room, MeetingLink: out.Was.Link, Regime: out.Was.Regime,
		},
		Reason: out.Reason, Text: out.Text, HostName: inv.HostName, HostEmail: inv.HostEmail,
	}
	if out.Kind == models.MailReminder {
		d.Answer = answers[inv.State]
	}
	if out.Expires != 0 {
		d.Deadline = out.Expires
	}
	return d
}

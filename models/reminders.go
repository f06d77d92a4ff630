package models

import "time"

// RemindAgain is how long a guest is spared a second reminder.
const RemindAgain = 6 * time.Hour

// ReminderBar says why a guest gets no reminder.
type ReminderBar int

// The bars. NoBar: the guest owes an answer and can be written to.
const (
	NoBar           ReminderBar = iota
	BarAnswered                 // owes none, or was never asked
	BarDoNotContact             // asked not to be contacted
	BarNoEmail                  // no address is known
	BarRecent                   // had one within RemindAgain
)

// Sentence says on screens, after the guest's name, why there is no reminder.
func (b ReminderBar) Sentence() string {
	switch b {
	case BarAnswered:
		return "owes no answer"
	case BarDoNotContact:
		return "asked not to be contacted"
	case BarNoEmail:
		return "no e-mail address is known"
	case BarRecent:
		return "had a reminder within the last hours"
	}
	return ""
}

// OwesAnswer reports whether the host still waits for a firm answer: whoever
// may be coming is asked again, too.
func OwesAnswer(s GuestState) bool { return s == Invited || s == Tentative || s == Reconfirm }

// BarToReminder says why the guest would get no reminder now, or NoBar.
func BarToReminder(g Guest, now Instant) ReminderBar {
	switch {
	case !OwesAnswer(g.State):
		return BarAnswered
	case g.DoNotContact:
		return BarDoNotContact
	case g.Email == "":
		return BarNoEmail
	case g.Reminded != 0 && g.Reminded.Add(RemindAgain) > now:
		return BarRecent
	}
	return NoBar
}

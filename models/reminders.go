package models

import "time"

// RemindAgain is how long a guest is spared a second reminder.
const RemindAgain = 6 * time.Hour

// reminderAhead is how long before an evaluation is due those who have not
// scored are reminded.
const reminderAhead = 3 * 24 * time.Hour

// PanelReminder returns when to remind evaluators of a round that begins now and
// is due at the instant: some days before, or halfway where it is shorter; of a
// round that begins when that time is over, some days later.
func PanelReminder(now, due Instant) Instant {
	switch left := time.Duration(due-now) * time.Millisecond; {
	case left <= 0:
		return now.Add(reminderAhead)
	case left <= 2*reminderAhead:
		return now.Add(left / 2)
	}
	return due.Add(-reminderAhead)
}

// ReminderMorning returns the morning of the day that ends at the instant.
func ReminderMorning(dayEnd Instant) Instant { return dayEnd.Add(-16 * time.Hour) }

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

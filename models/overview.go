package models

// Overview is what the first page of a roundtable shows its team.
type Overview struct {
	Replies  Replies
	Sectors  []SectorBalance
	Warnings []string
	// Waves are the invitations sent so far, one line a wave.
	Waves []WaveSent
	// Agenda adds up the items.
	AgendaItems, AgendaMinutes int
	// Insights counts what was captured and what waits: without a pillar, not
	// reviewed.
	Insights, Untagged, Unreviewed int
	// Joined are the administrators who put themselves on the team lately.
	Joined []Joined
}

// WaveSent says when the first invitation of a wave went out, and to how many.
type WaveSent struct {
	Wave   string
	First  Instant
	Guests int
}

// Joined is an administrator's act of joining a team.
type Joined struct {
	Name string
	At   Instant
}

// Task is one thing to do before, at or after a roundtable.
type Task int

// The tasks, in the order in which they come up.
const (
	TaskTime Task = iota
	TaskAgenda
	TaskTargets
	TaskRapporteur
	TaskSchedule
	TaskDeadline
	TaskGuests
	TaskInvite
	TaskChase
	TaskAttendance
	TaskTag
	TaskReview
	TaskClose
)

// TaskLine is a task and whether it is done. N is how many wait, where the
// task is about several.
type TaskLine struct {
	Task Task
	Done bool
	N    int
}

// Tasks derives what is still to do. What only makes sense after the meeting
// is left out before it; for a canceled roundtable there is nothing.
func (w Workspace) Tasks(o Overview, targets bool, now Instant) []TaskLine {
	if w.Status == Cancelled {
		return nil
	}
	rapporteur := false
	for _, m := range w.Members {
		rapporteur = rapporteur || m.Role == TeamRapporteur && !m.Disabled
	}
	out := []TaskLine{
		{TaskTime, w.Starts != 0, 0},
		{TaskAgenda, o.AgendaItems > 0, 0},
		{TaskTargets, targets, 0},
		{TaskRapporteur, rapporteur, 0},
		{TaskSchedule, w.Status != Draft, 0},
		{TaskDeadline, w.Deadline != 0, 0},
		{TaskGuests, o.Replies.Listed > 0, 0},
		{TaskInvite, o.Replies.Invited > 0 && o.Replies.Shortlisted == 0, o.Replies.Shortlisted},
	}
	if o.Replies.Open > 0 && !w.Over(now) {
		out = append(out, TaskLine{TaskChase, false, o.Replies.Open})
	}
	if w.Status == Held || w.Status == Closed || w.Over(now) {
		out = append(out,
			TaskLine{TaskAttendance, o.Replies.Attended > 0, 0},
			TaskLine{TaskTag, o.Insights > 0 && o.Untagged == 0, o.Untagged},
			TaskLine{TaskReview, o.Insights > 0 && o.Unreviewed == 0, o.Unreviewed},
			TaskLine{TaskClose, w.Status == Closed, 0})
	}
	return out
}

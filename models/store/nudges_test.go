package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

// nudged does the reminders that are due and returns to whom they go, and what
// their messages may say.
func (w *themeWorld) nudged() (names []string, out []models.Outgoing) {
	w.t.Helper()
	ctx, system := w.t.Context(), models.System("mail worker")
	for _, kind := range []string{store.NudgeJob, store.SendMailJob} {
		jobs, err := w.st.ClaimJobs(ctx, system, []string{kind}, 50)
		w.must(err)
		for _, j := range jobs {
			if kind == store.NudgeJob {
				err := w.st.Nudge(ctx, system, j)
				if errors.Is(err, models.ErrNotFound) { // as the worker does
					err = w.st.FinishJob(ctx, system, j)
				}
				w.must(err)
				continue
			}
			mail, ready, err := w.st.StartMail(ctx, system, j)
			w.must(err)
			if ready {
				names, out = append(names, mail.ToName), append(out, mail)
				w.must(w.st.EndMail(ctx, system, j, mail.Mail, store.MailOutcome{State: models.MailKept}))
			}
		}
	}
	slices.Sort(names)
	return names, out
}

func TestNudge_remindsWhoHasNotScored(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	tokens := w.empanel(id, 1, w.reader, w.outside)
	if names, _ := w.nudged(); len(names) != 3 {
		t.Fatalf("invited: %v", names)
	}
	w.must(w.st.ScoreRecommendation(t.Context(), w.reader, id, scored(7, 7, 7)))
	w.clock.Advance(10 * 24 * time.Hour)
	if names, _ := w.nudged(); len(names) != 0 {
		t.Errorf("reminded long before it is due: %v", names)
	}
	w.clock.Advance(25 * time.Hour)
	names, mails := w.nudged()
	if len(names) != 2 || slices.Contains(names, w.reader.Name()) {
		t.Errorf("reminded: %v", names)
	}
	for _, m := range mails {
		if m.Kind != models.MailEvaluationDue || m.Recommendation != id || (m.ToName == "Outside 0") != (m.Token == tokens[0]) {
			t.Errorf("%+v", m)
		}
	}
	w.clock.Advance(20 * 24 * time.Hour)
	if names, _ := w.nudged(); len(names) != 0 {
		t.Errorf("reminded twice: %v", names)
	}
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelDiscussion))
	w.must(w.st.AdvancePanel(t.Context(), w.analyst, id, models.PanelSecond))
	w.clock.Advance(4 * 24 * time.Hour)
	names, mails = w.nudged()
	if len(names) != 3 || mails[0].Expires != 0 {
		t.Errorf("reminded in the second round: %v, until %v", names, mails[0].Expires)
	}
}

func TestNudge_anEvaluationThatIsOverRemindsNobody(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	w.empanel(id, 0, w.reader, w.outside)
	w.nudged()
	in := drafted("Found a standing repair compact")
	in.Revision = 2
	w.must(errorOf(w.st.EditRecommendation(t.Context(), w.analyst, id, in)))
	w.clock.Advance(30 * 24 * time.Hour)
	if names, _ := w.nudged(); len(names) != 0 {
		t.Errorf("a stale evaluation reminds %v", names)
	}
}

func TestNudge_remindsTheOwnerOnTheDayTheyChose(t *testing.T) {
	w := newThemeWorld(t)
	id := w.recommend("Found a standing compact")
	w.exec("UPDATE recommendations SET state = 'adopted' WHERE id = ?", id)
	day := w.st.Now().Add(30 * 24 * time.Hour)
	w.must(errorOf(w.st.FollowUpRecommendation(t.Context(), w.analyst, id, models.FollowUpInput{Status: models.FollowUpOpen, Remind: day, Revision: 1})))
	later := day.Add(10 * 24 * time.Hour)
	w.must(errorOf(w.st.FollowUpRecommendation(t.Context(), w.analyst, id, models.FollowUpInput{Status: models.FollowUpPartly, Remind: later, Revision: 2})))
	w.clock.Advance(31 * 24 * time.Hour)
	if names, _ := w.nudged(); len(names) != 0 {
		t.Errorf("reminded on the day that was given up: %v", names)
	}
	w.clock.Advance(9 * 24 * time.Hour)
	names, mails := w.nudged()
	if len(names) != 1 || mails[0].ToName != w.analyst.Name() || mails[0].Kind != models.MailFollowUp || mails[0].Recommendation != id || mails[0].Token != "" {
		t.Errorf("reminded: %v, %+v", names, mails)
	}
}

func TestPanelReminder_liesBetweenTheBeginAndTheEnd(t *testing.T) {
	day := func(n float64) models.Instant {
		return models.Instant(1_800_000_000_000).Add(time.Duration(n * 24 * float64(time.Hour)))
	}
	for _, x := range []struct{ due, want float64 }{{14, 11}, {7, 4}, {6, 3}, {2, 1}, {0, 3}, {-5, 3}} {
		if got := models.PanelReminder(day(0), day(x.due)); got != day(x.want) {
			t.Errorf("due in %v days: %v, want %v", x.due, got, day(x.want))
		}
	}
}

package models_test

import (
	"testing"
	"time"

	"rotunda/models"
)

func TestBarToReminder_onlyWhoOwesAnAnswerAndCanBeWrittenTo(t *testing.T) {
	const now = models.Instant(1_800_000_000_000)
	asked := models.Guest{State: models.Invited, Email: "guest@embassy.example"}
	with := func(change func(*models.Guest)) models.Guest {
		g := asked
		change(&g)
		return g
	}
	for name, c := range map[string]struct {
		guest models.Guest
		want  models.ReminderBar
	}{
		"invited":         {asked, models.NoBar},
		"tentative":       {with(func(g *models.Guest) { g.State = models.Tentative }), models.NoBar},
		"to reconfirm":    {with(func(g *models.Guest) { g.State = models.Reconfirm }), models.NoBar},
		"accepted":        {with(func(g *models.Guest) { g.State = models.Accepted }), models.BarAnswered},
		"never invited":   {with(func(g *models.Guest) { g.State = models.Shortlisted }), models.BarAnswered},
		"silenced":        {with(func(g *models.Guest) { g.DoNotContact = true }), models.BarDoNotContact},
		"without address": {with(func(g *models.Guest) { g.Email = "" }), models.BarNoEmail},
		"reminded now":    {with(func(g *models.Guest) { g.Reminded = now }), models.BarRecent},
		"reminded long ago": {with(func(g *models.Guest) {
			g.Reminded = now.Add(-models.RemindAgain)
		}), models.NoBar},
		"reminded just not long ago": {with(func(g *models.Guest) {
			g.Reminded = now.Add(time.Millisecond - models.RemindAgain)
		}), models.BarRecent},
	} {
		if got := models.BarToReminder(c.guest, now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for bar := models.BarAnswered; bar <= models.BarRecent; bar++ {
		if bar.Sentence() == "" {
			t.Errorf("bar %d is not explained", bar)
		}
	}
}

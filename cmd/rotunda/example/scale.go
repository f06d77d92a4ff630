package example

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

// perRoom is how many insights a roundtable of the large example has: 2,000
// roundtables have a million.
const perRoom = 500

// scale adds roundtables of the past until there are as many insights as asked
// for. The convener leads them, so that the first account's own work stays
// what it is.
func (b *builder) scale(o Options) error {
	if o.Insights <= b.insights {
		return nil
	}
	tell := o.Progress
	if tell == nil {
		tell = func(int, int) {}
	}
	l, err := b.newLarge(o.Insights)
	if err != nil {
		return err
	}
	for n := 0; b.insights < o.Insights; n++ {
		tell(b.insights, o.Insights)
		if err := l.room(n, min(perRoom, o.Insights-b.insights)); err != nil {
			return err
		}
	}
	b.now = b.end
	tell(b.insights, o.Insights)
	return nil
}

// large is what the roundtables of the large example are made from.
type large struct {
	*builder
	draw      *rand.Rand
	lead      models.Viewer
	capturer  models.ID
	guests    []models.ID
	sentences []string
	fronts    []string
	forums    []string
	tags      []string
	rooms     int
}

func (b *builder) newLarge(insights int) (*large, error) {
	l := &large{builder: b, draw: b.draw, rooms: (insights-b.insights)/perRoom + 1}
	var err error
	if l.lead, err = b.as("tobias"); err != nil {
		return nil, err
	}
	celeste, err := b.as("celeste")
	if err != nil {
		return nil, err
	}
	l.capturer = celeste.Account()
	people, err := table("guests.csv")
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		l.guests = append(l.guests, b.people[p["key"]])
	}
	for _, plan := range plans {
		for _, r := range b.rooms[plan.key].said {
			if plan.date == "" && !r.off { // published words are not shuffled
				l.sentences = append(l.sentences, sentencesOf(r.text)...)
			}
		}
	}
	book, err := b.st.Codebook(b.ctx, l.lead)
	if err != nil {
		return nil, err
	}
	for _, c := range book {
		switch c.Kind {
		case models.CodeFront:
			l.fronts = append(l.fronts, "^"+c.Key)
		case models.CodeForum:
			l.forums = append(l.forums, "%"+c.Key)
		case models.CodeTag:
			l.tags = append(l.tags, "+"+c.Key)
		}
	}
	return l, nil
}

// sentencesOf cuts what was said into sentences.
func sentencesOf(text string) []string {
	var out []string
	for {
		end := strings.IndexAny(text, ".?")
		if end < 0 || end+2 >= len(text) {
			return append(out, text)
		}
		if text[end+1] == ' ' {
			out = append(out, text[:end+1])
			text = text[end+2:]
			continue
		}
		return append(out, text)
	}
}

var largeTopics = []string{
	"Semiconductors", "Critical minerals", "Undersea cables", "Cloud regions", "Shipyards", "Export licensing", "AI assurance",
	"Quantum sensing", "Development finance", "Procurement", "Telecom standards", "Space traffic", "Research security", "Batteries",
}

// room adds one roundtable that was held, with n insights.
func (l *large) room(n, insights int) error {
	// The latest is three weeks old, the oldest three years.
	days := 21 + 1075*n/l.rooms
	starts := l.on(-days, fmt.Sprintf("%02d:00", 9+n%6))
	l.now = starts.Add(-30 * day)
	topic := largeTopics[n%len(largeTopics)]
	id, err := l.st.CreateRoundtable(l.ctx, l.lead, models.RoundtableInput{
		Series: l.series[n%len(l.series)], Title: fmt.Sprintf("%s, session %d", topic, n/len(largeTopics)+1), Place: "Washington",
		Schedule: models.Schedule{Date: starts.Format(time.DateOnly), Start: starts.Format("15:04"), End: starts.Add(3 * time.Hour).Format("15:04"), Zone: zone},
		Private:  n%4 == 3, Regime: []models.Regime{models.ChathamHouse, models.ChathamHouse, models.Background, models.OnTheRecord}[n%4],
	})
	if err != nil {
		return err
	}
	v, err := l.as("tobias")
	if err != nil {
		return err
	}
	if err := l.st.ScheduleRoundtable(l.ctx, v, id); err != nil {
		return err
	}
	guests, err := l.seated(v, id)
	if err != nil {
		return err
	}
	l.now = starts.Add(30 * time.Minute)
	if _, _, err := l.st.SetAttendance(l.ctx, v, id, guests, models.Attended); err != nil {
		return err
	}
	l.now = starts.Add(4 * time.Hour)
	if err := l.st.HoldRoundtable(l.ctx, v, id); err != nil {
		return err
	}
	rows := make([]store.LoadedInsight, insights)
	for i := range rows {
		rows[i] = l.insight(id, guests, models.At(starts.Add(time.Duration(i)*20*time.Second)))
	}
	l.insights += insights
	return l.st.LoadInsights(l.ctx, models.System("example"), rows)
}

// seated puts a little over half of the guests on the list.
func (l *large) seated(v models.Viewer, room models.ID) ([]models.ID, error) {
	var people []models.ID
	for _, i := range l.draw.Perm(len(l.guests))[:24] {
		people = append(people, l.guests[i])
	}
	added, err := l.st.AddGuests(l.ctx, v, room, models.AddGuestsInput{People: people, Wave: "A"})
	return added.Added, err
}

var letters = []string{"#s", "#t", "#e", "#a", "#d"}

// insight says something new in old sentences. It carries 1.4 pillars, as what
// people say does.
func (l *large) insight(room models.ID, guests []models.ID, at models.Instant) store.LoadedInsight {
	words := []string{l.pick(l.sentences), l.pick(l.sentences)}
	if l.draw.IntN(3) == 0 {
		words = append(words, l.pick(l.sentences))
	}
	line := []string{models.EscapeCapture(strings.Join(words, " ")), "!" + models.Kinds[l.draw.IntN(len(models.Kinds)-1)].Key()}
	pillars := []int{1, 1, 1, 2, 2, 1, 1, 2, 1, 2}[l.draw.IntN(10)]
	if l.draw.IntN(50) == 0 {
		pillars = 0
	}
	first := l.draw.IntN(len(letters))
	for i := range pillars {
		line = append(line, letters[(first+i*(1+l.draw.IntN(4)))%len(letters)])
	}
	for chance, codes := range [][]string{l.fronts, l.forums, l.tags} {
		if l.draw.IntN(2+chance) > 0 {
			line = append(line, l.pick(codes))
		}
	}
	out := store.LoadedInsight{
		CaptureInput: models.CaptureInput{Roundtable: room, Line: strings.Join(line, " "), Speaker: guests[l.draw.IntN(len(guests))]},
		CapturedBy:   l.capturer, CapturedAt: at, State: []models.InsightState{models.Captured, models.Reviewed, models.Released, models.Released}[l.draw.IntN(4)],
	}
	if out.State == models.Released {
		out.ReleasedBy, out.ReleasedAt = l.lead.Account(), at.Add(14*day)
	}
	return out
}

func (l *large) pick(from []string) string { return from[l.draw.IntN(len(from))] }

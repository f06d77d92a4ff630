package example

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

const day = 24 * time.Hour

// planned works out when a roundtable takes place.
func (b *builder) planned(plan roomPlan) (*builtRoom, error) {
	loc, err := models.Zone(plan.zone)
	if err != nil {
		return nil, err
	}
	date := b.on(plan.days, "12:00")
	if plan.date != "" {
		if date, err = time.Parse(time.DateOnly, plan.date); err != nil {
			return nil, err
		}
	}
	local := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, loc)
	room := &builtRoom{plan: plan, starts: at(local, plan.start), ends: at(local, plan.end), guests: map[string]models.ID{}}
	if plan.remarks != "" {
		room.said, err = remarks(plan.remarks)
	}
	return room, err
}

// schedule notes everything that happens to a roundtable. n tells rooms apart
// where two are worked on at the same hour.
func (b *builder) schedule(room *builtRoom, n int) {
	plan := room.plan
	hour := time.Duration(n) * 7 * time.Minute
	if plan.date != "" {
		entered := b.on(plan.days, "10:00")
		b.later(entered, func() error { return b.enter(room) })
		b.later(entered.Add(2*time.Hour), func() error { return b.record(room) })
		b.later(entered.Add(7*day), func() error { return b.closeRoom(room) })
		return
	}
	created := room.starts.Add(-45*day + hour)
	if plan.days > 0 {
		created = b.today.AddDate(0, 0, -28).Add(10*time.Hour + hour)
	}
	b.later(created, func() error { return b.create(room) })
	b.later(created.Add(2*time.Hour), func() error { return b.shortlist(room) })
	if plan.status == models.Draft {
		return
	}
	b.later(created.Add(3*day), func() error { return b.invite(room) })
	b.answers(room, created.Add(4*day))
	if plan.moved != "" {
		b.move(room, created.Add(14*day))
	}
	if plan.days > 0 {
		return
	}
	b.hold(room)
	b.later(room.ends.Add(2*time.Hour), func() error { return b.record(room) })
	if plan.status == models.Closed {
		b.later(room.ends.Add(21*day), func() error { return b.closeRoom(room) })
	}
}

func (b *builder) create(room *builtRoom) error {
	p := room.plan
	return b.doing(admin, func(v models.Viewer) error {
		in := models.RoundtableInput{
			Series: b.series[p.series], Title: p.title, Objectives: p.objectives, KeyQuestions: p.questions, Place: p.place, Room: p.room,
			Schedule: models.Schedule{Date: room.starts.Format(time.DateOnly), Start: p.start, End: p.end, Zone: p.zone},
			Private:  p.private, Regime: p.regime, Capacity: p.capacity,
		}
		if p.moved != "" {
			in.Schedule.Start = p.moved
		}
		if p.capacity > 0 {
			in.DeadlineDate, in.DeadlineTime = room.starts.Add(-3*day).Format(time.DateOnly), "18:00"
		}
		var err error
		if room.id, err = b.st.CreateRoundtable(b.ctx, v, in); err != nil {
			return err
		}
		return b.furnish(room)
	})
}

// agenda adds the items. Their leads must be on the guest list.
func (b *builder) agenda(v models.Viewer, room *builtRoom) error {
	for _, item := range room.plan.items {
		id, err := b.st.CreateAgendaItem(b.ctx, v, room.id, models.AgendaInput{
			Title: item.title, Minutes: item.minutes, Regime: item.regime, Lead: b.people[item.lead], TitleReviewed: item.reviewed,
		})
		if err != nil {
			return err
		}
		room.items = append(room.items, id)
	}
	return nil
}

// furnish adds team and targets, and schedules what is no draft.
func (b *builder) furnish(room *builtRoom) error {
	v, err := b.as(admin)
	if err != nil {
		return err
	}
	for _, key := range staffOrder {
		role, ok := room.plan.team[key]
		if !ok {
			continue
		}
		member, err := b.as(key)
		if err != nil {
			return err
		}
		if err := b.st.SetTeamMember(b.ctx, v, room.id, member.Account(), role); err != nil {
			return err
		}
	}
	var targets []models.SectorTarget
	for _, s := range models.Sectors {
		if n := room.plan.targets[s]; n > 0 {
			targets = append(targets, models.SectorTarget{Sector: s, Minimum: 1, Target: n})
		}
	}
	if err := b.st.SetSectorTargets(b.ctx, v, room.id, targets); err != nil {
		return err
	}
	if err := b.addPartners(v, room); err != nil || room.plan.status == models.Draft {
		return err
	}
	return b.st.ScheduleRoundtable(b.ctx, v, room.id)
}

// addPartners names the co-hosts and invites their people.
func (b *builder) addPartners(v models.Viewer, room *builtRoom) error {
	for _, p := range room.plan.cohosts {
		if err := b.st.AddCohost(b.ctx, v, room.id, p.organisation); err != nil {
			return err
		}
		named, err := b.st.Cohosts(b.ctx, v, room.id)
		if err != nil {
			return err
		}
		for _, c := range named {
			if c.Name != p.organisation {
				continue
			}
			in := models.CohostInput{Organisation: c.Organisation, Name: p.name, Email: p.email}
			if err := b.st.AddCohostAccount(b.ctx, v, room.id, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// invited lists everybody who gets an invitation, in the order of the list.
func (p roomPlan) invited() []string {
	var out []string
	for _, group := range []string{p.came, p.again, p.absent, p.waiting, p.unsure, p.declined, p.silent, p.withdrawn} {
		out = append(out, keys(group)...)
	}
	return out
}

// shortlist puts people on the list: the first two thirds in wave A, the
// others in wave B, and who is to be invited later in wave C.
func (b *builder) shortlist(room *builtRoom) error {
	invited, later := room.plan.invited(), keys(room.plan.later)
	cut := len(invited) * 2 / 3
	return b.doing(admin, func(v models.Viewer) error {
		for i, group := range [][]string{invited[:cut], invited[cut:], later} {
			if err := b.addGuests(v, room, models.Waves[i], group); err != nil {
				return err
			}
		}
		for _, part := range []struct {
			role models.GuestRole
			who  string
		}{{models.RoleChair, room.plan.chair}, {models.RoleSpeaker, room.plan.speakers}} {
			if ids := room.ids(keys(part.who)); len(ids) > 0 {
				if _, _, err := b.st.SetGuestRole(b.ctx, v, room.id, ids, part.role); err != nil {
					return err
				}
			}
		}
		return b.agenda(v, room)
	})
}

func (b *builder) addGuests(v models.Viewer, room *builtRoom, wave string, who []string) error {
	for _, key := range who { // one by one, so that every guest's id is known
		person, ok := b.people[key]
		if !ok {
			return fmt.Errorf("no guest %q", key)
		}
		added, err := b.st.AddGuests(b.ctx, v, room.id, models.AddGuestsInput{People: []models.ID{person}, Wave: wave})
		if err != nil {
			return err
		}
		if len(added.Added) != 1 {
			return fmt.Errorf("guest %q is on the list twice", key)
		}
		room.guests[key] = added.Added[0]
	}
	return nil
}

func (room *builtRoom) ids(who []string) []models.ID {
	var out []models.ID
	for _, key := range who {
		if id, ok := room.guests[key]; ok {
			out = append(out, id)
		}
	}
	return out
}

// invite sends the invitations of roundtables ahead by mail; those of the past
// went by letter, so that no old mail waits to be sent.
func (b *builder) invite(room *builtRoom) error {
	return b.doing(admin, func(v models.Viewer) error {
		_, err := b.st.InviteGuests(b.ctx, v, room.id, models.InviteInput{Guests: room.ids(room.plan.invited()), ByHand: room.plan.days < 0})
		return err
	})
}

// answers notes the answers, one after the other over some days.
func (b *builder) answers(room *builtRoom, from time.Time) {
	p := room.plan
	i := 0
	for _, group := range []struct {
		who    string
		answer models.GuestState
		note   string
	}{
		{p.came, models.Accepted, ""},
		{p.again, models.Accepted, ""},
		{p.absent, models.Accepted, ""},
		{p.waiting, models.Waitlisted, ""},
		{p.unsure, models.Tentative, ""},
		{p.declined, models.Declined, "Regrets: traveling that week."},
	} {
		for _, key := range keys(group.who) {
			in := models.RecordInput{Answer: group.answer, Via: models.AnswerWays[i%2], Note: group.note, Needs: needs[key]}
			b.later(from.Add(time.Duration(i)*9*time.Hour), func() error {
				return b.doing(admin, func(v models.Viewer) error { return b.st.RecordAnswer(b.ctx, v, room.guests[key], in) })
			})
			i++
		}
	}
	for _, key := range keys(p.withdrawn) {
		b.later(from.Add(day), func() error {
			return b.doing(admin, func(v models.Viewer) error {
				_, err := b.st.WithdrawGuests(b.ctx, v, room.id, []models.ID{room.guests[key]}, "The list was set too long.")
				return err
			})
		})
	}
}

// move notes that the start moves; all but a few say again that they come.
func (b *builder) move(room *builtRoom, when time.Time) {
	b.later(when, func() error {
		return b.doing(admin, func(v models.Viewer) error {
			now, err := b.st.Roundtable(b.ctx, v, room.id)
			if err != nil {
				return err
			}
			in := now.Input()
			in.Schedule.Start = room.plan.start
			_, err = b.st.UpdateRoundtable(b.ctx, v, room.id, in)
			return err
		})
	})
	for i, key := range keys(room.plan.came) {
		b.later(when.Add(time.Duration(i+1)*7*time.Hour), func() error {
			in := models.RecordInput{Answer: models.Accepted, Via: "phone", Needs: needs[key]}
			return b.doing(admin, func(v models.Viewer) error { return b.st.RecordAnswer(b.ctx, v, room.guests[key], in) })
		})
	}
}

// needs are what some guests ask for.
var needs = map[string]models.Needs{
	"haddad": {Diet: "Halal"}, "li": {Diet: "Vegetarian"}, "rangarajan": {Diet: "Vegetarian, no egg"}, "kim": {Interpreter: "Korean, for questions only"},
	"okonkwo": {Access: "Step-free entrance"}, "tanaka": {Interpreter: "Japanese"}, "tuck": {Diet: "No shellfish"},
}

// hold notes the meeting itself.
func (b *builder) hold(room *builtRoom) {
	b.later(room.starts, func() error {
		return b.doing("celeste", func(v models.Viewer) error { return b.st.OpenSession(b.ctx, v, room.id) })
	})
	start := room.starts
	for i, item := range room.plan.items {
		b.later(start.Add(time.Second), func() error {
			return b.doing("celeste", func(v models.Viewer) error { return b.st.StartAgendaItem(b.ctx, v, room.id, room.items[i]) })
		})
		start = start.Add(time.Duration(item.minutes) * time.Minute)
	}
	b.later(room.starts.Add(10*time.Minute), func() error {
		return b.doing("celeste", func(v models.Viewer) error {
			_, _, err := b.st.SetAttendance(b.ctx, v, room.id, room.ids(keys(room.plan.came)), models.Attended)
			return err
		})
	})
	b.later(room.ends, func() error {
		return b.doing("celeste", func(v models.Viewer) error {
			if ids := room.ids(keys(room.plan.absent)); len(ids) > 0 {
				if _, _, err := b.st.SetAttendance(b.ctx, v, room.id, ids, models.NoShow); err != nil {
					return err
				}
			}
			return b.st.FinishSession(b.ctx, v, room.id)
		})
	})
}

// enter adds the public record: a meeting that took place elsewhere.
func (b *builder) enter(room *builtRoom) error {
	if err := b.create(room); err != nil {
		return err
	}
	return b.doing(admin, func(v models.Viewer) error {
		for _, key := range keys(room.plan.came) {
			guest, err := b.st.WalkIn(b.ctx, v, room.id, b.people[key], models.RoleSpeaker)
			if err != nil {
				return err
			}
			room.guests[key] = guest
		}
		if err := b.agenda(v, room); err != nil {
			return err
		}
		return b.st.HoldRoundtable(b.ctx, v, room.id)
	})
}

func (b *builder) closeRoom(room *builtRoom) error {
	return b.doing(admin, func(v models.Viewer) error { return b.st.CloseRoundtable(b.ctx, v, room.id) })
}

// record keeps what was said, spread over the agenda items.
func (b *builder) record(room *builtRoom) error {
	lead, err := b.as(admin)
	if err != nil {
		return err
	}
	rapporteur, err := b.as("celeste")
	if err != nil {
		return err
	}
	if !rapporteur.IsTeam(room.id) {
		rapporteur = lead
	}
	seats, err := b.seats(lead, room.id)
	if err != nil {
		return err
	}
	actions, err := b.actions(lead)
	if err != nil {
		return err
	}
	said := slices.Clone(room.said)
	slices.SortStableFunc(said, func(x, y remark) int { return x.item - y.item })
	pace := room.ends.Sub(room.starts) / time.Duration(len(said)+1)
	var rows []store.LoadedInsight
	for i, r := range said {
		in, err := captured(room, i, r, seats, actions)
		if err != nil {
			return err
		}
		row := store.LoadedInsight{
			CaptureInput: in, CapturedBy: rapporteur.Account(), CapturedAt: models.At(room.starts.Add(time.Duration(i+1) * pace)),
			State: r.state, Paraphrase: r.paraphrase,
		}
		if r.state == models.Released {
			row.ReleasedBy, row.ReleasedAt = lead.Account(), b.st.Now()
		}
		rows = append(rows, row)
	}
	b.insights += len(rows)
	return b.st.LoadInsights(b.ctx, models.System("example"), rows)
}

// captured is a remark as the rapporteur kept it. A proposal stands under the
// strategic action of its first pillar.
func captured(room *builtRoom, i int, r remark, seats map[models.ID]string, actions map[models.Pillar]models.ID) (models.CaptureInput, error) {
	if r.item < 1 || r.item > len(room.items) {
		return models.CaptureInput{}, fmt.Errorf("%s: no item %d", room.plan.key, r.item)
	}
	in := models.CaptureInput{
		Roundtable: room.id, Item: room.items[r.item-1], ClientID: fmt.Sprintf("example-%d", i+1),
		Line: models.EscapeCapture(r.text) + " " + r.marks,
	}
	if rest, ok := strings.CutPrefix(r.marks, "!"+models.Proposal.Key()+" #"); ok {
		if pillar, ok := models.ParsePillar(strings.ToUpper(rest[:1])); ok {
			in.Codes = []models.ID{actions[pillar]}
		}
	}
	if r.speaker == "-" {
		return in, nil
	}
	guest, ok := room.guests[r.speaker]
	if !ok {
		return in, fmt.Errorf("%s: %q was not there", room.plan.key, r.speaker)
	}
	in.Speaker = guest
	if strings.HasPrefix(r.marks, "!"+models.Commitment.Key()) {
		in.Line += " >>@" + seats[guest]
	}
	return in, nil
}

// actions finds the strategic action of each pillar.
func (b *builder) actions(v models.Viewer) (map[models.Pillar]models.ID, error) {
	book, err := b.st.Codebook(b.ctx, v)
	out := map[models.Pillar]models.ID{}
	for _, e := range book.Of(models.CodeAction) {
		out[e.Pillar] = e.ID
	}
	return out, err
}

// seats returns the seat codes of a roundtable's guests.
func (b *builder) seats(v models.Viewer, room models.ID) (map[models.ID]string, error) {
	list, err := b.st.Guests(b.ctx, v, room, models.GuestFilter{Segment: models.SegmentAll})
	out := map[models.ID]string{}
	for _, g := range list.Guests {
		out[g.ID] = g.SeatCode()
	}
	return out, err
}

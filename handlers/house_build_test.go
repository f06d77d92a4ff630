package handlers_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

type houseBuilder struct {
	t    *testing.T
	st   *store.Store
	h    *house
	post *postOffice
}

func (b houseBuilder) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b houseBuilder) view(name string) models.Viewer {
	b.t.Helper()
	return storetest.Viewer(b.t, b.st, strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@example.org")
}

// promises notes in three rooms what a guest and what somebody on the team took
// on, and has the team reminded of it. The team reads it on its pages; no
// message tells a word of it.
func (b houseBuilder) promises() {
	ctx, tom := b.t.Context(), b.view("Tom Team")
	for _, r := range []houseRoom{b.h.rooms[1], b.h.rooms[3], b.h.rooms[6]} {
		onPages := func(p principal, path string) bool { return path != "" && p.viewer.IsTeam(r.id) }
		for _, in := range []models.CommitmentInput{
			{What: "Send " + b.word(&r, "promise", onPages), Guest: r.guests[0]}, {What: "Read " + b.word(&r, "task", onPages), Account: tom.Account()},
		} {
			id, err := b.st.CreateCommitment(ctx, tom, r.id, in)
			b.must(err)
			b.must(b.st.RemindCommitment(ctx, tom, r.id, id))
		}
	}
}

// asks lets somebody from outside ask to be invited.
func (b houseBuilder) asks(r houseRoom) {
	answers := func(p principal, _ string) bool { return models.CanIn(p.viewer, models.Invite, r.id) }
	word := func(what string) string { return b.word(&r, strings.ReplaceAll(what, "'", ""), answers) }
	lead := map[bool]string{true: "Lea Lead", false: "Max Lead"}[r.id == b.h.rooms[0].id]
	b.h.requests[r.id] = storetest.Request(b.t, b.st, b.view(lead), r.id, models.RequestInput{
		Name: "Ask " + word("asker"), Email: strings.ToLower(word("asker's mail")) + "@example.net", Position: word("asker's position"),
		Organisation: word("asker's organisation"), Why: word("why"),
	})
}

// publishedFrom reports whether the path is the published brief's, and that
// cites the roundtable: everybody reads there what was released.
func (b houseBuilder) publishedFrom(r houseRoom, path string) bool {
	return r.state == "closed" && strings.HasPrefix(path, "/public/briefs/"+b.h.published)
}

// word makes a word that stands nowhere else and notes who may read it.
func (b houseBuilder) word(r *houseRoom, what string, allowed func(p principal, path string) bool) string {
	word := fmt.Sprintf("Zq%s%c%d", strings.ReplaceAll(what, " ", ""), 'a'+len(b.h.rooms), len(b.h.canaries))
	b.h.canaries = append(b.h.canaries, canary{word, what + " of the room " + r.state, allowed})
	return word
}

// room makes a roundtable with three guests, two agenda items and an insight
// in every state, and notes the words that stand in it alone.
func (b houseBuilder) room(leadName, state string, options []storetest.RoomOption, verbs ...func(context.Context, models.Viewer, models.ID) error) houseRoom {
	t, st := b.t, b.st
	r := houseRoom{state: state}
	team := func(p principal, _ string) bool { return p.viewer.IsTeam(r.id) }
	inside := func(p principal, path string) bool {
		return r.exists(p) || r.ownLink(path) || b.publishedFrom(r, path) || r.onPublicPages(path)
	}
	title := b.word(&r, "title", inside)
	place, link := b.word(&r, "room", func(p principal, path string) bool {
		return p.viewer.IsTeam(r.id) || p.viewer.IsCohost(r.id) || r.ownLink(path)
	}), b.word(&r, "meetinglink", func(p principal, path string) bool {
		return p.viewer.IsTeam(r.id) || p.viewer.IsCohost(r.id) || r.ownLink(path)
	})
	options = append(options, storetest.Titled("Meeting "+title), storetest.With(func(in *models.RoundtableInput) {
		in.Series, in.Room, in.Link, in.Capacity = b.h.series, place, "https://meet.example.org/"+link, 20
	}))
	id, lead := storetest.Roundtable(t, st, b.view(leadName), options...)
	r.id = id
	room, err := st.Roundtable(t.Context(), lead, id)
	b.must(err)
	r.private, r.regime = room.Private, room.Regime
	b.guests(&r, lead, room.Over(st.Now()))
	for range 2 {
		r.items = append(r.items, storetest.AgendaItem(t, st, lead, id, b.word(&r, "agenda title", func(p principal, path string) bool {
			return p.viewer.IsTeam(id) || r.regime == models.OnTheRecord && (r.exists(p) || r.onPublicPages(path))
		}), 30, models.RegimeNone))
	}
	b.insights(&r, lead, team)
	for _, verb := range verbs {
		if err := verb(t.Context(), b.view(leadName), id); err != nil {
			t.Fatalf("%s: %v", state, err)
		}
	}
	return r
}

// guests makes three people and puts them on the list. Where answers can still
// be given, the first accepts, the second's link is revoked, the third
// declines; else all have come.
func (b houseBuilder) guests(r *houseRoom, lead models.Viewer, over bool) {
	t, st := b.t, b.st
	staffPages := func(p principal, path string) bool {
		return models.Can(p.viewer, models.ReadAsStaff) && (strings.HasPrefix(path, "/people") || strings.HasPrefix(path, "/organizations") ||
			strings.HasSuffix(path, "/guests/add") || strings.HasSuffix(path, "/guests/walk-in")) // where the directory is chosen from
	}
	room := *r
	identity := func(p principal, path string) bool {
		return p.viewer.IsTeam(room.id) || staffPages(p, path) || room.regime == models.OnTheRecord && room.exists(p)
	}
	for i, sector := range []models.Sector{models.Congress, models.Industry, models.Diplomats} {
		allowed := func(p principal, path string) bool {
			return identity(p, path) || len(r.tokens) > i && r.tokens[i] != "" && strings.HasPrefix(path, "/r/"+r.tokens[i])
		}
		p := storetest.AddPerson(t, st, lead, models.PersonInput{
			Given: "Given", Family: b.word(r, "name", allowed), Email: strings.ToLower(b.word(r, "mail", allowed)) + "@example.net",
			Organisation: b.word(r, "organisation", allowed), Sector: sector, Position: b.word(r, "position", allowed),
			Notes: b.word(r, "notes", func(p principal, path string) bool { return staffPages(p, path) }),
		})
		r.addresses = append(r.addresses, p.Email)
		b.h.people, r.people = append(b.h.people, p.ID), append(r.people, p.ID)
		r.guests = append(r.guests, storetest.Guest(t, st, lead, r.id, p))
	}
	r.tokens = make([]string, len(r.guests))
	if over {
		_, _, err := st.SetAttendance(t.Context(), lead, r.id, r.guests, models.Attended)
		b.must(err)
		return
	}
	_, err := st.InviteGuests(t.Context(), lead, r.id, models.InviteInput{Guests: r.guests})
	b.must(err)
	for i, address := range r.addresses {
		r.tokens[i] = b.post.linkOf(address)
	}
	first, third := r.tokens[0], r.tokens[2]
	own := func(token string) func(principal, string) bool {
		return func(p principal, path string) bool {
			return p.viewer.IsTeam(room.id) || strings.HasPrefix(path, "/r/"+token)
		}
	}
	for token, in := range map[string]models.AnswerInput{
		first: {Answer: models.Accepted, Chosen: true, Needs: models.Needs{Diet: b.word(r, "diet", own(first)), Access: b.word(r, "access", own(first))}},
		third: {Answer: models.Declined, Chosen: true, Note: b.word(r, "decline note", own(third))},
	} {
		_, err := st.AnswerInvitation(t.Context(), token, in)
		b.must(err)
	}
	b.must(st.RevokeLink(t.Context(), lead, r.guests[1]))
}

// insights captures one insight in every state, and one that is flagged off
// the record.
func (b houseBuilder) insights(r *houseRoom, lead models.Viewer, team func(principal, string) bool) {
	room := *r
	for _, to := range []models.InsightState{models.Captured, models.Reviewed, models.Released} {
		allowed := func(p principal, path string) bool {
			switch {
			case p.viewer.IsTeam(room.id):
				return true
			case room.regime >= models.DeepBackground:
				return false
			case to == models.Released && b.publishedFrom(room, path):
				return true
			}
			return room.staffReads(p) && to != models.Captured || p.viewer.IsCohost(room.id) && to == models.Released
		}
		line := b.word(r, to.Key(), allowed) + " was said #s !claim"
		if len(r.tokens) > 0 && to != models.Captured {
			line += " @s1"
		}
		i, err := b.st.CaptureInsight(b.t.Context(), lead, models.CaptureInput{Roundtable: r.id, Line: line, Item: r.items[0]})
		b.must(err)
		r.insights = append(r.insights, i.ID())
		if to != models.Captured {
			_, err := b.st.SetInsightStates(b.t.Context(), lead, []models.ID{i.ID()}, to)
			b.must(err)
		}
	}
	for _, mark := range []string{"=off", "@" + b.word(r, "unresolved", team)} {
		_, err := b.st.CaptureInsight(b.t.Context(), lead, models.CaptureInput{Roundtable: r.id, Line: b.word(r, "private words", team) + " " + mark})
		b.must(err)
	}
}

// teamsAndHosts puts the others on the teams, and the partners' accounts to
// the roundtables that they co-host.
func (b houseBuilder) teamsAndHosts() {
	cohost := func(lead string, r houseRoom, name string) {
		v := b.view(lead)
		b.must(b.st.AddCohost(b.t.Context(), v, r.id, "Partner House"))
		b.must(b.st.AddCohostAccount(b.t.Context(), v, r.id, models.CohostInput{
			Organisation: b.h.host, Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org",
		}))
	}
	for _, r := range b.h.rooms {
		for _, a := range staffOfHouse {
			if a.team != models.TeamNone && a.team != models.TeamLead {
				storetest.Team(b.t, b.st, b.view("Lea Lead"), r.id, b.view(a.name), a.team)
			}
		}
		cohost("Lea Lead", r, "Paul Partner")
	}
	cohost("Max Lead", b.h.other, "Pia Partner")
	for _, name := range []string{"Paul Partner", "Pia Partner"} {
		b.h.accounts[name] = b.view(name).Account()
	}
}

// stage reads a file of three people, one of whom has no name.
func (b houseBuilder) stage(v models.Viewer) models.ID {
	rows := [][]string{{"Ida Import", "ida@example.com"}, {"", "nobody@example.com"}, {"Ole Import", "not an address"}}
	columns := []models.ImportColumn{}
	for i, name := range []string{"Name", "Email"} {
		columns = append(columns, models.ImportColumn{Label: name, How: "name", Field: []models.PersonField{models.FieldFullName, models.FieldEmail}[i]})
	}
	n := 0
	id, err := b.st.StageImport(b.t.Context(), v, models.ImportFile{Name: "people.csv", Columns: columns}, func() (models.RawRow, error) {
		if n++; n > len(rows) {
			return models.RawRow{}, io.EOF
		}
		return models.RawRow{Line: n + 1, Cells: rows[n-1]}, nil
	}, nil)
	b.must(err)
	return id
}

// lookUp finds ids that no verb returns.
func (b houseBuilder) lookUp(dsn string) {
	db := storetest.RawDB(b.t, dsn)
	rows, err := db.Query("SELECT roundtable_id, id FROM mails ORDER BY id")
	b.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var room, mail models.ID
		b.must(rows.Scan(&room, &mail))
		b.h.mails[room] = append(b.h.mails[room], mail)
	}
	b.must(rows.Err())
	b.must(rows.Close())
	b.must(db.Close()) // the file is copied when nobody has it open
}

// principals signs everybody in who has an account.
func (b houseBuilder) principals() {
	names := []string{"Paul Partner", "Pia Partner"}
	for _, a := range staffOfHouse {
		if a.name != "Newt New" {
			names = append(names, a.name)
		}
	}
	b.h.principals = []principal{{name: "anonymous", nobody: true}}
	for _, name := range names {
		v := b.view(name)
		token, err := b.st.StartSession(b.t.Context(), v.Account(), "test", "192.0.2.1")
		b.must(err)
		p := principal{name: name, token: token, viewer: v}
		if name == "Dora Disabled" {
			p.nobody, p.viewer = true, models.Anonymous()
			b.must(b.st.DisableAccount(b.t.Context(), b.view("Ada Admin"), v.Account()))
		}
		b.h.principals = append(b.h.principals, p)
	}
}

func second[T any](_ T, err error) error { return err }

package handlers_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"rotunda/handlers/worker/smtptest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// principal is somebody who asks the house for something.
type principal struct {
	name   string
	token  string // of the session, empty for nobody
	viewer models.Viewer
	// nobody: what the cookie says is worth nothing.
	nobody bool
}

// houseRoom is a roundtable of the house with one of everything in it.
type houseRoom struct {
	state    string
	id       models.ID
	private  bool
	regime   models.Regime
	guests   []models.ID
	people   []models.ID
	items    []models.ID
	insights []models.ID // captured, reviewed, released
	tokens   []string    // links of the guests; that of the second is revoked
	// addresses are the guests' e-mail addresses.
	addresses []string
}

// exists reports whether the roundtable exists for the principal.
func (r houseRoom) exists(p principal) bool {
	v := p.viewer
	if v.IsTeam(r.id) || v.IsCohost(r.id) {
		return true
	}
	return r.staffReads(p)
}

// isPublic reports whether the roundtable exists for everybody.
func (r houseRoom) isPublic() bool { return !r.private && r.regime != models.OffTheRecord }

// onPublicPages reports whether the path is one of the pages about public
// roundtables, and this is one.
func (r houseRoom) onPublicPages(path string) bool {
	return r.isPublic() && strings.HasPrefix(path, "/public/roundtables")
}

func (r houseRoom) staffReads(p principal) bool {
	return models.Can(p.viewer, models.ReadAsStaff) && !r.private && r.regime != models.OffTheRecord
}

// canary is a word that stands nowhere else, and who may read it where.
type canary struct {
	word, what string
	allowed    func(p principal, path string) bool
}

// house is an institute with every kind of account and a roundtable in every
// state: what the proofs over all routes are made with. It is built once;
// every test opens copies of its file.
type house struct {
	dsn        string // on PostgreSQL, where there is no file to copy
	file       []byte
	principals []principal
	rooms      []houseRoom // what Lea leads, and Paul co-hosts
	other      houseRoom   // what Max leads, and Pia co-hosts
	people     []models.ID
	series     models.ID
	theme      models.ID // of public roundtables
	secret     models.ID // with words of the private one
	brief      models.ID // a draft about a public roundtable
	comment    models.ID // on it
	published  string    // the slug of another one that was published
	host       models.ID // the partner's organization
	accounts   map[string]models.ID
	undo       models.ID // Lea's
	// requests of people from outside, by the roundtable.
	requests map[models.ID]models.ID
	// recommended is Ana's, evaluator its one evaluator, who holds the link.
	recommended, evaluator models.ID
	hushed                 models.ID // a recommendation that rests on the secret theme
	evaluate               string
	code                   models.ID // a forum of the codebook
	imported               models.ID // Cora's file of people, not yet committed
	mails                  map[models.ID][]models.ID
	sent                   []smtptest.Received
	links                  map[store.LinkPurpose]string
	canaries               []canary
}

var (
	houseMu    sync.Mutex
	houseBuilt *house
)

// theHouse returns the house; the first test that asks builds it.
func theHouse(t *testing.T) *house {
	t.Helper()
	if storetest.Postgres() {
		t.Skip("copies a SQLite file for every request; who may do what is the same on both databases")
	}
	houseMu.Lock()
	defer houseMu.Unlock()
	if houseBuilt == nil {
		houseBuilt = buildHouse(t)
	}
	return houseBuilt
}

// houseToRead returns a house for tests that change nothing: on PostgreSQL one
// that they open as it is.
func houseToRead(t *testing.T) *house {
	t.Helper()
	if storetest.Postgres() {
		return buildHouse(t)
	}
	return theHouse(t)
}

// staffOfHouse lists the accounts: one of each role on no team, a team, the
// lead of another roundtable, one that is disabled and one that never came.
var staffOfHouse = []struct {
	name string
	role models.AccountRole
	team models.TeamRole
}{
	{"Ada Admin", models.RoleAdmin, models.TeamNone}, {"Cora Convener", models.RoleConvener, models.TeamNone},
	{"Rae Rapporteur", models.RoleRapporteur, models.TeamNone}, {"Ana Analyst", models.RoleAnalyst, models.TeamNone}, {"Rita Reader", models.RoleReader, models.TeamNone},
	{"Lea Lead", models.RoleConvener, models.TeamLead}, {"Tara Team", models.RoleRapporteur, models.TeamRapporteur},
	{"Tom Team", models.RoleAnalyst, models.TeamAnalyst}, {"Otto Observer", models.RoleReader, models.TeamObserver}, {"Cleo Convener", models.RoleConvener, models.TeamRapporteur},
	{"Max Lead", models.RoleConvener, models.TeamNone}, {"Dora Disabled", models.RoleAdmin, models.TeamNone}, {"Newt New", models.RoleReader, models.TeamNone},
}

func buildHouse(t *testing.T) *house {
	dsn := storetest.NewDSN(t)
	st, _ := storetest.OpenDSN(t, dsn)
	h := &house{accounts: map[string]models.ID{}, links: map[store.LinkPurpose]string{}, mails: map[models.ID][]models.ID{}, requests: map[models.ID]models.ID{}}
	b := houseBuilder{t: t, st: st, h: h, post: openPostOffice(t, st, dsn)}
	for _, a := range staffOfHouse {
		h.accounts[a.name] = storetest.Account(t, st, a.name, a.role).Account()
	}
	cora := b.view("Cora Convener")
	var err error
	h.series, err = st.CreateSeries(t.Context(), cora, models.SeriesInput{Name: "Allied dialogue"})
	b.must(err)
	h.host = storetest.Organisation(t, st, cora, "Partner House", models.ThinkTanks)
	type verb = func(context.Context, models.Viewer, models.ID) error
	cancel := func(ctx context.Context, v models.Viewer, id models.ID) error {
		return st.CancelRoundtable(ctx, v, id, models.CancelInput{Reason: "The host is ill."})
	}
	for _, s := range []struct {
		state   string
		options []storetest.RoomOption
		verbs   []verb
	}{
		{"public scheduled", nil, nil},
		{"private scheduled", []storetest.RoomOption{storetest.Private()}, nil},
		{"in session", []storetest.RoomOption{storetest.InSession()}, nil},
		{"off the record", []storetest.RoomOption{storetest.Under(models.OffTheRecord)}, nil},
		{"deep background", []storetest.RoomOption{storetest.Past(), storetest.Under(models.DeepBackground)}, []verb{st.HoldRoundtable}},
		{"on the record", []storetest.RoomOption{storetest.Past(), storetest.Under(models.OnTheRecord)}, []verb{st.HoldRoundtable}},
		{"held", []storetest.RoomOption{storetest.Past()}, []verb{st.HoldRoundtable}},
		{"private closed", []storetest.RoomOption{storetest.Past(), storetest.Private()}, []verb{st.HoldRoundtable, st.CloseRoundtable}},
		{"closed", []storetest.RoomOption{storetest.Past()}, []verb{st.HoldRoundtable, st.CloseRoundtable}},
		{"cancelled", nil, []verb{cancel}},
	} {
		h.rooms = append(h.rooms, b.room("Lea Lead", s.state, s.options, s.verbs...))
	}
	h.other = b.room("Max Lead", "another lead's", nil)
	b.asks(h.rooms[0])
	b.asks(h.other)
	b.teamsAndHosts()
	b.themes()
	b.briefs(cora)
	h.imported = b.stage(cora)
	b.recommend(b.view("Ana Analyst"))
	item := storetest.AgendaItem(t, st, b.view("Lea Lead"), h.rooms[0].id, "Taken away", 5, models.RegimeNone)
	book, err := st.Codebook(t.Context(), b.view("Lea Lead"))
	if err != nil {
		t.Fatal(err)
	}
	h.code = book.Of(models.CodeForum)[0].ID
	h.undo, err = st.DeleteAgendaItem(t.Context(), b.view("Lea Lead"), h.rooms[0].id, item)
	b.must(err)
	for _, purpose := range []store.LinkPurpose{store.SignInLink, store.ResetLink} {
		h.links[purpose], err = st.NewOneTimeLink(t.Context(), models.System("test"), h.accounts["Newt New"], purpose)
		b.must(err)
	}
	h.sent = b.post.delivered()
	b.post.stop()
	b.lookUp(dsn)
	b.principals()
	b.must(st.Close())
	if storetest.Postgres() {
		h.dsn = dsn
		return h
	}
	h.file, err = os.ReadFile(dsn)
	b.must(err)
	return h
}

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

// ownLink reports whether the path is the personal page of one of the guests.
func (r houseRoom) ownLink(path string) bool {
	for _, token := range r.tokens {
		if token != "" && strings.HasPrefix(path, "/r/"+token) {
			return true
		}
	}
	return false
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

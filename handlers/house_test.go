package handlers_test

import (
	"context"
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
	inner      models.ID // one about the private one
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
		t.Skip("copies a SQLite file for every request; TestACL_readsAndRefusalsOnPostgres asks what needs no copy")
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
	b.promises()
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

// ownLink reports whether the path is the personal page of one of the guests.
func (r houseRoom) ownLink(path string) bool {
	for _, token := range r.tokens {
		if token != "" && strings.HasPrefix(path, "/r/"+token) {
			return true
		}
	}
	return false
}

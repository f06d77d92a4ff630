package storetest

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// WorldGuest is one guest of a drawn world.
type WorldGuest struct {
	ID, Person   models.ID
	Name, Family string
	Email        string
	Organisation string
	Sector       models.Sector
	Role         models.GuestRole
	Preference   models.Regime
	// Token opens the guest's personal page until the roundtable ends.
	Token string
}

// said is one insight of a drawn world; speaker and committed are guests by
// number, or -1.
type said struct {
	text               string
	speaker, committed int
	item               int
	marks              string
	state              models.InsightState
	paraphrase         string
}

// WorldPlan is a drawn world before it is built: everything that a world is
// made of but who said what protected thing.
type WorldPlan struct {
	Seed     uint64
	Regime   models.Regime
	Private  bool
	Recorded bool // attendance is on record
	Closed   bool
	Guests   []WorldGuest
	items    []models.AgendaInput
	said     []said
}

// Words that drawn insights are made of.
var worldWords = []string{
	"chips", "permits", "allies", "export", "controls", "cables", "standards", "undersea", "budget", "talent", "quantum", "tariffs",
	"resilience", "coalition", "procurement", "spectrum", "minerals", "shipyards", "norms", "funding",
}

// DrawWorld draws a world from a seed: the same seed, the same world.
func DrawWorld(seed uint64) WorldPlan {
	r := rand.New(rand.NewPCG(seed, 0x726f74756e6461))
	p := WorldPlan{Seed: seed, Regime: models.Regimes[r.IntN(4)], Private: r.IntN(8) == 0, Recorded: r.IntN(4) != 0, Closed: r.IntN(4) == 0}
	if r.IntN(2) == 0 {
		p.Regime = models.ChathamHouse
	}
	sectors := append([]models.Sector{models.HostStaff, models.SectorNone}, models.Sectors...)
	some := 2 + r.IntN(4) // few sectors make cells of which some are large enough
	r.Shuffle(len(sectors), func(i, j int) { sectors[i], sectors[j] = sectors[j], sectors[i] })
	for i := range 4 + r.IntN(14) {
		sector := sectors[r.IntN(some)]
		g := WorldGuest{
			Name: fmt.Sprintf("Given%c Zqfamily%c", 'a'+i, 'a'+i), Family: fmt.Sprintf("Zqfamily%c", 'a'+i), Email: fmt.Sprintf("zqmail%c@example.net", 'a'+i),
			Organisation: fmt.Sprintf("Zqorg%s%d", sector.Key(), r.IntN(4)), Sector: sector,
		}
		if r.IntN(8) == 0 {
			g.Role = models.RoleObserver
		}
		if r.IntN(6) == 0 {
			g.Preference = models.Regimes[r.IntN(5)]
		}
		p.Guests = append(p.Guests, g)
	}
	for i := range 1 + r.IntN(3) {
		item := models.AgendaInput{Title: "Part " + string(rune('A'+i)), TitleReviewed: r.IntN(2) == 0}
		if r.IntN(4) == 0 {
			item.Regime = models.Strictest(p.Regime, models.Regimes[r.IntN(5)])
		}
		p.items = append(p.items, item)
	}
	for range 6 + r.IntN(8) {
		p.said = append(p.said, p.drawSaid(r))
	}
	return p
}

func (p WorldPlan) drawSaid(r *rand.Rand) said {
	one := said{speaker: r.IntN(len(p.Guests)+1) - 1, committed: -1, item: r.IntN(len(p.items)+1) - 1, state: models.InsightState(r.IntN(3))}
	var words []string
	for range 3 + r.IntN(5) {
		words = append(words, worldWords[r.IntN(len(worldWords))])
	}
	one.text = strings.Join(words, " ")
	marks := []string{"#s", "#t", "#e", "#a", "#d", "!claim", "!dissent", "!question", "%nato", "^networks", `"in these words"`}
	for range r.IntN(3) {
		one.marks += " " + marks[r.IntN(len(marks))]
	}
	switch r.IntN(12) {
	case 0:
		one.marks += " =off"
	case 1:
		one.marks += " =deep"
	case 2:
		one.marks += " =bg"
	case 3:
		one.committed = r.IntN(len(p.Guests))
	case 4:
		one.marks += " @somebody_unknown"
		one.speaker = -1
	}
	if r.IntN(3) == 0 {
		one.paraphrase = "In our words " + worldWords[r.IntN(len(worldWords))]
	}
	return one
}

// Cells returns the outcome of the small-cell rule for the world's room.
func (p WorldPlan) Cells() models.Cells {
	var seats []models.CellSeat
	for i, g := range p.Guests {
		seats = append(seats, models.CellSeat{
			Person: models.ID(i + 1), Sector: g.Sector, Organisation: g.Organisation, MaySpeak: g.Role.Speaks(), Present: p.Recorded, Accepted: !p.Recorded,
		})
	}
	return models.SmallCells(seats, p.Recorded, models.Thresholds{})
}

// Pairs lists the guests who may be exchanged for an audience: both have the
// same role and preference, the same disclosed label, neither is named there on
// the record, and at least one of them said something.
func (p WorldPlan) Pairs(a models.Audience) [][2]int {
	cells, spoke, named := p.Cells(), map[int]bool{}, map[int]bool{}
	for _, s := range p.said {
		for _, g := range []int{s.speaker, s.committed} {
			if g < 0 {
				continue
			}
			spoke[g] = true
			if p.regimeOf(s) == models.OnTheRecord {
				named[g] = true
			}
		}
	}
	var out [][2]int
	for i, g := range p.Guests {
		for j := i + 1; j < len(p.Guests); j++ {
			h := p.Guests[j]
			if g.Role == h.Role && g.Preference == h.Preference && !named[i] && !named[j] && (spoke[i] || spoke[j]) &&
				cells.Label(a, g.Sector) == cells.Label(a, h.Sector) {
				out = append(out, [2]int{i, j})
			}
		}
	}
	return out
}

// regimeOf returns the rule under which something was said.
func (p WorldPlan) regimeOf(s said) models.Regime {
	in := models.RegimeInputs{Room: p.Regime}
	if s.item >= 0 {
		in.Item = p.items[s.item].Regime
	}
	for _, g := range []int{s.speaker, s.committed} {
		if g >= 0 {
			in.Speaker = models.Strictest(in.Speaker, p.Guests[g].Preference)
		}
	}
	for mark, regime := range map[string]models.Regime{"=off": models.OffTheRecord, "=deep": models.DeepBackground, "=bg": models.Background} {
		if strings.Contains(s.marks, mark) {
			in.Flag = regime
		}
	}
	return in.Effective()
}

// World is a built world.
type World struct {
	Plan  WorldPlan
	DSN   string
	Store *store.Store
	Clock *Clock
	// Room is the one in which things were said, Other one that others lead.
	Room, Other models.ID
	Series      models.ID
	Items       []models.ID
	Guests      []WorldGuest
	Insights    []models.ID
	Themes      []models.ID
	// Recommendation draws on all of the themes; Evaluate is the link of one from
	// outside who scored it. Code is a forum of the codebook.
	Recommendation models.ID
	Evaluate       string
	Code           models.ID
	// Brief reports on Room; where nothing stands in the way it is Published too.
	Brief     models.ID
	Published bool
	// IDs are all that a reader could ask for.
	IDs []models.ID
	// Lead leads Room; the others are who may read it, by audience.
	Lead    models.Viewer
	Readers map[models.Audience][]Reader
}

// Reader is somebody who asks.
type Reader struct {
	Name   string
	Viewer models.Viewer
}

// Build builds the world of a plan. swap, where it holds two different guests,
// exchanges them in everything that they said. Ids and tokens follow from the
// plan alone, so that two worlds of one plan can be compared byte for byte.
func (p WorldPlan) Build(t testing.TB, swap [2]int) *World {
	t.Helper()
	w := &World{Plan: p, DSN: NewDSN(t), Clock: &Clock{}, Readers: map[models.Audience][]Reader{}}
	w.Clock.Set(Start)
	seed := [32]byte{}
	copy(seed[:], fmt.Sprintf("world %d", p.Seed))
	random := rand.NewChaCha8(seed)
	st, err := store.Open(t.Context(), store.Options{DSN: w.DSN, LinkKey: LinkKey, Now: w.Clock.Now, Random: random})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	w.Store = st
	// The store settles its codebook at its first capture at the latest; the
	// ids of everything that follows depend on when.
	book, err := st.Codebook(t.Context(), models.System("world"))
	if err != nil {
		t.Fatal(err)
	}
	w.Code = book.Of(models.CodeForum)[0].ID
	b := builder{t: t, w: w, random: random}
	b.rooms()
	b.people()
	b.speak(swap)
	b.promise(swap)
	b.themes()
	b.panel()
	b.brief()
	return w
}

type builder struct {
	t      testing.TB
	w      *World
	random *rand.ChaCha8
	tx     *sql.Tx
}

func (b *builder) id() models.ID {
	var raw [8]byte
	_, _ = b.random.Read(raw[:])
	id := models.NewID(raw)
	b.w.IDs = append(b.w.IDs, id)
	return id
}

func (b *builder) exec(q string, args ...any) {
	b.t.Helper()
	if _, err := b.tx.Exec(Rebind(q), args...); err != nil {
		b.t.Fatalf("%v: %s", err, q)
	}
}

func (b *builder) inTransaction(f func()) {
	b.t.Helper()
	db := RawDB(b.t, b.w.DSN)
	tx, err := db.Begin()
	if err != nil {
		b.t.Fatal(err)
	}
	b.tx = tx
	f()
	if err := tx.Commit(); err != nil {
		b.t.Fatal(err)
	}
	_ = db.Close()
}

func (b *builder) account(name string, role models.AccountRole) models.ID {
	id := b.id()
	email := strings.ToLower(name) + "@example.org"
	b.exec("INSERT INTO accounts (id, email, email_fold, name, role, created_ms) VALUES (?, ?, ?, ?, ?, 1)", id, email, email, name, role.Key())
	return id
}

// rooms makes the accounts, the two roundtables, their teams and co-hosts.
func (b *builder) rooms() {
	w := b.w
	b.inTransaction(func() {
		series := b.id()
		w.Series = series
		b.exec("INSERT INTO series (id, name, created_ms) VALUES (?, 'Allied dialogue', 1)", series)
		for i, room := range []*models.ID{&w.Room, &w.Other} {
			*room = b.id()
			status := models.Held.Key()
			if i == 0 && w.Plan.Closed {
				status = models.Scheduled.Key() // closed at the end, by the store
			}
			b.exec(`INSERT INTO roundtables (id, series_id, title, title_fold, place, zone, regime, private, capacity, status, ics_uid, created_ms, starts_local, ends_local, starts_ms, ends_ms)
				VALUES (?, ?, ?, ?, 'Washington', 'America/New_York', ?, ?, 20, ?, ?, 1, '2026-09-14T09:00', '2026-09-14T11:00', ?, ?)`,
				*room, series, fmt.Sprintf("Meeting %d", i), fmt.Sprintf("meeting %d", i), b.regime(i), i == 0 && w.Plan.Private, status, fmt.Sprintf("uid%d", i),
				models.At(Start.AddDate(0, 0, -10)), models.At(Start.AddDate(0, 0, -10))+7_200_000)
		}
		host := b.id()
		b.exec("INSERT INTO organisations (id, name, name_fold, sector, created_ms) VALUES (?, 'Partner House', 'partner house', 7, 1)", host)
		lead, other := b.account("Lea", models.RoleConvener), b.account("Max", models.RoleConvener)
		b.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', 1), (?, ?, 'lead', 1)", w.Room, lead, w.Other, other)
		b.exec("INSERT INTO cohosts (roundtable_id, organisation_id, added_ms) VALUES (?, ?, 1)", w.Room, host)
		b.exec("INSERT INTO cohost_accounts (roundtable_id, account_id, organisation_id, added_ms) VALUES (?, ?, ?, 1)", w.Room, b.account("Pia", models.RoleCohost), host)
		b.account("Rita", models.RoleReader)
		b.account("Ana", models.RoleAnalyst)
		b.account("Ada", models.RoleAdmin)
	})
	view := func(name string) models.Viewer { return Viewer(b.t, w.Store, strings.ToLower(name)+"@example.org") }
	w.Lead = view("Lea")
	w.Readers[models.Staff] = []Reader{{"reader", view("Rita")}, {"analyst", view("Ana")}, {"admin", view("Ada")}, {"another lead", view("Max")}, {"team capped to staff", w.Lead.Capped(models.Staff)}}
	w.Readers[models.Partner] = []Reader{{"co-host", view("Pia")}, {"team capped to partner", w.Lead.Capped(models.Partner)}}
	w.Readers[models.Public] = []Reader{{"anonymous", models.Anonymous()}, {"team capped to public", w.Lead.Capped(models.Public)}, {"job capped to public", models.System("proof").Capped(models.Public)}}
}

func (b *builder) regime(room int) models.Regime {
	if room == 0 {
		return b.w.Plan.Regime
	}
	return models.ChathamHouse
}

// people makes the guests and the agenda.
func (b *builder) people() {
	w := b.w
	state := models.Accepted
	if w.Plan.Recorded {
		state = models.Attended
	}
	b.inTransaction(func() {
		for i, g := range w.Plan.Guests {
			g.ID, g.Person = b.id(), b.id()
			b.exec(`INSERT INTO people (id, given, family, full_name, list_name, name_fold, sort_fold, email, email_fold, position, organisation, org_fold, sector, created_ms, updated_ms)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'Director', ?, ?, ?, 1, 1)`, g.Person, strings.TrimSuffix(g.Name, " "+g.Family), g.Family, g.Name, g.Family,
				strings.ToLower(g.Name), strings.ToLower(g.Family), g.Email, g.Email, g.Organisation, strings.ToLower(g.Organisation), g.Sector)
			b.exec(`INSERT INTO guests (id, roundtable_id, person_id, role, sector, state, state_ms, rsvp_state, seat, preference, invited_ms, answered_ms, created_ms)
				VALUES (?, ?, ?, ?, ?, ?, 1, 'accepted', ?, ?, 1, 1, 1)`, g.ID, w.Room, g.Person, g.Role.Key(), g.Sector, state.Key(), i+1, g.Preference)
			g.Token = fmt.Sprintf("world%038d", i) // as long as a real one
			hash := sha256.Sum256([]byte(g.Token))
			b.exec("INSERT INTO guest_links (guest_id, purpose, version, token_hash, expires_ms, created_ms) VALUES (?, 'rsvp', 1, ?, ?, 1)",
				g.ID, base64.RawURLEncoding.EncodeToString(hash[:]), models.At(Start.AddDate(1, 0, 0)))
			w.Guests = append(w.Guests, g)
		}
		for i, item := range w.Plan.items {
			id := b.id()
			b.exec("INSERT INTO agenda_items (id, roundtable_id, position, title, regime, title_reviewed) VALUES (?, ?, ?, ?, ?, ?)", id, w.Room, i+1, item.Title, item.Regime, item.TitleReviewed)
			w.Items = append(w.Items, id)
		}
	})
}

// exchanged is the guest in whose place one is in the other world.
func exchanged(swap [2]int, g int) int {
	switch g {
	case swap[0]:
		return swap[1]
	case swap[1]:
		return swap[0]
	}
	return g
}

// speak captures what was said, by the store's own verbs.
func (b *builder) speak(swap [2]int) {
	w, ctx := b.w, b.t.Context()
	states := map[models.InsightState][]models.ID{}
	for _, s := range w.Plan.said {
		in := models.CaptureInput{Roundtable: w.Room, Line: s.text + s.marks}
		if s.speaker >= 0 {
			in.Line += fmt.Sprintf(" @s%d", exchanged(swap, s.speaker)+1)
		}
		if s.committed >= 0 {
			in.Line += fmt.Sprintf(" >>@s%d", exchanged(swap, s.committed)+1)
		}
		if s.item >= 0 {
			in.Item = w.Items[s.item]
		}
		kept, err := w.Store.CaptureInsight(ctx, w.Lead, in)
		if err != nil {
			b.t.Fatalf("%q: %v", in.Line, err)
		}
		if s.paraphrase != "" {
			if err := w.Store.SetParaphrase(ctx, w.Lead, kept.ID(), s.paraphrase, true); err != nil {
				b.t.Fatal(err)
			}
		}
		w.Insights, w.IDs = append(w.Insights, kept.ID()), append(w.IDs, kept.ID())
		states[s.state] = append(states[s.state], kept.ID())
	}
	for _, to := range []models.InsightState{models.Reviewed, models.Released} {
		if len(states[to]) == 0 {
			continue
		}
		if _, err := w.Store.SetInsightStates(ctx, w.Lead, states[to], to); err != nil {
			b.t.Fatal(err)
		}
	}
	if w.Plan.Closed {
		for _, step := range []func() error{
			func() error { return w.Store.HoldRoundtable(ctx, w.Lead, w.Room) },
			func() error { return w.Store.CloseRoundtable(ctx, w.Lead, w.Room) },
		} {
			if err := step(); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

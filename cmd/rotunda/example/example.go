// Package example builds the programme that a new installation starts with:
// three series, eight roundtables and forty guests, all invented but one
// roundtable of public record. It is built through the store's own methods, in
// the order in which it would have happened, and is the same each time for the
// same day.
package example

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

// Options say how large the example is.
type Options struct {
	// Insights is how many there are in all; the example has some hundreds,
	// and fewer than that cannot be asked for.
	Insights int
	// Progress is told how many insights are kept; nil tells nobody.
	Progress func(done, total int)
}

// ErrNotEmpty says that the database holds accounts already.
var ErrNotEmpty = errors.New("the example is built in an empty database only")

// zone is where the example's institute is.
const zone = "America/New_York"

// Build fills an empty migrated database with the example programme and marks
// all of it as such. Dates are relative to the day of the store's clock.
func Build(ctx context.Context, st *store.Store, o Options) error {
	if has, err := st.HasAccounts(ctx); err != nil || has {
		return errors.Join(err, or(has, ErrNotEmpty))
	}
	b, err := newBuilder(ctx, st)
	if err != nil {
		return err
	}
	if err := b.play(); err != nil {
		return err
	}
	if err := b.scale(o); err != nil {
		return err
	}
	return b.st.MarkExample(ctx, models.System("example"))
}

func or(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

// builder knows what has been built so far.
type builder struct {
	ctx context.Context
	st  *store.Store
	// now is the example's own clock: it walks from the first act to the
	// moment at which the example is built.
	now   time.Time
	today time.Time // midnight at the institute
	end   time.Time
	draw  *rand.Rand

	series   []models.ID
	people   map[string]models.ID
	sectors  map[string]models.Sector
	rooms    map[string]*builtRoom
	insights int
	acts     []act

	themes          map[string]models.ID
	recommendations map[string]models.ID
}

// builtRoom is a roundtable of the plan as it came out.
type builtRoom struct {
	id     models.ID
	plan   roomPlan
	starts time.Time
	ends   time.Time
	items  []models.ID
	guests map[string]models.ID
	said   []remark
}

// act is something that somebody does at a time.
type act struct {
	at time.Time
	do func() error
}

func newBuilder(ctx context.Context, st *store.Store) (*builder, error) {
	loc, err := models.Zone(zone)
	if err != nil {
		return nil, err
	}
	end := st.Now().Time()
	local := end.In(loc)
	b := &builder{
		ctx: ctx, end: end, today: time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, loc),
		draw:   rand.New(rand.NewPCG(1795, 1)), //nolint:gosec // the same each time is the point
		people: map[string]models.ID{}, sectors: map[string]models.Sector{}, rooms: map[string]*builtRoom{},
	}
	b.st = st.Staged(func() time.Time { return b.now }, &idSource{draw: rand.New(rand.NewPCG(1795, 2))}) //nolint:gosec // as above
	return b, nil
}

// idSource makes the example's ids: the same each time.
type idSource struct{ draw *rand.Rand }

// Read fills p.
func (s *idSource) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s.draw.Uint32())
	}
	return len(p), nil
}

// later notes an act. What lies ahead of the present never happens.
func (b *builder) later(at time.Time, do func() error) {
	if at.Before(b.end) {
		b.acts = append(b.acts, act{at, do})
	}
}

// play performs the programme in the order of time.
func (b *builder) play() error {
	b.later(b.on(-330, "09:00"), b.begin)
	for i, plan := range plans {
		room, err := b.planned(plan)
		if err != nil {
			return err
		}
		b.rooms[plan.key] = room
		b.schedule(room, i)
	}
	b.synthesize()
	slices.SortStableFunc(b.acts, func(x, y act) int { return x.at.Compare(y.at) })
	for _, a := range b.acts {
		b.now = a.at
		if err := a.do(); err != nil {
			return fmt.Errorf("example, %s: %w", a.at.Format(time.DateOnly), err)
		}
	}
	b.now = b.end
	return nil
}

// on returns a time of day some days from today, on a working day.
func (b *builder) on(days int, clock string) time.Time {
	d := b.today.AddDate(0, 0, days)
	step := 1
	if days < 0 {
		step = -1
	}
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, step)
	}
	return at(d, clock)
}

func at(day time.Time, clock string) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return day
	}
	return time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), 0, 0, day.Location())
}

// as returns an account of the example as it is now.
func (b *builder) as(key string) (models.Viewer, error) {
	return b.st.ViewerByEmail(b.ctx, staff[key].email())
}

// doing performs what an account of the example does.
func (b *builder) doing(key string, do func(models.Viewer) error) error {
	v, err := b.as(key)
	if err != nil {
		return err
	}
	return do(v)
}

// begin sets the institute up: accounts, series, tags, people.
func (b *builder) begin() error {
	for i, key := range staffOrder {
		b.now = b.now.Add(time.Duration(i) * time.Minute)
		s := staff[key]
		if _, _, err := b.st.CreateAccount(b.ctx, models.System("example"), models.AccountInput{Email: s.email(), Name: s.name, Role: s.role}, store.InviteLink); err != nil {
			return err
		}
	}
	return b.doing(admin, func(v models.Viewer) error {
		host := models.DefaultInstitute()
		host.Name, host.ShortName, host.Contact = "Westbridge Institute for Strategic Cooperation", "WISC", "programs@wisc.example"
		if err := b.st.UpdateInstitute(b.ctx, v, "", host); err != nil {
			return err
		}
		for _, s := range seriesPlans {
			id, err := b.st.CreateSeries(b.ctx, v, s)
			if err != nil {
				return err
			}
			b.series = append(b.series, id)
		}
		if err := b.addTags(v); err != nil {
			return err
		}
		for _, file := range []string{"guests.csv", "officials.csv"} {
			if err := b.addPeople(v, file); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *builder) addTags(v models.Viewer) error {
	rows, err := table("tags.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := b.st.CreateTag(b.ctx, v, 0, models.TagInput{Name: r["name"], Definition: r["definition"]}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) addPeople(v models.Viewer, file string) error {
	rows, err := table(file)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range rows {
		sector, ok := models.ParseSector(r["sector"])
		if !ok {
			return fmt.Errorf("%s: no sector %q", file, r["sector"])
		}
		if !known[r["organisation"]] {
			known[r["organisation"]] = true
			if _, err := b.st.CreateOrganisation(b.ctx, v, models.OrganisationInput{Name: r["organisation"], Sector: sector, Country: r["country"]}); err != nil {
				return err
			}
		}
		in := models.PersonInput{
			Honorific: r["honorific"], Given: r["given"], Family: r["family"], Full: r["full"], List: r["list"],
			Position: r["position"], Organisation: r["organisation"], Sector: sector, Country: r["country"], Assistant: r["assistant"],
		}
		if file == "guests.csv" {
			in.Email, in.Notes = r["key"]+"@"+mailDomain(r["organisation"]), "Invented for the example."
		} else {
			in.Notes = "A real person, here only as the speaker of published words. Never written to."
			in.DoNotContact = true
		}
		id, _, err := b.st.CreatePerson(b.ctx, v, in)
		if err != nil {
			return fmt.Errorf("%s: %w", r["key"], err)
		}
		b.people[r["key"]], b.sectors[r["key"]] = id, sector
	}
	return nil
}

// mailDomain makes a domain from an organisation's name that no mail server
// has: names ending in .example are kept free for this.
func mailDomain(organisation string) string {
	return strings.Join(models.Tokens(organisation), "-") + ".example"
}

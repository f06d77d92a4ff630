package store

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"rotunda/models"
)

// roomState is everything of one roundtable that decides how its insights are
// kept and shown: its rule, its agenda, who was there. It never leaves the
// store.
type roomState struct {
	id      models.ID
	title   string
	zone    string
	heldOn  string // local date, or ""
	status  models.RoundtableStatus
	private bool
	regime  models.Regime
	items   []itemState
	guests  []guestState
	team    []models.ID

	facts       models.RoomFacts
	sectorsOnly bool
	recorded    bool                       // somebody's attendance is on record
	kept        map[models.ID]models.Cells // by item, since the roundtable closed
	computed    map[models.ID]models.Cells // by item, on demand
	present     map[models.ID]int
	lint        *roomLint // on demand
}

type itemState struct {
	ID            models.ID
	Title         string
	Regime        models.Regime
	LeadPersonID  models.ID
	TitleReviewed bool
	StartedMs     models.Instant
	EndedMs       models.Instant
}

// guestState is one guest with what the small-cell rule and the team's own
// view need of the person.
type guestState struct {
	ID                models.ID
	PersonID          models.ID
	Role              string
	Sector            models.Sector
	State             string
	Seat              int
	Preference        models.Regime
	ArrivedMs         models.Instant
	LeftMs            models.Instant
	Descriptor        string
	DescriptorConsent bool
	FullName          string
	Given             string
	Family            string
	Honorific         string
	Position          string
	OrganisationID    models.ID
	Organisation      string
	OrgFold           string
}

// loadRoom reads the state of a roundtable. It is models.ErrNotFound where
// there is none; whether the viewer may know of it is the caller's question.
func loadRoom(r reader, id models.ID) (*roomState, error) {
	rooms, err := loadRooms(r, []models.ID{id})
	if err != nil {
		return nil, err
	}
	if len(rooms) == 0 {
		return nil, models.ErrNotFound
	}
	return rooms[0], nil
}

// loadRooms is loadRoom for many at once, by id. Those that are not there are
// left out.
func loadRooms(r reader, ids []models.ID) ([]*roomState, error) {
	q := "SELECT " + roomFields + ", r.cells FROM roundtables r WHERE r.id IN ? ORDER BY r.id"
	if t, ok := r.(*tx); ok && t.s.dialect == postgresDialect {
		q += " FOR SHARE" // recomputeRoom waits for captures, and they for it
	}
	var rows []struct {
		Row   roomRow `gorm:"embedded"`
		Cells string
	}
	if err := r.list(&rows, q, ids); err != nil || len(rows) == 0 {
		return nil, err
	}
	institute, err := loadInstitute(r)
	if err != nil {
		return nil, err
	}
	rooms, byID := make([]*roomState, len(rows)), make(map[models.ID]*roomState, len(rows))
	for i, row := range rows {
		rooms[i] = row.Row.state(institute)
		rooms[i].kept = keptCells(row.Cells)
		byID[row.Row.ID] = rooms[i]
	}
	if err := loadRosters(r, ids, byID); err != nil {
		return nil, err
	}
	for _, room := range rooms {
		room.facts.Regime = models.RoomRegime(room.regime, room.itemRegimes())
	}
	return rooms, nil
}

// loadRosters adds the agenda, the guests and the team of each room.
func loadRosters(r reader, ids []models.ID, rooms map[models.ID]*roomState) error {
	var items []struct {
		RoundtableID models.ID
		Item         itemState `gorm:"embedded"`
	}
	if err := r.list(&items, `SELECT roundtable_id, id, title, regime, lead_person_id, title_reviewed, started_ms, ended_ms
		FROM agenda_items WHERE roundtable_id IN ? ORDER BY position, id`, ids); err != nil {
		return err
	}
	for _, i := range items {
		room := rooms[i.RoundtableID]
		room.items = append(room.items, i.Item)
	}
	var guests []struct {
		RoundtableID models.ID
		Guest        guestState `gorm:"embedded"`
	}
	if err := r.list(&guests, `SELECT g.roundtable_id, g.id, g.person_id, g.role, CASE WHEN g.sector <> 0 THEN g.sector ELSE p.sector END AS sector,
			g.state, g.seat, g.preference, g.arrived_ms, g.left_ms, g.descriptor, g.descriptor_consent,
			p.full_name, p.given, p.family, p.honorific, p.position, p.organisation_id, p.organisation, p.org_fold
		FROM guests g JOIN people p ON p.id = g.person_id WHERE g.roundtable_id IN ? ORDER BY g.seat, g.id`, ids); err != nil {
		return err
	}
	for _, g := range guests {
		room := rooms[g.RoundtableID]
		room.guests = append(room.guests, g.Guest)
		room.recorded = room.recorded || g.Guest.State == models.Attended.Key()
	}
	var team []struct{ RoundtableID, AccountID models.ID }
	if err := r.list(&team, "SELECT roundtable_id, account_id FROM team_members WHERE roundtable_id IN ? ORDER BY account_id", ids); err != nil {
		return err
	}
	for _, m := range team {
		room := rooms[m.RoundtableID]
		room.team = append(room.team, m.AccountID)
	}
	return nil
}

func loadInstitute(r reader) (models.Institute, error) {
	institute := models.DefaultInstitute()
	var raw string
	err := r.get(&raw, "SELECT value FROM settings WHERE key = ?", "institute")
	if errors.Is(err, models.ErrNotFound) {
		return institute, nil
	}
	if err != nil {
		return institute, err
	}
	return institute, json.Unmarshal([]byte(raw), &institute)
}

// raised returns the institute's thresholds with what the roundtable raised.
// The public's numbers hold for partners too.
func raised(t models.Thresholds, kStaff, lStaff, kPublic, lPublic int) models.Thresholds {
	up := func(a models.Audience, k, l int) models.Threshold {
		th := t.For(a)
		return models.Threshold{K: max(th.K, k), L: max(th.L, l)}
	}
	return models.Thresholds{
		Staff: up(models.Staff, kStaff, lStaff), Partner: up(models.Partner, kPublic, lPublic), Public: up(models.Public, kPublic, lPublic),
	}
}

// knownTo reports whether the roundtable exists for the viewer: what
// visibleRooms asks of the table, for a room that is read already.
func (room *roomState) knownTo(v models.Viewer) bool {
	if a, _ := v.AudienceFor(room.id, room.private); a == models.Staff && !models.ShowsRoundtable(room.regime, a) {
		return false
	}
	return v.MayKnow(room.id, room.private)
}

func keptCells(raw string) map[models.ID]models.Cells {
	if raw == "" {
		return nil
	}
	var texts map[string]string
	if json.Unmarshal([]byte(raw), &texts) != nil {
		texts = nil // nothing is shown of a room whose levels cannot be read
	}
	out := map[models.ID]models.Cells{}
	for key, text := range texts {
		id, _ := strconv.ParseInt(key, 10, 64)
		cells, _ := models.ParseCells(text)
		out[models.ID(id)] = cells
	}
	return out
}

func (room *roomState) itemRegimes() []models.Regime {
	out := make([]models.Regime, len(room.items))
	for i, item := range room.items {
		out[i] = item.Regime
	}
	return out
}

// item returns an agenda item, or the zero item for none.
func (room *roomState) item(id models.ID) itemState {
	for _, item := range room.items {
		if item.ID == id {
			return item
		}
	}
	return itemState{}
}

func (room *roomState) guest(id models.ID) (guestState, bool) {
	if id != 0 {
		for _, g := range room.guests {
			if g.ID == id {
				return g, true
			}
		}
	}
	return guestState{}, false
}

func (g guestState) state() models.GuestState {
	s, _ := models.ParseGuestState(g.State)
	return s
}

func (g guestState) speaks() bool {
	role, ok := models.ParseGuestRole(g.Role)
	return ok && role.Speaks()
}

// during reports whether the guest was there while the item was discussed.
// Without times, everybody was there throughout.
func (g guestState) during(item itemState) bool {
	if g.state() != models.Attended {
		return false
	}
	late := g.ArrivedMs != 0 && item.EndedMs != 0 && g.ArrivedMs >= item.EndedMs
	early := g.LeftMs != 0 && item.StartedMs != 0 && g.LeftMs <= item.StartedMs
	return !late && !early
}

func (g guestState) seatCode() string {
	if g.Seat == 0 {
		return ""
	}
	return "S" + strconv.Itoa(g.Seat)
}

func (g guestState) organisationKey() string {
	if g.OrganisationID != 0 {
		return g.OrganisationID.String()
	}
	return g.OrgFold
}

// seats lists the guests as the small-cell rule counts them for an item.
func (room *roomState) seats(item itemState) []models.CellSeat {
	out := make([]models.CellSeat, 0, len(room.guests))
	for _, g := range room.guests {
		s := g.state()
		out = append(out, models.CellSeat{
			Person: g.PersonID, Sector: g.Sector, Organisation: g.organisationKey(),
			OwnOffice: models.OwnOffice(g.Sector, g.Honorific, g.Position), MaySpeak: g.speaks(),
			Present: g.during(item), Accepted: s == models.Accepted || s == models.Reconfirm,
		})
	}
	return out
}

// cells returns the outcome of the small-cell rule for an item; zero is the
// whole meeting. Once the roundtable closed, no level rises above the kept one.
func (room *roomState) cells(id models.ID) models.Cells {
	if c, ok := room.computed[id]; ok {
		return c
	}
	seats := room.seats(room.item(id))
	var c models.Cells
	if room.kept != nil {
		before, ok := room.kept[id]
		if !ok {
			before = room.kept[0] // an item added since
		}
		c = models.RecountCells(before, seats, room.recorded, room.facts.Thresholds)
	} else {
		c = models.SmallCells(seats, room.recorded, room.facts.Thresholds)
	}
	for _, s := range seats {
		if s.Present && s.MaySpeak {
			room.present[id]++
		}
	}
	room.computed[id] = c
	return c
}

// encodeCells returns the levels of every item, to keep when the roundtable
// closes.
func (room *roomState) encodeCells() (string, error) {
	texts := map[string]string{"0": room.cells(0).Encode()}
	for _, item := range room.items {
		texts[strconv.FormatInt(int64(item.ID), 10)] = room.cells(item.ID).Encode()
	}
	raw, err := json.Marshal(texts)
	return string(raw), err
}

// stricterHolders counts the people of the room whose own preference is
// stricter than its rule.
func (room *roomState) stricterHolders() int {
	var preferences []models.Regime
	for _, g := range room.guests {
		s := g.state()
		there := s == models.Attended
		if !room.recorded {
			there = s == models.Accepted || s == models.Reconfirm
		}
		if there && g.speaks() {
			preferences = append(preferences, g.Preference)
		}
	}
	return models.StricterHolders(room.regime, preferences)
}

// day returns the number of the roundtable's local day, zero without a date.
func (room *roomState) day() int64 {
	d, err := time.Parse(time.DateOnly, room.heldOn)
	if err != nil {
		return 0
	}
	return max(0, d.Unix()/86400)
}

// seatWords lists who a capture line can name.
func (room *roomState) seatWords() []models.Seat {
	out := make([]models.Seat, 0, len(room.guests))
	for _, g := range room.guests {
		switch g.state() {
		case models.Withdrawn, models.Declined, models.Lapsed, models.NoShow, models.Delegated, models.Shortlisted:
			if g.Seat == 0 {
				continue
			}
		}
		out = append(out, models.Seat{
			Guest: g.ID, Code: g.seatCode(), Name: g.FullName, Given: g.Given, Family: g.Family,
			Organisation: g.Organisation, Sector: g.Sector,
		})
	}
	return out
}

package store

import (
	"slices"
	"time"

	"rotunda/models"
)

// shownRooms is what disclosing some insights needs to know of their
// roundtables: read at once for all of them.
type shownRooms struct {
	byID  map[models.ID]*roomState
	names map[models.ID]string // of the accounts that captured and released
}

// roomRow is the part of a roundtable that every disclosure needs.
type roomRow struct {
	ID          models.ID
	Title       string
	Zone        string
	Status      string
	Private     bool
	Regime      models.Regime
	StartsLocal string
	KStaff      int
	LStaff      int
	KPublic     int
	LPublic     int
}

const (
	roomFields sqlText = `r.id, r.title, r.zone, r.status, r.private, r.regime, r.starts_local,
	r.k_staff, r.l_staff, r.k_public, r.l_public`
	roomColumns = "SELECT " + roomFields + " FROM roundtables r"
)

// state returns the roundtable with nothing but what its row says.
func (r roomRow) state(institute models.Institute) *roomState {
	room := &roomState{
		id: r.ID, title: r.Title, zone: r.Zone, private: r.Private, regime: r.Regime, sectorsOnly: institute.SectorsOnly,
		computed: map[models.ID]models.Cells{}, present: map[models.ID]int{},
		facts: models.RoomFacts{
			ID: r.ID, Private: r.Private, Regime: r.Regime,
			Thresholds: raised(institute.Thresholds, r.KStaff, r.LStaff, r.KPublic, r.LPublic),
		},
	}
	room.status, _ = models.ParseRoundtableStatus(r.Status)
	if len(r.StartsLocal) >= len(time.DateOnly) {
		room.heldOn = r.StartsLocal[:len(time.DateOnly)]
	}
	return room
}

// itemRow is an agenda item with its roundtable.
type itemRow struct {
	RoundtableID models.ID
	Item         itemState `gorm:"embedded"`
}

// presentRow is one person who came and may speak.
type presentRow struct {
	RoundtableID models.ID
	Guest        guestState `gorm:"embedded"`
}

// speakerOf is a guest with the person's own words, under the roundtable.
const speakerColumns sqlText = `SELECT g.roundtable_id, g.id, g.person_id, g.seat, g.descriptor, p.full_name, p.position, p.organisation
	FROM guests g JOIN people p ON p.id = g.person_id`

const presentColumns sqlText = `SELECT g.roundtable_id, g.role, g.state, g.arrived_ms, g.left_ms FROM guests g`

// loadShown reads what disclosing the rows needs: a few queries, however many
// rows there are.
//
// With items, agenda items are disclosed outside the team where enough people
// were there; a list shows no items and does without that count.
func loadShown(r reader, rows []foundRow, items bool) (shownRooms, error) {
	var rooms, guests, accounts []models.ID
	for _, row := range rows {
		rooms = append(rooms, row.Row.RoundtableID)
		accounts = append(accounts, row.Row.CapturedBy, row.Row.ReleasedBy)
		guests = append(guests, row.Speaker.GuestID)
	}
	out := shownRooms{byID: map[models.ID]*roomState{}, names: map[models.ID]string{}}
	if rooms = distinct(rooms); len(rooms) == 0 {
		return out, nil
	}
	institute, err := loadInstitute(r)
	if err != nil {
		return out, err
	}
	var roomRows []roomRow
	if err := r.list(&roomRows, roomColumns+" WHERE r.id IN ?", rooms); err != nil {
		return out, err
	}
	for _, row := range roomRows {
		out.byID[row.ID] = row.state(institute)
	}
	if err := out.addItems(r, " WHERE a.roundtable_id IN ?", rooms); err != nil {
		return out, err
	}
	if needed := out.shyRooms(); items && len(needed) > 0 {
		if err := out.addPresent(r, " WHERE g.state = 'attended' AND g.roundtable_id IN ?", needed); err != nil {
			return out, err
		}
	}
	if guests = distinct(guests); len(guests) > 0 {
		if err := out.addSpeakers(r, " WHERE g.id IN ?", guests); err != nil {
			return out, err
		}
	}
	var names []struct {
		ID   models.ID
		Name string
	}
	if err := r.list(&names, "SELECT id, name FROM accounts WHERE id IN ?", distinct(accounts)); err != nil {
		return out, err
	}
	for _, n := range names {
		out.names[n.ID] = n.Name
	}
	return out, nil
}

// distinct returns the ids once each, without zero.
func distinct(ids []models.ID) []models.ID {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return slices.DeleteFunc(ids, func(id models.ID) bool { return id == 0 })
}

// addItems reads the agenda items of roundtables, and with them the rule for
// facts about each whole roundtable.
func (o shownRooms) addItems(r reader, condition sqlText, args ...any) error {
	var items []itemRow
	err := r.list(&items, `SELECT a.roundtable_id, a.id, a.title, a.regime, a.lead_person_id, a.title_reviewed, a.started_ms, a.ended_ms
		FROM agenda_items a`+condition+" ORDER BY a.position, a.id", args...)
	for _, item := range items {
		if room, ok := o.byID[item.RoundtableID]; ok {
			room.items = append(room.items, item.Item)
		}
	}
	for _, room := range o.byID {
		room.facts.Regime = models.RoomRegime(room.regime, room.itemRegimes())
		// The levels are stored with each insight: nothing is computed anew
		// from a roster that is read in part.
		room.computed[0] = models.Cells{}
		for _, item := range room.items {
			room.computed[item.ID] = models.Cells{}
		}
	}
	return err
}

// shyRooms lists the roundtables with an agenda item that may be named to
// others only where enough people were present.
func (o shownRooms) shyRooms() []models.ID {
	var out []models.ID
	for id, room := range o.byID {
		if slices.ContainsFunc(room.items, func(i itemState) bool { return i.TitleReviewed && i.LeadPersonID == 0 }) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// addPresent counts who was there during each item.
func (o shownRooms) addPresent(r reader, condition sqlText, args ...any) error {
	var rows []presentRow
	err := r.list(&rows, presentColumns+condition, args...)
	for _, row := range rows {
		room, ok := o.byID[row.RoundtableID]
		if !ok || !row.Guest.speaks() {
			continue
		}
		for _, item := range room.items {
			if row.Guest.during(item) {
				room.present[item.ID]++
			}
		}
	}
	return err
}

// addSpeakers reads who spoke.
func (o shownRooms) addSpeakers(r reader, condition sqlText, args ...any) error {
	var rows []presentRow
	err := r.list(&rows, speakerColumns+condition, args...)
	for _, row := range rows {
		if room, ok := o.byID[row.RoundtableID]; ok {
			room.guests = append(room.guests, row.Guest)
		}
	}
	return err
}

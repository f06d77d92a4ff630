package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"rotunda/models"
)

// groupReader reads insights row by row: plain Scan, one row at a time, names
// from memory. Reflection would cost more than the database here.
type groupReader struct {
	*exporter
	rooms    shownRooms
	codes    codeLists
	speakers map[models.ID]models.SpeakerFacts

	// One row as the driver hands it over. Numbers go by any and text by
	// string: what database/sql passes on without reflection.
	numbers [11]any
	text    struct{ words, paraphrase, codes, unresolved, written string }
	into    []any
}

// readSpeakers reads who could have spoken.
func (g *groupReader) readSpeakers(ctx context.Context, ids []models.ID) error {
	rows, err := g.s.rows(ctx, `SELECT g.id, g.person_id, g.seat, g.descriptor, p.full_name, p.position, p.organisation
		FROM guests g JOIN people p ON p.id = g.person_id WHERE g.roundtable_id IN ?`, ids)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	g.speakers = make(map[models.ID]models.SpeakerFacts, 32*len(ids))
	for rows.Next() {
		var f models.SpeakerFacts
		var guest guestState
		if err := rows.Scan(&f.Guest, &f.Person, &guest.Seat, &f.Descriptor, &f.Name, &f.Title, &f.Organisation); err != nil {
			return mapped(err)
		}
		f.Seat = guest.seatCode()
		g.speakers[f.Guest] = f
	}
	return mapped(rows.Err())
}

// exportColumns packs the small numbers of a row into one: every column costs
// as much as a lookup. See unpack.
const exportColumns sqlText = `SELECT i.id, i.roundtable_id, i.item_id, i.text,
	CASE WHEN i.regime = 4 AND i.paraphrase_ready THEN i.paraphrase ELSE '' END, i.code_ids, COALESCE(sp.guest_id, 0), i.captured_by, i.captured_ms, i.embargo_ms,
	i.kind + 8 * i.state + 64 * i.regime + 512 * i.primary_pillar + 4096 * i.pillar_mask + 131072 * i.team_sector + CAST(2097152 AS BIGINT) * `

// shownColumns are what one audience is shown: its label, one up so that
// withheld is zero, and its rule.
var shownColumns = map[models.Audience]sqlText{
	models.Team: "0", models.Staff: "(i.label_staff + 1 + 64 * i.shown_staff)",
	models.Partner: "(i.label_partner + 1 + 64 * i.shown_partner)", models.Public: "(i.label_public + 1 + 64 * i.shown_public)",
}

// wholeColumns are what only the team's JSON holds beside the columns of every
// export. Its order is that of scan.
func (g *groupReader) wholeColumns() sqlText {
	if !g.whole {
		return ""
	}
	return ", CAST(2 AS BIGINT) * i.own_flag + CASE WHEN i.paraphrase_ready THEN 1 ELSE 0 END, COALESCE(sp.unresolved, ''), i.paraphrase, i.contradicts, COALESCE(sp.committed_by, 0)"
}

// day reads the insights of the roundtables of one day.
func (g *groupReader) day(ctx context.Context, ids []models.ID, take func(models.Insight)) error {
	var w where
	w.add("i.roundtable_id IN ?", ids)
	w.add("i.deleted_ms = 0 AND i.regime BETWEEN 1 AND 4") // off the record is exported to nobody
	order := sqlText(" ORDER BY i.pos")
	switch g.audience {
	case models.Team:
		order = " ORDER BY i.seq"
	case models.Staff:
		w.add("i.state >= 1")
	default:
		w.add("i.state = 2")
	}
	rows, err := g.s.rows(ctx, exportColumns+shownColumns[g.audience]+g.wholeColumns()+" FROM insights i"+withSpeaker+w.text()+order, w.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		f, err := g.scan(rows)
		if err != nil {
			return mapped(err)
		}
		room := g.rooms.byID[f.RoundtableID]
		if i, ok := models.Disclose(f, g.viewer, room.facts, g.now); ok {
			take(i)
		}
	}
	return mapped(rows.Err())
}

// scan reads one row into the facts that an export can show.
func (g *groupReader) scan(rows *sql.Rows) (models.InsightFacts, error) {
	var f models.InsightFacts
	n := &g.numbers
	if g.into == nil {
		g.into = []any{&n[0], &n[1], &n[2], &g.text.words, &g.text.paraphrase, &g.text.codes, &n[3], &n[4], &n[5], &n[6], &n[7]}
		if g.whole {
			g.into = append(g.into, &n[8], &g.text.unresolved, &g.text.written, &n[9], &n[10])
		}
	}
	err := rows.Scan(g.into...)
	if err != nil {
		return f, err
	}
	number := func(i int) int64 {
		v, ok := n[i].(int64)
		if !ok {
			err = fmt.Errorf("store: a number of an export is a %T", n[i])
		}
		return v
	}
	f.ID, f.RoundtableID, f.ItemID = models.ID(number(0)), models.ID(number(1)), models.ID(number(2))
	f.Speaker.Guest, f.CapturedBy = models.ID(number(3)), models.ID(number(4))
	f.CapturedAt, f.EmbargoUntil = models.Instant(number(5)), models.Instant(number(6))
	f.Text, f.Paraphrase = g.text.words, g.text.paraphrase
	packed := number(7)
	next := func(bits int) int {
		v := int(packed & (1<<bits - 1))
		packed >>= bits
		return v
	}
	f.Kind, f.State, f.Regime = models.Kind(next(3)), models.InsightState(next(3)), models.Regime(next(3))
	f.PrimaryPillar, f.PillarMask = models.Pillar(next(3)), next(5)
	sector := models.Sector(next(4))
	shown := models.Shown{Label: models.Label(next(6) - 1), Regime: models.Regime(next(3))}
	f.ToStaff, f.ToPartner, f.ToPublic = shown, shown, shown // read for one audience alone
	f.ParaphraseReady = f.Paraphrase != ""
	if g.whole {
		flags := number(8)
		f.OwnFlag, f.ParaphraseReady = models.Regime(flags>>1), flags&1 == 1
		f.Paraphrase, f.Contradicts = g.text.written, models.ID(number(9))
	}
	if f.Speaker.Guest != 0 {
		f.Speaker = g.speakers[f.Speaker.Guest]
	}
	f.Speaker.Sector = sector
	if g.whole {
		f.Speaker.Unresolved, f.Speaker.CommittedBy = g.text.unresolved, models.ID(number(10))
	}
	f.Actions, f.Fronts, f.Forums, f.Tags = g.codes.of(g.text.codes)
	room := g.rooms.byID[f.RoundtableID]
	f.Roundtable, f.Zone, f.HeldOn = room.title, room.zone, room.heldOn
	f.CapturedByName = g.names[f.CapturedBy]
	if item := room.item(f.ItemID); item.ID != 0 {
		f.Item = item.Title
		f.ItemFacts = models.ItemFacts{Reviewed: item.TitleReviewed, HasLead: item.LeadPersonID != 0, Present: room.present[item.ID]}
	}
	return f, err
}

// codeLists turns code_ids into the codes of each kind. Insights share few
// combinations, so each is put together once.
type codeLists struct {
	byID  map[string]models.CodeEntry
	known map[string]*[4][]models.CodeRef
}

func newCodeLists(book models.Codebook) codeLists {
	c := codeLists{byID: map[string]models.CodeEntry{}, known: map[string]*[4][]models.CodeRef{}}
	for _, e := range book {
		c.byID[e.ID.String()] = e
	}
	return c
}

func (c codeLists) of(ids string) (actions, fronts, forums, tags []models.CodeRef) {
	lists, ok := c.known[ids]
	if !ok {
		lists = &[4][]models.CodeRef{}
		for id := range strings.FieldsSeq(ids) {
			if e, ok := c.byID[id]; ok && e.Kind >= models.CodeAction {
				at := e.Kind - models.CodeAction
				lists[at] = append(lists[at], e.Ref())
			}
		}
		c.known[strings.Clone(ids)] = lists
	}
	return lists[0], lists[1], lists[2], lists[3]
}

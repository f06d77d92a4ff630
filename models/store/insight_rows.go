package store

import (
	"slices"
	"strings"

	"rotunda/models"
)

// insightRow is an insight as the database keeps it.
type insightRow struct {
	Seq             int64 `gorm:"primaryKey"`
	ID              models.ID
	Pos             int64
	RoundtableID    models.ID
	ItemID          models.ID
	ClientID        string
	Kind            models.Kind
	State           models.InsightState
	Text            string
	Paraphrase      string
	ParaphraseReady bool
	Regime          models.Regime
	BaseRegime      models.Regime
	OwnFlag         models.Regime
	FlagMs          models.Instant
	EmbargoMs       models.Instant
	PrimaryPillar   models.Pillar
	PillarMask      int
	CodeIds         string // what encodeCodes wrote: actions, fronts, forums and tags
	ShownStaff      models.Regime
	ShownPartner    models.Regime
	ShownPublic     models.Regime
	LabelStaff      models.Label
	LabelPartner    models.Label
	LabelPublic     models.Label
	TeamSector      models.Sector
	Contradicts     models.ID
	CapturedBy      models.ID
	CapturedMs      models.Instant
	EditedMs        models.Instant
	ReviewedBy      models.ID
	ReleasedBy      models.ID
	ReleasedMs      models.Instant
	DeletedMs       models.Instant
	Revision        int
}

func (insightRow) TableName() string { return "insights" }

// speakerRow is who said an insight, for the roundtable's team alone.
type speakerRow struct {
	InsightSeq  int64
	GuestID     models.ID
	CommittedBy models.ID
	Unresolved  string
}

func (s speakerRow) empty() bool { return s.GuestID == 0 && s.CommittedBy == 0 && s.Unresolved == "" }

// encodeCodes writes ids of codes as code_ids keeps them: 13 signs each, a
// space between, in codebook order.
func encodeCodes(ids []models.ID, book models.Codebook) string {
	var b strings.Builder
	for _, e := range book {
		if e.Kind == models.CodePillar || !slices.Contains(ids, e.ID) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.ID.String())
	}
	return b.String()
}

// decodeCodes reads what encodeCodes wrote.
func decodeCodes(s string) []models.ID {
	var out []models.ID
	for _, word := range strings.Fields(s) {
		if id, err := models.ParseID(word); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// currentCodes puts what took their place where codes were merged: an undo, or
// a form from before the merge, may still name them.
func currentCodes(ids []models.ID, book models.Codebook) []models.ID {
	out := make([]models.ID, 0, len(ids))
	for _, id := range ids {
		if e, ok := book.Entry(id); ok && e.MergedInto != 0 {
			e, _ = book.Resolve(e.Kind, e.Key)
			id = e.ID
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// joinedCodes returns the ids that insight_codes holds for an insight: those
// of its pillars and the others.
func joinedCodes(mask int, codes []models.ID, book models.Codebook) []models.ID {
	var out []models.ID
	for _, e := range book {
		if e.Kind == models.CodePillar && mask&e.Pillar.Mask() != 0 || slices.Contains(codes, e.ID) {
			out = append(out, e.ID)
		}
	}
	return out
}

// settle applies the rules to an insight: the regime that follows from the
// room, the item, the flag and the speaker, which only rises; no speaker off
// the record; and how it looks to every outer audience.
//
// Once the roundtable closed, an insight that was there before never shows more
// than it did.
func (room *roomState) settle(row *insightRow, sp *speakerRow) {
	before := *row
	row.BaseRegime = models.Strictest(row.BaseRegime, room.regime)
	preference := room.preference(*sp)
	inputs := models.RegimeInputs{Room: row.BaseRegime, Flag: row.OwnFlag, Speaker: preference}
	row.Regime = models.Strictest(row.Regime, inputs.Effective())
	if row.Regime == models.OffTheRecord {
		*sp = speakerRow{InsightSeq: sp.InsightSeq}
		row.TeamSector = models.SectorNone
		// The preference goes with the speaker; what it asked for stays.
		row.BaseRegime = models.Strictest(row.BaseRegime, preference)
	} else if g, ok := room.guest(sp.GuestID); ok {
		row.TeamSector = g.Sector
	}
	without := models.RegimeInputs{Room: row.BaseRegime, Flag: row.OwnFlag}.WithoutSpeaker()
	room.label(row, *sp, without)
	if room.kept != nil && before.Seq != 0 {
		keepShown(before, row, without)
	}
}

// keepShown lowers how a settled insight looks to what was shown before.
func keepShown(before insightRow, row *insightRow, without models.Regime) {
	keep := func(label models.Label, regime models.Regime, nowLabel *models.Label, nowRegime *models.Regime) {
		kept := models.KeptShown(models.Shown{Label: label, Regime: regime}, before.Regime, models.Shown{Label: *nowLabel, Regime: *nowRegime}, without, row.TeamSector)
		*nowLabel, *nowRegime = kept.Label, kept.Regime
	}
	keep(before.LabelStaff, before.ShownStaff, &row.LabelStaff, &row.ShownStaff)
	keep(before.LabelPartner, before.ShownPartner, &row.LabelPartner, &row.ShownPartner)
	keep(before.LabelPublic, before.ShownPublic, &row.LabelPublic, &row.ShownPublic)
}

// keepLittle forgets who said a settled insight, where the institute keeps the
// sector alone under the Chatham House Rule. It is asked when a speaker is
// named, so that the setting never reaches back to what was kept before.
func (room *roomState) keepLittle(row insightRow, sp *speakerRow) {
	if room.sectorsOnly && row.Regime >= models.ChathamHouse {
		*sp = speakerRow{InsightSeq: sp.InsightSeq}
	}
}

// preference returns the strictest wish of the people an insight names.
func (room *roomState) preference(sp speakerRow) models.Regime {
	out := models.RegimeNone
	for _, id := range []models.ID{sp.GuestID, sp.CommittedBy} {
		if g, ok := room.guest(id); ok {
			out = models.Strictest(out, g.Preference)
		}
	}
	return out
}

// label notes how an insight looks to every outer audience. without is its rule
// if the speaker had no preference.
func (room *roomState) label(row *insightRow, sp speakerRow, without models.Regime) {
	in := models.ShowInput{
		Regime:          row.Regime,
		Without:         without,
		StricterHolders: room.stricterHolders(),
		HasSpeaker:      sp.GuestID != 0 || row.TeamSector != models.SectorNone,
		Sector:          row.TeamSector,
		Cells:           room.cells(row.ItemID),
		Thresholds:      room.facts.Thresholds,
		ParaphraseReady: row.ParaphraseReady && row.Paraphrase != "",
	}
	for _, a := range models.OuterAudiences {
		shown := models.ShowTo(a, in)
		switch a {
		case models.Staff:
			row.LabelStaff, row.ShownStaff = shown.Label, shown.Regime
		case models.Partner:
			row.LabelPartner, row.ShownPartner = shown.Label, shown.Regime
		case models.Public:
			row.LabelPublic, row.ShownPublic = shown.Label, shown.Regime
		}
	}
}

// insightFacts puts together what models.Disclose asks for.
func (room *roomState) insightFacts(row insightRow, sp speakerRow, book models.Codebook) models.InsightFacts {
	item := room.item(row.ItemID)
	room.cells(row.ItemID) // counts who was present
	f := models.InsightFacts{
		ID: row.ID, Seq: row.Seq, Pos: row.Pos, RoundtableID: row.RoundtableID, Roundtable: room.title,
		Zone: room.zone, HeldOn: room.heldOn, ItemID: item.ID, Item: item.Title,
		ItemFacts: models.ItemFacts{Reviewed: item.TitleReviewed, HasLead: item.LeadPersonID != 0, Present: room.present[row.ItemID]},
		ClientID:  row.ClientID, Kind: row.Kind, State: row.State, Text: row.Text, Quotes: models.Quotations(row.Text),
		Paraphrase: row.Paraphrase, ParaphraseReady: row.ParaphraseReady,
		Regime: row.Regime, OwnFlag: row.OwnFlag, EmbargoUntil: row.EmbargoMs, Contradicts: row.Contradicts,
		PrimaryPillar: row.PrimaryPillar, PillarMask: row.PillarMask,
		ToStaff:    models.Shown{Label: row.LabelStaff, Regime: row.ShownStaff},
		ToPartner:  models.Shown{Label: row.LabelPartner, Regime: row.ShownPartner},
		ToPublic:   models.Shown{Label: row.LabelPublic, Regime: row.ShownPublic},
		Speaker:    room.speakerFacts(row, sp),
		CapturedBy: row.CapturedBy, CapturedAt: row.CapturedMs, Revision: row.Revision, EditedAt: row.EditedMs,
		ReleasedBy: row.ReleasedBy, ReleasedAt: row.ReleasedMs,
	}
	codes := decodeCodes(row.CodeIds)
	for _, e := range book {
		if !slices.Contains(codes, e.ID) {
			continue
		}
		switch e.Kind {
		case models.CodeAction:
			f.Actions = append(f.Actions, e.Ref())
		case models.CodeFront:
			f.Fronts = append(f.Fronts, e.Ref())
		case models.CodeForum:
			f.Forums = append(f.Forums, e.Ref())
		case models.CodeTag:
			f.Tags = append(f.Tags, e.Ref())
		}
	}
	return f
}

func (room *roomState) speakerFacts(row insightRow, sp speakerRow) models.SpeakerFacts {
	out := models.SpeakerFacts{Sector: row.TeamSector, Unresolved: sp.Unresolved, CommittedBy: sp.CommittedBy}
	if g, ok := room.guest(sp.GuestID); ok {
		out.Guest, out.Person, out.Name = g.ID, g.PersonID, g.FullName
		out.Title, out.Organisation, out.Seat, out.Descriptor = g.Position, g.Organisation, g.seatCode(), g.Descriptor
	}
	return out
}

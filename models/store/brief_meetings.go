package store

import (
	"slices"

	"rotunda/models"
)

// room reads a roundtable once.
func (f *freezer) room(id models.ID) (*roomState, error) {
	if room, ok := f.rooms[id]; ok {
		return room, nil
	}
	room, err := loadRoom(f.r, id)
	if err != nil {
		return nil, err
	}
	f.rooms[id] = room
	return room, nil
}

// consensus says how many are behind each theme, in the public's words: from the
// rows as they are disclosed, from the least they can stand for, and by the k
// of every roundtable that the brief tells of.
func (f *freezer) consensus() error {
	for n, supporting := range f.supporting {
		present, err := f.presentAt(supporting)
		if err != nil {
			return err
		}
		f.out.content.Themes[n].ConsensusWords = models.ConsensusWords(models.Public, models.Speakers(supporting), present, f.out.manifest.K)
	}
	return nil
}

// presentAt counts who could speak where insights were said, and returns zero
// where that is not on record everywhere.
func (f *freezer) presentAt(insights []models.Insight) (present int, err error) {
	seen := map[models.ID]bool{}
	for _, i := range insights {
		if seen[i.RoundtableID()] {
			continue
		}
		seen[i.RoundtableID()] = true
		room, err := f.room(i.RoundtableID())
		if err != nil {
			return 0, err
		}
		room.cells(0) // counts who was present
		if room.present[0] == 0 {
			return 0, nil
		}
		present += room.present[0]
	}
	return present, nil
}

// meetings tells of every public roundtable that the content draws on, and of
// the one it was made from.
func (f *freezer) meetings() error {
	var ids []models.ID
	if f.brief.Roundtable != 0 {
		ids = append(ids, f.brief.Roundtable)
	}
	for _, frozen := range f.out.content.Insights() {
		if id := f.shown[frozen.ID].RoundtableID(); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if err := f.nothingPrivateBehind(ids); err != nil {
		return err
	}
	for _, id := range ids {
		room, err := f.room(id)
		if err != nil {
			return err
		}
		if room.private || !models.ShowsRoundtable(room.facts.Regime, models.Public) {
			f.obstacle("", "This brief is made from a private roundtable or one off the record. It can be approved and kept, never published.")
			continue
		}
		if room.status != models.Held && room.status != models.Closed {
			f.obstacle(room.title, "This roundtable is not held yet.")
		}
		th := room.facts.Thresholds.For(models.Public)
		f.out.manifest.K, f.out.manifest.L = max(f.out.manifest.K, th.K), max(f.out.manifest.L, th.L)
		if err := f.meeting(room); err != nil {
			return err
		}
	}
	return nil
}

func (f *freezer) meeting(room *roomState) error {
	var purpose string
	if err := f.r.get(&purpose, "SELECT objectives FROM roundtables WHERE id = ?", room.id); err != nil {
		return err
	}
	statement := regimeStatement(room.regime)
	if part := partStatement[room.facts.Regime]; room.facts.Regime > room.regime && part != "" {
		statement += " Part of it was " + part
	}
	m := models.BriefMeeting{ID: room.id, Title: room.title, HeldOn: room.heldOn, Purpose: purpose, Regime: room.regime.Name(), RegimeStatement: statement}
	lines, withheld := room.publicHeads()
	m.Groups = lines
	f.out.manifest.Suppressed += withheld
	f.out.manifest.RoundtableIDs = append(f.out.manifest.RoundtableIDs, room.id)
	f.out.content.Meetings = append(f.out.content.Meetings, m)
	return nil
}

// partStatement says the rule of a part that was held under a stricter one.
var partStatement = map[models.Regime]string{
	models.Background:     "on background.",
	models.ChathamHouse:   "under the Chatham House Rule.",
	models.DeepBackground: "on deep background: we report it in our own voice.",
}

func regimeStatement(r models.Regime) string {
	switch r {
	case models.OnTheRecord:
		return "Held on the record: what was said may be quoted with the speaker's name."
	case models.Background:
		return "Held on background: we describe speakers by the kind of work they do, never by name."
	case models.DeepBackground:
		return "Held on deep background: we report the substance in our own voice. The guest list is not published."
	}
	return models.ChathamHouseRule
}

// publicHeads counts who came as the public may know it, and how many of the
// figures read "<k".
func (room *roomState) publicHeads() (lines []models.BriefHeadCount, withheld int) {
	k := room.facts.Thresholds.For(models.Public).K
	switch models.CountsPeople(room.facts.Regime, models.Public) {
	case models.CountExact:
		lines = room.headsBySector(k)
	case models.CountByLabel:
		for _, h := range room.cells(0).HeadCounts(models.Public, room.facts.Thresholds) {
			lines = append(lines, models.BriefHeadCount{Group: headsOf(h.Label), Count: h.Words})
		}
	case models.CountTotal:
		room.cells(0) // counts who was present
		if n := room.present[0]; n > 0 {
			lines = append(lines, models.BriefHeadCount{Group: "Participants", Count: models.CountWords(n, k)})
		}
	}
	for _, l := range lines {
		if l.Withheld() {
			withheld++
		}
	}
	return lines, withheld
}

// headsBySector counts everybody who could speak by sector. The host's own
// staff are not shown above their group.
func (room *roomState) headsBySector(k int) (lines []models.BriefHeadCount) {
	heads := map[models.Label]int{}
	for _, seat := range room.seats(itemState{}) {
		if seat.Present && seat.MaySpeak {
			heads[models.LabelAt(models.SectorLevel, seat.Sector)]++
		}
	}
	for _, label := range models.Labels {
		if n := heads[label]; n > 0 {
			lines = append(lines, models.BriefHeadCount{Group: headsOf(label), Count: models.CountWords(n, k)})
		}
	}
	return lines
}

// headsOf names those who are counted under a label.
func headsOf(label models.Label) string {
	if label == models.LabelNone {
		return "Not shown by sector"
	}
	return label.Name()
}

// nothingPrivateBehind refuses to publish what rests on a roundtable that does
// not exist for the public, though nothing of it is shown. Those of shown are
// looked at by themselves.
func (f *freezer) nothingPrivateBehind(shown []models.ID) error {
	rooms, err := f.behind()
	if err != nil {
		return err
	}
	for _, id := range rooms {
		if id == 0 || slices.Contains(shown, id) {
			continue
		}
		room, err := f.room(id)
		if err != nil {
			return err
		}
		if room.private || !models.ShowsRoundtable(room.facts.Regime, models.Public) {
			f.obstacle("", "A theme or a recommendation in it rests on a private roundtable or one off the record. It can be approved and kept, never published.")
			return nil
		}
	}
	return nil
}

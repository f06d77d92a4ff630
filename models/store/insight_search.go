package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rotunda/models"
)

// The search index holds a row for every insight that is not deleted, under
// its pos; SQLite's under the negative of it, because FTS5 walks two lists of
// rows several times faster upwards than downwards, and a search wants the
// newest. words is what the team may search, shown what other staff may: the
// paraphrase under deep background, nothing where the row is withheld from them.
// hosted is the same for partners and the public, where staff may not see the
// row. Words said off the record are in none. So a word found in words or in
// shown already says that the reader may see the row. marks holds tokens for
// filters and for who may see the row, so that a search never has to ask another
// table, and never ranks or counts what the reader may not see:
//
//	r<room id>     the roundtable
//	a<account>     every member of its team: a viewer may be on hundreds of
//	               teams, and asks with one mark for all of them
//	cp0 … cp5      pillars, cp0 where there is none; cq1 … cq5 the primary one
//	ck<kind>       the kind, by number; cs<state> the state, by number
//	cc<code id>    actions, fronts, forums and tags
//	tb<account>    who captured it, tz<person> who said it: ask only in rooms
//	               where the viewer is team
//
// and one set for each audience, t s p u for team, staff, partner and public,
// written only where that audience may see the row, and as it is disclosed to
// it:
//
//	tv             the row is visible to the audience
//	tx<label>      the sector or group it shows, by number of models.Label: a
//	               named speaker counts under the sector, no attribution is 0
//	tg<regime>     the rule it shows, by number
//	ti<item>       the agenda item
//
// A private roundtable has no s and no u marks. An account that is on the team
// of some rooms, and other staff elsewhere, so asks for
//
//	a{account} AND tv …  OR  sv NOT a{account} …
const (
	markRoom    = "r"
	markMember  = "a"
	markPillar  = "cp"
	markPrimary = "cq"
	markKind    = "ck"
	markState   = "cs"
	markCode    = "cc"
	markBy      = "tb"
	markPerson  = "tz"

	// After the letter of the audience:
	markVisible = "v"
	markSector  = "x"
	markRegime  = "g"
	markItem    = "i"
)

// audienceMark is the letter of each audience's marks.
var audienceMark = map[models.Audience]string{models.Team: "t", models.Staff: "s", models.Partner: "p", models.Public: "u"}

// searchRow is an insight in the search index.
type searchRow struct {
	Pos    int64
	Words  []string
	Shown  []string
	Hosted []string
	Marks  []string
}

// indexRow returns an insight's row in the search index. Who may see it is
// models.Disclose's answer, asked for each audience.
func indexRow(f models.InsightFacts, in *roomState, now models.Instant) searchRow {
	room := in.facts
	out := searchRow{Pos: f.Pos, Marks: commonMarks(f)}
	for _, account := range in.team {
		out.Marks = append(out.Marks, markMember+account.String())
	}
	for _, a := range []models.Audience{models.Team, models.Staff, models.Partner, models.Public} {
		i, ok := models.Disclose(f, models.System("index").Capped(a), room, now)
		if !ok {
			continue
		}
		letter := audienceMark[a]
		out.Marks = append(out.Marks, letter+markVisible, letter+markSector+number(cellLabel(i)), letter+markRegime+number(i.Regime()))
		if i.ItemID() != 0 {
			out.Marks = append(out.Marks, letter+markItem+i.ItemID().String())
		}
		switch {
		case a == models.Team:
			if i.Regime() != models.OffTheRecord {
				out.Words = models.Tokens(i.Text())
			}
		case a == models.Staff:
			out.Shown = models.Tokens(i.Text())
		case out.Shown == nil:
			out.Hosted = models.Tokens(i.Text())
		}
	}
	return out
}

func commonMarks(f models.InsightFacts) []string {
	marks := []string{
		markRoom + f.RoundtableID.String(), markKind + number(f.Kind), markState + number(f.State),
		markBy + f.CapturedBy.String(),
	}
	if f.PillarMask == 0 {
		marks = append(marks, markPillar+"0")
	}
	for _, p := range models.PillarsOf(f.PillarMask) {
		marks = append(marks, markPillar+number(p))
	}
	if f.PrimaryPillar != models.PillarNone {
		marks = append(marks, markPrimary+number(f.PrimaryPillar))
	}
	for _, list := range [][]models.CodeRef{f.Actions, f.Fronts, f.Forums, f.Tags} {
		for _, c := range list {
			marks = append(marks, markCode+c.ID.String())
		}
	}
	if f.Speaker.Person != 0 {
		marks = append(marks, markPerson+f.Speaker.Person.String())
	}
	return marks
}

func number[T ~int](n T) string { return strconv.Itoa(int(n)) }

// index writes rows into the search index, in the order of SQLite's rowid: out
// of order, FTS5 would write to disk at every step back.
func (t *tx) index(rows []searchRow) error {
	slices.SortFunc(rows, func(a, b searchRow) int { return cmp.Compare(b.Pos, a.Pos) })
	args := make([]any, 0, 5*len(rows))
	if t.s.dialect == postgresDialect {
		for _, r := range rows {
			args = append(args, r.Pos, models.TSVector(r.Words), models.TSVector(r.Shown), models.TSVector(r.Hosted), models.TSVector(r.Marks))
		}
		return t.insertMany("INSERT INTO insight_search (pos, words, shown, hosted, marks) VALUES ",
			"(?, CAST(? AS tsvector), CAST(? AS tsvector), CAST(? AS tsvector), CAST(? AS tsvector))", 5, "", args)
	}
	for _, r := range rows {
		args = append(args, -r.Pos, strings.Join(r.Words, " "), strings.Join(r.Shown, " "), strings.Join(r.Hosted, " "), strings.Join(r.Marks, " "))
	}
	return t.insertMany("INSERT INTO insight_search (rowid, words, shown, hosted, marks) VALUES ", "(?, ?, ?, ?, ?)", 5, "", args)
}

// unindex takes insights out of the search index, by their pos.
func (t *tx) unindex(gone []int64) error {
	q, sign := sqlText("DELETE FROM insight_search WHERE rowid IN ("), int64(-1)
	if t.s.dialect == postgresDialect {
		q, sign = "DELETE FROM insight_search WHERE pos IN (", 1
	}
	return chunks(len(gone), func(from, to int) error {
		args := make([]any, 0, to-from)
		for _, pos := range gone[from:to] {
			args = append(args, sign*pos)
		}
		return t.exec(q+sqlText("?").repeat(len(args), ", ")+")", args...)
	})
}

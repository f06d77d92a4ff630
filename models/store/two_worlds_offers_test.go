//go:build !race

package store_test

import (
	"math/rand/v2"
	"net/url"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// offers lists, for every type that a read of the store takes beside ids and
// plain values, what it is asked with: a slice for each type.
func (a *asker) offers() []any {
	var rooms []models.RoundtableFilter
	for _, text := range a.texts {
		rooms = append(rooms, models.RoundtableFilter{Text: text})
	}
	rooms = append(rooms, models.RoundtableFilter{Sector: a.w.Guests[a.pair[0]].Sector}, models.RoundtableFilter{Sector: a.w.Guests[a.pair[1]].Sector})
	rooms = append(rooms, models.RoundtableFilter{Mine: true}, models.RoundtableFilter{Limit: 1})
	var people []models.PersonFilter
	var organisations []models.OrganisationFilter
	for _, text := range a.texts {
		people = append(people, models.PersonFilter{Query: text})
		organisations = append(organisations, models.OrganisationFilter{Query: text})
	}
	people = append(people, models.PersonFilter{Sector: a.w.Guests[a.pair[0]].Sector})
	var guests []models.GuestFilter
	var mails []models.MailFilter
	for _, text := range a.texts {
		guests = append(guests, models.GuestFilter{Text: text})
		mails = append(mails, models.MailFilter{Text: text})
	}
	mails = append(mails, models.MailFilter{Roundtable: a.w.Room})
	return []any{
		analyses(a.w.Room, a.w.Series), rooms, people, organisations, guests, mails, a.insightFilters(), []models.ImportRowFilter{{}},
		[]models.ThemeFilter{{}, {Series: a.w.Series}, {Pillar: models.Security}}, []models.RecommendationFilter{{}, {Text: "compact"}}, []models.SplitInput{{}}, a.briefs(),
		[]models.BriefText{{Title: "A brief", Report: "As " + a.w.Guests[a.pair[0]].Name + " and " + a.w.Guests[a.pair[1]].Family + " put it."}}, []store.Cursor{{}}, []models.Audience{models.Team, models.Staff, models.Partner, models.Public}, []models.AuditFilter{{}, {Roundtable: a.w.Room}}, exports(a.w.Room, a.random),
		[]models.ActivityFilter{{}, {Kind: "insights"}}, []models.MailKind{models.MailInvitation, models.MailReminder, models.MailCancellation},
		[]models.CaptureInput{{Roundtable: a.w.Room, Line: "chips @s1 @s2 @" + a.w.Guests[a.pair[0]].Family, Speaker: a.w.Guests[a.pair[1]].ID}},
		[]func([]byte, models.Insight) []byte{func(b []byte, i models.Insight) []byte { return append(b, storetest.Dump(i)...) }},
	}
}

func analyses(room, series models.ID) []models.AnalysisQuery {
	return []models.AnalysisQuery{
		{Rows: models.DimPillar, Columns: models.DimSector, Measure: models.CountSpeakers, Roundtable: room},
		{Rows: models.DimForum, Columns: models.DimMonth, Measure: models.CountSpeakers},
		{Rows: models.DimPillar, Columns: models.DimSector}, {Rows: models.DimForum, Columns: models.DimSector, Series: series},
		{Rows: models.DimSector, Columns: models.DimRoundtable}, {Rows: models.DimSector, Columns: models.DimKind, Roundtable: room},
	}
}

func exports(room models.ID, random *rand.Rand) []store.ExportInput {
	var out []store.ExportInput
	for _, a := range []models.Audience{models.Team, models.Staff, models.Partner, models.Public} {
		format := models.ExportFormats[random.IntN(len(models.ExportFormats))]
		out = append(out, store.ExportInput{Audience: a, Format: format}, store.ExportInput{Audience: a, Format: format, Roundtable: room})
	}
	return out
}

// briefs are the world's own, as one who may not read it could name it.
func (a *asker) briefs() []models.Brief {
	return []models.Brief{{ID: a.w.Brief, Scope: models.ScopeRoundtable, Roundtable: a.w.Room, Private: a.w.Plan.Private}}
}

// insightFilters asks for every word and for a few values of every facet, the
// true sector of whoever may have been exchanged among them.
func (a *asker) insightFilters() []models.InsightFilter {
	asked := []url.Values{{"sort": {"best"}, "q": {"chips permits"}}, {"since": {"2026-09"}}, {"until": {"2026-08"}}}
	for _, text := range a.texts {
		asked = append(asked, url.Values{"q": {text}})
	}
	keys := map[models.Facet][]string{
		models.FacetPillar: {models.NoPillar, "S", "D"}, models.FacetRoundtable: {a.w.Room.String()}, models.FacetForum: {"nato"}, models.FacetFront: {"networks"},
	}
	for _, l := range models.Labels {
		keys[models.FacetLabel] = append(keys[models.FacetLabel], l.Key())
	}
	for _, r := range models.Regimes {
		keys[models.FacetRegime] = append(keys[models.FacetRegime], r.Key())
	}
	for _, s := range models.InsightStates {
		keys[models.FacetState] = append(keys[models.FacetState], s.Key())
	}
	for _, item := range a.w.Items {
		keys[models.FacetItem] = append(keys[models.FacetItem], item.String())
	}
	for facet := models.FacetPillar; facet <= models.FacetItem; facet++ {
		if list := keys[facet]; len(list) > 0 {
			asked = append(asked, url.Values{facet.Param(): {list[a.random.IntN(len(list))]}})
		}
	}
	for _, i := range a.pair {
		asked = append(asked, url.Values{models.FacetLabel.Param(): {a.w.Guests[i].Sector.Key()}})
	}
	a.random.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
	var out []models.InsightFilter
	for _, values := range append([]url.Values{{}}, asked[:7]...) { // the others' turn comes with other worlds
		out = append(out, models.ParseInsightFilter(values))
	}
	return out
}

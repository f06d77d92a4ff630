package store_test

import (
	"reflect"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func speakersAsked(room models.ID) models.AnalysisQuery {
	return models.AnalysisQuery{Rows: models.DimPillar, Columns: models.DimSector, Measure: models.CountSpeakers, Roundtable: room}
}

// TestAnalysis_distinctSpeakersAreThoseOfTheListBehindTheCell compares with the
// people of the insights as the team reads them.
func TestAnalysis_distinctSpeakersAreThoseOfTheListBehindTheCell(t *testing.T) {
	w := newReadWorld(t, 200)
	insights := w.everything(t, w.lead)
	people := func(f models.InsightFilter) int {
		found := map[models.ID]bool{}
		for _, i := range insights {
			if f.Matches(i) && i.SpeakerPerson() != 0 {
				found[i.SpeakerPerson()] = true
			}
		}
		return len(found)
	}
	spoke := 0
	for _, room := range []models.ID{w.rooms[0], w.rooms[2], w.rooms[4]} {
		for _, rows := range models.Dimensions {
			for columns := models.DimPillar; columns <= models.DimRoundtable; columns++ {
				q := speakersAsked(room)
				q.Rows, q.Columns = rows, columns
				a, err := w.st.Analyse(t.Context(), w.lead, q)
				if err != nil || !a.SpeakersOffered || a.Cross.Query.Measure != models.CountSpeakers {
					t.Fatalf("the team is offered no speakers: %v", err)
				}
				for r := range a.Cross.Rows {
					for k := range a.Cross.Columns {
						f, ok := a.Cross.Filter(r, k, nil)
						if want := people(f); ok && a.Cross.N[r][k] != want {
							t.Errorf("%s by %s, %s and %s: %d people, the list has %d", rows.Key(), columns.Key(), a.Cross.Rows[r].Name, a.Cross.Columns[k].Name, a.Cross.N[r][k], want)
						}
						if a.Cross.N[r][k] > a.Cross.Rows[r].N || a.Cross.Rows[r].N > a.Cross.Insights {
							t.Errorf("a row of %d people in all %d has a cell of %d", a.Cross.Rows[r].N, a.Cross.Insights, a.Cross.N[r][k])
						}
						spoke += a.Cross.N[r][k]
					}
				}
			}
		}
	}
	if spoke < 100 {
		t.Errorf("only %d were compared", spoke)
	}
}

// TestAnalysis_whoSpokeIsForTheTeamOfEveryRoomAlone asks everybody else for
// speakers, gives every insight another speaker of the same sector, and asks
// again.
func TestAnalysis_whoSpokeIsForTheTeamOfEveryRoomAlone(t *testing.T) {
	w := newReadWorld(t, 150)
	own, others := w.rooms[2], w.rooms[1]
	type asked struct {
		who  string
		v    models.Viewer
		room models.ID
	}
	all := []asked{
		{"the team of some", w.lead, 0}, {"the team of another room", w.lead, others}, {"other staff", w.other, own}, {"other staff", w.other, 0},
		{"the team, capped", w.lead.Capped(models.Staff), own}, {"the team, capped", w.lead.Capped(models.Staff), 0},
	}
	answers := func() []models.Analysis {
		var out []models.Analysis
		for _, one := range all {
			a, err := w.st.Analyse(t.Context(), one.v, speakersAsked(one.room))
			if err != nil {
				t.Fatal(one.who, err)
			}
			plain := speakersAsked(one.room)
			plain.Measure = models.CountInsights
			counts, err := w.st.Analyse(t.Context(), one.v, plain)
			if err != nil || a.SpeakersOffered || !reflect.DeepEqual(a, counts) {
				t.Errorf("%s of room %d reads something else than the count of insights (offered: %v, %v)", one.who, one.room, a.SpeakersOffered, err)
			}
			out = append(out, a)
		}
		return out
	}
	before := answers()
	team, err := w.st.Analyse(t.Context(), w.lead, speakersAsked(own))
	if err != nil || team.Cross.Insights < 2 {
		t.Fatalf("%d people spoke in the team's room: %v", team.Cross.Insights, err)
	}
	w.exec("UPDATE insight_speakers SET guest_id = ? WHERE insight_seq IN (SELECT seq FROM insights WHERE roundtable_id = ?)", w.guestOf[own][0], own)
	if after := answers(); !reflect.DeepEqual(before, after) {
		t.Error("who spoke changes what others read")
	}
	team, err = w.st.Analyse(t.Context(), w.lead, speakersAsked(own))
	if err != nil || team.Cross.Insights != 1 {
		t.Errorf("one person said it all, and the team counts %d: %v", team.Cross.Insights, err)
	}
}

func TestAnalysis_speakersAreCountedAcrossTheRoomsOfATeam(t *testing.T) {
	w := newReadWorld(t, 60)
	for _, room := range w.rooms {
		w.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'lead', 1) ON CONFLICT DO NOTHING", room, w.lead.Account())
	}
	lead := storetest.Viewer(t, w.st, w.lead.Email())
	a, err := w.st.Analyse(t.Context(), lead, speakersAsked(0))
	if err != nil || !a.SpeakersOffered {
		t.Fatal(a.SpeakersOffered, err)
	}
	var people int
	if err := w.st.Rows(t.Context(), &people, `SELECT count(DISTINCT g.person_id) FROM insight_speakers sp JOIN guests g ON g.id = sp.guest_id
		JOIN insights i ON i.seq = sp.insight_seq WHERE i.regime < 5`); err != nil {
		t.Fatal(err)
	}
	if a.Cross.Insights != people || people == 0 {
		t.Errorf("%d people spoke in all rooms, counted are %d", people, a.Cross.Insights)
	}
}

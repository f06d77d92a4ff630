package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// shownAs is one cell of the table of regimes and audiences: what of the
// speaker is told, whether the words may be quoted, and whether the row exists.
type shownAs struct {
	level models.Level
	quote bool
}

var withheld = shownAs{level: models.Withheld}

// disclosureTable is DOMAIN §5, with a roster large enough for sectors and
// nobody's consent to a description.
var disclosureTable = map[models.Regime]map[models.Audience]shownAs{
	models.OnTheRecord: {
		models.Team: {models.Named, true}, models.Staff: {models.Named, true}, models.Partner: {models.Named, true}, models.Public: {models.Named, true},
	},
	models.Background: {
		models.Team: {models.Named, true}, models.Staff: {models.SectorLevel, true}, models.Partner: {models.SectorLevel, true}, models.Public: {models.SectorLevel, true},
	},
	models.ChathamHouse: {
		models.Team: {models.Named, true}, models.Staff: {models.SectorLevel, true}, models.Partner: {models.SectorLevel, true}, models.Public: {models.SectorLevel, true},
	},
	models.DeepBackground: {
		models.Team: {models.Named, true}, models.Staff: {models.Content, false}, models.Partner: {models.Content, false}, models.Public: {models.Content, false},
	},
	models.OffTheRecord: {
		models.Team: {models.Content, false}, models.Staff: withheld, models.Partner: withheld, models.Public: withheld,
	},
}

// largeRoster has six people of each of three sectors, so that k = 5 is met.
func largeRoster() []models.Sector {
	var out []models.Sector
	for _, s := range []models.Sector{models.Congress, models.Industry, models.Diplomats} {
		out = append(out, slices.Repeat([]models.Sector{s}, 6)...)
	}
	return out
}

func TestInsights_theDisclosureTableHoldsForEveryRuleAudienceAndState(t *testing.T) {
	for _, private := range []bool{false, true} {
		w := newSession(t, largeRoster()...)
		w.exec("UPDATE roundtables SET regime = ?, private = ? WHERE id = ?", models.OnTheRecord, private, w.room)
		partner, account := w.st.NewID(), w.st.NewID()
		w.exec("INSERT INTO organisations (id, name, name_fold, created_ms) VALUES (?, 'Partner', 'partner', 1)", partner)
		w.exec("INSERT INTO accounts (id, email, email_fold, name, role, created_ms) VALUES (?, 'co@example.net', 'co@example.net', 'Co', 'cohost', 1)", account)
		w.exec("INSERT INTO cohost_accounts (roundtable_id, account_id, organisation_id, added_ms) VALUES (?, ?, ?, 1)", w.room, account, partner)
		readers := map[models.Audience]models.Viewer{
			models.Team: w.lead, models.Staff: w.other, models.Partner: storetest.Viewer(t, w.st, "co@example.net"), models.Public: models.Anonymous(),
		}
		said := map[string]models.Regime{}
		var rows []store.LoadedInsight
		for _, regime := range models.Regimes {
			for _, state := range models.InsightStates {
				id := fmt.Sprintf("%s-%s", regime.Key(), state.Key())
				said[id] = regime
				rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{
					Roundtable: w.room, ClientID: id, Line: "canaryword about cables", Speaker: w.guests[len(rows)%18], Flag: regime, Item: w.items[0],
				}, CapturedBy: w.lead.Account(), State: state, Paraphrase: "substance of cables"})
			}
		}
		if err := w.st.LoadInsights(t.Context(), models.System("test"), rows); err != nil {
			t.Fatal(err)
		}
		var kept []struct {
			ID       models.ID
			ClientID string
			State    models.InsightState
		}
		if err := w.st.Rows(t.Context(), &kept, "SELECT id, client_id, state FROM insights"); err != nil {
			t.Fatal(err)
		}
		for a, v := range readers {
			inList := map[models.ID]bool{}
			for _, i := range listed(t, w.st, v, models.InsightFilter{Text: "cables"}) {
				inList[i.ID()] = true
			}
			canary := len(listed(t, w.st, v, models.InsightFilter{Text: "canaryword"}))
			for _, row := range kept {
				regime := said[row.ClientID]
				want := disclosureTable[regime][a]
				if !models.StateVisible(row.State, a) || private && (a == models.Staff || a == models.Public) {
					want = withheld
				}
				checkCell(t, fmt.Sprintf("%s to %s, private %t", row.ClientID, a.Key(), private), w.st, v, row.ID, regime, a, want)
				if listedToo := want.level != models.Withheld && regime != models.OffTheRecord; inList[row.ID] != listedToo {
					t.Errorf("%s to %s: found by its words: %t", row.ClientID, a.Key(), inList[row.ID])
				}
				if want.level != models.Withheld && regime != models.OffTheRecord && (a == models.Team || regime != models.DeepBackground) {
					canary--
				}
			}
			if canary != 0 {
				t.Errorf("%s, private %t: the captured word is found %d times too often", a.Key(), private, canary)
			}
		}
	}
}

// checkCell reads one insight as one audience.
func checkCell(t *testing.T, what string, st *store.Store, v models.Viewer, id models.ID, regime models.Regime, a models.Audience, want shownAs) {
	t.Helper()
	i, err := st.Insight(t.Context(), v, id)
	if want.level == models.Withheld {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: it exists, or %v", what, err)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if i.Label().Level() != want.level || i.Verbatim() != want.quote {
		t.Errorf("%s: level %v, quote %t", what, i.Label().Level(), i.Verbatim())
	}
	paraphrase := regime == models.DeepBackground && a != models.Team
	if strings.Contains(i.Text(), "canaryword") == paraphrase {
		t.Errorf("%s reads %q", what, i.Text())
	}
	if named := i.SpeakerName() != ""; named != (want.level == models.Named) {
		t.Errorf("%s: a name is told: %t", what, named)
	}
	item := a == models.Team || regime != models.DeepBackground
	if (i.Item() != "") != item {
		t.Errorf("%s: the agenda item is %q", what, i.Item())
	}
	teamOnly := models.ColumnRapporteur | models.ColumnCapturedAt | models.ColumnOrder | models.ColumnReason | models.ColumnHistory | models.ColumnParaphrase
	for column := models.Column(1); column <= models.ColumnHistory; column <<= 1 {
		if column&teamOnly != 0 && i.Has(column) != (a == models.Team) {
			t.Errorf("%s: column %b", what, column)
		}
	}
	if a != models.Team && (i.Seat() != "" || i.SpeakerGuest() != 0 || !i.CapturedAt().IsZero() || i.Seq() != 0) {
		t.Errorf("%s: seat, guest, time or number is told", what)
	}
}

package models

import (
	"testing"

	"pgregory.net/rapid"
)

func drawGuests(t *rapid.T) []Guest {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Guest {
		return Guest{
			ID: ID(rapid.Int64Range(1, 1<<40).Draw(t, "id")), State: rapid.SampledFrom(GuestStates).Draw(t, "state"),
			Sector: Sector(rapid.IntRange(0, 8).Draw(t, "sector")), Role: rapid.SampledFrom(GuestRoles).Draw(t, "role"),
			Name: rapid.SampledFrom([]string{"Félix Guérin", "Ana de la Cruz", "李 Wei"}).Draw(t, "name"),
		}
	}), 0, 40).Draw(t, "guests")
}

func TestCountGuests_everyGuestIsInOneSegmentAndTheWithdrawnInNoTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guests := drawGuests(t)
		c := CountGuests(guests, 10, rapid.Bool().Draw(t, "observers"), nil)
		sum := 0
		for s, n := range c.Segments {
			if s != SegmentAll {
				sum += n
			}
		}
		if sum != len(guests) || c.Total != len(guests)-c.Segments[SegmentWithdrawn] || c.Segments[SegmentAll] != c.Total {
			t.Fatalf("%+v of %d", c, len(guests))
		}
		for _, s := range GuestSegments {
			kept := 0
			for _, g := range guests {
				if (GuestFilter{Segment: s}).Keeps(g) {
					kept++
				}
			}
			if kept != c.Segments[s] {
				t.Fatalf("%s shows %d, counts %d", s.Name(), kept, c.Segments[s])
			}
		}
	})
}

func TestGuestFilter_findsWithoutAccentsAndInAnyOrder(t *testing.T) {
	g := Guest{Name: "Félix Guérin-Adjei", Organisation: "Supply Transparency Network", State: Invited}
	for text, want := range map[string]bool{"felix": true, "guerin FELIX": true, "transparency": true, "felix nobody": false, "": true} {
		if got := (GuestFilter{Text: text}).Keeps(g); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestNextFromWaitingList_takesTheSectorFurthestUnderItsTarget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var waiting []WaitingGuest
		coming, targets := map[Sector]int{}, map[Sector]int{}
		for i := range rapid.IntRange(0, 20).Draw(t, "n") {
			waiting = append(waiting, WaitingGuest{ID(i + 1), Sector(rapid.IntRange(0, 8).Draw(t, "sector")), Instant(rapid.IntRange(1, 5).Draw(t, "since"))})
		}
		for s := Congress; s <= ThinkTanks; s++ {
			coming[s], targets[s] = rapid.IntRange(0, 6).Draw(t, "coming"), rapid.IntRange(0, 6).Draw(t, "target")
		}
		got := NextFromWaitingList(waiting, coming, targets)
		if len(waiting) == 0 {
			if got != 0 {
				t.Fatal("somebody from an empty list")
			}
			return
		}
		short := func(s Sector) int { return max(0, targets[s]-coming[s]) }
		chosen := waiting[got-1]
		for _, w := range waiting {
			if short(w.Sector) > short(chosen.Sector) || short(w.Sector) == short(chosen.Sector) && w.Since < chosen.Since {
				t.Fatalf("%+v before %+v", chosen, w)
			}
		}
	})
}

func TestStricterThan_neverOffersALooserRule(t *testing.T) {
	for _, room := range Regimes {
		for _, r := range StricterThan(room) {
			if Strictest(room, r) != r || r == room {
				t.Errorf("%v offered in a room under %v", r, room)
			}
		}
	}
	if StricterThan(OffTheRecord) != nil {
		t.Error("nothing is stricter than off the record")
	}
}

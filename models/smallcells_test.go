package models

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// table seats n people of a sector, each from an organisation of their own.
func table(groups ...any) []CellSeat {
	var out []CellSeat
	for i := 0; i+1 < len(groups); i += 2 {
		for range groups[i+1].(int) {
			id := ID(len(out) + 1)
			out = append(out, CellSeat{
				Person: id, Sector: groups[i].(Sector), Organisation: fmt.Sprint("org ", id),
				MaySpeak: true, Present: true, Accepted: true,
			})
		}
	}
	return out
}

func TestSmallCells_sectorWithEnoughPeopleIsShown(t *testing.T) {
	c := SmallCells(table(Congress, 5, Industry, 6), true, DefaultThresholds)
	for _, a := range OuterAudiences {
		if c.Label(a, Congress) != Label(Congress) || c.Label(a, Industry) != Label(Industry) {
			t.Errorf("%s: %v %v", a.Name(), c.Label(a, Congress), c.Label(a, Industry))
		}
	}
	if c.Behind(Public, Label(Industry)) != 6 {
		t.Errorf("%d people behind Industry", c.Behind(Public, Label(Industry)))
	}
}

func TestSmallCells_smallSectorsShareTheirGroup(t *testing.T) {
	c := SmallCells(table(Academia, 2, CivilSociety, 3, Industry, 6), true, DefaultThresholds)
	if c.Level(Public, Academia) != GroupLevel || c.Level(Public, CivilSociety) != GroupLevel || c.Level(Public, Industry) != SectorLevel {
		t.Errorf("public: %v %v %v", c.Level(Public, Academia), c.Level(Public, CivilSociety), c.Level(Public, Industry))
	}
	if c.Behind(Public, LabelNonGovernment) != 5 {
		t.Errorf("%d behind the group", c.Behind(Public, LabelNonGovernment))
	}
}

func TestSmallCells_smallestSectorCoversALonelyOne(t *testing.T) {
	// One scholar alone at the group's level would be the only one: the
	// smallest shown sector joins. Of two equal ones, the first in order.
	c := SmallCells(table(Academia, 1, CivilSociety, 6, Industry, 6, ThinkTanks, 7), true, DefaultThresholds)
	if c.Level(Public, CivilSociety) != GroupLevel || c.Level(Public, Industry) != SectorLevel || c.Level(Public, ThinkTanks) != SectorLevel {
		t.Error("the tie was not broken by the order of the sectors")
	}
}

func TestSmallCells_lonelyGroupFallsToContentAndTakesOthersAlong(t *testing.T) {
	// One diplomat: no sector of the group covers, so step 1 gives no
	// attribution; one person there would stand out, so step 2 takes the group
	// level of the others too.
	c := SmallCells(table(Diplomats, 1, Academia, 3, Industry, 3), true, DefaultThresholds)
	for _, s := range []Sector{Diplomats, Academia, Industry} {
		if c.Level(Public, s) != Content {
			t.Errorf("%s at %v", s.Name(), c.Level(Public, s))
		}
	}
	// With sectors shown and nobody at group level, the smallest sector falls.
	c = SmallCells(table(Diplomats, 1, Academia, 5, Industry, 7), true, DefaultThresholds)
	if c.Level(Public, Academia) != Content || c.Level(Public, Industry) != SectorLevel {
		t.Errorf("academia %v, industry %v", c.Level(Public, Academia), c.Level(Public, Industry))
	}
}

func TestSmallCells_contentIsCoveredByTheGroupWithFewest(t *testing.T) {
	// One guest without a sector stands alone: the three of the first group
	// join, the four of the second stay at their group.
	c := SmallCells(table(SectorNone, 1, Agencies, 1, Diplomats, 2, Academia, 2, Industry, 2), true, DefaultThresholds)
	if c.Level(Staff, Diplomats) != Content || c.Level(Staff, Agencies) != Content || c.Level(Staff, Industry) != GroupLevel {
		t.Errorf("diplomats %v, industry %v", c.Level(Staff, Diplomats), c.Level(Staff, Industry))
	}
}

func TestSmallCells_whatStaffDoNotSeePartnersDoNotSee(t *testing.T) {
	// Counted for themselves, partners' larger k would leave Industry and the
	// host at their group, where staff's smaller one has taken it away.
	c := SmallCells(table(SectorNone, 1, Congress, 4, Industry, 4, HostStaff, 1), true, DefaultThresholds)
	if c.Level(Staff, Industry) != Content || c.Level(Partner, Industry) != Content || c.Level(Public, Industry) != Content {
		t.Errorf("staff %v, partner %v, public %v", c.Level(Staff, Industry), c.Level(Partner, Industry), c.Level(Public, Industry))
	}
}

func TestSmallCells_organisationsCountToo(t *testing.T) {
	seats := table(Industry, 9)
	for i := range seats {
		seats[i].Organisation = "Acme"
	}
	if c := SmallCells(seats, true, DefaultThresholds); c.Level(Staff, Industry) != Content {
		t.Error("nine people of one company are shown as Industry")
	}
	seats[0].Organisation = "" // unknown organisations are one
	seats[1].Organisation = ""
	if c := SmallCells(seats, true, DefaultThresholds); c.Level(Staff, Industry) != SectorLevel || c.Level(Public, Industry) != Content {
		t.Error("two organisations are enough for staff, not for the public")
	}
}

func TestSmallCells_memberOfCongressIsTheirOwnOffice(t *testing.T) {
	seats := table(Congress, 5)
	for i := range seats {
		seats[i].Organisation = "U.S. Senate"
		seats[i].OwnOffice = true
	}
	if c := SmallCells(seats, true, DefaultThresholds); c.Level(Public, Congress) != SectorLevel {
		t.Error("five senators count as one organisation")
	}
}

func TestSmallCells_whoCouldNotHaveSpokenDoesNotCount(t *testing.T) {
	seats := table(Industry, 7)
	seats[0].MaySpeak, seats[1].Present = false, false
	seats = append(seats, seats[6]) // the same person twice
	if n := SmallCells(seats, true, DefaultThresholds).Behind(Public, Label(Industry)); n != 5 {
		t.Errorf("%d people counted, want 5", n)
	}
	seats[2].Present = false
	if c := SmallCells(seats, true, DefaultThresholds); c.Level(Public, Industry) != Content {
		t.Error("four people are shown as a sector")
	}
}

func TestSmallCells_withoutAttendanceOnlyStaffSeeMoreThanContent(t *testing.T) {
	seats := table(Industry, 9)
	for i := range seats {
		seats[i].Present = false
	}
	c := SmallCells(seats, false, DefaultThresholds)
	if c.Level(Staff, Industry) != SectorLevel || c.Level(Partner, Industry) != Content || c.Level(Public, Industry) != Content {
		t.Errorf("staff %v partner %v public %v", c.Level(Staff, Industry), c.Level(Partner, Industry), c.Level(Public, Industry))
	}
	if c := SmallCells(seats, true, DefaultThresholds); c.Level(Staff, Industry) == SectorLevel || !c.ShowsNobody(Staff) {
		t.Error("a room where nobody came shows a sector")
	}
}

func TestSmallCells_hostStaffNeverAboveTheGroup(t *testing.T) {
	c := SmallCells(table(HostStaff, 9, Industry, 9), true, DefaultThresholds)
	if c.Label(Staff, HostStaff) != LabelNonGovernment || c.Label(Staff, Industry) != Label(Industry) {
		t.Errorf("host staff shown as %v", c.Label(Staff, HostStaff))
	}
}

func drawTable(t *rapid.T) []CellSeat {
	n := rapid.IntRange(0, 40).Draw(t, "people")
	many := rapid.IntRange(1, 30).Draw(t, "organisations")
	sectors := rapid.IntRange(1, int(HostStaff)).Draw(t, "highest sector")
	seats := make([]CellSeat, n)
	for i := range seats {
		org := rapid.IntRange(0, many).Draw(t, "organisation")
		seats[i] = CellSeat{
			Person: ID(i + 1), Sector: Sector(rapid.IntRange(0, sectors).Draw(t, "sector")),
			OwnOffice: rapid.IntRange(0, 9).Draw(t, "own office") == 0,
			MaySpeak:  rapid.IntRange(0, 9).Draw(t, "observer") > 0,
			Present:   rapid.IntRange(0, 9).Draw(t, "absent") > 1,
			Accepted:  rapid.Bool().Draw(t, "accepted"),
		}
		if org > 0 {
			seats[i].Organisation = fmt.Sprint(org)
		}
	}
	return seats
}

func drawThresholds(t *rapid.T) Thresholds {
	k, l := rapid.IntRange(3, 7), rapid.IntRange(2, 4)
	th := Thresholds{
		Staff:   Threshold{k.Draw(t, "k2"), l.Draw(t, "l2")},
		Partner: Threshold{k.Draw(t, "k3"), l.Draw(t, "l3")},
		Public:  Threshold{k.Draw(t, "k4"), l.Draw(t, "l4")},
	}
	if rapid.Bool().Draw(t, "default") {
		return DefaultThresholds
	}
	return th
}

// TestSmallCells_everyShownSetIsLargeEnough: behind every label that a reader
// can meet stand k people of l organisations, behind the rows without
// attribution k people or, in a room too small for anything, everybody.
func TestSmallCells_everyShownSetIsLargeEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats, th := drawTable(t), drawThresholds(t)
		attendance := rapid.Bool().Draw(t, "attendance recorded")
		c := SmallCells(seats, attendance, th)
		for _, a := range OuterAudiences {
			sets := map[Label][]CellSeat{}
			total := 0
			for _, s := range seats {
				if !s.MaySpeak || (attendance && !s.Present) || (!attendance && !s.Accepted) {
					continue
				}
				total++
				l := c.Label(a, s.Sector)
				sets[l] = append(sets[l], s)
			}
			lim := th.For(a)
			for l, set := range sets {
				people, organisations := count(set)
				if people != c.Behind(a, l) {
					t.Fatalf("%s: %d behind %v, Behind says %d", a.Name(), people, l.Name(), c.Behind(a, l))
				}
				if l == LabelNone {
					if people < lim.K && people != total {
						t.Fatalf("%s: %d of %d people without attribution, k is %d", a.Name(), people, total, lim.K)
					}
					continue
				}
				if people < lim.K || organisations < lim.L {
					t.Fatalf("%s: %q stands for %d people of %d organisations, want %+v", a.Name(), l.Name(), people, organisations, lim)
				}
			}
		}
	})
}

func TestSmallCells_lessTrustedAudiencesNeverSeeMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats, th := drawTable(t), drawThresholds(t)
		c := SmallCells(seats, rapid.Bool().Draw(t, "attendance recorded"), th)
		for s := SectorNone; s <= HostStaff; s++ {
			a2, a3, a4 := c.Level(Staff, s), c.Level(Partner, s), c.Level(Public, s)
			if a3 > a2 || a4 > a3 || a4 < Content || a2 > SectorLevel {
				t.Fatalf("%s: staff %v, partner %v, public %v", s.Name(), a2, a3, a4)
			}
			if (s == SectorNone && a2 != Content) || (s == HostStaff && a2 > GroupLevel) {
				t.Fatalf("%s shown at %v", s.Name(), a2)
			}
		}
	})
}

// TestSmallCells_exchangingPeopleChangesNothing: levels follow from the counts
// alone, not from who sits where in the list.
func TestSmallCells_exchangingPeopleChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats, th := drawTable(t), drawThresholds(t)
		other := rapid.Permutation(seats).Draw(t, "other order")
		if SmallCells(seats, true, th).levels != SmallCells(other, true, th).levels {
			t.Fatal("another order, other levels")
		}
	})
}

func TestSmallCells_correctionsAfterClosingOnlyLower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := SmallCells(drawTable(t), true, DefaultThresholds)
		seats := drawTable(t)
		stored, ok := ParseCells(before.Encode())
		if !ok {
			t.Fatalf("%q does not read back", before.Encode())
		}
		after := RecountCells(stored, seats, true, DefaultThresholds)
		for _, a := range OuterAudiences {
			for s := SectorNone; s <= HostStaff; s++ {
				if after.Level(a, s) > before.Level(a, s) {
					t.Fatalf("%s rose for %s", s.Name(), a.Name())
				}
				if l := after.Label(a, s); l != LabelNone && after.Behind(a, l) > 0 && after.Behind(a, l) < DefaultThresholds.For(a).K {
					t.Fatalf("%d people behind %s", after.Behind(a, l), l.Name())
				}
			}
		}
	})
}

func TestSmallCells_storedLevelsAreReadStrictly(t *testing.T) {
	good := SmallCells(table(Industry, 9), true, DefaultThresholds).Encode()
	for _, bad := range []string{"", good[1:], good + "1", "9" + good[1:], "0" + good[1:]} {
		if _, ok := ParseCells(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestThresholds_onlyRaise(t *testing.T) {
	ok := func(th, floor Thresholds) bool { return th.Check(floor) == nil }
	d := DefaultThresholds
	raised := Thresholds{Threshold{4, 2}, Threshold{6, 3}, Threshold{8, 4}}
	if !ok(d, d) || !ok(raised, d) || ok(d, raised) {
		t.Error("thresholds may be raised and not lowered")
	}
	for name, th := range map[string]Thresholds{
		"k under 3":            {Threshold{2, 2}, d.Partner, d.Public},
		"l under 2":            {Threshold{3, 1}, d.Partner, d.Public},
		"public laxer":         {d.Staff, Threshold{7, 3}, Threshold{6, 3}},
		"public organisations": {d.Staff, Threshold{7, 4}, Threshold{7, 3}},
		"nothing":              {},
		"k over 1,000":         {d.Staff, d.Partner, Threshold{1001, 3}},
		"l over 1,000":         {d.Staff, d.Partner, Threshold{5, 1001}},
	} {
		if ok(th, Thresholds{}) {
			t.Errorf("%s was taken", name)
		}
	}
	low := Threshold{1, 1}
	if (Thresholds{low, low, low}).For(Public) != MinThreshold || (Thresholds{}).For(Partner) != d.Partner {
		t.Error("For goes under the minimum or forgets the default")
	}
	if got := (Thresholds{Staff: Threshold{9, 2}}).For(Public); got != (Threshold{9, 3}) {
		t.Errorf("the public's threshold is laxer than staff's: %+v", got)
	}
}

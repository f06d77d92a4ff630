package models

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCoverage_findingNamesWhoIsMissing(t *testing.T) {
	full := func() Coverage {
		c := Coverage{Gap: 5}
		for _, p := range Pillars {
			for _, s := range Sectors {
				c.Add(p, Label(s), 9)
			}
		}
		return c
	}
	for want, change := range map[string]func(*Coverage){
		"Every sector is heard on every pillar":                                func(*Coverage) {},
		"Congress is barely heard on diplomacy":                                func(c *Coverage) { c.Add(Diplomacy, Label(Congress), -6) },
		"Partner think tanks are not heard on security":                        func(c *Coverage) { c.Add(Security, Label(ThinkTanks), -9) },
		"Civil society is barely heard on security and alliances":              func(c *Coverage) { c.Add(Security, Label(CivilSociety), -8); c.Add(Alliances, Label(CivilSociety), -5) },
		"Civil society is barely heard on security, and Congress on economics": func(c *Coverage) { c.Add(Security, Label(CivilSociety), -8); c.Add(Economics, Label(Congress), -7) },
		"Congress is barely heard on technology, economics and alliances": func(c *Coverage) {
			for _, p := range []Pillar{Technology, Economics, Alliances} {
				c.Add(p, Label(Congress), -6)
			}
		},
		"Diplomats are not heard on any pillar, and industry on technology": func(c *Coverage) {
			for _, p := range Pillars {
				c.Add(p, Label(Diplomats), -9)
			}
			c.Add(Technology, Label(Industry), -9)
		},
	} {
		c := full()
		change(&c)
		if got := c.Finding(); got != want {
			t.Errorf("finding %q, want %q", got, want)
		}
	}
	if got := (Coverage{Gap: 5}).Finding(); got != "Nothing has been captured yet" {
		t.Error(got)
	}
}

func TestCoverage_everyCellUnderTheGapIsNamedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Coverage{Gap: rapid.IntRange(1, 9).Draw(t, "gap")}
		under := 0
		for _, p := range Pillars {
			for _, s := range Sectors {
				n := rapid.IntRange(0, 12).Draw(t, "n")
				c.Add(p, Label(s), n)
				if n < c.Gap {
					under++
				}
			}
		}
		c.Add(PillarNone, LabelNone, rapid.IntRange(0, 2).Draw(t, "untagged"))
		letters := map[string]bool{}
		for _, g := range c.Gaps() {
			if letters[g.Letter] || g.N != c.N(g.Pillar, Label(g.Sector)) || g.N >= c.Gap {
				t.Fatalf("gap %+v", g)
			}
			letters[g.Letter] = true
		}
		if len(letters) != under {
			t.Fatalf("%d gaps, want %d", len(letters), under)
		}
	})
}

func TestCoverage_columnsHoldWhateverWasCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Coverage
		want := 0
		for range rapid.IntRange(0, 20).Draw(t, "cells") {
			n := rapid.IntRange(0, 5).Draw(t, "n")
			label := rapid.SampledFrom(append([]Label{LabelWithheld}, Labels[1:]...)).Draw(t, "label")
			c.Add(rapid.SampledFrom(append([]Pillar{PillarNone}, Pillars...)).Draw(t, "pillar"), label, n)
			if label != LabelWithheld {
				want += n
			}
		}
		got := 0
		for _, p := range c.Pillars() {
			for _, l := range c.Columns() {
				got += c.N(p, l)
			}
		}
		if got != want || c.Empty() != (want == 0) {
			t.Fatalf("the table holds %d of %d", got, want)
		}
	})
}

func TestCoverageSince_isTwelveMonthsWithThisOne(t *testing.T) {
	now := At(time.Date(2026, 9, 24, 13, 0, 0, 0, time.UTC))
	if got := CoverageSince(now, "America/New_York"); got != "2025-10" {
		t.Error(got)
	}
	// In Auckland it is October already.
	if got := CoverageSince(At(time.Date(2026, 9, 30, 20, 0, 0, 0, time.UTC)), "Pacific/Auckland"); got != "2025-11" {
		t.Error(got)
	}
}

func TestNeedsOf_onlyWhatTheReaderMayDo(t *testing.T) {
	now := At(time.Date(2026, 9, 24, 13, 0, 0, 0, time.UTC))
	soon, later := now.Add(5*24*time.Hour), now.Add(20*24*time.Hour)
	ahead := RoomWork{ID: 1, Title: "Ahead", Status: Scheduled, Starts: later, Ends: later.Add(time.Hour), Unanswered: 4, Waitlisted: 3, Seated: 8, Capacity: 10}
	if got := NeedsOf([]RoomWork{ahead}, now); len(got) != 0 {
		t.Fatalf("without a right: %+v", got)
	}
	ahead.MayInvite, ahead.MayChooseTeam = true, true
	nearer := ahead
	nearer.ID, nearer.Deadline, nearer.Unanswered, nearer.Rapporteurs, nearer.Waitlisted = 2, soon, 1, 1, 0
	over := RoomWork{ID: 3, Status: Scheduled, Starts: now.Add(-48 * time.Hour), Ends: now.Add(-47 * time.Hour), MayHold: true, MayClose: true, Unanswered: 9, MayInvite: true}
	held := RoomWork{ID: 4, Status: Held, MayTag: true, MayReview: true, MayClose: true, Untagged: 7, Unreviewed: 3}
	live := RoomWork{ID: 5, Status: Scheduled, InSession: true, MayTag: true, MayReview: true, Untagged: 2, Unreviewed: 40}
	got := NeedsOf([]RoomWork{ahead, nearer, over, held, live}, now)
	want := []Need{
		{Kind: NeedRapporteur, Count: 1, Room: 1, Due: later},
		{Kind: NeedAnswers, Count: 5, Room: 2, Others: 1, Due: soon},
		{Kind: NeedSeats, Count: 2, Room: 1, Due: later},
		{Kind: NeedHold, Count: 1, Room: 3},
		{Kind: NeedPillars, Count: 9, Room: 4, Others: 1},
		{Kind: NeedReview, Count: 3, Room: 4},
		{Kind: NeedClose, Count: 1, Room: 4},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		got[i].Title, got[i].Zone = "", ""
		if got[i] != want[i] {
			t.Errorf("need %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

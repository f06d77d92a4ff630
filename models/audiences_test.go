package models

import "testing"

func TestAudiences_keysReadBack(t *testing.T) {
	for i, key := range []string{"team", "staff", "partner", "public"} {
		a, ok := ParseAudience(key)
		if !ok || a != Audience(i+1) || a.Key() != key {
			t.Errorf("%q reads as %v", key, a)
		}
	}
	if _, ok := ParseAudience(""); ok {
		t.Error("the empty word is an audience")
	}
}

func TestLabels_wordsAreTheFixedOnes(t *testing.T) {
	for l, want := range map[Label]string{
		Label(Industry):    "a participant from Industry",
		LabelNonGovernment: "a non-government participant",
		LabelGovernment:    "a government or diplomatic participant",
		LabelNone:          "a participant",
		LabelWithheld:      "",
		Label(HostStaff):   "", // no such label: withheld
		Label(99):          "",
	} {
		if got := l.Words(); got != want {
			t.Errorf("%d: %q, want %q", l, got, want)
		}
	}
}

func TestLabels_hostStaffAndSectorlessAreNeverShownAsASector(t *testing.T) {
	for level := Withheld; level <= Named; level++ {
		if l := LabelAt(level, HostStaff); l.Level() > GroupLevel || l.Sector() != SectorNone {
			t.Errorf("host staff at %d shown as %v", level, l)
		}
		if l := LabelAt(level, SectorNone); l.Level() > Content {
			t.Errorf("no sector at %d shown as %v", level, l)
		}
	}
}

func TestLabels_levelSectorAndGroup(t *testing.T) {
	for _, s := range Sectors {
		for level := Withheld; level <= SectorLevel; level++ {
			l := LabelAt(level, s)
			if !l.Valid() || l.Level() != level {
				t.Errorf("%s at %d is %d at %d", s.Name(), level, l, l.Level())
			}
			if (level == SectorLevel) != (l.Sector() == s) || (level >= GroupLevel) != (l.Group() == s.Group()) {
				t.Errorf("%s at %d tells sector %v, group %v", s.Name(), level, l.Sector(), l.Group())
			}
		}
	}
}

func TestLabels_keysReadBack(t *testing.T) {
	for _, l := range Labels {
		if got, ok := ParseLabel(l.Key()); !ok || got != l || l.Name() == "" {
			t.Errorf("%q reads as %v", l.Key(), got)
		}
	}
	if _, ok := ParseLabel("withheld"); ok {
		t.Error("a reader can ask for withheld rows")
	}
}

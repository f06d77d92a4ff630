package models

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestConsensusWords_followTheNumbers is DOMAIN.md §5.1: some below k, several
// up to half of those present, most above; one for the team alone.
func TestConsensusWords_followTheNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, present, k := rapid.IntRange(0, 60).Draw(t, "people"), rapid.IntRange(0, 60).Draw(t, "present"), rapid.IntRange(0, 9).Draw(t, "k")
		a := rapid.SampledFrom([]Audience{Team, Staff, Partner, Public}).Draw(t, "audience")
		words := ConsensusWords(a, people, present, k)
		floor := max(k, 3)
		want := "several"
		switch {
		case people == 0:
			want = ""
		case people == 1 && a == Team:
			want = "one"
		case people < floor:
			want = "some"
		case present > 0 && people > present/2 && 2*people != present:
			want = "most"
		}
		if words != want {
			t.Fatalf("%d of %d, k %d, audience %d: %q, want %q", people, present, k, a, words, want)
		}
		if a != Team && words == "one" {
			t.Fatal("one speaker told outside the team")
		}
	})
}

// TestSpeakers_neverMoreThanThereAre draws people, lets them speak, and
// discloses each word at a level that their sector could have: the count that a
// reader gets is never above the truth, and for the team it is the truth.
func TestSpeakers_neverMoreThanThereAre(t *testing.T) {
	all := append([]Sector{HostStaff, SectorNone}, Sectors...)
	rapid.Check(t, func(t *rapid.T) {
		sectors := rapid.SliceOfN(rapid.SampledFrom(all), 1, 12).Draw(t, "sectors")
		spoke := rapid.SliceOfN(rapid.IntRange(0, len(sectors)-1), 1, 20).Draw(t, "spoke")
		truth := map[int]bool{}
		var team, mixed []Insight
		for _, who := range spoke {
			truth[who] = true
			named := Insight{audience: Team, label: LabelNamed, shown: InsightFacts{Speaker: SpeakerFacts{
				Person: ID(who + 1), Name: fmt.Sprint("Person ", who), Sector: sectors[who],
			}}}
			team = append(team, named)
			level := rapid.SampledFrom([]Level{Content, GroupLevel, SectorLevel, Named}).Draw(t, "level")
			if level == Named {
				mixed = append(mixed, named)
				continue
			}
			label := LabelAt(level, sectors[who])
			mixed = append(mixed, Insight{audience: Staff, label: label, shown: InsightFacts{Speaker: SpeakerFacts{Sector: label.Sector()}}})
		}
		if got := Speakers(team); got != len(truth) {
			t.Fatalf("the team is told %d speakers, there are %d", got, len(truth))
		}
		if got := Speakers(mixed); got > len(truth) || got < 1 {
			t.Fatalf("a reader is told %d speakers of %d", got, len(truth))
		}
	})
}

func TestThemeInput_isOneSentenceWithinItsLimits(t *testing.T) {
	in, err := ThemeInput{Statement: "  Permits\n decide  the pace. ", Dissent: NoDissent, Confidence: HighConfidence, Likelihood: 6}.Check()
	if err != nil || in.Statement != "Permits decide the pace." {
		t.Fatalf("%q, %v", in.Statement, err)
	}
	for field, bad := range map[string]ThemeInput{
		"statement": {}, "likelihood": {Statement: "x", Likelihood: 8}, "confidence": {Statement: "x", Confidence: 4},
		"dissent": {Statement: "x", Dissent: string(make([]rune, MaxThemeTextRunes+1))},
	} {
		_, err := bad.Check()
		invalid, ok := err.(*InvalidError) //nolint:errorlint // Check returns it as it is
		if !ok || invalid.Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if (Theme{Dissent: ""}).Usable() || !(Theme{Dissent: NoDissent}).Usable() {
		t.Error("a theme is usable once its dissent is stated, if only as none")
	}
}

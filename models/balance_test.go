package models

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBalanceWarnings_sayWhatIsMissingAndWhoSendsMany(t *testing.T) {
	guests := []BalanceGuest{
		{Sector: Industry, State: Accepted, Organisation: "Acme", OrganisationKey: "acme"},
		{Sector: Industry, State: Attended, Organisation: "Acme", OrganisationKey: "acme"},
		{Sector: Industry, State: Reconfirm, Organisation: "Acme", OrganisationKey: "acme"},
		{Sector: Diplomats, State: Invited},
		{Sector: Congress, State: Accepted},
		{Sector: Congress, State: Declined},
	}
	targets := []SectorTarget{{Sector: Congress, Minimum: 3}, {Sector: Diplomats, Target: 2}, {Sector: Industry, Maximum: 2}}
	got := BalanceWarnings(guests, targets)
	want := []string{"Congress is two short of the least that you set", "No allied diplomat yet", "Industry has one more than the most that you set", "Three guests from Acme"}
	if !slices.Equal(got, want) {
		t.Fatalf("warnings:\n%s", strings.Join(got, "\n"))
	}
	if title := BalanceTitle(BalanceSectors(guests, targets)); title != "Congress is two seats short, diplomats two" {
		t.Fatalf("title: %s", title)
	}
}

func TestCountReplies_everyListedGuestIsInOnePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var guests []BalanceGuest
		for range rapid.IntRange(0, 40).Draw(t, "guests") {
			guests = append(guests, BalanceGuest{
				Sector: Sector(rapid.IntRange(0, 8).Draw(t, "sector")),
				State:  rapid.SampledFrom(GuestStates).Draw(t, "state"),
				Role:   rapid.SampledFrom(GuestRoles).Draw(t, "role"),
			})
		}
		r := CountReplies(guests)
		if r.Listed != r.Shortlisted+r.Invited || r.Answered+r.Open > r.Invited || r.Attended > r.Attending {
			t.Fatalf("%+v", r)
		}
		seated := 0
		for _, b := range BalanceSectors(guests, nil) {
			seated += b.Attending
		}
		if seated > r.Attending {
			t.Fatalf("more in sectors (%d) than in all (%d)", seated, r.Attending)
		}
	})
}

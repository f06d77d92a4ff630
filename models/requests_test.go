package models

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRequest_programsAreToldFromPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := Instant(1_790_000_000_000)
		took := time.Duration(rapid.Int64Range(-200_000, 200_000).Draw(t, "seconds")) * time.Second
		in := RequestInput{Name: "Ana Lee", Email: "ana@example.org", Trap: rapid.SampledFrom([]string{"", "", "x"}).Draw(t, "trap"), Shown: now.Add(-took)}
		_, err := in.Check(now)
		human := in.Trap == "" && took >= requestSoonest && took <= requestLatest
		if (err == nil) != human {
			t.Fatalf("after %v with %q in the trap: %v", took, in.Trap, err)
		}
	})
}

func TestRequest_anEmptyNameIsAskedForInPlainWords(t *testing.T) {
	now := Instant(1_790_000_000_000)
	_, err := RequestInput{Email: "a@b.org", Shown: now.Add(-time.Minute)}.Check(now)
	var bad *InvalidError
	if !errors.As(err, &bad) || bad.Fields["full_name"] != "Give your name." {
		t.Errorf("without a name: %v", err)
	}
}

func TestRequest_whatIsKeptFitsAndIsWhatWasTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := Instant(1_790_000_000_000)
		in := RequestInput{
			Name: rapid.String().Draw(t, "name"), Email: rapid.SampledFrom([]string{"", "a@b.org", "no address", "ß@x.example"}).Draw(t, "email"),
			Position: rapid.String().Draw(t, "position"), Organisation: rapid.String().Draw(t, "organisation"),
			Why: rapid.String().Draw(t, "why") + strings.Repeat("é", rapid.IntRange(0, 2100).Draw(t, "long")), Shown: now.Add(-time.Minute),
		}
		out, err := in.Check(now)
		if err != nil {
			return
		}
		if out.Name == "" || out.Email == "" || len([]rune(out.Why)) > RequestWhyMost {
			t.Fatalf("kept: %+v", out)
		}
		again, err := out.Check(now)
		if err != nil || again != out {
			t.Fatalf("what was kept is not kept as it is: %+v, %+v, %v", out, again, err)
		}
	})
}

func TestRoundtable_nobodyAsksWhereNothingIsToBeHad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := Instant(1_790_000_000_000)
		r := Roundtable{
			Private: rapid.Bool().Draw(t, "private"), Regime: Regime(rapid.IntRange(-1, 7).Draw(t, "regime")),
			Status: rapid.SampledFrom([]RoundtableStatus{Draft, Scheduled, Held, Closed, Cancelled}).Draw(t, "status"),
			Starts: now.Add(time.Duration(rapid.IntRange(-48, 48).Draw(t, "start")) * time.Hour), Sequence: rapid.IntRange(0, 2).Draw(t, "sequence"),
		}
		if rapid.Bool().Draw(t, "deadline") {
			r.Deadline = r.Starts.Add(-time.Hour)
		}
		open := r.TakesRequests(now)
		if open && (r.Private || r.Regime < OnTheRecord || r.Regime >= OffTheRecord || r.Status != Scheduled || r.Starts <= now || r.Deadline != 0 && r.Deadline <= now) {
			t.Fatalf("takes requests: %+v", r)
		}
		if r.IsPublic() && (r.Private || r.Status == Draft || r.Regime == OffTheRecord) {
			t.Fatalf("public: %+v", r)
		}
	})
}

package models

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func schedule(date, start, end, zone string) Schedule {
	return Schedule{Date: date, Start: start, End: end, Zone: zone}
}

func TestRoundtableInput_localTimesThatDoNotExistOrComeTwice(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    Schedule
		field string
	}{
		{"an hour that is skipped", schedule("2026-03-08", "02:30", "04:00", "America/New_York"), "start"},
		{"an hour that comes twice", schedule("2026-11-01", "01:30", "03:00", "America/New_York"), "twice"},
		{"half an hour that is skipped", schedule("2026-10-04", "02:15", "04:00", "Australia/Lord_Howe"), "start"},
		{"a day that no calendar there has", schedule("2011-12-30", "09:00", "11:00", "Pacific/Apia"), "start"},
		{"no such zone", schedule("2026-10-22", "09:00", "11:00", "Mars/Olympus"), "zone"},
		{"the end before the start", schedule("2026-10-22", "14:00", "11:30", "Europe/Brussels"), "end"},
	} {
		_, _, err := RoundtableInput{Title: "Chips", Schedule: c.in}.Check()
		var bad *InvalidError
		if !errors.As(err, &bad) || bad.Fields[c.field] == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	chosen := schedule("2026-11-01", "01:30", "03:00", "America/New_York")
	chosen.Twice = Later
	_, at, err := RoundtableInput{Title: "Chips", Schedule: chosen}.Check()
	if err != nil || at.Starts.Time().Format("15:04") != "06:30" {
		t.Fatalf("the later of two: %v, %v", at.Starts.Time(), err)
	}
}

func TestRoundtableInput_findsTheZoneOfACity(t *testing.T) {
	for typed, want := range map[string]string{"Boston": "America/New_York", "berlin": "Europe/Berlin", "Asia/Kolkata": "Asia/Kolkata"} {
		in, _, err := RoundtableInput{Title: "Chips", Schedule: schedule("2026-10-22", "09:00", "11:00", typed)}.Check()
		if err != nil || in.Schedule.Zone != want {
			t.Errorf("%s: %q, %v", typed, in.Schedule.Zone, err)
		}
	}
	var bad *InvalidError
	_, _, err := RoundtableInput{Title: "Chips", Schedule: schedule("2026-10-22", "09:00", "11:00", "us")}.Check()
	if !errors.As(err, &bad) || !strings.HasPrefix(bad.Fields["zone"], "Several zones fit: ") {
		t.Errorf("an ambiguous zone: %v", err)
	}
}

func TestRoundtableInput_deadlineIsInTheRoomsZoneAndBeforeTheStart(t *testing.T) {
	in := RoundtableInput{Title: "Chips", Schedule: schedule("2026-10-22", "09:00", "11:30", "Asia/Tokyo"), DeadlineDate: "2026-10-15"}
	_, at, err := in.Check()
	if err != nil || at.Deadline.Time().Format(time.RFC3339) != "2026-10-15T14:59:00Z" || at.DeadlineLocal != "2026-10-15T23:59" {
		t.Fatalf("deadline: %+v, %v", at, err)
	}
	in.DeadlineDate = "2026-10-22"
	if _, _, err := in.Check(); err == nil {
		t.Fatal("a deadline after the start was accepted")
	}
}

func TestRoundtableInput_whatIsReadBackIsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(ZoneNames()).Draw(t, "zone")
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "day"))
		start := rapid.IntRange(0, 23*60).Draw(t, "start")
		clock := func(m int) string { return time.Time{}.Add(time.Duration(m) * time.Minute).Format("15:04") }
		in := RoundtableInput{Title: "Chips", Schedule: schedule(day.Format(time.DateOnly), clock(start), clock(start+45), zone)}
		in.Schedule.Twice = Occurrence(rapid.IntRange(1, 2).Draw(t, "twice"))
		in, at, err := in.Check()
		if err != nil {
			return
		}
		from, to := in.Schedule.LocalTimes()
		back := ReadLocalTimes(from, to, zone, at.Starts, at.Ends)
		again, atAgain, err := RoundtableInput{Title: "Chips", Schedule: back}.Check()
		if err != nil || atAgain != at || again.Schedule.Date != in.Schedule.Date {
			t.Fatalf("%+v became %+v: %v", in.Schedule, back, err)
		}
	})
}

func TestRegimeChange_isNeverLooserOncePromised(t *testing.T) {
	for _, from := range Regimes {
		for _, to := range Regimes {
			if err := CheckRegimeChange(from, to, true); (err != nil) != (to < from) {
				t.Errorf("%s to %s after invitations: %v", from.Key(), to.Key(), err)
			}
			if err := CheckRegimeChange(from, to, false); err != nil {
				t.Errorf("%s to %s in a draft: %v", from.Key(), to.Key(), err)
			}
		}
	}
}

func TestInSession_followsTheClockUnlessSomebodyStartsOrEndsIt(t *testing.T) {
	start := At(time.Date(2026, 10, 22, 13, 0, 0, 0, time.UTC))
	r := Roundtable{Status: Scheduled, Starts: start, Ends: start.Add(2 * time.Hour)}
	for at, want := range map[time.Duration]bool{-time.Minute: false, 0: true, time.Hour: true, 2 * time.Hour: false} {
		if r.InSession(start.Add(at)) != want {
			t.Errorf("at %v: %v", at, !want)
		}
	}
	r.Started = start.Add(-30 * time.Minute)
	if !r.InSession(start.Add(-20*time.Minute)) || !r.InSession(start.Add(5*time.Hour)) || r.InSession(start.Add(15*time.Hour)) {
		t.Error("a started session")
	}
	r.Ended = start.Add(time.Hour)
	if r.InSession(start.Add(90 * time.Minute)) {
		t.Error("an ended session goes on")
	}
}

func TestDiscloseAgenda_tellsNothingOfWhatIsLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var with, without []AgendaItem
		for i := range rapid.IntRange(1, 6).Draw(t, "items") {
			item := AgendaItem{
				ID: ID(i + 1), Title: "Item", TitleReviewed: rapid.Bool().Draw(t, "reviewed"), Minutes: rapid.IntRange(0, 60).Draw(t, "minutes"),
				Regime: rapid.SampledFrom([]Regime{RegimeNone, ChathamHouse, OffTheRecord}).Draw(t, "rule"),
			}
			with = append(with, item)
			if item.Regime != OffTheRecord {
				without = append(without, item)
			}
		}
		start := At(time.Date(2026, 10, 22, 13, 0, 0, 0, time.UTC))
		PlanAgenda(with, start)
		PlanAgenda(without, start)
		for _, a := range OuterAudiences {
			room := Roundtable{Regime: rapid.SampledFrom([]Regime{OnTheRecord, ChathamHouse}).Draw(t, "room"), Audience: a}
			if one, other := DiscloseAgenda(with, room), DiscloseAgenda(without, room); !reflect.DeepEqual(one, other) {
				t.Fatalf("%s tell that something was left out:\n%+v\n%+v", a.Name(), one, other)
			}
		}
	})
}

func TestDiscloseAgenda_hidesWhatOnlyTheTeamMayKnow(t *testing.T) {
	items := []AgendaItem{
		{ID: 1, Title: "Open", Regime: OnTheRecord, Lead: 9, LeadName: "Ada"},
		{ID: 2, Title: "Reviewed", TitleReviewed: true},
		{ID: 3, Title: "Led", TitleReviewed: true, Lead: 9, LeadName: "Ada"},
		{ID: 4, Title: "Off", Regime: OffTheRecord, TitleReviewed: true},
		{ID: 5, Title: "Plain"},
	}
	got := DiscloseAgenda(items, Roundtable{Regime: ChathamHouse, Audience: Staff})
	if len(got) != 1 || got[0].ID != 2 {
		t.Fatalf("under the Chatham House Rule: %+v", got)
	}
	got = DiscloseAgenda(items, Roundtable{Regime: OnTheRecord, Audience: Public})
	if len(got) != 4 || got[0].LeadName != "Ada" {
		t.Fatalf("on the record: %+v", got)
	}
	if len(DiscloseAgenda(items, Roundtable{Regime: ChathamHouse, Audience: Team})) != 5 {
		t.Fatal("the team misses items")
	}
}

package models

import (
	"strings"
	"unicode/utf8"
)

// AgendaItem is a timed part of a roundtable, as its reader may know it.
type AgendaItem struct {
	ID      ID
	Title   string
	Minutes int
	// Regime is the item's own rule, RegimeNone where the roundtable's holds.
	Regime Regime
	// Lead is the person who opens the item, zero and empty where there is none
	// or the reader may not know.
	Lead     ID
	LeadName string
	// TitleReviewed: a person has passed the title for readers outside the team.
	TitleReviewed bool
	// Started and Ended bound the time in which the item was in force.
	Started, Ended Instant
	// Current: the item is in force now.
	Current bool
	// From and To are when the item is planned, zero while no time is set.
	From, To Instant
}

// AgendaInput is what a form says of an agenda item.
type AgendaInput struct {
	Title         string
	Minutes       int
	Regime        Regime
	Lead          ID
	TitleReviewed bool
	// Earlier raises what was already said in the item too. It has no undo.
	Earlier bool
	// Seen is what the form showed; another's change since is ErrConflict.
	Seen Seen `json:"-"`
}

// Input is the item as a form changes it.
func (i AgendaItem) Input() AgendaInput {
	return AgendaInput{Title: i.Title, Minutes: i.Minutes, Regime: i.Regime, Lead: i.Lead, TitleReviewed: i.TitleReviewed}
}

// Check returns the input trimmed, or an *InvalidError. room is the rule of
// the roundtable: an item may only be stricter.
func (in AgendaInput) Check(room Regime) (AgendaInput, error) {
	in.Title = strings.TrimSpace(in.Title)
	var bad InvalidError
	bad.Check(in.Title != "", "title", "Give the item a title.")
	bad.Check(utf8.RuneCountInString(in.Title) <= titleMost && !strings.Contains(in.Title, "\n"), "title", "The title may have at most 300 characters, on one line.")
	bad.Check(in.Minutes >= 0 && in.Minutes <= 24*60, "minutes", "Write the minutes as a number up to 1,440, or leave it empty.")
	bad.Check(in.Regime >= RegimeNone && in.Regime <= OffTheRecord, "regime", "Choose an attribution rule.")
	if in.Regime == room {
		in.Regime = RegimeNone
	}
	if in.Regime != RegimeNone && in.Regime < room {
		bad.Add("regime", "An item can only have a stricter rule than the roundtable, which is held under “"+room.Name()+"”.")
	}
	return in, bad.Err()
}

// PlanAgenda fills in when each item is planned, one after the other from the
// start. An item without minutes has no planned end, nor do those after it
// have a planned time.
func PlanAgenda(items []AgendaItem, start Instant) {
	at := start
	for i := range items {
		items[i].From, items[i].To = at, 0
		if at == 0 {
			continue
		}
		if items[i].Minutes == 0 {
			at = 0
			continue
		}
		at += Instant(items[i].Minutes) * 60_000
		items[i].To = at
	}
}

// AgendaMinutes adds up the minutes of the items.
func AgendaMinutes(items []AgendaItem) int {
	n := 0
	for _, i := range items {
		n += i.Minutes
	}
	return n
}

// DiscloseAgenda returns what the reader of the roundtable may know of its
// agenda. Outside the team an off-the-record item hides itself, a title shows
// where its rule is on the record or where it was reviewed and no lead speaker
// is named for it, and a lead speaker shows on the record only.
//
// No reader outside the team sees how long an item is or when it is planned: a
// gap between two times, or minutes that do not fill the meeting, would tell
// that something is left out. Times over what is left would be wrong, and times
// only where nothing is left out would tell by their absence.
func DiscloseAgenda(items []AgendaItem, room Roundtable) []AgendaItem {
	if room.IsTeam() {
		return items
	}
	var out []AgendaItem
	for _, item := range items {
		rule := Strictest(item.Regime, room.Regime)
		named := NamesAttendees(rule, room.Audience)
		shown := named || rule <= ChathamHouse && item.TitleReviewed && item.Lead == 0
		if rule == OffTheRecord || !shown || !room.Audience.Valid() {
			continue
		}
		item.Started, item.Ended, item.Current, item.TitleReviewed = 0, 0, false, false
		item.Minutes, item.From, item.To = 0, 0, 0
		if !named {
			item.Lead, item.LeadName = 0, ""
		}
		out = append(out, item)
	}
	return out
}

// Choice is a thing to choose by its name.
type Choice struct {
	ID   ID
	Name string
}

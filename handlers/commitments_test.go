package handlers_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestCommitments_theFileHoldsTheListOfTheTeamAlone(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	found, err := w.Store.Commitments(t.Context(), w.Lead, 0)
	if err != nil {
		t.Fatal(err)
	}
	room := w.Lead.Reach().Team[0]
	if _, err := w.Store.CreateCommitment(t.Context(), w.Lead, room, models.CommitmentInput{What: "=Send it", Owner: "The host"}); err != nil {
		t.Fatal(err)
	}
	site := handlertest.Over(t, w.Store, w.Clock)
	b := site.As(w.Lead)
	if b.Page(urls.CommitmentsPath, http.StatusOK).Find(`.rail__nav a[aria-current="page"][href="`+urls.CommitmentsPath+`"]`).Length() != 1 {
		t.Error("the navigation does not lead here")
	}
	lines, err := csv.NewReader(b.Get(urls.CommitmentsExportPath).Body).ReadAll()
	if err != nil || len(lines) != len(found)+2 {
		t.Fatalf("%d lines for %d commitments (%v)", len(lines), len(found)+1, err)
	}
	held := false
	for _, line := range lines[1:] {
		held = held || line[1] == "'=Send it"
	}
	if !held {
		t.Errorf("the file lacks the new one, defused: %q", lines)
	}
}

func TestCommitments_aChangeKeepsWhatWasTypedAndOverwritesNothingUnread(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	room := w.Lead.Reach().Team[0]
	id, err := w.Store.CreateCommitment(t.Context(), w.Lead, room, models.CommitmentInput{What: "Send it", Owner: "The host"})
	if err != nil {
		t.Fatal(err)
	}
	site := handlertest.Over(t, w.Store, w.Clock)
	b := site.As(w.Lead)
	list := urls.RoomCommitments(room)
	href := b.Page(list, http.StatusOK).Find(`a[aria-label="Change: Send it"]`).AttrOr("href", "")
	form := b.Page(strings.TrimSuffix(href, "#change"), http.StatusOK)
	revision := form.Find("[name=revision]").AttrOr("value", "")
	if form.Find("[name=what]").AttrOr("value", "") != "Send it" || revision == "" {
		t.Fatalf("%s is no form for the promise", href)
	}
	typed := url.Values{"commitment": {id.String()}, "revision": {revision}, "state": {"edit"}, "what": {"Send both"}, "owner": {""}, "due": {"soon"}}
	bad := site.Parse(b.Post(list, typed), http.StatusUnprocessableEntity)
	if bad.Find("[name=what]").AttrOr("value", "") != "Send both" || bad.Find("[name=owner][aria-invalid]").Length() != 1 || bad.Find("[name=due][aria-invalid]").Length() != 1 {
		t.Error("what was typed is lost, or nothing says what is wrong")
	}
	typed.Set("owner", "The embassy")
	typed.Set("due", "2031-01-31")
	if res := b.Post(list, typed); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	typed.Set("what", "Send none")
	behind := site.Parse(b.Post(list, typed), http.StatusConflict)
	if text := behind.Find("main").Text(); !strings.Contains(text, "Somebody changed this meanwhile") || !strings.Contains(text, "It now reads: Send both By The embassy, Jan 31, 2031.") {
		t.Errorf("who is behind is not told: %s", text)
	}
	if behind.Find("[name=what]").AttrOr("value", "") != "Send none" {
		t.Error("what was typed is lost")
	}
	typed.Set("revision", behind.Find("[name=revision]").AttrOr("value", ""))
	if res := b.Post(list, typed); res.StatusCode != http.StatusSeeOther {
		t.Errorf("saved again: %d", res.StatusCode)
	}
}

// TestCommitments_theOwnerIsChosenFromTheRoom chooses a guest, then somebody on
// the team; the guest can be written to by hand.
func TestCommitments_theOwnerIsChosenFromTheRoom(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	room := w.Lead.Reach().Team[0]
	site := handlertest.Over(t, w.Store, w.Clock)
	b := site.As(w.Lead)
	list := urls.RoomCommitments(room)
	page := b.Page(list, http.StatusOK)
	guest, team := page.Find(`select[name=by] optgroup[label=Guests] option`).First(), page.Find(`select[name=by] optgroup[label=Team] option`).First()
	if guest.Length() == 0 || team.Length() == 0 {
		t.Fatalf("nobody to choose: %s", page.Find("select[name=by]").Text())
	}
	bad := site.Parse(b.Post(list, url.Values{"what": {"Send it"}, "by": {guest.AttrOr("value", "")}, "due": {"soon"}}), http.StatusUnprocessableEntity)
	if bad.Find("select[name=by] option[selected]").AttrOr("value", "") != guest.AttrOr("value", "") {
		t.Error("the chosen owner is lost")
	}
	moved(t, b, list, url.Values{"what": {"Send it"}, "by": {guest.AttrOr("value", "")}})
	row := func() string {
		return b.Page(list, http.StatusOK).Find(`tr:has(a[aria-label="Change: Send it"])`).Text()
	}
	if got := row(); !strings.Contains(got, strings.TrimSpace(guest.Text())) || !strings.Contains(got, "Write a mail") {
		t.Errorf("by a guest: %s", got)
	}
	href := strings.TrimSuffix(b.Page(list, http.StatusOK).Find(`a[aria-label="Change: Send it"]`).AttrOr("href", ""), "#change")
	form := b.Page(href, http.StatusOK)
	if form.Find("select[name=by] option[selected]").AttrOr("value", "") != guest.AttrOr("value", "") {
		t.Error("the form forgets the owner")
	}
	id := form.Find("form:has([name=revision]) [name=commitment]").AttrOr("value", "")
	moved(t, b, list, url.Values{"commitment": {id}, "revision": {form.Find("[name=revision]").AttrOr("value", "")}, "state": {"edit"}, "what": {"Send it"}, "by": {team.AttrOr("value", "")}})
	if got := row(); !strings.Contains(got, strings.TrimSpace(team.Text())) || strings.Contains(got, "Write a mail") {
		t.Errorf("by the team: %s", got)
	}
}

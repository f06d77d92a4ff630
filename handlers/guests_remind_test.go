package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestGuestsRemind_showsTheRealMailAndWhoIsLeftOut(t *testing.T) {
	site, room, guest, lead, token := invitedTo(t)
	silent := storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Kenji Mizuhara", models.Diplomats, ""))
	storetest.KeepMail(t, site.Store)
	b := site.As(lead)
	doc := b.Page(urls.GuestsRemind(room), http.StatusOK)
	if doc.Find("input[name=guest][checked]").Length() != 1 || !strings.Contains(doc.Find("button[value=send]").Text(), "Send 1 reminder") {
		t.Errorf("%s", doc.Find("main").Text())
	}
	if text := doc.Find("pre").Text(); !strings.Contains(text, "We have not yet heard") || !strings.Contains(text, "[the guest’s link]") || strings.Contains(text, token) {
		t.Errorf("%s", text)
	}
	named := b.Page(urls.With(urls.GuestsRemind(room), "guest", silent.String(), "guest", guest.String()), http.StatusOK)
	if text := named.Find("#left-out").Text(); !strings.Contains(text, "Kenji Mizuhara: owes no answer") {
		t.Errorf("who is left out: %q", text)
	}
	if res := b.Post(urls.GuestsRemind(room), url.Values{"guest": {guest.String()}, "act": {"preview"}}); res.StatusCode != http.StatusOK {
		t.Errorf("%d %s", res.StatusCode, handlertest.Body(res))
	}
	if sent := storetest.KeepMail(t, site.Store); len(sent) != 0 {
		t.Fatalf("looking at the reminder queued %d messages", len(sent))
	}
	if res := b.Post(urls.GuestsRemind(room), url.Values{"act": {"send"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nobody chosen: %d", res.StatusCode)
	}
	if res := b.Post(urls.GuestsRemind(room), url.Values{"guest": {guest.String()}, "act": {"send"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", res.StatusCode, handlertest.Body(res))
	}
	if sent := storetest.KeepMail(t, site.Store); len(sent) != 1 || sent[0].Kind != models.MailReminder {
		t.Errorf("%+v", sent)
	}
	if text := b.Page(urls.GuestsRemind(room), http.StatusOK).Find("#left-out").Text(); !strings.Contains(text, "had a reminder") {
		t.Errorf("who was reminded just now is offered again: %q", text)
	}
}

func TestGuestsBulk_asksBeforeItReminds(t *testing.T) {
	site, room, guest, lead, _ := invitedTo(t)
	b := site.As(lead)
	for _, form := range []url.Values{{"guest": {guest.String()}, "act": {"remind"}}, {"one": {"remind:" + guest.String()}}} {
		res := b.Post(urls.GuestsBulk(room), form)
		if want := urls.With(urls.GuestsRemind(room), "guest", guest.String()); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != want {
			t.Errorf("%v: %d %s", form, res.StatusCode, res.Header.Get("Location"))
		}
	}
}

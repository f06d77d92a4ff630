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

// TestBriefs_theFormsOfItsPageKeepWhatWasRefused comments, approves, publishes
// and withdraws what cannot be: the page says at the field what to do, and
// loses nothing that was typed.
func TestBriefs_theFormsOfItsPageKeepWhatWasRefused(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	said, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Permits come before ships #s"})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []models.InsightState{models.Reviewed, models.Released} {
		if _, err := site.Store.SetInsightStates(t.Context(), lead, []models.ID{said.ID()}, state); err != nil {
			t.Fatal(err)
		}
	}
	if err := site.Store.FinishSession(t.Context(), lead, room); err != nil {
		t.Fatal(err)
	}
	writer, approver := site.As(storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)), site.As(lead)
	edit := moved(t, writer, urls.BriefNewPath, url.Values{"title": {"Permits first"}, "scope": {"roundtable"}, "roundtable": {room.String()}})
	path := strings.TrimSuffix(edit, "/edit")
	text := url.Values{"revision": {"1"}, "title": {"Permits first"}, "bottom_line": {"Clear ships early."}, "report": {models.Cite(said.ID())}, "disclaimer": {models.DefaultDisclaimer}}
	moved(t, writer, edit, text)
	moved(t, writer, path+"/submit", nil)

	long := strings.Repeat("x", 501)
	comment := site.Parse(writer.Post(path+"/comments", url.Values{"passage": {long}, "text": {"This is too strong."}}), http.StatusUnprocessableEntity)
	if comment.Find("textarea[name=text]").Text() != "This is too strong." || comment.Find("input[name=passage][aria-invalid]").AttrOr("value", "") != long {
		t.Error("a comment that was refused is lost")
	}
	behind := site.Parse(approver.Post(path+"/approve", url.Values{"revision": {"1"}}), http.StatusConflict)
	if !strings.Contains(behind.Find("[role=alert]").Text(), "Somebody changed the brief while you read it") {
		t.Error("who approves what they have not read is not told")
	}
	early := site.Parse(approver.Post(path+"/publish", url.Values{"note": {"A figure was wrong."}}), http.StatusUnprocessableEntity)
	if alert := early.Find("[role=alert]").Text(); !strings.Contains(alert, "A figure was wrong.") || !strings.Contains(alert, "must approve the brief first") {
		t.Errorf("a note of what cannot be published is lost: %s", alert)
	}
	moved(t, approver, path+"/approve", url.Values{"revision": {"2"}})
	moved(t, approver, path+"/publish", nil)
	why := strings.Repeat("y", 1001)
	kept := site.Parse(approver.Post(path+"/withdraw", url.Values{"why": {why}}), http.StatusUnprocessableEntity)
	if kept.Find("textarea[name=why][aria-invalid]").Text() != why {
		t.Error("a reason that was refused is lost")
	}
	moved(t, approver, path+"/withdraw", url.Values{"why": {"A figure was wrong."}})
	again := site.Parse(approver.Post(path+"/comments", url.Values{"text": {" "}}), http.StatusUnprocessableEntity)
	if again.Find("textarea[name=text][aria-invalid]").Length() != 1 {
		t.Error("an empty comment is not refused at its field")
	}
}

package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// captureRoom is a roundtable in session with a lead, and staff outside it.
func captureRoom(t *testing.T) (site *handlertest.Site, room models.ID, lead, other models.Viewer) {
	t.Helper()
	site = handlertest.New(t)
	lead = storetest.Account(t, site.Store, "Jo Lead", models.RoleConvener)
	room, lead = storetest.Roundtable(t, site.Store, lead, storetest.InSession(), storetest.Titled("Cables"))
	storetest.AgendaItem(t, site.Store, lead, room, "Who repairs them", 35, models.RegimeNone)
	return site, room, lead, storetest.Account(t, site.Store, "Ot Her", models.RoleAnalyst)
}

func TestCapture_worksWithoutScripts(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	b := site.As(lead)
	doc := b.Page(urls.Capture(room), http.StatusOK)
	form := doc.Find("form#composer")
	if action, _ := form.Attr("action"); action != urls.RoundtableInsights(room) || form.AttrOr("method", "") != "post" {
		t.Fatalf("the form posts to %q", action)
	}
	if words := doc.Find("#cap-rule").Text(); !strings.Contains(words, "Chatham House Rule") || !strings.Contains(words, "sector only, outside this team") {
		t.Errorf("the rule is not said before: %q", words)
	}
	res := b.Post(urls.RoundtableInsights(room), url.Values{"line": {"Permits come first !evidence"}, "primary": {"S"}, "pillars": {"D"}})
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != urls.Capture(room) {
		t.Fatalf("saving: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	doc = b.Page(urls.Capture(room), http.StatusOK)
	row := doc.Find(`[role=log] li[data-insight]`)
	if row.Length() != 1 || row.Find(".ins__text").Text() != "Permits come first" || row.Find(".tile").Length() != 2 {
		t.Errorf("the stream shows %q", row.Text())
	}
	res = b.Post(urls.RoundtableInsights(room), url.Values{"line": {" #s "}})
	doc = site.Parse(res, http.StatusUnprocessableEntity)
	if doc.Find("[data-error-summary]").Length() != 1 || strings.TrimSpace(doc.Find("#f-line").Text()) != "#s" {
		t.Error("what was typed is gone, or nothing is said")
	}
}

func TestCapture_aProgramGets201AfterCommitAndTheSameForTheSameID(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	b := site.As(lead)
	var ids []string
	for range 2 {
		r := httptest.NewRequest(http.MethodPost, urls.RoundtableInsights(room), strings.NewReader(url.Values{"line": {"Once"}, "client_id": {"abc"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Accept", "application/json")
		res := b.Do(r)
		if res.StatusCode != http.StatusCreated {
			t.Fatalf("status %d: %s", res.StatusCode, handlertest.Body(res))
		}
		var kept struct{ ID, HTML string }
		if err := json.NewDecoder(res.Body).Decode(&kept); err != nil || !strings.Contains(kept.HTML, "Once") {
			t.Fatalf("%+v, %v", kept, err)
		}
		ids = append(ids, kept.ID)
	}
	if ids[0] != ids[1] {
		t.Errorf("two insights: %v", ids)
	}
}

func TestCapture_isTheTeams(t *testing.T) {
	site, room, lead, other := captureRoom(t)
	b := site.As(other)
	for path, want := range map[string]int{urls.Capture(room): http.StatusForbidden, urls.CaptureWords(room): http.StatusForbidden} {
		if res := b.Get(path); res.StatusCode != want {
			t.Errorf("GET %s: %d", path, res.StatusCode)
		}
	}
	if res := b.Post(urls.RoundtableInsights(room), url.Values{"line": {"x"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("capturing: %d", res.StatusCode)
	}
	i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Mine"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{urls.InsightEdit(i.ID()), urls.InsightDelete(i.ID()), urls.InsightFlag(i.ID()), urls.InsightParaphrase(i.ID())} {
		if res := b.Post(path, url.Values{"text": {"theirs"}}); res.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	observer := storetest.Team(t, site.Store, lead, room, other, models.TeamObserver)
	doc := site.As(observer).Page(urls.Capture(room), http.StatusOK)
	if doc.Find("#composer").Length() != 0 || doc.Find("li[data-insight]").Length() != 1 {
		t.Error("an observer should read along and not capture")
	}
}

func TestCapture_previewSaysWhatWillBeKept(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	res := site.As(lead).Post(urls.CapturePreview(room), url.Values{"line": {"Ships @nobody #s =off +cable-repair"}})
	doc := site.Parse(res, http.StatusOK)
	text := doc.Text()
	for _, want := range []string{"Security", "Off the record", "nothing leaves this team", "nobody", "Add tag “cable-repair”"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

func TestInsightEdit_showsBothWordingsWhereTwoEdit(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "First"})
	if err != nil {
		t.Fatal(err)
	}
	b := site.As(lead)
	doc := b.Page(urls.InsightEdit(i.ID()), http.StatusOK)
	if doc.Find("textarea[name=text]").Text() != "First" {
		t.Fatal("the form does not hold the words")
	}
	if res := b.Post(urls.InsightEdit(i.ID()), url.Values{"revision": {"1"}, "text": {"Second"}, "kind": {"claim"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving: %d", res.StatusCode)
	}
	doc = site.Parse(b.Post(urls.InsightEdit(i.ID()), url.Values{"revision": {"1"}, "text": {"Third"}, "kind": {"claim"}}), http.StatusUnprocessableEntity)
	if !strings.Contains(doc.Find(".note").Text(), "Second") || doc.Find("textarea[name=text]").Text() != "Third" {
		t.Error("both wordings should be shown")
	}
	if doc.Find("input[name=revision]").AttrOr("value", "") != "2" {
		t.Error("saving again should replace the newer wording")
	}
}

// listen opens a stream and hands over its events as they come; the channel is
// closed when the stream ends.
func listen(t *testing.T, base, token, path string) (<-chan [2]string, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = strings.TrimPrefix(handlertest.BaseURL, "http://")
	r.Header.Set("Accept", "text/event-stream")
	r.AddCookie(&http.Cookie{Name: "rotunda", Value: token})
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Accel-Buffering") != "no" {
		t.Fatalf("the stream answers %d", res.StatusCode)
	}
	events := make(chan [2]string, 100)
	go func() {
		defer close(events)
		defer func() { _ = res.Body.Close() }()
		var name, data string
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			switch line := lines.Text(); {
			case strings.HasPrefix(line, "event: "):
				name = line[7:]
			case strings.HasPrefix(line, "data: "):
				data += line[6:] + "\n"
			case strings.HasPrefix(line, "id: "):
				events <- [2]string{"id", line[4:]}
			case line == "" && name != "":
				events <- [2]string{name, data}
				name, data = "", ""
			}
		}
	}()
	return events, cancel
}

// await returns the data of the next event of the name.
func await(t *testing.T, events <-chan [2]string, name string) string {
	t.Helper()
	limit := time.After(5 * time.Second)
	for {
		select {
		case e, open := <-events:
			if !open {
				t.Fatalf("the stream ended before %q", name)
			}
			if e[0] == name {
				return e[1]
			}
		case <-limit:
			t.Fatalf("no %q within five seconds", name)
		}
	}
}

func TestStream_aColleagueSeesACaptureAndAResumedStreamMissesNothing(t *testing.T) {
	site, room, lead, other := captureRoom(t)
	colleague := storetest.Team(t, site.Store, lead, room, other, models.TeamObserver)
	server := httptest.NewServer(site.Handler)
	defer server.Close()
	token, err := site.Store.StartSession(t.Context(), colleague.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	doc := site.As(colleague).Page(urls.Capture(room), http.StatusOK)
	path, _ := doc.Find("[data-stream]").Attr("data-stream")
	events, hangUp := listen(t, server.URL, token, path)
	await(t, events, "presence")
	before := time.Now()
	if _, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "First words #s"}); err != nil {
		t.Fatal(err)
	}
	if got := await(t, events, "insight"); !strings.Contains(got, "First words") {
		t.Errorf("the event holds %q", got)
	}
	if took := time.Since(before); took > time.Second {
		t.Errorf("it took %v", took)
	}
	last := strings.TrimSpace(await(t, events, "id"))
	hangUp()
	gone, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "While away"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Store.DeleteInsight(t.Context(), lead, gone.ID()); err != nil {
		t.Fatal(err)
	}
	if _, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Also while away"}); err != nil {
		t.Fatal(err)
	}
	events, hangUp = listen(t, server.URL, token, urls.With(urls.Stream(room), "after", last))
	defer hangUp()
	// What was seen just before the gap may come again: pages replace a line by
	// its id. On PostgreSQL the news of a commit can overtake the reader.
	got := await(t, events, "insight")
	if strings.Contains(got, "First words") {
		got = await(t, events, "insight")
	}
	if !strings.Contains(got, "Also while away") {
		t.Errorf("after the gap: %q", got)
	}
	if got := strings.TrimSpace(await(t, events, "remove")); got != gone.ID().String() {
		t.Errorf("removed %q", got)
	}
}

func TestStream_endsWithinASecondOfLosingTheRight(t *testing.T) {
	site, room, lead, other := captureRoom(t)
	colleague := storetest.Team(t, site.Store, lead, room, other, models.TeamObserver)
	server := httptest.NewServer(site.Handler)
	defer server.Close()
	token, err := site.Store.StartSession(t.Context(), colleague.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	for what, end := range map[string]func() error{
		"off the team": func() error {
			return site.Store.SetTeamMember(t.Context(), lead, room, other.Account(), models.TeamNone)
		},
		"signed out": func() error { return site.Store.EndSession(t.Context(), colleague, token) },
	} {
		if what == "signed out" {
			storetest.Team(t, site.Store, lead, room, other, models.TeamObserver)
		}
		if what == "off the team" {
			storetest.Team(t, site.Store, lead, room, other, models.TeamObserver)
			if token, err = site.Store.StartSession(t.Context(), colleague.Account(), "", ""); err != nil {
				t.Fatal(err)
			}
		}
		events, hangUp := listen(t, server.URL, token, urls.Stream(room))
		await(t, events, "presence")
		if err := end(); err != nil {
			t.Fatal(err)
		}
		limit := time.After(time.Second)
		for open := true; open; {
			select {
			case _, open = <-events:
			case <-limit:
				t.Fatalf("%s: the stream goes on", what)
			}
		}
		hangUp()
	}
}

func TestStream_isLimitedPerAccountAndForTheTeamAlone(t *testing.T) {
	site, room, lead, other := captureRoom(t)
	server := httptest.NewServer(site.Handler)
	defer server.Close()
	token, err := site.Store.StartSession(t.Context(), lead.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		events, hangUp := listen(t, server.URL, token, urls.Stream(room))
		defer hangUp()
		await(t, events, "presence")
	}
	for v, want := range map[*models.Viewer]int{&lead: http.StatusTooManyRequests, &other: http.StatusForbidden} {
		r := httptest.NewRequest(http.MethodGet, urls.Stream(room), nil)
		r.Header.Set("Accept", "text/event-stream")
		if res := site.As(*v).Do(r); res.StatusCode != want {
			t.Errorf("%v: %d, want %d", v, res.StatusCode, want)
		}
	}
}

// TestCapture_startingTheSessionLeadsBackToTheLine from the capture page; a
// button elsewhere, or an address of another page, leads to the overview.
func TestCapture_startingTheSessionLeadsBackToTheLine(t *testing.T) {
	site := handlertest.New(t)
	for next, back := range map[string]bool{"nowhere": false, "here": true, "/settings": false} {
		room, lead := storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Jo Lead "+strings.Trim(next, "/"), models.RoleConvener))
		want, b := urls.Roundtable(room), site.As(lead)
		if next == "here" {
			next = b.Page(urls.Capture(room), http.StatusOK).Find("#cap-act input[name=next]").AttrOr("value", "")
		}
		if back {
			want = urls.Capture(room)
		}
		res := b.Post(urls.RoundtableStart(room), url.Values{"next": {next}})
		if got := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
}

// TestCapture_whatALineContradictsIsShown in the stream and in the record.
func TestCapture_whatALineContradictsIsShown(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	first, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Repairs take a week"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "~ They take a month", Contradicts: first.ID()})
	if err != nil {
		t.Fatal(err)
	}
	b := site.As(lead)
	stream := b.Page(urls.Capture(room), http.StatusOK)
	link := stream.Find("#i-" + second.ID().String() + " a.chip")
	if stream.Find(link.AttrOr("href", "none")).Find(".ins__text").Text() != "Repairs take a week" {
		t.Errorf("the stream does not lead to what is contradicted: %q", link.AttrOr("href", ""))
	}
	record := b.Page(urls.Insight(second.ID()), http.StatusOK)
	if record.Find(`dl a[href="`+urls.Insight(first.ID())+`"]`).Text() != "Repairs take a week" {
		t.Errorf("the record does not name it: %s", record.Find("dl").Text())
	}
	if _, err := site.Store.DeleteInsight(t.Context(), lead, first.ID()); err != nil {
		t.Fatal(err)
	}
	if words := b.Page(urls.Insight(second.ID()), http.StatusOK).Find("dl").Text(); strings.Contains(words, "Contradicts") {
		t.Errorf("what was taken away is still named: %s", words)
	}
}

func TestCapture_partsAndFormsComeAsFragments(t *testing.T) {
	site, room, lead, _ := captureRoom(t)
	i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Deep =deep"})
	if err != nil {
		t.Fatal(err)
	}
	b := site.As(lead)
	fragment := func(path string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("HX-Request", "true")
		return r
	}
	doc := site.Parse(b.Do(fragment(urls.Capture(room))), http.StatusOK)
	if doc.Find("#cap-agenda").Length() != 1 || doc.Find("#cap-stream").Length() != 1 || doc.Find("#cap-stage").Length() != 1 || doc.Find("#cap-act").Length() != 1 || doc.Find("#composer").Length() != 0 {
		t.Error("the parts are not what changes with the room")
	}
	doc = site.Parse(b.Do(fragment(urls.InsightEdit(i.ID()))), http.StatusOK)
	if doc.Find("li[data-editing] form").Length() == 0 {
		t.Error("the form does not come in place")
	}
	page := b.Page(urls.InsightEdit(i.ID()), http.StatusOK)
	if got := page.Find("form[hx-target]").Length(); got != 0 {
		t.Errorf("%d forms of the page wait for a row that only the stream has", got)
	}
	if page.Find("textarea[name=paraphrase]").Length() != 1 {
		t.Fatal("on deep background a paraphrase can be written")
	}
	if res := b.Post(urls.InsightParaphrase(i.ID()), url.Values{"paraphrase": {"In our voice"}, "ready": {"1"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("the paraphrase: %d", res.StatusCode)
	}
	again, _, err := site.Store.TeamInsight(t.Context(), lead, i.ID())
	if err != nil {
		t.Fatal(err)
	}
	if text, ready := again.Paraphrase(); text != "In our voice" || !ready {
		t.Errorf("%q, %v", text, ready)
	}
	if res := b.Post(urls.InsightFlag(i.ID()), nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("taking the flag back: %d", res.StatusCode)
	}
	if again, _, err = site.Store.TeamInsight(t.Context(), lead, i.ID()); err != nil || again.Regime() != models.ChathamHouse {
		t.Errorf("the rule is %v, %v", again.Regime(), err)
	}
}

// What was typed stands in the form again, and the form beside it loses nothing.
func TestInsightParaphrase_aRefusalKeepsWhatWasTyped(t *testing.T) {
	site := handlertest.New(t)
	room, lead := storetest.Roundtable(t, site.Store, storetest.Account(t, site.Store, "Ada Lead", models.RoleConvener), storetest.InSession())
	i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Ports are slow #t =deep"})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("In our voice. ", 400)
	res := site.As(lead).Post(urls.InsightParaphrase(i.ID()), url.Values{"paraphrase": {long}, "ready": {"1"}})
	page := site.Parse(res, http.StatusUnprocessableEntity)
	if got := page.Find("textarea[name=paraphrase]").Text(); got != long {
		t.Errorf("%d of %d characters are kept", len(got), len(long))
	}
	if page.Find("input[name=ready][checked]").Length() != 1 || page.Find("input[name=pillars][value=T][checked], input[name=primary][value=T][checked], select[name=primary] option[value=T][selected]").Length() == 0 {
		t.Error("the mark or the pillar is lost")
	}
}

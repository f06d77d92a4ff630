package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// evaluated is a recommendation of Ana's before a panel of a reader and of
// somebody from outside.
type evaluated struct {
	site        *handlertest.Site
	ana, reader *handlertest.Browser
	outside     *handlertest.Browser
	path, link  string
}

func newEvaluated(t *testing.T) *evaluated {
	t.Helper()
	site := handlertest.New(t)
	e := &evaluated{site: site, ana: site.As(storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)), outside: site.Anonymous()}
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	e.reader = site.As(reader)
	e.path = moved(t, e.ana, urls.RecommendationNewPath, url.Values{"title": {"Found a repair compact"}, "addressee": {"The committee"}})
	moved(t, e.ana, e.path+"/panel", url.Values{"due": {"2027-01-01"}})
	moved(t, e.ana, e.path+"/panel/evaluators", url.Values{"account": {reader.Account().String()}})
	moved(t, e.ana, e.path+"/panel/evaluators", url.Values{"name": {"Eva Outside"}, "email": {"eva@example.net"}})
	e.link = outsideLink(t, e.ana.Page(e.path, 200).Find("main").Text())
	return e
}

// typed is the reader's form as it stands on a page, filled in.
func typed(page *goquery.Document, why, value string) url.Values {
	form := scores(why, value, value, value)
	for _, name := range []string{"version", "round", "token"} {
		if v, ok := page.Find(`#yours input[name="` + name + `"]`).Attr("value"); ok {
			form.Set(name, v)
		}
	}
	return form
}

func (e *evaluated) stage(t *testing.T, to models.PanelStage) {
	t.Helper()
	moved(t, e.ana, e.path+"/panel/stage", url.Values{"stage": {string(to)}})
}

// TestEvaluation_keepsWhatWasTypedWhenItGoesOn moves the evaluation on under
// what two evaluators are typing: nothing is counted for what it was not meant
// for, they are told, and find their words on the page.
func TestEvaluation_keepsWhatWasTypedWhenItGoesOn(t *testing.T) {
	e := newEvaluated(t)
	for who, b := range map[string]*handlertest.Browser{e.path: e.reader, e.link: e.outside} {
		post := who
		if who == e.path {
			post += "/scores"
		}
		moved(t, b, post, typed(b.Page(who, 200), "First words", "3"))
	}
	late := map[string]url.Values{
		e.path + "/scores": typed(e.reader.Page(e.path, 200), "Late words of the reader", "8"),
		e.link:             typed(e.outside.Page(e.link, 200), "Late words from outside", "8"),
	}
	browser := map[string]*handlertest.Browser{e.path + "/scores": e.reader, e.link: e.outside}
	refused := func(say string) map[string]*goquery.Document {
		t.Helper()
		out := map[string]*goquery.Document{}
		for to, form := range late {
			page := e.site.Parse(browser[to].Post(to, form), http.StatusUnprocessableEntity)
			text := page.Find("main").Text()
			if !strings.Contains(page.Find("[role=alert]").Text(), say) || !strings.Contains(text, form.Get("rationale-deters")) {
				t.Errorf("%s, want %q and the words: %s", to, say, text)
			}
			out[to] = page
		}
		return out
	}
	e.stage(t, models.PanelDiscussion)
	for to, page := range refused("The first round ended while you wrote") {
		if page.Find(`[role=alert] dd`).Length() != 3 || !strings.Contains(page.Find(`[role=alert]`).Text(), "8 of 9") {
			t.Errorf("%s: the scores cannot be copied: %s", to, page.Find("[role=alert]").Text())
		}
	}
	for to, b := range map[string]*handlertest.Browser{e.path: e.reader, e.link: e.outside} {
		long := strings.Repeat("x", 2001)
		page := e.site.Parse(b.Post(to+"/remarks", url.Values{"text": {long}}), http.StatusUnprocessableEntity)
		if page.Find("textarea[name=text][aria-invalid]").Text() != long {
			t.Errorf("%s: a remark that was refused is lost", to)
		}
	}
	e.stage(t, models.PanelSecond)
	for to, page := range refused("they count for the second round") {
		if page.Find(`#yours textarea[name="rationale-deters"]`).Text() != late[to].Get("rationale-deters") || page.Find(`#yours input[name="score-deters"][value="8"][checked]`).Length() != 1 {
			t.Errorf("%s: the form of the second round lacks what was typed", to)
		}
	}
	e.stage(t, models.PanelClosed)
	refused("The evaluation was closed while you wrote")
	for to, b := range map[string]*handlertest.Browser{e.path: e.reader, e.link: e.outside} {
		page := e.site.Parse(b.Post(to+"/remarks", url.Values{"text": {"One thing more"}}), http.StatusUnprocessableEntity)
		if text := page.Find("[role=alert]").Text(); !strings.Contains(text, "One thing more") || !strings.Contains(text, "between the reveal and the close") {
			t.Errorf("%s: a remark after the close: %s", to, text)
		}
	}
}

// TestEvaluation_aLinkToAnotherWordingShowsNothingOfIt changes the text: who
// was asked about the old one is told so, reads no word of the new one, and
// what they typed is still theirs to copy.
func TestEvaluation_aLinkToAnotherWordingShowsNothingOfIt(t *testing.T) {
	e := newEvaluated(t)
	form := typed(e.outside.Page(e.link, 200), "Words about the old one", "3")
	moved(t, e.ana, e.path+"/edit", url.Values{"title": {"Found a secret draft"}, "addressee": {"The hidden office"}, "revision": {revision(t, e.ana, e.path)}})
	page := e.outside.Page(e.link, 200)
	for _, word := range []string{"secret draft", "hidden office", "repair compact"} {
		if strings.Contains(page.Text(), word) {
			t.Errorf("the page tells %q", word)
		}
	}
	if !strings.Contains(page.Find("main").Text(), "This evaluation is over") || page.Find("form").Length() != 0 {
		t.Errorf("not over: %s", page.Find("main").Text())
	}
	late := e.site.Parse(e.outside.Post(e.link, form), http.StatusUnprocessableEntity)
	if text := late.Find("main").Text(); !strings.Contains(text, "Words about the old one") || strings.Contains(text, "secret draft") {
		t.Errorf("what was typed: %s", text)
	}
}

// TestEvaluation_nobodyOutsideReadsAnOpenFinding: the link says calmly to come
// back, whoever leads the evaluation is told what stands in the way, and the
// team settles it on the page itself.
func TestEvaluation_nobodyOutsideReadsAnOpenFinding(t *testing.T) {
	site := handlertest.New(t)
	ctx := t.Context()
	storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	other := storetest.Account(t, site.Store, "Ann Other", models.RoleAnalyst)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
	if err := site.Store.SetTeamMember(ctx, lead, room, storetest.Viewer(t, site.Store, "ana.lyst@example.org").Account(), models.TeamAnalyst); err != nil {
		t.Fatal(err)
	}
	said, err := site.Store.CaptureInsight(ctx, lead, models.CaptureInput{Roundtable: room, Line: "Permits come before ships #s"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Store.SetInsightStates(ctx, lead, []models.ID{said.ID()}, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	analyst := storetest.Viewer(t, site.Store, "ana.lyst@example.org")
	theme := storetest.Theme(t, site.Store, analyst, "Permits come first.", said.ID())
	draft := url.Values{"title": {"Found a permit office"}, "addressee": {"The Quorum office"}, "themes": {theme.String()}}
	ana, ann := site.As(analyst), site.As(other)
	path, theirs := moved(t, ana, urls.RecommendationNewPath, draft), moved(t, ann, urls.RecommendationNewPath, draft)
	var link string
	for p, b := range map[string]*handlertest.Browser{path: ana, theirs: ann} {
		moved(t, b, p+"/panel", url.Values{"due": {"2027-01-01"}})
		moved(t, b, p+"/panel/evaluators", url.Values{"name": {"Eva Outside"}, "email": {"eva@example.net"}})
		if p == path {
			link = outsideLink(t, b.Page(p, 200).Find("main").Text())
		}
	}
	guest := storetest.Guest(t, site.Store, lead, room, storetest.Person(t, site.Store, lead, "Zebediah Quorum", models.Industry, "Qorvath Foundry"))
	storetest.Invite(t, site.Store, lead, room, guest)

	outside := site.Anonymous()
	page := outside.Page(link, 200)
	if text := page.Find("main").Text(); !strings.Contains(text, "come back to this link later") || strings.Contains(text, "permit office") || strings.Contains(text, "Quorum") || page.Find("form").Length() != 0 {
		t.Errorf("the link shows %s", text)
	}
	late := site.Parse(outside.Post(link, scores("My own words", "7", "7", "7")), http.StatusUnprocessableEntity)
	if text := late.Find("[role=alert]").Text(); !strings.Contains(text, "My own words") {
		t.Errorf("what was typed is lost: %s", text)
	}
	page = ann.Page(theirs, 200)
	if text := page.Find("main").Text(); !strings.Contains(text, "shown to its team") || page.Find("mark, form[action$='/finding']").Length() != 0 {
		t.Errorf("somebody outside the team is shown %s", text)
	}
	page = ana.Page(path, 200)
	form := page.Find("form[action$='/finding']")
	if form.Length() != 1 || page.Find("dd mark.leak").Text() == "" || !strings.Contains(page.Find(".note").Text(), "Nobody outside reads") {
		t.Errorf("the team is shown %s", page.Find("main").Text())
	}
	moved(t, ana, form.AttrOr("action", ""), url.Values{"mark": {form.Find("input[name=mark]").AttrOr("value", "")}, "reason": {"A majority is meant."}})
	if !strings.Contains(outside.Page(link, 200).Find("main").Text(), "permit office") || ana.Page(path, 200).Find("mark").Length() != 0 {
		t.Error("it is still withheld after it was overruled")
	}
}

// TestEvaluation_inviteIsTakenBackFromItsMessage, and an undo that is refused
// says why.
func TestEvaluation_inviteIsTakenBackFromItsMessage(t *testing.T) {
	e := newEvaluated(t)
	undo := func() *goquery.Selection {
		t.Helper()
		form := e.ana.Page(e.path, 200).Find(`#toasts form[action^="/undo/"]`)
		if form.Length() != 1 {
			t.Fatal("no way back")
		}
		return form
	}
	moved(t, e.ana, e.path+"/panel/evaluators", url.Values{"name": {"Adam Slip"}, "email": {"adam@example.net"}})
	moved(t, e.ana, undo().AttrOr("action", ""), url.Values{"next": {e.path}})
	if text := e.ana.Page(e.path, 200).Find("#evaluation").Text(); strings.Contains(text, "Adam Slip") || !strings.Contains(text, "Eva Outside") {
		t.Errorf("the panel is %s", text)
	}
	moved(t, e.ana, e.path+"/edit", url.Values{"title": {"Found a slip of the pen"}, "addressee": {"The committee"}, "revision": {revision(t, e.ana, e.path)}})
	back := undo().AttrOr("action", "")
	moved(t, e.ana, back, url.Values{"next": {e.path}})
	if got := e.ana.Page(e.path, 200).Find("h1").Text(); !strings.Contains(got, "repair compact") {
		t.Errorf("taken back to %q", got)
	}
	moved(t, e.ana, e.path+"/panel/evaluators", url.Values{"name": {"Ada Quick"}, "email": {"ada@example.net"}})
	back = undo().AttrOr("action", "")
	_, hers, _ := strings.Cut(e.ana.Page(e.path, 200).Find("main").Text(), "Ada Quick")
	moved(t, e.site.Anonymous(), outsideLink(t, hers), scores("It holds.", "8", "8", "8"))
	moved(t, e.ana, back, url.Values{"next": {e.path}})
	if text := e.ana.Page(e.path, 200).Find("#toasts").Text(); !strings.Contains(text, "They have answered since") {
		t.Errorf("the refusal says %q", text)
	}
}

func TestEvaluation_formsKeepWhatWasRefused(t *testing.T) {
	e := newEvaluated(t)
	invite := e.site.Parse(e.ana.Post(e.path+"/panel/evaluators", url.Values{"name": {"Eva Again"}, "affiliation": {"A school"}, "email": {"eva@example.net"}}), http.StatusUnprocessableEntity)
	if invite.Find("input[name=email][aria-invalid]").Length() != 1 || invite.Find("input[name=name]").AttrOr("value", "") != "Eva Again" {
		t.Error("an invitation that was refused is lost")
	}
	other := moved(t, e.ana, urls.RecommendationNewPath, url.Values{"title": {"Found another compact"}, "addressee": {"The committee"}})
	far := e.site.Parse(e.ana.Post(other+"/panel", url.Values{"due": {"2199-01-01"}}), http.StatusUnprocessableEntity)
	if far.Find("input[name=due][aria-invalid]").AttrOr("value", "") != "2199-01-01" {
		t.Error("a day that was refused is lost")
	}
	decide := url.Values{"adopt": {""}, "reason": {"It does not hold."}, "revision": {revision(t, e.ana, other)}}
	moved(t, e.ana, other+"/decide", decide)
	again := e.site.Parse(e.ana.Post(other+"/decide", decide), http.StatusConflict)
	if text := again.Find("[role=alert]").Text(); !strings.Contains(text, "It does not hold.") {
		t.Errorf("a decision that came second is lost: %s", text)
	}
}

// TestFollowUp_whoComesSecondIsToldByWhomAndKeepsTheirWords has two people note
// what became of a recommendation.
func TestFollowUp_whoComesSecondIsToldByWhomAndKeepsTheirWords(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	ana, ann := site.As(v), site.As(storetest.Account(t, site.Store, "Ann Other", models.RoleAnalyst))
	path := adopted(t, site, ana, v)
	form := func(b *handlertest.Browser, response string) url.Values {
		t.Helper()
		return url.Values{"status": {"open"}, "response": {response}, "revision": {b.Page(path, 200).Find("#follow input[name=revision]").AttrOr("value", "")}}
	}
	late := form(ann, "They will answer in May.")
	moved(t, ana, path+"/follow-up", form(ana, "They have answered."))
	behind := site.Parse(ann.Post(path+"/follow-up", late), http.StatusConflict)
	if text := behind.Find("#follow .note").Text(); !strings.Contains(text, "Ana Lyst changed this meanwhile") || !strings.Contains(text, "They have answered.") {
		t.Errorf("who is behind is not told: %s", text)
	}
	if behind.Find("#follow textarea[name=response]").Text() != "They will answer in May." {
		t.Error("what was typed is lost")
	}
	late.Set("revision", behind.Find("#follow input[name=revision]").AttrOr("value", ""))
	moved(t, ann, path+"/follow-up", late)
	page := ann.Page(path, 200)
	undo, ok := page.Find(".flash form, .toast form, form[action^='/undo']").First().Attr("action")
	if !ok {
		t.Fatalf("no way back: %s", page.Find("body").Text())
	}
	ann.Post(undo, url.Values{"next": {path}})
	if got := ann.Page(path, 200).Find("#follow textarea[name=response]").Text(); got != "They have answered." {
		t.Errorf("taken back to %q", got)
	}
	if text := mainOf(ana, path+"/history"); !strings.Contains(text, "They will answer in May.") || !strings.Contains(text, "Noted what became of it") || !strings.Contains(text, "Took back what was noted") {
		t.Errorf("the history: %s", text)
	}
}

// adopted drafts a recommendation and has a panel of three carry it.
func adopted(t *testing.T, site *handlertest.Site, ana *handlertest.Browser, v models.Viewer) string {
	t.Helper()
	path := moved(t, ana, urls.RecommendationNewPath, url.Values{"title": {"Found a repair compact"}, "addressee": {"The committee"}})
	moved(t, ana, path+"/panel", url.Values{"due": {"2027-01-01"}})
	for _, name := range []string{"One", "Two", "Three"} {
		moved(t, ana, path+"/panel/evaluators", url.Values{"name": {name}, "email": {strings.ToLower(name) + "@example.net"}})
	}
	id, _ := models.ParseID(strings.TrimPrefix(path, urls.RecommendationsPath+"/"))
	links, err := site.Store.PanelLinks(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range links {
		moved(t, site.Anonymous(), urls.Evaluate(token), scores("It holds.", "8", "8", "8"))
	}
	for _, stage := range []string{"discussion", "closed"} {
		moved(t, ana, path+"/panel/stage", url.Values{"stage": {stage}})
	}
	moved(t, ana, path+"/decide", url.Values{"adopt": {"1"}, "reason": {"It holds."}, "revision": {revision(t, ana, path)}})
	return path
}

// TestRecommendations_whatTheCodebookArchivedStaysAndSaysSo archives a forum
// that a recommendation names.
func TestRecommendations_whatTheCodebookArchivedStaysAndSaysSo(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ana Lyst", models.RoleAnalyst)
	ana := site.As(v)
	book, err := site.Store.Codebook(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	var forum models.ID
	for _, e := range book {
		if e.Kind == models.CodeForum && e.Name == "NATO" {
			forum = e.ID
		}
	}
	draft := url.Values{"title": {"Found a repair compact"}, "addressee": {"The committee"}, "codes": {forum.String()}}
	path := moved(t, ana, urls.RecommendationNewPath, draft)
	if _, err := site.Store.ArchiveCodes(t.Context(), v, []models.ID{forum}, true); err != nil {
		t.Fatal(err)
	}
	edit := ana.Page(path+"/edit", 200)
	box := edit.Find(`input[name=codes][value="` + forum.String() + `"][checked]`)
	if box.Length() != 1 || !strings.Contains(box.Parent().Text(), "Archived") {
		t.Errorf("the form does not show it as archived: %s", box.Parent().Text())
	}
	if ana.Page(urls.RecommendationNewPath, 200).Find(`input[name=codes][value="`+forum.String()+`"]`).Length() != 0 {
		t.Error("it is offered anew")
	}
	draft.Set("revision", revision(t, ana, path))
	moved(t, ana, path+"/edit", draft)
	if !strings.Contains(mainOf(ana, path), "NATO (archived)") {
		t.Error("it was dropped, or nothing says that it is archived")
	}
}

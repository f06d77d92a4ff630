package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// scores is what an evaluator's form sends.
func scores(why string, values ...string) url.Values {
	form := url.Values{}
	for i, c := range models.Criteria {
		form.Set("score-"+c.Key(), values[i])
		form.Set("confidence-"+c.Key(), "2")
		form.Set("rationale-"+c.Key(), why)
	}
	return form
}

// moved posts a form that must be answered with an address, and returns it.
func moved(t *testing.T, b *handlertest.Browser, path string, form url.Values) string {
	t.Helper()
	res := b.Post(path, form)
	if res.StatusCode != 303 {
		t.Fatalf("POST %s: %d %s", path, res.StatusCode, handlertest.Body(res))
	}
	return strings.Split(res.Header.Get("Location"), "#")[0]
}

func mainOf(b *handlertest.Browser, path string) string { return b.Page(path, 200).Find("main").Text() }

// TestRecommendations_fromDraftToUptake goes the whole way without scripts:
// drafted, edited, evaluated blind by three, revealed, discussed, evaluated
// again, adopted, followed up.
func TestRecommendations_fromDraftToUptake(t *testing.T) {
	site := handlertest.New(t)
	account := func(name string, role models.AccountRole) *handlertest.Browser {
		return site.As(storetest.Account(t, site.Store, name, role))
	}
	ana, convener := account("Ana Lyst", models.RoleAnalyst), account("Con Vener", models.RoleConvener)
	reader := storetest.Account(t, site.Store, "Rea Der", models.RoleReader)
	series, err := site.Store.CreateSeries(t.Context(), storetest.Viewer(t, site.Store, "con.vener@example.org"), models.SeriesInput{Name: "Allied dialogue"})
	if err != nil {
		t.Fatal(err)
	}
	site.Parse(ana.Post(urls.RecommendationNewPath, url.Values{"title": {"We should do it"}, "addressee": {"Nobody"}}), 422)
	if res := convener.Post(urls.RecommendationNewPath, url.Values{"title": {"Found a compact"}, "addressee": {"All"}}); res.StatusCode != 403 {
		t.Errorf("who is no analyst drafts: %d", res.StatusCode)
	}
	draft := url.Values{"title": {"Found a repair compact"}, "addressee": {"The committee"}, "series": {series.String()}, "action": {"Sign it."}}
	path := moved(t, ana, urls.RecommendationNewPath, draft)
	edit := ana.Page(path+"/edit", 200)
	if edit.Find(`select[name="series"] option[selected]`).AttrOr("value", "") != series.String() {
		t.Error("the form forgets the series")
	}
	site.Parse(ana.Post(path+"/panel", url.Values{"due": {"2020-01-01"}}), 422)
	moved(t, ana, path+"/panel", url.Values{"due": {"2027-01-01"}})
	evaluators := map[string]*handlertest.Browser{"reader": site.As(reader), "rapporteur": account("Rap Porteur", models.RoleRapporteur)}
	for _, email := range []string{"rea.der@example.org", "rap.porteur@example.org"} {
		v := storetest.Viewer(t, site.Store, email)
		moved(t, ana, path+"/panel/evaluators", url.Values{"account": {v.Account().String()}})
	}
	site.Parse(ana.Post(path+"/panel/evaluators", url.Values{"name": {"Eva Outside"}, "email": {"nonsense"}}), 422)
	moved(t, ana, path+"/panel/evaluators", url.Values{"name": {"Eva Outside"}, "email": {"eva@example.net"}})
	link := outsideLink(t, ana.Page(path, 200).Find("main").Text())
	outside := site.Anonymous()
	evaluateBlind(t, site, path, link, ana, outside, evaluators)
	moved(t, ana, path+"/panel/stage", url.Values{"stage": {"discussion"}})
	shown := ana.Page(path, 200)
	if shown.Find(".evalgrid [data-out]").Length() == 0 || !strings.Contains(shown.Find(".spread").Text(), "The panel disagrees") || strings.Contains(strings.ToLower(shown.Find("#evaluation").Text()), "mean") {
		t.Errorf("dissent is not seen: %s", shown.Find("#evaluation").Text())
	}
	moved(t, evaluators["reader"], path+"/remarks", url.Values{"text": {"Think of the yards."}})
	moved(t, outside, link+"/remarks", url.Values{"text": {"I did."}})
	if res := convener.Post(path+"/remarks", url.Values{"text": {"And I?"}}); res.StatusCode != 403 {
		t.Errorf("somebody off the panel talks: %d", res.StatusCode)
	}
	moved(t, ana, path+"/panel/stage", url.Values{"stage": {"second"}})
	if !strings.Contains(mainOf(evaluators["reader"], urls.RecommendationsPath), "You have not evaluated yet") {
		t.Error("the second round does not wait for the reader")
	}
	moved(t, evaluators["reader"], path+"/scores", scores("I moved.", "7", "7", "8"))
	moved(t, ana, path+"/panel/stage", url.Values{"stage": {"closed"}})
	adoptAndFollow(t, site, path, ana)
	stale := url.Values{"title": {"Found another compact"}, "addressee": {"The committee"}, "revision": {revision(t, ana, path)}}
	moved(t, ana, path+"/edit", stale)
	if text := mainOf(ana, path); !strings.Contains(text, "The evaluation is stale") || !strings.Contains(text, "Revised") {
		t.Error("an edit of the text leaves the evaluation standing")
	}
	if conflict := site.Parse(ana.Post(path+"/edit", stale), 409); conflict.Find(".facts dd").Length() == 0 {
		t.Error("a form made before the change does not show both wordings")
	}
	if text := mainOf(ana, path+"/history"); !strings.Contains(text, "Found a repair compact") || !strings.Contains(text, "Found another compact") {
		t.Error("the history lacks a wording")
	}
}

// evaluateBlind has three evaluators score; nobody is shown what another said.
func evaluateBlind(t *testing.T, site *handlertest.Site, path, link string, ana, outside *handlertest.Browser, staff map[string]*handlertest.Browser) {
	t.Helper()
	if !strings.Contains(mainOf(staff["reader"], urls.RecommendationsPath), "You have not evaluated yet") {
		t.Error("nothing waits for the reader")
	}
	site.Parse(staff["reader"].Post(path+"/scores", scores("", "2", "7", "8")), 422)
	moved(t, staff["reader"], path+"/scores", scores("Reason of the reader", "2", "7", "8"))
	if strings.Contains(mainOf(staff["reader"], urls.RecommendationsPath), "You have not evaluated yet") {
		t.Error("scored, and still waiting")
	}
	moved(t, staff["rapporteur"], path+"/scores", scores("Reason of the rapporteur", "8", "7", "8"))
	ana.Post(path+"/panel/stage", url.Values{"stage": {"discussion"}})
	if ana.Page(path, 200).Find(".evalgrid").Length() != 0 {
		t.Error("revealed before all have scored")
	}
	moved(t, outside, link, scores("Reason from outside", "7", "8", "7"))
	for who, page := range map[string]string{"the owner": mainOf(ana, path), "the reader": mainOf(staff["reader"], path), "outside": mainOf(outside, link)} {
		for of, why := range map[string]string{"the reader": "Reason of the reader", "the rapporteur": "Reason of the rapporteur", "outside": "Reason from outside"} {
			if strings.Contains(page, why) != (who == of) {
				t.Errorf("%s sees of %s: %v", who, of, strings.Contains(page, why))
			}
		}
	}
}

func adoptAndFollow(t *testing.T, site *handlertest.Site, path string, ana *handlertest.Browser) {
	t.Helper()
	page := ana.Page(path, 200)
	if got := page.Find(`.spread .verdict[data-v="meets"]`).Length(); got != 3 {
		t.Errorf("%d criteria are met after the second round", got)
	}
	decide := url.Values{"adopt": {"1"}, "revision": {revision(t, ana, path)}}
	site.Parse(ana.Post(path+"/decide", decide), 422)
	decide.Set("reason", "It holds.")
	moved(t, ana, path+"/decide", decide)
	site.Parse(ana.Post(path+"/follow-up", url.Values{"status": {"nonsense"}}), 422)
	moved(t, ana, path+"/follow-up", url.Values{"status": {"partly"}, "response": {"They answered."}, "uptake": {"A paragraph of a law."}, "remind": {"2027-02-01"}, "revision": {revision(t, ana, path)}})
	page = ana.Page(path, 200)
	if page.Find(`textarea[name="response"]`).Text() != "They answered." || page.Find(`input[name="remind"]`).AttrOr("value", "") != "2027-02-01" ||
		!strings.Contains(page.Find("#follow").Text(), "Partly addressed") {
		t.Errorf("what became of it: %s", page.Find("#follow").Text())
	}
}

// revision is the one that forms of the page carry, or that its edit form does.
func revision(t *testing.T, b *handlertest.Browser, path string) string {
	t.Helper()
	return b.Page(path+"/edit", 200).Find(`input[name="revision"]`).AttrOr("value", "")
}

// outsideLink finds the link to hand on, where no mail goes out.
func outsideLink(t *testing.T, text string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, handlertest.BaseURL+"/evaluate/")
	if !ok || len(after) < 43 {
		t.Fatalf("no link to hand on: %s", text)
	}
	return urls.Evaluate(after[:43])
}

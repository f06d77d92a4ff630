package handlers_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func TestAnalysis_aGapLeadsToARoundtableWithItsWords(t *testing.T) {
	plan := storetest.DrawWorld(3)
	w := plan.Build(t, [2]int{})
	site := handlertest.Over(t, w.Store, w.Clock)
	b := site.As(w.Lead)
	page := b.Page(urls.AnalysisPath+"?since=all", http.StatusOK)
	plans := page.Find(`.gaps a[href^="/roundtables/new"]`)
	if plans.Length() == 0 {
		t.Fatal("a small world has gaps, and the page offers no plan")
	}
	href, _ := plans.First().Attr("href")
	title, _ := b.Page(href, http.StatusOK).Find(`input[name="title"]`).Attr("value")
	if !strings.Contains(title, "hearing from") {
		t.Errorf("the new roundtable is called %q", title)
	}
}

func TestAnalysis_theFileHoldsTheTable(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	b := handlertest.Over(t, w.Store, w.Clock).As(w.Lead)
	want, err := w.Store.Analyse(t.Context(), w.Lead.Capped(models.Staff), models.AnalysisQuery{Rows: models.DimPillar, Columns: models.DimSector})
	if err != nil || want.Cross.Taggings == 0 {
		t.Fatal(want.Cross.Taggings, err)
	}
	res := b.Get(urls.AnalysisExportPath + "?since=all")
	lines, err := csv.NewReader(res.Body).ReadAll()
	if err != nil || len(lines) != len(want.Cross.Rows)+1 || lines[1][0] != want.Cross.Rows[0].Name || lines[1][1] != strconv.Itoa(want.Cross.N[0][0]) {
		t.Errorf("the file has %d lines (%v): %q", len(lines), err, lines)
	}
	if res := b.Get(urls.AnalysisExportPath + "?table=nothing"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a table that is none answers %d", res.StatusCode)
	}
}

func TestAnalysis_everyPictureIsDrawnWithItsNumbers(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	b := handlertest.Over(t, w.Store, w.Clock).As(w.Lead)
	page := b.Page(urls.AnalysisPath+"?since=all", http.StatusOK)
	pictures := page.Find(`a[href*="as=svg"]`)
	if pictures.Length() < 6 {
		t.Fatalf("the page offers %d pictures", pictures.Length())
	}
	pictures.Each(func(_ int, a *goquery.Selection) {
		href, _ := a.Attr("href")
		res := b.Get(href)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/svg+xml" {
			t.Errorf("%s answers %d as %s", href, res.StatusCode, res.Header.Get("Content-Type"))
		}
		texts := 0
		for d := xml.NewDecoder(res.Body); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", href, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "text" {
				texts++
			}
		}
		// Of forums nothing may have been said; the first five pillars always stand.
		if texts < 1 || texts < 6 && !strings.Contains(href, "table=f") {
			t.Errorf("%s has %d words and numbers", href, texts)
		}
	})
}

func TestAnalysis_whoWasNotHeardIsProposedForANewRoundtable(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	b := handlertest.Over(t, w.Store, w.Clock).As(w.Lead)
	var plan string
	b.Page(urls.AnalysisPath+"?since=all", http.StatusOK).Find(`section[aria-labelledby="unheard"] a, #unheard a, a[aria-label^="Plan a roundtable with"]`).EachWithBreak(func(_ int, a *goquery.Selection) bool {
		href, _ := a.Attr("href")
		if b.Page(href, http.StatusOK).Find(`input[name="person"][checked]`).Length() > 0 {
			plan = href
		}
		return plan == ""
	})
	if plan == "" {
		t.Fatal("no sector that was hardly heard has people to propose")
	}
	form := b.Page(plan, http.StatusOK)
	title, _ := form.Find(`input[name="title"]`).Attr("value")
	regime, _ := form.Find(`input[name="regime"][checked]`).Attr("value")
	zone, _ := form.Find(`input[name="zone"]`).Attr("value")
	hear, _ := form.Find(`input[name="hear"]`).Attr("value")
	values := url.Values{"title": {title}, "regime": {regime}, "zone": {zone}, "hear": {hear}, "private": {"public"}}
	form.Find(`input[name="person"]`).Each(func(_ int, box *goquery.Selection) {
		id, _ := box.Attr("value")
		values.Add("person", id)
	})
	res := b.Post(urls.RoundtableNewPath, values)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving answers %d", res.StatusCode)
	}
	id, err := models.ParseID(path.Base(res.Header.Get("Location")))
	if err != nil {
		t.Fatal(err)
	}
	list := b.Page(urls.Guests(id), http.StatusOK).Find(`#guest-rows input[type="checkbox"][name="guest"]`)
	if list.Length() != len(values["person"]) {
		t.Errorf("%d guests on the list of %d proposed", list.Length(), len(values["person"]))
	}
}

func TestAnalysis_aTopicLeadsToItsInsightsAndToAGuestListOfTheSilent(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	var rows []store.LoadedInsight
	for i := range 9 {
		rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{
			Roundtable: w.Room, ClientID: "topic" + strconv.Itoa(i), Line: "Ports need one plan #s ^networks %nato",
		}, CapturedBy: w.Lead.Account(), State: models.Reviewed})
	}
	if err := w.Store.LoadInsights(t.Context(), models.System("test"), rows); err != nil {
		t.Fatal(err)
	}
	b := handlertest.Over(t, w.Store, w.Clock).As(w.Lead)
	if href, _ := b.Page(urls.AnalysisPath+"?since=all", http.StatusOK).Find(`#unheard a[href^="/analysis/unheard"]`).Attr("href"); !strings.Contains(href, "rows=") {
		t.Errorf("the analysis leads to %q", href)
	}
	page := b.Page(urls.UnheardPath+"?since=all", http.StatusOK)
	first := page.Find(".topics li").First()
	count, _ := first.Find(`a[href^="/insights?"]`).Attr("href")
	if list := b.Page(count, http.StatusOK).Find("main").Text(); !strings.Contains(list, "Ports need one plan") {
		t.Errorf("the count of the topic %q leads to %q", first.Text(), count)
	}
	plan, _ := first.Find(`a[href^="/roundtables/new"]`).Attr("href")
	form := b.Page(plan, http.StatusOK)
	hear, _ := form.Find(`input[name="hear"]`).Attr("value")
	if sectors := strings.Count(hear, ",") + 1; sectors < 2 || form.Find(`input[name="person"][checked]`).Length() < 2 {
		t.Errorf("the plan %q proposes %d people of %q", plan, form.Find(`input[name="person"][checked]`).Length(), hear)
	}
	if objectives := form.Find(`textarea[name="objectives"]`).Text(); !strings.Contains(objectives, "Hear on ") {
		t.Errorf("the objectives are %q", objectives)
	}
}

func TestAnalysis_whatContradictsAThemeLeadsToIt(t *testing.T) {
	w := storetest.DrawWorld(3).Build(t, [2]int{})
	themes, err := w.Store.ThemesAnalysed(t.Context(), w.Lead, models.AnalysisQuery{})
	if err != nil || len(themes) == 0 {
		t.Fatal(len(themes), err)
	}
	page := handlertest.Over(t, w.Store, w.Clock).As(w.Lead).Page(urls.AnalysisPath+"?since=all", http.StatusOK)
	section := page.Find("#stands")
	if section.Find(`a[href="`+urls.Theme(themes[0].ID)+`"]`).Length() != 1 || !strings.Contains(section.Text(), themes[0].Statement) {
		t.Errorf("the section says %q", section.Text())
	}
	for _, one := range themes {
		for n, i := range one.Insights(models.Contradicts) {
			if n < 3 && section.Find(`a[href="`+urls.Insight(i.ID())+`"]`).Length() == 0 {
				t.Errorf("what contradicts %q is not linked", one.Statement)
			}
		}
		if words := one.Consensus(models.Supports); words != "" && !strings.Contains(section.Text(), words) {
			t.Errorf("%q is not told: %q", words, section.Text())
		}
	}
}

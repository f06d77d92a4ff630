package handlers_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
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
	want, err := w.Store.Analyse(t.Context(), w.Lead, models.AnalysisQuery{Rows: models.DimPillar, Columns: models.DimSector})
	if err != nil || want.Cross.Taggings == 0 {
		t.Fatal(want.Cross.Taggings, err)
	}
	res := b.Get(urls.AnalysisExportPath + "?since=all")
	lines, err := csv.NewReader(res.Body).ReadAll()
	if err != nil || len(lines) != len(want.Cross.Rows)+1 || lines[1][0] != want.Cross.Rows[0].Name {
		t.Errorf("the file has %d lines (%v): %q", len(lines), err, lines)
	}
	if res := b.Get(urls.AnalysisExportPath + "?table=nothing"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a table that is none answers %d", res.StatusCode)
	}
}

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

// TestInsightsBulk_aChoiceThatDoesNotFitIsExplained chooses rows of one's own
// roundtable together with another's: nothing changes, and a sentence says why.
func TestInsightsBulk_aChoiceThatDoesNotFitIsExplained(t *testing.T) {
	site := handlertest.New(t)
	said := func(name string) (models.ID, models.Viewer) {
		lead := storetest.Account(t, site.Store, name, models.RoleConvener)
		room, lead := storetest.Roundtable(t, site.Store, lead, storetest.InSession())
		i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: "Said to " + name + " #s"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := site.Store.SetInsightStates(t.Context(), lead, []models.ID{i.ID()}, models.Reviewed); err != nil {
			t.Fatal(err)
		}
		return i.ID(), lead
	}
	own, lead := said("Grace Hopper")
	others, _ := said("Jean Bartik")
	b := site.As(lead)
	for _, do := range []string{"pillar:T", "state:released"} {
		res := b.Post(urls.InsightsBulkPath, url.Values{"id": {own.String(), others.String()}, "do": {do}})
		if res.StatusCode != 303 {
			t.Errorf("%s on a mixed choice: %d", do, res.StatusCode)
		}
		if text := b.Page(urls.InsightsPath, 200).Find("#toasts").Text(); !strings.Contains(text, "roundtables where this is not yours to do") {
			t.Errorf("%s: %q", do, text)
		}
		i, err := site.Store.Insight(t.Context(), lead, own)
		if err != nil || i.State() != models.Reviewed || i.PillarMask() != models.Security.Mask() {
			t.Errorf("%s changed the own one: %v", do, err)
		}
		if res := b.Post(urls.InsightsBulkPath, url.Values{"id": {others.String()}, "do": {do}}); res.StatusCode != 403 {
			t.Errorf("%s on another's alone: %d", do, res.StatusCode)
		}
	}
}

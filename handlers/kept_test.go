package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/handlertest"
	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views"
	"rotunda/views/urls"
)

// keptSite is a site and a second process over one database, with an insight
// that other staff read and one that its team alone does.
func keptSite(t *testing.T) (site *handlertest.Site, elsewhere *store.Store, room models.ID, lead, other models.Viewer, ids []models.ID) {
	t.Helper()
	if storetest.Postgres() {
		t.Skip("on PostgreSQL no page is kept")
	}
	dsn := storetest.NewDSN(t)
	st, clock := storetest.OpenDSN(t, dsn)
	elsewhere, _ = storetest.OpenDSN(t, dsn)
	site = handlertest.Over(t, st, clock)
	lead = storetest.Account(t, st, "Jo Lead", models.RoleConvener)
	room, lead = storetest.Roundtable(t, st, lead, storetest.InSession(), storetest.Titled("Cables"))
	other = storetest.Account(t, st, "Ot Her", models.RoleAnalyst)
	guests := storetest.Guests(t, st, lead, room, 6, models.Industry)
	var rows []store.LoadedInsight
	for n, line := range []string{"Kept from the others", "Open to the house"} {
		rows = append(rows, store.LoadedInsight{CaptureInput: models.CaptureInput{Roundtable: room, Line: line, Speaker: guests[n]},
			CapturedBy: lead.Account(), CapturedAt: st.Now(), State: models.InsightStates[n]})
	}
	if err := st.LoadInsights(t.Context(), models.System("test"), rows); err != nil {
		t.Fatal(err)
	}
	page, err := st.Insights(t.Context(), lead, models.InsightFilter{}.With(models.FacetRoundtable, room.String()), store.Cursor{})
	if err != nil || len(page.Insights) != 2 {
		t.Fatal(len(page.Insights), err)
	}
	for _, i := range page.Insights {
		ids = append(ids, i.ID())
	}
	return site, elsewhere, room, lead, other, ids
}

// explorer fetches the explorer until it comes from what is kept.
func explorer(t *testing.T, b *handlertest.Browser) string {
	t.Helper()
	var last string
	for n := range 3 {
		res := b.Get(urls.InsightsPath)
		body := handlertest.Body(res)
		if res.StatusCode != http.StatusOK || n > 0 && body != last {
			t.Fatalf("fetch %d: status %d, or another page although nothing changed", n, res.StatusCode)
		}
		last = body
	}
	return last
}

func TestKept_aCommitOfAnotherProcessShowsAtOnce(t *testing.T) {
	site, elsewhere, _, lead, other, ids := keptSite(t)
	b := site.As(other)
	if body := explorer(t, b); !strings.Contains(body, "Open to the house") || strings.Contains(body, "Kept from the others") {
		t.Fatal("other staff read the wrong insights")
	}
	for _, id := range ids {
		if _, err := elsewhere.DeleteInsight(t.Context(), lead, id); err != nil {
			t.Fatal(err)
		}
	}
	if body := explorer(t, b); strings.Contains(body, "Open to the house") {
		t.Error("what another process deleted is still shown")
	}
}

func TestKept_rightsThatChangeElsewhereHoldAtOnce(t *testing.T) {
	site, elsewhere, room, lead, other, _ := keptSite(t)
	b, leader := site.As(other), site.As(lead)
	if body := explorer(t, leader); !strings.Contains(body, "Kept from the others") {
		t.Fatal("the lead does not read what the team alone reads")
	}
	for range 2 {
		if body := explorer(t, b); strings.Contains(body, "Kept from the others") {
			t.Fatal("other staff read what the team alone reads")
		}
		if err := elsewhere.SetTeamMember(t.Context(), lead, room, other.Account(), models.TeamRapporteur); err != nil {
			t.Fatal(err)
		}
		if body := explorer(t, b); !strings.Contains(body, "Kept from the others") {
			t.Error("who joined the team does not read what it reads")
		}
		if err := elsewhere.SetTeamMember(t.Context(), lead, room, other.Account(), models.TeamNone); err != nil {
			t.Fatal(err)
		}
	}
	admin := storetest.Account(t, site.Store, "Ad Min", models.RoleAdmin)
	explorer(t, b)
	if err := elsewhere.DisableAccount(t.Context(), admin, other.Account()); err != nil {
		t.Fatal(err)
	}
	if res := b.Get(urls.InsightsPath); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a disabled account still gets %d", res.StatusCode)
	}
	explorer(t, leader)
	site.Clock.Advance(store.SessionIdle + time.Minute)
	if res := leader.Get(urls.InsightsPath); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a session that ran out by the clock alone still gets %d", res.StatusCode)
	}
}

// A message stands on one page: never on what is kept.
func TestKept_aMessageIsShownOnce(t *testing.T) {
	site, _, _, _, other, _ := keptSite(t)
	token, err := site.Store.StartSession(t.Context(), other.Account(), "test", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	b := site.Holding(token)
	plain := explorer(t, b)
	if err := site.Store.KeepSessionData(t.Context(), token, `[{"Text":"Saved for you alone"}]`); err != nil {
		t.Fatal(err)
	}
	if body := handlertest.Body(b.Get(urls.InsightsPath)); !strings.Contains(body, "Saved for you alone") {
		t.Error("the message is not shown")
	}
	if body := explorer(t, b); body != plain {
		t.Error("the page after the message is not the one before it")
	}
}

func TestKept_compressedHoldsTheSameBytesAndEveryHeader(t *testing.T) {
	site, _, _, lead, _, _ := keptSite(t)
	b := site.As(lead)
	plain := explorer(t, b)
	first := b.Get(urls.InsightsPath)
	for range 2 {
		r := httptest.NewRequest(http.MethodGet, urls.InsightsPath, nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		res := b.Do(r)
		zip, err := gzip.NewReader(res.Body)
		if err != nil || res.Header.Get("Content-Encoding") != "gzip" {
			t.Fatal(res.Header, err)
		}
		body, err := io.ReadAll(zip)
		if err != nil || string(body) != plain {
			t.Errorf("%d bytes in place of %d, %v", len(body), len(plain), err)
		}
		for name := range first.Header {
			if name != "X-Request-Id" && name != "Content-Encoding" && name != "Content-Length" && res.Header.Get(name) != first.Header.Get(name) {
				t.Errorf("%s: %q, and plain %q", name, res.Header.Get(name), first.Header.Get(name))
			}
		}
	}
	r := httptest.NewRequest(http.MethodGet, urls.InsightsPath, nil)
	r.Header.Set("HX-Request", "true")
	if part := handlertest.Body(b.Do(r)); strings.Contains(part, "<html") {
		t.Error("a fragment is answered with the whole page that is kept")
	}
}

// made counts how often a page is made for the requests, each a token and an
// address.
func made(t *testing.T, w *web.Web, n *int, requests ...[2]string) {
	t.Helper()
	router := echo.New()
	handler := w.LoadSession(func(c echo.Context) error {
		return w.Kept(c, func(c echo.Context) error {
			*n++
			page, err := w.Page(c, "Page", "")
			if err != nil {
				return err
			}
			return web.Render(c, http.StatusOK, views.Insights(views.InsightsPage{Page: page}))
		})
	})
	for _, request := range requests {
		r := httptest.NewRequest(http.MethodGet, request[1], nil)
		r.AddCookie(&http.Cookie{Name: "rotunda", Value: request[0]})
		if err := handler(router.NewContext(r, httptest.NewRecorder())); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKept_isMadeOncePerBrowserAddressGenerationAndSecond(t *testing.T) {
	site, elsewhere, room, lead, other, _ := keptSite(t)
	w := web.New(web.Config{BaseURL: site.Server.BaseURL, Log: slog.New(slog.DiscardHandler)}, site.Store)
	token := func(v models.Viewer) string {
		t.Helper()
		token, err := site.Store.StartSession(t.Context(), v.Account(), "test", "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	one, again, two := token(lead), token(lead), token(other)
	n := 0
	made(t, w, &n, [2]string{one, "/a"}, [2]string{one, "/a"}, [2]string{one, "/a"})
	if n != 1 {
		t.Errorf("made %d times in place of once", n)
	}
	made(t, w, &n, [2]string{one, "/a?x=1"}, [2]string{again, "/a"}, [2]string{two, "/a"}, [2]string{two, "/a"})
	if n != 4 {
		t.Errorf("another address, session and account: made %d times in place of four", n)
	}
	site.Clock.Advance(time.Second)
	made(t, w, &n, [2]string{one, "/a"}, [2]string{one, "/a"})
	if n != 5 {
		t.Errorf("a second later: made %d times in place of five", n)
	}
	if err := elsewhere.SetTeamMember(t.Context(), lead, room, other.Account(), models.TeamObserver); err != nil {
		t.Fatal(err)
	}
	made(t, w, &n, [2]string{one, "/a"}, [2]string{one, "/a"}, [2]string{"", "/a"}, [2]string{"", "/a"})
	if n != 8 {
		t.Errorf("after a commit once, and each time for nobody: made %d times in place of eight", n)
	}
}

// Many fetch while another process deletes: none gets the old page once the
// deletion was acknowledged.
func TestKept_underLoadNothingDeletedIsShown(t *testing.T) {
	site, elsewhere, room, lead, _, _ := keptSite(t)
	token, err := site.Store.StartSession(t.Context(), lead.Account(), "test", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	for round := range 12 {
		line := "Round " + strings.Repeat("x", round+1) + " of the test"
		i, err := site.Store.CaptureInsight(t.Context(), lead, models.CaptureInput{Roundtable: room, Line: line})
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		gone := make(chan struct{})
		for range 4 {
			group.Go(func() {
				b := site.Holding(token)
				for n := 0; ; n++ {
					after := false
					select {
					case <-gone:
						after = true
					default:
					}
					body := []byte(handlertest.Body(b.Get(urls.InsightsPath)))
					if after {
						if bytes.Contains(body, []byte(line)) {
							t.Errorf("round %d: a deleted insight is shown", round)
						}
						return
					}
				}
			})
		}
		time.Sleep(3 * time.Millisecond)
		if _, err := elsewhere.DeleteInsight(t.Context(), lead, i.ID()); err != nil {
			t.Fatal(err)
		}
		close(gone)
		group.Wait()
	}
}

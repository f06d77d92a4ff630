package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// probed is an answer as a prober compares it: all but the request's own id.
func probed(res *http.Response, id models.ID) string {
	res.Header.Del("X-Request-Id")
	return fmt.Sprint(res.StatusCode, res.Header, strings.ReplaceAll(handlertest.Body(res), id.String(), "ID"))
}

// TestPrivateRoundtable_answersLikeOneThatIsNotThere is goal A5: the bytes
// decide; the timing of interleaved pairs is printed.
func TestPrivateRoundtable_answersLikeOneThatIsNotThere(t *testing.T) {
	site := handlertest.New(t)
	lead := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	hidden, _ := storetest.Roundtable(t, site.Store, lead, storetest.Private())
	missing := models.ID(int64(hidden) ^ 1)
	for _, role := range append(models.AccountRoles, models.RoleCohost) {
		b := site.As(storetest.Account(t, site.Store, "The "+role.Key(), role))
		for _, path := range []func(models.ID) string{
			urls.Roundtable, urls.RoundtableEdit, urls.RoundtableTeam, urls.RoundtableTargets, urls.RoundtableCohosts, urls.RoundtableDuplicate,
			urls.Guests, urls.Agenda, urls.Capture, urls.RoundtableInsights, urls.Stream, urls.Activity,
		} {
			for method, ask := range map[string]func(string) *http.Response{
				"GET": b.Get, "POST": func(p string) *http.Response { return b.Post(p, nil) },
			} {
				one, other := probed(ask(path(hidden)), hidden), probed(ask(path(missing)), missing)
				if one != other {
					t.Errorf("%s, %s %s: hidden %.120s…, missing %.120s…", role.Name(), method, path(0), one, other)
				}
			}
		}
	}
	b := site.As(storetest.Account(t, site.Store, "Rea Der", models.RoleReader))
	var times [2][]time.Duration
	for range 300 {
		for i, id := range []models.ID{hidden, missing} {
			start := time.Now()
			b.Get(urls.Roundtable(id))
			times[i] = append(times[i], time.Since(start))
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	t.Logf("median of 300 interleaved pairs: hidden %v, missing %v", times[0][150], times[1][150])
}

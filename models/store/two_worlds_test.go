//go:build !race

package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

// asker calls reads with every argument that the world offers.
type asker struct {
	t      testing.TB
	w      *storetest.World
	random *rand.Rand
	texts  []string
	ids    []models.ID
	pair   [2]int
	kept   []any // what offers returned
}

// newAsker asks about the two who may have been exchanged, a few others, and
// every other thing of the world.
func newAsker(t testing.TB, w *storetest.World, pair [2]int) *asker {
	a := &asker{t: t, w: w, pair: pair, random: rand.New(rand.NewPCG(w.Plan.Seed, 7)), texts: []string{"", "chips", storetest.WorldSlug}}
	for _, i := range pair {
		g := w.Guests[i]
		a.texts, a.ids = append(a.texts, g.Family, g.Organisation), append(a.ids, g.ID, g.Person)
	}
	if a.random.IntN(2) == 0 {
		a.texts = append(a.texts, `"export controls" perm* -chips`)
	}
	third := w.Guests[a.random.IntN(len(w.Guests))]
	a.ids = append(a.ids, third.ID, third.Person, w.Room, w.Other, w.Lead.Account())
	a.ids = append(a.ids, w.Items...)
	a.ids = append(a.ids, w.Themes...)
	a.ids = append(a.ids, w.Recommendation, w.Brief, w.Series, w.Code)
	for range 4 {
		a.ids = append(a.ids, w.Insights[a.random.IntN(len(w.Insights))])
	}
	a.kept = a.offers()
	return a
}

var (
	contextType = reflect.TypeFor[context.Context]()
	viewerType  = reflect.TypeFor[models.Viewer]()
	errorType   = reflect.TypeFor[error]()
	writerType  = reflect.TypeFor[io.Writer]()
)

// writerFunc is a writer made of a function.
type writerFunc func([]byte) (int, error)

// Write calls f.
func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// arguments lists what a parameter of a read is given, in turn.
func (a *asker) arguments(read storeRead, i int, typ reflect.Type, v models.Viewer) []reflect.Value {
	switch typ {
	case contextType:
		return []reflect.Value{reflect.ValueOf(a.t.Context())}
	case viewerType:
		return []reflect.Value{reflect.ValueOf(v)}
	case reflect.TypeFor[models.ID]():
		if strings.Contains(strings.ToLower(read.params[i]), "room") {
			return values(a.w.Room, a.w.Other)
		}
		return values(a.ids...)
	case reflect.TypeFor[[]models.ID]():
		return values(a.w.IDs, a.w.Insights, nil)
	case reflect.TypeFor[string]():
		switch read.params[i] {
		case "token":
			return values(a.w.Guests[a.pair[0]].Token, a.w.Guests[a.pair[1]].Token, a.w.Evaluate)
		case "after":
			return values("")
		case "since":
			return values("2026-01", "2026-09")
		case "slug":
			return values(storetest.WorldSlug)
		}
		return values(a.texts...)
	case reflect.TypeFor[int]():
		return values(0, 1, 20)
	case reflect.TypeFor[bool]():
		return values(false, true)
	}
	for _, offer := range a.kept {
		if list := reflect.ValueOf(offer); list.Type().Elem() == typ {
			var out []reflect.Value
			for i := range list.Len() {
				out = append(out, list.Index(i))
			}
			return out
		}
	}
	return nil
}

// mostQuestions is how often one read is asked about one world.
const mostQuestions = 12

func values[T any](list ...T) []reflect.Value {
	out := make([]reflect.Value, len(list))
	for i := range list {
		out[i] = reflect.ValueOf(&list[i]).Elem()
	}
	return out
}

// answers asks one read everything and returns the answers by question. A read
// with a parameter for which there is no argument fails the test.
func (a *asker) answers(read storeRead, who storetest.Reader) map[string]string {
	a.t.Helper()
	method := reflect.ValueOf(a.w.Store).MethodByName(read.name)
	calls := [][]reflect.Value{nil}
	var heard *strings.Builder
	for i := range method.Type().NumIn() {
		typ := method.Type().In(i)
		var choices []reflect.Value
		if typ == writerType {
			choices = values[io.Writer](writerFunc(func(b []byte) (int, error) { return heard.Write(b) }))
		} else if choices = a.arguments(read, i, typ, who.Viewer); len(choices) > 0 {
			// a plain value, or an encoder from offers
		} else if typ.Kind() == reflect.Func {
			choices = []reflect.Value{reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
				for _, arg := range args {
					heard.WriteString(storetest.Dump(arg.Interface()))
				}
				var zero []reflect.Value
				for i := range typ.NumOut() {
					zero = append(zero, reflect.Zero(typ.Out(i)))
				}
				return zero
			})}
		} else {
			a.t.Fatalf("store.%s has a parameter of type %s for which the two-world test has no value: add one to offers", read.name, typ)
		}
		var next [][]reflect.Value
		for _, call := range calls {
			for _, choice := range choices {
				next = append(next, append(slices.Clone(call), choice))
			}
		}
		calls = next
	}
	out := map[string]string{}
	every := 1 + len(calls)/mostQuestions // the others' turn comes with other worlds
	for i := a.random.IntN(every); i < len(calls); i += every {
		call := calls[i]
		heard = &strings.Builder{}
		var answer strings.Builder
		for _, result := range method.Call(call) {
			answer.WriteString(a.result(result))
		}
		out[question(read, who, call)] = answer.String() + heard.String()
	}
	return out
}

func question(read storeRead, who storetest.Reader, call []reflect.Value) string {
	var words []string
	for _, arg := range call {
		if !arg.Type().Implements(contextType) && arg.Type() != viewerType && arg.Kind() != reflect.Func && arg.Type() != writerType {
			words = append(words, strings.TrimSpace(storetest.Dump(arg.Interface())))
		}
	}
	return fmt.Sprintf("%s(%s) as %s", read.name, strings.Join(words, ", "), who.Name)
}

func (a *asker) result(v reflect.Value) string {
	if v.Type().Implements(errorType) {
		err, _ := v.Interface().(error)
		if err == nil {
			return ""
		}
		if !errors.Is(err, models.ErrNotFound) && !errors.Is(err, models.ErrForbidden) && !errors.Is(err, models.ErrGone) && !errors.As(err, new(*models.InvalidError)) && !errors.Is(err, models.ErrConflict) {
			a.t.Errorf("a read failed: %v", err)
		}
		return "error " + err.Error()
	}
	if v.Kind() == reflect.Func && (v.Type().CanSeq() || v.Type().CanSeq2()) {
		if v.IsNil() {
			return ""
		}
		var b strings.Builder
		if v.Type().CanSeq2() {
			for x, y := range v.Seq2() {
				b.WriteString(storetest.Dump(x.Interface(), y.Interface()))
			}
		} else {
			for x := range v.Seq() {
				b.WriteString(storetest.Dump(x.Interface()))
			}
		}
		return b.String()
	}
	return storetest.Dump(v.Interface())
}

func worlds(t testing.TB, test, bench int) int {
	t.Helper()
	if os.Getenv("ROTUNDA_SCALE") == "bench" {
		return bench
	}
	if storetest.Postgres() || testing.Short() {
		return test / 20
	}
	return test
}

// differences asks two worlds everything as the readers of an audience and
// returns the questions that were answered differently.
func differences(t testing.TB, reads []storeRead, a, b *storetest.World, pair [2]int, audience models.Audience) (asked int, out []string) {
	t.Helper()
	askA, askB := newAsker(t, a, pair), newAsker(t, b, pair)
	readers := a.Readers[audience]
	i := int(a.Plan.Seed/3) % len(readers) // the others' turn comes with other worlds
	for _, read := range reads {
		one, other := askA.answers(read, readers[i]), askB.answers(read, b.Readers[audience][i])
		asked += len(one)
		for q, answer := range one {
			if other[q] != answer {
				out = append(out, fmt.Sprintf("%s\n    A: %s\n    B: %s", q, around(answer, other[q]), around(other[q], answer)))
			}
		}
	}
	return asked, out
}

// around clips a text to where it begins to differ from another.
func around(s, other string) string {
	i := 0
	for i < len(s) && i < len(other) && s[i] == other[i] {
		i++
	}
	from := max(0, i-80)
	return s[from:min(len(s), i+120)]
}

// TestTwoWorlds_whoSaidItNeverShows builds pairs of worlds in which two
// participants are exchanged in everything protected that they said, and asks
// every read of the store as everybody who may not know: all answers are the
// same.
func TestTwoWorlds_whoSaidItNeverShows(t *testing.T) {
	reads := storeReads(t)
	n := worlds(t, 1000, 10_000)
	var mu sync.Mutex
	var built, asked, published int
	var next = make(chan uint64)
	go func() {
		defer close(next)
		for seed := range uint64(n) {
			next <- seed
		}
	}()
	t.Run("worlds", func(t *testing.T) {
		for worker := range 2 {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for seed := range next {
					k, read := twoWorlds(t, reads, seed)
					mu.Lock()
					asked += k
					if read {
						published++
					}
					if k > 0 {
						built++
					}
					mu.Unlock()
				}
			})
		}
	})
	if built < n/2 {
		t.Errorf("only %d of %d worlds had two participants to exchange", built, n)
	}
	if published < n/10 {
		t.Errorf("only %d of %d worlds had a published brief", published, n)
	}
	t.Logf("%d pairs of worlds, %d with a published brief, %d reads of the store, %d answers compared", built, published, len(reads), asked)
}

// twoWorlds compares the worlds of a seed for one audience and returns how many
// answers were compared, and whether a brief was published in them.
func twoWorlds(t *testing.T, reads []storeRead, seed uint64) (asked int, published bool) {
	plan := storetest.DrawWorld(seed)
	audience := models.OuterAudiences[seed%3]
	pairs := plan.Pairs(audience)
	if len(pairs) == 0 {
		return 0, false
	}
	t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
		pair := pairs[seed/3%uint64(len(pairs))]
		a, b := plan.Build(t, [2]int{}), plan.Build(t, pair)
		var wrong []string
		published = a.Published
		asked, wrong = differences(t, reads, a, b, pair, audience)
		for _, w := range wrong[:min(len(wrong), 5)] {
			t.Errorf("%s, %s, private %t: guests %v exchanged: %s", audience.Name(), plan.Regime.Name(), plan.Private, pair, w)
		}
	})
	return asked, published
}

// TestTwoWorlds_seesWhatDoesShow proves the comparison: on the record, and to
// the team, the same exchange is seen.
func TestTwoWorlds_seesWhatDoesShow(t *testing.T) {
	reads := storeReads(t)
	seen := 0
	for seed := range uint64(10) {
		plan := storetest.DrawWorld(seed)
		pairs := plan.Pairs(models.Staff)
		if len(pairs) == 0 {
			continue
		}
		a, b := plan.Build(t, [2]int{}), plan.Build(t, pairs[0])
		for _, w := range []*storetest.World{a, b} {
			w.Readers[models.Team] = []storetest.Reader{{Name: "lead", Viewer: w.Lead}}
		}
		if _, wrong := differences(t, reads, a, b, pairs[0], models.Team); len(wrong) > 0 {
			seen++
		}
	}
	if seen < 5 {
		t.Errorf("the team sees who speaks, and the comparison saw it in %d of 10 worlds", seen)
	}
}

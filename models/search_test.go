package models

import (
	"encoding/csv"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseQuery_readsWhatIsTyped(t *testing.T) {
	word := func(w ...string) Term { return Term{Tokens: w} }
	for in, want := range map[string]Query{
		"":                          {},
		"-":                         {},
		"- * \"\" “":                {},
		"NATO Ukraine":              {Must: []Term{word("nato"), word("ukraine")}},
		`"supply chain"`:            {Must: []Term{word("supply", "chain")}},
		"“supply chain” Türkiye":    {Must: []Term{word("supply", "chain"), word("turkiye")}},
		"„supply chain“":            {Must: []Term{word("supply", "chain")}},
		"«supply chain»x":           {Must: []Term{word("supply", "chain"), word("x")}},
		`"supply cha`:               {Must: []Term{word("supply", "cha")}},
		`"supply cha"*`:             {Must: []Term{{Tokens: []string{"supply", "cha"}, Prefix: true}}},
		"interoperab*":              {Must: []Term{{Tokens: []string{"interoperab"}, Prefix: true}}},
		"(interoperab*),":           {Must: []Term{{Tokens: []string{"interoperab"}, Prefix: true}}},
		"rules-based":               {Must: []Term{word("rules", "based")}},
		"alliance -NATO":            {Must: []Term{word("alliance")}, Not: []Term{word("nato")}},
		`-"export controls" --x`:    {Not: []Term{word("export", "controls"), word("x")}},
		"-inter*":                   {Not: []Term{{Tokens: []string{"inter"}, Prefix: true}}},
		"供应链":                       {Must: []Term{word("供", "应", "链")}},
		"a OR b) NEAR( {x}: 'y' \\": {Must: []Term{word("a"), word("or"), word("b"), word("near"), word("x"), word("y")}},
	} {
		if got := ParseQuery(in); !reflect.DeepEqual(got, want) {
			t.Errorf("ParseQuery(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestParseQuery_anyTextIsAQuery(t *testing.T) {
	syntax := rapid.SampledFrom([]string{`"`, "“", "-", "*", " ", "a", "ab", "NOT", "(", ")", ":", "{", "'", "\\", "\x00", "\xff", "^", "|", "&", "<->", "é", "供"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(syntax).Draw(t, "parts"), "")
		q := ParseQuery(s)
		for _, term := range slices.Concat(q.Must, q.Not) {
			if len(term.Tokens) == 0 {
				t.Fatalf("%q has an empty term", s)
			}
		}
		for _, sql := range []string{q.FTS5("words"), q.FTS5Not("words"), q.FTS5Within("words", `{scope} : ("r1")`)} {
			if strings.Count(sql, `"`)%2 != 0 || strings.Count(sql, "(") != strings.Count(sql, ")") || strings.ContainsAny(sql, "'\\\x00") {
				t.Fatalf("%q gives %q", s, sql)
			}
		}
		if (q.FTS5("words") == "") != (len(q.Must) == 0) || (q.TSQuery() == "") != q.Empty() {
			t.Fatalf("%q gives %q and %q", s, q.FTS5("words"), q.TSQuery())
		}
	})
}

func TestQuery_saysItselfToTheDatabases(t *testing.T) {
	q := ParseQuery(`rules-based interop* -NATO -"export controls"`)
	if got, want := q.FTS5("words"), `({words} : ("rules based" AND "interop" *)) NOT ({words} : ("nato" OR "export controls"))`; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := q.TSQuery(), `('rules' <-> 'based') & 'interop':* & !'nato' & !('export' <-> 'controls')`; got != want {
		t.Errorf("got %s", got)
	}
	no := ParseQuery("-NATO")
	if no.FTS5("words") != "" || no.FTS5Within("words", `"r1"`) != `(("r1")) NOT ({words} : ("nato"))` || no.TSQuery() != "!'nato'" {
		t.Errorf("only negatives: %q %q", no.FTS5Within("words", `"r1"`), no.TSQuery())
	}
	if got, want := TSVector(Tokens("To be or not to be")), "'be':2,6 'not':4 'or':3 'to':1,5"; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := TSVector([]string{`a'b\`}), `'a''b\\':1`; got != want {
		t.Errorf("got %s", got)
	}
	long := TSVector(slices.Repeat([]string{"a", "b"}, 20000))
	if len(long) > 4000 || TSVector(slices.Concat(make([]string, 16390), []string{"z"})) == "" {
		t.Errorf("a long text has %d bytes", len(long))
	}
}

func TestHighlight_marksHitsInTheOriginalText(t *testing.T) {
	show := func(text, query string) string {
		var b strings.Builder
		for _, s := range Highlight(text, ParseQuery(query)) {
			if s.Hit {
				b.WriteString("[" + s.Text + "]")
				continue
			}
			b.WriteString(s.Text)
		}
		return b.String()
	}
	for _, c := range []struct{ text, query, want string }{
		{"Nausėda met Türkiye’s envoy.", "nauseda turkiye", "[Nausėda] met [Türkiye]’s envoy."},
		{"Tu\u0308rkiye,", "türkiye", "[Tu\u0308rkiye],"},
		{"the rules-based order", `"rules based"`, "the [rules-based] order"},
		{"Supply chains and supply chain.", `"supply chain"`, "Supply chains and [supply chain]."},
		{"interoperability now", "interop*", "[interoperability] now"},
		{"a b c a", `"a b" "b c"`, "[a b c] a"},
		{"半導体の供給", "供給", "半導体の[供給]"},
		{"alliance without NATO", "alliance -quad", "[alliance] without NATO"},
		{"nothing", "else", "nothing"},
		{"½ of it", "1", "[½] of it"},
		{"½ of it", "1 2", "[½] of it"},
	} {
		if got := show(c.text, c.query); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

func TestHighlight_piecesJoinedAreTheText(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("ab ½ée\u0301\u200b供-.\"")))
	rapid.Check(t, func(t *rapid.T) {
		s, q := text.Draw(t, "s"), ParseQuery(text.Draw(t, "q"))
		var b strings.Builder
		hit := false
		for _, p := range Highlight(s, q) {
			b.WriteString(p.Text)
			hit = hit || p.Hit
		}
		if b.String() != s {
			t.Fatalf("%q became %q", s, b.String())
		}
		if !hit && len(q.Must) > 0 && q.Matches(Tokens(s)) {
			t.Fatalf("%+v matches %q, but nothing is marked", q, s)
		}
	})
}

func TestQuery_answersTheOracle(t *testing.T) {
	checkOracle(t, "testdata/search_sentences.csv", "testdata/search_oracle.csv")
}

func TestQuery_answersTheWholeOracle(t *testing.T) {
	const dir = "../../shared/data/texts/"
	if _, err := os.Stat(dir + "search_oracle.csv"); err != nil {
		t.Log("the whole corpus is not here: only the slice in testdata was checked")
		return
	}
	checkOracle(t, dir+"unlabelled_sentences.csv", dir+"search_oracle.csv")
}

func checkOracle(t *testing.T, sentences, oracle string) {
	t.Helper()
	texts := readTable(t, sentences)
	tokens := make([][]string, len(texts))
	for i, row := range texts {
		tokens[i] = Tokens(row["text"])
	}
	rows := readTable(t, oracle)
	if len(rows) == 0 || len(texts) == 0 {
		t.Fatal("nothing to check")
	}
	for _, row := range rows {
		typed := row["query"]
		switch row["kind"] {
		case "phrase":
			typed = `"` + typed + `"`
		}
		q := ParseQuery(typed)
		var ids []string
		for i := range texts {
			if q.Matches(tokens[i]) {
				ids = append(ids, texts[i]["id"])
			}
		}
		first := strings.Join(ids[:min(5, len(ids))], " ")
		if strconv.Itoa(len(ids)) != row["matches"] || first != row["first_ids"] {
			t.Errorf("%s %q: %d (%s), want %s (%s)", row["kind"], row["query"], len(ids), first, row["matches"], row["first_ids"])
		}
	}
}

func readTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, rec := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = rec[i]
		}
		out = append(out, row)
	}
	return out
}

func TestTokens_plainTextGivesTheSameWordsTheFastWay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("abzAZ09 .,-_'\"\t\n\x00\x7f"))).Draw(rt, "text")
		if rapid.Bool().Draw(rt, "long") {
			s += " " + strings.Repeat("x", maxTokenBytes+2) + " y"
		}
		var want []string
		for _, w := range wordsOf(s) {
			want = append(want, w.token)
		}
		if got := Tokens(s); !slices.Equal(got, want) {
			rt.Fatalf("%q: %q, want %q", s, got, want)
		}
	})
}

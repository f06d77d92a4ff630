package models

import (
	"bufio"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

var lintRoster = Roster{
	People: []RosterPerson{
		{FullName: "Åsa Zyvantel", Given: "Åsa", Family: "Zyvantel", Email: "asa.zyvantel@firm.example", Position: "Deputy Minister for Digital Affairs", Country: "Sweden", Label: LabelAt(SectorLevel, Industry)},
		{FullName: "Tom Brown", Given: "Tom", Family: "Brown", Position: "Vice President", Country: "United States", Label: LabelNone},
		{FullName: "李明", Given: "明", Family: "李", Label: LabelNone},
		{FullName: "Michael McCaul", Given: "Michael", Family: "McCaul", Label: LabelNone},
		{FullName: "Ursula van der Quellen", Given: "Ursula", Family: "van der Quellen", Label: LabelNone},
		{FullName: "Jörg Müllbach", Given: "Jörg", Family: "Müllbach", Label: LabelNone},
		{FullName: "Іван Кравчук", Given: "Іван", Family: "Кравчук", Label: LabelNone},
	},
	Organisations: []RosterOrganisation{
		{Name: "Qorvath Semiconductors, Inc.", Acronym: "QVS", Aliases: []string{"Qorvath"}},
		{Name: "Department of Commerce", Acronym: "DOC"}, {Name: "Apple"},
		{Name: "U.S. Congress"}, {Name: "World Health Organization", Acronym: "WHO"},
	},
}

func TestLint_findsWhoWasThere(t *testing.T) {
	for text, want := range map[string]string{
		"As zyvantel’s team said":                                    "zyvantel",
		"ZYVANTEL warned us":                                         "ZYVANTEL",
		"Ask Asa Zyvantel about it.":                                 "Asa Zyvantel",
		"Zyvantel, Åsa, agreed":                                      "Zyvantel, Åsa",
		"As Åsa noted, chips":                                        "Åsa",
		"Mail asa.zyvantel@firm.example now":                         "asa.zyvantel@firm.example",
		"We think Mr. Brown’s point holds":                           "Brown",
		"then Brown objected":                                        "Brown",
		"tom brown objected":                                         "tom brown",
		"我同意李明的看法":                                                   "李明",
		"李先生不同意":                                                     "李先生",
		"Mc Caul wants more":                                         "Mc Caul",
		"Quellen wants more":                                         "Quellen",
		"Muellbach wants more":                                       "Muellbach",
		"план Кравчука":                                              "Кравчука",
		"the plant of qorvath":                                       "qorvath",
		"Qorvath Semiconductors will build":                          "Qorvath Semiconductors",
		"QVS will build":                                             "QVS",
		"the Commerce Department’s list":                             "Commerce Department",
		"when Apple moved":                                           "Apple",
		"the WHO is slow":                                            "WHO",
		"The deputy minister for digital affairs disagreed":          "deputy minister for digital affairs",
		"Our Swedish colleague disagrees":                            "Swedish colleague",
		"The ambassador of Sweden disagrees":                         "ambassador of Sweden",
		"As the former secretary I would wait":                       "As the former secretary",
		"When I was deputy secretary, we waited":                     "When I was deputy secretary",
		"As chairman I will not move it":                             "As chairman I",
		"My committee will not move it":                              "My committee",
		"Our ministry will not move":                                 "Our ministry",
		"At the Department we waited":                                "At the Department we",
		"Many of my constituents are in a cross-border relationship": "my constituents",
		"My office has sent many letters over the years":             "My office",
		"Our firm stopped shipping in June":                          "Our firm",
		"I learned the term as a minister, I admit":                  "as a minister, I",
		"Z\u200byvantel waited":                                      "Z\u200byvantel",
	} {
		found := Lint(text, lintRoster)
		if len(found) != 1 || found[0].Words != want {
			t.Errorf("%q: %+v, want one finding of %q", text, found, want)
		}
	}
	if got := Lint("Zyvantel spoke", lintRoster)[0].Suggestion; got != "a participant from Industry" {
		t.Errorf("suggestion %q", got)
	}
}

func TestLint_leavesCommonWordsAlone(t *testing.T) {
	for _, text := range []string{
		"Brown coal must go. Brown fields can be used.", "the Brown University study", "who is asking?", "an apple a day", "Apple pie is fine",
		"Congress must act", "a vice president of a firm", "The committee must decide", "our industry and our allies", "Swedish steel is green",
		"There are documents, doc.", "Export controls on 5nm tools need allied backing.", "中国的政策", "the former policy", "as a former colony",
		"This shows our firm commitment toward the shared vision of the Quad.", "It is our firm belief that allies must act.",
	} {
		if found := Lint(text, lintRoster); len(found) != 0 {
			t.Errorf("%q: %+v", text, found)
		}
	}
}

// What a name looks like in the hands of another writer: initials, a middle
// name more or less, the name one goes by, another spelling, an ending, a file.
func TestLint_findsNamesAsOthersWriteThem(t *testing.T) {
	roster := Roster{
		People: []RosterPerson{
			{FullName: "Tom Brown", Given: "Tom", Family: "Brown", Position: "Former Deputy Secretary of Commerce", Country: "U.S."},
			{FullName: "William (Bill) King", Given: "William", Family: "King", Position: "Minister for Digital Affairs", Country: "Pakistan"},
			{FullName: "Thomas Edward Young", Given: "Thomas Edward", Family: "Young"},
			{FullName: "Anna Mueller", Given: "Anna", Family: "Mueller", Country: "Sweden"},
			{FullName: "Li Ming (李明)"}, {FullName: "Quirrell, Jane"}, {FullName: "Mary Quellmark, Ph.D."},
			{FullName: "عبدالله الزهراني", Given: "عبدالله", Family: "الزهراني"},
			{FullName: "Владимир Зеленецкий", Given: "Владимир", Family: "Зеленецкий"},
		},
		Organisations: []RosterOrganisation{{Name: "Qorvath Ltd.", Acronym: "QVS"}, {Name: "Ministry of Defence"}},
	}
	for text, want := range map[string]string{
		"then Tom J. Brown objected": "Brown", "then T. Brown objected": "Brown", "T. J. Brown objected": "Brown", "then Tom B. objected": "Tom",
		"as T.B. put it": "T.B", "then Thomas Young agreed": "Thomas Young", "then Edward Young agreed": "Edward Young", "T.E.Y. agreed": "T.E.Y",
		"Bill King agreed": "Bill King", "as Bill put it": "Bill", "Quirrell agreed": "Quirrell", "as Jane put it": "Jane", "Quellmark agreed": "Quellmark",
		"Müller disagreed": "Müller", "我同意李明的看法": "李明", "قال للزهراني": "للزهراني", "о Зеленецком": "Зеленецком",
		"notes_quellmark2026.docx": "quellmark2026", "as Q.V.S. wants it": "Q.V.S",
		"the Defense Ministry’s list": "Defense Ministry", "the Ministry of Defense said": "Ministry of Defense",
		"When he was Deputy Secretary of Commerce": "Deputy Secretary of Commerce", "the digital affairs minister said": "digital affairs minister",
		"Sweden’s ambassador disagrees": "Sweden’s ambassador", "the Swedish trade-policy official": "Swedish trade-policy official",
		"the Swedish\nambassador": "Swedish\nambassador", "the **Swedish** ambassador": "Swedish** ambassador", "as the *former* secretary said": "as the *former* secretary",
		"a Pakistani official": "Pakistani official", "an American official": "American official",
	} {
		found := Lint(text, roster)
		if len(found) != 1 || found[0].Words != want {
			t.Errorf("%q: %+v, want one finding of %q", text, found, want)
		}
	}
	for _, text := range []string{"the Gordon Brown review", "J. Brown wrote it", "Young people agree", "King Charles opened it", "the U.S. and the U.K.", "TB is a disease", "5G and 6G"} {
		if found := Lint(text, roster); len(found) != 0 {
			t.Errorf("%q: %+v", text, found)
		}
	}
}

// A reader sees the name that was written with letters of another script, or
// into the name of a file; and knows who "Mark" is who said something.
func TestLint_findsNamesThatAReaderSees(t *testing.T) {
	roster := Roster{
		People: []RosterPerson{
			{FullName: "Jane Doe", Given: "Jane", Family: "Doe"}, {FullName: "Mark Zyvantel", Given: "Mark", Family: "Zyvantel"},
			{FullName: "Grace Brown", Given: "Grace", Family: "Brown"}, {FullName: "Jo Quill", Given: "Jo", Family: "Quill"},
		},
		Organisations: []RosterOrganisation{{Name: "Qorvath Foundry", Acronym: "QVS"}},
	}
	for text, want := range map[string]string{
		"then Zyv\u0430ntel objected": "Zyv\u0430ntel", "then \u0396yvantel objected": "\u0396yvantel", "then J\u0430ne D\u043ee objected": "J\u0430ne D\u043ee",
		"the plant of Q\u043erv\u0430th F\u043eundry": "Q\u043erv\u0430th F\u043eundry", "Zyv\u0430ntel’s view": "Zyv\u0430ntel",
		"JaneDoe-notes.docx": "JaneDoe", "notesJaneDoe.docx": "JaneDoe", "JaneDoeNotes.docx": "JaneDoe", "ZyvantelNotes_v2.docx": "Zyvantel", "TTCZyvantel2.pdf": "Zyvantel2",
		"2026Zyvantel.pdf": "Zyvantel", "QorvathFoundryPlan.xlsx": "QorvathFoundry",
		"as Mark put it, chips": "Mark", "Mark said so.": "Mark", "then Mark also argued": "Mark", "“No,” said Mark.": "Mark", "According to Mark, no": "Mark",
		"Grace agreed.": "Grace", "Brown said so.": "Brown", "Jo said so": "Jo",
	} {
		found := Lint(text, roster)
		if len(found) != 1 || found[0].Words != want {
			t.Errorf("%q: %+v, want one finding of %q", text, found, want)
		}
	}
	for _, text := range []string{
		"Mark the date.", "a Mark of trust", "Mark Carney said so", "we said grace", "a mark said nothing", "Grace periods are short", "Brown coal must go",
		"OpenAI and DeepMind", "the McDoe plan", "MarkLogic and GraceNote", "\u0441ok \u0440\u043e\u0441\u0442", "How Will claims be paid?",
	} {
		if found := Lint(text, roster); len(found) != 0 {
			t.Errorf("%q: %+v", text, found)
		}
	}
}

// Whoever overrules a name has not overruled the office that is told with it.
func TestLint_nameDoesNotHideWhatIsSaidAroundIt(t *testing.T) {
	found := Lint("Swedish officials from Zyvantel", Roster{
		People:        []RosterPerson{{FullName: "Åsa Zyvantel", Country: "Sweden"}},
		Organisations: []RosterOrganisation{{Name: "officials from Zyvantel"}},
	})
	if len(found) != 2 || found[0].Rule != LintCountryRole || found[1].Rule != LintOrganisation {
		t.Errorf("%+v, want the country with the role and the organization", found)
	}
}

// A canary of the roster is found wherever it stands, in any case, with any
// accents, with anything but letters between its parts.
func TestLint_findsCanaryAnywhere(t *testing.T) {
	words := []string{"the", "export", "controls", "must", "hold.", "Allies", "agree:", "“never”", "und", "中国", "—", "\n"}
	accents := []rune{0, '\u0301', '\u0308', '\u0327', '\u200d'}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"Zyvantel", "Asa Zyvantel", "Qorvath", "Qorvath Semiconductors", "van der Quellen", "Ursula van der Quellen"}).Draw(rt, "name")
		var b strings.Builder
		for _, r := range name {
			if r == ' ' {
				b.WriteString(rapid.SampledFrom([]string{" ", "  ", "-", "\u00a0", "\n", ", ", "_", "\u2009"}).Draw(rt, "space"))
				continue
			}
			switch rapid.IntRange(0, 2).Draw(rt, "case") {
			case 0:
				r = unicode.ToUpper(r)
			case 1:
				r = unicode.ToLower(r)
			}
			b.WriteRune(r)
			if a := rapid.SampledFrom(accents).Draw(rt, "accent"); a != 0 {
				b.WriteRune(a)
			}
		}
		around := rapid.SliceOfN(rapid.SampledFrom(words), 0, 8)
		before, after := strings.Join(around.Draw(rt, "before"), " "), strings.Join(around.Draw(rt, "after"), " ")
		end := rapid.SampledFrom([]string{"", "’s", "'s", "s", ".", ",", ")", "”"}).Draw(rt, "end")
		text := before + " (" + b.String() + end + " " + after
		found := Lint(text, lintRoster)
		start := len(before) + 2
		if !slices.ContainsFunc(found, func(f Finding) bool {
			return f.Start <= start && f.End >= start+len(strings.TrimRight(b.String(), "\u200d"))
		}) {
			rt.Fatalf("%q in %q: %+v", b.String(), text, found)
		}
	})
}

func TestLint_findsNothingInTextsWithoutTheRoster(t *testing.T) {
	words := []string{"The", "export", "controls", "must", "hold", "Allies", "agree", "und", "Standards", "need", "money.", "NATO", "中国", "ÉTÉ", "a", "5G"}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30).Draw(rt, "words"), rapid.SampledFrom([]string{" ", ", ", "\n"}).Draw(rt, "between"))
		if found := Lint(text, lintRoster); len(found) != 0 {
			rt.Fatalf("%q: %+v", text, found)
		}
	})
}

// An edit of the words or of what stands beside them opens a finding again;
// one far away does not.
func TestLint_markHoldsWhileTheWordsStay(t *testing.T) {
	far := strings.Repeat("and so on ", 12)
	a := Lint("Zyvantel spoke. "+far+"end", lintRoster)[0].Mark
	if b := Lint("Zyvantel spoke. "+far+"fin", lintRoster)[0].Mark; a != b {
		t.Error("a change far away changed the mark")
	}
	if b := Lint("Zyvantel wrote. "+far+"end", lintRoster)[0].Mark; a == b {
		t.Error("a change beside the words left the mark")
	}
}

// TestLint_falseFindings measures on sentences of policy texts how often the
// lint speaks up for a roster of 40 real guests' names that none of the texts
// is about.
func TestLint_falseFindings(t *testing.T) {
	texts := lintSentences("../../shared/data/texts/unlabelled_sentences.csv")
	if len(texts) == 0 {
		t.Skip("../shared is not here: nothing to measure on")
	}
	linter := NewLinter(lintSharedRoster(t, "../../shared/data/participants"))
	flagged, rules := 0, map[LintRule]int{}
	var samples []string
	for _, text := range texts {
		found := linter.Lint(text)
		if len(found) > 0 {
			flagged++
		}
		for _, f := range found {
			rules[f.Rule]++
			if len(samples) < 25 {
				samples = append(samples, string(f.Rule)+": "+f.Words)
			}
		}
	}
	t.Logf("%d of %d sentences flagged (%.2f %%): %v; %q", flagged, len(texts), 100*float64(flagged)/float64(len(texts)), rules, samples)
	if flagged*1000 > 3*len(texts) {
		t.Errorf("more than 0.3 %% of sentences are flagged")
	}
}

func lintSentences(path string) []string {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil
	}
	defer f.Close()
	rows, err := csv.NewReader(bufio.NewReader(f)).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil
	}
	column := slices.IndexFunc(rows[0], func(h string) bool { return h == "text" || h == "sentence" })
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[max(column, 0)])
	}
	return out
}

// lintSharedRoster is every thirteenth legislator of the list, with a made-up
// agency and firm.
func lintSharedRoster(t *testing.T, dir string) Roster {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "congress_members.csv"))
	if err != nil {
		t.Skip("../shared is not here: nothing to measure on")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := Roster{Organisations: []RosterOrganisation{{Name: "Qorvath Semiconductors, Inc.", Acronym: "QVS"}, {Name: "Harrow Institute"}}}
	for i := 1; i < len(rows) && len(out.People) < 40; i += 13 {
		r := rows[i]
		out.People = append(out.People, RosterPerson{Given: r[2], Family: r[4], FullName: r[7], Position: r[8], Country: r[11]})
		out.Organisations = append(out.Organisations, RosterOrganisation{Name: r[10]}, RosterOrganisation{Name: r[9]})
	}
	return out
}

// TestLint_aTextOfOneLongWordTakesNoTime: 400,000 letters without a space once
// took half a minute.
func TestLint_aTextOfOneLongWordTakesNoTime(t *testing.T) {
	roster := Roster{People: []RosterPerson{{FullName: "Ada Byron", Given: "Ada", Family: "Byron"}}}
	for _, piece := range []string{"A", "a", "Aa", "A.", "a-", "А", "Åa ", "李", "@s1 "} {
		began := time.Now()
		Lint(strings.Repeat(piece, 400_000/len(piece)), roster)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("400,000 bytes of %q took %v", piece, took)
		}
	}
}

package models

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func testVocabulary() Vocabulary {
	words := func(kind CodeKind) []CodeWord {
		var out []CodeWord
		for i, c := range DefaultCodes() {
			if c.Kind == kind {
				out = append(out, CodeWord{ID: ID(100 + i), Key: c.Key, Name: c.Name, Aliases: c.Aliases})
			}
		}
		return out
	}
	seats := []Seat{
		{Guest: 1, Code: "S1", Name: "Hana Whitlock", Given: "Hana", Family: "Whitlock", Organisation: "Halden Photonics", Sector: Industry},
		{Guest: 2, Code: "S2", Name: "Haruto Kisaragi", Given: "Haruto", Family: "Kisaragi"},
		{Guest: 7, Code: "S7", Name: "Amb. Élodie d'Arcy-Łuk", Given: "Élodie", Family: "d'Arcy-Łuk"},
		{Guest: 8, Code: "S8", Name: "Anna Berg", Given: "Anna", Family: "Berg"},
		{Guest: 9, Code: "S9", Name: "Anna Holt", Given: "Anna", Family: "Holt"},
		{Guest: 10, Name: "李 明", Given: "明", Family: "李"},
	}
	tags := []CodeWord{{ID: 50, Key: "cable", Name: "Cable"}, {ID: 51, Key: "5g", Name: "5G"}, {ID: 52, Key: "dual-use", Name: "Dual use"}}
	return NewVocabulary(seats, words(CodeFront), words(CodeForum), tags)
}

func (v Vocabulary) id(sign rune, key string) ID {
	for _, c := range v.codes[sign] {
		if c.Key == key {
			return c.ID
		}
	}
	return 0
}

func TestParseCapture_tokensAreTakenOutOfTheText(t *testing.T) {
	v := testVocabulary()
	networks, nato, eyes := v.id('^', "networks"), v.id('%', "nato"), v.id('%', "five-eyes")
	for line, want := range map[string]Capture{
		"": {},
		"Crews age faster than hulls !evidence #s #e ^networks +cable @s1": {
			Text: "Crews age faster than hulls", Kind: Evidence, KindSet: true, Pillars: []Pillar{Security, Economics},
			Fronts: []ID{networks}, Tags: []ID{50}, Speaker: 1, SpeakerLabel: "Hana Whitlock",
		},
		"@whitlock we agree, #TECH #t and #dip.": {Text: "we agree, and.", Speaker: 1, SpeakerLabel: "Hana Whitlock", Pillars: []Pillar{Technology, Diplomacy}},
		"@s2: (%nato, %FiveEyes) agree":          {Text: "agree", Speaker: 2, SpeakerLabel: "Haruto Kisaragi", Forums: []ID{nato, eyes}},
		"before (@s2) after":                     {Text: "before after", Speaker: 2, SpeakerLabel: "Haruto Kisaragi"},
		"@elodie-darcyluk said":                  {Text: "said", Speaker: 7, SpeakerLabel: "Amb. Élodie d'Arcy-Łuk"},
		"@d’arcy-luk’s view":                     {Text: "’s view", Speaker: 7, SpeakerLabel: "Amb. Élodie d'Arcy-Łuk"},
		"@Hana_Whitlock yes":                     {Text: "yes", Speaker: 1, SpeakerLabel: "Hana Whitlock"},
		"@李明 yes":                                {Text: "yes", Speaker: 10, SpeakerLabel: "李 明"},
		"@Anna said no":                          {Text: "said no", UnresolvedSpeaker: "Anna"},
		"@anna-holt said no":                     {Text: "said no", Speaker: 9, SpeakerLabel: "Anna Holt"},
		"@hana-maria said no":                    {Text: "said no", UnresolvedSpeaker: "hana-maria"},
		"no @nobody’s idea @s1":                  {Text: "no ’s idea", UnresolvedSpeaker: "nobody", Speaker: 1, SpeakerLabel: "Hana Whitlock"},
		"@s1 and @s2 differ":                     {Text: "and differ", Speaker: 1, SpeakerLabel: "Hana Whitlock", UnresolvedSpeaker: "Haruto Kisaragi"},
		"will send the draft >>@s7":              {Text: "will send the draft", Speaker: 7, SpeakerLabel: "Amb. Élodie d'Arcy-Łuk", CommitmentBy: 7, Kind: Commitment, KindSet: true},
		">>@zoe will call !claim":                {Text: "will call", UnresolvedSpeaker: "zoe", Kind: Claim, KindSet: true},
		"~ no, it is not":                        {Text: "no, it is not", Contradicts: true},
		"~@s1 no ~ really":                       {Text: "no ~ really", Contradicts: true, Speaker: 1, SpeakerLabel: "Hana Whitlock"},
		"a =bg b =off c =chr":                    {Text: "a b c", Flag: OffTheRecord},
		"a !dissent !question":                   {Text: "a", Kind: Question, KindSet: true},
		"he said “never again” and \"not now\"":  {Text: "he said “never again” and \"not now\"", Quotes: []string{"never again", "not now"}},
		"a 5\" gun, a \" b":                      {Text: "a 5\" gun, a \" b"},
		`he said \"x\"`:                          {Text: `he said "x"`},
		"fund +cable-repair now":                 {Text: "fund +cable-repair now", UnknownTags: []string{"cable-repair"}},
		"+dual-use +5G +DualUse":                 {Text: "", Tags: []ID{52, 51}},
		"#1 +5 % a@b.org C++ @ # ! 50% =x >> <-": {Text: "#1 +5 % a@b.org C++ @ # ! 50% =x >> <-"},
		`\#s \@s1 \~ \\ \x a\+b`:                 {Text: `#s @s1 ~ \ \x a+b`},
		"x#s #s+ #sx":                            {Text: "x#s #s+ #sx"},
		"the %nato-led force":                    {Text: "the -led force", Forums: []ID{nato}},
		"two  spaces  stay":                      {Text: "two  spaces  stay"},
		"wait @s1 !important":                    {Text: "wait !important", Speaker: 1, SpeakerLabel: "Hana Whitlock"},
	} {
		got := ParseCapture(line, v)
		got.Tokens = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q\n got %+v\nwant %+v", line, got, want)
		}
	}
}

func TestParseCapture_spansSayWhatWasUnderstood(t *testing.T) {
	line := "~ we “agree” #s +new @zoe %nato"
	got := ParseCapture(line, testVocabulary()).Tokens
	want := []TokenSpan{
		{0, 1, TokenContradicts, "Contradicts the insight above", true},
		{5, 16, TokenQuote, "agree", true},
		{17, 19, TokenPillar, "Security", true},
		{20, 24, TokenTag, "new", false},
		{25, 29, TokenSpeaker, "zoe", false},
		{30, 35, TokenForum, "NATO", true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

var captureParts = []string{
	"@s7", "@zoe", "@anna", "@hana-whitlock", "#s", "#1", "#tech", "!claim", "!x", "^networks", "%nato", "% ", "+cable", "+new", "+5 %",
	"=off", "~", ">>@s7", ">>", "\\", "\"", "“", "”", " ", "  ", "(", ")", ",", ".", "word", "C++", "a@b.org", "é", "李", "\xff", "\x00", "\n", "'s", "-", "@", "\u200b",
}

func TestParseCapture_holdsForAnyLine(t *testing.T) {
	v := testVocabulary()
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(captureParts), rapid.String())).Draw(t, "parts"), "")
		c := ParseCapture(line, v)
		if c.Text != strings.TrimFunc(c.Text, unicode.IsSpace) {
			t.Fatalf("%q is not trimmed", c.Text)
		}
		// without its tokens, spaces, brackets and escapes, the line is the text
		var left strings.Builder
		done := 0
		for _, tok := range c.Tokens {
			if tok.Kind == TokenQuote {
				continue
			}
			if tok.Start < done || tok.End <= tok.Start || tok.End > len(line) {
				t.Fatalf("spans of %q: %+v", line, c.Tokens)
			}
			if tok.Stays() {
				continue
			}
			left.WriteString(line[done:tok.Start])
			done = tok.End
		}
		left.WriteString(line[done:])
		if got, want := bare(c.Text), bare(left.String()); got != want {
			t.Fatalf("%q: text %q, left %q", line, got, want)
		}
		for _, q := range c.Quotes {
			if !strings.Contains(c.Text, q) {
				t.Fatalf("%q is not in %q", q, c.Text)
			}
		}
		if c.CommitmentBy != 0 && (c.Kind != Commitment || c.Speaker == 0) {
			t.Fatalf("a commitment is %+v", c)
		}
	})
}

// bare drops what a token may take with it.
func bare(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsSpace(r) || strings.ContainsRune(`()[]{}\,;:`, r) {
			continue
		}
		b.WriteString(s[i : i+runeLen(s[i:])])
	}
	return b.String()
}

func TestEscapeCapture_givesTheTextBack(t *testing.T) {
	v := testVocabulary()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(captureParts), rapid.String())).Draw(t, "parts"), ""))
		c := ParseCapture(EscapeCapture(text), v)
		if c.Text != text {
			t.Fatalf("%q became %q by way of %q", text, c.Text, EscapeCapture(text))
		}
		for _, tok := range c.Tokens {
			if tok.Kind != TokenQuote {
				t.Fatalf("%q holds %+v", EscapeCapture(text), tok)
			}
		}
	})
}

func TestCaptureLine_saysTheSameAgain(t *testing.T) {
	v := testVocabulary()
	for line, want := range map[string]string{
		"#1 is (50 %) @hana ^platforms #tech !dissent": "#1 is (50 %) @s1 #t !dissent ^multilateral",
		`a \#s b >>@s7`:  `a \#s b >>@s7`,
		"~ no @zoe =OFF": "~ no @zoe =off",
	} {
		if got := ParseCapture(line, v).Line(v); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(captureParts), rapid.String())).Draw(t, "parts"), "")
		c := ParseCapture(line, v)
		again := ParseCapture(c.Line(v), v)
		// what is quoted or could be a tag follows from the text, where no
		// escapes are left to deny it
		c.Tokens, c.Quotes, c.UnknownTags = nil, nil, nil
		again.Tokens, again.Quotes, again.UnknownTags = nil, nil, nil
		if !reflect.DeepEqual(c, again) {
			t.Fatalf("%q\nwas %+v\nnow %+v\nby %q", line, c, again, c.Line(v))
		}
	})
}

func TestParseCapture_signsOfUnknownWordsStay(t *testing.T) {
	v := testVocabulary()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"#", "!", "^", "%", "+", "="}).Draw(t, "sign") + "zz" + rapid.StringMatching(`[a-z]{0,5}`).Draw(t, "word")
		if got := ParseCapture("so "+word+" then", v).Text; got != "so "+word+" then" {
			t.Fatalf("%q", got)
		}
		if c := ParseCapture("so @zz"+word[1:]+" then", v); c.Text != "so then" || c.UnresolvedSpeaker == "" || c.Speaker != 0 {
			t.Fatalf("%+v", c)
		}
	})
}

func TestCompletionsAt_suggestsForTheTokenAtTheCaret(t *testing.T) {
	v := testVocabulary()
	inserts := func(line string) string {
		caret := strings.Index(line, "|")
		line = strings.Replace(line, "|", "", 1)
		var out []string
		for _, c := range CompletionsAt(line, caret, v) {
			out = append(out, line[:c.Start]+c.Insert+line[c.End:])
		}
		return strings.Join(out, "; ")
	}
	for line, want := range map[string]string{
		"so @ha|":       "so @S1; so @S2",
		"@wh|it rest":   "@S1 rest",
		"~@s7|":         "~@S7",
		"@明|":           "@李-明",
		">>@el|":        ">>@S7",
		"#|":            "#s; #t; #e; #a; #d",
		"#te|":          "#t",
		"!p|":           "!position; !proposal",
		"=|":            "=bg; =chr; =deep; =off",
		"%five-|":       "%five-eyes",
		"%wor|":         "%world-bank",
		"^supply|":      "^networks",
		"+du|":          "+dual-use",
		"a@b|":          "",
		"no token|":     "",
		"@s1 and more|": "",
		"|@s1":          "",
	} {
		if got := inserts(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(rapid.SliceOf(rapid.SampledFrom(captureParts)).Draw(t, "parts"), "")
		for _, c := range CompletionsAt(line, rapid.IntRange(-1, len(line)+1).Draw(t, "caret"), v) {
			after := line[:c.Start] + c.Insert
			found := false
			for _, tok := range ParseCapture(after, v).Tokens {
				found = found || tok.Start == c.Start && tok.End == len(after) && tok.Known && tok.Kind == c.Kind
			}
			if !found {
				t.Fatalf("%q gives %q, which is no token", line, after)
			}
		}
	})
}

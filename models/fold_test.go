package models

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold_comparesNamesAsPeopleTypeThem(t *testing.T) {
	for in, want := range map[string]string{
		"Gitanas Nausėda":       "gitanas nauseda",
		"Türkiye":               "turkiye",
		"Tu\u0308rkiye":         "turkiye",
		"Wałęsa":                "walesa",
		"Søren Østergård":       "soren ostergard",
		"Groß":                  "gross",
		"GROẞ":                  "gross",
		"Diyarbakır":            "diyarbakir",
		"İSTANBUL":              "istanbul",
		"Đặng Thị Ngọc Thịnh":   "dang thi ngoc thinh",
		"Þórður Æsir Œuvre Ðan": "thordur aesir oeuvre dan",
		"ﬁne ＦＵＬＬ ½":            "fine full 1⁄2",
		"O’Brien":               "o'brien",
		"McCaul":                "mccaul",
		"a\u200bb\u202ec\u00ad": "abc",
		"한국":                    "한국",
		"ｶﾞｽ":                   "ガス",
		"が":                     "が",
		"ΟΔΥΣΣΕΥΣ":              "οδυσσευσ",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFold_twiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("%q then %q", once, twice)
		}
	})
}

// The table of Latin letters must say what folding by Unicode's rules says.
func TestFold_byTheTableIsFoldingByTheRules(t *testing.T) {
	letter := rapid.OneOf(rapid.RuneFrom(nil, unicode.Latin, unicode.Mn), rapid.RuneFrom([]rune("aeionszAEIONSZ .,-'’")), rapid.Int32Range(1, 2*latinEnd), rapid.Int32Range(moreLatin-3, moreLatinEnd+3))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(letter, 0, 12, -1).Draw(t, "s")
		var want strings.Builder
		for rest := s; rest != ""; {
			n := norm.NFKC.NextBoundaryInString(rest, true)
			want.WriteString(foldPiece(rest[:n]))
			rest = rest[n:]
		}
		if got := Fold(s); got != want.String() {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want.String())
		}
	})
}

func TestTokens_wholeWordsAndSingleSigns(t *testing.T) {
	for in, want := range map[string][]string{
		"":                                   nil,
		" -- … ":                             nil,
		"rules-based order":                  {"rules", "based", "order"},
		"America's 5G, H.R. 1486":            {"america", "s", "5g", "h", "r", "1486"},
		"半導体の供給":                             {"半", "導", "体", "の", "供", "給"},
		"AI供应链":                              {"ai", "供", "应", "链"},
		"サーバー":                               {"サ", "ー", "バ", "ー"},
		"한국 정부":                              {"한국", "정부"},
		strings.Repeat("a", 2*maxTokenBytes): {strings.Repeat("a", maxTokenBytes)},
	} {
		if got := Tokens(in); !reflect.DeepEqual(got, want) {
			t.Errorf("Tokens(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Tokens("हिन्दी"); len(got) != 1 {
		t.Errorf("a Hindi word is one token, got %q", got)
	}
}

func TestTokens_indexTextGivesThemBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := Tokens(rapid.String().Draw(t, "s"))
		again := Tokens(strings.Join(tokens, " "))
		if !reflect.DeepEqual(tokens, again) {
			t.Fatalf("%q then %q", tokens, again)
		}
		for _, w := range tokens {
			if w == "" || len(w) > maxTokenBytes || strings.ContainsAny(w, " \"'\\*:") {
				t.Fatalf("token %q", w)
			}
		}
	})
}

package models

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// looksLatin are the letters of other scripts that a reader takes for a Latin
// one, with it. A capital may look like another letter than the small one.
var looksLatin = sync.OnceValue(func() map[rune]rune {
	const (
		others = "АВЕКМНОРСТУХІЈЅҮԌԚԜЁЇ" + "аеорсухіјѕһԛԝԁѵкӏёїүь" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "αονιρυκγηωχϲϳ" + "օսոցհ" + "ɑɡ"
		latin  = "ABEKMHOPCTYXIJSYGQWEI" + "aeopcyxijshqwdvkleiyb" + "ABEZHIKMNOPTYX" + "aovipukynwxcj" + "oungh" + "ag"
	)
	out, to := map[rune]rune{}, []rune(latin)
	at := 0
	for _, r := range others {
		out[r] = to[at]
		at++
	}
	return out
})

// latinAlike returns a word, folded, as a reader sees it who takes it for a
// Latin one: "Brоwn" with a Cyrillic о is "brown". A word that holds a letter
// of another script which looks like none, or nothing but Latin letters, is
// empty.
func latinAlike(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool { return looksLatin()[r] != 0 }) {
		return ""
	}
	var b strings.Builder
	for _, r := range word {
		alike, ok := looksLatin()[r]
		switch {
		case ok:
			b.WriteRune(alike)
		case r < utf8.RuneSelf || unicode.Is(unicode.Latin, r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r):
			b.WriteRune(r)
		default:
			return ""
		}
	}
	return Fold(b.String())
}

// camelTokens cuts the words anew that are several written together with
// capitals, as in the names of files: "JaneDoeNotes". It returns nothing where
// there are none.
func camelTokens(text string, tokens []lintToken) []lintToken {
	var out []lintToken
	cut := false
	for _, t := range tokens {
		from := t.start
		for _, at := range camelStarts(text[t.start:t.end]) {
			cut = true
			out = append(out, shifted(text, from, t.start+at)...)
			from = t.start + at
		}
		if from == t.start {
			out = append(out, t)
		} else {
			out = append(out, shifted(text, from, t.end)...)
		}
	}
	if !cut {
		return nil
	}
	return out
}

// shifted are the tokens of a piece of the text, with their places in it.
func shifted(text string, from, to int) []lintToken {
	out := lintTokens(text[from:to])
	for n := range out {
		out[n].start += from
		out[n].end += from
	}
	return out
}

// camelStarts says where in a word a capital begins another: after a small
// letter or a digit, and before a small letter where capitals go before.
func camelStarts(word string) []int {
	var out []int
	var last rune
	for at, r := range word {
		if at > 0 && unicode.IsUpper(r) {
			next, _ := utf8.DecodeRuneInString(word[at+utf8.RuneLen(r):])
			if unicode.IsLower(last) || unicode.IsDigit(last) || unicode.IsUpper(last) && unicode.IsLower(next) {
				out = append(out, at)
			}
		}
		last = r
	}
	return out
}

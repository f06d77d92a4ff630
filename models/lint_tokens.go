package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lintToken is a word of a text as the lint compares it. In scripts that put
// no space between words every letter is one.
type lintToken struct {
	start, end int
	fold       string
	spelled    string // with ä, ö, ü and å written ae, oe, ue and aa
	// alike is the word with letters that look Latin written so, empty where
	// none of them is of another script.
	alike           string
	upper, allUpper bool
	unspaced        bool
}

// unspacedScripts write words without a space between them, or names with an
// ending that the name does not show.
var unspacedScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// inflects reports whether names of the letter's script take endings.
func inflects(r rune) bool {
	return unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Georgian, unicode.Devanagari, unicode.Bengali, unicode.Tamil)
}

func (t lintToken) folds() []rune { return []rune(t.fold) }

// seen are the letters that a reader sees.
func (t lintToken) seen() []rune {
	if t.alike != "" {
		return []rune(t.alike)
	}
	return t.folds()
}

// joined says how many letters at the beginning of the word may be others that
// are written together with it.
func (t lintToken) joined() int {
	n := 0
	letters := t.folds()
	for n < len(letters)-4 && n < 3 && joinedWords[letters[n]] {
		n++
	}
	return n
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "ae", "Ö", "oe", "Ü", "ue", "Å", "aa", "Ø", "oe")

// lintTokens cuts a text into words: at everything that is no letter and no
// digit, so that hyphens, apostrophes and line breaks divide names alike.
func lintTokens(text string) []lintToken {
	var out []lintToken
	var fold, spelled []byte // of the last word; a text may be one word of 100,000 letters
	end := func() {
		if n := len(out); n > 0 {
			out[n-1].fold, out[n-1].spelled = string(fold), string(spelled)
		}
		fold, spelled = fold[:0], spelled[:0]
	}
	open := false
	walkFolded(text, func(start, stop int, folded string) {
		if folded == "" {
			return // invisible: it neither ends a word nor belongs to it
		}
		if !wordLetters(folded) {
			open = false
			return
		}
		piece := text[start:stop]
		first, _ := utf8.DecodeRuneInString(piece)
		last, _ := utf8.DecodeRuneInString(folded)
		unspaced := unicode.In(last, unspacedScripts...)
		upper := unicode.IsUpper(first) || unicode.IsTitle(first)
		if !open || unspaced || out[len(out)-1].unspaced {
			end()
			out = append(out, lintToken{start: start, end: stop, upper: upper, allUpper: true, unspaced: unspaced})
		}
		t := &out[len(out)-1]
		t.end = stop
		fold = append(fold, folded...)
		spelled = append(spelled, Fold(umlauts.Replace(piece))...)
		t.allUpper = t.allUpper && (upper || unicode.IsDigit(first))
		open = true
	})
	end()
	for n := range out {
		out[n].alike = latinAlike(text[out[n].start:out[n].end])
	}
	return out
}

func wordLetters(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return false
		}
	}
	return true
}

// foldedWithPlaces returns the folded text and, for each of its bytes and for
// its end, where that lies in the text. Spaces and line breaks between two
// words are one space, and the signs of Markdown's emphasis nothing.
func foldedWithPlaces(text string) (folded string, places []int) {
	var b strings.Builder
	spaced := false
	walkFolded(text, func(start, _ int, piece string) {
		space := strings.TrimSpace(piece) == ""
		if space && spaced || piece == "" || piece == "*" || piece == "_" {
			return
		}
		if spaced = space; space {
			piece = " "
		}
		b.WriteString(piece)
		for range len(piece) {
			places = append(places, start)
		}
	})
	return b.String(), append(places, len(text))
}

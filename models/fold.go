package models

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letterFolds holds the letters that Unicode does not decompose although
// people type the plain ones for them, and the apostrophes and dashes that
// name the same thing in different hands.
var letterFolds = map[rune]string{
	'ł': "l", 'ø': "o", 'ß': "ss", 'ı': "i", 'đ': "d", 'ð': "d", 'þ': "th",
	'æ': "ae", 'œ': "oe", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ə': "e",
	'ɓ': "b", 'ɖ': "d", 'ɗ': "d", 'ƒ': "f", 'ɠ': "g", 'ɨ': "i", 'ƙ': "k",
	'ɲ': "n", 'ɔ': "o", 'ɛ': "e", 'ʉ': "u", 'ƴ': "y", 'ƶ': "z", 'ς': "σ",
	'‘': "'", '’': "'", 'ʼ': "'", 'ʻ': "'", '`': "'", '´': "'",
	'‐': "-", '–': "-", '—': "-", '−': "-",
}

// The voicing marks of kana change the letter, as the dot of an i does not:
// they are kept and composed again.
const (
	kanaVoiced     = '\u3099'
	kanaSemiVoiced = '\u309a'
)

// Fold returns the text as it is compared: compatibility forms resolved,
// accents taken off, lower case, special letters written plainly (ł, ø, ß, ı,
// æ…), invisible and direction characters removed. Folding twice is folding
// once. Spaces and punctuation stay.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	walkFolded(s, func(_, _ int, folded string) { b.WriteString(folded) })
	return b.String()
}

// walkFolded hands over the text piece by piece: where the piece lies in s and
// what it folds to, which can be nothing. Pieces are the shortest ones that
// can be folded on their own, so that a hit can be marked in the original.
func walkFolded(s string, piece func(start, end int, folded string)) {
	for i := 0; i < len(s); {
		if folded, n := foldLatin(s[i:]); n > 0 {
			piece(i, i+n, folded)
			i += n
			continue
		}
		n := norm.NFKC.NextBoundaryInString(s[i:], true)
		if n <= 0 {
			n = len(s) - i
		}
		piece(i, i+n, foldPiece(s[i:i+n]))
		i += n
	}
}

// foldLatin folds the first letter of s where it and the next one are of the
// table, and says how many bytes it has, else none. Nothing in the table
// joins the letter before it, so each of them is a piece of its own.
func foldLatin(s string) (folded string, n int) {
	at, n := latinLetter(s)
	if n == 0 {
		return "", 0
	}
	if n < len(s) {
		if _, next := latinLetter(s[n:]); next == 0 {
			return "", 0
		}
	}
	return latinFolds()[at], n
}

// The Latin letters with their accents lie in two stretches, before the
// combining accents and before Greek's.
const (
	latinEnd        = 0x250
	moreLatin       = 0x1e00
	moreLatinEnd    = 0x1f00
	latinFoldsCount = latinEnd + moreLatinEnd - moreLatin
)

// latinLetter says where the first letter of s stands in the table, and how
// many bytes it has: none where it is not in there.
func latinLetter(s string) (at, n int) {
	if s[0] < utf8.RuneSelf {
		return int(s[0]), 1
	}
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r < latinEnd:
		return int(r), n
	case moreLatin <= r && r < moreLatinEnd:
		return int(r) - moreLatin + latinEnd, n
	}
	return 0, 0
}

// latinFolds holds what each Latin letter folds to, so that most names are
// folded without making strings.
var latinFolds = sync.OnceValue(func() *[latinFoldsCount]string {
	var out [latinFoldsCount]string
	for at := range out {
		r := rune(at)
		if at >= latinEnd {
			r += moreLatin - latinEnd
		}
		out[at] = foldPiece(string(r))
	}
	return &out
})

func foldPiece(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r == kanaVoiced || r == kanaSemiVoiced:
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			continue
		}
		r = unicode.ToLower(r)
		if plain, ok := letterFolds[r]; ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

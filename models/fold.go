package models

import (
	"strings"
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
		if s[i] < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) {
			piece(i, i+1, asciiFolds[s[i]])
			i++
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

// asciiFolds holds what each ASCII character folds to, so that plain text is
// folded without making strings.
var asciiFolds = func() (out [utf8.RuneSelf]string) {
	for c := range out {
		out[c] = foldPiece(string(rune(c)))
	}
	return out
}()

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

package models

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTokenBytes keeps a word within what every index takes (PostgreSQL's
// lexemes end at 2,046 bytes). Longer runs of letters are cut, in texts and in
// queries alike.
const maxTokenBytes = 1024

// unspaced are the scripts written without spaces between words. They are
// indexed sign by sign, so that any part of a text is found as a phrase.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

const kanaLengthMark = 'ー' // belongs to kana, but Unicode counts it to no script

// Tokens returns the words of the text as they are searched: folded, runs of
// letters and digits, no stemming. Text in scripts without spaces gives one
// token a sign.
func Tokens(s string) []string {
	if out, ok := plainTokens(s); ok {
		return out
	}
	var out []string
	for _, w := range wordsOf(s) {
		out = append(out, w.token)
	}
	return out
}

// plainTokens is Tokens for text that is ASCII alone, as most of it is: many
// times as fast. It is false for any other, and for words too long to keep.
func plainTokens(s string) ([]string, bool) {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return nil, false
		}
	}
	lower := strings.ToLower(s)
	var out []string
	start := -1
	for i := 0; i <= len(lower); i++ {
		if i < len(lower) && wordRune(rune(lower[i])) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start < 0 {
			continue
		}
		if i-start > maxTokenBytes {
			return nil, false
		}
		if out == nil {
			out = make([]string, 0, 1+len(lower)/5)
		}
		out = append(out, lower[start:i])
		start = -1
	}
	return out, true
}

// IndexText returns the tokens of the text with spaces between them: what a
// full-text column holds. FTS5's "ascii" tokenizer gives exactly the same
// tokens back, whatever the script.
func IndexText(s string) string { return strings.Join(Tokens(s), " ") }

// word is a token and the bytes of the original text that it came from.
type word struct {
	token      string
	start, end int
}

func wordsOf(s string) []word {
	var out []word
	var token []byte
	start, end := 0, 0
	flush := func() {
		if len(token) > 0 {
			out = append(out, word{string(token), start, end})
			token = token[:0]
		}
	}
	walkFolded(s, func(from, to int, folded string) {
		if folded == "" && len(token) > 0 {
			end = to // an accent or an invisible sign inside a word
			return
		}
		for _, r := range folded {
			if !wordRune(r) {
				flush()
				continue
			}
			alone := signAlone(r)
			if alone {
				flush()
			}
			if len(token) == 0 {
				start = from
			}
			if end = to; len(token)+utf8.RuneLen(r) <= maxTokenBytes {
				token = utf8.AppendRune(token, r)
			}
			if alone {
				flush()
			}
		}
	})
	flush()
	return out
}

// wordRune reports whether the sign belongs to a word. Spacing vowel signs of
// Indic scripts do.
func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r))
}

func signAlone(r rune) bool {
	return r >= utf8.RuneSelf && (r == kanaLengthMark || unicode.In(r, unspaced...))
}

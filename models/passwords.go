package models

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Passwords are long rather than complicated: the fewest and the most
// characters of one.
const (
	PasswordMin = 12
	PasswordMax = 200
)

// PasswordText returns a password as it is hashed: composed, so that it is the
// same whichever keyboard it was typed on. Nothing is cut off.
func PasswordText(password string) string { return norm.NFC.String(password) }

// CheckPassword returns an *InvalidError for "password" where the password is
// too short, too long or among the first that somebody would try. about are
// words that belong to the account and the institute: names and addresses.
func CheckPassword(password string, about ...string) error {
	n := utf8.RuneCountInString(PasswordText(password))
	var bad InvalidError
	bad.Check(n >= PasswordMin, "password", "Use at least 12 characters.")
	bad.Check(n <= PasswordMax, "password", "Use at most 200 characters.")
	bad.Check(!guessable(password, about), "password", "This is one of the first passwords somebody would try. Choose a few words that do not belong together.")
	return bad.Err()
}

//go:embed common_passwords.txt
var commonPasswordsFile string

// commonPasswords holds the words and phrases of the file, folded, and longest
// first as far as they are words that passwords are built from.
var commonPasswords = sync.OnceValue(func() (out struct {
	whole map[string]bool
	words []string
}) {
	out.whole = map[string]bool{}
	for line := range strings.Lines(commonPasswordsFile) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word := passwordLetters(line)
		out.whole[passwordFold(line)] = true
		if utf8.RuneCountInString(word) >= 4 && !slices.Contains(out.words, word) {
			out.words = append(out.words, word)
		}
	}
	slices.SortFunc(out.words, func(a, b string) int { return len(b) - len(a) })
	return out
})

// keyboardRuns are the ways fingers walk over a keyboard, the alphabet and the
// digits; each is also looked for backwards.
var keyboardRuns = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
	"azertyuiopqsdfghjklmwxcvbn", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
	"qazwsxedcrfvtgbyhnujmikolp", "147258369", "159753", "!@#$%^&*()", "zxcvbnmasdfghjklqwertyuiop",
}

// guessable reports whether hardly anything of a password is left once the
// common words, the owner's words, runs and repetitions are taken out of it.
func guessable(password string, about []string) bool {
	folded := passwordFold(password)
	common := commonPasswords()
	if common.whole[folded] || distinct(folded) < 5 || repeats(folded) || allRuns(folded) {
		return true
	}
	letters := passwordLetters(password)
	for _, text := range about {
		for _, word := range aboutWords(text) {
			letters = strings.ReplaceAll(letters, word, "")
		}
	}
	if passwordLetters(password) == "" {
		return false // digits alone, and in no order
	}
	if utf8.RuneCountInString(letters) < 4 && onlyTrailing(folded) {
		return true
	}
	left, taken := letters, 0
	for _, word := range common.words {
		if strings.Contains(left, word) {
			left = strings.ReplaceAll(left, word, "")
			taken++
		}
		if taken == 2 {
			break
		}
	}
	return taken > 0 && utf8.RuneCountInString(left) < 4 && onlyTrailing(folded)
}

// onlyTrailing reports whether what is not letters looks like what people put
// around a word: a year, a date, a few marks. More may carry a password alone.
func onlyTrailing(folded string) bool {
	others := 0
	for _, r := range folded {
		if !unicode.IsLetter(r) {
			others++
		}
	}
	return others < PasswordMin
}

// passwordFold is the password in lower case without spaces.
func passwordFold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(PasswordText(s))), "")
}

var passwordSpelling = strings.NewReplacer("0", "o", "3", "e", "4", "a", "@", "a", "$", "s", "5", "s", "7", "t", "!", "i", "1", "i")

// passwordLetters is the password as somebody would say it: digits and marks
// that stand for letters within a word are letters, what surrounds is gone.
func passwordLetters(s string) string {
	folded := strings.TrimFunc(passwordFold(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, passwordSpelling.Replace(folded))
}

// aboutWords are the parts of a name or an address that are long enough to
// build a password from, and all of them together.
func aboutWords(text string) []string {
	parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words := []string{passwordLetters(strings.Join(parts, ""))}
	for _, p := range parts {
		words = append(words, passwordLetters(p))
	}
	return slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 3 })
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// repeats reports whether s is a short piece again and again.
func repeats(s string) bool {
	for period := 1; period <= len(s)/2 && period < PasswordMin; period++ {
		if s[period:] == s[:len(s)-period] {
			return true
		}
	}
	return false
}

// allRuns reports whether hardly anything is left of s without the pieces, of
// four characters and more, that fingers walk along a keyboard.
func allRuns(s string) bool {
	left := []byte(s)
	taken := 0
	for i := 0; i+4 <= len(left); {
		n := runAt(string(left[i:]))
		if n < 4 {
			i++
			continue
		}
		taken += n
		i += n
	}
	return taken > 0 && len(left)-taken < 4
}

// runAt returns how many bytes at the start of s lie on one run.
func runAt(s string) int {
	longest := 0
	for _, run := range keyboardRuns {
		for _, way := range []string{run, reversed(run)} {
			n := 0
			for n < len(s) && strings.Contains(way, s[:n+1]) {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

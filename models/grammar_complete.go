package models

import (
	"strings"
	"unicode/utf8"
)

// maxCompletions is how many suggestions fit the assist row.
const maxCompletions = 8

// Completion is one suggestion for the token at the caret: the bytes of the
// line from Start to before End become Insert. Label and Detail are shown.
type Completion struct {
	Start, End int
	Insert     string
	Label      string
	Detail     string
	Kind       TokenKind
	Sector     Sector // of a speaker
}

// CompletionsAt suggests words for the token that the caret, a byte position,
// stands in or behind. It is empty outside a token.
func CompletionsAt(line string, caret int, v Vocabulary) []Completion {
	caret = min(max(caret, 0), len(line))
	start, ok := tokenStart(line[:caret])
	if !ok {
		return nil
	}
	end := caret
	if ends := wordEnds(line, start+signLen(line[start:])); len(ends) > 0 {
		end = max(end, ends[0])
	}
	sign := line[start : start+signLen(line[start:])]
	typed := wordKey(line[start+len(sign) : caret])
	var out []Completion
	for _, c := range v.completions(sign, typed) {
		if len(out) == maxCompletions {
			break
		}
		c.Start, c.End, c.Insert = start, end, sign+c.Insert
		out = append(out, c)
	}
	return out
}

func signLen(s string) int {
	if strings.HasPrefix(s, ">>@") {
		return 3
	}
	return 1
}

// tokenStart finds the sign of the token that the text ends in.
func tokenStart(s string) (int, bool) {
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		i -= n
		if isSign(r) && r != '>' {
			from := i
			if r == '@' && strings.HasSuffix(s[:i], ">>") {
				from -= 2
			}
			if before, _ := utf8.DecodeLastRuneInString(s[:from]); from > 0 && !startsToken(before) && s[:from] != "~" {
				return 0, false
			}
			rest := s[i+n:]
			ends := wordEnds(s, i+n)
			return from, rest == "" || len(ends) > 0 && strings.Trim(s[ends[0]:], "-_'’.&") == ""
		}
	}
	return 0, false
}

// completions lists what the sign can be followed by, the best first.
func (v Vocabulary) completions(sign, typed string) []Completion {
	switch sign {
	case "@", ">>@":
		return v.seatCompletions(sign, typed)
	case "#":
		var out []Completion
		for _, p := range Pillars {
			letter := strings.ToLower(p.Letter())
			if strings.HasPrefix(wordKey(p.Name()), typed) {
				out = append(out, Completion{Insert: letter, Label: p.Name(), Kind: TokenPillar})
			}
		}
		return out
	case "!":
		var out []Completion
		for _, k := range Kinds {
			if strings.HasPrefix(k.Key(), typed) {
				out = append(out, Completion{Insert: k.Key(), Label: k.Name(), Kind: TokenKindWord})
			}
		}
		return out
	case "=":
		var out []Completion
		for _, word := range []string{"bg", "chr", "deep", "off"} {
			if strings.HasPrefix(word, typed) {
				out = append(out, Completion{Insert: word, Label: flagTokens[word].Name(), Kind: TokenRegime})
			}
		}
		return out
	}
	kind := map[string]TokenKind{"^": TokenFront, "%": TokenForum, "+": TokenTag}[sign]
	return v.codeCompletions(rune(sign[0]), typed, kind)
}

// seatCompletions puts the seat codes that begin so first, then the people of
// whose name a word does.
func (v Vocabulary) seatCompletions(sign, typed string) []Completion {
	kind := TokenSpeaker
	if sign == ">>@" {
		kind = TokenCommitment
	}
	var codes, names []Completion
	for _, s := range v.seats {
		c := Completion{Insert: s.Code, Label: s.label(), Detail: s.Organisation, Kind: kind, Sector: s.Sector}
		if s.Code == "" {
			c.Insert = strings.Join(Tokens(s.Name), "-")
		}
		if found, ok := v.seat(c.Insert); !ok || found.Guest != s.Guest {
			continue // two people of one name and no code: nothing typed could mean one of them
		}
		switch {
		case strings.HasPrefix(wordKey(s.Code), typed) && s.Code != "":
			codes = append(codes, c)
		case beginsWord(s.Name, typed):
			names = append(names, c)
		}
	}
	return append(codes, names...)
}

// codeCompletions puts the keys that begin so first, then the names and
// aliases of which a word does.
func (v Vocabulary) codeCompletions(sign rune, typed string, kind TokenKind) []Completion {
	var keys, names []Completion
	for _, code := range v.codes[sign] {
		c := Completion{Insert: code.Key, Label: code.Name, Kind: kind}
		switch {
		case strings.HasPrefix(wordKey(code.Key), typed):
			keys = append(keys, c)
		case beginsWord(code.Name+" "+strings.Join(code.Aliases, " "), typed):
			names = append(names, c)
		}
	}
	return append(keys, names...)
}

// beginsWord reports whether typed is the beginning of the text from one of
// its words on.
func beginsWord(text, typed string) bool {
	words := Tokens(text)
	for i := range words {
		if strings.HasPrefix(strings.Join(words[i:], ""), typed) {
			return true
		}
	}
	return false
}

// Completions lists everything that a sign can be followed by, such as all
// seats for "@".
func Completions(sign string, v Vocabulary) []Completion { return v.completions(sign, "") }

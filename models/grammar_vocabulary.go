package models

import "strings"

// Seat is one person that a capture line can name: a guest with a seat code,
// or one who may still get one.
type Seat struct {
	Guest        ID
	Code         string // "S7", or nothing yet
	Name         string // as the team reads it
	Given        string
	Family       string
	Organisation string
	Sector       Sector
}

func (s Seat) label() string {
	if s.Name != "" {
		return s.Name
	}
	return s.Code
}

// CodeWord is one code of the codebook as a capture line can name it.
type CodeWord struct {
	ID      ID
	Key     string
	Name    string
	Aliases []string
}

// Vocabulary is what the words of a capture line are looked up in. Make it
// with NewVocabulary; the zero value knows no seats and no codes.
type Vocabulary struct {
	seats                []Seat
	codes                map[rune][]CodeWord
	bySeat, byName       map[string]Seat // byName holds the zero Seat for a name of several
	fronts, forums, tags map[string]CodeWord
}

// NewVocabulary prepares the lookups. Where a word means two codes the first
// one has it; where a name means two people it means nobody.
func NewVocabulary(seats []Seat, fronts, forums, tags []CodeWord) Vocabulary {
	v := Vocabulary{
		seats:  seats,
		codes:  map[rune][]CodeWord{'^': fronts, '%': forums, '+': tags},
		bySeat: map[string]Seat{}, byName: map[string]Seat{},
		fronts: codeLookup(fronts), forums: codeLookup(forums), tags: codeLookup(tags),
	}
	for _, s := range seats {
		if k := wordKey(s.Code); k != "" {
			v.bySeat[k] = s
		}
		for _, k := range s.nameKeys() {
			if had, ok := v.byName[k]; ok && had.Guest != s.Guest {
				v.byName[k] = Seat{}
				continue
			}
			v.byName[k] = s
		}
	}
	return v
}

// seat finds who a word after an @ names.
func (v Vocabulary) seat(word string) (Seat, bool) {
	key := wordKey(word)
	if s, ok := v.bySeat[key]; ok {
		return s, true
	}
	s := v.byName[key]
	return s, s.Guest != 0
}

// nameKeys returns every way of writing the person's name.
func (s Seat) nameKeys() []string {
	var out []string
	for _, name := range []string{s.Name, s.Given, s.Family, s.Given + s.Family} {
		if k := wordKey(name); k != "" {
			out = addOnce(out, k)
		}
	}
	if words := Tokens(s.Name); s.Given == "" && s.Family == "" && len(words) > 1 {
		out = addOnce(addOnce(out, words[0]), words[len(words)-1])
	}
	return out
}

func codeLookup(codes []CodeWord) map[string]CodeWord {
	out := make(map[string]CodeWord, 3*len(codes))
	for _, spelled := range []func(CodeWord) []string{
		func(c CodeWord) []string { return []string{c.Key} },
		func(c CodeWord) []string { return []string{c.Name} },
		func(c CodeWord) []string { return c.Aliases },
	} {
		for _, c := range codes {
			for _, w := range spelled(c) {
				k := wordKey(w)
				if _, taken := out[k]; k != "" && !taken {
					out[k] = c
				}
			}
		}
	}
	return out
}

// wordKey returns the word without accents, case, hyphens and other signs:
// five-eyes, FiveEyes and "Five Eyes" are one.
func wordKey(word string) string { return strings.Join(Tokens(word), "") }

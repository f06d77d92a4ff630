package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// captureParser goes through a line once. What stays is kept as pieces of the
// line, so that odd bytes come out as they went in.
type captureParser struct {
	line       string
	known      Vocabulary
	at         int
	kept       []keptRune
	gap        bool // a token has just been taken out
	gapEnd     int  // where it ended
	unresolved []string
	committer  Seat
	out        Capture
}

type keptRune struct {
	r          rune
	start, end int
	escaped    bool
}

const captureSigns = "@#!^%+=>"

// isSign reports whether the sign can begin a token anywhere in a line.
func isSign(r rune) bool { return strings.ContainsRune(captureSigns, r) }

// escapable reports whether a backslash before the sign writes the sign.
func escapable(r rune) bool { return isSign(r) || r == '~' || r == '\\' || isQuote(r) }

// startsToken reports whether a token can follow this character.
func startsToken(before rune) bool {
	return unicode.IsSpace(before) || unicode.Is(unicode.Ps, before) && !isQuote(before) && before != '‚'
}

func endsToken(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || unicode.IsSpace(r) || unicode.IsPunct(r)
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

func (p *captureParser) scan() {
	p.at = len(p.line) - len(strings.TrimLeftFunc(p.line, unicode.IsSpace))
	before := ' '
	if strings.HasPrefix(p.line[p.at:], "~") {
		p.out.Contradicts = true
		p.take(p.at+1, TokenContradicts, "Contradicts the insight above", true)
	}
	for p.at < len(p.line) {
		r, n := utf8.DecodeRuneInString(p.line[p.at:])
		switch {
		case r == '\\' && p.escape():
			before = '\\'
			continue
		case isSign(r) && startsToken(before) && p.token(r):
			before = '\\' // the next token needs a space of its own
			continue
		}
		p.keep(r, p.at, p.at+n, false)
		before = r
	}
}

// escape reads a backslash and the sign behind it, if there is one.
func (p *captureParser) escape() bool {
	r, n := utf8.DecodeRuneInString(p.line[p.at+1:])
	if n == 0 || !escapable(r) {
		return false
	}
	p.keep(r, p.at+1, p.at+1+n, true)
	return true
}

// keep lets a character stay in the text, unless it only held a token apart.
func (p *captureParser) keep(r rune, start, end int, escaped bool) {
	p.at = end
	if p.gap && !escaped {
		last := len(p.kept) - 1
		switch {
		case unicode.IsSpace(r) && (last < 0 || startsToken(p.kept[last].r)):
			return
		case start == p.gapEnd && strings.ContainsRune(",;:", r) && (last < 0 || strings.ContainsRune("([{", p.kept[last].r)):
			return // "@s7: we agree" says "we agree"
		case last >= 0 && closes(p.kept[last], r):
			p.kept = p.kept[:last]
			return
		case last >= 0 && start == p.gapEnd && unicode.IsSpace(p.kept[last].r) && strings.ContainsRune(",.;:!?)]}", r):
			p.kept = p.kept[:last]
		}
	}
	p.gap = false
	p.kept = append(p.kept, keptRune{r, start, end, escaped})
}

// closes reports whether r closes the bracket that is now empty.
func closes(open keptRune, r rune) bool {
	i := strings.IndexRune("([{", open.r)
	return i >= 0 && !open.escaped && rune(")]}"[i]) == r
}

// take removes the line up to end as one token.
func (p *captureParser) take(end int, kind TokenKind, label string, known bool) {
	p.out.Tokens = append(p.out.Tokens, TokenSpan{p.at, end, kind, label, known})
	p.at, p.gap, p.gapEnd = end, true, end
}

// token reads a token at the sign, or reports that the sign is text.
func (p *captureParser) token(sign rune) bool {
	switch sign {
	case '@':
		return p.speakerToken(p.at+1, TokenSpeaker)
	case '>':
		if strings.HasPrefix(p.line[p.at:], ">>@") {
			return p.speakerToken(p.at+3, TokenCommitment)
		}
		return false
	}
	from := p.at + 1
	ends := wordEnds(p.line, from)
	for i, end := range ends {
		word := p.line[from:end]
		if sign == '+' && i > 0 && strings.ContainsAny(p.line[end:ends[0]], "-_&") {
			break // half of a hyphenated tag is another tag
		}
		if !endsToken(p.line[end:]) {
			continue
		}
		if kind, label, ok := p.understood(sign, word); ok {
			p.take(end, kind, label, true)
			return true
		}
	}
	if sign == '+' && len(ends) > 0 && endsToken(p.line[ends[0]:]) {
		p.newTag(from, ends[0])
	}
	return false
}

// newTag notes a word that could become a tag; figures cannot.
func (p *captureParser) newTag(from, end int) {
	word := p.line[from:end]
	first, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsLetter(first) || utf8.RuneCountInString(word) < 2 {
		return
	}
	p.out.UnknownTags = addOnce(p.out.UnknownTags, word)
	p.out.Tokens = append(p.out.Tokens, TokenSpan{from - 1, end, TokenTag, word, false})
}

// speakerToken reads the name that starts at from. A name that nobody has is
// taken out all the same, whatever follows it.
func (p *captureParser) speakerToken(from int, kind TokenKind) bool {
	ends := wordEnds(p.line, from)
	if len(ends) == 0 {
		return false
	}
	commits := kind == TokenCommitment
	for _, end := range ends {
		word := p.line[from:end]
		seat, ok := p.known.seat(word)
		_, isCode := p.known.bySeat[wordKey(word)]
		cut := p.line[end:ends[0]]
		// half of a hyphenated name is another person; a seat code or a
		// possessive ends where it ends
		if ok && (cut == "" || isCode || strings.HasPrefix(cut, "'") || strings.HasPrefix(cut, "’")) {
			p.speaks(seat, true, seat.label(), commits)
			p.take(end, kind, seat.label(), true)
			return true
		}
	}
	end := ends[0]
	for _, possessive := range []string{"'s", "’s"} {
		if word := p.line[from:end]; strings.HasSuffix(word, possessive) && len(word) > len(possessive) {
			end -= len(possessive)
		}
	}
	word := p.line[from:end]
	p.speaks(Seat{}, false, word, commits)
	p.take(end, kind, word, false)
	return true
}

// wordEnds returns where the word that starts at from may end, longest first.
// Hyphens, apostrophes and the like belong to it between two letters.
func wordEnds(line string, from int) []int {
	var ends []int
	end := from
	for end < len(line) {
		r, n := utf8.DecodeRuneInString(line[end:])
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || end > from && unicode.In(r, unicode.M, unicode.Cf):
			end += n
			continue
		case end > from && strings.ContainsRune("-_'’.&·", r) && end+n < len(line):
			if next, _ := utf8.DecodeRuneInString(line[end+n:]); unicode.IsLetter(next) || unicode.IsNumber(next) {
				ends = append(ends, end)
				end += n
				continue
			}
		}
		break
	}
	if end > from {
		ends = append(ends, end)
	}
	slices.Reverse(ends)
	return ends
}

// finish writes the text, finds its quotations and settles who speaks.
func (p *captureParser) finish() {
	for len(p.kept) > 0 && unicode.IsSpace(p.kept[len(p.kept)-1].r) {
		p.kept = p.kept[:len(p.kept)-1]
	}
	p.out.Text = p.write(p.kept)
	p.findQuotes()
	p.out.UnresolvedSpeaker = strings.Join(p.unresolved, ", ")
	if p.out.CommitmentBy != 0 {
		p.out.Kind, p.out.KindSet = Commitment, true
		if p.out.Speaker == 0 {
			p.out.Speaker, p.out.SpeakerLabel = p.out.CommitmentBy, p.committer.label()
		}
	}
	slices.SortStableFunc(p.out.Tokens, func(a, b TokenSpan) int { return a.Start - b.Start })
}

func (p *captureParser) write(kept []keptRune) string {
	var b strings.Builder
	for _, k := range kept {
		b.WriteString(p.line[k.start:k.end])
	}
	return b.String()
}

// quotePairs says which marks close a quotation that the first one opened.
var quotePairs = map[rune]string{'"': `"`, '“': `”"`, '„': `“”"`, '«': "»", '»': "«", '＂': "＂"}

// findQuotes notes the words in quotation marks that are not escaped. A
// straight mark opens after a space or bracket and closes after a word, so
// that 5" is no quotation.
func (p *captureParser) findQuotes() {
	for i := 0; i < len(p.kept); i++ {
		open := p.kept[i]
		closing, ok := quotePairs[open.r]
		if !ok || open.escaped || open.r == '"' && i > 0 && !opensAfter(p.kept[i-1].r) {
			continue
		}
		for j := i + 1; j < len(p.kept); j++ {
			k := p.kept[j]
			if k.escaped || !strings.ContainsRune(closing, k.r) || unicode.IsSpace(p.kept[j-1].r) {
				continue
			}
			words := strings.TrimSpace(p.write(p.kept[i+1 : j]))
			if words != "" {
				p.out.Quotes = append(p.out.Quotes, words)
				p.out.Tokens = append(p.out.Tokens, TokenSpan{open.start, k.end, TokenQuote, words, true})
			}
			i = j
			break
		}
	}
}

func opensAfter(r rune) bool { return startsToken(r) || unicode.Is(unicode.Pd, r) }

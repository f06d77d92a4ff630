package models

import "strings"

// Capture is what one line of a rapporteur says: the text as it will be kept,
// and what its tokens mean.
type Capture struct {
	// Text is the line without its tokens and escapes.
	Text string
	// Speaker is the guest named, or zero; SpeakerLabel is how the team reads
	// the name.
	Speaker      ID
	SpeakerLabel string
	// UnresolvedSpeaker holds the words after an @ that name nobody, more than
	// one, or somebody after the first. They are taken out of the text.
	UnresolvedSpeaker string
	// Pillars holds the pillars typed; the first is primary.
	Pillars []Pillar
	// Kind is the last kind typed; KindSet says that one was.
	Kind    Kind
	KindSet bool
	// Fronts, Forums and Tags hold each code once, in the order typed.
	Fronts []ID
	Forums []ID
	Tags   []ID
	// UnknownTags holds words typed after a + that are no tag yet. They stay
	// in the text until somebody adds the tag.
	UnknownTags []string
	// Flag is the strictest regime typed, or none.
	Flag Regime
	// Quotes holds the words that stand in quotation marks in the text.
	Quotes []string
	// Contradicts says that the line begins with ~.
	Contradicts bool
	// CommitmentBy is the guest who made a commitment, or zero.
	CommitmentBy ID
	// Tokens lists what was recognized, in the order of the line.
	Tokens []TokenSpan
}

// TokenKind says what a token of a capture line is. Its words are used as
// class names.
type TokenKind string

// The kinds of tokens.
const (
	TokenSpeaker     TokenKind = "speaker"
	TokenPillar      TokenKind = "pillar"
	TokenKindWord    TokenKind = "kind"
	TokenFront       TokenKind = "front"
	TokenForum       TokenKind = "forum"
	TokenTag         TokenKind = "tag"
	TokenRegime      TokenKind = "regime"
	TokenQuote       TokenKind = "quote"
	TokenContradicts TokenKind = "contradicts"
	TokenCommitment  TokenKind = "commitment"
)

// TokenSpan is one token of a line: the bytes from Start to before End. Label
// is how the preview names it. A quote and a tag that is not Known stay in the
// text; every other token is taken out.
type TokenSpan struct {
	Start, End int
	Kind       TokenKind
	Label      string
	Known      bool
}

// Stays reports whether the token's characters stay in the text.
func (t TokenSpan) Stays() bool {
	return t.Kind == TokenQuote || t.Kind == TokenTag && !t.Known
}

// Words of the grammar that do not depend on the institute.
var (
	pillarTokens = map[string]Pillar{
		"s": Security, "t": Technology, "e": Economics, "a": Alliances, "d": Diplomacy,
		"sec": Security, "tech": Technology, "eco": Economics, "all": Alliances, "dip": Diplomacy,
	}
	flagTokens = map[string]Regime{"bg": Background, "chr": ChathamHouse, "deep": DeepBackground, "off": OffTheRecord}
)

// ParseCapture reads a line by the capture grammar. Any text is a line: what
// is no token is text.
func ParseCapture(line string, known Vocabulary) Capture {
	p := captureParser{line: line, known: known}
	p.scan()
	p.finish()
	return p.out
}

// EscapeCapture writes the text so that ParseCapture gives it back, trimmed,
// without a token. Quotation marks stay what they are.
func EscapeCapture(text string) string {
	var b strings.Builder
	text = strings.TrimSpace(text)
	before := ' '
	for i, r := range text {
		switch {
		case r == '\\':
			b.WriteByte('\\')
		case r == '~' && i == 0, isSign(r) && startsToken(before):
			b.WriteByte('\\')
		}
		b.WriteString(text[i : i+runeLen(text[i:])])
		before = r
	}
	return b.String()
}

// understood notes what a token with a known word means. It reports false
// where the word is not known to the sign.
func (p *captureParser) understood(sign rune, word string) (TokenKind, string, bool) {
	key := wordKey(word)
	switch sign {
	case '#':
		pillar, ok := pillarTokens[key]
		if ok {
			p.out.Pillars = addOnce(p.out.Pillars, pillar)
		}
		return TokenPillar, pillar.Name(), ok
	case '!':
		kind, ok := ParseKind(key)
		if ok && p.out.CommitmentBy == 0 {
			p.out.Kind, p.out.KindSet = kind, true
		}
		return TokenKindWord, kind.Name(), ok
	case '=':
		flag, ok := flagTokens[key]
		if ok {
			p.out.Flag = Strictest(p.out.Flag, flag)
		}
		return TokenRegime, flag.Name(), ok
	case '^':
		code, ok := p.known.fronts[key]
		if ok {
			p.out.Fronts = addOnce(p.out.Fronts, code.ID)
		}
		return TokenFront, code.Name, ok
	case '%':
		code, ok := p.known.forums[key]
		if ok {
			p.out.Forums = addOnce(p.out.Forums, code.ID)
		}
		return TokenForum, code.Name, ok
	case '+':
		code, ok := p.known.tags[key]
		if ok {
			p.out.Tags = addOnce(p.out.Tags, code.ID)
		}
		return TokenTag, code.Name, ok
	}
	return "", "", false
}

// speaks notes a speaker's token; word is what follows the @.
func (p *captureParser) speaks(seat Seat, ok bool, word string, commits bool) {
	if commits {
		p.out.Kind, p.out.KindSet = Commitment, true
	}
	switch {
	case !ok:
		p.unresolved = addOnce(p.unresolved, word)
	case commits && p.out.CommitmentBy == 0:
		p.out.CommitmentBy = seat.Guest
		p.committer = seat
	case commits && p.out.CommitmentBy == seat.Guest, !commits && p.out.Speaker == seat.Guest:
	case !commits && p.out.Speaker == 0:
		p.out.Speaker, p.out.SpeakerLabel = seat.Guest, seat.label()
	default:
		p.unresolved = addOnce(p.unresolved, word)
	}
}

func addOnce[T comparable](list []T, v T) []T {
	for _, have := range list {
		if have == v {
			return list
		}
	}
	return append(list, v)
}

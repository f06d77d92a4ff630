package files

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
)

// The families of the screens, as a PDF embeds them; OFL-1.1, the text lies in
// static/fonts.
var (
	//go:embed fonts/public-sans-regular.ttf
	sansRegular []byte
	//go:embed fonts/public-sans-italic.ttf
	sansItalic []byte
	//go:embed fonts/public-sans-bold.ttf
	sansBold []byte
	//go:embed fonts/public-sans-bold-italic.ttf
	sansBoldItalic []byte
	//go:embed fonts/newsreader-medium.ttf
	serifMedium []byte
)

const (
	sans     = "Public Sans"
	newsfont = "Newsreader"
	fallback = "Fallback"
)

// ErrBadFont is returned for a fallback font that a PDF cannot embed.
var ErrBadFont = errors.New("the font for other scripts cannot be used: a PDF needs a TrueType font (.ttf) with glyf outlines")

// typeface is what a run of text is set in.
type typeface struct {
	family, style string // style as fpdf writes it: "", "B", "I", "BI"
	size          float64
	over          bool
	gray          bool
}

// piece is a run of text that stands in one line, in one typeface.
type piece struct {
	text  string
	face  typeface
	width float64
	link  string
}

// setter measures and breaks text.
type setter struct {
	pdf      *fpdf.Fpdf
	glyphs   map[string]*sfnt.Font
	buf      sfnt.Buffer
	missing  map[rune]bool
	fallback bool
}

func newSetter(pdf *fpdf.Fpdf, other []byte) (*setter, error) {
	s := &setter{pdf: pdf, glyphs: map[string]*sfnt.Font{}, missing: map[rune]bool{}, fallback: len(other) > 0}
	for _, f := range []struct {
		family, style string
		ttf           []byte
	}{{sans, "", sansRegular}, {sans, "I", sansItalic}, {sans, "B", sansBold}, {sans, "BI", sansBoldItalic}, {newsfont, "", serifMedium}, {fallback, "", other}} {
		if len(f.ttf) == 0 {
			continue
		}
		font, err := sfnt.Parse(f.ttf)
		if err != nil || f.family == fallback && !strings.HasPrefix(string(f.ttf), "\x00\x01\x00\x00") && !strings.HasPrefix(string(f.ttf), "true") {
			return nil, ErrBadFont
		}
		s.glyphs[f.family+f.style] = font
		pdf.AddUTF8FontFromBytes(f.family, f.style, slices.Clone(f.ttf))
	}
	if pdf.Err() {
		return nil, fmt.Errorf("%w: %w", ErrBadFont, pdf.Error())
	}
	return s, nil
}

// joined are scripts that are written from right to left or whose letters change
// beside each other: set one by one, as a PDF of ours does, they would be wrong.
var joined = []*unicode.RangeTable{
	unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
	unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
	unicode.Tibetan, unicode.Myanmar, unicode.Khmer,
}

// has reports whether a PDF can show the character in a font: whether the font
// has a glyph for it, and the glyph alone is right. A PDF of ours holds
// characters of the first plane alone.
func (s *setter) has(family, style string, r rune) bool {
	font, ok := s.glyphs[family+style]
	if !ok || r > 0xffff || unicode.In(r, joined...) {
		return false
	}
	n, err := font.GlyphIndex(&s.buf, r)
	return err == nil && n != 0
}

var plainGlyphs = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(sansRegular) })

// CheckFont returns ErrBadFont for a font that PDFOptions cannot take.
func CheckFont(ttf []byte) error {
	_, err := newSetter(fpdf.New("P", "mm", "A4", ""), ttf)
	if err == nil && len(ttf) == 0 {
		return ErrBadFont
	}
	return err
}

// MissingFromPDF names the characters of a text that a PDF prints as an empty
// box, with the institute's font for other scripts or without one.
func MissingFromPDF(text string, other []byte) MissingGlyphs {
	font, err := plainGlyphs()
	if err != nil {
		return nil // the font is ours: a test parses it
	}
	s := setter{glyphs: map[string]*sfnt.Font{sans: font}}
	if len(other) > 0 {
		if s.glyphs[fallback], err = sfnt.Parse(other); err != nil {
			return nil // the start refuses such a font
		}
	}
	var missing MissingGlyphs
	for _, r := range text {
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !s.has(sans, "", r) && !s.has(fallback, "", r) && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	slices.Sort(missing)
	return missing
}

// missingSign stands for a character that no font has.
const missingSign = '□'

// shaped splits text into pieces by the font that has its characters. What no
// font has is noted and replaced, visibly.
func (s *setter) shaped(text string, face typeface, link string) []piece {
	var out []piece
	for _, r := range text {
		if unicode.IsSpace(r) {
			r = ' '
		}
		use := face
		switch {
		case unicode.Is(unicode.Cf, r): // joins and directions, which nothing draws
			continue
		case s.has(face.family, face.style, r):
		case s.fallback && s.has(fallback, "", r):
			use.family, use.style = fallback, ""
		default:
			s.missing[r] = true
			if r = '?'; s.has(face.family, face.style, missingSign) {
				r = missingSign
			}
		}
		if n := len(out) - 1; n >= 0 && out[n].face == use {
			out[n].text += string(r)
			continue
		}
		out = append(out, piece{text: string(r), face: use, link: link})
	}
	return out
}

func (s *setter) use(f typeface) {
	size := f.size
	if f.over {
		size *= 0.65
	}
	s.pdf.SetFont(f.family, f.style, size)
	if f.gray {
		s.pdf.SetTextColor(90, 100, 114)
	} else {
		s.pdf.SetTextColor(27, 30, 36)
	}
}

func (s *setter) width(p piece) float64 {
	s.use(p.face)
	return s.pdf.GetStringWidth(p.text)
}

// faceOf is the typeface of a span within a paragraph's.
func faceOf(base typeface, sp span) typeface {
	if base.family == sans {
		style := base.style
		if sp.bold && !strings.Contains(style, "B") {
			style = "B" + style
		}
		if (sp.italic || sp.code) && !strings.Contains(style, "I") {
			style += "I"
		}
		base.style = style
	}
	base.over = base.over || sp.over
	return base
}

// lines breaks spans into lines of at most the width. A word that is longer
// than a line is broken.
func (s *setter) lines(spans []span, base typeface, width float64) [][]piece {
	b := lineBreaker{s: s, width: width}
	for _, sp := range spans {
		for i, part := range strings.Split(printable(sp.text), "\n") {
			if i > 0 {
				b.word()
				b.end()
			}
			for _, p := range s.shaped(part, faceOf(base, sp), sp.link) {
				b.piece(p)
			}
		}
	}
	b.word()
	if len(b.line) > 0 || len(b.out) == 0 {
		b.end()
	}
	return b.out
}

type lineBreaker struct {
	s     *setter
	width float64
	out   [][]piece
	line  []piece
	used  float64
	held  []piece // the word that is being read
	long  float64
}

// piece reads on: at each space the word before it is set.
func (b *lineBreaker) piece(p piece) {
	rest := p.text
	for rest != "" {
		at := strings.IndexByte(rest, ' ')
		switch at {
		case 0:
			b.word()
			if len(b.line) > 0 {
				b.set(piece{text: " ", face: p.face, link: p.link})
			}
			rest = rest[1:]
			continue
		case -1:
			at = len(rest)
		}
		part := piece{text: rest[:at], face: p.face, link: p.link}
		part.width = b.s.width(part)
		b.held, b.long = append(b.held, part), b.long+part.width
		rest = rest[at:]
	}
}

func (b *lineBreaker) set(p piece) {
	if p.width == 0 {
		p.width = b.s.width(p)
	}
	b.line, b.used = append(b.line, p), b.used+p.width
}

// word sets the word that was read, in this line or in the next.
func (b *lineBreaker) word() {
	if len(b.held) == 0 {
		return
	}
	if len(b.line) > 0 && b.used+b.long > b.width {
		b.end()
	}
	for _, p := range b.held {
		if b.long <= b.width {
			b.set(p)
			continue
		}
		b.broken(p)
	}
	b.held, b.long = b.held[:0], 0
}

// broken sets a word that fits no line, character by character.
func (b *lineBreaker) broken(p piece) {
	for _, r := range p.text {
		c := piece{text: string(r), face: p.face, link: p.link}
		c.width = b.s.width(c)
		if len(b.line) > 0 && b.used+c.width > b.width {
			b.end()
		}
		if n := len(b.line) - 1; n >= 0 && b.line[n].face == c.face && b.line[n].text != " " {
			b.line[n].text, b.line[n].width, b.used = b.line[n].text+c.text, b.line[n].width+c.width, b.used+c.width
			continue
		}
		b.set(c)
	}
}

// end closes a line; a space at its end is dropped.
func (b *lineBreaker) end() {
	if n := len(b.line) - 1; n >= 0 && b.line[n].text == " " {
		b.line = b.line[:n]
	}
	b.out = append(b.out, b.line)
	b.line, b.used = nil, 0
}

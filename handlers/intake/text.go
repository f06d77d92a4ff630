package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zipMagic  = []byte("PK\x03\x04")
)

// sampleSize is how far Open looks ahead to tell the encoding: a list whose
// first accent comes later than that is taken for UTF-8.
const sampleSize = 1 << 20

// openGzip unpacks a gzipped text as it is read.
func (t *Table) openGzip(in *bufio.Reader, limits Limits) error {
	packed := &counted{r: in}
	zr, err := gzip.NewReader(packed)
	if err != nil {
		return refuse("The gzip file is damaged. Bring it again.")
	}
	unpacked := &capped{r: &ratioGuard{r: zr, packed: packed}, left: limits.Unpacked,
		message: fmt.Sprintf("The file unpacks to more than %s, the most that can be imported at once. Split it and import the parts.", megabytes(limits.Unpacked))}
	inner := bufio.NewReaderSize(unpacked, sampleSize)
	head, err := inner.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case len(head) == 0:
		return refuse("The gzip file holds an empty file.")
	case bytes.HasPrefix(head, gzipMagic), bytes.HasPrefix(head, zipMagic):
		return refuse("The gzip file holds another packed file. Unpack it and bring what is inside.")
	}
	return t.openText(inner)
}

// counted counts the bytes that pass.
type counted struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// ratioGuard stops a packed file that unpacks to absurdly much.
type ratioGuard struct {
	r      io.Reader
	packed *counted
	n      int64
}

// Read implements io.Reader.
func (g *ratioGuard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.n += int64(n)
	if g.n > 10<<20 && g.n > maxRatio*g.packed.n {
		return 0, refuse("The file unpacks to more than %d times its size and is not opened, for safety. Bring it unpacked.", maxRatio)
	}
	return n, err
}

// openText finds out encoding and separator.
func (t *Table) openText(in *bufio.Reader) error {
	sample, err := in.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	whole := errors.Is(err, io.EOF)
	if err := refuseBinary(sample); err != nil {
		return err
	}
	enc := detectEncoding(sample, whole)
	if _, err := in.Discard(enc.mark); err != nil {
		return err
	}
	var text io.Reader = in
	if enc.decode != nil {
		text = enc.decode.NewDecoder().Reader(in)
	}
	lines := &records{r: bufio.NewReaderSize(text, guessSize), line: 1}
	head, err := lines.r.Peek(guessSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return refuse("The file holds no rows.")
	}
	if err := refuseOtherText(head); err != nil {
		return err
	}
	if err := lines.chooseSeparator(head); err != nil {
		return err
	}
	t.src = lines
	t.Format = "text (" + enc.name + ") with " + separatorNames[lines.sep] + " between the columns"
	if separatorNames[lines.sep] == "" {
		t.Format = "text (" + enc.name + ")" + fmt.Sprintf(" with %q between the columns", lines.sep)
	}
	return nil
}

// foundEncoding is how a text is written: its name, how many bytes mark it at
// the start, and its decoder, nil for UTF-8.
type foundEncoding struct {
	name   string
	mark   int
	decode encoding.Encoding
}

func detectEncoding(sample []byte, whole bool) foundEncoding {
	utf16 := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.IgnoreBOM) }
	switch {
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return foundEncoding{"UTF-8", 3, nil}
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return foundEncoding{"UTF-16", 2, utf16(unicode.LittleEndian)}
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return foundEncoding{"UTF-16", 2, utf16(unicode.BigEndian)}
	}
	// Western text in UTF-16 has a NUL in every second byte.
	start := sample[:min(len(sample), 4096)]
	var zeros [2]int
	for i, b := range start {
		if b == 0 {
			zeros[i&1]++
		}
	}
	switch enough := len(start) / 6; {
	case zeros[1] > enough && zeros[1] > 4*zeros[0]:
		return foundEncoding{"UTF-16", 0, utf16(unicode.LittleEndian)}
	case zeros[0] > enough && zeros[0] > 4*zeros[1]:
		return foundEncoding{"UTF-16", 0, utf16(unicode.BigEndian)}
	}
	if looksWestern(sample, whole) {
		return foundEncoding{"Windows-1252", 0, charmap.Windows1252}
	}
	return foundEncoding{"UTF-8", 0, nil}
}

// looksWestern reports whether a text that is no UTF-8 reads well as
// Windows-1252. A few broken characters in a UTF-8 file do not make it one:
// they are reported with their lines.
func looksWestern(sample []byte, whole bool) bool {
	good, bad, odd := 0, 0, 0 // UTF-8 characters, other high bytes, those that no Western text has
	for i := 0; i < len(sample); {
		if sample[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !whole && !utf8.FullRune(sample[i:]) {
			break
		}
		if r, n := utf8.DecodeRune(sample[i:]); r != utf8.RuneError || n > 1 {
			good++
			i += n
			continue
		}
		bad++
		if oddWestern(sample, i) {
			odd++
		}
		i++
	}
	return bad > 0 && bad > good && odd*5 < bad
}

// oddWestern reports whether the byte hardly occurs in Windows-1252 text:
// unassigned, ÿ, or a capital after a small letter, both accented.
func oddWestern(s []byte, i int) bool {
	b := s[i]
	switch b {
	case 0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xff:
		return true
	}
	capital := b >= 0xc0 && b <= 0xde && b != 0xd7
	return capital && i > 0 && s[i-1] >= 0xdf
}

// refuseBinary refuses what is no text at all.
func refuseBinary(sample []byte) error {
	switch {
	case bytes.HasPrefix(sample, []byte("\xd0\xcf\x11\xe0")):
		return refuse("This is an old or a locked Excel workbook. Open it in Excel, save it as .xlsx without a password, and bring that.")
	case bytes.HasPrefix(sample, []byte("%PDF")):
		return refuse("This is a PDF. Bring the list as CSV or XLSX.")
	}
	start := sample[:min(len(sample), 4096)]
	control := 0
	for _, b := range start {
		if b != 0 && b < ' ' && !strings.ContainsRune("\t\n\r\f\v\x1b", rune(b)) {
			control++
		}
	}
	if control*20 > len(start) {
		return refuse("This is no table that can be read here. Bring the list as CSV or XLSX.")
	}
	return nil
}

// refuseOtherText refuses texts that are no tables, by how they begin.
func refuseOtherText(head []byte) error {
	start := strings.ToLower(strings.TrimSpace(string(head[:min(len(head), 2048)])))
	switch {
	case strings.HasPrefix(start, "<") && containsAny(start, "<!doctype", "<html", "<table", "<?xml", "<body"):
		return refuse("This is a web page, not a CSV file, whatever its name ends in. Open it in a spreadsheet and save it as CSV or XLSX.")
	case strings.HasPrefix(start, "{") && strings.HasPrefix(strings.TrimSpace(start[1:]), `"`),
		strings.HasPrefix(start, "[") && containsAny(start[1:min(len(start), 40)], "{", "[", "]"):
		return refuse("This file is JSON. People are imported from CSV or XLSX.")
	case strings.HasPrefix(start, "begin:vcard"):
		return refuse("This file holds vCards. People are imported from CSV or XLSX; most address books can export one of them.")
	}
	return nil
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

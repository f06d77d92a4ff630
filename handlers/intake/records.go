package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// records parts a text into rows and cells by RFC 4180, but forgiving: any
// separator, line ends of every kind even mixed, quotation marks inside a bare
// cell. It holds one row at a time.
type records struct {
	r    *bufio.Reader
	sep  byte
	line int // the line that the next byte is on
	buf  []byte
	ends []int // where each cell ends in buf
}

// guessSize is how much text Open looks at to tell the separator.
const guessSize = 64 << 10

// maxRecord bounds one row, so that a quotation mark that is never closed
// cannot take in the whole file.
const maxRecord = 1 << 20

var separatorNames = map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "vertical bars"}

func (s *records) close() error { return nil }

// record reads one row. After a row longer than maxRecord the file ends.
func (s *records) record() (line int, cells []string, problem string, err error) {
	s.buf, s.ends = s.buf[:0], s.ends[:0]
	line = s.line
	quoted, openedAt := false, 0 // inside quotation marks, and since which line
	wasQuoted := false           // the cell began with a quotation mark
	for {
		c, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) {
			if len(s.buf) == 0 && len(s.ends) == 0 && !wasQuoted {
				return 0, nil, "", io.EOF
			}
			if quoted {
				last := s.line
				if bytes.HasSuffix(s.buf, []byte("\n")) || bytes.HasSuffix(s.buf, []byte("\r")) {
					last-- // the text ends with a line end, not with an empty line
				}
				problem = unclosed(openedAt, last)
			}
			return line, s.cells(), problem, nil
		}
		if err != nil {
			return 0, nil, "", err
		}
		if len(s.buf) >= maxRecord {
			return line, s.cells(), s.giveUp(line, quoted, openedAt), nil
		}
		switch {
		case quoted:
			if c != '"' {
				s.buf = append(s.buf, c)
				if c == '\n' || (c == '\r' && !s.at('\n')) {
					s.line++
				}
			} else if s.at('"') {
				s.buf = append(s.buf, c)
				s.skip()
			} else {
				quoted = false
			}
		case c == s.sep:
			s.ends = append(s.ends, len(s.buf))
			wasQuoted = false
		case c == '\n' || c == '\r':
			if c == '\r' && s.at('\n') {
				s.skip()
			}
			s.line++
			return line, s.cells(), "", nil
		case c == '"' && !wasQuoted && s.cellLen() == 0:
			quoted, wasQuoted, openedAt = true, true, s.line
		default:
			s.buf = append(s.buf, c)
		}
	}
}

func unclosed(from, to int) string {
	if to <= from {
		return fmt.Sprintf("A quotation mark opens on line %d and is never closed.", from)
	}
	return fmt.Sprintf("A quotation mark opens on line %d and is never closed, so lines %d to %d could not be read.", from, from, to)
}

// giveUp ends the file after a row that is too long to be one.
func (s *records) giveUp(line int, quoted bool, openedAt int) string {
	s.r = bufio.NewReader(strings.NewReader(""))
	if quoted {
		return fmt.Sprintf("A quotation mark opens on line %d and is not closed within a million characters. Nothing after it could be read.", openedAt)
	}
	return fmt.Sprintf("Line %d is longer than a million characters. Nothing after it could be read.", line)
}

// at reports whether c comes next.
func (s *records) at(c byte) bool {
	next, err := s.r.Peek(1)
	return err == nil && next[0] == c
}

func (s *records) skip() { s.r.Discard(1) } // the byte was peeked before

func (s *records) cellLen() int {
	if len(s.ends) == 0 {
		return len(s.buf)
	}
	return len(s.buf) - s.ends[len(s.ends)-1]
}

// cells cuts the row into its cells, which share one string.
func (s *records) cells() []string {
	all := string(s.buf)
	out := make([]string, 0, len(s.ends)+1)
	from := 0
	for _, end := range append(s.ends, len(s.buf)) {
		out = append(out, all[from:end])
		from = end
	}
	return out
}

// chooseSeparator obeys a line such as "sep=;", which Excel writes and reads,
// or else takes the separator that cuts the first rows most evenly.
func (s *records) chooseSeparator(head []byte) error {
	if sep, n := sepLine(head); n > 0 {
		s.sep = sep
		s.line = 2
		_, err := s.r.Discard(n)
		return err
	}
	s.sep = ','
	bestEven, bestWidth := 0.0, 1
	for _, sep := range []byte(",;\t|") {
		even, width := evenness(head, sep)
		if width > 1 && (even > bestEven || (even == bestEven && width > bestWidth)) {
			s.sep, bestEven, bestWidth = sep, even, width
		}
	}
	return nil
}

// sepLine returns the separator named by the first line and the length of that
// line with its end, or 0.
func sepLine(head []byte) (sep byte, length int) {
	end := bytes.IndexAny(head, "\r\n")
	if end < 0 || end > 10 {
		return 0, 0
	}
	words := strings.Trim(string(head[:end]), `"`)
	if len(words) != 5 || !strings.EqualFold(words[:4], "sep=") || words[4] == '"' {
		return 0, 0
	}
	length = end + 1
	if head[end] == '\r' && length < len(head) && head[length] == '\n' {
		length++
	}
	return words[4], length
}

// evenness returns which part of the first rows has as many cells as the
// header, and how many those are.
func evenness(head []byte, sep byte) (even float64, width int) {
	rows := &records{r: bufio.NewReader(bytes.NewReader(head)), sep: sep, line: 1}
	total, same := 0, 0
	for total < 25 {
		_, cells, problem, err := rows.record()
		if err != nil || problem != "" {
			break
		}
		if blank(cells) {
			continue
		}
		if width == 0 {
			width = len(cells)
		}
		total++
		if len(cells) == width {
			same++
		}
	}
	if total == 0 {
		return 0, 0
	}
	return float64(same) / float64(total), width
}

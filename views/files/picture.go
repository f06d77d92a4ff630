package files

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// Picture is a table of counts to be drawn as SVG, for papers and slides: on
// white, in one color, with what was counted and every number written beside its mark.
type Picture struct {
	Title         string
	Note          string // what was counted
	Rows, Columns []string
	N             [][]int // by row, then column; of bars one each
}

// The measures of a picture, in its own units.
const (
	pictureLeft = 200
	pictureTop  = 64
	nameLine    = 15
	cellWide    = 84
	cellHigh    = 32
	barWide     = 360
	lineWide    = 480
	lineHigh    = 56
)

// heatRamp are the five steps of counts and the color of their numbers.
var heatRamp = [...][2]string{{"#ffffff", "#182725"}, {"#e6f3f1", "#182725"}, {"#bfdfdc", "#182725"}, {"#7fbdb8", "#182725"}, {"#26746f", "#ffffff"}, {"#124340", "#ffffff"}}

func heatStep(n int) int {
	step := 0
	for _, from := range []int{1, 8, 20, 35, 50} {
		if n >= from {
			step++
		}
	}
	return step
}

// svg is a picture while it is drawn.
type svg struct{ bytes.Buffer }

func newSVG(title, note string, wide, high int) *svg {
	s := &svg{}
	wide = max(wide, 8*len([]rune(note)))
	fmt.Fprintf(s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`, wide, high, wide, high)
	s.WriteString(`<rect width="100%" height="100%" fill="#ffffff"/><title>`)
	s.escape(title)
	s.WriteString("</title>")
	s.text(8, 20, "start", "#182725", title)
	if note != "" {
		s.text(8, 40, "start", "#4a5a58", note)
	}
	return s
}

func (s *svg) escape(text string) { _ = xml.EscapeText(s, []byte(text)) } // a buffer takes everything

func (s *svg) text(x, y int, anchor, fill, text string) {
	fmt.Fprintf(s, `<text x="%d" y="%d" text-anchor="%s" fill="%s">`, x, y, anchor, fill)
	s.escape(text)
	s.WriteString("</text>")
}

func (s *svg) end() []byte {
	s.WriteString("</svg>\n")
	return s.Bytes()
}

// shortened keeps a name within the room that a column has.
func shortened(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// lined breaks a name into lines of a column's width, at spaces and hyphens. A
// word that is longer than that is cut.
func lined(name string) []string {
	const most = 12
	var out []string
	for _, word := range strings.Fields(strings.ReplaceAll(name, "-", "- ")) {
		if n := len(out) - 1; n >= 0 {
			gap := " "
			if strings.HasSuffix(out[n], "-") {
				gap = ""
			}
			if joined := out[n] + gap + word; len([]rune(joined)) <= most {
				out[n] = joined
				continue
			}
		}
		out = append(out, shortened(word, most))
	}
	return out
}

// Cells draws the table as it stands, each cell with its number.
func (p Picture) Cells() []byte {
	names, lines := make([][]string, len(p.Columns)), 1
	for k, name := range p.Columns {
		names[k] = lined(name)
		lines = max(lines, len(names[k]))
	}
	top := pictureTop + nameLine*lines
	s := newSVG(p.Title, p.Note, pictureLeft+cellWide*len(p.Columns)+8, top+8+cellHigh*len(p.Rows))
	for k, name := range names {
		for n, line := range name { // the last stands on the cells
			s.text(pictureLeft+cellWide*k+cellWide/2, top-8-nameLine*(len(name)-1-n), "middle", "#182725", line)
		}
	}
	for r, name := range p.Rows {
		y := top + cellHigh*r
		s.text(8, y+20, "start", "#182725", shortened(name, 28))
		for k, n := range p.N[r] {
			x, step := pictureLeft+cellWide*k, heatStep(n)
			fmt.Fprintf(s, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s" stroke="#ffffff"/>`, x, y, cellWide, cellHigh, heatRamp[step][0])
			s.text(x+cellWide/2, y+20, "middle", heatRamp[step][1], strconv.Itoa(n))
		}
	}
	return s.end()
}

// Bars draws one bar for each row.
func (p Picture) Bars() []byte {
	s := newSVG(p.Title, p.Note, pictureLeft+barWide+72, pictureTop+24*len(p.Rows))
	most := 1
	for _, n := range p.N {
		most = max(most, n[0])
	}
	for r, name := range p.Rows {
		y, wide := pictureTop-12+24*r, barWide*p.N[r][0]/most
		s.text(8, y+13, "start", "#182725", shortened(name, 28))
		fmt.Fprintf(s, `<rect x="%d" y="%d" width="%d" height="16" fill="#26746f"/>`, pictureLeft, y, wide)
		s.text(pictureLeft+wide+8, y+13, "start", "#182725", strconv.Itoa(p.N[r][0]))
	}
	return s.end()
}

// Lines draws one small line for each row, all on one scale.
func (p Picture) Lines() []byte {
	const step = lineHigh + 24
	s := newSVG(p.Title, p.Note, pictureLeft+lineWide+72, pictureTop+step*len(p.Rows)+24)
	most := 1
	for _, line := range p.N {
		for _, n := range line {
			most = max(most, n)
		}
	}
	for r, name := range p.Rows {
		base := pictureTop + step*r + lineHigh
		s.text(8, base, "start", "#182725", shortened(name, 28))
		fmt.Fprintf(s, `<path d="M%d %dh%d" stroke="#b8c4c2"/><polyline fill="none" stroke="#26746f" stroke-width="2" points="`, pictureLeft, base, lineWide)
		last, peak := base, 0
		across := func(k int) int { return pictureLeft + lineWide*k/max(len(p.N[r])-1, 1) }
		for k, n := range p.N[r] {
			last = base - lineHigh*n/most
			fmt.Fprintf(s, "%d,%d ", across(k), last)
			if n > p.N[r][peak] {
				peak = k
			}
		}
		s.WriteString(`"/>`)
		if n := len(p.N[r]); n > 0 {
			s.text(pictureLeft+lineWide+8, last+4, "start", "#182725", strconv.Itoa(p.N[r][n-1]))
			if peak < n-1 {
				s.text(across(peak), base-lineHigh*p.N[r][peak]/most-5, "middle", "#4a5a58", strconv.Itoa(p.N[r][peak]))
			}
		}
	}
	if n := len(p.Columns); n > 0 {
		y := pictureTop + step*len(p.Rows)
		s.text(pictureLeft, y, "start", "#4a5a58", p.Columns[0])
		s.text(pictureLeft+lineWide, y, "end", "#4a5a58", p.Columns[n-1])
	}
	return s.end()
}

package models

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
)

// Colour is a colour of the screen, as #rrggbb in lower case. The empty one is
// the program's own.
type Colour string

// ContrastLeast is the contrast that text needs against its ground (WCAG 1.4.3).
const ContrastLeast = 4.5

// The grounds that an accent's text stands on: the least white of the light
// ones and the least black of the dark ones.
const (
	lightGround Colour = "#edf0ef"
	darkGround  Colour = "#1a2224"
)

// ParseColour reads a colour as people write it: #065C5A, 065c5a or #0cc.
func ParseColour(s string) (Colour, bool) {
	s = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "#"))
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	if _, err := hex.DecodeString(s); err != nil || len(s) != 6 {
		return "", false
	}
	return Colour("#" + s), true
}

// rgb returns the parts of a colour that ParseColour made.
func (c Colour) rgb() (out [3]float64) {
	raw, err := hex.DecodeString(strings.TrimPrefix(string(c), "#"))
	if err == nil && len(raw) == 3 {
		out = [3]float64{float64(raw[0]), float64(raw[1]), float64(raw[2])}
	}
	return out
}

// luminance is the relative luminance, from 0 for black to 1 for white.
func (c Colour) luminance() float64 {
	var linear [3]float64
	for i, v := range c.rgb() {
		if v /= 255; v <= 0.04045 {
			linear[i] = v / 12.92
		} else {
			linear[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

// Contrast is the contrast of two colours, from 1 to 21.
func Contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// toward mixes the colour with another, n parts of 100.
func (c Colour) toward(other Colour, n int) Colour {
	a, b := c.rgb(), other.rgb()
	var out [3]byte
	for i := range out {
		out[i] = byte(math.Round(a[i] + (b[i]-a[i])*float64(n)/100))
	}
	return Colour("#" + hex.EncodeToString(out[:]))
}

// reach returns the colour, mixed with another as little as makes its text
// readable on the ground.
func (c Colour) reach(ground, with Colour) Colour {
	for n := range 100 {
		if mixed := c.toward(with, n); Contrast(mixed, ground) >= ContrastLeast {
			return mixed
		}
	}
	return with
}

// OnDark returns the colour as dark pages show it: lighter where it must be.
func (c Colour) OnDark() Colour { return c.reach(darkGround, "#ffffff") }

// CheckAccent reads the institute's colour, and refuses one that is too light
// for text on a light page with the nearest that is not. Nothing is the
// program's own colour.
func CheckAccent(s string) (Colour, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	c, ok := ParseColour(s)
	if !ok {
		return "", Invalid("accent", "Write the color as #065c5a: a number sign and six digits from 0 to f.")
	}
	if got := Contrast(c, lightGround); got < ContrastLeast {
		return "", Invalid("accent", "This color is too light to be read on a light page: "+strconv.FormatFloat(math.Floor(got*10)/10, 'f', 1, 64)+
			" to 1, and text needs 4.5 to 1. "+string(c.reach(lightGround, "#000000"))+" is the nearest that can be read.")
	}
	return c, nil
}

package models

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func TestContrast_isThatOfTheGuidelines(t *testing.T) {
	for _, c := range []struct {
		a, b Colour
		want float64
	}{{"#000000", "#ffffff", 21}, {"#767676", "#ffffff", 4.54}, {"#065c5a", "#ffffff", 7.8}, {"#77cdc3", "#11181a", 9.7}, {"#586567", "#edf0ef", 5.3}} {
		if got := Contrast(c.a, c.b); math.Abs(got-c.want) > 0.06 || got != Contrast(c.b, c.a) {
			t.Errorf("%s on %s: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

var proposed = regexp.MustCompile(`#[0-9a-f]{6} is the nearest`)

func TestAccent_whatIsTakenCanBeReadInLightAndDark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := fmt.Sprintf("#%06X", rapid.IntRange(0, 0xffffff).Draw(t, "colour"))
		c, err := CheckAccent(typed)
		var invalid *InvalidError
		if errors.As(err, &invalid) {
			nearest := proposed.FindString(invalid.Fields["accent"])
			if nearest == "" {
				t.Fatalf("%s is refused without a proposal: %v", typed, invalid.Fields)
			}
			if c, err = CheckAccent(nearest[:7]); err != nil {
				t.Fatalf("%s, which was proposed for %s, is refused: %v", nearest, typed, err)
			}
		}
		for _, ground := range []Colour{"#ffffff", "#f4f6f5", "#edf0ef"} {
			if Contrast(c, ground) < ContrastLeast {
				t.Fatalf("%s on %s: %.2f", c, ground, Contrast(c, ground))
			}
		}
		for _, ground := range []Colour{"#0b1112", "#11181a", "#1a2224", "#0a1617"} {
			if Contrast(c.OnDark(), ground) < ContrastLeast {
				t.Fatalf("%s, from %s, on %s: %.2f", c.OnDark(), c, ground, Contrast(c.OnDark(), ground))
			}
		}
	})
	for _, bad := range []string{"green", "#12345", "#gggggg", "javascript:alert(1)", "#065c5a;}"} {
		if _, err := CheckAccent(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if c, err := CheckAccent(" "); c != "" || err != nil {
		t.Errorf("nothing is %q, %v", c, err)
	}
}

package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Icon draws one of the icons of iconShapes, 16 px wide. Icons are hidden from
// assistive technology: words or an aria-label stand beside them. A name that
// is not there is a mistake in a template, and panics.
func Icon(name string) templ.Component { return icons.get(name, "i") }

// IconSm draws an icon 14 px wide.
func IconSm(name string) templ.Component { return icons.get(name, "i i--sm") }

// IconLg draws an icon 20 px wide.
func IconLg(name string) templ.Component { return icons.get(name, "i i--lg") }

// IconXl draws an icon 32 px wide.
func IconXl(name string) templ.Component { return icons.get(name, "i i--xl") }

// fixed is markup that never changes, kept ready to be written.
type fixed string

// Render writes the markup.
func (f fixed) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(f))
	return err
}

type iconKey struct{ name, class string }

type iconSet map[iconKey]fixed

var icons = drawIcons("i", "i i--sm", "i i--lg", "i i--xl")

// drawIcons makes every icon once in each class: pages show hundreds.
func drawIcons(classes ...string) iconSet {
	set := iconSet{}
	for name, shape := range iconShapes {
		for _, class := range classes {
			set[iconKey{name, class}] = fixed(`<svg class="` + class + `" viewBox="0 0 24 24" aria-hidden="true">` + shape + `</svg>`)
		}
	}
	return set
}

func (s iconSet) get(name, class string) templ.Component {
	icon, ok := s[iconKey{name, class}]
	if !ok {
		panic("ui: no icon named " + name)
	}
	return icon
}

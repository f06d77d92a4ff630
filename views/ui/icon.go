package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Icon draws one of the icons of iconShapes, 16 px wide. Icons are hidden from
// assistive technology: words or an aria-label stand beside them. A name that
// is not there is a mistake in a template, and panics.
func Icon(name string) templ.Component { return newIcon(name, "i") }

// IconSm draws an icon 14 px wide.
func IconSm(name string) templ.Component { return newIcon(name, "i i--sm") }

// IconLg draws an icon 20 px wide.
func IconLg(name string) templ.Component { return newIcon(name, "i i--lg") }

// IconXl draws an icon 32 px wide.
func IconXl(name string) templ.Component { return newIcon(name, "i i--xl") }

// fixed is markup that never changes, kept ready to be written.
type fixed string

// Render writes the markup.
func (f fixed) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(f))
	return err
}

type icon struct{ class, shape string }

func newIcon(name, class string) templ.Component {
	shape, ok := iconShapes[name]
	if !ok {
		panic("ui: no icon named " + name)
	}
	return icon{class, shape}
}

// Render writes the icon's markup, piece by piece: pages show hundreds.
func (i icon) Render(_ context.Context, w io.Writer) error {
	for _, part := range [...]string{`<svg class="`, i.class, `" viewBox="0 0 24 24" aria-hidden="true">`, i.shape, `</svg>`} {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}

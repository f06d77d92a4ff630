package views

import t "github.com/a-h/templ"

func page(name string) {
	t.EscapeString(name)
	_ = t.SafeURL("/home")

	t.Raw(name)  // want `templ.Raw puts text into the page as it is`
	raw := t.Raw // want `templ.Raw puts text into the page as it is`
	raw(name)
	t.JSUnsafeFuncCall(name) // want `templ.JSUnsafeFuncCall puts text`
	_ = t.SafeURL(name)      // want `templ.SafeURL vouches`
}

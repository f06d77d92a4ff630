package journeytest

import "testing"

// TestJourney_everyPageIsForEverybody opens every page of the example in light
// and dark, on a desk and on the narrowest phone: axe finds nothing, nothing
// scrolls sideways, and the browser has nothing to complain about.
func TestJourney_everyPageIsForEverybody(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	ahead, held := b.roundtable("AI Standards among Allies"), b.roundtable("The Digital Backbone")
	first := func(list, within string) string {
		b.open(list)
		b.see("h1")
		return b.eval(`document.querySelector(` + quote("main a[href^='"+within+"']:not([href$='/new']):not([href$='/import']):not([href*='/export'])") + `).getAttribute("href")`)
	}
	pages := []string{
		"/", "/roundtables", "/roundtables?when=past", "/roundtables/calendar", "/roundtables/new", "/series", first("/series", "/series/"),
		ahead, ahead + "/edit", ahead + "/cancel", ahead + "/team", ahead + "/targets", ahead + "/cohosts", ahead + "/agenda", ahead + "/activity",
		ahead + "/guests", ahead + "/guests/add", ahead + "/guests/invite", ahead + "/mail", first(ahead+"/mail", "/settings/mail/"),
		held, held + "/guests", held + "/capture", held + "/insights", "/insights", "/insights?q=cable", first("/insights", "/insights/"), "/insights/export",
		"/people", "/people?q=li", first("/people", "/people/"), "/people/new", "/people/import", "/organizations", first("/organizations", "/organizations/"),
		"/account", "/account/appearance", "/account/sessions",
		"/settings/institute", "/settings/staff", "/settings/staff/new", "/settings/mail", "/settings/audit", "/settings/example/remove",
	}
	for _, path := range pages {
		b.open(path)
		b.see("h1")
		b.accessible(path)
		b.dark(true)
		b.accessible(path + " in the dark")
		b.dark(false)
	}
	b.quiet()
	b.setUp(options{Width: 320, Height: 640, Phone: true})
	for _, path := range pages {
		b.open(path)
		b.see("h1")
		b.fitsWidth(path)
	}
	b.quiet()
}

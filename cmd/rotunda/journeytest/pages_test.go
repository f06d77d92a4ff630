package journeytest

import "testing"

// heatColors counts the grounds of the matrix's cells that are no gaps; a letter
// of "2" or more is enough, as there are at most six.
const heatColors = `String(new Set([...document.querySelectorAll(".heat td[data-heat]:not([data-gap]) > *")].map(e => getComputedStyle(e).backgroundColor)).size)`

// onPaper names what a printed page should not hold and holds: the rail, tabs,
// buttons, menus and messages.
const onPaper = `[...document.querySelectorAll(".rail, .tabs, .btn, .setnav, .toasts, .banner, .skip")].filter(e => e.checkVisibility()).map(e => e.className).join("; ")`

// longestTag finds, of the insights that the list shows, the one whose page
// holds the longest tag.
const longestTag = `(async () => {
	let longest = 0, path = "none";
	for (const href of new Set([...document.querySelectorAll("main a[href^='/insights/']")].map(a => a.getAttribute("href")))) {
		const page = new DOMParser().parseFromString(await (await fetch(href)).text(), "text/html");
		for (const tag of page.querySelectorAll(".tag--x")) {
			if (tag.textContent.length > longest) [longest, path] = [tag.textContent.length, href];
		}
	}
	return path;
})()`

// printed fails the test where paper would show what only a screen can use.
func (b *person) printed(what string) {
	b.t.Helper()
	b.media("print", "light")
	if left := b.eval(onPaper); left != "" {
		b.t.Errorf("%s prints %s", what, left)
	}
	b.media("", "light")
}

// TestJourney_everyPageIsForEverybody opens every page of the example in light
// and dark, on a desk and on a phone, and looks at it as printed: axe finds
// nothing, nothing scrolls sideways at 320 pixels, paper holds no controls, and
// the browser has nothing to complain about.
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
	b.open("/insights")
	tagged := b.awaits("find the longest tag", longestTag)
	pages := []string{
		"/", "/roundtables", "/roundtables?when=past", "/roundtables/calendar", "/roundtables/new", "/series", first("/series", "/series/"),
		ahead, ahead + "/edit", ahead + "/cancel", ahead + "/team", ahead + "/targets", ahead + "/cohosts", ahead + "/agenda", ahead + "/activity",
		ahead + "/guests", ahead + "/guests/add", ahead + "/guests/invite", ahead + "/mail", first(ahead+"/mail", "/settings/mail/"),
		held, held + "/guests", held + "/capture", held + "/insights", "/insights", "/insights?q=cable", tagged, "/insights/export",
		"/people", "/people?q=li", first("/people", "/people/"), "/people/new", "/people/import", "/organizations", first("/organizations", "/organizations/"),
		"/account", "/account/appearance", "/account/sessions",
		"/public/roundtables", first("/public/roundtables", "/public/roundtables/"), "/public/briefs", first("/public/briefs", "/public/briefs/"),
		"/settings/institute", "/settings/staff", "/settings/staff/new", "/settings/mail", "/settings/audit", "/settings/example/remove",
	}
	b.everywhere(pages)
	b.setUp(desktop)
	b.open("/")
	if steps := b.eval(heatColors); steps < "2" {
		t.Errorf("the matrix on Home shows %s colors for its steps", steps)
	}
	b.quiet()
}

// TestJourney_whatBecomesOfInsightsIsForEverybody does the same with the pages
// on which insights become themes, recommendations and briefs, and with what the
// public reads.
func TestJourney_whatBecomesOfInsightsIsForEverybody(t *testing.T) {
	need(t)
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	first := func(list, within string) string {
		b.open(list)
		b.see("h1")
		return b.eval(`[...document.querySelectorAll(` + quote("main a[href^='"+within+"']") + `)].map(a => a.getAttribute("href")).find(h => !/[?.#]|\/(new|board|archive|merge|export|versions|item)$/.test(h)) || "none"`)
	}
	code, theme, recommendation, brief := first("/codebook", "/codebook/"), first("/themes", "/themes/"), first("/recommendations", "/recommendations/"), first("/briefs", "/briefs/")
	public, room := first("/public/briefs", "/public/briefs/"), first("/public/roundtables", "/public/roundtables/")
	for _, path := range []string{code, theme, recommendation, brief, public, room} {
		if path == "none" {
			t.Fatalf("the example lacks a page: code %s, theme %s, recommendation %s, brief %s, public brief %s, public roundtable %s", code, theme, recommendation, brief, public, room)
		}
	}
	b.everywhere([]string{
		"/codebook", "/codebook/new", "/codebook/versions", code, code + "/edit",
		"/analysis", "/analysis?rows=front&columns=forum&measure=row", "/analysis?rows=pillar&columns=month", "/analysis/unheard?since=all",
		"/themes", "/themes/board", "/themes/new", theme, theme + "/edit", theme + "/insights",
		"/recommendations", "/recommendations/new", recommendation, recommendation + "/edit", recommendation + "/history",
		"/briefs", "/briefs/new", brief, brief + "/edit", "/commitments", "/help", "/help/attribution", "/help/capture",
		"/public/briefs", public, "/public/roundtables", room, "/public/how-we-work",
	})
	b.quiet()
}

// everywhere opens the pages in light and dark, on a desk, on paper and on
// phones.
func (b *person) everywhere(pages []string) {
	b.t.Helper()
	for _, path := range pages {
		b.open(path)
		b.see("h1")
		b.accessible(path)
		b.dark(true)
		b.accessible(path + " in the dark")
		b.dark(false)
	}
	b.quiet()
	for _, path := range pages {
		b.open(path)
		b.printed(path)
	}
	b.setUp(phone)
	for _, path := range pages {
		b.open(path)
		b.dark(true)
		b.accessible(path + " on a phone in the dark")
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

package journeytest

import (
	"os"
	"path/filepath"
	"testing"
)

// TestShots takes the README's pictures from the running program.
func TestShots(t *testing.T) {
	dir := os.Getenv("ROTUNDA_SHOTS")
	if dir == "" {
		t.Skip("pictures are taken with ROTUNDA_SHOTS=folder, as make shots does")
	}
	p := start(t, "demo")
	b := p.sit(desktop)
	b.signIn(p.SignIn)
	ahead := b.roundtable("AI Standards among Allies")
	held := b.roundtable("The Digital Backbone")
	b.open("/recommendations")
	adopted := b.linked("/recommendations/", "Put one cable-repair ship")
	b.open("/briefs")
	public := b.linked("/public/briefs/", "")
	for name, path := range map[string]string{
		"analysis": "/analysis", "recommendation": adopted, "brief": public,
		"home": "/", "overview": ahead, "guests": ahead + "/guests",
		"capture": held + "/capture", "insights": "/insights?q=repair",
	} {
		b.open(path)
		b.see("h1")
		b.picture(filepath.Join(dir, name+".png"))
	}
}

// signIn follows a one-time link and presses its one button.
func (b *person) signIn(link string) {
	b.t.Helper()
	b.open(link)
	b.submit("main form button")
	b.see(".rail")
}

// linked returns the address of the page's first link that begins with the
// address and with the words.
func (b *person) linked(address, words string) string {
	b.t.Helper()
	b.see("h1")
	path := b.eval(`[...document.querySelectorAll("main a[href^='` + address + `']")].find(a => a.textContent.trim().startsWith(` + quote(words) + `))?.getAttribute("href") ?? ""`)
	if path == "" {
		b.t.Fatalf("no link on %s begins with %q", b.at(), words)
	}
	return path
}

// roundtable finds a roundtable by the beginning of its title and returns its
// path.
func (b *person) roundtable(title string) string {
	b.t.Helper()
	for _, list := range []string{"/roundtables", "/roundtables?when=past"} {
		b.open(list)
		b.see("h1")
		path := b.eval(`[...document.querySelectorAll("main a[href^='/roundtables/']")].find(a => a.textContent.trim().startsWith(` + quote(title) + `))?.getAttribute("href") ?? ""`)
		if path != "" {
			return path
		}
	}
	b.t.Fatalf("no roundtable begins with %q", title)
	return ""
}

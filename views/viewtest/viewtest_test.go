package viewtest

import "testing"

func TestProblems_findsWhatIsWrong(t *testing.T) {
	for name, markup := range map[string]string{
		"unclosed":       `<div><p>words</div>`,
		"style":          `<p style="color:red">x</p>`,
		"handler":        `<p onclick="x()">x</p>`,
		"inline script":  `<script>x()</script>`,
		"no label":       `<form method="post"><input name="a"></form>`,
		"two ids":        `<p id="a">x</p><p id="a">y</p>`,
		"lost reference": `<input aria-label="x" aria-describedby="gone">`,
		"nameless":       `<button><svg></svg></button>`,
		"javascript":     `<a href="JavaScript:x()">x</a>`,
		"no h1":          `<!doctype html><html><body><p>x</p></body></html>`,
	} {
		if len(Problems(markup)) == 0 {
			t.Errorf("%s: nothing found in %s", name, markup)
		}
	}
	good := `<!doctype html><html lang="en"><head><title>x</title></head><body><h1>x</h1><form method="post"><label for="a">A</label><input id="a" name="a"><br><button>Go</button></form></body></html>`
	if p := Problems(good); len(p) > 0 {
		t.Error(p)
	}
}

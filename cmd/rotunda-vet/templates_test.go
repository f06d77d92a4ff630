package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func TestTemplates_catchesUnescapedGo(t *testing.T) {
	analysistest.Run(t, fixtures(t, "templates"), templatesAnalyzer, module+"views")
}

// findings keeps what the analyzer says where no Go comment expects it.
type findings []string

func (f *findings) Errorf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func TestTemplates_readsTheTemplatesBesideAPackage(t *testing.T) {
	gopath := t.TempDir()
	dir := filepath.Join(gopath, "src", module, "pages")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"bad.templ": fixture(t, "bad"), "pages.go": "package pages\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var found findings
	analysistest.Run(&found, gopath, templatesAnalyzer, module+"pages")
	if all := strings.Join(found, "\n"); !strings.Contains(all, "bad.templ:5:8: unexpected diagnostic: no dynamic http-equiv") {
		t.Errorf("found %s", all)
	}
}

// fixture is a template of the fixtures: not named .templ there, or the generator would take it for one of ours.
func fixture(t *testing.T, name string) string {
	text, err := os.ReadFile("testdata/templates/pages/" + name + ".templ.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each line of the fixtures says in a comment what must be found on it; on every other line nothing may be.
func TestTemplates_catchesWhatThePolicyRefusesAndTemplLetsThrough(t *testing.T) {
	for _, name := range []string{"bad", "good"} {
		text := fixture(t, name)
		faults, err := templateFaults(text, false)
		if err != nil {
			t.Fatal(err)
		}
		found := map[int]string{}
		for _, f := range faults {
			found[strings.Count(text[:f.offset], "\n")] += f.text + "\n"
		}
		for i, line := range strings.Split(text, "\n") {
			_, want, wanted := strings.Cut(line, "want: ")
			want = strings.TrimSuffix(strings.TrimSuffix(want, " -->"), `"`)
			switch {
			case wanted && !strings.Contains(found[i], want):
				t.Errorf("%s.templ:%d: want %q, found %q", name, i+1, want, found[i])
			case !wanted && found[i] != "":
				t.Errorf("%s.templ:%d: nothing is wrong, found %q", name, i+1, found[i])
			}
		}
		if name == "bad" && len(faults) == 0 {
			t.Error("bad.templ: nothing found")
		}
	}
}

func TestTemplates_mailMayCarryStyles(t *testing.T) {
	const mail = "package mail\n\ntempl Body() {\n\t<style>p { margin: 0 }</style>\n\t<p style=\"margin: 0\">Dear</p>\n}\n"
	faults, err := templateFaults(mail, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) != 0 {
		t.Errorf("found %v", faults)
	}
}

func TestTemplates_noBlockThatBecomesInline(t *testing.T) {
	for want, text := range map[string]string{
		"no css block":    "package views\n\ncss red() {\n\tcolor: red;\n}\n",
		"no script block": "package views\n\nscript shout(name string) {\n\talert(name);\n}\n",
	} {
		faults, err := templateFaults(text, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(faults) != 1 || !strings.HasPrefix(faults[0].text, want) {
			t.Errorf("found %v, want %q", faults, want)
		}
	}
}

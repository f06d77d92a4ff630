package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of the README and the flags of the program name the same variables.
func TestREADME_listsEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../rotunda/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	flags := names(`env:"(ROTUNDA_[A-Z_]+)"`, source.String())
	rows := names("(?m)^\\| `(ROTUNDA_[A-Z_]+)` \\|", string(readme))
	if len(flags) == 0 {
		t.Fatal("the program has no settings: the test looks at nothing")
	}
	if !slices.Equal(flags, rows) {
		t.Errorf("the program knows %v,\nthe README lists %v", flags, rows)
	}
}

// names are the first submatches of a pattern, sorted, each once.
func names(pattern, text string) []string {
	var found []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

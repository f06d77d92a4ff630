package main

import (
	"path/filepath"
	"testing"
)

// fixtures is the folder of one analyzer's fixtures: a GOPATH of its own, with stubs of the libraries that the
// analyzer looks at. A comment `// want` stands where a fault must be found; anywhere else none may be.
func fixtures(t *testing.T, analyzer string) string {
	dir, err := filepath.Abs(filepath.Join("testdata", analyzer))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

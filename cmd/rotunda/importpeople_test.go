package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestImportPeople_hundredThousand(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "tricky", "import", "90_100k_participants.csv.gz")
	if _, err := os.Stat(path); err != nil {
		t.Skip()
	}
	db := newDB(t)
	program(t, "user", "add", "--db", db, "--email", "a@example.org", "--name", "A", "--role", "admin")
	code, out, errs := program(t, "import", "people", path, "--db", db, "--as", "a@example.org")
	t.Log(code, out, errs)
}

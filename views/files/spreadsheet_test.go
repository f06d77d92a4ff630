package files

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestExports_aSpreadsheetRunsNothing opens hostile tables in LibreOffice, where
// that is installed, as goal A25 wants it: CSV with either separator, and XLSX.
func TestExports_aSpreadsheetRunsNothing(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not here")
	}
	if testing.Short() {
		t.Skip("LibreOffice takes its time")
	}
	rows, header := hostileRows(100_000), strings.Split("abcdefghij", "")
	for name, filter := range map[string]string{"comma.csv": "CSV:44,34,76,1", "semicolon.csv": "CSV:59,34,76,1", "book.xlsx": ""} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var file bytes.Buffer
			write := func() error { return WriteCSV(&file, true, header, rowsOf(rows...)) }
			if filter == "" {
				write = func() error { return WriteXLSX(&file, "x", header, rowsOf(rows...)) }
			}
			path := filepath.Join(dir, name)
			if err := errors.Join(write(), os.WriteFile(path, file.Bytes(), 0o600)); err != nil {
				t.Fatal(err)
			}
			args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "fods", "--outdir", dir}
			if filter != "" {
				args = append(args, "--infilter="+filter)
			}
			if out, err := exec.CommandContext(t.Context(), office, append(args, path)...).CombinedOutput(); err != nil { //nolint:gosec // a program on the path
				t.Fatalf("%v: %s", err, out)
			}
			sheet, err := os.ReadFile(strings.TrimSuffix(path, filepath.Ext(path)) + ".fods")
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(sheet, []byte("<table:table-row")); n < len(rows) {
				t.Errorf("%d rows of %d were read", n, len(rows))
			}
			for _, ran := range []string{"table:formula", "xlink:href", "<table:dde-link"} {
				if n := bytes.Count(sheet, []byte(ran)); n > 0 {
					at := bytes.Index(sheet, []byte(ran))
					t.Errorf("%d times %s, first: %s", n, ran, sheet[max(0, at-100):min(len(sheet), at+200)])
				}
			}
		})
	}
}

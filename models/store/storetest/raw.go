package storetest

import (
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the SQLite driver for looking into files
)

// RawDB opens a database beside the store, for tests that build or look at
// rows without it.
func RawDB(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver, address := "pgx", dsn
	if !Postgres() {
		driver, address = "sqlite3", "file:"+(&url.URL{Path: dsn}).EscapedPath()+"?_busy_timeout=5000&_synchronous=OFF"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Rebind writes "?" placeholders as the database of the tests wants them.
func Rebind(q string) string {
	if !Postgres() {
		return q
	}
	var b strings.Builder
	n := 0
	for _, r := range q {
		if r == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Tables lists the tables that hold what people gave or did: all but sessions,
// counted attempts, the audit log and what belongs to the database itself.
func Tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	q := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\' ORDER BY name"
	if Postgres() {
		q = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
	}
	rows, err := db.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		switch name {
		case "sessions", "attempts", "audit", "goose_db_version":
			continue
		}
		out = append(out, name)
	}
	return out
}

// Contents writes every row of every table, for comparing before and after.
func Contents(t testing.TB, db *sql.DB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, table := range Tables(t, db) {
		out[table] = contentsOf(t, db, table)
	}
	return out
}

func contentsOf(t testing.TB, db *sql.DB, table string) []byte {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%q", fmt.Sprint(cells...)))
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "\n"))
}

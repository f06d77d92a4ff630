package store_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views/files"
)

// fileOf writes an export and returns it.
func fileOf(t *testing.T, st *store.Store, v models.Viewer, in models.ExportInput) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := files.WriteInsights(t.Context(), st, v, in, &b); err != nil {
		t.Fatalf("%s for %s: %v", in.Format, in.Audience.Key(), err)
	}
	return b.Bytes()
}

// unpacked returns the words of a file: the parts of a zip, or the file itself.
func unpacked(t *testing.T, raw []byte) string {
	t.Helper()
	if !bytes.HasPrefix(raw, []byte("PK")) {
		return string(raw)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	slices.SortFunc(z.File, func(x, y *zip.File) int { return strings.Compare(x.Name, y.Name) })
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(f.Name + "\n" + string(part) + "\n")
	}
	return b.String()
}

func TestWriteInsights_everyFormatHoldsTheRowsOfTheCSVAndNoOther(t *testing.T) {
	w := newReadWorld(t, 160)
	w.exec("UPDATE people SET full_name = 'Zqfile name', position = 'Zqtitle', organisation = 'Zqhouse'")
	for _, a := range allAudiences {
		rows, err := exported(t, w.st, w.lead, store.ExportInput{Audience: a})
		if err != nil || len(rows) == 0 {
			t.Fatal(len(rows), err)
		}
		here := map[string]bool{}
		for _, row := range rows {
			here[row["text"]] = true
		}
		named := slices.ContainsFunc(rows, func(r map[string]string) bool { return strings.Contains(r["attribution"], "Zqfile") })
		for _, format := range models.ExportFormats[1:] {
			in := models.ExportInput{Audience: a, Format: format}
			raw := fileOf(t, w.st, w.lead, in)
			text := unpacked(t, raw)
			for _, i := range w.everything(t, w.lead) {
				words := i.Text()
				if found := regexp.MustCompile(regexp.QuoteMeta(words) + `\b`).MatchString(text); found != here[words] {
					t.Errorf("%s for %s: “%s” is in the file: %t", format, a.Key(), words, !here[words])
				}
			}
			if a != models.Team && !named && strings.Contains(text, "Zq") {
				t.Errorf("%s for %s names a speaker", format, a.Key())
			}
			switch format {
			case models.FormatXLSX:
				checkWorkbook(t, raw, rows, a)
			case models.FormatJSON:
				checkJSON(t, raw, rows, a)
			case models.FormatHTML:
				checkPage(t, raw, len(rows))
			}
		}
	}
}

func checkWorkbook(t *testing.T, raw []byte, rows []map[string]string, a models.Audience) {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got, err := book.GetRows("Insights")
	if err != nil || len(got) != len(rows)+1 || !slices.Equal(got[0], models.ExportColumns(a)) {
		t.Fatalf("%s: %d lines of %d, %v", a.Key(), len(got), len(rows)+1, err)
	}
	for n, row := range rows {
		if got[n+1][0] != row["insight_id"] || got[n+1][6] != row["text"] {
			t.Fatalf("%s: line %d is %v", a.Key(), n+2, got[n+1])
		}
		if kind, err := book.GetCellType("Insights", "D2"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
			t.Fatalf("the day is no date but %v, %v", kind, err)
		}
	}
	codes, err := book.GetRows("Codebook")
	if err != nil || len(codes) < 6 || slices.Contains(codes[0], "definition") != (a == models.Team || a == models.Staff) {
		t.Errorf("%s: the codebook is %v, %v", a.Key(), codes, err)
	}
	if panes, err := book.GetPanes("Insights"); err != nil || !panes.Freeze {
		t.Errorf("the header is not frozen: %v", err)
	}
}

func checkJSON(t *testing.T, raw []byte, rows []map[string]string, a models.Audience) {
	t.Helper()
	var file struct {
		Format, Audience string
		Insights         []map[string]any
		Codes            []models.FileCode
		Roundtables      []models.FileRoom
	}
	if err := json.Unmarshal(raw, &file); err != nil || file.Format != models.InsightFileFormat || file.Audience != a.Key() || len(file.Insights) != len(rows) {
		t.Fatalf("%s: %d insights, %v", a.Key(), len(file.Insights), err)
	}
	for n, i := range file.Insights {
		if _, team := i["team"]; team != (a == models.Team) || i["id"] != rows[n]["insight_id"] || i["attribution"] != rows[n]["attribution"] {
			t.Fatalf("%s: insight %d is %v", a.Key(), n, i)
		}
	}
	for _, r := range file.Roundtables {
		if (r.Team != nil) != (a == models.Team) {
			t.Errorf("%s: a roundtable is told as %+v", a.Key(), r)
		}
	}
}

func checkPage(t *testing.T, raw []byte, rows int) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find("blockquote").Length(); n != rows {
		t.Errorf("the page has %d insights of %d", n, rows)
	}
	if doc.Find("script, link, img").Length() != 0 || doc.Find("h2").Length() < 2 {
		t.Error("the page loads something, or has no headings")
	}
}

func TestWriteInsights_aFilterIsAskedOfTheRowAsDisclosed(t *testing.T) {
	w := newReadWorld(t, 200)
	for _, a := range allAudiences {
		for _, f := range []models.InsightFilter{
			{Text: "quantum"}, models.InsightFilter{}.With(models.FacetPillar, "S"), {Since: "2026-05"},
			models.InsightFilter{}.With(models.FacetLabel, models.Label(models.Industry).Key()), models.InsightFilter{}.With(models.FacetRoundtable, w.rooms[1].String()),
		} {
			want := 0
			if _, err := w.st.ExportEach(t.Context(), w.lead, models.ExportInput{Audience: a}, func(i models.Insight) error {
				if f.Matches(i) {
					want++
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			got, err := exported(t, w.st, w.lead, store.ExportInput{Audience: a, Filter: f})
			plan, planErr := w.st.PlanExport(t.Context(), w.lead, store.ExportInput{Audience: a, Filter: f})
			if err != nil || planErr != nil || len(got) != want || plan.Total != want {
				t.Errorf("%s, %v: %d rows, %d foretold, %d match (%v, %v)", a.Key(), f.Values(), len(got), plan.Total, want, err, planErr)
			}
		}
	}
}

func TestWriteInsights_formulasStayWordsAndControlsGo(t *testing.T) {
	w := newReadWorld(t, 0)
	w.capture(`=HYPERLINK("http://example.org","x") @s1`)
	w.exec("UPDATE insights SET text = ?", "=1+1\x01\x0b <b>bold</b>")
	for _, format := range models.ExportFormats[1:] {
		raw := fileOf(t, w.st, w.lead, models.ExportInput{Audience: models.Team, Format: format})
		if text := unpacked(t, raw); strings.ContainsAny(text, "\x01\x0b") || format != models.FormatJSON && strings.Contains(text, "<b>bold") {
			t.Errorf("%s holds control characters or tags", format)
		}
		if format != models.FormatXLSX {
			continue
		}
		book, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		formula, _ := book.GetCellFormula("Insights", "G2")
		if kind, err := book.GetCellType("Insights", "G2"); formula != "" || err != nil || kind != excelize.CellTypeInlineString {
			t.Errorf("the cell is of type %v with formula %q, %v", kind, formula, err)
		}
	}
}

func TestWriteInsights_inTwoWorldsEveryFileIsTheSame(t *testing.T) {
	compared := 0
	for seed := range uint64(8) {
		plan := storetest.DrawWorld(7_000 + seed)
		for _, a := range models.OuterAudiences {
			pairs := plan.Pairs(a)
			if len(pairs) == 0 {
				continue
			}
			worlds := [2]*storetest.World{plan.Build(t, [2]int{}), plan.Build(t, pairs[0])}
			for _, format := range models.ExportFormats {
				for _, by := range models.GroupingsFor(a) {
					var got [2]string
					for n, w := range worlds {
						got[n] = unpacked(t, fileOf(t, w.Store, w.Lead, models.ExportInput{Audience: a, Format: format, Grouping: by}))
					}
					if compared++; got[0] != got[1] {
						t.Errorf("world %d: %s for %s by %s differs", plan.Seed, format, a.Key(), by)
					}
				}
			}
		}
	}
	if compared < 40 {
		t.Errorf("only %d files were compared", compared)
	}
}

func TestExportThemes_aPrivateRoomTakesItsThemesAlong(t *testing.T) {
	w := newReadWorld(t, 120)
	seqOf := func(room models.ID) (seq int64) {
		var seqs []int64
		if err := w.st.Rows(t.Context(), &seqs, "SELECT seq FROM insights WHERE roundtable_id = ? AND state = 2 AND regime < 4 ORDER BY seq", room); err != nil || len(seqs) == 0 {
			t.Fatal(seqs, err)
		}
		return seqs[0]
	}
	for n, room := range []models.ID{w.rooms[0], w.rooms[2]} { // public, private
		w.exec("INSERT INTO themes (id, statement, position, created_ms, updated_ms) VALUES (?, ?, ?, 1, 1)", n+1, []string{"An open theme", "Zqsecrettheme"}[n], n)
		w.exec("INSERT INTO theme_insights (theme_id, insight_seq, added_ms) VALUES (?, ?, 1)", n+1, seqOf(room))
	}
	for _, format := range []models.ExportFormat{models.FormatDOCX, models.FormatHTML} {
		in := models.ExportInput{Audience: models.Staff, Format: format, Grouping: models.ByTheme}
		for _, v := range []models.Viewer{w.lead, w.other} {
			text := unpacked(t, fileOf(t, w.st, v, in))
			if strings.Contains(text, "Zqsecret") || !strings.Contains(text, "An open theme") || !strings.Contains(text, "In no theme") {
				t.Errorf("the staff's %s tells of a private room's theme, or not of the other", format)
			}
		}
		in.Audience = models.Public
		if _, err := files.WriteInsights(t.Context(), w.st, w.lead, in, io.Discard); err == nil {
			t.Errorf("a %s for the public is put under themes", format)
		}
	}
}

package files

import (
	"context"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"rotunda/models"
)

// writeInsightsXLSX writes a workbook: the insights, typed, and the codes that
// they carry.
func writeInsightsXLSX(ctx context.Context, src InsightSource, v models.Viewer, in models.ExportInput, w io.Writer) (int, error) {
	book, err := newWorkbook("Insights")
	if err != nil {
		return 0, err
	}
	defer book.Close()
	day, err := book.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		return 0, err
	}
	format := "yyyy-mm-dd hh:mm:ss"
	moment, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return 0, err
	}
	sheet, err := newSheet(book, "Insights", models.ExportColumns(in.Audience))
	if err != nil {
		return 0, err
	}
	used := usedCodes{}
	n, err := src.ExportEach(ctx, v, in, func(i models.Insight) error {
		used.add(i)
		return sheet.row(insightCells(i, in.Audience, day, moment)...)
	})
	if err != nil {
		return 0, err
	}
	if err := sheet.finish(); err != nil {
		return 0, err
	}
	codes, err := src.Codebook(ctx, v)
	if err != nil {
		return 0, err
	}
	if err := codebookSheet(book, used.entries(codes, in.Audience), in.Audience); err != nil {
		return 0, err
	}
	return n, writeWorkbook(book, w)
}

// insightCells are the cells of an insight under models.ExportColumns: days and
// times are numbers that a spreadsheet can reckon with, all else is text.
func insightCells(i models.Insight, a models.Audience, day, moment int) []any {
	primary := ""
	if p := i.PrimaryPillar(); p != models.PillarNone {
		primary = p.Name()
	}
	var held any = i.HeldOn()
	if t, err := time.Parse(time.DateOnly, i.HeldOn()); err == nil {
		held = excelize.Cell{StyleID: day, Value: t}
	}
	out := []any{
		i.ID().String(), i.RoundtableID().String(), i.Roundtable(), held, i.Item(), i.Kind().Key(), i.Text(), primary, pillarList(i.PillarMask()),
		codeNames(i.Actions()), codeNames(i.Fronts()), codeNames(i.Forums()), codeNames(i.Tags()), i.Regime().Name(), i.Attribution(), i.State().Key(),
	}
	if a != models.Team {
		return out
	}
	_, rapporteur := i.Rapporteur()
	var captured any
	if at := i.CapturedAt(); !at.IsZero() {
		// A sheet knows no zones: the time is the roundtable's, as its clock showed it.
		local := at.In(zoneOf(i.Zone()))
		captured = excelize.Cell{StyleID: moment, Value: time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)}
	}
	return append(out, i.SpeakerName(), i.SpeakerTitle(), i.SpeakerOrganisation(), sectorName(i.SpeakerSector()), rapporteur, captured)
}

func codeNames(codes []models.CodeRef) string {
	out := ""
	for n, c := range codes {
		if n > 0 {
			out += "; "
		}
		out += c.Name
	}
	return out
}

// codebookSheet writes the codes. Staff read what each means.
func codebookSheet(book *excelize.File, codes []models.CodeEntry, a models.Audience) error {
	columns := []string{"kind", "key", "name", "pillar"}
	staff := a == models.Team || a == models.Staff
	if staff {
		columns = append(columns, "definition", "use_when", "do_not_use_when", "example")
	}
	if _, err := book.NewSheet("Codebook"); err != nil {
		return err
	}
	sheet, err := newSheet(book, "Codebook", columns)
	if err != nil {
		return err
	}
	for _, c := range codes {
		pillar := ""
		if c.Pillar != models.PillarNone {
			pillar = c.Pillar.Name()
		}
		cells := []any{c.Kind.Key(), c.Key, c.Name, pillar}
		if staff {
			cells = append(cells, c.Definition, c.UseWhen, c.DoNotUseWhen, c.Example)
		}
		if err := sheet.row(cells...); err != nil {
			return err
		}
	}
	return sheet.finish()
}

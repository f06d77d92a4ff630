package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"rotunda/models"
)

// InsightSource is where the insights of a file come from: the store. It
// discloses, filters and refuses; this package only writes down.
type InsightSource interface {
	// ExportInsights writes what encode makes of each insight, side by side.
	ExportInsights(ctx context.Context, v models.Viewer, in models.ExportInput, encode func([]byte, models.Insight) []byte, w io.Writer) (int, error)
	// ExportEach hands out the same insights one by one.
	ExportEach(ctx context.Context, v models.Viewer, in models.ExportInput, take func(models.Insight) error) (int, error)
	ExportedRooms(ctx context.Context, v models.Viewer, ids []models.ID) ([]models.ExportedRoom, error)
	ExportThemes(ctx context.Context, v models.Viewer, a models.Audience) ([]models.ExportedTheme, error)
	Codebook(ctx context.Context, v models.Viewer) (models.Codebook, error)
	Now() models.Instant
}

// ErrTooManyForDocument is returned for more insights than a document holds.
var ErrTooManyForDocument = models.Invalid("", "A document holds at most 5,000 insights. Narrow the set down, or choose CSV, Excel or JSON, which hold all of them.")

// WriteInsights writes a file of insights in the format that in names, and
// returns how many it holds. It is the one way out for all formats, on the web
// and on the command line. Errors are those of the source, *models.InvalidError
// for an input that no file can be, and ErrTooManyForDocument.
func WriteInsights(ctx context.Context, src InsightSource, v models.Viewer, in models.ExportInput, w io.Writer) (int, error) {
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	switch in.Format {
	case models.FormatXLSX:
		return writeInsightsXLSX(ctx, src, v, in, w)
	case models.FormatJSON:
		return writeInsightsJSON(ctx, src, v, in, w)
	case models.FormatDOCX, models.FormatHTML:
		return writeInsightsDocument(ctx, src, v, in, w)
	}
	head := NewCSV(w, in.BOM)
	if err := errors.Join(head.Row(models.ExportColumns(in.Audience)...), head.Flush()); err != nil {
		return 0, err
	}
	return src.ExportInsights(ctx, v, in, InsightRow(in.Audience), w)
}

// MediaType returns the media type of a file in the format.
func MediaType(f models.ExportFormat) string {
	switch f {
	case models.FormatXLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case models.FormatJSON:
		return "application/json"
	case models.FormatDOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case models.FormatHTML:
		return "text/html; charset=utf-8"
	}
	return "text/csv; charset=utf-8; header=present"
}

// usedCodes gathers the codes that the insights of a file carry: a file tells
// of no other.
type usedCodes map[models.ID]bool

func (u usedCodes) add(i models.Insight) {
	for _, list := range [][]models.CodeRef{i.Actions(), i.Fronts(), i.Forums(), i.Tags()} {
		for _, c := range list {
			u[c.ID] = true
		}
	}
}

// entries returns the codes of the book that were used, and all pillars. What
// definitions and examples say is the staff's: others get the names.
func (u usedCodes) entries(book models.Codebook, a models.Audience) []models.CodeEntry {
	var out []models.CodeEntry
	for _, e := range book {
		if e.Kind != models.CodePillar && !u[e.ID] {
			continue
		}
		if a != models.Team && a != models.Staff {
			e.Code = models.Code{Kind: e.Kind, Key: e.Key, Name: e.Name, Pillar: e.Pillar}
		}
		out = append(out, e)
	}
	return out
}

// writeInsightsDocument writes insights for reading, under headings.
func writeInsightsDocument(ctx context.Context, src InsightSource, v models.Viewer, in models.ExportInput, w io.Writer) (int, error) {
	var themes []models.ExportedTheme
	var err error
	if in.Grouping == models.ByTheme {
		if themes, err = src.ExportThemes(ctx, v, in.Audience); err != nil {
			return 0, err
		}
	}
	var all []models.Insight
	n, err := src.ExportEach(ctx, v, in, func(i models.Insight) error {
		if len(all) == models.MostInDocument {
			return ErrTooManyForDocument
		}
		all = append(all, i)
		return nil
	})
	if err != nil {
		return 0, err
	}
	d := insightDocument(all, in, themes)
	if in.Format == models.FormatHTML {
		return n, writeHTML(w, d)
	}
	return n, writeDOCX(w, d)
}

func insightDocument(all []models.Insight, in models.ExportInput, themes []models.ExportedTheme) document {
	d := document{
		title:  "Insights by " + map[models.Grouping]string{models.ByPillar: "pillar", models.ByTheme: "theme", models.ByItem: "agenda item"}[in.Grouping],
		byline: map[bool]string{true: "1 insight", false: fmt.Sprintf("%s insights", models.Thousands(len(all)))}[len(all) == 1] + " · for: " + in.Audience.Name(),
	}
	d.blocks = append(d.blocks, note(models.ExportSentence(in.Audience)), note("What was said off the record is left out of every file."))
	switch in.Grouping {
	case models.ByTheme:
		d.blocks = append(d.blocks, byTheme(all, themes)...)
	case models.ByItem:
		d.blocks = append(d.blocks, byItem(all)...)
	default:
		d.blocks = append(d.blocks, byPillar(all)...)
	}
	return d
}

func byPillar(all []models.Insight) []block {
	groups := map[models.Pillar][]models.Insight{}
	for _, i := range all {
		groups[i.PrimaryPillar()] = append(groups[i.PrimaryPillar()], i)
	}
	var out []block
	for _, p := range append(append([]models.Pillar{}, models.Pillars...), models.PillarNone) {
		name := p.Name()
		if p == models.PillarNone {
			name = "Without a pillar"
		}
		out = append(out, group(1, name, groups[p], true)...)
	}
	return out
}

// byTheme puts each insight under every theme that it is linked to.
func byTheme(all []models.Insight, themes []models.ExportedTheme) []block {
	known := make(map[models.ID]models.Insight, len(all))
	for _, i := range all {
		known[i.ID()] = i
	}
	placed := map[models.ID]bool{}
	var out []block
	for _, t := range themes {
		var under []models.Insight
		for _, id := range t.Insights {
			if i, ok := known[id]; ok {
				under, placed[id] = append(under, i), true
			}
		}
		out = append(out, group(1, t.Statement, under, true)...)
	}
	var rest []models.Insight
	for _, i := range all {
		if !placed[i.ID()] {
			rest = append(rest, i)
		}
	}
	return append(out, group(1, "In no theme", rest, true)...)
}

// byItem follows the agendas: each roundtable, and in it each item that the
// reader may know.
func byItem(all []models.Insight) []block {
	type place struct{ room, item models.ID }
	var rooms []models.ID
	items := map[models.ID][]models.ID{}
	groups := map[place][]models.Insight{}
	for _, i := range all {
		at := place{i.RoundtableID(), i.ItemID()}
		if items[at.room] == nil {
			rooms = append(rooms, at.room)
		}
		if groups[at] == nil {
			items[at.room] = append(items[at.room], at.item)
		}
		groups[at] = append(groups[at], i)
	}
	var out []block
	for _, room := range rooms {
		first := groups[place{room, items[room][0]}][0]
		out = append(out, head(1, titleAndDay(first)))
		for _, item := range items[room] {
			under := groups[place{room, item}]
			name := under[0].Item()
			if name == "" {
				if name = "Without an agenda item"; len(items[room]) == 1 {
					name = "All of the meeting"
				}
			}
			out = append(out, group(2, name, under, false)...)
		}
	}
	return out
}

func titleAndDay(i models.Insight) string {
	if i.HeldOn() == "" {
		return i.Roundtable()
	}
	return i.Roundtable() + ", " + longDate(i.HeldOn())
}

// group sets insights under a heading; where, says whether each names its
// roundtable.
func group(level int, name string, insights []models.Insight, where bool) []block {
	if len(insights) == 0 {
		return nil
	}
	out := []block{head(level, fmt.Sprintf("%s (%s)", name, models.Thousands(len(insights))))}
	for _, i := range insights {
		room := ""
		if where {
			room = titleAndDay(i)
		}
		out = append(out, quoted(i.Text(), i.Attribution(), i.Kind().Name(), i.Regime().Name(), room)...)
	}
	return out
}

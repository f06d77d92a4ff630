package ui_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/viewtest"
)

// words is a component that writes text, to stand for children.
func words(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// around renders a component with children.
func around(c templ.Component, children templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, children), w)
	})
}

// gallery renders every component of the kit with s wherever text goes.
func gallery(s string) map[string]templ.Component {
	f := ui.Field{Name: "guests[0].title", Label: s, Note: s, Value: s, Hint: s, Error: s, Placeholder: s, MaxLength: 100}
	options := []ui.Option{{Value: s, Label: s, Hint: s, Group: "A"}, {Value: "b", Label: "B", Group: "B"}, {Value: "c", Label: "C"}}
	rules := []ui.Option{{Value: "chatham", Hint: s}, {Value: s, Hint: s}}
	in := words(s)
	return map[string]templ.Component{
		"Button":        ui.Button("primary", "send", "Send 10 reminders"+s),
		"ButtonSm":      ui.ButtonSm("", "", "Seat"+s),
		"LinkButton":    ui.LinkButton("quiet", "plus", "Add"+s, s),
		"LinkButtonSm":  ui.LinkButtonSm("danger", "trash-2", "Delete"+s, s),
		"PostButton":    ui.PostButton("", "", "Go"+s, s),
		"Segment":       ui.Segment(s, []ui.SegmentItem{{Label: "All" + s, Href: s, Current: true}, {Label: "None", Href: "/x"}}),
		"FilterChip":    ui.FilterChip(s, s),
		"SearchField":   ui.SearchField("q", s, s),
		"Tabs":          ui.Tabs(s, []ui.TabItem{{Label: "Guests" + s, Href: s, Count: s, Current: true}}),
		"Crumbs":        ui.Crumbs([]ui.Crumb{{Label: "Home" + s, Href: s}, {Label: s}}),
		"Pager":         ui.Pager(s, s, s),
		"StartPager":    ui.StartPager(s, s, s),
		"PageHead":      around(ui.PageHead(s, s), in),
		"Section":       around(ui.Section("replies", s, s, "More"+s, s), in),
		"TextField":     ui.TextField(f),
		"DateField":     ui.DateField(ui.Field{Name: "day", Label: "Day", Value: s, Min: s, Max: s}),
		"TimeField":     ui.TimeField(ui.Field{Name: "time", Label: "Time", Value: s}),
		"PasswordField": ui.PasswordField(f),
		"TextArea":      ui.TextArea(f),
		"SelectField":   ui.SelectField(f, options),
		"SelectOptions": ui.SelectOptions(options, s),
		"ZoneField":     ui.ZoneField(f),
		"ZoneList":      ui.ZoneList([]string{s, "Europe/Paris"}),
		"FileField":     ui.FileField(f, ".csv"),
		"Checkbox":      ui.Checkbox(f, true),
		"Checkboxes":    ui.Checkboxes(f, options, []string{s}),
		"Choices":       ui.Choices(f, options),
		"RegimeChoices": ui.RegimeChoices(f, rules),
		"PillarPicker":  ui.PillarPicker(f, 5),
		"ErrorSummary":  ui.ErrorSummary(map[string]string{"": s, "title": s}, "title"),
		"PillarName":    ui.PillarName(models.Economics),
		"SectorName":    ui.SectorName(models.CivilSociety),
		"Status":        ui.Status(s, s),
		"Stage":         ui.Stage(s, s),
		"Tag":           ui.Tag(s),
		"TagRemovable":  ui.TagRemovable(s, s, s),
		"Forum":         ui.Forum(s),
		"Front":         ui.Front(s),
		"Kind":          ui.Kind(models.Dissent),
		"Avatar":        ui.Avatar(ui.Initials(s), s, ui.Tint(s)),
		"AvatarSm":      ui.AvatarSm(ui.Initials(s), s, ui.Tint(s)),
		"SeatDots":      ui.SeatDots(models.Congress, 2, 3, 4),
		"Table":         around(ui.Table(s, "table--dense"), fixedRow{}),
		"SortHead":      ui.SortHead(s, s, "ascending"),
		"PickAll":       ui.PickAll(),
		"Pick":          ui.Pick("id", s, s),
		"BulkBar":       around(ui.BulkBar(), in),
		"HeatTable":     ui.HeatTable(heat(s)),
		"HeatTableCell": ui.HeatTableCell(ui.HeatCell{Value: s, Href: s, Label: s, Gap: s}),
		"HeatKey":       ui.HeatKey(),
		"GapList":       ui.GapList([]ui.Gap{{Letter: "a", Text: s, Note: s, Action: "Invite" + s, Href: s}}),
		"Note":          around(ui.Note(s), in),
		"Banner":        around(ui.Banner("wifi-off"), in),
		"Empty":         around(ui.Empty("users", s, s), in),
		"Dialog":        around(ui.Dialog("export", s), in),
		"Menu":          around(ui.Menu("more", "download", s), in),
		"RowMenu":       around(ui.RowMenu("row-1", s), in),
		"Explain":       around(ui.Explain("why", "Why"+s), in),
		"Facts":         ui.Facts([]ui.Fact{{Term: s, Value: s}, {Term: s, Body: in}}),
		"Ledger":        ui.Ledger([]ui.LedgerItem{{Count: s, Title: "Chase" + s, Href: s, Text: s, Due: s, Late: true, Action: "Remind" + s, ActionHref: s, ActionPosts: true}, {Title: "x", Action: "Open", ActionHref: s}}),
		"Milestones":    ui.Milestones(s, []ui.Milestone{{Label: s, Note: s, Done: true}, {Label: s, Current: true}}),
		"Steps":         ui.Steps([]ui.Step{{Label: s, Done: true}, {Label: s, Current: true}}),
		"Log":           ui.Log([]ui.LogLine{{DateTime: s, When: s, Text: s}, {When: s, Body: in}}),
		"Todo":          ui.Todo([]ui.TodoItem{{Label: "Add" + s, Note: s, Href: s}, {Label: s, Done: true}}),
		"Funnel":        ui.Funnel([]ui.FunnelStep{{Label: s, Value: s, Small: s, Note: s, N: 3, Of: 4}}),
		"Bar":           ui.Bar(3, 0, "f-accent", s),
		"SectorBar":     ui.SectorBar("CG", s, 9, 4),
		"Time":          ui.Time(s, s),
		"TwoTimes":      ui.TwoTimes(s, s, s),
		"Key":           ui.Key(s),
		"PillarTiles":   ui.PillarTiles(31),
		"PillarTile":    ui.PillarTile(models.Security),
		"PillarTileLg":  ui.PillarTileLg(models.Technology),
		"PillarTileXl":  ui.PillarTileXl(models.Alliances),
		"SectorMark":    ui.SectorMark(models.SectorNone),
		"SectorMarkSm":  ui.SectorMarkSm(models.Industry),
		"RuleBadge":     ui.RuleBadge(models.DeepBackground),
		"RuleBadgeLg":   ui.RuleBadgeLg(models.OffTheRecord),
		"RuleBadgeBare": ui.RuleBadgeBare(models.OnTheRecord),
		"Icon":          ui.Icon("house"),
		"IconSm":        ui.IconSm("x"),
		"IconLg":        ui.IconLg("menu"),
		"IconXl":        ui.IconXl("quote"),
	}
}

// fixedRow is a table's body.
type fixedRow struct{}

func (fixedRow) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, `<tbody><tr><td>1</td></tr></tbody>`)
	return err
}

func heat(s string) ui.Heat {
	h := ui.Heat{Caption: s, Sectors: models.Sectors, Tall: true}
	for i, p := range models.Pillars {
		row := ui.HeatRow{Pillar: p, Total: "12"}
		for j := range models.Sectors {
			row.Cells = append(row.Cells, ui.HeatCell{Value: "12", Label: s + "x", Step: ui.HeatStep(i * j * 3)})
		}
		row.Cells[0] = ui.HeatCell{Value: "3", Href: s, Label: "Congress: 3" + s, Gap: "a", Selected: true}
		h.Rows = append(h.Rows, row)
	}
	h.Totals = []string{"1", "2", "3", "4", "5", "6", "7", "28"}
	return h
}

func TestKit_everyComponentIsSoundWhateverIsTyped(t *testing.T) {
	for _, s := range append([]string{"Marisol Echeverry"}, viewtest.Hostile...) {
		for name, c := range gallery(s) {
			t.Run(name, func(t *testing.T) { viewtest.Render(t, inPlace(name, c)) })
		}
	}
}

// inPlace puts what only stands in a table or a select into one.
func inPlace(name string, c templ.Component) templ.Component {
	before, after := "", ""
	switch name {
	case "SelectOptions":
		before, after = `<select aria-label="Sector">`, "</select>"
	case "SortHead":
		before, after = "<table><thead><tr>", "</tr></thead></table>"
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, before)
		err := c.Render(ctx, w)
		_, _ = io.WriteString(w, after)
		return err
	})
}

func TestKit_everyExportedComponentIsInTheGallery(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates found", err)
	}
	shown := gallery("x")
	exported := regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(`)
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range exported.FindAllStringSubmatch(string(source), -1) {
			if shown[m[1]] == nil {
				t.Errorf("%s: %s is not in the gallery", f, m[1])
			}
		}
	}
}

// Icon names are strings: each one that a template writes must exist.
func TestIcon_everyNameUsedExists(t *testing.T) {
	call := regexp.MustCompile(`Icon(?:Sm|Lg|Xl)?\("([^"]*)"\)`)
	files, _ := filepath.Glob("../*.templ")
	own, _ := filepath.Glob("*.templ")
	for _, f := range append(files, own...) {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(source), -1) {
			func() {
				defer func() {
					if recover() != nil {
						t.Errorf("%s: no icon named %s", f, m[1])
					}
				}()
				ui.Icon(m[1])
			}()
		}
	}
}

func TestPillarTiles_standInTheOrderOfSTEAD(t *testing.T) {
	got := viewtest.Render(t, ui.PillarTiles(models.Diplomacy.Mask()|models.Security.Mask()|models.Economics.Mask()))
	if !strings.Contains(got, `aria-label="Pillars: Security, Economics, Diplomacy"`) {
		t.Error(got)
	}
	letters := regexp.MustCompile(`>([STEAD])<`).FindAllStringSubmatch(got, -1)
	if len(letters) != 3 || letters[0][1] != "S" || letters[1][1] != "E" || letters[2][1] != "D" {
		t.Error(letters)
	}
	for _, mask := range []int{0, -1, 32, 1 << 20} {
		if got := viewtest.Render(t, ui.PillarTiles(mask)); got != "" {
			t.Errorf("mask %d: %s", mask, got)
		}
	}
}

func TestRuleBadge_whatCannotBeReadIsShownAsOffTheRecord(t *testing.T) {
	if got := viewtest.Render(t, ui.RuleBadge(models.Regime(99))); !strings.Contains(got, `data-rule="off"`) {
		t.Error(got)
	}
	for _, r := range models.Regimes {
		if got := viewtest.Render(t, ui.RuleBadge(r)); strings.Count(got, "<i>") != 5 || !strings.Contains(got, r.Name()) {
			t.Errorf("%v: %s", r, got)
		}
	}
}

func TestErrorSummary_followsTheOrderOfTheForm(t *testing.T) {
	got := viewtest.Render(t, ui.ErrorSummary(map[string]string{"seats": "3", "title": "1", "": "0", "extra": "4", "start": "2"}, "title", "start", "seats"))
	if m := regexp.MustCompile(`>\s*([0-4])\s*<`).FindAllStringSubmatch(got, -1); len(m) != 5 {
		t.Fatal(got)
	} else {
		for i := range m {
			if m[i][1] != string(rune('0'+i)) {
				t.Errorf("place %d holds %s", i, m[i][1])
			}
		}
	}
	if !strings.Contains(got, `href="#f-title"`) || !strings.Contains(got, "5 things need mending") {
		t.Error(got)
	}
	if got := viewtest.Render(t, ui.ErrorSummary(nil)); got != "" {
		t.Error(got)
	}
}

func TestTextField_tiesHintAndErrorToTheControl(t *testing.T) {
	got := viewtest.Render(t, ui.TextField(ui.Field{Name: "seats", Label: "Seats", Hint: "4 to 60", Error: "Seats must be a number from 4 to 60.", Value: "twenty"}))
	for _, want := range []string{`for="f-seats"`, `aria-describedby="f-seats-h f-seats-e"`, `aria-invalid="true"`, `value="twenty"`, "data-invalid"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestPasswordField_neverCarriesTheValue(t *testing.T) {
	if got := viewtest.Render(t, ui.PasswordField(ui.Field{Name: "password", Label: "Password", Value: "hunter2"})); strings.Contains(got, "hunter2") {
		t.Error(got)
	}
}

func TestHeatStep_stepsBeginAt1_8_20_35_50(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 7: 1, 8: 2, 19: 2, 20: 3, 34: 3, 35: 4, 49: 4, 50: 5, 9999: 5, -1: 0} {
		if got := ui.HeatStep(n); got != want {
			t.Errorf("%d: step %d, want %d", n, got, want)
		}
	}
}

func TestInitials_takeTheFirstAndLastWord(t *testing.T) {
	for name, want := range map[string]string{
		"Amara Lindgren": "AL", "Hon. Josephine Tarrant": "HT", "Étienne d'Arc": "ÉD", "王伟": "王", "": "?", "  ": "?", "J. (Bob) Smith-Jones": "JS",
	} {
		if got := ui.Initials(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

func TestThousands_groupsDigits(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1204: "1,204", 1000000: "1,000,000", -1204: "-1,204"} {
		if got := ui.Thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	if ui.Count(1, "guest", "guests") != "1 guest" || ui.Count(1204, "guest", "guests") != "1,204 guests" {
		t.Error("count")
	}
}

package files

import (
	"strings"
	"testing"
)

func TestPicture_namesOfColumnsStandWhole(t *testing.T) {
	p := Picture{
		Title: "Pillar by sector", Note: "12 insights from 2 roundtables",
		Rows: []string{"Security"}, Columns: []string{"Partner think tanks", "Non-government", "Innovation and supply-chain networks"}, N: [][]int{{1, 2, 9}},
	}
	drawn := string(p.Cells())
	for _, want := range []string{">Partner<", ">think tanks<", ">Non-<", ">government<", ">and supply-<", ">networks<", ">12 insights from 2 roundtables<", ">9<"} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%q is not in the picture: %s", want, drawn)
		}
	}
	if strings.Contains(drawn, "…") {
		t.Errorf("a name is cut: %s", drawn)
	}
}

func TestPicture_linesSayTheirHighestMonth(t *testing.T) {
	p := Picture{Title: "By month", Rows: []string{"Economics"}, Columns: []string{"Jul", "Aug", "Sep"}, N: [][]int{{3, 55, 10}}}
	if drawn := string(p.Lines()); !strings.Contains(drawn, ">55<") || !strings.Contains(drawn, ">10<") {
		t.Errorf("the peak and the last month are written at the line: %s", drawn)
	}
}

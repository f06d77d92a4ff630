package views

import (
	"fmt"
	"math"
	"strings"
)

// The floor plan of a round room, seen from above: rings, two rows of coffers,
// columns, and the seats around the table. It stands beside the sign-in form
// and on the error pages, where one seat is missing.

const (
	planCenter = 300.0
	planSeats  = 28
)

// planDot is a circle of the plan.
type planDot struct{ X, Y, R, Class string }

// planRings are the circles around the center, with their classes.
var planRings = []planDot{
	{R: "292", Class: "ln"}, {R: "284", Class: "ln"}, {R: "236", Class: "ln"},
	{R: "228", Class: "ln"}, {R: "150", Class: "ln"}, {R: "96", Class: "ln"}, {R: "90", Class: "ln"},
}

// planColumns are the columns between the outer rings: 24 wide, 24 slender.
var planColumns = makePlanColumns()

// planCoffers are the two rows of panels, as SVG paths.
var planCoffers = makePlanCoffers()

func planPoint(radius, turn float64) (x, y float64) {
	a := turn * 2 * math.Pi
	return planCenter + radius*math.Sin(a), planCenter - radius*math.Cos(a)
}

func tenths(v float64) string { return fmt.Sprintf("%.1f", v) }

func planCircle(radius, turn, r float64, class string) planDot {
	x, y := planPoint(radius, turn)
	return planDot{X: tenths(x), Y: tenths(y), R: tenths(r), Class: class}
}

func makePlanColumns() []planDot {
	var dots []planDot
	for i := range 48 {
		r := 8.0
		if i%2 == 1 {
			r = 5
		}
		dots = append(dots, planCircle(260, float64(i)/48, r, "ln"))
	}
	return dots
}

func makePlanCoffers() []string {
	var paths []string
	for _, row := range []struct{ inner, outer, width float64 }{{188, 224, 0.0275}, {153, 185, 0.0245}} {
		for i := range 28 {
			mid := (float64(i) + 0.5) / 28
			var b strings.Builder
			for j, c := range [][2]float64{{row.outer, -0.5}, {row.outer, 0.5}, {row.inner, 0.5}, {row.inner, -0.5}} {
				x, y := planPoint(c[0], mid+c[1]*row.width)
				b.WriteString([]string{"M", "L", "L", "L"}[j] + tenths(x) + "," + tenths(y))
			}
			paths = append(paths, b.String()+"Z")
		}
	}
	return paths
}

// planSeatDots are the seats; the one numbered empty is left dashed, and each
// has one of the seven sectors' colors.
func planSeatDots(empty int) []planDot {
	dots := make([]planDot, planSeats)
	for i := range dots {
		class := fmt.Sprintf("seatdot c%d", i%7+1)
		if i == empty {
			class = "seatdot out"
		}
		dots[i] = planCircle(122, float64(i)/planSeats, 8.5, class)
	}
	return dots
}

package ui

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"rotunda/models"
)

// PillarTiles shows the pillars of a mask as a group of squares, always in the
// order S T E A D. A mask without pillars shows nothing.
func PillarTiles(mask int) templ.Component {
	if mask < 0 || mask >= len(tileGroups) {
		return fixed("")
	}
	return tileGroups[mask]
}

// PillarTile shows one pillar's square. Its name is in the title.
func PillarTile(p models.Pillar) templ.Component { return single(tiles, p, models.PillarNone) }

// PillarTileLg is a square of 24 px.
func PillarTileLg(p models.Pillar) templ.Component { return single(tilesLg, p, models.PillarNone) }

// PillarTileXl is a square of 40 px.
func PillarTileXl(p models.Pillar) templ.Component { return single(tilesXl, p, models.PillarNone) }

// SectorMark shows a sector's roundel. "No sector" is a dashed one.
func SectorMark(s models.Sector) templ.Component { return single(marks, s, models.SectorNone) }

// SectorMarkSm is a roundel of 20 px, for lines of small text.
func SectorMarkSm(s models.Sector) templ.Component { return single(marksSm, s, models.SectorNone) }

// RuleBadge shows an attribution rule: the more closed the room, the darker
// the badge and the more of its five bars are filled.
func RuleBadge(r models.Regime) templ.Component { return single(badges, r, models.OffTheRecord) }

// RuleBadgeLg is the badge in a page's head.
func RuleBadgeLg(r models.Regime) templ.Component { return single(badgesLg, r, models.OffTheRecord) }

// RuleBadgeBare is the badge without a box, for tables.
func RuleBadgeBare(r models.Regime) templ.Component {
	return single(badgesBare, r, models.OffTheRecord)
}

// The marks are few and shown by the hundred: each is drawn once.
var (
	tileGroups = drawTileGroups()
	tiles      = drawTiles("tile")
	tilesLg    = drawTiles("tile tile--lg")
	tilesXl    = drawTiles("tile tile--xl")
	marks      = drawMarks("mark")
	marksSm    = drawMarks("mark mark--sm")
	badges     = drawBadges("rule")
	badgesLg   = drawBadges("rule rule--lg")
	badgesBare = drawBadges("rule rule--bare")
)

func single[K comparable](drawn map[K]fixed, key, otherwise K) templ.Component {
	if mark, ok := drawn[key]; ok {
		return mark
	}
	return drawn[otherwise]
}

// draw renders a component that depends on nothing but its arguments.
func draw(c templ.Component) fixed {
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		panic(err) // a strings.Builder does not fail
	}
	return fixed(b.String())
}

func drawTileGroups() []fixed {
	groups := make([]fixed, 1<<len(models.Pillars))
	for mask := 1; mask < len(groups); mask++ {
		groups[mask] = draw(tileGroup(models.PillarsOf(mask)))
	}
	return groups
}

func drawTiles(class string) map[models.Pillar]fixed {
	drawn := map[models.Pillar]fixed{}
	for _, p := range models.Pillars {
		drawn[p] = draw(tile(class, p))
	}
	return drawn
}

func drawMarks(class string) map[models.Sector]fixed {
	drawn := map[models.Sector]fixed{models.SectorNone: draw(noMark(class))}
	for s := models.Congress; s <= models.HostStaff; s++ {
		drawn[s] = draw(mark(class, s))
	}
	return drawn
}

func drawBadges(class string) map[models.Regime]fixed {
	drawn := map[models.Regime]fixed{models.RegimeNone: ""}
	for _, r := range models.Regimes {
		drawn[r] = draw(badge(class, r))
	}
	return drawn
}

func pillarNames(pillars []models.Pillar) string {
	names := make([]string, len(pillars))
	for i, p := range pillars {
		names[i] = p.Name()
	}
	return "Pillars: " + strings.Join(names, ", ")
}

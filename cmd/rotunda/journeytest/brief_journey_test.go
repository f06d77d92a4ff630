package journeytest

import "testing"

// TestJourney_fromThreeHundredInsightsToAPublishedBrief goes the institute's
// whole way: 300 captured insights, themes, three recommendations that panels
// judge, two of them adopted, and a brief that everybody may read, from which
// nobody learns who was in the room.
func TestJourney_fromThreeHundredInsightsToAPublishedBrief(t *testing.T) {
	need(t)
	p := start(t, "serve")
	host := p.staff("host@wisc.example", "Noor Castellan", "convener")
	room := host.schedules("Who Repairs the Cables")
	host.seatsGuests(p, room)
	host.capturesAll(room)
	host.releases(room)

	analyst := p.staff("analyst@wisc.example", "Amara Lindgren", "analyst")
	host.joins(room, "Amara Lindgren", "Analyst")
	found, proposed := findings(), proposals()
	for i := range found {
		analyst.synthesizes(room, &found[i])
	}
	outside := p.sit(desktop)
	for i := range proposed {
		analyst.recommends(&proposed[i], found)
		analyst.panel(outside, proposed[i])
	}

	path := analyst.writes(room, found, proposed)
	public := host.publishes(analyst, path)
	p.readsPublished(public, found, proposed)
	analyst.readsDecisions(proposed)
	analyst.followsTrail(path, found[0], proposed[0])
	for _, b := range []*person{host, analyst, outside} {
		b.quiet()
	}
}

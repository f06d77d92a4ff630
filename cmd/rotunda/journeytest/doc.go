// Package journeytest does in a real Chromium what people do: the program is
// built and started as its README says, and every step goes through the page.
// Its tests skip themselves unless ROTUNDA_JOURNEYS or ROTUNDA_SHOTS is set.
package journeytest

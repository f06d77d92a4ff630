package journeytest

import "testing"

func TestJourney_aPageThatIsNotThereIsCalmInEveryLight(t *testing.T) {
	need(t)
	p := start(t, "serve")
	for _, o := range []options{desktop, phone, {Width: 320, Height: 640}} {
		b := p.sit(o)
		b.open("/none")
		b.reads("There is no such page")
		b.accessible("the page of an unknown address")
		b.fitsWidth("the page of an unknown address")
		b.dark(true)
		b.accessible("the same in the dark")
		b.quiet()
	}
}

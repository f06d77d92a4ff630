package journeytest

import "testing"

func TestTmp(t *testing.T) {
	need(t)
	p := start(t, "demo")
	officer := p.sit(desktop)
	officer.signIn(p.SignIn)
	room := officer.schedules("Who Repairs the Cables")
	t.Log(room)
	officer.adds(room, "a", 8)
	officer.invites(room, 8)
	p.accepts(officer, room, false)
	t.Log("accepted")
	colleague := p.colleague(officer, room)
	officer.open(room + "/capture")
	for i, line := range lines {
		officer.captures(line, false)
		colleague.sees(words(line), i)
	}
}

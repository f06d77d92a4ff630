package journeytest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// congress is the file that the story imports: the whole one where it lies
// beside the project, else the slice that the project carries.
func congress(t testing.TB) (path string, people int) {
	t.Helper()
	whole, err := filepath.Abs("../../../../shared/data/participants/congress_members.csv")
	if err == nil {
		if _, err := os.Stat(whole); err == nil {
			return whole, 537
		}
	}
	slice, err := filepath.Abs("testdata/congress_members.csv")
	if err != nil {
		t.Fatal(err)
	}
	t.Log("the whole file of Congress is not beside the project: its first thirty members are imported")
	return slice, 30
}

// lines are a dozen insights as a rapporteur types them.
var lines = []string{
	"Repair ships, not cable, are the bottleneck #s #e !claim ^networks",
	"Operators would share fault data within the hour if regulators could not use it against them #t !proposal",
	"A floor price agreed by four buyers would hold only with one test for origin #e !position %ipef",
	"Shipyard welders are a shared allied resource in all but name #s #a !claim %aukus",
	"Voluntary sharing was tried for six years and produced summaries, not warnings #t !dissent",
	"Two pooled standby vessels would cost less than a month of rerouted traffic #e #a !evidence %quad",
	"Landing stations are where a rival gains leverage, and ownership is barely screened #s !claim",
	"Standards bodies reward whoever sends the same engineers every time #t #d !evidence",
	"The next summit will name a repair corridor before it names a budget #d !forecast %g7",
	"Who pays for idle capacity in peace? #e !question",
	"We will circulate a model permit by October #d !commitment",
	"NATO has a trigger for ships and none for the cable under them #a #s !position %nato",
}

// TestJourney_theWholeStory is the first paragraph of what Rotunda is for, once
// on a desk and once on a phone, and once without scripts.
func TestJourney_theWholeStory(t *testing.T) {
	need(t)
	for name, o := range map[string]options{
		"desk":            desktop,
		"phone":           phone,
		"without scripts": {Width: 1440, Height: 1000, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) { story(t, o) })
	}
}

func story(t *testing.T, o options) {
	p := start(t, "demo")
	officer := p.sit(o)
	officer.signIn(p.SignIn)

	room := officer.schedules("Who Repairs the Cables")
	officer.imports(congress(t))
	officer.adds(room, "Senator", 8)
	officer.invites(room, 8)
	p.accepts(officer, room, o.NoScript)

	var colleague *person
	if !o.NoScript {
		colleague = p.colleague(officer, room)
	}
	officer.open(room + "/capture")
	for i, line := range lines {
		officer.captures(line, o.NoScript)
		if colleague != nil {
			colleague.sees(words(line), i)
		}
	}
	time.Sleep(2 * time.Second) // the page asks before it is left with a line that is not acknowledged
	officer.open("/insights?q=" + strings.ReplaceAll("idle capacity", " ", "+"))
	officer.reads("Who pays for idle capacity in peace?")
	officer.downloads(room)
	officer.quiet()
}

// words is what stays of a line when its marks are taken out.
func words(line string) string {
	var kept []string
	for _, w := range strings.Fields(line) {
		if !strings.ContainsAny(w[:1], "#!^%") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// schedules makes a roundtable that began a few minutes ago and returns its
// path.
func (b *person) schedules(title string) string {
	b.t.Helper()
	b.open("/roundtables/new")
	start := time.Now().UTC().Add(24 * time.Hour)
	b.fill("[name=title]", title)
	b.set("[name=date]", start.Format("2006-01-02"))
	b.set("[name=start]", "10:00")
	b.set("[name=end]", "12:00")
	b.set("[name=zone]", "America/New_York")
	b.fill("[name=place]", "Washington")
	b.fill("[name=capacity]", "20")
	b.submit("button[name=then][value=schedule]")
	b.reads("Scheduled")
	at := strings.TrimPrefix(b.at(), b.base)
	path, _, _ := strings.Cut(at, "?")
	return strings.TrimSuffix(path, "/guests")
}

// imports takes a file of people through its preview into the directory.
func (b *person) imports(file string, people int) {
	b.t.Helper()
	b.open("/people/import")
	b.upload("input[type=file]", file)
	b.submit("form[enctype] button.btn--primary")
	b.reads("external_id")
	b.submit("form[action$='/commit'] button.btn--primary")
	b.reads(thousands(people) + " new")
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// adds puts the first people found onto the guest list.
func (b *person) adds(room, search string, n int) {
	b.t.Helper()
	b.open(room + "/guests/add?q=" + search)
	b.see("input[name=person]")
	for i := range n {
		b.must("pick", nthClick("input[name=person]", i))
	}
	b.submit("main form[method=post] .formfoot button[type=submit]")
	b.reads(fmt.Sprintf("%d guests", n))
}

// invites sends everybody on the list the invitation.
func (b *person) invites(room string, n int) {
	b.t.Helper()
	b.open(room + "/guests/invite")
	b.submit("button[name=act][value=send]")
	b.open(room + "/guests")
	b.reads(fmt.Sprintf("%d invitations are open", n))
	if got := b.count("main tbody tr"); got < n {
		b.t.Errorf("%d guests stand on the list, %d were invited", got, n)
	}
}

// accepts opens one guest's link on a phone, from the mail that the program
// keeps while no server is configured, and says yes.
func (p *program) accepts(officer *person, room string, noScript bool) {
	p.t.Helper()
	link := ""
	for range 60 { // the worker writes the messages a moment later
		officer.open(room + "/mail")
		if href := officer.eval(`document.querySelector("main tbody a.rowlink")?.getAttribute("href") ?? ""`); href != "" {
			officer.open(href)
			link = officer.eval(`document.querySelector("main a[href*='/r/']")?.href ?? ""`)
		}
		if link != "" {
			break
		}
		time.Sleep(250 * time.Millisecond)
	}
	if link == "" {
		p.t.Fatal("no message shows its guest's link")
	}
	guest := p.sit(options{Width: 390, Height: 844, Phone: true, NoScript: noScript})
	guest.open(link)
	guest.fitsWidth("the invitation")
	guest.click("input[name=answer][value=accepted]")
	guest.submit("form#answer button[type=submit]")
	guest.reads("coming")
	guest.see("a[download]")
	guest.quiet()
	officer.open(room + "/guests")
	officer.reads("Attending")
}

// colleague is somebody else of the team, who watches the capture page.
func (p *program) colleague(officer *person, room string) *person {
	p.t.Helper()
	link := strings.TrimSpace(p.rotunda("user", "add", "--base-url", p.Base, "--email", "colleague@wisc.example", "--name", "Noor Castellan", "--role", "rapporteur"))
	officer.joins(room, "Noor Castellan", "Rapporteur")
	b := p.sit(desktop)
	b.signIn(link)
	b.open(room + "/capture")
	b.see("#cap-stream")
	return b
}

// captures types one line and saves it.
func (b *person) captures(line string, noScript bool) {
	b.t.Helper()
	b.fill("#f-line", line)
	if noScript {
		b.submit("#composer button[type=submit]")
	} else {
		b.enter("#f-line")
	}
	b.reads(words(line))
}

// sees waits until the colleague's screen shows the words, and fails when that
// takes longer than a second.
func (b *person) sees(text string, n int) {
	b.t.Helper()
	start := time.Now()
	b.reads(text)
	if took := time.Since(start); took > time.Second {
		b.t.Errorf("line %d reached the colleague after %s", n+1, took)
	}
}

// downloads fetches the team's CSV of the roundtable and reads it.
func (b *person) downloads(room string) {
	b.t.Helper()
	id := room[strings.LastIndex(room, "/")+1:]
	csv := b.post("/insights/export", "audience=team&roundtable="+id)
	for _, want := range []string{"insight_id,roundtable_id,roundtable,held_on", "speaker_name", words(lines[0]), words(lines[11])} {
		if !strings.Contains(csv, want) {
			b.t.Errorf("the CSV does not hold %q: %s", want, tail(csv, 600))
		}
	}
	if rows := strings.Count(csv, "\r\n"); rows != len(lines)+1 {
		b.t.Errorf("the CSV has %d lines, want a header and %d insights", rows, len(lines))
	}
}

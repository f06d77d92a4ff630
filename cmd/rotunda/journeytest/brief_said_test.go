package journeytest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/chromedp"
)

// secret is how every word looks that nobody outside the room may read: names,
// titles, organizations and addresses of its guests, and what was not released.
var secret = regexp.MustCompile(`(?i)zq(given|name|title|firm|mail|host|off|deep|held|judge)[0-9]+`)

// seats is how many guests the room of the brief has: six of each sector.
const seats = 18

// guestFile writes the guests of the room as a file to import.
func (p *program) guestFile() string {
	p.t.Helper()
	var b strings.Builder
	b.WriteString("external_id,first_name,last_name,title,organization,sector,country,email\n")
	for i, sector := range []string{"U.S. Congress", "Private industry", "Academia"} {
		for j := range seats / 3 {
			n := i*seats/3 + j + 1
			fmt.Fprintf(&b, "G%02d,Zqgiven%02d,Zqname%02d,Keeper of Zqtitle%02d,Zqfirm%02d Works,%s,United States,zqmail%02d@zqhost%02d.example\n", n, n, n, n, n, sector, n, n)
		}
	}
	path := filepath.Join(p.t.TempDir(), "guests.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// staff makes an account from the command line and signs it in.
func (p *program) staff(email, name, role string) *person {
	p.t.Helper()
	link := strings.TrimSpace(p.rotunda("user", "add", "--base-url", p.Base, "--email", email, "--name", name, "--role", role))
	b := p.sit(desktop)
	b.signIn(link)
	return b
}

// joins puts a colleague on the team of a roundtable.
func (b *person) joins(room, name, role string) {
	b.t.Helper()
	b.open(room + "/team")
	b.choose("select[name=account]", name)
	b.choose("form:has(select[name=account]) select[name=role]", role)
	b.submit("form:has(select[name=account]) button[type=submit]")
	b.reads(name)
}

// seatsGuests brings the guests into the directory, onto the list and into the
// room, whose session it starts.
func (b *person) seatsGuests(p *program, room string) {
	b.t.Helper()
	b.imports(p.guestFile(), seats)
	b.adds(room, "Zqname", seats)
	b.open(room + "/capture")
	b.press("Start session")
	b.reads("The session has started.")
	b.open(room + "/guests/attendance")
	b.click("[data-pick-all]")
	b.submit("[data-bulkbar] button[value=attended]")
	b.reads(fmt.Sprintf("%d guests marked as attended.", seats))
}

// typedLines are taken down in the capture page: with speakers, a stricter rule,
// a line against the one before it, and somebody's promise.
var typedLines = []string{
	`@s1 Repair ships, not cable, are the bottleneck #s #e !claim ^networks %nato`,
	`@s7 "Two pooled standby vessels would cost less than a month of rerouted traffic" #e #a !evidence ^coalitions %quad`,
	`~ @s13 A pooled vessel would stand idle in most years #e !dissent ^networks`,
	`@s2 =off The zqoff01 figure must not leave this room #s`,
	`@s4 =deep The zqdeep01 memorandum was never sent #d %oecd`,
	`>>@s8 A model permit for repairs goes around by October #d`,
}

// leaks are lines that tell who was in the room, and one that shall not be
// released though it tells nobody.
var leaks = []string{
	"Zqname09 told us that the yards of Zqfirm09 are full until spring #e @s9",
	"My company lost two ships last winter and hired none #e @s10",
	"The zqheld01 budget is what this room argued about longest #e @s11",
}

// said makes the other lines, each with a speaker, pillars, a front and a forum.
func said(n int) []string {
	subjects := []string{"permit", "port", "crew", "customs rule", "insurer", "landing station", "test laboratory", "standards body", "lender", "spare depot"}
	claims := []string{
		"delays repairs more than distance does #t !claim", "should be shared among allies before the next storm #a !proposal",
		"costs less when three neighbors buy together #e !evidence", "is where a rival gains leverage first #s !claim",
		"decides what an agreement is worth #d !position", "will be short again within two winters #s #e !forecast",
	}
	fronts, forums := []string{"alliances", "coalitions", "networks", "multilateral"}, []string{"nato", "quad", "g7", "oecd", "aukus", "ipef"}
	out := make([]string, n)
	for i := range out {
		text, marks, _ := strings.Cut(claims[i/len(subjects)%len(claims)], " #")
		out[i] = fmt.Sprintf("In case %d the %s %s #%s ^%s %%%s @s%d", i+1, subjects[i%len(subjects)], text, marks, fronts[i%len(fronts)], forums[i%len(forums)], i%seats+1)
	}
	return out
}

// heard is how many insights the journey begins with.
const heard = 300

// capturesAll takes 300 insights down: some line by line in the page, the others
// as a device does that has been without a network.
func (b *person) capturesAll(room string) {
	b.t.Helper()
	b.open(room + "/capture")
	for i, line := range typedLines {
		b.fill("#f-line", line)
		b.enter("#f-line")
		b.waits(fmt.Sprintf(`document.querySelectorAll("#cap-stream [data-insight]").length >= %d && !document.querySelector("[data-kept]")`, i+1), "the line is kept: "+line)
	}
	b.open(room + "/insights") // a page that does not follow the room
	rest := append(said(heard-len(typedLines)-len(leaks)), leaks...)
	for len(rest) > 0 {
		n := min(100, len(rest))
		b.sends(room, rest[:n])
		rest = rest[n:]
	}
	b.open(room + "/capture")
	b.submitNamed("End session")
	b.open(room + "/insights")
	b.reads(fmt.Sprint(heard) + " insights")
}

// sends captures lines one after the other, each with an id of its own.
func (b *person) sends(room string, lines []string) {
	b.t.Helper()
	var list []string
	for _, line := range lines {
		list = append(list, quote(line))
	}
	b.must("capture", func(ctx context.Context) error {
		bad, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
			for (const line of [`+strings.Join(list, ",")+`]) {
				const r = await fetch(`+quote(room+"/insights")+`, {method: "POST", headers: {Accept: "application/json"}, body: new URLSearchParams({line, client_id: crypto.randomUUID()})});
				if (r.status !== 201) return line + ": " + r.status + " " + await r.text();
			}
			return "";
		})()`, chromedp.EvalAwaitPromise))
		if err == nil && bad != "" {
			err = fmt.Errorf("refused: %s", bad)
		}
		return err
	})
}

// releases reviews and releases what may leave the room, page by page, and
// settles what the leak lint holds back.
func (b *person) releases(room string) {
	b.t.Helper()
	id := room[strings.LastIndex(room, "/")+1:]
	list := func(state string) string { return "/insights?roundtable=" + id + "&state=" + state }
	for b.open(list("captured")); b.count("[data-pick]") > 0; {
		b.bulk("[value='state:reviewed']")
	}
	b.open(list("reviewed"))
	for left := ""; ; b.bulk("[value='state:released']") {
		now := b.eval(`document.body.innerText.match(/([\d,]+) insights?/)?.[1] ?? "0"`)
		if now == left || now == "0" {
			break // what is left is held back
		}
		left = now
	}
	b.settles(list("reviewed"))
}

// bulk chooses the first rows of a list, all or as many as said, and presses
// a button of the bar.
func (b *person) bulk(do string, n ...int) {
	b.t.Helper()
	rows := append(n, 1000)[0]
	b.eval(fmt.Sprintf(`[...document.querySelectorAll("[data-pick]")].slice(0, %d).forEach(e => e.click()), ""`, rows))
	b.submit(`[data-bulkbar] button` + do)
}

// settles looks at the insights that a release held back: one is reworded, one
// is overruled with a reason, the others stay.
func (b *person) settles(reviewed string) {
	b.t.Helper()
	b.open(reviewed + "&q=yards+spring")
	named := b.linked("/insights/", "Zqname09")
	b.open(named)
	b.see("mark.leak")
	b.submit("a[href$='/edit'].btn")
	b.fill("[name=text]", "The yards are full until spring")
	b.submit("form.stack button.btn--primary")
	b.open(named)
	if n := b.count("mark.leak"); n != 0 {
		b.t.Errorf("%d findings are left in the new wording", n)
	}
	b.submit(`button[value="state:released"]`)
	b.reads("Released")

	b.open(reviewed + "&q=%22lost+two+ships%22")
	b.open(b.linked("/insights/", "My company"))
	b.fill("[name=reason]", "Every second guest runs one")
	b.submit(".findings__form button")
	b.reads("Overruled.")
	b.submit(`button[value="state:released"]`)
	b.reads("Released")
}

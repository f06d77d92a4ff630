package journeytest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// finding is a theme of the brief: which insights stand how to it.
type finding struct {
	statement, dissent string // without dissent: none was recorded
	heard              []heardFor
	path               string // once it is made
}

// heardFor is a search among the insights and how the first n found stand to a
// theme.
type heardFor struct {
	words    string
	n        int
	relation string
}

func findings() []finding {
	return []finding{
		{statement: "Permits and crews, more than distance, delay the repair of cables.", dissent: "One view: a pooled vessel would stand idle in most years.", heard: []heardFor{
			{"permit delays repairs", 10, "Supports"}, {"crew delays repairs", 10, "Supports"}, {"costs less", 3, "Qualifies"}, {"stand idle", 1, "Contradicts"},
		}},
		{statement: "What is shared before a storm costs allies less than what each buys after it.", heard: []heardFor{{"shared among allies", 10, "Supports"}}},
		{statement: "Rivals gain leverage where nobody screens who owns the shore.", dissent: "Several doubted that ownership decides anything.", heard: []heardFor{
			{"gains leverage first", 8, "Supports"}, {"decides what an agreement", 2, "Contradicts"},
		}},
	}
}

// synthesizes makes a theme of what was released in the room.
func (b *person) synthesizes(room string, f *finding) {
	b.t.Helper()
	id := room[strings.LastIndex(room, "/")+1:]
	for i, h := range f.heard {
		b.open("/insights?roundtable=" + id + "&state=released&q=" + strings.ReplaceAll(h.words, " ", "+"))
		b.bulk("[formaction='/themes/add']", h.n)
		if i == 0 {
			b.fill("[name=statement]", f.statement)
		} else {
			b.choose("[name=theme]", f.statement)
		}
		b.choose("[name=relation]", h.relation)
		b.submit("form.formw button.btn--primary")
		b.reads(f.statement)
	}
	f.path, _, _ = strings.Cut(strings.TrimPrefix(b.at(), b.base), "?")
	b.open(f.path + "/edit")
	b.choose("[name=confidence]", "Moderate")
	if f.dissent != "" {
		b.fill("[name=dissent]", f.dissent)
	} else {
		b.click("[name=nodissent]")
	}
	b.submit("form.formw button.btn--primary")
	b.reads(f.statement)
}

// proposal is a recommendation, how its panel judges it and what is decided.
type proposal struct {
	title, addressee string
	theme            int       // which finding it draws on
	blind, second    [3][3]int // by evaluator and criterion
	verdicts         [3]string // what the second round comes to
	uncertain        string    // what is said of an uncertain verdict
	adopted          bool
	path             string
}

func proposals() []proposal {
	return []proposal{
		{
			title: "Found a standing cable-repair compact among neighbors", addressee: "The foreign ministries of the coast",
			blind: [3][3]int{{2, 7, 8}, {8, 8, 7}, {9, 7, 7}}, second: [3][3]int{{7, 7, 8}, {8, 8, 7}, {8, 7, 7}},
			verdicts: [3]string{"Meets", "Meets", "Meets"}, adopted: true,
		},
		{
			title: "Charter two standby vessels from a common budget", addressee: "The committee on appropriations", theme: 1,
			blind: [3][3]int{{7, 5, 8}, {8, 6, 7}, {7, 4, 7}}, second: [3][3]int{{7, 5, 8}, {8, 6, 7}, {7, 5, 7}},
			verdicts: [3]string{"Meets", "Uncertain", "Meets"}, uncertain: "Nobody could say what idle years would cost households.", adopted: true,
		},
		{
			title: "Close allied waters to foreign repair ships", addressee: "The coast guards", theme: 2,
			blind: [3][3]int{{7, 4, 3}, {6, 3, 2}, {8, 4, 2}}, second: [3][3]int{{7, 4, 3}, {7, 5, 2}, {8, 4, 2}},
			verdicts: [3]string{"Meets", "Uncertain", "Fails"},
		},
	}
}

// recommends drafts a recommendation from its theme.
func (b *person) recommends(r *proposal, found []finding) {
	b.t.Helper()
	b.open("/recommendations/new")
	b.fill("[name=title]", r.title)
	b.fill("[name=addressee]", r.addressee)
	b.fill("[name=action]", "Agree on it within a year, and report every spring.")
	theme := found[r.theme].path
	b.click(`[name=themes][value="` + theme[strings.LastIndex(theme, "/")+1:] + `"]`)
	b.submit("form.formw button.btn--primary")
	b.reads("The recommendation was drafted.")
	r.path, _, _ = strings.Cut(strings.TrimPrefix(b.at(), b.base), "?")
}

// panel has three people from outside judge a recommendation in two rounds, and
// the host decide.
func (b *person) panel(outside *person, r proposal) {
	b.t.Helper()
	b.open(r.path)
	b.set("[name=due]", time.Now().AddDate(0, 0, 14).Format(time.DateOnly))
	b.press("Begin the evaluation")
	b.reads("The evaluation has begun.")
	for i := range 3 {
		if i > 0 {
			b.press("Invite an evaluator")
		}
		b.fill("[name=name]", fmt.Sprintf("Judge Zqjudge%02d", i+1))
		b.fill("[name=email]", fmt.Sprintf("zqjudge%02d@bench.example", i+1))
		b.submit("form[action$='/panel/evaluators'] button")
		b.reads("was invited.")
	}
	var links []string
	if err := json.Unmarshal([]byte(b.eval(`JSON.stringify([...document.querySelectorAll("code.breakall")].map(e => e.textContent.trim()))`)), &links); err != nil || len(links) != 3 {
		b.t.Fatalf("three evaluators have %d links (%v)", len(links), err)
	}
	b.round(outside, r, "blind", links, r.blind)
	b.open(r.path)
	b.stage("Reveal the scores", "blind word of 1")
	b.stage("Begin the second round", "")
	b.round(outside, r, "second", links, r.second)
	b.open(r.path)
	b.stage("Close the evaluation", "second word of 3")
	b.judged(r)
	b.decides(r)
}

// round has each evaluator follow their link and score. Until the reveal
// nobody else reads their words.
func (b *person) round(outside *person, r proposal, name string, links []string, scores [3][3]int) {
	b.t.Helper()
	for i, link := range links {
		outside.open(link)
		outside.reads(r.title)
		if name == "blind" && strings.Contains(outside.eval("document.body.innerText"), "blind word") {
			b.t.Errorf("evaluator %d of %q reads another's words before the reveal", i+1, r.title)
		}
		outside.eval(fmt.Sprintf(`((scores, why) => [...document.querySelectorAll("fieldset.scoreform")].forEach((f, i) => {
			f.querySelector("input[type=radio][value='" + scores[i] + "']").click();
			f.querySelector("textarea").value = why;
			f.querySelector("select").selectedIndex = 2;
		}))([%d, %d, %d], %q), ""`, scores[i][0], scores[i][1], scores[i][2], fmt.Sprintf("The %s word of %d", name, i+1)))
		outside.submit("#yours form button.btn--primary")
		outside.reads("We have your scores.")
	}
	if name != "blind" {
		return
	}
	b.open(r.path)
	b.reads("3 of 3 evaluators have scored.")
	if body := b.eval("document.body.innerText"); strings.Contains(body, "blind word") || b.count(".evalgrid") != 0 {
		b.t.Errorf("the host reads scores of %q before the reveal", r.title)
	}
}

// stage takes the panel on and reads what is seen then.
func (b *person) stage(button, seen string) {
	b.t.Helper()
	b.submitNamed(button)
	b.see("#evaluation")
	b.reads(seen)
}

// submitNamed presses a button that leads to another page, and waits for it.
func (b *person) submitNamed(words string) {
	b.t.Helper()
	mark := fmt.Sprint(time.Now().UnixNano())
	b.eval(`document.body.dataset.before = ` + quote(mark))
	b.press(words)
	b.must("the page after "+words, func(ctx context.Context) error {
		for {
			now, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? document.body.dataset.before ?? "" : `+quote(mark)))
			if err == nil && now != mark {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// judged compares the verdicts on the page with those of the second round.
func (b *person) judged(r proposal) {
	b.t.Helper()
	got := strings.Split(b.eval(`[...document.querySelectorAll(".evalgrid .spread .verdict")].map(e => e.innerText.trim()).join("|")`), "|")
	if !slices.Equal(got, r.verdicts[:]) {
		b.t.Errorf("%q is judged %q, want %q", r.title, got, r.verdicts)
	}
}

// decides adopts the recommendation, or not where a criterion fails: then there
// is nothing to adopt it with.
func (b *person) decides(r proposal) {
	b.t.Helper()
	b.fill("[name=reason]", "As the panel found.")
	if r.uncertain != "" {
		b.fill("[name=uncertainty]", r.uncertain)
	}
	button := `#decision button[name=adopt][value="1"]`
	if !r.adopted {
		if b.count(button) != 0 {
			b.t.Errorf("%q fails a criterion and can be adopted", r.title)
		}
		button = `#decision button[name=adopt][value=""]`
	}
	b.submit(button)
	b.reads("The decision was recorded.")
}

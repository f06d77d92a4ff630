package mail

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"rotunda/models"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	base    = "https://tables.wisc.example"
	ownLink = base + "/r/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	other   = "/r/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB-"
)

func utc(year int, month time.Month, day, hour, minute int) models.Instant {
	return models.At(time.Date(year, month, day, hour, minute, 0, 0, time.UTC))
}

func sample() Data {
	return Data{
		Institute: "WISC Alliances & Partnerships", BaseURL: base, Greeting: "Ms. Echeverry",
		Title: "Trusted Chips, Trusted Partners", Series: "Allied semiconductor dialogue", Regime: models.ChathamHouse,
		Start: utc(2026, 10, 22, 13, 0), End: utc(2026, 10, 22, 15, 30), Zone: "America/New_York", HostZone: "Europe/Berlin",
		Place: "Cannon Building, Washington", Room: "Room 121, by the C Street door", MeetingLink: "https://video.example/j/8812",
		Deadline: utc(2026, 10, 9, 22, 0), HostName: "Noor Castellan", HostEmail: "n.castellan@wisc.example", HostPhone: "+1 202 555 0142",
		Was:    Was{Start: utc(2026, 10, 20, 18, 0), End: utc(2026, 10, 20, 20, 0), Title: "Trusted Chips", Place: "Longworth Building, Washington", Room: "Room 9", Regime: models.OnTheRecord},
		Reason: "The export-control hearing was moved to the same morning.\n\nWe hope to find a day in November.",
	}
}

func mustRender(t interface{ Fatal(...any) }, k Kind, d Data, link string) Message {
	m, err := Render(k, d, link)
	if err != nil {
		t.Fatal(k.Key(), ": ", err)
	}
	return m
}

func document(t interface{ Fatal(...any) }, m Message) *goquery.Document {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestRender_golden(t *testing.T) {
	for _, k := range Kinds {
		d := sample()
		switch k {
		case Confirmation:
			d.Answer, d.Accepted = AnswerAccepted, true
		case Invitation, TimeChange:
			d.Calendar, d.CalendarMethod = []byte("BEGIN:VCALENDAR\r\n"), "REQUEST"
		}
		m := mustRender(t, k, d, ownLink)
		for ext, got := range map[string]string{".txt": "Subject: " + m.Subject + "\n\n" + m.Text, ".html": m.HTML} {
			path := filepath.Join("testdata", k.Key()+ext)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from its golden file:\n%s", path, got)
			}
		}
	}
}

func TestRender_bothPartsHoldTheLinkOnceItIsNeeded(t *testing.T) {
	for _, k := range Kinds {
		m := mustRender(t, k, sample(), ownLink)
		inText := strings.Contains(m.Text, ownLink)
		inHTML := document(t, m).Find(`a[href="`+ownLink+`"]`).Length() == 1
		if inText != k.hasLink() || inHTML != k.hasLink() {
			t.Errorf("%s: link in text %v, in HTML %v", k.Key(), inText, inHTML)
		}
		if _, err := Render(k, sample(), ""); k.hasLink() && !errors.Is(err, ErrNoLink) {
			t.Errorf("%s without a link: %v", k.Key(), err)
		}
	}
}

func TestRender_keptMessageHoldsNoLink(t *testing.T) {
	for _, k := range Kinds {
		m := mustRender(t, k, sample(), LinkPlaceholder)
		if strings.Contains(m.Text+m.HTML, "/r/") {
			t.Errorf("%s: a kept message holds a link", k.Key())
		}
		if k.hasLink() && (!strings.Contains(m.Text, LinkPlaceholder) || !strings.Contains(m.HTML, LinkPlaceholder)) {
			t.Errorf("%s: a kept message does not show where the link was", k.Key())
		}
		if document(t, m).Find("a").Length() != 0 {
			t.Errorf("%s: a kept message has links", k.Key())
		}
	}
}

func TestRender_roomAndMeetingLinkOnlyForAccepted(t *testing.T) {
	for _, k := range Kinds {
		for _, accepted := range []bool{false, true} {
			d := sample()
			d.Accepted = accepted
			m := mustRender(t, k, d, ownLink)
			for _, part := range []string{m.Text, m.HTML} {
				if !accepted && (strings.Contains(part, d.Room) || strings.Contains(part, d.MeetingLink)) {
					t.Errorf("%s tells the room to a guest without a seat", k.Key())
				}
				if accepted && k == Confirmation && !(strings.Contains(part, d.Room) && strings.Contains(part, d.MeetingLink)) {
					t.Error("an accepted guest is not told the room and the meeting link")
				}
			}
		}
	}
	d := sample()
	d.Text = "Join at https://video.example/j/8812 or answer: {{link}}"
	if _, err := Render(Invitation, d, ownLink); !errors.Is(err, ErrEarlyMeetingLink) {
		t.Errorf("a pasted meeting link: %v", err)
	}
	d.Text, d.CalendarMethod, d.Calendar = "", "REQUEST", []byte("LOCATION:https://video.ex\r\n ample/j/8812\r\n")
	if _, err := Render(Invitation, d, ownLink); !errors.Is(err, ErrEarlyMeetingLink) {
		t.Errorf("a meeting link in the calendar part: %v", err)
	}
}

func TestRender_saysTheRuleAndBothZones(t *testing.T) {
	for _, k := range []Kind{Invitation, Reminder, Confirmation, TimeChange, PlaceChange, RuleChange, Promotion} {
		for _, r := range models.Regimes {
			d := sample()
			d.Regime = r
			m := mustRender(t, k, d, ownLink)
			for _, want := range []string{
				r.Name() + ": " + r.GuestSentence(), "Thursday, October 22, 2026, 9:00–11:30 AM EDT (New York)",
				"Thursday, October 22, 2026, 15:00–17:30 CEST (Berlin)", "Noor Castellan", "your link",
			} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("%s lacks %q", k.Key(), want)
				}
			}
			page := document(t, m)
			if !strings.Contains(page.Text(), r.GuestSentence()) {
				t.Errorf("%s: HTML lacks the rule", k.Key())
			}
		}
	}
}

func TestRender_onlyWhoHoldsASeatIsAskedAgain(t *testing.T) {
	for seated, want := range map[bool]string{true: "New time, can you still come?", false: "New time, can you come?"} {
		d := sample()
		d.Accepted = seated
		m := mustRender(t, TimeChange, d, ownLink)
		if !strings.HasPrefix(m.Subject, want) || strings.Contains(m.Text, "answer again") != seated {
			t.Errorf("seat %t: %q\n%s", seated, m.Subject, m.Text)
		}
	}
}

func TestRender_aChangeTellsWhatWas(t *testing.T) {
	d := sample()
	d.Accepted, d.Was.MeetingLink = true, "https://video.example/j/old"
	for _, k := range []Kind{TimeChange, PlaceChange} {
		m := mustRender(t, k, d, ownLink)
		struck := document(t, m).Find("td del").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		for _, was := range []string{
			"Trusted Chips", "Tuesday, October 20, 2026, 2:00–4:00 PM EDT (New York)", "Tuesday, October 20, 2026, 20:00–22:00 CEST (Berlin)",
			"Longworth Building, Washington", "Room 9", "https://video.example/j/old",
		} {
			if !strings.Contains(m.Text, " (was: "+was+")\n") {
				t.Errorf("%s: the text lacks what was: %q", k.Key(), was)
			}
			if !slices.Contains(struck, was) {
				t.Errorf("%s: not struck through: %q", k.Key(), was)
			}
		}
	}
	d.Place, d.Accepted = "", false
	m := mustRender(t, PlaceChange, d, ownLink)
	if !strings.Contains(m.Text, "Where: to be announced (was: Longworth Building, Washington)\n") {
		t.Error("a place that is gone is not told")
	}
	if strings.Contains(m.Text+m.HTML, "Room 9") || strings.Contains(m.Text+m.HTML, "j/old") {
		t.Error("who has no seat reads the former room or link")
	}
	d.Was = Was{Start: d.Start, End: d.End, Zone: d.Zone, Title: d.Title, Place: d.Place}
	if m := mustRender(t, PlaceChange, d, ownLink); strings.Contains(m.Text+m.HTML, "was:") {
		t.Error("what did not change is told as changed")
	}
}

func TestRender_aNewRuleNamesBoth(t *testing.T) {
	m := mustRender(t, RuleChange, sample(), ownLink)
	if want := "It was “On the record” and is “Chatham House Rule”."; !strings.Contains(m.Text, want) || !strings.Contains(document(t, m).Text(), want) {
		t.Errorf("it lacks %q:\n%s", want, m.Text)
	}
}

func TestRender_refusesForeignLinks(t *testing.T) {
	for name, pasted := range map[string]string{
		"another guest's":    base + other,
		"of another host":    "http://old.example" + other,
		"of a scheduler":     base + "/s/" + strings.Repeat("c", 43),
		"sign-in":            base + "/sign-in/" + strings.Repeat("Z", 43),
		"wrapped by filters": "https://safe.example/?url=https%3A%2F%2Ftables.wisc.example%2Fr%2F" + strings.Repeat("b", 43) + "&data=1",
		"upper case":         strings.ToUpper(base) + "/R/" + strings.Repeat("B", 43),
		"longer than own":    ownLink[:len(ownLink)-1] + "BB",
	} {
		d := sample()
		d.Text = "Answer at " + pasted + " or {{link}}."
		if _, err := Render(Invitation, d, ownLink); !errors.Is(err, ErrForeignLink) {
			t.Errorf("%s link: %v", name, err)
		}
		if _, err := Render(Invitation, d, LinkPlaceholder); !errors.Is(err, ErrForeignLink) {
			t.Errorf("%s link, kept: %v", name, err)
		}
		if err := CheckText(d.Text, base); !errors.Is(err, ErrForeignLink) {
			t.Errorf("%s link in the form: %v", name, err)
		}
		d = sample()
		d.Reason = pasted
		if _, err := Render(Cancellation, d, ownLink); !errors.Is(err, ErrForeignLink) {
			t.Errorf("%s link as a reason: %v", name, err)
		}
	}
	d := sample()
	d.Calendar, d.CalendarMethod = []byte("DESCRIPTION:"+ownLink[:50]+"\r\n "+ownLink[50:]+"\r\n"), "REQUEST"
	if _, err := Render(Invitation, d, ownLink); !errors.Is(err, ErrForeignLink) {
		t.Errorf("a token in the calendar part, even the guest's own: %v", err)
	}
	d = sample()
	d.Text = "Read " + base + "/public/0123456789abc and https://docs.example/d/" + strings.Repeat("x", 44) + "/edit, then answer: {{link}}"
	mustRender(t, Invitation, d, ownLink)
}

func TestRender_refusesInvitationWithoutLink(t *testing.T) {
	d := sample()
	d.Text = "{{greeting}}, do come."
	if _, err := Render(Invitation, d, ownLink); !errors.Is(err, ErrNoLink) {
		t.Errorf("got %v", err)
	}
	if err := CheckText(d.Text, base); !errors.Is(err, ErrNoLink) {
		t.Errorf("in the form: %v", err)
	}
	for _, link := range []string{"https://evil.example/r/x", "javascript:alert(1)", base + "/r/a b", base + "/r/a\r\nBcc: x", base} {
		if _, err := Render(Invitation, sample(), link); !errors.Is(err, ErrNoLink) {
			t.Errorf("link %q: %v", link, err)
		}
	}
}

func TestFill_onePassWithInertValues(t *testing.T) {
	values := map[string]string{"title": "{{link}} {{title}}", "link": "L"}
	got, err := Fill("a {{title}} b {{ link }} c", values)
	if err != nil || got != "a {{link}} {{title}} b L c" {
		t.Errorf("got %q, %v", got, err)
	}
	_, err = Fill("{{titel}} {{link}} {{ort}} {{titel}}", values)
	var bad *PlaceholderError
	if !errors.As(err, &bad) || !slices.Equal(bad.Unknown, []string{"titel", "ort"}) {
		t.Errorf("unknown names: %v", err)
	}
	for _, text := range []string{"{{title", "title}}", "{{Title}}", "{{.Title}}", "{{title | x}}", "{{{{link}}"} {
		if _, err := Fill(text, values); !errors.As(err, &bad) {
			t.Errorf("%q was filled: %v", text, err)
		}
	}
}

func TestFill_valuesOfAnyKindComeThroughUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := rapid.String().Draw(t, "v"), rapid.StringMatching(`[{}a-z. %$\\]{0,20}`).Draw(t, "w")
		got, err := Fill("x{{a}}y{{b}}z", map[string]string{"a": v, "b": w})
		if err != nil || got != "x"+v+"y"+w+"z" {
			t.Fatalf("got %q, %v", got, err)
		}
	})
}

func TestPlaceholders_eachHasAValue(t *testing.T) {
	values := sample().values(ownLink)
	if len(values) != len(Placeholders) {
		t.Errorf("%d values for %d placeholders", len(values), len(Placeholders))
	}
	for _, p := range Placeholders {
		if values[p] == "" {
			t.Errorf("{{%s}} stands for nothing", p)
		}
	}
	if err := CheckText(DefaultInvitation, base); err != nil {
		t.Errorf("the default text: %v", err)
	}
}

// hostile draws values in which what mail, HTML and templates react to is
// common.
func hostile() *rapid.Generator[string] {
	pieces := []string{
		"\r\n", "\n", "\r", "\n\n", "\u2028", "\u0085", "\x00", "\u202e", "\xff", "<script>alert(1)</script>", `" onclick="x`, "</td><td>",
		"<img src=x>", "&amp;", "{{link}}", "{{", "}}", "Bcc: evil@evil.example", "\r\nBcc: evil@evil.example\r\n\r\n", "Content-Type: text/html",
		"-- \n", ".", "\r\n.\r\n", "李", "O’Neil", "javascript:alert(1)", "<style>", "<!--", "'", "=?utf-8?q?x?=",
	}
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			b.WriteString(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()).Draw(t, "piece"))
		}
		return b.String()
	})
}

// shape is the tree of element names of a document with their attributes.
func shape(doc *goquery.Document) string {
	var b strings.Builder
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		b.WriteString("<" + goquery.NodeName(s))
		for _, a := range s.Nodes[0].Attr {
			if a.Key != "href" {
				b.WriteString(" " + a.Key + "=" + a.Val)
			}
		}
	})
	return b.String()
}

func TestRender_hostileValuesAddNeitherHeaderNorParagraphNorElement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds).Draw(t, "kind")
		plain := sample()
		plain.Accepted = rapid.Bool().Draw(t, "accepted")
		plain.Reason, plain.MeetingLink = "", ""
		d := plain
		values := []*string{&d.Institute, &d.Greeting, &d.Title, &d.Series, &d.Place, &d.Room, &d.HostName, &d.HostEmail, &d.HostPhone, &d.Was.Title, &d.Was.Place, &d.Was.Room}
		for i, f := range values {
			*f = strconv.Itoa(i) + "x" + hostile().Draw(t, "value") + "x"
		}
		got, want := mustRender(t, k, d, ownLink), mustRender(t, k, plain, ownLink)
		if strings.ContainsAny(got.Subject, "\r\n\x00") {
			t.Fatalf("subject %q", got.Subject)
		}
		if strings.Contains(got.Text, "\r") || strings.Count(got.Text, "\n") != strings.Count(want.Text, "\n") {
			t.Fatalf("a value made a line of its own:\n%q", got.Text)
		}
		if a, b := shape(document(t, got)), shape(document(t, want)); a != b {
			t.Fatalf("a value made an element:\n%s\n%s", a, b)
		}
	})
}

func TestRender_hostileWordsOfTheHostStayWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := sample()
		d.Reason = hostile().Draw(t, "reason")
		m := mustRender(t, Cancellation, d, ownLink)
		doc := document(t, m)
		if n := doc.Find("script, img, iframe, link, form, body style, [onclick]").Length(); n != 0 {
			t.Fatalf("the host's words made %d elements", n)
		}
		if n := doc.Find("a").Length(); n != 1 {
			t.Fatalf("%d links", n)
		}
	})
}

func TestRender_htmlLoadsNothing(t *testing.T) {
	for _, k := range Kinds {
		doc := document(t, mustRender(t, k, sample(), ownLink))
		if n := doc.Find("img, script, link, iframe, object, form, [src], [style], [onclick], [background]").Length(); n != 0 {
			t.Errorf("%s: %d elements that load or act", k.Key(), n)
		}
	}
}

func TestMeetingLink_onlyWebAddressesBecomeLinks(t *testing.T) {
	d := sample()
	d.Accepted, d.MeetingLink = true, "javascript:alert(document.domain)"
	m := mustRender(t, Promotion, d, ownLink)
	if n := document(t, m).Find("a").Length(); n != 1 {
		t.Errorf("%d links, want the guest's only", n)
	}
}

func TestSpan_saysWhatBothEndsShareOnce(t *testing.T) {
	for _, c := range []struct {
		start, end models.Instant
		zone, want string
	}{
		{utc(2026, 7, 1, 13, 0), utc(2026, 7, 1, 17, 30), "America/New_York", "Wednesday, July 1, 2026, 9:00 AM–1:30 PM EDT (New York)"},
		{utc(2026, 1, 1, 4, 0), utc(2026, 1, 1, 6, 0), "Asia/Kolkata", "Thursday, January 1, 2026, 09:30–11:30 IST (Kolkata)"},
		{utc(2026, 1, 1, 4, 0), utc(2026, 1, 1, 6, 0), "Asia/Kathmandu", "Thursday, January 1, 2026, 09:45–11:45 UTC+5:45 (Kathmandu)"},
		{utc(2026, 1, 1, 22, 0), utc(2026, 1, 2, 2, 0), "UTC", "Thursday, January 1, 2026, 22:00 to Friday, January 2, 2026, 02:00 UTC"},
		{utc(2026, 1, 1, 12, 0), utc(2026, 1, 1, 13, 0), "America/Sao_Paulo", "Thursday, January 1, 2026, 09:00–10:00 UTC−3 (Sao Paulo)"},
		{utc(2026, 1, 1, 12, 0), 0, "Europe/Berlin", "Thursday, January 1, 2026, 13:00 CET (Berlin)"},
		{0, 0, "Europe/Berlin", ""},
		{utc(2026, 1, 1, 12, 0), 0, "Local", ""},
	} {
		if got := span(c.start, c.end, c.zone); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestWhenForUs_saidOnlyWhereTheClockDiffers(t *testing.T) {
	d := sample()
	d.HostZone = "America/Toronto"
	if s := d.whenForUs(); s != "" {
		t.Errorf("Toronto's clock is New York's, yet %q", s)
	}
}

package worker_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"rotunda/handlers/worker"
	"rotunda/handlers/worker/smtptest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

const base = "https://rotunda.example.org"

type desk struct {
	t     *testing.T
	st    *store.Store
	clock *storetest.Clock
	room  models.ID
	lead  models.Viewer
}

func newDesk(t *testing.T, options ...storetest.RoomOption) desk {
	t.Helper()
	st, clock := storetest.Open(t)
	room, lead := storetest.Roundtable(t, st, storetest.Account(t, st, "Amara Lindgren", models.RoleConvener), options...)
	return desk{t, st, clock, room, lead}
}

// run starts a worker and returns how to stop it. The guests' addresses are
// reserved ones, and the server a test's.
func (d desk) run(m worker.Mailer) (stop func()) {
	return d.runWith(worker.Config{Mailer: m, SendReserved: true})
}

func (d desk) runWith(c worker.Config) (stop func()) {
	d.t.Helper()
	c.Store, c.BaseURL, c.From = d.st, base, netmail.Address{Name: "WISC Roundtables", Address: "roundtables@wisc.example"}
	c.Log, c.Poll = slog.New(slog.NewTextHandler(io.Discard, nil)), 20*time.Millisecond
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := worker.Run(ctx, c); err != nil {
			d.t.Error(err)
		}
	}()
	return func() { cancel(); <-done }
}

func (d desk) smtp(server *smtptest.Server) *worker.SMTP {
	d.t.Helper()
	parsed, err := worker.ParseSMTPURL(server.URL())
	if err != nil {
		d.t.Fatal(err)
	}
	return &worker.SMTP{Server: parsed, From: netmail.Address{Name: "WISC Roundtables", Address: "roundtables@wisc.example"}, Domain: "wisc.example", Timeout: 5 * time.Second, RootCAs: server.RootCAs()}
}

// until waits for something that the worker does.
func (d desk) until(what string, f func() bool) {
	d.t.Helper()
	for limit := time.Now().Add(15 * time.Second); !f(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			d.t.Fatal("waited too long for: " + what)
		}
	}
}

func (d desk) counts() map[models.MailState]int {
	d.t.Helper()
	page, err := d.st.Mails(d.t.Context(), d.lead, models.MailFilter{})
	if err != nil {
		d.t.Fatal(err)
	}
	return page.Counts
}

func (d desk) invite(n int) []models.ID {
	d.t.Helper()
	guests := storetest.Guests(d.t, d.st, d.lead, d.room, n, models.Academia)
	if _, err := d.st.InviteGuests(d.t.Context(), d.lead, d.room, models.InviteInput{}); err != nil {
		d.t.Fatal(err)
	}
	return guests
}

// perMessage counts the copies of each Message-ID and the receivers.
func perMessage(t *testing.T, all []smtptest.Received) (ids map[string]int, to map[string]int) {
	t.Helper()
	ids, to = map[string]int{}, map[string]int{}
	for _, r := range all {
		m, err := netmail.ReadMessage(bytes.NewReader(r.Data))
		if err != nil {
			t.Fatal(err)
		}
		if len(r.To) != 1 {
			t.Errorf("one message to %d people", len(r.To))
		}
		if ids[m.Header.Get("Message-ID")]++; ids[m.Header.Get("Message-ID")] == 1 {
			to[r.To[0]]++
		}
	}
	return ids, to
}

func TestRun_oneMessageForEachGuest(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{TLS: smtptest.StartTLS})
	d := newDesk(t)
	defer d.run(d.smtp(server))()
	d.invite(9)
	all := server.Wait(t, 9, 15*time.Second)
	d.until("nine sent", func() bool { return d.counts()[models.MailSent] == 9 })
	ids, to := perMessage(t, all)
	if len(ids) != 9 || len(to) != 9 {
		t.Errorf("%d messages to %d people", len(ids), len(to))
	}
}

func TestRun_noMailGoesToReservedDomains(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{TLS: smtptest.StartTLS})
	d := newDesk(t)
	defer d.runWith(worker.Config{Mailer: d.smtp(server)})()
	living := storetest.Person(t, d.st, d.lead, "Marisol Echeverry", models.Industry, "")
	if _, err := d.st.UpdatePerson(t.Context(), d.lead, living.ID, models.PersonInput{Full: "Marisol Echeverry", Email: "m.echeverry@wisc-programs.us", Sector: models.Industry}, 0); err != nil {
		t.Fatal(err)
	}
	d.invite(3)
	guest := storetest.Guest(t, d.st, d.lead, d.room, living)
	if _, err := d.st.InviteGuests(t.Context(), d.lead, d.room, models.InviteInput{Guests: []models.ID{guest}}); err != nil {
		t.Fatal(err)
	}
	d.until("all ended", func() bool { n := d.counts(); return n[models.MailWithheld] == 3 && n[models.MailSent] == 1 })
	if all := server.Wait(t, 1, time.Second); len(all) != 1 || all[0].To[0] != "m.echeverry@wisc-programs.us" {
		t.Errorf("%d messages left", len(all))
	}
	page, err := d.st.Mails(t.Context(), d.lead, models.MailFilter{State: models.MailWithheld})
	if err != nil {
		t.Fatal(err)
	}
	for _, listed := range page.Mails {
		m, err := d.st.Mail(t.Context(), d.lead, listed.ID, false)
		if err != nil || !strings.Contains(m.Problem, "reserved") || !strings.Contains(m.Text, "[the guest’s link]") {
			t.Errorf("held without its words or the reason: %+v, %v", m, err)
		}
	}
}

func TestRun_keptWhereNoServerIsConfiguredAndNoTokenLiesInTheDatabase(t *testing.T) {
	d := newDesk(t)
	defer d.run(nil)()
	d.invite(2)
	d.until("two kept", func() bool { return d.counts()[models.MailKept] == 2 })
	page, err := d.st.Mails(t.Context(), d.lead, models.MailFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, listed := range page.Mails {
		m, err := d.st.Mail(t.Context(), d.lead, listed.ID, true)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Token) != 43 || strings.Contains(m.Text+m.HTML+m.Calendar, m.Token) || !strings.Contains(m.Text, "[the guest’s link]") {
			t.Errorf("kept with its token, or without its stand-in: %q", m.Text)
		}
		if !strings.Contains(m.Calendar, "METHOD:REQUEST") || strings.Count(m.Calendar, "ATTENDEE") != 1 {
			t.Errorf("calendar part: %s", m.Calendar)
		}
		if _, inv, err := d.st.GuestByToken(t.Context(), m.Token); err != nil || inv.Guest != m.Guest {
			t.Error("the link of a kept message does not work")
		}
	}
}

func TestRun_refusedForGoodIsABounce(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{Recipient: func(to string) error {
		if strings.HasPrefix(to, "guest.aaac") {
			return smtptest.Refuse(550, [3]int{5, 1, 1}, "no such user")
		}
		return nil
	}})
	d := newDesk(t)
	defer d.run(d.smtp(server))()
	d.invite(3)
	d.until("two sent, one bounced", func() bool { c := d.counts(); return c[models.MailSent] == 2 && c[models.MailBounced] == 1 })
	page, err := d.st.Mails(t.Context(), d.lead, models.MailFilter{State: models.MailBounced})
	if err != nil || len(page.Mails) != 1 || !strings.Contains(page.Mails[0].Problem, "550") {
		t.Fatalf("%+v %v", page.Mails, err)
	}
	if n, err := d.st.RetryMail(t.Context(), d.lead, []models.ID{page.Mails[0].ID}); err != nil || n != 1 {
		t.Error(n, err)
	}
}

func TestRun_temporaryTroubleIsTriedAgainLaterUnderTheSameMessageID(t *testing.T) {
	var mu sync.Mutex
	refused := map[string]int{}
	server := smtptest.Start(t, smtptest.Options{Recipient: func(to string) error {
		mu.Lock()
		defer mu.Unlock()
		if refused[to]++; refused[to] <= 2 {
			return smtptest.Refuse(451, [3]int{4, 7, 1}, "greylisted")
		}
		return nil
	}})
	d := newDesk(t)
	defer d.run(d.smtp(server))()
	d.invite(4)
	d.until("all to be tried again", func() bool { return d.counts()[models.MailRetrying] == 4 })
	if n := len(server.Messages()); n != 0 {
		t.Fatalf("%d messages before their time", n)
	}
	d.clock.Advance(2 * time.Minute)
	d.until("each refused twice", func() bool {
		mu.Lock()
		defer mu.Unlock()
		for _, n := range refused {
			if n < 2 {
				return false
			}
		}
		return true
	})
	d.until("all sent", func() bool {
		d.clock.Advance(2 * time.Minute) // an answer may not have been kept yet when the clock is looked at
		return d.counts()[models.MailSent] == 4
	})
	if ids, to := perMessage(t, server.Messages()); len(ids) != 4 || len(to) != 4 {
		t.Errorf("%d ids, %d receivers", len(ids), len(to))
	}
}

func TestRun_droppedAndDelayedStillOneMessagePerGuest(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{DropInData: 3, DropAfterData: 2, Delay: 30 * time.Millisecond})
	d := newDesk(t)
	stop := d.run(d.smtp(server))
	defer func() { stop() }()
	d.invite(8)
	d.until("some sent", func() bool { return d.counts()[models.MailSent] > 0 })
	stop() // in the middle; the next start goes on
	stop = d.run(d.smtp(server))
	d.until("all sent", func() bool {
		d.clock.Advance(90 * time.Second)
		return d.counts()[models.MailSent] == 8
	})
	ids, to := perMessage(t, server.Messages())
	if len(ids) != 8 || len(to) != 8 {
		t.Errorf("%d different messages to %d people", len(ids), len(to))
	}
	for who, n := range to {
		if n != 1 {
			t.Errorf("%s got %d different messages", who, n)
		}
	}
}

// panicky fails in every way that is not an answer of a mail server.
type panicky struct{ left int }

func (p *panicky) Send(context.Context, worker.Envelope) error {
	if p.left--; p.left >= 0 {
		panic("the mailer broke")
	}
	return nil
}

func TestRun_aPanicLosesNoMessage(t *testing.T) {
	d := newDesk(t)
	defer d.run(&panicky{left: 1})()
	d.invite(1)
	d.until("sent after all", func() bool {
		d.clock.Advance(time.Minute)
		return d.counts()[models.MailSent] == 1
	})
}

// catcher keeps what is sent.
type catcher struct {
	mu   sync.Mutex
	sent []worker.Envelope
}

func (c *catcher) Send(_ context.Context, e worker.Envelope) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, e)
	return nil
}

func (c *catcher) take() []worker.Envelope {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.sent
	c.sent = nil
	return out
}

func TestRun_theTableOfChanges(t *testing.T) {
	d := newDesk(t)
	c := &catcher{}
	defer d.run(c)()
	idle := func() {
		t.Helper()
		d.until("nothing under way", func() bool {
			n := d.counts()
			return n[models.MailQueued]+n[models.MailSending]+n[models.MailRetrying] == 0
		})
	}
	guests := d.invite(3)
	idle()
	tokens := map[models.ID]string{}
	for _, e := range c.take() {
		token := e.Message.Text[strings.Index(e.Message.Text, base+"/r/")+len(base)+3:][:43]
		_, inv, err := d.st.GuestByToken(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		tokens[inv.Guest] = token
	}
	storetest.Answer(t, d.st, tokens[guests[0]], models.Accepted)
	storetest.Answer(t, d.st, tokens[guests[1]], models.Declined)
	idle()
	d.expect(c.take(), 0, map[string]string{"guest.aaac": "REQUEST ACCEPTED", "guest.baac": ""})

	r, err := d.st.Roundtable(t.Context(), d.lead, d.room)
	if err != nil {
		t.Fatal(err)
	}
	in := r.Input()
	in.Schedule.Start, in.Schedule.End = "15:00", "17:00"
	if _, err := d.st.UpdateRoundtable(t.Context(), d.lead, d.room, in); err != nil {
		t.Fatal(err)
	}
	d.until("the move is told", func() bool { n := d.counts(); return n[models.MailSent] >= 7 })
	idle()
	d.expect(c.take(), 1, map[string]string{"guest.aaac": "REQUEST NEEDS-ACTION", "guest.caac": "REQUEST NEEDS-ACTION"})
	if _, inv, _ := d.st.GuestByToken(t.Context(), tokens[guests[0]]); inv.State != models.Reconfirm {
		t.Errorf("after the move: %v", inv.State)
	}
	storetest.Answer(t, d.st, tokens[guests[0]], models.Accepted)
	idle()
	c.take()

	if r, err = d.st.Roundtable(t.Context(), d.lead, d.room); err != nil {
		t.Fatal(err)
	}
	before := r.Place
	in = r.Input()
	in.Place, in.Link = "Longworth Building, Washington", "https://video.example/j/new"
	if _, err := d.st.UpdateRoundtable(t.Context(), d.lead, d.room, in); err != nil {
		t.Fatal(err)
	}
	d.clock.Advance(31 * time.Minute)
	d.until("the new place is told", func() bool { return d.counts()[models.MailSent] >= 10 })
	idle()
	moved := c.take()
	d.expect(moved, 2, map[string]string{"guest.aaac": "REQUEST ACCEPTED", "guest.caac": "REQUEST NEEDS-ACTION"})
	for _, e := range moved {
		seated := strings.HasPrefix(e.ToEmail, "guest.aaac")
		if !strings.Contains(e.Message.Text, "Where: Longworth Building, Washington (was: "+before+")") || strings.Contains(e.Message.Text, "j/new") != seated {
			t.Errorf("%s reads of the change:\n%s", e.ToEmail, e.Message.Text)
		}
	}

	if err := d.st.CancelRoundtable(t.Context(), d.lead, d.room, models.CancelInput{Reason: "The speaker is ill."}); err != nil {
		t.Fatal(err)
	}
	d.until("the cancellation is told", func() bool { return d.counts()[models.MailSent] >= 12 })
	idle()
	all := c.take()
	d.expect(all, 3, map[string]string{"guest.aaac": "CANCEL ACCEPTED", "guest.caac": "CANCEL NEEDS-ACTION"})
	if !strings.Contains(all[0].Message.Text, "The speaker is ill.") {
		t.Error("the reason is missing")
	}
}

// expect compares who got which calendar part at which sequence.
func (d desk) expect(all []worker.Envelope, sequence int, want map[string]string) {
	d.t.Helper()
	got := map[string]string{}
	for _, e := range all {
		who, _, _ := strings.Cut(e.ToEmail, "@")
		calendar := strings.ReplaceAll(string(e.Message.Calendar), "\r\n ", "")
		part := ""
		if calendar != "" {
			_, rest, _ := strings.Cut(calendar, "PARTSTAT=")
			part = e.Message.CalendarMethod + " " + rest[:strings.IndexAny(rest, ";:")]
			if !strings.Contains(calendar, fmt.Sprintf("SEQUENCE:%d\r\n", sequence)) {
				d.t.Errorf("%s: not sequence %d:\n%s", who, sequence, calendar)
			}
		}
		if _, twice := got[who]; twice {
			d.t.Errorf("%s got two messages", who)
		}
		got[who] = part
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.t.Errorf("got %v, want %v", got, want)
	}
}

func TestRun_mailNamesNoOtherGuestAndTheCalendarHoldsNoToken(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	d := newDesk(t)
	defer d.run(d.smtp(server))()
	for _, name := range []string{"Ana Echeverry", "Kenji Mizuhara"} {
		storetest.Guest(t, d.st, d.lead, d.room, storetest.Person(t, d.st, d.lead, name, models.Congress, "Office of "+name))
	}
	if _, err := d.st.InviteGuests(t.Context(), d.lead, d.room, models.InviteInput{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range server.Wait(t, 2, 15*time.Second) {
		whole := decoded(t, r.Data)
		if strings.Contains(whole, "Echeverry") == strings.Contains(whole, "Mizuhara") {
			t.Error("a message names both guests, or neither")
		}
		calendar := whole[strings.Index(whole, "BEGIN:VCALENDAR"):]
		if strings.Contains(calendar, "/r/") {
			t.Error("the calendar part holds a link")
		}
	}
}

// decoded returns every part of a message, one after the other.
func decoded(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprint(m.Header)
	var walk func(contentType, encoding string, body io.Reader)
	walk = func(contentType, encoding string, body io.Reader) {
		media, params, err := mime.ParseMediaType(contentType)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			if encoding == "base64" {
				body = base64.NewDecoder(base64.StdEncoding, body)
			}
			b, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			out += "\n" + string(b)
			return
		}
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextPart()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return out
}

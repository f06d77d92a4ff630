package worker

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rotunda/handlers/worker/smtptest"
	"rotunda/models"
	"rotunda/views/files"
	"rotunda/views/mail"
)

func calendar(t testing.TB) []byte {
	t.Helper()
	start := models.At(time.Date(2026, 10, 22, 13, 0, 0, 0, time.UTC))
	b, err := files.Event{
		UID: "42@mail.wisc.example", Method: files.MethodRequest, Start: start, End: start.Add(2 * time.Hour), Zone: "America/New_York",
		Summary: "Trusted Chips — 信頼", OrganizerEmail: "roundtables@wisc.example", AttendeeName: "Echeverry, Marisol",
		AttendeeEmail: "m.echeverry@senate.example", PartStat: files.PartStatNeedsAction, Stamp: start,
	}.ICS()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func envelope(t testing.TB) Envelope {
	return Envelope{
		ID: "j0000000000042", ToName: "Echeverry, Marisol “Mari”", ToEmail: "m.echeverry@senate.example",
		Date: models.At(time.Date(2026, 9, 15, 12, 0, 0, 0, time.UTC)),
		Message: mail.Message{
			Subject:  "Invitation: Trusted Chips, Trusted Partners — une très longue table, 信頼できる半導体, October 22, 2026",
			Text:     "Dear Ms. Echeverry,\n\n.a line that begins with a dot\n" + strings.Repeat("long ", 300) + "\n-- \nWISC\n",
			HTML:     "<!doctype html><html><body><p>Dear Ms. Echeverry — “hello”</p></body></html>",
			Calendar: calendar(t), CalendarMethod: "REQUEST",
		},
	}
}

// mailer returns the Mailer for a server, as the settings make it.
func mailer(t testing.TB, s *smtptest.Server) *SMTP {
	t.Helper()
	server, err := ParseSMTPURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	return &SMTP{
		Server: server, RootCAs: s.RootCAs(), Domain: "mail.wisc.example", Timeout: 10 * time.Second,
		From:    netmail.Address{Name: "WISC, Roundtables", Address: "roundtables@wisc.example"},
		ReplyTo: netmail.Address{Address: "office@wisc.example"},
	}
}

func sendError(t testing.TB, err error) *SendError {
	t.Helper()
	var e *SendError
	if !errors.As(err, &e) {
		t.Fatalf("want a *SendError, got %v", err)
	}
	return e
}

// part is a leaf of a MIME tree.
type part struct {
	path        string // types of the multiparts around it
	mediaType   string
	params      map[string]string
	disposition string
	body        string
}

func leaves(t testing.TB, path, contentType, encoding, disposition string, body io.Reader) []part {
	t.Helper()
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		var out []part
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return out
			}
			if err != nil {
				t.Fatal(err)
			}
			h := p.Header
			out = append(out, leaves(t, path+"/"+strings.TrimPrefix(mediaType, "multipart/"),
				h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), h.Get("Content-Disposition"), p)...)
		}
	}
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return []part{{path, mediaType, params, disposition, string(b)}}
}

func parse(t testing.TB, data []byte) (netmail.Header, []part) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, leaves(t, "", m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
}

func lf(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func TestSMTP_messageArrivesAsItWasWritten(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	e := envelope(t)
	if err := mailer(t, server).Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	got := server.Wait(t, 1, 5*time.Second)[0]
	if got.From != "roundtables@wisc.example" || !slices.Equal(got.To, []string{e.ToEmail}) {
		t.Errorf("envelope from %s to %v", got.From, got.To)
	}
	header, parts := parse(t, got.Data)
	var names []string
	for name, values := range header {
		names = append(names, name)
		if len(values) != 1 {
			t.Errorf("%d headers %s", len(values), name)
		}
	}
	slices.Sort(names)
	want := []string{"Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Reply-To", "Subject", "To"}
	if !slices.Equal(names, want) {
		t.Errorf("headers %v, want %v", names, want)
	}
	if id := header.Get("Message-Id"); id != "<j0000000000042@mail.wisc.example>" {
		t.Errorf("message id %s", id)
	}
	if d, err := header.Date(); err != nil || models.At(d) != e.Date {
		t.Errorf("date %v, %v", d, err)
	}
	if s, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject")); err != nil || s != e.Message.Subject {
		t.Errorf("subject %q, %v", s, err)
	}
	for name, want := range map[string]netmail.Address{
		"To": {Name: e.ToName, Address: e.ToEmail}, "From": {Name: "WISC, Roundtables", Address: "roundtables@wisc.example"},
		"Reply-To": {Address: "office@wisc.example"},
	} {
		list, err := header.AddressList(name)
		if err != nil || len(list) != 1 || *list[0] != want {
			t.Errorf("%s is %v, %v", name, list, err)
		}
	}
	checkParts(t, parts, e.Message)
	for line := range bytes.SplitSeq(got.Data, []byte("\n")) {
		if len(line) > 998 {
			t.Errorf("a line of %d octets", len(line))
		}
	}
}

func checkParts(t *testing.T, parts []part, m mail.Message) {
	t.Helper()
	want := []struct{ path, mediaType, body string }{
		{"/mixed/alternative", "text/plain", m.Text}, {"/mixed/alternative", "text/html", m.HTML},
		{"/mixed/alternative", "text/calendar", string(m.Calendar)}, {"/mixed", "application/ics", string(m.Calendar)},
	}
	if len(parts) != len(want) {
		t.Fatalf("%d parts", len(parts))
	}
	for i, w := range want {
		p := parts[i]
		if p.path != w.path || p.mediaType != w.mediaType {
			t.Errorf("part %d is %s in %s, want %s in %s", i, p.mediaType, p.path, w.mediaType, w.path)
		}
		same := lf(p.body) == lf(w.body)
		if i >= 2 { // calendars keep every octet
			same = p.body == w.body
		}
		if !same {
			t.Errorf("%s came back as\n%q\nwant\n%q", w.mediaType, p.body, w.body)
		}
		if method, ok := p.params["method"]; ok != (i == 2) || ok && method != "REQUEST" {
			t.Errorf("%s has method %q", p.mediaType, method)
		}
	}
	if !strings.HasPrefix(parts[3].disposition, "attachment") || !strings.Contains(parts[3].disposition, "invite.ics") {
		t.Errorf("the file is sent as %q", parts[3].disposition)
	}
}

func TestSMTP_messageWithoutCalendarHasTwoParts(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	e := envelope(t)
	e.Message.Calendar, e.Message.CalendarMethod = nil, ""
	if err := mailer(t, server).Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	_, parts := parse(t, server.Wait(t, 1, 5*time.Second)[0].Data)
	if len(parts) != 2 || parts[0].path != "/alternative" || parts[0].mediaType != "text/plain" || parts[1].mediaType != "text/html" {
		t.Errorf("parts %+v", parts)
	}
}

func TestSMTP_repeatedAttemptHasTheSameMessageID(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	m := mailer(t, server)
	for range 2 {
		if err := m.Send(t.Context(), envelope(t)); err != nil {
			t.Fatal(err)
		}
	}
	got := server.Wait(t, 2, 5*time.Second)
	a, _ := parse(t, got[0].Data)
	b, _ := parse(t, got[1].Data)
	if a.Get("Message-Id") != b.Get("Message-Id") || a.Get("Date") != b.Get("Date") {
		t.Errorf("ids %s and %s", a.Get("Message-Id"), b.Get("Message-Id"))
	}
}

func TestSMTP_refusalsAreClassified(t *testing.T) {
	refuse := func(code int, enhanced [3]int) func(string) error {
		return func(to string) error { return smtptest.Refuse(code, enhanced, "<"+to+"> said no to Marisol") }
	}
	for name, c := range map[string]struct {
		options   smtptest.Options
		temporary bool
		bounced   bool
		code      int
		enhanced  string
	}{
		"unknown recipient": {smtptest.Options{Recipient: refuse(550, [3]int{5, 1, 1})}, false, true, 550, "5.1.1"},
		"greylisted":        {smtptest.Options{Recipient: refuse(451, [3]int{4, 7, 1})}, true, false, 451, "4.7.1"},
		"sender refused":    {smtptest.Options{Sender: refuse(553, [3]int{5, 1, 8})}, false, false, 553, "5.1.8"},
		"sender later":      {smtptest.Options{Sender: refuse(421, [3]int{4, 3, 2})}, true, false, 421, "4.3.2"},
		"taken for spam": {smtptest.Options{Content: func([]byte) error { return smtptest.Refuse(554, [3]int{5, 7, 1}, "spam by Marisol") }},
			false, true, 554, "5.7.1"},
		"disk full": {smtptest.Options{Content: func([]byte) error { return smtptest.Refuse(452, [3]int{4, 3, 1}, "full") }},
			true, false, 452, "4.3.1"},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t, c.options)
			err := mailer(t, server).Send(t.Context(), envelope(t))
			e := sendError(t, err)
			if e.Temporary != c.temporary || e.Bounced != c.bounced || e.Code != c.code || e.Enhanced != c.enhanced {
				t.Errorf("got %+v", e)
			}
			for _, secret := range []string{"echeverry", "marisol", "roundtables@", "said no"} {
				if strings.Contains(strings.ToLower(err.Error()), secret) {
					t.Errorf("the error tells %q: %s", secret, err)
				}
			}
			if n := len(server.Messages()); n != 0 {
				t.Errorf("%d messages were taken", n)
			}
		})
	}
}

func TestSMTP_greylistedMessageIsTakenLater(t *testing.T) {
	var asked atomic.Int32
	server := smtptest.Start(t, smtptest.Options{Recipient: func(string) error {
		if asked.Add(1) == 1 {
			return smtptest.Refuse(451, [3]int{4, 7, 1}, "try later")
		}
		return nil
	}})
	m := mailer(t, server)
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary {
		t.Errorf("got %+v", e)
	}
	if err := m.Send(t.Context(), envelope(t)); err != nil {
		t.Error(err)
	}
}

func TestSMTP_droppedConnections(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{DropInData: 1})
	m := mailer(t, server)
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || e.Bounced || e.Code != 0 {
		t.Errorf("dropped in DATA: %+v", e)
	}
	if err := m.Send(t.Context(), envelope(t)); err != nil || len(server.Messages()) != 1 {
		t.Errorf("the next attempt: %v, %d messages", err, len(server.Messages()))
	}
	server = smtptest.Start(t, smtptest.Options{DropAfterData: 1})
	if err := mailer(t, server).Send(t.Context(), envelope(t)); err != nil || len(server.Messages()) != 1 {
		t.Errorf("dropped after the message was taken: %v: it would be sent twice", err)
	}
}

func TestSMTP_slowServers(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{Delay: 400 * time.Millisecond})
	m := mailer(t, server)
	if err := m.Send(t.Context(), envelope(t)); err != nil {
		t.Errorf("a server slower than usual: %v", err)
	}
	m = mailer(t, smtptest.Start(t, smtptest.Options{Delay: 5 * time.Second}))
	m.Timeout = 100 * time.Millisecond
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary {
		t.Errorf("past the timeout: %+v", e)
	}
	m.Timeout = 10 * time.Second
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err := m.Send(ctx, envelope(t))
	if e := sendError(t, err); !e.Temporary || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended by its caller: %+v", e)
	}
	if d := time.Since(begin); d > 4*time.Second {
		t.Errorf("the attempt ended %v after its caller gave up", d)
	}
}

func TestSMTP_unreachableServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := ParseSMTPURL("smtp://" + l.Addr().String() + "?starttls=none")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	m := &SMTP{Server: server, Domain: "mail.wisc.example", From: netmail.Address{Address: "a@wisc.example"}}
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || e.Reason != "The mail server cannot be reached." {
		t.Errorf("got %+v", e)
	}
}

func TestParseSMTPURL(t *testing.T) {
	for s, want := range map[string]SMTPServer{
		"smtp://mx.wisc.example":                            {Host: "mx.wisc.example", Port: 587},
		"smtp://u:p%40ss@mx.wisc.example:2525":              {Host: "mx.wisc.example", Port: 2525, User: "u", Password: "p@ss"},
		"smtp://u%40wisc.example:p@mx.wisc.example/":        {Host: "mx.wisc.example", Port: 587, User: "u@wisc.example", Password: "p"},
		"smtp://mx.wisc.example?starttls=required":          {Host: "mx.wisc.example", Port: 587},
		"smtp://mx.wisc.example:587?starttls=opportunistic": {Host: "mx.wisc.example", Port: 587, Encryption: StartTLSOpportunistic},
		"smtp://127.0.0.1:1025?starttls=none":               {Host: "127.0.0.1", Port: 1025, Encryption: Unencrypted},
		"smtps://u:p@mx.wisc.example":                       {Host: "mx.wisc.example", Port: 465, User: "u", Password: "p", Encryption: ImplicitTLS},
		"smtps://u:p@[::1]:4650":                            {Host: "::1", Port: 4650, User: "u", Password: "p", Encryption: ImplicitTLS},
	} {
		if got, err := ParseSMTPURL(s); err != nil || got != want {
			t.Errorf("%s: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "mx.wisc.example:587", "http://u:hunter2@mx.wisc.example", "smtp://", "smtp://u:hunter2@", "smtp://u@mx.wisc.example",
		"smtp://:hunter2@mx.wisc.example", "smtp://u:hunter2@mx.wisc.example:0", "smtp://u:hunter2@mx.wisc.example:99999", "smtp://u:hunter2@mx.wisc.example:x",
		"smtp://u:hunter2@mx.wisc.example?starttls=maybe", "smtps://u:hunter2@mx.wisc.example?starttls=none", "smtp://u:hunter2@mx.wisc.example?tls=no",
		"smtp://u:hunter2@mx.wisc.example/path", "smtp://u:hunter2%@mx.wisc.example",
	} {
		_, err := ParseSMTPURL(s)
		var invalid *models.InvalidError
		if !errors.As(err, &invalid) {
			t.Errorf("%q: %v", s, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

func TestBackoff_growsAndEnds(t *testing.T) {
	var total, last time.Duration
	for attempt := 1; attempt < MaxAttempts; attempt++ {
		d, again := Backoff(attempt)
		if !again || d < last || d > 12*time.Hour {
			t.Errorf("after attempt %d: %v, %v", attempt, d, again)
		}
		total, last = total+d, d
		if attempt == 2 && total < 5*time.Minute {
			t.Errorf("the third attempt comes after %v, before a greylisting server takes it", total)
		}
	}
	if total < 24*time.Hour || total > 72*time.Hour {
		t.Errorf("a server that is down is given %v", total)
	}
	if _, again := Backoff(MaxAttempts); again {
		t.Error("there is no end to it")
	}
	if d, again := Backoff(0); d != time.Minute || !again {
		t.Errorf("before any attempt: %v, %v", d, again)
	}
}

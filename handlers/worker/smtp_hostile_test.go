package worker

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rotunda/handlers/worker/smtptest"
)

func TestSMTP_encryptionAndSignIn(t *testing.T) {
	for name, o := range map[string]smtptest.Options{
		"starttls, plain": {TLS: smtptest.StartTLS, User: "rotunda", Password: "p:a@s/s%?"},
		"starttls, login": {TLS: smtptest.StartTLS, User: "rotunda", Password: "p:a@s/s%?", Mechanisms: []string{"LOGIN"}},
		"smtps, plain":    {TLS: smtptest.ImplicitTLS, User: "rotunda", Password: "p:a@s/s%?"},
		"smtps, login":    {TLS: smtptest.ImplicitTLS, User: "rotunda", Password: "p:a@s/s%?", Mechanisms: []string{"LOGIN"}},
		"starttls":        {TLS: smtptest.StartTLS},
		"smtps":           {TLS: smtptest.ImplicitTLS},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t, o)
			m := mailer(t, server)
			if err := m.Send(t.Context(), envelope(t)); err != nil {
				t.Fatal(err)
			}
			if n := len(server.Messages()); n != 1 {
				t.Errorf("%d messages", n)
			}
			m.RootCAs = nil
			if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || !strings.Contains(e.Reason, "certificate") {
				t.Errorf("an untrusted certificate: %+v", e)
			}
			if o.User == "" {
				return
			}
			m = mailer(t, server)
			m.Server.Password = "wrong"
			e := sendError(t, m.Send(t.Context(), envelope(t)))
			if !e.Temporary || e.Bounced || e.Code != 535 || !strings.Contains(e.Reason, "password") {
				t.Errorf("a wrong password: %+v", e)
			}
			m.Server.User = ""
			if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || e.Bounced || e.Code != 530 {
				t.Errorf("no user: %+v", e)
			}
			if n := len(server.Messages()); n != 1 {
				t.Errorf("%d messages after refusals", n)
			}
		})
	}
}

func TestSMTP_requiredEncryptionIsNotGivenUp(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	m := mailer(t, server)
	m.Server.Encryption = StartTLSRequired
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || !strings.Contains(e.Reason, "STARTTLS") {
		t.Errorf("got %+v", e)
	}
	m.Server.Encryption = ImplicitTLS
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || !strings.Contains(e.Reason, "TLS") {
		t.Errorf("TLS to a plain port: %+v", e)
	}
	if n := len(server.Messages()); n != 0 {
		t.Errorf("%d messages went out in the clear", n)
	}
	m.Server.Encryption = StartTLSOpportunistic
	if err := m.Send(t.Context(), envelope(t)); err != nil {
		t.Errorf("opportunistic: %v", err)
	}
	m.Server.User, m.Server.Password = "rotunda", "secret"
	if e := sendError(t, m.Send(t.Context(), envelope(t))); !e.Temporary || !strings.Contains(e.Reason, "sign in") {
		t.Errorf("a server without sign-in: %+v", e)
	}
}

func TestSMTP_refusesHeadersInValues(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	m := mailer(t, server)
	for name, breakIt := range map[string]func(*Envelope){
		"subject":         func(e *Envelope) { e.Message.Subject = "x\r\nBcc: evil@evil.example" },
		"bare LF":         func(e *Envelope) { e.Message.Subject = "x\nBcc: evil@evil.example" },
		"name":            func(e *Envelope) { e.ToName = "x\r\nBcc: evil@evil.example" },
		"address":         func(e *Envelope) { e.ToEmail = "a@b.example>\r\nRCPT TO:<evil@evil.example" },
		"two addresses":   func(e *Envelope) { e.ToEmail = "a@b.example, c@d.example" },
		"address in name": func(e *Envelope) { e.ToEmail = "Evil <a@b.example>" },
		"long address":    func(e *Envelope) { e.ToEmail = strings.Repeat("a", 300) + "@b.example" },
		"id":              func(e *Envelope) { e.ID = "x>\r\nBcc: evil@evil.example" },
		"no id":           func(e *Envelope) { e.ID = "" },
		"method":          func(e *Envelope) { e.Message.CalendarMethod = "REQUEST\r\nX: y" },
		"no subject":      func(e *Envelope) { e.Message.Subject = "" },
		"no text":         func(e *Envelope) { e.Message.Text = "" },
	} {
		e := envelope(t)
		breakIt(&e)
		if got := sendError(t, m.Send(t.Context(), e)); got.Temporary || got.Bounced {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if n := server.Connections(); n != 0 {
		t.Errorf("%d connections for messages that cannot be sent", n)
	}
}

// printable drops what a header may not hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if breaks(string(r)) {
			return -1
		}
		return r
	}, s)
}

func TestSMTP_aBackslashInANameHidesNoReceiver(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	e := envelope(t)
	e.ToName = `Anaïs \ Lefèvre`
	if err := mailer(t, server).Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	header, _ := parse(t, server.Messages()[0].Data)
	to, err := header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != e.ToEmail || to[0].Name != "Anaïs / Lefèvre" {
		t.Errorf("to %v, %v", to, err)
	}
}

func TestSMTP_noValueAddsAHeaderOrAReceiver(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	m := mailer(t, server)
	plain, sent := envelope(t), 0
	value := rapid.Custom(func(t *rapid.T) string {
		pieces := []string{"\r\n", "\n", "\r", "Bcc: evil@evil.example", "\r\n.\r\n", "\"", "<", ">", ",", "=?utf-8?q?=0D=0ABcc:_x?=", "李", "\x00", "\u2028", ";", "--"}
		var b strings.Builder
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			b.WriteString(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()).Draw(t, "piece"))
		}
		return b.String()
	})
	rapid.Check(t, func(rt *rapid.T) {
		e := plain
		e.ToName, e.Message.Subject = value.Draw(rt, "name"), "s"+value.Draw(rt, "subject")
		if rapid.IntRange(0, 3).Draw(rt, "as it comes") > 0 { // else nearly all are refused
			e.ToName, e.Message.Subject = printable(e.ToName), printable(e.Message.Subject)
		}
		e.Message.Text, e.Message.HTML = "x"+value.Draw(rt, "text"), "x"+value.Draw(rt, "html")
		before := len(server.Messages())
		if err := m.Send(t.Context(), e); err != nil {
			var refused *SendError
			if !errors.As(err, &refused) || refused.Temporary || refused.Code != 0 {
				rt.Fatalf("%v", err)
			}
			if len(server.Messages()) != before {
				rt.Fatal("refused, yet sent")
			}
			return
		}
		sent++
		got := server.Messages()[before]
		header, parts := parse(t, got.Data)
		if len(header) != 8 || !slices.Equal(got.To, []string{e.ToEmail}) || len(parts) != 4 {
			rt.Fatalf("headers %v, to %v, %d parts", header, got.To, len(parts))
		}
		to, err := header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != e.ToEmail {
			rt.Fatalf("to %v, %v", to, err)
		}
	})
	if sent == 0 {
		t.Error("nothing was sent, so nothing was checked")
	}
	t.Logf("%d messages were sent and read back", sent)
}

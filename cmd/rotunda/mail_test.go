package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/worker"
	"rotunda/handlers/worker/smtptest"
	"rotunda/views/mail"
)

func TestMailFlags_aMessageLeavesUnderTheSendersDomain(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	c, err := mailFlags{SMTPURL: server.URL(), MailFrom: "WISC <roundtables@wisc.example>"}.worker(&url.URL{Scheme: "https", Host: "rotunda.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Mailer.Send(t.Context(), worker.Envelope{ID: "m1", ToEmail: "ana@example.net", Message: mail.Message{Subject: "s", Text: "t", HTML: "<p>t</p>"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(server.Wait(t, 1, 5*time.Second)[0].Data); !strings.Contains(got, "<m1@wisc.example>") {
		t.Error(got)
	}
}

func TestMailFlags_theExamplesGuestsGetNoMail(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "rotunda.wisc-programs.us"}
	for name, c := range map[string]struct {
		flags mailFlags
		sends bool
	}{
		"demo":              {mailFlags{SMTPURL: "smtp://127.0.0.1:2525", invented: true}, false},
		"tried out at home": {mailFlags{SMTPURL: "smtp://127.0.0.1:2525"}, true},
		"a real server":     {mailFlags{SMTPURL: "smtp://mail.wisc-programs.us"}, false},
	} {
		c.flags.MailFrom = "WISC <roundtables@wisc-programs.us>"
		got, err := c.flags.worker(base)
		if err != nil || got.Mailer == nil || got.SendReserved != c.sends {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

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

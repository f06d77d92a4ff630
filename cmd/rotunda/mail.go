package main

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strings"

	"rotunda/handlers/worker"
)

// mailFlags say how mail leaves.
type mailFlags struct {
	SMTPURL     string `name:"smtp-url" env:"ROTUNDA_SMTP_URL" help:"Mail server: smtp://user:password@host:587 or smtps://…:465. Without one, mail is kept and shown under Settings, Mail."`
	SMTPURLFile string `name:"smtp-url-file" env:"ROTUNDA_SMTP_URL_FILE" help:"File that holds the mail server's address."`
	MailFrom    string `name:"mail-from" env:"ROTUNDA_MAIL_FROM" help:"Sender of mail, such as 'WISC Programs <programs@wisc.example>'."`

	// invented says that the guests are an example's, to whom no mail goes.
	invented bool
}

// worker returns with what mail is sent from the site at base: without a
// Mailer where no server is configured.
func (m mailFlags) worker(base *url.URL) (worker.Config, error) {
	c := worker.Config{BaseURL: base.String(), From: mail.Address{Name: "Rotunda", Address: "rotunda@" + base.Hostname()}}
	if m.MailFrom != "" {
		from, err := mail.ParseAddress(m.MailFrom)
		if err != nil {
			return c, usageError{errors.New("--mail-from must look like 'WISC Programs <programs@wisc.example>'")}
		}
		c.From = *from
	}
	address, err := m.smtpURL()
	if err != nil || address == "" {
		return c, err
	}
	server, err := worker.ParseSMTPURL(address)
	if err != nil {
		return c, usageError{err}
	}
	if m.MailFrom == "" {
		return c, usageError{errors.New("a mail server needs --mail-from (ROTUNDA_MAIL_FROM), the sender of mail")}
	}
	_, domain, _ := strings.Cut(c.From.Address, "@")
	c.Mailer = &worker.SMTP{Server: server, From: c.From, Domain: domain}
	// A server on this machine is where mail is tried out: what it catches
	// goes no further.
	c.SendReserved = !m.invented && onThisMachine(server.Host)
	return c, nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (m mailFlags) smtpURL() (string, error) {
	if m.SMTPURL != "" || m.SMTPURLFile == "" {
		return m.SMTPURL, nil
	}
	raw, err := os.ReadFile(m.SMTPURLFile) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("cannot read the file of the mail server's address: %w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// describe says in a few words how mail leaves, for the doctor.
func (m mailFlags) describe(base *url.URL) (string, error) {
	c, err := m.worker(base)
	if err != nil {
		return "", err
	}
	if c.Mailer == nil {
		return "no server: mail is kept and shown under Settings, Mail", nil
	}
	return "a server is configured, mail comes from " + c.From.Address, nil
}

package worker

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"rotunda/models"
)

// Encryption says how the connection to a mail server is protected.
type Encryption int

// The ways, strictest first. The zero value is the default of smtp: addresses.
const (
	StartTLSRequired Encryption = iota
	StartTLSOpportunistic
	ImplicitTLS
	Unencrypted
)

// SMTPServer is where mail is handed over.
type SMTPServer struct {
	Host           string
	Port           int
	User, Password string // empty: the server wants none
	Encryption     Encryption
}

// ParseSMTPURL reads smtp://user:password@host:587?starttls=required (or
// opportunistic, none) and smtps://user:password@host:465. Ports may be left
// out. The error is a *models.InvalidError whose text never holds the address,
// since that may hold the password.
func ParseSMTPURL(s string) (SMTPServer, error) {
	bad := func(why string) (SMTPServer, error) { return SMTPServer{}, models.Invalid("smtp_url", why) }
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return bad("The mail server’s address must look like smtp://user:password@host:587.")
	}
	out := SMTPServer{Host: u.Hostname()}
	if out.Host == "" {
		return bad("The mail server’s address names no host.")
	}
	query := u.Query()
	starttls := query.Get("starttls")
	query.Del("starttls")
	if len(query) > 0 {
		return bad("The mail server’s address takes no other setting than starttls.")
	}
	switch {
	case u.Scheme == "smtps" && starttls == "":
		out.Encryption, out.Port = ImplicitTLS, 465
	case u.Scheme == "smtp" && (starttls == "" || starttls == "required"):
		out.Encryption, out.Port = StartTLSRequired, 587
	case u.Scheme == "smtp" && starttls == "opportunistic":
		out.Encryption, out.Port = StartTLSOpportunistic, 587
	case u.Scheme == "smtp" && starttls == "none":
		out.Encryption, out.Port = Unencrypted, 25
	default:
		return bad("The mail server’s address must begin with smtps://, or with smtp:// and say starttls=required, opportunistic or none.")
	}
	if p := u.Port(); p != "" {
		if out.Port, err = strconv.Atoi(p); err != nil || out.Port < 1 || out.Port > 65535 {
			return bad("The mail server’s port must be a number from 1 to 65535.")
		}
	}
	if u.User != nil {
		out.User = u.User.Username()
		out.Password, _ = u.User.Password()
		if out.User == "" || out.Password == "" {
			return bad("The mail server’s address must give both user and password, or neither.")
		}
	}
	return out, nil
}

// SMTP is the Mailer over a mail server. Every message has a connection of its
// own.
type SMTP struct {
	Server  SMTPServer
	From    netmail.Address
	ReplyTo netmail.Address // empty: answers go to From
	Domain  string          // right side of Message-IDs, and the name given in greeting
	Timeout time.Duration   // for one message, from dialing on; zero is one minute
	RootCAs *x509.CertPool  // nil: the system's
}

var _ Mailer = (*SMTP)(nil)

// Send hands the message over. Success means that the server took it: a
// connection that breaks afterwards is no error, or the message would be sent
// twice.
func (s *SMTP) Send(ctx context.Context, e Envelope) error {
	msg, err := s.message(e)
	if err != nil {
		return err
	}
	line := &line{ctx: ctx}
	defer line.end()
	client, err := s.client(line)
	if err != nil {
		return &SendError{Reason: "The mail settings cannot be used.", Temporary: true}
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return connectError(ctx, err)
	}
	if err := client.SendWithSMTPClient(conn, msg); err != nil && !msg.IsDelivered() {
		return deliverError(ctx, err)
	}
	_ = client.CloseWithSMTPClient(conn) // however the server says goodbye, it has the message
	return nil
}

// client prepares a client for one connection over the line.
func (s *SMTP) client(l *line) (*gomail.Client, error) {
	timeout := s.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	config := &tls.Config{ServerName: s.Server.Host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(s.Server.Port), gomail.WithTimeout(timeout), gomail.WithHELO(s.Domain),
		gomail.WithTLSConfig(config), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	switch s.Server.Encryption {
	case StartTLSRequired:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case StartTLSOpportunistic:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case Unencrypted:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
		l.tls = config
	}
	options = append(options, gomail.WithDialContextFunc(l.dial))
	if s.Server.User != "" {
		// Passwords in plain go over TLS or to this machine only: the library
		// refuses them elsewhere.
		options = append(options, gomail.WithUsername(s.Server.User), gomail.WithPassword(s.Server.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(s.Server.Host, options...)
}

// line is the one connection of an attempt. It ends with the context and with
// the attempt: the library leaves connections open whose greeting, encryption
// or sign-in fails, and does not look at the context once it is connected.
type line struct {
	ctx  context.Context
	tls  *tls.Config // nil: begins unencrypted
	conn net.Conn
	stop func() bool
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var conn net.Conn
	var err error
	if l.tls != nil {
		conn, err = (&tls.Dialer{Config: l.tls}).DialContext(ctx, network, address)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err != nil {
		return nil, err
	}
	l.conn = conn
	l.stop = context.AfterFunc(l.ctx, func() {
		defer func() { _ = recover() }() // closing a broken connection must end nothing else
		_ = conn.Close()
	})
	return conn, nil
}

func (l *line) end() {
	if l.conn != nil {
		l.stop()
		_ = l.conn.Close() // mostly closed already
	}
}

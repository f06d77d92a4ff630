// Package smtptest is a mail server for tests: it listens on loopback, keeps
// what it is given, and refuses, delays and drops on demand.
package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// TLSMode says how the server encrypts.
type TLSMode int

// The modes.
const (
	NoTLS TLSMode = iota
	StartTLS
	ImplicitTLS
)

// Options say how the server behaves. The zero value accepts everything in the
// clear.
type Options struct {
	TLS            TLSMode
	User, Password string   // where given, the server wants them before any mail
	Mechanisms     []string // of PLAIN and LOGIN; none is PLAIN

	Sender    func(from string) error // asked at MAIL; see Refuse
	Recipient func(to string) error   // asked at RCPT; see Refuse
	Content   func(data []byte) error // asked after DATA; see Refuse

	Delay         time.Duration // before the answer to DATA
	DropInData    int           // so many messages lose their connection while they are given
	DropAfterData int           // so many connections are cut right after their message is taken
}

// Refuse returns the error that makes the server answer with the code and the
// text.
func Refuse(code int, enhanced [3]int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// Received is a message as the server was given it.
type Received struct {
	From string
	To   []string
	Data []byte
}

// Server is a running mail server.
type Server struct {
	options  Options
	address  string
	rootCAs  *x509.CertPool
	mu       sync.Mutex
	received []Received
	arrived  chan struct{} // closed and replaced at each arrival
	dialed   int
}

// Start starts a server on a free loopback port; it stops with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{options: o, arrived: make(chan struct{})}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		s.dialed++
		s.mu.Unlock()
		return &session{server: s, conn: c, signedIn: o.User == ""}, nil
	}))
	srv.Domain = "mx.test.example"
	srv.ErrorLog = log.New(io.Discard, "", 0)
	srv.ReadTimeout, srv.WriteTimeout = 30*time.Second, 30*time.Second
	srv.EnableSMTPUTF8 = true
	srv.AllowInsecureAuth = o.TLS == NoTLS
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	if o.TLS != NoTLS {
		certificate, pool, err := selfSigned()
		if err != nil {
			t.Fatal(err)
		}
		s.rootCAs = pool
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		if o.TLS == ImplicitTLS {
			listener = tls.NewListener(listener, srv.TLSConfig)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(listener) // returns when the server is closed
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		_ = listener.Close() // the server does not know it yet where the test was quick
		<-done
	})
	return s
}

// URL returns the server's address as ROTUNDA_SMTP_URL takes it.
func (s *Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.address}
	switch s.options.TLS {
	case NoTLS:
		u.RawQuery = "starttls=none"
	case StartTLS:
		u.RawQuery = "starttls=required"
	case ImplicitTLS:
		u.Scheme = "smtps"
	}
	if s.options.User != "" {
		u.User = url.UserPassword(s.options.User, s.options.Password)
	}
	return u.String()
}

// RootCAs returns the pool that trusts the server's certificate; nil without
// TLS.
func (s *Server) RootCAs() *x509.CertPool { return s.rootCAs }

// Connections returns how many connections were opened.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialed
}

// Messages returns what was taken so far, in the order of arrival.
func (s *Server) Messages() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.received...)
}

// Wait returns the messages once there are at least n, and fails the test
// where they do not arrive in time.
func (s *Server) Wait(t testing.TB, n int, limit time.Duration) []Received {
	t.Helper()
	timeout := time.After(limit)
	for {
		s.mu.Lock()
		got, arrived := append([]Received(nil), s.received...), s.arrived
		s.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-arrived:
		case <-timeout:
			t.Fatalf("%d messages arrived within %v, want %d", len(got), limit, n)
		}
	}
}

func (s *Server) take(r Received) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, r)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// spend takes one off the counter and reports whether there was one.
func (s *Server) spend(counter *int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *counter == 0 {
		return false
	}
	*counter--
	return true
}

type session struct {
	server   *Server
	conn     *smtp.Conn
	signedIn bool
	from     string
	to       []string
	taken    bool // the last message was kept
}

var errDropped = errors.New("dropped on demand")

func (s *session) AuthMechanisms() []string {
	o := s.server.options
	if o.User == "" {
		return nil
	}
	if len(o.Mechanisms) == 0 {
		return []string{sasl.Plain}
	}
	return o.Mechanisms
}

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != s.server.options.User || password != s.server.options.Password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case sasl.Login:
		return &login{check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.signedIn {
		return Refuse(530, [3]int{5, 7, 0}, "Authentication required")
	}
	s.from = from
	if ask := s.server.options.Sender; ask != nil {
		return ask(from)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if ask := s.server.options.Recipient; ask != nil {
		if err := ask(to); err != nil {
			return err
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	if s.server.spend(&s.server.options.DropInData) {
		_, _ = io.CopyN(io.Discard, r, 64)
		_ = s.conn.Conn().Close()
		return errDropped
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if ask := s.server.options.Content; ask != nil {
		if err := ask(data); err != nil {
			return err
		}
	}
	time.Sleep(s.server.options.Delay)
	s.taken = true
	s.server.take(Received{From: s.from, To: append([]string(nil), s.to...), Data: data})
	return nil
}

func (s *session) Reset() {
	if s.taken && s.server.spend(&s.server.options.DropAfterData) {
		_ = s.conn.Conn().Close()
	}
	s.taken = false
	s.from, s.to = "", nil
}

func (s *session) Logout() error { return nil }

// login is the server's side of AUTH LOGIN: it asks for the name, then for the
// password.
type login struct {
	check func(user, password string) error
	step  int
	user  string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

// selfSigned makes a certificate for loopback and the pool that trusts it.
func selfSigned() (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "smtptest"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool, nil
}

package handlers_test

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
	"regexp"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/worker"
	"rotunda/handlers/worker/smtptest"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

var canaryWord = regexp.MustCompile(`(?i)zq[a-z]+[0-9]+`)

// postOffice carries the mail of the house to a real server on loopback.
type postOffice struct {
	t      *testing.T
	dsn    string
	server *smtptest.Server
	stop   func()
}

// openPostOffice runs the program's own worker over the house while it is
// built.
func openPostOffice(t *testing.T, st *store.Store, dsn string) *postOffice {
	t.Helper()
	o := &postOffice{t: t, dsn: dsn, server: smtptest.Start(t, smtptest.Options{})}
	parsed, err := worker.ParseSMTPURL(o.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	from := netmail.Address{Name: "WISC Roundtables", Address: "roundtables@wisc.example"}
	config := worker.Config{
		Store: st, BaseURL: "http://localhost:8080", From: from, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Poll: 20 * time.Millisecond,
		Mailer:       &worker.SMTP{Server: parsed, From: from, Domain: "wisc.example", Timeout: 10 * time.Second},
		SendReserved: true, // the house writes to example.net
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := worker.Run(ctx, config); err != nil {
			t.Error(err)
		}
	}()
	o.stop = func() { cancel(); <-done }
	return o
}

// delivered waits until nothing waits to be sent, and returns all messages.
// Reminders of days to come wait on.
func (o *postOffice) delivered() []smtptest.Received {
	o.t.Helper()
	db := storetest.RawDB(o.t, o.dsn)
	defer func() { _ = db.Close() }()
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var waiting int
		if err := db.QueryRow("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running') AND kind <> 'nudge'").Scan(&waiting); err != nil {
			o.t.Fatal(err)
		}
		if waiting == 0 {
			return o.server.Messages()
		}
		if time.Now().After(limit) {
			o.t.Fatalf("%d messages are not sent after 30 seconds", waiting)
		}
	}
}

var guestLink = regexp.MustCompile(`http://localhost:8080/r/([A-Za-z0-9_-]{43})`)

// linkOf returns the token of the personal link that the address was sent last.
func (o *postOffice) linkOf(address string) string {
	o.t.Helper()
	token := ""
	for _, m := range o.delivered() {
		if len(m.To) == 1 && m.To[0] == address {
			if found := guestLink.FindStringSubmatch(decodedMail(o.t, m.Data)); found != nil {
				token = found[1]
			}
		}
	}
	if token == "" {
		o.t.Fatalf("no link was sent to %s", address)
	}
	return token
}

// decodedMail returns the headers and every part of a message as a reader sees
// them.
func decodedMail(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	words := mime.WordDecoder{}
	for name, values := range m.Header {
		for _, v := range values {
			plain, err := words.DecodeHeader(v)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s: %s\n", name, plain)
		}
	}
	decodeParts(t, &out, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return out.String()
}

func decodeParts(t *testing.T, out *strings.Builder, contentType, encoding string, body io.Reader) {
	t.Helper()
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
		out.WriteString(strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n ", ""), "\n ", "") + "\n") // calendars are folded
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
		decodeParts(t, out, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
	}
}

// TestCanaries_mailTellsItsReceiverNothingElse reads every message that the
// house sent: it holds what its receiver sees on the own page, and no other
// word of the house.
func TestCanaries_mailTellsItsReceiverNothingElse(t *testing.T) {
	h := houseToRead(t)
	links := map[string]string{} // the page of each receiver
	for _, r := range append([]houseRoom{h.other}, h.rooms...) {
		for i, address := range r.addresses {
			if i < len(r.tokens) && r.tokens[i] != "" {
				links[address] = "/r/" + r.tokens[i]
			}
		}
	}
	seen := map[string]bool{}
	guests := 0
	for _, m := range h.sent {
		if len(m.To) != 1 {
			t.Errorf("one message for %d receivers", len(m.To))
			continue
		}
		who := principal{name: "the receiver", nobody: true}
		for _, p := range h.principals {
			if p.viewer.IsAccount() && p.viewer.Email() == m.To[0] {
				who = p
			}
		}
		path, isGuest := links[m.To[0]]
		if isGuest {
			guests++
		}
		for _, word := range canaryWord.FindAllString(decodedMail(t, m.Data), -1) {
			for _, c := range h.canaries {
				if !strings.EqualFold(c.word, word) {
					continue
				}
				seen[c.word] = true
				if !c.allowed(who, path) {
					t.Errorf("a message to %s tells the %s", m.To[0], c.what)
				}
			}
		}
	}
	if guests < 3*6 || len(seen) < 20 {
		t.Errorf("%d messages to guests with %d words: the test looks at too little", guests, len(seen))
	}
	t.Logf("%d messages, %d to guests, %d words met", len(h.sent), guests, len(seen))
}

package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views/files"
)

// database are the flags that every verb takes.
type database struct {
	readerCacheKB int `kong:"-"` // see store.Options
	writerCacheKB int `kong:"-"`

	DB          string `name:"db" env:"ROTUNDA_DB" default:"${db}" help:"Database: a file, or postgres://… (${default})."`
	DBFile      string `name:"db-file" env:"ROTUNDA_DB_FILE" help:"File that holds that address, where it carries a password."`
	LinkKey     string `name:"link-key" env:"ROTUNDA_LINK_KEY" hidden:"" help:"Secret behind personal links: 32 bytes as base64 or hex."`
	LinkKeyFile string `name:"link-key-file" env:"ROTUNDA_LINK_KEY_FILE" help:"File with that secret; made beside the database where it is missing."`
	LogFormat   string `name:"log-format" env:"ROTUNDA_LOG" enum:"text,json" default:"text" help:"Form of the log on standard error: text or json."`
}

// defaultDB is the database of an installation that says nothing.
const defaultDB = "data/rotunda.db"

// readDBFile takes the database from the file that holds its address, unless
// one was named outright.
func (d *database) readDBFile() error {
	if d.DBFile == "" || d.DB != defaultDB {
		return nil
	}
	raw, err := os.ReadFile(d.DBFile)
	if err != nil {
		return fmt.Errorf("cannot read the file of the database's address: %w", err)
	}
	d.DB = strings.TrimSpace(string(raw))
	if d.DB == "" {
		return fmt.Errorf("the file of the database's address, %s, is empty", d.DBFile)
	}
	return nil
}

// site are the flags of the verbs that serve.
type site struct {
	Addr           string   `name:"addr" env:"ROTUNDA_ADDR" default:"${addr}" help:"Address to listen on (${default})."`
	BaseURL        string   `name:"base-url" env:"ROTUNDA_BASE_URL" help:"Where people reach the site; links in mails start with it. Default: http://localhost and the port."`
	TrustedProxies []string `name:"trusted-proxies" env:"ROTUNDA_TRUSTED_PROXIES" help:"Address ranges of proxies whose X-Forwarded-For is believed."`
	MaxStreams     int      `name:"max-streams" env:"ROTUNDA_MAX_STREAMS" default:"500" help:"How many pages may listen for live captures at once (${default})."`
	PDFFont        string   `name:"pdf-font" env:"ROTUNDA_PDF_FONT" help:"TrueType font (.ttf) for scripts that the fonts of PDFs lack, such as Chinese."`
}

func (d database) log(w io.Writer) *slog.Logger {
	if d.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// open opens the database without looking at its schema.
func (d database) open(ctx context.Context, e *environment) (*store.Store, error) {
	key, err := d.key()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{DSN: d.DB, LinkKey: key, Log: d.log(e.stderr), ReaderCacheKB: d.readerCacheKB, WriterCacheKB: d.writerCacheKB})
}

// exists returns an error where the database is a file that is not there.
func (d database) exists() error {
	if store.IsPostgres(d.DB) {
		return nil
	}
	if _, err := os.Stat(d.DB); err != nil {
		return fmt.Errorf("there is no database at %s: `rotunda serve` or `rotunda demo` makes one", d.DB)
	}
	return nil
}

// openReady opens a database that must exist and fit this program.
func (d database) openReady(ctx context.Context, e *environment) (*store.Store, error) {
	if err := d.exists(); err != nil {
		return nil, err
	}
	st, err := d.open(ctx, e)
	if err != nil {
		return nil, err
	}
	if err := st.CheckSchema(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// openOrCreate opens a database, makes and migrates a new one, and refuses one
// that is behind.
func (d database) openOrCreate(ctx context.Context, e *environment, migrate bool) (*store.Store, error) {
	if !store.IsPostgres(d.DB) {
		if err := os.MkdirAll(filepath.Dir(d.DB), 0o750); err != nil {
			return nil, fmt.Errorf("cannot make the folder of the database: %w", err)
		}
	}
	st, err := d.open(ctx, e)
	if err != nil {
		return nil, err
	}
	fresh, err := st.IsNew(ctx)
	if err == nil && (fresh || migrate) {
		_, err = st.Migrate(ctx)
	}
	if err == nil {
		err = st.CheckSchema(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// keyPath is where the link key lies unless the configuration says otherwise:
// beside the database, never in it.
func (d database) keyPath() string {
	switch {
	case d.LinkKeyFile != "":
		return d.LinkKeyFile
	case store.IsPostgres(d.DB):
		return filepath.Join("data", "rotunda.key")
	}
	return d.DB + ".key"
}

// key reads the link key, and makes one at the first start.
func (d database) key() ([]byte, error) {
	if d.LinkKey != "" {
		return parseKey(d.LinkKey)
	}
	path := d.keyPath()
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err == nil {
		return parseKey(strings.TrimSpace(string(raw)))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the link key: %w", err)
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	// O_EXCL: two starts at once must not end with two keys.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrExist) {
		return d.key()
	}
	if err != nil {
		return nil, fmt.Errorf("cannot keep the link key beside the database: %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	return key, errors.Join(err, f.Sync(), f.Close())
}

func parseKey(s string) ([]byte, error) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString, base64.URLEncoding.DecodeString,
	} {
		if key, err := decode(s); err == nil && len(key) == 32 {
			return key, nil
		}
	}
	return nil, errors.New("the link key must be 32 bytes written as base64 or hex")
}

// listen opens the port and says plainly when somebody else has it.
func (s site) listen(ctx context.Context) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is in use by another program: stop it, or choose another with --addr", s.Addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s: choose a port from 1024 up with --addr", s.Addr)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: choose an address such as 127.0.0.1:8080 with --addr", s.Addr)
	}
	return l, nil
}

// web reads how the site presents itself. Without a base URL it is this
// machine's own address.
func (s site) web(l net.Addr, log *slog.Logger) (web.Config, error) {
	c := web.Config{Log: log, MaxStreams: s.MaxStreams}
	if s.MaxStreams < 1 {
		return c, usageError{fmt.Errorf("--max-streams is %d: at least 1 is needed", s.MaxStreams)}
	}
	var err error
	if c.OtherScripts, err = s.pdfFont(); err != nil {
		return c, usageError{err}
	}
	base := s.BaseURL
	if base == "" {
		_, port, err := net.SplitHostPort(l.String())
		if err != nil {
			return c, err
		}
		base = "http://localhost:" + port
	}
	if c.BaseURL, err = web.ParseBaseURL(base); err != nil {
		return c, usageError{err}
	}
	for _, p := range s.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			addr, errAddr := netip.ParseAddr(p)
			if errAddr != nil {
				return c, usageError{fmt.Errorf("%q is no address range such as 10.0.0.0/8", p)}
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix)
	}
	return c, nil
}

// pdfFont reads the font for other scripts, nil where none is named.
func (s site) pdfFont() ([]byte, error) {
	if s.PDFFont == "" {
		return nil, nil
	}
	ttf, err := os.ReadFile(s.PDFFont)
	if err != nil {
		return nil, fmt.Errorf("cannot read the font %s: %w", s.PDFFont, unwrapped(err))
	}
	if err := files.CheckFont(ttf); err != nil {
		return nil, fmt.Errorf("%s: %w", s.PDFFont, err)
	}
	return ttf, nil
}

// baseURL returns the base URL for verbs that print links without serving.
func (s site) baseURL() (*url.URL, error) {
	if s.BaseURL != "" {
		return web.ParseBaseURL(s.BaseURL)
	}
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, usageError{fmt.Errorf("%q is no address such as 127.0.0.1:8080", s.Addr)}
	}
	return web.ParseBaseURL("http://localhost:" + port)
}

// oneLine writes an error as one plain line.
func oneLine(err error) string {
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		err = invalid
	}
	switch {
	case errors.Is(err, models.ErrNotFound):
		return "not found"
	case errors.Is(err, models.ErrForbidden):
		return "this account may not do that"
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

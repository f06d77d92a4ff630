//go:build !race

package handlers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

// oneTimeAddress is where a one-time link of a purpose leads.
func oneTimeAddress(purpose store.LinkPurpose, token string) string {
	if purpose == store.ResetLink {
		return urls.ResetLink(token)
	}
	return urls.SignInLink(token)
}

// oneTimeForm is what the page of a one-time link sends.
func oneTimeForm(purpose store.LinkPurpose) url.Values {
	if purpose == store.SignInLink {
		return nil
	}
	return url.Values{"password": {"seven herons over Duluth"}}
}

func newLink(t *testing.T, st *store.Store, v models.Viewer, purpose store.LinkPurpose) string {
	t.Helper()
	token, err := st.NewOneTimeLink(t.Context(), models.System("test"), v.Account(), purpose)
	if err != nil {
		t.Fatal(err)
	}
	if len(token) != 43 { // 256 bits
		t.Fatalf("a token of %d letters", len(token))
	}
	return token
}

// TestOneTimeLinks_endWithTheirTimeAndWithWhatTheyStoodFor is goal A10 for the
// links of accounts: each dies at its own hour, and at once with the password,
// the role or the account it was made under.
func TestOneTimeLinks_endWithTheirTimeAndWithWhatTheyStoodFor(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	after := func(d time.Duration) func(models.Viewer) error {
		return func(models.Viewer) error {
			site.Clock.Advance(d)
			return nil
		}
	}
	for _, c := range []struct {
		name    string
		purpose store.LinkPurpose
		then    func(models.Viewer) error
		opens   bool
	}{
		{"a day less a second", store.SignInLink, after(24*time.Hour - time.Second), true},
		{"a day", store.SignInLink, after(24 * time.Hour), false},
		{"a week less a second", store.InviteLink, after(7*24*time.Hour - time.Second), true},
		{"a week", store.InviteLink, after(7 * 24 * time.Hour), false},
		{"an hour less a second", store.ResetLink, after(time.Hour - time.Second), true},
		{"an hour", store.ResetLink, after(time.Hour), false},
		{"another role", store.ResetLink, func(v models.Viewer) error {
			return site.Store.ChangeRole(t.Context(), admin, v.Account(), models.RoleReader)
		}, false},
		{"disabled", store.SignInLink, func(v models.Viewer) error {
			return site.Store.DisableAccount(t.Context(), admin, v.Account())
		}, false},
		{"another password", store.ResetLink, func(v models.Viewer) error {
			_, err := site.Store.ChangePassword(t.Context(), v, "", goodPassword, store.Browser{})
			return err
		}, false},
		{"signed out everywhere", store.SignInLink, func(v models.Viewer) error {
			return site.Store.SignOutEverywhere(t.Context(), v)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := storetest.Account(t, site.Store, "Of "+c.name, models.RoleConvener)
			address := oneTimeAddress(c.purpose, newLink(t, site.Store, v, c.purpose))
			if err := c.then(v); err != nil {
				t.Fatal(err)
			}
			status := http.StatusGone
			if c.opens {
				status = http.StatusOK
			}
			if res := site.Anonymous().Get(address); res.StatusCode != status {
				t.Errorf("looked at: %d, want %d", res.StatusCode, status)
			}
			res := site.Anonymous().Post(address, oneTimeForm(c.purpose))
			if opened := res.StatusCode == http.StatusSeeOther; opened != c.opens || (cookieOf(res) != nil) != c.opens {
				t.Errorf("used: %d", res.StatusCode)
			}
		})
	}
}

// TestOneTimeLinks_leaveNoTrace is goal A10 for the links of accounts: the page
// takes its address nowhere, the answer leads on without it, scanners use
// nothing up, of several posts one works, and neither the database nor the log
// holds the token.
func TestOneTimeLinks_leaveNoTrace(t *testing.T) {
	if storetest.Postgres() {
		t.Skip("reads the file of a SQLite database")
	}
	dsn := storetest.NewDSN(t)
	st, clock := storetest.OpenDSN(t, dsn)
	site := handlertest.Over(t, st, clock)
	var log bytes.Buffer
	site.Server.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	secrets := []string{}
	for _, purpose := range []store.LinkPurpose{store.SignInLink, store.InviteLink, store.ResetLink} {
		v := storetest.Account(t, st, "Of "+string(purpose), models.RoleConvener)
		token := newLink(t, st, v, purpose)
		address, b := oneTimeAddress(purpose, token), site.Anonymous()
		for range 500 { // what mail scanners do
			b.Get(address)
			b.Do(httptest.NewRequest(http.MethodHead, address, nil))
		}
		res := b.Get(address)
		for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Set-Cookie": ""} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s, %s: %q", purpose, header, got)
			}
		}
		site.Parse(res, http.StatusOK).Find("[href], [src], [action]").Each(func(_ int, e *handlertest.Selection) {
			for _, name := range []string{"href", "src", "action"} {
				if to := strings.TrimPrefix(e.AttrOr(name, "/"), "#main"); to != "" && !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || name != "action" && strings.Contains(to, token) {
					t.Errorf("%s leads to %q", purpose, to)
				}
			}
		})
		in := 0
		for range 3 {
			res := site.Anonymous().Post(address, oneTimeForm(purpose))
			if strings.Contains(res.Header.Get("Location")+res.Header.Get("Refresh"), token) {
				t.Errorf("%s: the token goes on into the history", purpose)
			}
			if cookie := cookieOf(res); cookie != nil {
				in++
				secrets = append(secrets, cookie.Value)
			}
		}
		if in != 1 {
			t.Errorf("%s: %d of 3 posts got in", purpose, in)
		}
		secrets = append(secrets, token)
	}
	kept := log.String()
	for _, file := range []string{dsn, dsn + "-wal"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept += string(raw)
	}
	if len(kept) < 100_000 || !strings.Contains(kept, "route=/sign-in/:token") {
		t.Fatal("looked at too little")
	}
	for _, secret := range secrets {
		if strings.Contains(kept, secret) {
			t.Error("a token or a session lies in the database or in the log")
		}
	}
}

func TestReset_wrongLinksAreLimitedWithTheOthers(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	good := urls.ResetLink(newLink(t, site.Store, v, store.ResetLink))
	last := 0
	for i := range 31 {
		wrong := oneTimeAddress([]store.LinkPurpose{store.ResetLink, store.SignInLink}[i%2], strings.Repeat("B", 43))
		last = site.Anonymous().Get(wrong).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 31st wrong link: %d", last)
	}
	if res := site.Anonymous().Get(good); res.StatusCode != http.StatusOK {
		t.Errorf("a working link behind the same network: %d", res.StatusCode)
	}
}

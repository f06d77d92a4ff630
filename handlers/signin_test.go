//go:build !race

package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

const goodPassword = "plum gravel ticket oboe"

// cookieOf returns the session's cookie of an answer, or nil.
func cookieOf(res *http.Response) *http.Cookie {
	for _, c := range res.Cookies() {
		if c.Name == "rotunda" {
			return c
		}
	}
	return nil
}

func TestSignIn_withPasswordLeadsToWhereOneWanted(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	storetest.Password(t, site.Store, v, goodPassword)
	b := site.Anonymous()

	doc := b.Page("/sign-in?next=%2Froundtables", http.StatusOK)
	if got := doc.Find("form input[name=next]").AttrOr("value", ""); got != "/roundtables" {
		t.Errorf("next is %q", got)
	}
	wrong := url.Values{"email": {v.Email()}, "password": {"not it at all"}, "next": {"/roundtables"}}
	doc = site.Parse(b.Post(urls.SignInPath, wrong), http.StatusUnprocessableEntity)
	if doc.Find("[role=alert]").Length() != 1 || doc.Find("input[name=email]").AttrOr("value", "") != v.Email() ||
		doc.Find("input[name=password]").AttrOr("value", "") != "" {
		t.Error("the form must keep the address, show what is wrong, and not send the password back")
	}
	res := b.Post(urls.SignInPath, url.Values{"email": {v.Email()}, "password": {goodPassword}, "next": {"/roundtables"}})
	cookie := cookieOf(res)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/roundtables" || cookie == nil {
		t.Fatalf("%d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || len(cookie.Value) != 43 {
		t.Errorf("cookie: %+v", cookie)
	}
	for next, want := range map[string]string{"//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "": "/"} {
		res := site.Anonymous().Post(urls.SignInPath, url.Values{"email": {v.Email()}, "password": {goodPassword}, "next": {next}})
		if got := res.Header.Get("Location"); got != want {
			t.Errorf("next %q leads to %q", next, got)
		}
	}
}

func TestSignIn_knownAndUnknownAccountsGetTheSameBytes(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	storetest.Password(t, site.Store, v, goodPassword)
	for path, field := range map[string]string{urls.SignInPath: "password", urls.ResetPath: ""} {
		var bodies []string
		for _, email := range []string{v.Email(), "nobody.here@example.org"} {
			form := url.Values{"email": {email}}
			if field != "" {
				form.Set(field, "not the password")
			}
			res := site.Anonymous().Post(path, form)
			bodies = append(bodies, fmt.Sprint(res.StatusCode)+strings.ReplaceAll(handlertest.Body(res), email, "E"))
		}
		if bodies[0] != bodies[1] {
			t.Errorf("%s tells accounts apart", path)
		}
	}
}

// TestSignIn_forwardedForOpensNothing is goal A13.
func TestSignIn_forwardedForOpensNothing(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	storetest.Password(t, site.Store, v, goodPassword)
	before := site.Store.PasswordHashes()
	form := url.Values{"email": {v.Email()}, "password": {"not the password"}}.Encode()
	statuses := map[int]int{}
	for i := range 10_000 {
		r := httptest.NewRequest(http.MethodPost, urls.SignInPath, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		ip := fmt.Sprintf("198.51.%d.%d", i/250, i%250)
		for _, h := range []string{"X-Forwarded-For", "X-Real-Ip", "Cf-Connecting-Ip", "Forwarded", "True-Client-Ip"} {
			r.Header.Set(h, ip)
		}
		statuses[site.Anonymous().Do(r).StatusCode]++
	}
	if n := site.Store.PasswordHashes() - before; n > 10 {
		t.Errorf("%d of 10,000 reached the hash", n)
	}
	if statuses[http.StatusUnprocessableEntity] != 10 || statuses[http.StatusTooManyRequests] != 9990 {
		t.Errorf("answers: %v", statuses)
	}
	res := site.Anonymous().Post(urls.SignInPath, url.Values{"email": {v.Email()}, "password": {goodPassword}})
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "900" || !strings.Contains(handlertest.Body(res), "in 15 minutes") {
		t.Errorf("the answer must say when: %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
}

func TestSignIn_oneNetworkIsLimitedWhicheverAccountsItTries(t *testing.T) {
	site := handlertest.New(t)
	before := site.Store.PasswordHashes()
	for i := range 300 {
		site.Anonymous().Post(urls.SignInPath, url.Values{"email": {fmt.Sprintf("a%d@example.org", i)}, "password": {"x"}})
	}
	if n := site.Store.PasswordHashes() - before; n != 100 {
		t.Errorf("%d of 300 reached the hash, want 100", n)
	}
}

func TestSignInLink_opensWithAButtonAndWorksOnce(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	token, err := site.Store.NewSignInLink(t.Context(), models.System("test"), v.Email())
	if err != nil {
		t.Fatal(err)
	}
	b := site.Anonymous()
	for range 3 {
		doc := b.Page(urls.SignInLink(token), http.StatusOK)
		if doc.Find("main form button").Length() != 1 || !strings.Contains(doc.Find("h1").Text(), "Grace Hopper") {
			t.Fatal("want who and one button")
		}
	}
	res := b.Do(httptest.NewRequest(http.MethodPost, urls.SignInLink(token), nil))
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/" || cookieOf(res) == nil {
		t.Fatalf("%d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	b.Page(urls.UndoPath, http.StatusMethodNotAllowed) // signed in or not, it is a POST
	gone := handlertest.Body(site.Anonymous().Get(urls.SignInLink(token)))
	for _, other := range []string{token, strings.Repeat("A", 43), "x", "%2e%2e"} {
		for _, res := range []*http.Response{
			site.Anonymous().Get("/sign-in/" + other), site.Anonymous().Post("/sign-in/"+other, nil),
		} {
			if body := handlertest.Body(res); res.StatusCode != http.StatusGone || body != gone {
				t.Errorf("%s: %d, or another page", other, res.StatusCode)
			}
		}
	}
}

func TestSignInLink_wrongOnesAreLimitedByNetwork(t *testing.T) {
	site := handlertest.New(t)
	last := 0
	for range 31 {
		last = site.Anonymous().Get("/sign-in/" + strings.Repeat("B", 43)).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 31st wrong link: %d", last)
	}
}

func TestInvitation_setsTheFirstPassword(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	token, err := site.Store.NewOneTimeLink(t.Context(), models.System("test"), v.Account(), store.InviteLink)
	if err != nil {
		t.Fatal(err)
	}
	b := site.Anonymous()
	if doc := b.Page(urls.SignInLink(token), http.StatusOK); doc.Find("input[name=password][autocomplete=new-password]").Length() != 1 {
		t.Error("the invitation does not ask for a password")
	}
	for _, short := range []string{"", "too short"} {
		site.Parse(b.Post(urls.SignInLink(token), url.Values{"password": {short}}), http.StatusUnprocessableEntity)
	}
	if res := b.Post(urls.SignInLink(token), url.Values{"password": {goodPassword}}); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	if _, err := site.Store.SignIn(t.Context(), v.Email(), goodPassword, store.Browser{}); err != nil {
		t.Error(err)
	}
}

func TestReset_setsANewPasswordByMail(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Grace Hopper", models.RoleConvener)
	token, err := site.Store.NewOneTimeLink(t.Context(), models.System("test"), v.Account(), store.ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	b := site.Anonymous()
	b.Page(urls.ResetLink(token), http.StatusOK)
	site.Parse(b.Post(urls.ResetLink(token), url.Values{"password": {"password12345"}}), http.StatusUnprocessableEntity)
	if res := b.Post(urls.ResetLink(token), url.Values{"password": {goodPassword}}); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	site.Anonymous().Page(urls.ResetLink(token), http.StatusGone)
}

func TestSetUp_namesTheFirstAccountAndClosesItself(t *testing.T) {
	site := handlertest.New(t)
	token, err := site.Store.FirstSignIn(t.Context(), models.System("test"))
	if err != nil {
		t.Fatal(err)
	}
	b := site.Anonymous()
	b.Post(urls.SignInLink(token), nil)
	if got := b.Page(urls.AccountPath, http.StatusOK).Find("main .banner a").AttrOr("href", ""); got != urls.SetUpPath {
		t.Errorf("nothing leads to the set-up: %q", got)
	}
	b.Page(urls.SetUpPath, http.StatusOK)
	form := url.Values{"institute": {"Wisconsin Institute"}, "zone": {"America/Chicago"}, "name": {"Noor Castellan"}, "email": {"n@wisc.example"}, "password": {"short"}}
	doc := site.Parse(b.Post(urls.SetUpPath, form), http.StatusUnprocessableEntity)
	if doc.Find("input[name=name]").AttrOr("value", "") != "Noor Castellan" || doc.Find("input[name=zone]").AttrOr("value", "") != "America/Chicago" {
		t.Error("the form forgot what was typed")
	}
	form.Set("password", goodPassword)
	if res := b.Post(urls.SetUpPath, form); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode)
	}
	b.Page(urls.SetUpPath, http.StatusNotFound)
	if b.Page(urls.AccountPath, http.StatusOK).Find("main .banner").Length() != 0 {
		t.Error("a finished account is told to finish")
	}
	site.As(storetest.Account(t, site.Store, "Grace Hopper", models.RoleAdmin)).Page(urls.SetUpPath, http.StatusNotFound)
}

// TestSessions_oldCookiesAreRefusedAtOnce is goal A11.
func TestSessions_oldCookiesAreRefusedAtOnce(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	for name, end := range map[string]func(v models.Viewer, b *handlertest.Browser) error{
		"sign out": func(_ models.Viewer, b *handlertest.Browser) error {
			b.Post(urls.SignOutPath, nil)
			return nil
		},
		"password change": func(v models.Viewer, _ *handlertest.Browser) error {
			_, err := site.Store.ChangePassword(t.Context(), v, "", goodPassword, store.Browser{})
			return err
		},
		"disabled": func(v models.Viewer, _ *handlertest.Browser) error {
			return site.Store.DisableAccount(t.Context(), admin, v.Account())
		},
		"another role": func(v models.Viewer, _ *handlertest.Browser) error {
			return site.Store.ChangeRole(t.Context(), admin, v.Account(), models.RoleReader)
		},
		"signed out everywhere": func(v models.Viewer, _ *handlertest.Browser) error {
			return site.Store.SignOutEverywhere(t.Context(), v)
		},
		"idle": func(models.Viewer, *handlertest.Browser) error {
			site.Clock.Advance(store.SessionIdle + time.Minute)
			return nil
		},
	} {
		v := storetest.Account(t, site.Store, "Of "+name, models.RoleConvener)
		token, err := site.Store.StartSession(t.Context(), v.Account(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if res := site.Holding(token).Get(urls.AccountPath); res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d before", name, res.StatusCode)
		}
		if err := end(v, site.Holding(token)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if res := site.Holding(token).Get(urls.AccountPath); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), urls.SignInPath) {
			t.Errorf("%s: the old cookie still opens pages: %d", name, res.StatusCode)
		}
	}
}

//go:build !race

package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

const goodPassword = "plum gravel ticket oboe"

// member makes an account with goodPassword and returns its viewer.
func member(t testing.TB, st *store.Store, name string, role models.AccountRole) models.Viewer {
	t.Helper()
	v := storetest.Account(t, st, name, role)
	storetest.Password(t, st, v, goodPassword)
	return v
}

func invalid(err error, field string) bool {
	var bad *models.InvalidError
	return errors.As(err, &bad) && bad.Fields[field] != ""
}

func TestSignIn_whateverIsWrongIsTheSameAnswerAfterTheSameWork(t *testing.T) {
	st, _ := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	member(t, st, "Grace Hopper", models.RoleConvener)
	gone := member(t, st, "Left Already", models.RoleConvener)
	if err := st.DisableAccount(t.Context(), admin, gone.Account()); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for who, p := range map[string][2]string{
		"another password":        {"grace.hopper@example.org", "plum gravel ticket obo"},
		"nobody":                  {"nobody@example.org", goodPassword},
		"no password yet":         {"ada.byron@example.org", goodPassword},
		"no password, none typed": {"ada.byron@example.org", ""},
		"disabled":                {"left.already@example.org", goodPassword},
		"far too long":            {"grace.hopper@example.org", strings.Repeat(goodPassword, 50)},
		"no address":              {"", goodPassword},
	} {
		before := st.PasswordHashes()
		token, err := st.SignIn(t.Context(), p[0], p[1], store.Browser{Network: who})
		if !invalid(err, "") || token != "" {
			t.Errorf("%s: %q, %v", who, token, err)
			continue
		}
		texts[err.Error()] = true
		if n := st.PasswordHashes() - before; n != 1 {
			t.Errorf("%s: %d passwords were hashed", who, n)
		}
	}
	if len(texts) != 1 {
		t.Errorf("several answers: %v", texts)
	}
	for _, email := range []string{"grace.hopper@example.org", " Grace.Hopper@EXAMPLE.org "} {
		if _, err := st.SignIn(t.Context(), email, goodPassword, store.Browser{}); err != nil {
			t.Errorf("%q: %v", email, err)
		}
	}
}

// TestSignIn_takesAsLongForAccountsThatDoNotExist prints the timing; what
// decides is that both run the same comparison, which the test above counts.
func TestSignIn_takesAsLongForAccountsThatDoNotExist(t *testing.T) {
	st, clock := storetest.Open(t)
	member(t, st, "Grace Hopper", models.RoleConvener)
	times := map[string][]time.Duration{}
	for range 12 {
		for _, email := range []string{"grace.hopper@example.org", "nobody.here@example.org"} {
			start := time.Now()
			if _, err := st.SignIn(t.Context(), email, "not the password", store.Browser{}); !invalid(err, "") {
				t.Fatal(err)
			}
			times[email] = append(times[email], time.Since(start))
		}
		clock.Advance(20 * time.Minute)
	}
	median := func(email string) time.Duration {
		slices.Sort(times[email])
		return times[email][len(times[email])/2]
	}
	known, unknown := median("grace.hopper@example.org"), median("nobody.here@example.org")
	t.Logf("median of 12 interleaved pairs: known %v, unknown %v, difference %.1f %%", known, unknown,
		100*(float64(known)/float64(unknown)-1))
}

func TestSignIn_tenTriesPerAccountAndWindowWhoeverTries(t *testing.T) {
	st, clock := storetest.Open(t)
	member(t, st, "Grace Hopper", models.RoleConvener)
	before := st.PasswordHashes()
	for i := range 500 {
		_, err := st.SignIn(t.Context(), "grace.hopper@example.org", "wrong", store.Browser{Network: fmt.Sprintf("203.0.113.%d", i)})
		if (i < 10) != invalid(err, "") || (i >= 10) != errors.Is(err, models.ErrTooMany) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if n := st.PasswordHashes() - before; n != 10 {
		t.Errorf("%d tries reached the hash", n)
	}
	_, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, store.Browser{Network: "198.51.100.9"})
	var tooMany *models.TooManyError
	if !errors.As(err, &tooMany) || tooMany.Until != st.Now().Add(15*time.Minute) {
		t.Fatalf("the right password, too soon: %v", err)
	}
	clock.Advance(15 * time.Minute) // a delay, not a lock: trying on does not make it longer
	if _, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, store.Browser{Network: "198.51.100.9"}); err != nil {
		t.Fatalf("after the window: %v", err)
	}
}

func TestSignIn_successDoesNotResetTheNetworksCount(t *testing.T) {
	st, _ := storetest.Open(t)
	member(t, st, "Grace Hopper", models.RoleConvener)
	network := store.Browser{Network: "203.0.113.7"}
	if _, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, network); err != nil {
		t.Fatal(err)
	}
	for i := range 99 { // fill the network's count without the cost of hashing
		if err := st.Attempt(t.Context(), "sign-in network", network.Network, 100, 15*time.Minute); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if _, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, network); !errors.Is(err, models.ErrTooMany) {
		t.Errorf("the 101st from one network: %v", err)
	}
	if _, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, store.Browser{Network: "2001:db8::/64"}); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

func TestSignIn_rotatesTheBrowsersSession(t *testing.T) {
	st, _ := storetest.Open(t)
	member(t, st, "Grace Hopper", models.RoleConvener)
	first, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, store.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := st.SignIn(t.Context(), "grace.hopper@example.org", goodPassword, store.Browser{Replaces: first})
	if err != nil || second == first {
		t.Fatalf("%v", err)
	}
	if _, err := st.SessionByToken(t.Context(), first); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the earlier session lives on: %v", err)
	}
	if _, err := st.SessionByToken(t.Context(), second); err != nil {
		t.Error(err)
	}
}

func TestSignInLink_worksOnceAndOnlyForWhatItIsFor(t *testing.T) {
	st, clock := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	gracie := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	link := func(p store.LinkPurpose) string {
		token, err := st.NewOneTimeLink(t.Context(), admin, gracie.Account(), p)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token := link(store.SignInLink)
	for range 3 { // looking uses nothing up
		if got, err := st.OneTimeLink(t.Context(), token, "n"); err != nil || got.Name != "Grace Hopper" || got.Purpose != store.SignInLink {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	const at = 8 // of as many at once, one gets in
	var got sync.Map
	var wg sync.WaitGroup
	for i := range at {
		wg.Go(func() {
			_, err := st.UseSignInLink(t.Context(), token, store.Browser{})
			got.Store(i, err)
		})
	}
	wg.Wait()
	in := 0
	got.Range(func(_, err any) bool {
		if err == nil {
			in++
		} else if !errors.Is(err.(error), models.ErrGone) {
			t.Error(err)
		}
		return true
	})
	if in != 1 {
		t.Errorf("%d of %d got in by one link", in, at)
	}
	if _, err := st.UseSignInLink(t.Context(), link(store.ResetLink), store.Browser{}); !errors.Is(err, models.ErrGone) {
		t.Errorf("a reset link signs in: %v", err)
	}
	if _, err := st.SetPasswordByLink(t.Context(), link(store.SignInLink), goodPassword, store.Browser{}); !errors.Is(err, models.ErrGone) {
		t.Errorf("a sign-in link sets a password: %v", err)
	}
	late := link(store.ResetLink)
	clock.Advance(time.Hour + time.Second)
	if _, err := st.SetPasswordByLink(t.Context(), late, goodPassword, store.Browser{}); !errors.Is(err, models.ErrGone) {
		t.Errorf("an expired link: %v", err)
	}
	if _, err := st.NewOneTimeLink(t.Context(), gracie, gracie.Account(), store.SignInLink); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a convener makes links: %v", err)
	}
}

func TestSetPasswordByLink_endsEverySessionAndLink(t *testing.T) {
	st, _ := storetest.Open(t)
	gracie := member(t, st, "Grace Hopper", models.RoleConvener)
	old, err := st.StartSession(t.Context(), gracie.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	system := models.System("test")
	reset, err := st.NewOneTimeLink(t.Context(), system, gracie.Account(), store.ResetLink)
	if err != nil {
		t.Fatal(err)
	}
	other, err := st.NewOneTimeLink(t.Context(), system, gracie.Account(), store.SignInLink)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SetPasswordByLink(t.Context(), reset, "Grace Hopper 1906", store.Browser{}); !invalid(err, "password") {
		t.Fatalf("her own name: %v", err)
	}
	session, err := st.SetPasswordByLink(t.Context(), reset, "seven herons over Duluth", store.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SessionByToken(t.Context(), session); err != nil {
		t.Errorf("the new session: %v", err)
	}
	if _, err := st.SessionByToken(t.Context(), old); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the old session: %v", err)
	}
	for _, token := range []string{reset, other} {
		if _, err := st.OneTimeLink(t.Context(), token, "n"); !errors.Is(err, models.ErrGone) {
			t.Errorf("a link lives on: %v", err)
		}
	}
	if _, err := st.SignIn(t.Context(), gracie.Email(), goodPassword, store.Browser{}); !invalid(err, "") {
		t.Errorf("the old password: %v", err)
	}
	if _, err := st.SignIn(t.Context(), gracie.Email(), "seven herons over Duluth", store.Browser{}); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestChangePassword_asksForTheCurrentOneAndEndsOtherSessions(t *testing.T) {
	st, _ := storetest.Open(t)
	gracie := member(t, st, "Grace Hopper", models.RoleConvener)
	elsewhere, err := st.StartSession(t.Context(), gracie.Account(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.ChangePassword(t.Context(), gracie, "not it", "seven herons over Duluth", store.Browser{}); !invalid(err, "current") {
		t.Fatalf("a wrong one: %v", err)
	}
	if _, err := st.ChangePassword(t.Context(), gracie, goodPassword, "password12345", store.Browser{}); !invalid(err, "password") {
		t.Fatalf("a common one: %v", err)
	}
	session, err := st.ChangePassword(t.Context(), gracie, goodPassword, "seven herons over Duluth", store.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SessionByToken(t.Context(), session); err != nil {
		t.Error(err)
	}
	if _, err := st.SessionByToken(t.Context(), elsewhere); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another browser stays: %v", err)
	}
}

func TestCompleteSetUp_onceForTheFirstAccount(t *testing.T) {
	st, _ := storetest.Open(t)
	token, err := st.FirstSignIn(t.Context(), models.System("test"))
	if err != nil || token == "" {
		t.Fatal(err)
	}
	session, err := st.UseSignInLink(t.Context(), token, store.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := st.SessionByToken(t.Context(), session)
	if err != nil || !kept.Unnamed || !kept.NoPassword {
		t.Fatalf("%+v, %v", kept, err)
	}
	in := models.SetUpInput{Institute: "Wisconsin Institute", Zone: "America/Chicago", Name: "Noor Castellan", Email: "n@wisc.example", Password: goodPassword}
	bad := in
	bad.Password, bad.Email, bad.Zone = "wisconsin1234", "n@localhost", "Mars/Olympus"
	var refused *models.InvalidError
	if _, err := st.CompleteSetUp(t.Context(), kept.Viewer, bad, store.Browser{}); !errors.As(err, &refused) || len(refused.Fields) != 3 {
		t.Fatalf("three mistakes: %v", err)
	}
	again, err := st.CompleteSetUp(t.Context(), kept.Viewer, in, store.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	institute, err := st.Institute(t.Context())
	if err != nil || institute.Name != "Wisconsin Institute" || institute.Zone != "America/Chicago" || institute.Thresholds != models.DefaultThresholds {
		t.Errorf("%+v, %v", institute, err)
	}
	if kept, err := st.SessionByToken(t.Context(), again); err != nil || kept.Unnamed || kept.NoPassword || kept.Viewer.Name() != "Noor Castellan" {
		t.Errorf("%+v, %v", kept, err)
	}
	if _, err := st.SessionByToken(t.Context(), session); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the first session lives on: %v", err)
	}
	if _, err := st.CompleteSetUp(t.Context(), kept.Viewer, in, store.Browser{}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := st.SignIn(t.Context(), "n@wisc.example", goodPassword, store.Browser{}); err != nil {
		t.Error(err)
	}
}

func TestRequestPasswordReset_queuesWithoutATokenAndOnlyForAccounts(t *testing.T) {
	st, _ := storetest.Open(t)
	gracie := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	for _, email := range []string{gracie.Email(), "nobody@example.org", "GRACE.hopper@example.org", gracie.Email(), gracie.Email()} {
		if err := st.RequestPasswordReset(t.Context(), email, "203.0.113.7"); err != nil {
			t.Fatalf("%s: %v", email, err)
		}
	}
	jobs, err := st.ClaimJobs(t.Context(), models.System("test"), []string{store.AccountMailKind}, 10)
	if err != nil || len(jobs) != 3 {
		t.Fatalf("%d messages, want three an hour: %v", len(jobs), err)
	}
	if want := fmt.Sprintf(`{"account":%d,"purpose":"reset"}`, gracie.Account()); string(jobs[0].Args) != want {
		t.Errorf("%s, want %s", jobs[0].Args, want)
	}
	var last error
	for range 20 {
		last = st.RequestPasswordReset(t.Context(), "nobody@example.org", "203.0.113.7")
	}
	if !errors.Is(last, models.ErrTooMany) {
		t.Errorf("requests without end: %v", last)
	}
}

func TestSignIn_hashesAgainWhenTheParametersChanged(t *testing.T) {
	st, _ := storetest.Open(t)
	gracie := storetest.Account(t, st, "Grace Hopper", models.RoleConvener)
	old, err := argon2id.CreateHash(goodPassword, &argon2id.Params{Memory: 8 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Exec(t.Context(), "UPDATE accounts SET password_hash = ? WHERE id = ?", old, gracie.Account()); err != nil {
		t.Fatal(err)
	}
	kept := func() (hash string) {
		if err := st.Rows(t.Context(), &hash, "SELECT password_hash FROM accounts WHERE id = ?", gracie.Account()); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	if _, err := st.SignIn(t.Context(), gracie.Email(), "not the password", store.Browser{}); !invalid(err, "") || kept() != old {
		t.Fatalf("a wrong password changed the hash: %v", err)
	}
	for range 2 {
		if _, err := st.SignIn(t.Context(), gracie.Email(), goodPassword, store.Browser{}); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(kept(), "$argon2id$v=19$m=65536,t=1,p=2$") {
			t.Errorf("the hash is %.40s…", kept())
		}
	}
}

func TestSignIn_failuresAreInTheAuditLogAndCannotFillIt(t *testing.T) {
	st, clock := storetest.Open(t)
	admin := storetest.Account(t, st, "Ada Byron", models.RoleAdmin)
	v := member(t, st, "Grace Hopper", models.RoleConvener)
	lines := func() (known, unknown int) {
		t.Helper()
		var rows []struct {
			ObjectID models.ID
			Detail   string
		}
		if err := st.Rows(t.Context(), &rows, "SELECT object_id, detail FROM audit WHERE action = 'account.sign_in_failed'"); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			switch {
			case r.Detail != "":
				t.Errorf("a line holds %q", r.Detail)
			case r.ObjectID == v.Account():
				known++
			case r.ObjectID == 0:
				unknown++
			}
		}
		return known, unknown
	}
	if _, err := st.SignIn(t.Context(), v.Email(), "not the password", store.Browser{Network: "n"}); !invalid(err, "") {
		t.Fatal(err)
	}
	if known, unknown := lines(); known != 1 || unknown != 0 {
		t.Errorf("after one wrong password: %d and %d lines", known, unknown)
	}
	page, err := st.Audit(t.Context(), admin, models.AuditFilter{Kind: "accounts"})
	if err != nil || page.Entries[0].About != "Grace Hopper" || page.Entries[0].Words != "refused a wrong password of" {
		t.Errorf("%+v, %v", page.Entries, err)
	}
	for i := range 40 {
		if _, err := st.SignIn(t.Context(), fmt.Sprintf("nobody%d@example.net", i), "x", store.Browser{Network: fmt.Sprint("n", i)}); !invalid(err, "") {
			t.Fatal(err)
		}
	}
	if known, unknown := lines(); known != 1 || unknown == 0 || unknown > 10 {
		t.Errorf("after a scan: %d and %d lines", known, unknown)
	}
	clock.Advance(2 * time.Hour)
	if _, err := st.SignIn(t.Context(), "nobody@example.net", "x", store.Browser{Network: "n"}); !invalid(err, "") {
		t.Fatal(err)
	}
	if _, unknown := lines(); unknown != 11 {
		t.Errorf("two hours later: %d lines of unknown addresses", unknown)
	}
}

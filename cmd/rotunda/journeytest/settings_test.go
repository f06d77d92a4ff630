package journeytest

import (
	"context"
	"testing"
	"time"
)

// TestJourney_theFirstAdministratorSetsUpAndInvites is the first quarter of an
// hour with a new installation, at every width and in both lights.
func TestJourney_theFirstAdministratorSetsUpAndInvites(t *testing.T) {
	need(t)
	for name, o := range map[string]options{"desk": desktop, "narrow": {Width: 320, Height: 640}} {
		t.Run(name, func(t *testing.T) {
			p := start(t, "serve")
			b := p.sit(o)
			home := func() {
				t.Helper()
				b.must("come to Home", func(ctx context.Context) error {
					for b.at() != p.Base+"/" {
						select {
						case <-ctx.Done():
							return ctx.Err()
						case <-time.After(50 * time.Millisecond):
						}
					}
					return nil
				})
			}
			look := func(what string) {
				t.Helper()
				b.accessible(what)
				b.fitsWidth(what)
				b.dark(true)
				b.accessible(what + " in the dark")
				b.dark(false)
			}
			b.open("/sign-in")
			look("sign-in")
			b.open("/password-reset")
			look("the request for a new password")
			b.open(p.SignIn[len(p.Base):])
			look("the one-time link")
			b.press("Sign in")
			home()
			look("Home before it is set up")
			b.press("Finish setting up")
			b.see("[name=institute]")
			look("set-up")
			b.fill("[name=institute]", "Wisconsin Institute")
			b.fill("[name=name]", "Noor Castellan")
			b.fill("[name=email]", "n.castellan@wisc.example")
			b.fill("[name=password]", "password12345")
			b.press("Create your account")
			b.reads("one of the first passwords")
			look("set-up refused")
			b.fill("[name=password]", "plum gravel ticket oboe")
			b.press("Create your account")
			home()
			for _, path := range []string{"/account", "/account/sessions", "/account/appearance", "/settings/institute", "/settings/staff", "/settings/staff/new", "/settings/audit"} {
				b.open(path)
				look(path)
			}
			b.open("/settings/staff/new")
			b.fill("[name=name]", "Amara Lindgren")
			b.fill("[name=email]", "a.lindgren@wisc.example")
			b.press("Invite")
			b.reads("Hand this link to Amara Lindgren")
			look("the link to hand on")
			b.open("/settings/staff")
			b.press("Amara Lindgren")
			b.reads("Hand over their roundtables")
			look("a colleague's page")
			b.quiet()
		})
	}
}

package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/models"
)

// Access says who may reach a route. The zero value lets nobody in, so that a
// route without an access row is a mistake that a test sees.
type Access struct {
	kind  accessKind
	right models.Right
}

type accessKind int

const (
	denied accessKind = iota
	open
	guestLink
	signedIn
	byRole
	inRoom
	knowsRoom
	public
)

// Open lets everybody in: health, static files, signing in.
func Open() Access { return Access{kind: open} }

// Public lets everybody in and asks for no session: what is published. It sets
// no cookie and shows nobody more than anybody else.
func Public() Access { return Access{kind: public} }

// GuestLink lets whoever holds a valid personal link in; the handler asks the
// store for the token's viewer.
func GuestLink() Access { return Access{kind: guestLink} }

// SignedIn lets every enabled account in; the store decides what it reads.
func SignedIn() Access { return Access{kind: signedIn} }

// ByRole lets accounts in whose role holds the right; others get 403.
func ByRole(r models.Right) Access { return Access{kind: byRole, right: r} }

// KnowsRoom lets accounts in for whom the roundtable named by ":id" exists;
// others get 404.
func KnowsRoom() Access { return Access{kind: knowsRoom} }

// InRoom lets accounts in who hold the right in the roundtable named by ":id".
// Others get 403 where the roundtable exists for them, else 404.
func InRoom(r models.Right) Access { return Access{kind: inRoom, right: r} }

// Kind names the sort of access for the tests that are made from the table.
func (a Access) Kind() string {
	return [...]string{"denied", "open", "guest link", "signed in", "by role", "in room", "knows room", "public"}[a.kind]
}

// Right returns the right that ByRole and InRoom ask for, else zero.
func (a Access) Right() models.Right { return a.right }

// NeedsSession reports whether the route asks who is signed in. Signing in and
// errors ask too; files, health and personal links do not.
func (a Access) NeedsSession() bool { return a.kind != guestLink && a.kind != public }

// Guard refuses whoever the access does not let in, before the handler runs.
// The store checks again: this is the first wall, not the only one.
func (w *Web) Guard(a Access, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := Viewer(c)
		switch a.kind {
		case open, guestLink, public:
			return next(c)
		case denied:
			return models.ErrNotFound
		}
		if !v.IsAccount() {
			return w.askToSignIn(c)
		}
		switch a.kind {
		case signedIn:
			return next(c)
		case byRole:
			if !models.Can(v, a.right) {
				return models.ErrForbidden
			}
			return next(c)
		}
		room, err := ID(c, "id")
		if err != nil {
			return err
		}
		private, err := w.Store.RoundtableExists(c.Request().Context(), v, room)
		if err != nil {
			return err
		}
		if !v.MayKnow(room, private) {
			return models.ErrNotFound
		}
		if a.kind == inRoom && !models.CanIn(v, a.right, room) {
			return models.ErrForbidden
		}
		return next(c)
	}
}

// askToSignIn sends a person to the sign-in page and back afterwards; a
// program gets 401.
func (w *Web) askToSignIn(c echo.Context) error {
	r := c.Request()
	if r.Method != http.MethodGet || WantsJSON(c) || WantsStream(c) {
		return echo.NewHTTPError(http.StatusUnauthorized)
	}
	return c.Redirect(http.StatusSeeOther, w.SignIn(r.URL.RequestURI()))
}

package web

import (
	"net/netip"
	"net/url"

	"github.com/labstack/echo/v4"

	"rotunda/models/store"
	"rotunda/views/urls"
)

// Network returns the client's network, by which attempts are limited: an IPv4
// address, or the first half of an IPv6 address, which is one customer. It is
// the word of the connection or of a trusted proxy, never of a header that the
// client wrote.
func Network(c echo.Context) string {
	a, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// Browser returns from where somebody signs in, with the session that the new
// one takes the place of.
func Browser(c echo.Context) store.Browser {
	return store.Browser{UserAgent: c.Request().UserAgent(), Network: Network(c), Replaces: SessionToken(c)}
}

// Zone returns the zone in which the viewer reads times: their own, or else
// the institute's.
func (w *Web) Zone(c echo.Context) (string, error) {
	if zone := Viewer(c).Zone(); zone != "" {
		return zone, nil
	}
	institute, err := w.Store.Institute(c.Request().Context())
	return institute.Zone, err
}

// Back returns where a form that may stand on any page leads to: to next, else
// to the page of this site that holds the form, else to Home.
func (w *Web) Back(c echo.Context, next string) string {
	if next = SafeNext(next); next != "" {
		return next
	}
	from, err := url.Parse(c.Request().Referer())
	if err == nil && from.Host == w.BaseURL.Host {
		if next = SafeNext(from.RequestURI()); next != "" {
			return next
		}
	}
	return "/"
}

// Unfinished returns the page where the viewer has yet to finish an account
// that began with a one-time link, or "".
func Unfinished(c echo.Context) (address string) {
	switch kept := keptSession(c); {
	case !kept.Viewer.IsAccount():
		return ""
	case kept.Unnamed:
		return urls.SetUpPath
	case kept.NoPassword:
		return urls.AccountPath
	}
	return ""
}

// HasPassword reports whether the viewer's account has a password.
func HasPassword(c echo.Context) bool { return !keptSession(c).NoPassword }

package handlers

import "rotunda/handlers/web"

// RouteRow is a row of the table of routes, for the tests that are made from it.
type RouteRow struct {
	Method, Path string
	Access       web.Access
}

// RouteRows returns the table of routes.
func RouteRows() []RouteRow {
	var out []RouteRow
	for _, r := range routes() {
		out = append(out, RouteRow{r.method, r.path, r.access})
	}
	return out
}

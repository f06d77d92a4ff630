package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// audit answers GET /settings/audit for who may read the log.
func (s *Server) audit(c echo.Context) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	zone, err := s.Zone(c)
	if err != nil {
		return err
	}
	log, err := s.Store.Audit(ctx, v, auditFilter(c, zone))
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Audit log", "settings")
	if err != nil {
		return err
	}
	p := views.AuditPage{
		Page: page, Account: c.QueryParam("account"), Kind: c.QueryParam("kind"), Roundtable: c.QueryParam("roundtable"),
		From: c.QueryParam("from"), To: c.QueryParam("to"), Rows: auditRows(log.Entries, zone),
	}
	p.Filtered = p.Account+p.Kind+p.Roundtable+p.From+p.To != ""
	beside := func(name, cursor string) string {
		if cursor == "" {
			return ""
		}
		return urls.With(urls.AuditPath, "account", p.Account, "kind", p.Kind, "roundtable", p.Roundtable, "from", p.From, "to", p.To, name, cursor)
	}
	p.Newer, p.Older = beside("after", log.Newer), beside("before", log.Older)
	if err := s.auditOptions(c, &p); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Audit(p))
}

// auditFilter reads the filter from the address; what cannot be read narrows
// nothing.
func auditFilter(c echo.Context, zone string) models.AuditFilter {
	f := models.AuditFilter{Kind: c.QueryParam("kind"), Before: c.QueryParam("before"), After: c.QueryParam("after")}
	f.Account, _ = models.ParseID(c.QueryParam("account"))
	f.Roundtable, _ = models.ParseID(c.QueryParam("roundtable"))
	loc, err := models.Zone(zone)
	if err != nil {
		return f
	}
	if day, err := time.ParseInLocation(time.DateOnly, c.QueryParam("from"), loc); err == nil {
		f.From = models.At(day)
	}
	if day, err := time.ParseInLocation(time.DateOnly, c.QueryParam("to"), loc); err == nil {
		f.Until = models.At(day.AddDate(0, 0, 1))
	}
	return f
}

func auditRows(entries []models.AuditEntry, zone string) []views.AuditRow {
	rows := make([]views.AuditRow, len(entries))
	for i, e := range entries {
		rows[i] = views.AuditRow{
			ISO: e.At.Time().Format(time.RFC3339), When: models.FormatInstant(e.At, zone), Who: e.Actor, Did: e.Words, About: e.About,
			Where: e.Roundtable, Sensitive: e.Sensitive,
		}
		if e.Room != 0 {
			rows[i].WhereHref = urls.Roundtable(e.Room)
		}
	}
	return rows
}

// auditOptions fills what the log can be filtered by.
func (s *Server) auditOptions(c echo.Context, p *views.AuditPage) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	accounts, err := s.Store.Accounts(ctx, v)
	if err != nil {
		return err
	}
	rooms, err := s.Store.AuditRoundtables(ctx, v)
	if err != nil {
		return err
	}
	p.Accounts, p.Kinds, p.Roundtables = []ui.Option{{Label: "Anyone"}}, []ui.Option{{Label: "Any act"}}, []ui.Option{{Label: "Anywhere"}}
	for _, a := range accounts {
		p.Accounts = append(p.Accounts, ui.Option{Value: a.ID.String(), Label: a.Name})
	}
	for _, k := range models.AuditKinds {
		p.Kinds = append(p.Kinds, ui.Option{Value: k.Key, Label: k.Name})
	}
	for _, r := range rooms {
		p.Roundtables = append(p.Roundtables, ui.Option{Value: r.ID.String(), Label: r.Title})
	}
	return nil
}

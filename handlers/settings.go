package handlers

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// settings answers GET /settings: its first page.
func (s *Server) settings(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, urls.InstitutePath)
}

// institute answers GET /settings/institute.
func (s *Server) institute(c echo.Context) error {
	i, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	return s.institutePage(c, instituteForm(i), nil, http.StatusOK)
}

func instituteForm(i models.Institute) views.InstituteForm {
	t := models.Thresholds{Staff: i.Thresholds.For(models.Staff), Partner: i.Thresholds.For(models.Partner), Public: i.Thresholds.For(models.Public)}
	f := views.InstituteForm{
		Name: i.Name, ShortName: i.ShortName, Zone: i.Zone, Contact: i.Contact, Regime: i.Regime.Key(),
		StaffK: strconv.Itoa(t.Staff.K), StaffL: strconv.Itoa(t.Staff.L), PartnerK: strconv.Itoa(t.Partner.K),
		PartnerL: strconv.Itoa(t.Partner.L), PublicK: strconv.Itoa(t.Public.K), PublicL: strconv.Itoa(t.Public.L),
		Gap: strconv.Itoa(i.CoverageGap),
	}
	if i.SectorsOnly {
		f.SectorsOnly = "1"
	}
	return f
}

func (s *Server) institutePage(c echo.Context, f views.InstituteForm, errs map[string]string, status int) error {
	i, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Institute", "settings")
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	p := views.InstitutePage{Page: page, Form: f, Zones: models.ZoneNames(), Picture: i.Logo, Errors: errs}
	if p.Example, err = s.Store.HasExample(c.Request().Context(), web.Viewer(c)); err != nil {
		return err
	}
	for _, r := range models.Regimes {
		p.Regimes = append(p.Regimes, ui.Option{Value: r.Key(), Label: r.Name(), Hint: r.Outside()})
	}
	return web.Render(c, status, views.Institute(p))
}

// instituteUpdate answers POST /settings/institute.
func (s *Server) instituteUpdate(c echo.Context) error {
	var f views.InstituteForm
	if err := s.Form(c, &f); err != nil {
		return err
	}
	number := func(s string) int { // what is no number is too small for every field
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0
		}
		return n
	}
	regime, ok := models.ParseRegime(f.Regime)
	if !ok {
		regime = models.RegimeNone
	}
	err := s.Store.UpdateInstitute(c.Request().Context(), web.Viewer(c), models.Institute{
		Name: f.Name, ShortName: f.ShortName, Zone: f.Zone, Contact: f.Contact, Regime: regime,
		Thresholds: models.Thresholds{
			Staff:   models.Threshold{K: number(f.StaffK), L: number(f.StaffL)},
			Partner: models.Threshold{K: number(f.PartnerK), L: number(f.PartnerL)},
			Public:  models.Threshold{K: number(f.PublicK), L: number(f.PublicL)},
		},
		SectorsOnly: f.SectorsOnly != "", CoverageGap: number(f.Gap),
	})
	if errs, status := s.refused(c, err); status != 0 {
		return s.institutePage(c, f, errs, status)
	}
	return s.done(c, err, "Saved.", urls.InstitutePath)
}

// instituteLogo answers POST /settings/institute/logo, which takes a picture
// or takes the one there is away.
func (s *Server) instituteLogo(c echo.Context) error {
	values, err := web.FormValues(c)
	if err != nil {
		return err
	}
	message := "The logo is removed."
	var picture []byte
	if !values.Has("remove") {
		message = "The logo is saved."
		if picture, err = uploaded(c, "logo", models.LogoMost); err == nil {
			err = s.Store.SetLogo(c.Request().Context(), web.Viewer(c), picture)
		}
	} else {
		err = s.Store.SetLogo(c.Request().Context(), web.Viewer(c), nil)
	}
	if errs, status := s.refused(c, err); status != 0 {
		i, err := s.Store.Institute(c.Request().Context())
		if err != nil {
			return err
		}
		return s.institutePage(c, instituteForm(i), errs, status)
	}
	return s.done(c, err, message, urls.InstitutePath)
}

// uploaded reads one small file of the form. It reads a byte more than most,
// so that whoever judges the file sees that it is too long.
func uploaded(c echo.Context, field string, most int64) ([]byte, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return nil, models.Invalid(field, "Choose a file first.")
	}
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// logo answers GET /logo: the institute's picture, as what its contents are.
func (s *Server) logo(c echo.Context) error {
	data, mediaType, err := s.Store.Logo(c.Request().Context())
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if c.QueryParam("v") != "" {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return c.Stream(http.StatusOK, mediaType, bytes.NewReader(data))
}

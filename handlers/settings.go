package handlers

import (
	"bytes"
	"errors"
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
		Gap: strconv.Itoa(i.CoverageGap), Accent: string(i.Accent), Seen: string(models.SeenOf(i.Settings())),
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
	err := s.Store.UpdateInstitute(c.Request().Context(), web.Viewer(c), models.Seen(f.Seen), models.Institute{
		Name: f.Name, ShortName: f.ShortName, Zone: f.Zone, Contact: f.Contact, Regime: regime,
		Thresholds: models.Thresholds{
			Staff:   models.Threshold{K: number(f.StaffK), L: number(f.StaffL)},
			Partner: models.Threshold{K: number(f.PartnerK), L: number(f.PartnerL)},
			Public:  models.Threshold{K: number(f.PublicK), L: number(f.PublicL)},
		},
		SectorsOnly: f.SectorsOnly != "", CoverageGap: number(f.Gap), Accent: models.Colour(f.Accent),
	})
	if errors.Is(err, models.ErrConflict) {
		i, err := s.Store.Institute(c.Request().Context())
		if err != nil {
			return err
		}
		f.Seen = string(models.SeenOf(i.Settings()))
		return s.institutePage(c, f, changedMeanwhile("the settings"), http.StatusConflict)
	}
	if errs, status := s.refused(c, err); status != 0 {
		return s.institutePage(c, f, errs, status)
	}
	return s.done(c, err, "Saved.", urls.InstitutePath)
}

// instituteLogo answers POST /settings/institute/logo, which takes a picture
// or takes the one there is away.
func (s *Server) instituteLogo(c echo.Context) error {
	picture, err := chosenLogo(c)
	if err == nil {
		err = s.Store.SetLogo(c.Request().Context(), web.Viewer(c), picture)
	}
	if errs, status := s.refused(c, err); status != 0 {
		i, err := s.Store.Institute(c.Request().Context())
		if err != nil {
			return err
		}
		return s.institutePage(c, instituteForm(i), errs, status)
	}
	message := "The logo is saved."
	if picture == nil {
		message = "The logo is removed."
	}
	return s.done(c, err, message, urls.InstitutePath)
}

// mostUploaded is how many bytes of a picture that is too large are read to
// their end: a browser that still sends shows no answer.
const mostUploaded = 32 << 20

// chosenLogo reads the picture of the form, nil where the logo is to go. It
// keeps a byte more than a logo may have, so that whoever judges it sees that
// it is too large.
func chosenLogo(c echo.Context) ([]byte, error) {
	none := models.Invalid("logo", "Choose a file first.")
	web.LimitBody(c, mostUploaded)
	parts, err := c.Request().MultipartReader()
	if err != nil {
		if values, err := web.FormValues(c); err != nil || values.Has("remove") {
			return nil, err
		}
		return nil, none
	}
	var data []byte
	for {
		part, err := parts.NextPart()
		if err == nil && part.FormName() == "remove" {
			return nil, nil
		}
		if err == nil && part.FormName() == "logo" {
			if data, err = io.ReadAll(io.LimitReader(part, models.LogoMost+1)); err == nil {
				_, err = io.Copy(io.Discard, part)
			}
		}
		var tooLong *http.MaxBytesError
		switch {
		case len(data) > models.LogoMost && errors.As(err, &tooLong), errors.Is(err, io.EOF) && len(data) > 0:
			return data, nil
		case errors.Is(err, io.EOF):
			return nil, none
		case err != nil:
			return nil, echo.NewHTTPError(http.StatusBadRequest)
		}
	}
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

package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// seriesList answers GET /series.
func (s *Server) seriesList(c echo.Context) error {
	v := web.Viewer(c)
	found, err := s.Store.Series(c.Request().Context(), v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Series", "roundtables")
	if err != nil {
		return err
	}
	p := views.SeriesListPage{Page: page, CanCreate: models.Can(v, models.CreateRoundtable)}
	for _, one := range found {
		p.Rows = append(p.Rows, views.SeriesRow{
			Href: urls.Series(one.ID), Name: one.Name, Question: one.Question, Archived: one.Archived,
			Count: ui.Count(one.Roundtables, "roundtable", "roundtables"),
		})
	}
	return web.Render(c, http.StatusOK, views.SeriesList(p))
}

// series answers GET /series/:id.
func (s *Server) series(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	v, ctx := web.Viewer(c), c.Request().Context()
	one, err := s.Store.OneSeries(ctx, v, id)
	if err != nil {
		return err
	}
	after := c.QueryParam("after")
	found, err := s.Store.Roundtables(ctx, v, models.RoundtableFilter{Series: id, After: after})
	if err != nil {
		return err
	}
	page, err := s.Page(c, one.Name, "roundtables")
	if err != nil {
		return err
	}
	p := views.SeriesPage{
		Page: page, Name: one.Name, Question: one.Question, Archived: one.Archived, CanEdit: models.Can(v, models.CreateRoundtable),
		EditHref: urls.SeriesEdit(id), ArchiveHref: urls.SeriesArchive(id), NewHref: urls.With(urls.RoundtableNewPath, "series", id.String()),
		List: views.RoundtablesPage{Groups: roundtableGroups(found.Lines, s.Store.Now())},
	}
	if after != "" {
		p.List.FirstHref = urls.Series(id)
	}
	if found.Next != "" {
		p.List.NextHref = urls.With(urls.Series(id), "after", found.Next)
	}
	return web.Render(c, http.StatusOK, views.Series(p))
}

// seriesNew answers GET /series/new.
func (s *Server) seriesNew(c echo.Context) error {
	return s.seriesForm(c, http.StatusOK, views.SeriesForm{Heading: "New series", Action: urls.SeriesNewPath, CancelHref: urls.SeriesListPath})
}

func (s *Server) seriesForm(c echo.Context, status int, p views.SeriesForm) (err error) {
	if p.Page, err = s.Page(c, p.Heading, "roundtables"); err != nil {
		return err
	}
	p.Failed = len(p.Errors) > 0
	return web.Render(c, status, views.EditSeries(p))
}

// seriesEdit answers GET /series/:id/edit.
func (s *Server) seriesEdit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	one, err := s.Store.OneSeries(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return s.seriesForm(c, http.StatusOK, views.SeriesForm{
		Heading: "Edit series", Action: urls.SeriesEdit(id), CancelHref: urls.Series(id), Name: one.Name, Question: one.Question, Seen: seriesSeen(one),
	})
}

type seriesForm struct {
	Name     string `form:"name"`
	Question string `form:"question"`
	Seen     string `form:"seen"`
}

func seriesSeen(one models.Series) string {
	return string(models.SeenOf(models.SeriesInput{Name: one.Name, Question: one.Question}))
}

// seriesCreate answers POST /series/new.
func (s *Server) seriesCreate(c echo.Context) error {
	var form seriesForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := s.Store.CreateSeries(c.Request().Context(), web.Viewer(c), models.SeriesInput{Name: form.Name, Question: form.Question})
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.seriesForm(c, http.StatusUnprocessableEntity, views.SeriesForm{
			Heading: "New series", Action: urls.SeriesNewPath, CancelHref: urls.SeriesListPath, Name: form.Name, Question: form.Question, Errors: bad.Fields,
		})
	}
	return s.acted(c, urls.Series(id), "The series was made.", err)
}

// seriesUpdate answers POST /series/:id/edit.
func (s *Server) seriesUpdate(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form seriesForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	v, ctx := web.Viewer(c), c.Request().Context()
	err = s.Store.UpdateSeries(ctx, v, id, models.SeriesInput{Name: form.Name, Question: form.Question, Seen: models.Seen(form.Seen)})
	p := views.SeriesForm{
		Heading: "Edit series", Action: urls.SeriesEdit(id), CancelHref: urls.Series(id), Name: form.Name, Question: form.Question, Seen: form.Seen,
	}
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		p.Errors = bad.Fields
		return s.seriesForm(c, http.StatusUnprocessableEntity, p)
	case errors.Is(err, models.ErrConflict):
		now, err := s.Store.OneSeries(ctx, v, id)
		if err != nil {
			return err
		}
		p.Seen, p.Errors = seriesSeen(now), changedMeanwhile("this series")
		return s.seriesForm(c, http.StatusConflict, p)
	}
	return s.acted(c, urls.Series(id), "The series was saved.", err)
}

// seriesArchive answers POST /series/:id/archive.
func (s *Server) seriesArchive(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Archive string `form:"archive"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	done := "The series is in use again."
	if form.Archive != "" {
		done = "The series was archived. Its roundtables stay."
	}
	return s.acted(c, urls.Series(id), done, s.Store.ArchiveSeries(c.Request().Context(), web.Viewer(c), id, form.Archive != ""))
}

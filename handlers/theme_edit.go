package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// themeForm is what the form for a theme sends.
type themeForm struct {
	Revision   int      `form:"revision"`
	Statement  string   `form:"statement"`
	Series     string   `form:"series"`
	Owner      string   `form:"owner"`
	Likelihood string   `form:"likelihood"`
	Confidence string   `form:"confidence"`
	Basis      string   `form:"basis"`
	Dissent    string   `form:"dissent"`
	NoDissent  string   `form:"nodissent"`
	Gaps       string   `form:"gaps"`
	Memo       string   `form:"memo"`
	IDs        []string `form:"id"`
}

// input reads the form. What is no number or no id is what cannot be chosen.
func (f themeForm) input() models.ThemeInput {
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil && s != "" {
			return -1
		}
		return n
	}
	id := func(s string) models.ID {
		id, err := models.ParseID(s)
		if err != nil && s != "" {
			return -1
		}
		return id
	}
	in := models.ThemeInput{
		Revision: f.Revision, Statement: f.Statement, SeriesID: id(f.Series), OwnerID: id(f.Owner),
		Likelihood: models.Likelihood(number(f.Likelihood)), Confidence: models.Confidence(number(f.Confidence)),
		Basis: f.Basis, Dissent: f.Dissent, Gaps: f.Gaps, Memo: f.Memo,
	}
	if f.NoDissent != "" && f.Dissent == "" {
		in.Dissent = models.NoDissent
	}
	return in
}

// themeNew answers GET /themes/new for analysts.
func (s *Server) themeNew(c echo.Context) error {
	form := themeForm{Series: c.QueryParam("series"), Owner: web.Viewer(c).Account().String(), IDs: c.QueryParams()["id"]}
	return s.showThemeForm(c, http.StatusOK, 0, form, nil, nil)
}

// themeCreate answers POST /themes/new.
func (s *Server) themeCreate(c echo.Context) error {
	var form themeForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := s.Store.CreateTheme(c.Request().Context(), web.Viewer(c), form.input(), idsOf(form.IDs)...)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showThemeForm(c, http.StatusUnprocessableEntity, 0, form, bad.Fields, nil)
	}
	return s.acted(c, urls.Theme(id), "The theme was written down.", err)
}

// themeEdit answers GET /themes/:id/edit for analysts.
func (s *Server) themeEdit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	t, err := s.Store.Theme(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	form := themeForm{
		Revision: t.Revision, Statement: t.Statement, Series: idWord(t.SeriesID), Owner: idWord(t.OwnerID), Basis: t.Basis, Dissent: t.Dissent,
		Gaps: t.Gaps, Memo: t.Memo, Likelihood: numberWord(int(t.Likelihood)), Confidence: numberWord(int(t.Confidence)),
	}
	if t.Dissent == models.NoDissent {
		form.Dissent, form.NoDissent = "", "1"
	}
	return s.showThemeForm(c, http.StatusOK, id, form, nil, nil)
}

func numberWord(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// themeUpdate answers POST /themes/:id/edit. A stale form comes back with both
// wordings.
func (s *Server) themeUpdate(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form themeForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	undo, err := s.Store.UpdateTheme(ctx, v, id, form.input())
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.showThemeForm(c, http.StatusUnprocessableEntity, id, form, bad.Fields, nil)
	case errors.Is(err, models.ErrConflict):
		theirs, err := s.Store.Theme(ctx, v, id)
		if err != nil {
			return err
		}
		form.Revision = theirs.Revision
		return s.showThemeForm(c, http.StatusConflict, id, form, nil, &theirs)
	case err != nil:
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "The theme was changed.", UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Theme(id))
}

func (s *Server) showThemeForm(c echo.Context, status int, id models.ID, form themeForm, errs map[string]string, theirs *models.ThemeRecord) error {
	p := views.ThemeForm{
		Heading: "New theme", Action: urls.ThemeNewPath, CancelHref: urls.ThemesPath, Revision: strconv.Itoa(form.Revision),
		Statement: form.Statement, Basis: form.Basis, Dissent: form.Dissent, NoDissent: form.NoDissent != "", Gaps: form.Gaps, Memo: form.Memo,
		Series: form.Series, Owner: form.Owner, Likelihood: form.Likelihood, Confidence: form.Confidence,
		LikelihoodList: likelihoodOptions(), ConfidenceList: confidenceOptions(), Errors: errs,
	}
	if id != 0 {
		p.Heading, p.Action, p.CancelHref = "Edit theme", urls.ThemeEdit(id), urls.Theme(id)
	}
	for _, one := range idsOf(form.IDs) {
		p.Insights = append(p.Insights, one.String())
	}
	if n := len(p.Insights); n > 0 {
		p.InsightsNote = "It starts with " + ui.Count(n, "insight that supports it.", "insights that support it.")
	}
	if theirs != nil {
		p.Theirs, p.TheirDissent, p.TheirEditor = theirs.Statement, theirs.Dissent, "Somebody else"
		if len(theirs.History) > 0 && theirs.History[0].Who != "" {
			p.TheirEditor = theirs.History[0].Who
		}
	}
	series, owners, err := s.themeChoices(c)
	if err != nil {
		return err
	}
	p.SeriesList, p.OwnerList = append([]ui.Option{{Label: "No series"}}, series...), owners
	if p.Page, err = s.Page(c, p.Heading, "themes"); err != nil {
		return err
	}
	p.Failed = len(errs) > 0 || theirs != nil
	return web.Render(c, status, views.EditTheme(p))
}

package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// recommendationStages are the colours of the states.
var recommendationStages = map[models.RecommendationState]string{
	models.RecommendationDraft: "draft", models.RecommendationPanel: "writing", models.RecommendationRevised: "inviting",
	models.RecommendationAdopted: "ready", models.RecommendationTurned: "closed", models.RecommendationPublic: "published",
}

// recommendations answers GET /recommendations.
func (s *Server) recommendations(c echo.Context) error {
	v, ctx := web.Viewer(c), c.Request().Context()
	f := models.RecommendationFilter{Text: web.CleanText(c.QueryParam("q")), Archived: c.QueryParam("archived") != ""}
	f.State, _ = models.ParseRecommendationState(c.QueryParam("state"))
	if f.State.Name() == "" {
		f.State = ""
	}
	f.Pillar, _ = models.ParsePillar(c.QueryParam("pillar"))
	f.After, _ = models.ParseID(c.QueryParam("after"))
	found, err := s.Store.Recommendations(ctx, v, f)
	if err != nil {
		return err
	}
	own, err := s.Store.OwnEvaluations(ctx, v)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Recommendations", "recommendations")
	if err != nil {
		return err
	}
	if err := s.hint(c, "recommendations", &page); err != nil {
		return err
	}
	zone := s.zone(c)
	p := views.RecommendationsPage{
		Page: page, CanCreate: models.Can(v, models.Analyse), Text: f.Text, State: string(f.State), Pillar: f.Pillar.Letter(), Archived: f.Archived,
		Filtered: f.Text != "" || f.State != "" || f.Pillar != 0 || f.Archived, ArchivedHref: urls.With(urls.RecommendationsPath, "archived", "1"),
		States: []ui.Option{{Label: "Any state"}}, Pillars: []ui.Option{{Label: "Any pillar"}}, Own: ownEvaluations(own, s.Store.Now(), zone),
	}
	for _, state := range models.RecommendationStates {
		p.States = append(p.States, ui.Option{Value: string(state), Label: state.Name()})
	}
	for _, pillar := range models.Pillars {
		p.Pillars = append(p.Pillars, ui.Option{Value: pillar.Letter(), Label: pillar.Name()})
	}
	for _, r := range found.Rows {
		p.Rows = append(p.Rows, views.RecommendationRow{
			Href: urls.Recommendation(r.ID), Title: r.Title, Reference: r.Reference(), Addressee: r.Addressee, Stage: recommendationStages[r.State],
			State: r.State.Name(), Changed: "changed " + models.FormatDay(r.Updated, zone), Pillars: r.Pillars, Verdicts: views.VerdictMarks(r.Results),
		})
	}
	here := urls.With(urls.RecommendationsPath, "q", f.Text, "state", string(f.State), "pillar", f.Pillar.Letter(), "archived", c.QueryParam("archived"))
	if f.After != 0 {
		p.FirstHref = here
	}
	if found.Next != 0 {
		p.NextHref = urls.With(here, "after", found.Next.String())
	}
	return web.Render(c, http.StatusOK, views.Recommendations(p))
}

// zone is the time zone in which dates of the institute are read and shown.
func (s *Server) zone(c echo.Context) string {
	institute, err := s.Store.Institute(c.Request().Context())
	if err != nil {
		return models.DefaultInstitute().Zone
	}
	return institute.Zone
}

func ownEvaluations(own []models.OwnEvaluation, now models.Instant, zone string) []views.OwnEvaluationRow {
	var out []views.OwnEvaluationRow
	for _, o := range own {
		out = append(out, views.OwnEvaluationRow{
			Href: urls.Recommendation(o.Recommendation) + "#yours", Title: o.Title, Due: "Due " + models.FormatDay(o.Due, zone), Late: o.Due <= now,
		})
	}
	return out
}

// recommendationForm is what the form of a recommendation sends.
type recommendationForm struct {
	Title        string   `form:"title"`
	Addressee    string   `form:"addressee"`
	Instrument   string   `form:"instrument"`
	Action       string   `form:"action"`
	Timeline     string   `form:"timeline"`
	Cost         string   `form:"cost"`
	Dependencies string   `form:"dependencies"`
	Risk         string   `form:"risk"`
	Mitigation   string   `form:"mitigation"`
	Measure      string   `form:"measure"`
	Alternatives string   `form:"alternatives"`
	Pillars      []string `form:"pillars"`
	Codes        []string `form:"codes"`
	Themes       []string `form:"themes"`
	Series       string   `form:"series"`
	Revision     int      `form:"revision"`
}

func (f recommendationForm) input() models.RecommendationInput {
	in := models.RecommendationInput{
		RecommendationText: models.RecommendationText{
			Title: f.Title, Addressee: f.Addressee, Instrument: f.Instrument, Action: f.Action, Timeline: f.Timeline, Cost: f.Cost,
			Dependencies: f.Dependencies, Risk: f.Risk, Mitigation: f.Mitigation, Measure: f.Measure, Alternatives: f.Alternatives,
		},
		Codes: idsOf(f.Codes), Themes: idsOf(f.Themes), Revision: f.Revision,
	}
	in.Series, _ = models.ParseID(f.Series)
	for _, letter := range f.Pillars {
		if p, ok := models.ParsePillar(letter); ok {
			in.Pillars |= p.Mask()
		}
	}
	return in
}

func inputOf(r models.Recommendation) models.RecommendationInput {
	in := models.RecommendationInput{RecommendationText: r.RecommendationText, Pillars: r.Pillars, Series: r.Series, Revision: r.Revision}
	for _, code := range append(append([]models.CodeRef(nil), r.Fronts...), r.Forums...) {
		in.Codes = append(in.Codes, code.ID)
	}
	for _, theme := range r.Themes {
		in.Themes = append(in.Themes, theme.ID)
	}
	return in
}

// recommendationNew answers GET /recommendations/new; ?theme= chooses one.
func (s *Server) recommendationNew(c echo.Context) error {
	return s.recommendationFormPage(c, http.StatusOK, nil, models.RecommendationInput{Themes: idsOf(c.QueryParams()["theme"])}, nil)
}

// recommendationCreate answers POST /recommendations/new.
func (s *Server) recommendationCreate(c echo.Context) error {
	var form recommendationForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	id, err := s.Store.CreateRecommendation(c.Request().Context(), web.Viewer(c), form.input())
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.recommendationFormPage(c, http.StatusUnprocessableEntity, nil, form.input(), bad.Fields)
	}
	return s.acted(c, urls.Recommendation(id), "The recommendation was drafted.", err)
}

// recommendationEdit answers GET /recommendations/:id/edit.
func (s *Server) recommendationEdit(c echo.Context) error {
	r, err := s.oneRecommendation(c)
	if err != nil {
		return err
	}
	return s.recommendationFormPage(c, http.StatusOK, &r, inputOf(r), nil)
}

// recommendationUpdate answers POST /recommendations/:id/edit. Where somebody
// changed it meanwhile both wordings are shown, with 409.
func (s *Server) recommendationUpdate(c echo.Context) error {
	var form recommendationForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	r, err := s.oneRecommendation(c)
	if err != nil {
		return err
	}
	undo, err := s.Store.EditRecommendation(c.Request().Context(), web.Viewer(c), r.ID, form.input())
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.recommendationFormPage(c, http.StatusUnprocessableEntity, &r, form.input(), bad.Fields)
	case errors.Is(err, models.ErrConflict):
		return s.recommendationFormPage(c, http.StatusConflict, &r, form.input(), nil)
	}
	return s.actedUndoably(c, urls.Recommendation(r.ID), "The recommendation was saved.", undo, err)
}

func (s *Server) oneRecommendation(c echo.Context) (models.Recommendation, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return models.Recommendation{}, err
	}
	return s.Store.Recommendation(c.Request().Context(), web.Viewer(c), id)
}

// recommendationFormPage shows the form of a new recommendation, or of now.
func (s *Server) recommendationFormPage(c echo.Context, status int, now *models.Recommendation, in models.RecommendationInput, errs map[string]string) error {
	v, ctx := web.Viewer(c), c.Request().Context()
	book, err := s.Store.Codebook(ctx, v)
	if err != nil {
		return err
	}
	themes, err := s.Store.ThemesToDrawOn(ctx, v, in.Themes)
	if err != nil {
		return err
	}
	series, err := s.Store.Series(ctx, v)
	if err != nil {
		return err
	}
	p := views.RecommendationForm{
		Series: idWord(in.Series), SeriesList: []ui.Option{{Label: "No series"}},
		Heading: "New recommendation", Action: urls.RecommendationNewPath, CancelHref: urls.RecommendationsPath,
		Title: in.Title, Parts: in.Parts(), Pillars: in.Pillars, Errors: errs,
	}
	if now != nil {
		p.Heading, p.Action, p.CancelHref = "Edit "+now.Reference(), urls.RecommendationEdit(now.ID), urls.Recommendation(now.ID)
		p.Evaluated, p.Revision = now.State != models.RecommendationDraft, strconv.Itoa(now.Revision)
		if in.Revision != now.Revision {
			p.Theirs = theirWords(in, now.RecommendationText)
		}
	}
	if p.Page, err = s.Page(c, p.Heading, "recommendations"); err != nil {
		return err
	}
	p.Failed = len(errs) > 0
	for _, one := range series {
		p.SeriesList = append(p.SeriesList, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	for _, e := range book {
		switch {
		case e.Kind != models.CodeFront && e.Kind != models.CodeForum:
		case !e.Archived:
			p.Codes = append(p.Codes, ui.Option{Value: e.ID.String(), Label: e.Name})
		case slices.Contains(in.Codes, e.ID):
			p.Codes = append(p.Codes, ui.Option{Value: e.ID.String(), Label: e.Name, Hint: "Archived in the codebook"})
		}
	}
	p.Themes = themeChoices(themes, now)
	p.ChosenCodes, p.ChosenThemes = idStrings(in.Codes), idStrings(in.Themes)
	if now != nil {
		for _, t := range now.Themes {
			if t.Archived {
				p.ChosenThemes = append(p.ChosenThemes, t.ID.String())
			}
		}
	}
	return web.Render(c, status, views.EditRecommendation(p))
}

// themeChoices offers the themes that can be drawn on, and those that the
// recommendation draws on whatever became of them. An archived one stays: it
// still says who may read the recommendation.
func themeChoices(usable []models.ThemeRef, now *models.Recommendation) []ui.Option {
	var out []ui.Option
	offered := map[models.ID]bool{}
	for _, t := range usable {
		offered[t.ID] = true
		out = append(out, ui.Option{Value: t.ID.String(), Label: t.Statement})
	}
	if now != nil {
		for _, t := range now.Themes {
			o := ui.Option{Value: t.ID.String(), Label: t.Statement, Hint: "Says nothing of dissent yet"}
			if t.Archived {
				o.Hint, o.Disabled = "Archived: it stays with this recommendation", true
			}
			if !offered[t.ID] {
				out = append(out, o)
			}
		}
	}
	return out
}

func idStrings(ids []models.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// theirWords are the parts that now read otherwise than what was typed.
func theirWords(in models.RecommendationInput, now models.RecommendationText) []models.RecommendationPart {
	out := []models.RecommendationPart{{Field: "title", Label: "What is to be done", Words: now.Title}}
	typed := in.Parts()
	for i, part := range now.Parts() {
		if part.Words != strings.TrimSpace(typed[i].Words) {
			out = append(out, part)
		}
	}
	return out
}

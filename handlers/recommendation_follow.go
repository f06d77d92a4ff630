package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// followUpView shows what became of a recommendation, with what was typed and
// refused.
func (s *Server) followUpView(c echo.Context, r models.Recommendation, typed typedWords) (*views.FollowUpView, error) {
	in, zone := r.FollowUp, s.zone(c)
	if typed.part == "follow" {
		in = typed.follow
	}
	f := &views.FollowUpView{
		CanEdit: models.Can(web.Viewer(c), models.Analyse), Revision: strconv.Itoa(r.Revision), Action: urls.RecommendationFollowUp(r.ID), Status: string(in.Status), Response: in.Response, Uptake: in.Uptake,
		StatusName: r.FollowUp.Status.Name(), Statuses: []ui.Option{{Label: "Choose"}}, Errors: typed.of("follow"),
	}
	for _, one := range []ui.Fact{{Term: "The addressee’s response", Value: r.FollowUp.Response}, {Term: "Evidence of uptake", Value: r.FollowUp.Uptake}} {
		if one.Value != "" {
			f.Facts = append(f.Facts, one)
		}
	}
	if in.Remind != 0 {
		if loc, err := models.Zone(zone); err == nil {
			f.Remind = in.Remind.In(loc).Format(time.DateOnly)
		}
		f.RemindWords = "Come back to it on " + models.FormatDay(in.Remind, zone) + "."
	}
	for _, status := range models.FollowUpStatuses {
		f.Statuses = append(f.Statuses, ui.Option{Value: string(status), Label: status.Name()})
	}
	if typed.part != "follow" || typed.follow.Revision == r.Revision {
		return f, nil
	}
	f.Who = "Somebody"
	f.Theirs = []ui.Fact{{Term: "Where it stands", Value: r.FollowUp.Status.Name()}}
	for _, part := range followUpChanges(typed.follow, r.FollowUp, zone) {
		if part.Field != "status" && part.Words != "" {
			f.Theirs = append(f.Theirs, ui.Fact{Term: part.Label, Value: part.Words})
		}
	}
	history, err := s.Store.RecommendationHistory(c.Request().Context(), web.Viewer(c), r.ID)
	if err == nil && len(history) > 0 && history[0].Revision == r.Revision && history[0].By != "" {
		f.Who = history[0].By
	}
	return f, err
}

// followUpChanges are the parts of what was noted that read otherwise than
// before.
func followUpChanges(before, now models.FollowUpInput, zone string) []models.RecommendationPart {
	words := func(in models.FollowUpInput) []models.RecommendationPart {
		remind := ""
		if in.Remind != 0 {
			remind = models.FormatDay(in.Remind, zone)
		}
		return []models.RecommendationPart{
			{Field: "status", Label: "Where it stands", Words: in.Status.Name()}, {Field: "response", Label: "The addressee’s response", Words: in.Response},
			{Field: "uptake", Label: "Evidence of uptake", Words: in.Uptake}, {Field: "remind", Label: "Come back to it on", Words: remind},
		}
	}
	var out []models.RecommendationPart
	old := words(before)
	for i, part := range words(now) {
		if part.Words != old[i].Words {
			out = append(out, part)
		}
	}
	return out
}

// recommendationFollowUp answers POST /recommendations/:id/follow-up.
func (s *Server) recommendationFollowUp(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Status   string `form:"status"`
		Response string `form:"response"`
		Uptake   string `form:"uptake"`
		Remind   string `form:"remind"`
		Revision int    `form:"revision"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := models.FollowUpInput{Status: models.FollowUpStatus(form.Status), Response: form.Response, Uptake: form.Uptake, Revision: form.Revision}
	if form.Remind != "" {
		if in.Remind, err = models.DayEnd(form.Remind, s.zone(c)); err != nil {
			return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "follow", errors: map[string]string{"remind": "Give a day, such as 2026-11-30."}, follow: in})
		}
	}
	undo, err := s.Store.FollowUpRecommendation(c.Request().Context(), web.Viewer(c), id, in)
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "follow", errors: bad.Fields, follow: in})
	case errors.Is(err, models.ErrConflict):
		return s.showRecommendation(c, http.StatusConflict, typedWords{part: "follow", follow: in})
	case err != nil:
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "The follow-up was saved.", UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Recommendation(id))
}

// recommendationHistory answers GET /recommendations/:id/history.
func (s *Server) recommendationHistory(c echo.Context) error {
	r, err := s.oneRecommendation(c)
	if err != nil {
		return err
	}
	found, err := s.Store.RecommendationHistory(c.Request().Context(), web.Viewer(c), r.ID)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Wordings of "+r.Reference(), "recommendations")
	if err != nil {
		return err
	}
	p := views.RecommendationHistoryPage{Page: page, Reference: r.Reference(), Title: r.Title, Back: urls.Recommendation(r.ID)}
	zone := s.zone(c)
	for i, w := range found {
		one := views.Wording{ISO: isoTime(w.At), When: models.FormatInstant(w.At, zone), By: w.By, What: w.What, Title: w.Text.Title}
		var before models.RecommendationRevision
		if i+1 < len(found) {
			before = found[i+1]
		}
		for n, part := range w.Text.Parts() {
			if part.Words != before.Text.Parts()[n].Words {
				one.Changed = append(one.Changed, part)
			}
		}
		one.Changed = append(one.Changed, followUpChanges(before.FollowUp, w.FollowUp, zone)...)
		p.Wordings = append(p.Wordings, one)
	}
	return web.Render(c, http.StatusOK, views.RecommendationHistory(p))
}

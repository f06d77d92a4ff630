package handlers

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// bulkActs says what the viewer may do to the insights of a page.
func (s *Server) bulkActs(c echo.Context, insights []models.Insight) (views.BulkActs, error) {
	v := web.Viewer(c)
	b := views.BulkActs{Action: urls.InsightsBulkPath, Next: c.Request().URL.RequestURI()}
	for _, i := range insights {
		b.Theme = b.Theme || mayGoIntoThemes(v, i)
		if i.Audience() != models.Team {
			continue
		}
		b.Tag = b.Tag || models.CanIn(v, models.TagInsight, i.RoundtableID())
		b.Review = b.Review || models.CanIn(v, models.ReviewInsight, i.RoundtableID())
		b.Release = b.Release || models.CanIn(v, models.ReleaseInsight, i.RoundtableID())
	}
	if !b.Tag {
		return b, nil
	}
	book, err := s.Store.Codebook(c.Request().Context(), v)
	b.Actions, b.Fronts, b.Forums, b.Tagged = codesOf(book, models.CodeAction), codesOf(book, models.CodeFront), codesOf(book, models.CodeForum), codesOf(book, models.CodeTag)
	return b, err
}

func codesOf(book models.Codebook, kind models.CodeKind) []ui.Option {
	var out []ui.Option
	for _, e := range book.Of(kind) {
		out = append(out, ui.Option{Value: e.ID.String(), Label: e.Name})
	}
	return out
}

// bulkForm is what the forms of lists and of one insight send. Do says what:
// pillar:S, code:ID, drop:ID, newtag or state:reviewed.
type bulkForm struct {
	IDs    []string `form:"id"`
	Do     string   `form:"do"`
	NewTag string   `form:"newtag"`
	Next   string   `form:"next"`
}

// insightsBulk answers POST /insights/bulk for those who may tag, review or
// release: one act on every chosen insight, which can be taken back.
func (s *Server) insightsBulk(c echo.Context) error {
	var form bulkForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	result, words, err := s.bulk(c, form)
	flash := views.Flash{Text: words}
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid):
		flash = views.Flash{Error: true, Text: firstMessage(invalid)}
	case errors.Is(err, models.ErrForbidden) && s.someTheirs(c, form):
		flash = views.Flash{Error: true, Text: "Some of the chosen insights are of roundtables where this is not yours to do. Nothing was changed: leave them out and try again."}
	case err != nil:
		return err
	case result.Undo != 0:
		flash.UndoURL = urls.Undo(result.Undo)
	}
	flash.Links = heldLinks(result.HeldBack)
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, s.Back(c, form.Next))
}

// someTheirs reports whether the viewer may act on some of the chosen insights:
// then it was the choice that did not fit.
func (s *Server) someTheirs(c echo.Context, form bulkForm) bool {
	v := web.Viewer(c)
	chosen, err := s.Store.InsightsByID(c.Request().Context(), v, idsOf(form.IDs))
	return err == nil && slices.ContainsFunc(chosen, func(i models.Insight) bool {
		return i.Audience() == models.Team && slices.ContainsFunc([]models.Right{models.TagInsight, models.ReviewInsight, models.ReleaseInsight},
			func(r models.Right) bool { return models.CanIn(v, r, i.RoundtableID()) })
	})
}

// bulk does what the form asks for and says what came of it.
func (s *Server) bulk(c echo.Context, form bulkForm) (store.BulkResult, string, error) {
	ctx, v, ids := c.Request().Context(), web.Viewer(c), idsOf(form.IDs)
	what, key, _ := strings.Cut(form.Do, ":")
	switch what {
	case "state":
		state, ok := models.ParseInsightState(key)
		if !ok {
			return store.BulkResult{}, "", models.Invalid("do", "Choose what to do.")
		}
		result, err := s.Store.SetInsightStates(ctx, v, ids, state)
		return result, bulkStateWords(result, state), err
	case "pillar", "code", "drop", "newtag", "enter":
		change, err := s.tagChange(c, form, ids)
		if err != nil {
			return store.BulkResult{}, "", err
		}
		result, err := s.Store.TagInsights(ctx, v, ids, change)
		return result, tagWords(change, result.Changed), err
	}
	return store.BulkResult{}, "", models.Invalid("do", "Choose what to do.")
}

// tagChange reads which tiles and codes go on or off. A pillar or a code that
// every chosen insight carries goes off, else it goes on.
func (s *Server) tagChange(c echo.Context, form bulkForm, ids []models.ID) (models.TagChange, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	chosen, err := s.Store.InsightsByID(ctx, v, ids)
	if err != nil {
		return models.TagChange{}, err
	}
	if len(chosen) == 0 {
		return models.TagChange{}, models.Invalid("id", "Choose at least one insight.")
	}
	what, key, _ := strings.Cut(form.Do, ":")
	switch what {
	case "pillar":
		p, ok := models.ParsePillar(key)
		if !ok {
			return models.TagChange{}, models.Invalid("do", "Choose a pillar.")
		}
		return models.TogglePillar(chosen, p), nil
	case "code":
		return models.TagChange{AddCodes: idsOf([]string{key})}, nil
	case "drop":
		return models.TagChange{DropCodes: idsOf([]string{key})}, nil
	}
	tag, err := s.Store.CreateTag(ctx, v, chosen[0].RoundtableID(), models.TagInput{Name: form.NewTag})
	return models.TagChange{AddCodes: []models.ID{tag.ID}}, err
}

// tagWords says what a change of tags did: which way a pillar went, since the
// same button puts it on and takes it off.
func tagWords(change models.TagChange, changed int) string {
	insights := ui.Count(changed, "insight", "insights")
	switch {
	case changed > 0 && len(change.AddPillars) == 1:
		return change.AddPillars[0].Name() + " added to " + insights + "."
	case changed > 0 && len(change.RemovePillars) == 1:
		return change.RemovePillars[0].Name() + " taken off " + insights + "."
	}
	return "Changed " + insights + "."
}

// bulkStateWords says what became of a review or a release, and what stood in its
// way.
func bulkStateWords(r store.BulkResult, to models.InsightState) string {
	words := map[models.InsightState]string{
		models.Captured: "Taken back to captured: ", models.Reviewed: "Reviewed: ", models.Released: "Released: ",
	}[to] + ui.Count(r.Changed, "insight", "insights") + "."
	if r.OffRecord > 0 {
		words += " " + ui.Count(r.OffRecord, "was", "were") + " said off the record and never leave" + singular(r.OffRecord) + " the team."
	}
	if r.NoParaphrase > 0 {
		words += " " + ui.Count(r.NoParaphrase, "needs", "need") + " a paraphrase first: deep background."
	}
	if n := len(r.HeldBack); n > 0 {
		words += " " + ui.Count(n, "is", "are") + " held back: the words may tell who was in the room."
	}
	return words
}

func singular(n int) string {
	if n == 1 {
		return "s"
	}
	return ""
}

// firstMessage is what is wrong, for a message that stands beside no field.
func firstMessage(e *models.InvalidError) string {
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		return e.Fields[field]
	}
	return ""
}

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

// insightEditForm is what the edit form sends.
type insightEditForm struct {
	Revision int      `form:"revision"`
	Text     string   `form:"text"`
	Kind     string   `form:"kind"`
	Item     string   `form:"item"`
	Speaker  string   `form:"speaker"`
	Primary  string   `form:"primary"`
	Pillars  []string `form:"pillars"`
	Codes    []string `form:"codes"`
	Flag     string   `form:"flag"`
	Next     string   `form:"next"`

	paraphrase *paraphraseForm // of the page's other form, where it was refused
}

// back is where the form leads to: the page it was opened on, else the
// roundtable's stream.
func (f insightEditForm) back(room models.ID) string {
	if next := web.SafeNext(f.Next); next != "" && next != urls.HomePath {
		return next
	}
	return urls.Capture(room)
}

// paraphraseForm is what the form for the paraphrase sends.
type paraphraseForm struct {
	Paraphrase string `form:"paraphrase"`
	Ready      bool   `form:"ready"`
}

// keepSpeaker is the value of the speaker's field that changes nothing: where
// the words after @ are not resolved yet, or only a sector is kept.
const keepSpeaker = "keep"

func (f insightEditForm) edit() models.InsightEdit {
	kind, _ := models.ParseKind(f.Kind)
	flag, _ := models.ParseRegime(f.Flag)
	return models.InsightEdit{
		Revision: f.Revision, Text: f.Text, Kind: kind, Item: idOr(f.Item), Pillars: pillarsOf(f.Primary, f.Pillars),
		Codes: idsOf(f.Codes), Speaker: idOr(f.Speaker), KeepSpeaker: f.Speaker == keepSpeaker, Flag: flag,
	}
}

// insightEdit answers GET /insights/:id/edit for the insight's team: the form,
// on a page or in place in the stream.
func (s *Server) insightEdit(c echo.Context) error {
	i, board, err := s.teamInsight(c)
	if err != nil {
		return err
	}
	form := insightEditFormOf(i)
	form.Next = s.Back(c, "")
	return s.showInsightEdit(c, http.StatusOK, i, board, form, nil)
}

// insightEditFormOf returns the form as it stands for an insight that nobody
// has typed at.
func insightEditFormOf(i models.Insight) insightEditForm {
	form := insightEditForm{
		Revision: i.Revision(), Text: i.Text(), Kind: i.Kind().Key(), Primary: i.PrimaryPillar().Letter(), Flag: i.OwnFlag().Key(),
		Speaker: speakerValue(i),
	}
	if i.ItemID() != 0 {
		form.Item = i.ItemID().String()
	}
	for _, p := range models.PillarsOf(i.PillarMask()) {
		form.Pillars = append(form.Pillars, p.Letter())
	}
	for _, list := range [][]models.CodeRef{i.Actions(), i.Fronts(), i.Forums(), i.Tags()} {
		for _, code := range list {
			form.Codes = append(form.Codes, code.ID.String())
		}
	}
	return form
}

func speakerValue(i models.Insight) string {
	switch {
	case i.SpeakerGuest() != 0:
		return i.SpeakerGuest().String()
	case i.Unresolved() != "" || i.SpeakerSector() != models.SectorNone:
		return keepSpeaker
	}
	return ""
}

func (s *Server) teamInsight(c echo.Context) (models.Insight, models.CaptureBoard, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return models.Insight{}, models.CaptureBoard{}, err
	}
	i, board, err := s.Store.TeamInsight(c.Request().Context(), web.Viewer(c), id)
	if err == nil && !models.CanIn(web.Viewer(c), models.EditInsight, i.RoundtableID()) {
		err = models.ErrForbidden
	}
	return i, board, err
}

// insightUpdate answers POST /insights/:id/edit for those who edit. Where
// somebody else changed the insight meanwhile, both wordings are shown.
func (s *Server) insightUpdate(c echo.Context) error {
	i, board, err := s.teamInsight(c)
	if err != nil {
		return err
	}
	var form insightEditForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	undo, err := s.Store.EditInsight(ctx, v, i.ID(), form.edit())
	var invalid *models.InvalidError
	switch {
	case errors.As(err, &invalid):
		return s.showInsightEdit(c, http.StatusUnprocessableEntity, i, board, form, invalid.Fields)
	case errors.Is(err, models.ErrConflict):
		return s.showInsightEdit(c, http.StatusUnprocessableEntity, i, board, form, nil)
	case err != nil:
		return err
	}
	if !web.IsFragment(c) {
		if err := web.Flash(c, views.Flash{Text: "The insight was changed.", UndoURL: urls.Undo(undo)}); err != nil {
			return err
		}
		return web.SeeOther(c, form.back(i.RoundtableID()))
	}
	if i, _, err = s.Store.TeamInsight(ctx, v, i.ID()); err != nil {
		return err
	}
	counts, err := s.Store.RoomCounts(ctx, v, i.RoundtableID())
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.StreamLine(views.StreamItemOf(i, counts.Rule)))
}

func (s *Server) showInsightEdit(c echo.Context, status int, i models.Insight, board models.CaptureBoard, form insightEditForm, errs map[string]string) error {
	page, err := s.Page(c, "Edit an insight", "roundtables")
	if err != nil {
		return err
	}
	items, err := s.Store.Agenda(c.Request().Context(), web.Viewer(c), i.RoundtableID())
	if err != nil {
		return err
	}
	page.Failed = len(errs) > 0
	p := views.InsightEditPage{
		Page: page, ID: i.ID().String(), Element: "i-" + i.ID().String(), Room: i.RoundtableID(), Back: form.back(i.RoundtableID()),
		Crumbs: []ui.Crumb{{Label: "Insights", Href: urls.InsightsPath}, {Label: i.Roundtable(), Href: urls.Capture(i.RoundtableID())}, {Label: "Edit"}},
		Text:   form.Text, Revision: strconv.Itoa(i.Revision()), Kind: form.Kind, Kinds: kindOptions(false),
		Item: form.Item, Items: itemOptions(items), Speaker: form.Speaker, Speakers: editSpeakers(i, board.Seats),
		Off: i.Regime() == models.OffTheRecord, Primary: form.Primary, Pillars: pillarOptions(),
		Codes: codeOptions(board.Codebook, form.Codes), Chosen: form.Codes, Flag: form.Flag, Flags: flagOptions(models.RegimeNone),
		Rule: i.Regime(), Deep: i.Regime() == models.DeepBackground, Errors: errs,
		PostURL: urls.InsightEdit(i.ID()), DeleteURL: urls.InsightDelete(i.ID()), ParaURL: urls.InsightParaphrase(i.ID()),
	}
	p.Para, p.Ready = i.Paraphrase()
	if typed := form.paraphrase; typed != nil {
		p.Para, p.Ready = typed.Paraphrase, typed.Ready
	}
	if form.Revision != i.Revision() && form.Text != i.Text() {
		p.Theirs = i.Text()
	}
	for _, pillar := range pillarsOf("", form.Pillars) {
		p.Mask |= pillar.Mask()
	}
	if web.IsFragment(c) {
		return web.Render(c, status, views.InsightEditInPlace(p))
	}
	return web.Render(c, status, views.InsightEdit(p))
}

func editSpeakers(i models.Insight, seats []models.Seat) []ui.Option {
	out := speakerOptions(seats)
	if speakerValue(i) != keepSpeaker {
		return out
	}
	label := "As it is: " + i.SpeakerSector().Name() + ", no name kept"
	if i.Unresolved() != "" {
		label = "As it is, unresolved: " + i.Unresolved()
	}
	return append([]ui.Option{{Value: keepSpeaker, Label: label}}, out...)
}

// insightDelete answers POST /insights/:id/delete for those who edit; it can
// be taken back.
func (s *Server) insightDelete(c echo.Context) error {
	i, _, err := s.teamInsight(c)
	if err != nil {
		return err
	}
	undo, err := s.Store.DeleteInsight(c.Request().Context(), web.Viewer(c), i.ID())
	if err != nil {
		return err
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, map[string]string{"undo": urls.Undo(undo)})
	}
	if err := web.Flash(c, views.Flash{Text: "The insight was deleted.", UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Capture(i.RoundtableID()))
}

// insightFlag answers POST /insights/:id/flag for the insight's author: their
// own stricter rule is taken back, within two minutes of setting it.
func (s *Server) insightFlag(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), web.Viewer(c)
	i, _, err := s.Store.TeamInsight(ctx, v, id)
	if err != nil {
		return err
	}
	flash := views.Flash{Text: "The stricter rule was taken back."}
	if err := s.Store.TakeBackFlag(ctx, v, id); errors.Is(err, models.ErrConflict) {
		flash = views.Flash{Error: true, Text: "A rule can be taken back by whoever set it, within two minutes. After that it stays."}
	} else if err != nil {
		return err
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Capture(i.RoundtableID()))
}

// insightParaphrase answers POST /insights/:id/paraphrase for those who edit:
// what others read in place of words said on deep background.
func (s *Server) insightParaphrase(c echo.Context) error {
	i, board, err := s.teamInsight(c)
	if err != nil {
		return err
	}
	var form paraphraseForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	err = s.Store.SetParaphrase(c.Request().Context(), web.Viewer(c), i.ID(), form.Paraphrase, form.Ready)
	var invalid *models.InvalidError
	if errors.As(err, &invalid) {
		typed := insightEditFormOf(i)
		typed.paraphrase = &form
		return s.showInsightEdit(c, http.StatusUnprocessableEntity, i, board, typed, invalid.Fields)
	}
	if err != nil {
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "The paraphrase was saved."}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.InsightEdit(i.ID()))
}

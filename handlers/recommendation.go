package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

func isoTime(at models.Instant) string { return at.Time().UTC().Format(time.RFC3339) }

// typedWords are what a refused form of the recommendation's page said, to be
// shown again where it was typed.
type typedWords struct {
	part     string // "open", "invite", "score", "remark", "decide", "follow"
	errors   map[string]string
	due      string
	panelist models.PanelistInput
	score    *models.EvaluationInput
	remark   string
	decision models.DecisionInput
	follow   models.FollowUpInput
}

func (t typedWords) of(part string) map[string]string {
	if t.part != part {
		return nil
	}
	return t.errors
}

// recommendation answers GET /recommendations/:id.
func (s *Server) recommendation(c echo.Context) error {
	return s.showRecommendation(c, http.StatusOK, typedWords{})
}

// showRecommendation shows a recommendation, with a form that was refused.
func (s *Server) showRecommendation(c echo.Context, status int, typed typedWords) error {
	v, ctx := web.Viewer(c), c.Request().Context()
	r, err := s.oneRecommendation(c)
	if err != nil {
		return err
	}
	material, err := s.Store.RecommendationMaterial(ctx, v, r.ID)
	if err != nil {
		return err
	}
	panel, err := s.Store.Panel(ctx, v, r.ID)
	has := err == nil
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	page, err := s.Page(c, r.Reference(), "recommendations")
	if err != nil {
		return err
	}
	page.Failed = typed.errors != nil
	p := s.recommendationPage(c, page, r, material)
	team, err := s.recommendationFindings(c, &p, r.ID)
	if err != nil {
		return err
	}
	p.Decision = decisionView(r, panel, models.Can(v, models.Analyse), typed)
	if r.State.Followed() {
		if p.FollowUp, err = s.followUpView(c, r, typed); err != nil {
			return err
		}
	}
	leads := models.Can(v, models.Analyse) && (r.Owner == v.Account() || v.Role() == models.RoleAdmin)
	p.CanOpen = leads && !r.Archived && (!has || panel.Stale) && !r.State.Followed() && r.State != models.RecommendationTurned
	p.OpenErrors, p.OpenDue = typed.of("open"), typed.due
	if has {
		if p.Panel, err = s.panelView(c, r, panel, material, leads, typed); err != nil {
			return err
		}
		p.TeamLooks = !team && leads && !panel.Stale && (p.Panel.CanInvite || panel.AsksOutside())
		if self, ok := panel.Self(); ok && !panel.Stale && panel.Stage.Scoring() > 0 {
			p.Score = scoreFormOf(self, panel, material, s.zone(c), s.Store.Now(), typed)
			p.Score.Action = urls.RecommendationScore(r.ID)
		}
	}
	if !typed.shownOn(p) {
		p.NotSaved = typed.notSaved(s.zone(c))
	}
	return web.Render(c, status, views.Recommendation(p))
}

// recommendationFindings marks what the leak lint has against a recommendation,
// and reports whether the viewer is on the team that may know.
func (s *Server) recommendationFindings(c echo.Context, p *views.RecommendationPage, id models.ID) (team bool, err error) {
	if p.Leaks, team, err = s.Store.RecommendationFindings(c.Request().Context(), web.Viewer(c), id); err != nil {
		return false, err
	}
	p.Findings = overrulable(web.Viewer(c), urls.RecommendationLint(id), p.Leaks)
	for n, fact := range p.Facts {
		if len(views.FindingsIn(fact.Value, p.Leaks)) > 0 {
			p.Facts[n].Body = views.Leaky(fact.Value, p.Leaks)
		}
	}
	return team, nil
}

func (s *Server) recommendationPage(c echo.Context, page views.Page, r models.Recommendation, m models.Material) views.RecommendationPage {
	p := views.RecommendationPage{
		Page: page, Reference: r.Reference(), Title: r.Title, Stage: recommendationStages[r.State], State: r.State.Name(),
		Drafted: "Drafted by " + r.OwnerName + ", " + models.FormatDay(r.Created, s.zone(c)), Pillars: r.Pillars, Archived: r.Archived,
		CanEdit: models.Can(web.Viewer(c), models.Analyse), EditHref: urls.RecommendationEdit(r.ID), ArchiveHref: urls.RecommendationArchive(r.ID),
		HistoryHref: urls.RecommendationHistory(r.ID), PanelHref: urls.RecommendationPanel(r.ID), Facts: textFacts(r.RecommendationText),
	}
	for i, pillar := range models.PillarsOf(r.Pillars) {
		if i > 0 {
			p.PillarNames += ", "
		}
		p.PillarNames += pillar.Name()
	}
	for _, code := range r.Fronts {
		p.Fronts = append(p.Fronts, codeWords(r, code))
	}
	for _, code := range r.Forums {
		p.Forums = append(p.Forums, codeWords(r, code))
	}
	for _, t := range r.Themes {
		p.Themes = append(p.Themes, views.LinkLine{Href: urls.Theme(t.ID), Text: t.Statement})
	}
	p.Supports, p.Against = materialRows(m)
	p.SupportsNote, p.AgainstNote = heard(m.Supports), heard(slices.Concat(m.Qualifies, m.Against))
	return p
}

// codeWords names a front or forum, and says where the codebook has archived it.
func codeWords(r models.Recommendation, code models.CodeRef) string {
	if slices.Contains(r.Retired, code.ID) {
		return code.Name + " (archived)"
	}
	return code.Name
}

func textFacts(t models.RecommendationText) []ui.Fact {
	var out []ui.Fact
	for _, part := range t.Parts() {
		if part.Words != "" {
			out = append(out, ui.Fact{Term: part.Label, Value: part.Words})
		}
	}
	return out
}

func materialRows(m models.Material) (supports, against []views.MaterialRow) {
	for _, i := range m.Supports {
		supports = append(supports, views.NewMaterialRow(i, false))
	}
	for _, i := range m.Against {
		against = append(against, views.NewMaterialRow(i, false))
	}
	for _, i := range m.Qualifies {
		against = append(against, views.NewMaterialRow(i, true))
	}
	return supports, against
}

// heard counts insights, roundtables and the labels as they are disclosed.
func heard(list []models.Insight) string {
	if len(list) == 0 {
		return ""
	}
	rooms, labels := map[models.ID]bool{}, map[models.Label]bool{}
	for _, i := range list {
		rooms[i.RoundtableID()] = true
		if l := i.TableLabel(); l != models.LabelNone {
			labels[l] = true
		}
	}
	words := ui.Count(len(list), "insight", "insights") + ", " + ui.Count(len(rooms), "roundtable", "roundtables")
	if len(labels) > 0 {
		words += ", " + ui.Count(len(labels), "group of speakers", "groups of speakers")
	}
	return words
}

func decisionView(r models.Recommendation, panel models.Panel, can bool, typed typedWords) views.DecisionView {
	d := views.DecisionView{Action: urls.RecommendationDecide(r.ID), Revision: strconv.Itoa(r.Revision), Errors: typed.of("decide"), Words: "No decision yet."}
	if r.Decided != 0 && (r.State.Followed() || r.State == models.RecommendationTurned) {
		d.Decided, d.Reason, d.Why = true, r.Reason, r.Uncertainty
		d.Words = r.State.Name() + ", decided by " + r.DecidedBy + "."
		return d
	}
	d.TypedReason, d.Typed = typed.decision.Reason, typed.decision.Uncertainty
	d.CanDecide = can && !r.Archived
	current := panel.ID != 0 && !panel.Stale
	switch {
	case !current:
		d.Blocked = "It can be adopted once a panel has evaluated the wording as it stands."
	case panel.Stage != models.PanelClosed:
		d.Blocked = "It can be adopted once the evaluation is closed."
	default:
		var bad *models.InvalidError
		if errors.As(models.MayAdopt(panel.Results, false, "explained"), &bad) {
			d.Blocked = bad.Fields[""]
		}
		d.MayAdopt = d.Blocked == ""
		for _, result := range panel.Results {
			d.Uncertain = d.Uncertain || d.MayAdopt && result.Verdict == models.Uncertain
		}
	}
	return d
}

// recommendationArchive answers POST /recommendations/:id/archive.
func (s *Server) recommendationArchive(c echo.Context) error {
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
	undo, err := s.Store.ArchiveRecommendation(c.Request().Context(), web.Viewer(c), id, form.Archive != "")
	if err != nil {
		return err
	}
	flash := views.Flash{Text: "The recommendation is in use again.", UndoURL: urls.Undo(undo)}
	if form.Archive != "" {
		flash.Text = "The recommendation was archived."
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Recommendation(id))
}

// recommendationDecide answers POST /recommendations/:id/decide.
func (s *Server) recommendationDecide(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form struct {
		Adopt       string `form:"adopt"`
		Reason      string `form:"reason"`
		Uncertainty string `form:"uncertainty"`
		Revision    int    `form:"revision"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := models.DecisionInput{Adopt: form.Adopt != "", Reason: form.Reason, Uncertainty: form.Uncertainty, Revision: form.Revision}
	undo, err := s.Store.DecideRecommendation(c.Request().Context(), web.Viewer(c), id, in)
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.showRecommendation(c, http.StatusUnprocessableEntity, typedWords{part: "decide", errors: bad.Fields, decision: in})
	case errors.Is(err, models.ErrConflict):
		changed := map[string]string{"": "Somebody changed the recommendation meanwhile. Read it again before you decide."}
		return s.showRecommendation(c, http.StatusConflict, typedWords{part: "decide", errors: changed, decision: in})
	case err != nil:
		return err
	}
	if err := web.Flash(c, views.Flash{Text: "The decision was recorded.", UndoURL: urls.Undo(undo)}); err != nil {
		return err
	}
	return web.SeeOther(c, urls.Recommendation(id))
}

package handlers

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/files"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

func byPlace(places map[models.ID]int) []models.ID {
	ids := slices.Collect(maps.Keys(places))
	slices.SortFunc(ids, func(a, b models.ID) int { return cmp.Or(cmp.Compare(places[a], places[b]), cmp.Compare(a, b)) })
	return ids
}

// brief answers GET /briefs/:id.
func (s *Server) brief(c echo.Context) error {
	return s.showBrief(c, http.StatusOK, views.BriefTyped{})
}

// showBrief shows a brief, with a form that was refused.
func (s *Server) showBrief(c echo.Context, status int, typed views.BriefTyped) error {
	b, err := s.briefOf(c)
	if err != nil {
		return err
	}
	v, ctx := web.Viewer(c), c.Request().Context()
	cited, err := s.citations(c, b, b.BriefText)
	if err != nil {
		return err
	}
	proof, err := s.Store.ProofBrief(ctx, v, b.ID)
	if err != nil {
		return err
	}
	colleagues, err := s.Store.BriefColleagues(ctx, v, b.ID)
	if err != nil {
		return err
	}
	page, err := s.Page(c, b.Title, "briefs")
	if err != nil {
		return err
	}
	p := s.briefPage(c, b)
	p.Page, p.Obstacles, p.TeamLooks, p.Body = page, proof.Obstacles, proof.TeamOnly, views.BriefBody{BriefText: b.BriefText, Cited: cited, Leaks: proof.Leaks}
	p.CanPublish = p.CanPublish && proof.Clear()
	p.Findings = overrulable(v, urls.BriefLint(b.ID), proof.Leaks)
	p.Facts = []ui.Fact{
		{Term: "Insights cited", Value: strconv.Itoa(len(b.Citations()))},
		{Term: "Themes", Value: strconv.Itoa(len(b.Themes))}, {Term: "Recommendations", Value: strconv.Itoa(len(b.Recommendations))},
	}
	p.WordHref, p.PrintHref, p.DataHref = urls.BriefWord(b.ID), urls.BriefPrint(b.ID), urls.BriefData(b.ID)
	p.Missing = files.MissingFromPDF(proof.Content.Text(), s.OtherScripts).Words()
	p.Colleagues = []ui.Option{{Label: "Choose…"}}
	for _, one := range colleagues {
		p.Colleagues = append(p.Colleagues, ui.Option{Value: one.ID.String(), Label: one.Name})
	}
	if err := s.briefPublished(c, b, proof, &p); err != nil {
		return err
	}
	p.Typed = typed
	if p.Failed = typed.Part != ""; p.Failed && !briefFormShown(p) {
		p.NotSaved = briefNotSaved(typed)
	}
	return web.Render(c, status, views.BriefShow(p))
}

// briefPublished adds what the brief is built on, and what of it is published:
// the manifest, and what differs.
func (s *Server) briefPublished(c echo.Context, b models.Brief, proof models.BriefProof, p *views.BriefPage) error {
	for _, t := range proof.Content.Themes {
		p.Themes = append(p.Themes, views.TrailLine{Href: urls.Theme(t.ID), Text: t.Statement})
	}
	for _, r := range proof.Content.Recommendations {
		p.Recommended = append(p.Recommended, views.TrailLine{Href: urls.Recommendation(r.ID), Text: r.Title, Note: r.State})
	}
	if b.Versions == 0 || b.WithdrawnAt != 0 {
		return nil
	}
	pub, err := s.Store.Publication(c.Request().Context(), b.Slug, 0)
	if err != nil {
		return err
	}
	p.Changed = proof.Content.Differences(pub.Content)
	m := pub.Manifest
	p.Manifest = []ui.Fact{
		{Term: "Version", Value: strconv.Itoa(pub.Content.Version)},
		{Term: "Published", Value: models.FormatDay(m.PublishedMs, s.zone(c))},
		{Term: "Written by", Value: m.Author}, {Term: "Approved by", Value: m.Approver},
		{Term: "Small-group limits (k, l)", Value: strconv.Itoa(m.K) + ", " + strconv.Itoa(m.L)},
		{Term: "Withheld", Value: ui.Count(m.Suppressed, "figure", "figures")},
		{Term: "Insights", Value: strconv.Itoa(len(m.InsightIDs))},
		{Term: "Codebook", Value: "version " + strconv.Itoa(m.CodebookVersion)},
		{Term: "Rules’ wording", Value: "version " + m.RuleTextVersion},
		{Term: "Hash", Value: m.Hash},
	}
	return nil
}

func (s *Server) briefPage(c echo.Context, b models.Brief) views.BriefPage {
	v := web.Viewer(c)
	write, publish, zone := models.Can(v, models.WriteBrief), models.Can(v, models.PublishBrief), s.zone(c)
	p := views.BriefPage{
		ID: b.ID, Title: b.Title, Stage: briefStage(b.State), State: b.State.Name(), From: briefFrom(b), Private: b.Private,
		Saved: "Draft " + strconv.Itoa(b.Revision) + " by " + b.Author, Revision: strconv.Itoa(b.Revision),
		Violated: b.ViolatedAt != 0 && b.WithdrawnAt == 0, Correction: b.Versions > 0,
		CanEdit: write, CanSubmit: write && b.State == models.BriefDraft, CanApprove: b.MayApprove(v) && !wroteIn(b, v),
		CanPublish: publish && b.State == models.BriefApproved, CanWithdraw: publish && b.Versions > 0 && b.WithdrawnAt == 0, CanComment: write,
	}
	if b.Versions > 0 {
		p.PublicHref = urls.PublicBrief(b.Slug)
	}
	if b.State == models.BriefInReview && !p.CanApprove {
		p.ApprovalMissed = "Somebody who did not write in it must approve it before it can be published."
	}
	for _, r := range b.Reviews {
		line := views.BriefReviewLine{Name: r.Name, Done: r.Done, When: "asked " + models.FormatDay(r.Asked, zone)}
		if r.Done {
			line.When = "read it " + models.FormatDay(r.At, zone)
		}
		if r.Account == v.Account() {
			p.AskedToRead, p.CanComment = !r.Done, true
		}
		p.Reviews = append(p.Reviews, line)
	}
	for _, one := range b.Comments {
		line := views.BriefCommentLine{Name: one.Name, When: models.FormatDay(one.At, zone), Passage: one.Passage, Text: one.Text, Resolved: one.Resolved}
		if write {
			line.ResolveHref = urls.BriefResolve(b.ID, one.ID)
		}
		p.Comments = append(p.Comments, line)
	}
	for _, h := range b.History {
		p.History = append(p.History, views.BriefCommentLine{Name: h.Name, When: models.FormatDay(h.At, zone), Text: strconv.Itoa(h.Revision) + ", " + h.What})
	}
	return p
}

// wroteIn reports whether the viewer saved a wording of the brief.
func wroteIn(b models.Brief, v models.Viewer) bool {
	return slices.ContainsFunc(b.History, func(h models.BriefRevision) bool { return h.Account == v.Account() })
}

// briefResolve answers POST /briefs/:id/comments/:comment/resolve.
func (s *Server) briefResolve(c echo.Context) error {
	comment, err := web.ID(c, "comment")
	if err != nil {
		return err
	}
	return s.briefStep(c, "The comment was settled.", func(id models.ID) (models.ID, error) {
		return s.Store.ResolveComment(c.Request().Context(), web.Viewer(c), id, comment)
	})
}

package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/urls"
)

// help answers GET /help for every account: the topics, or those that a search
// finds.
func (s *Server) help(c echo.Context) error {
	page, err := s.Page(c, "Help", "help")
	if err != nil {
		return err
	}
	query := c.QueryParam("q")
	return web.Render(c, http.StatusOK, views.Help(views.HelpPage{Page: page, Query: query, Topics: views.FindHelp(query)}))
}

// helpTopic answers GET /help/:topic for every account.
func (s *Server) helpTopic(c echo.Context) error {
	topics := views.HelpTopics()
	at := slices.IndexFunc(topics, func(t views.HelpTopic) bool { return t.Slug == c.Param("topic") })
	if at < 0 {
		return models.ErrNotFound
	}
	page, err := s.Page(c, topics[at].Title, "help")
	if err != nil {
		return err
	}
	p := views.HelpTopicPage{Page: page, Topic: topics[at]}
	if at+1 < len(topics) {
		p.Next = topics[at+1]
	}
	return web.Render(c, http.StatusOK, views.HelpAbout(p))
}

// hints are shown on the first page of a part of the site until they are put
// away, to those who may do what they speak of.
var hints = map[string]struct {
	may models.Right
	views.Hint
}{
	"home":            {models.ReadAsStaff, views.Hint{Text: "New here? There is a page of help for each task.", Word: "Help", Href: urls.HelpPath}},
	"roundtables":     {models.CreateRoundtable, views.Hint{Text: "A roundtable begins as a draft. Guests can be invited once it is scheduled.", Word: "How to convene one", Href: urls.HelpTopic("convene")}},
	"people":          {models.ImportPeople, views.Hint{Text: "A list of contacts can be imported. You see what would happen before anything is saved.", Word: "How to import", Href: urls.HelpTopic("import")}},
	"codebook":        {models.EditCodebook, views.Hint{Text: "Tags that are typed while capturing appear here, to be given a meaning, merged or split.", Word: "How tags work", Href: urls.HelpTopic("review")}},
	"analysis":        {models.Analyse, views.Hint{Text: "Every number leads to the insights behind it, and counts what you may read.", Word: "How to analyze", Href: urls.HelpTopic("analyze")}},
	"themes":          {models.Analyse, views.Hint{Text: "A theme is one sentence over insights that support, qualify or contradict it.", Word: "How to write one", Href: urls.HelpTopic("themes")}},
	"recommendations": {models.Analyse, views.Hint{Text: "A recommendation rests on themes, and a panel judges it on three criteria.", Word: "How to have one judged", Href: urls.HelpTopic("recommend")}},
	"briefs":          {models.WriteBrief, views.Hint{Text: "A brief is written beside the insights, read by colleagues, and approved by somebody else than its author.", Word: "How to publish one", Href: urls.HelpTopic("publish")}},
}

// hint puts the hint of a part of the site on its page, unless the viewer has
// put it away.
func (s *Server) hint(c echo.Context, key string, p *views.Page) error {
	v, known := web.Viewer(c), hints[key]
	if !models.Can(v, known.may) {
		return nil
	}
	seen, err := s.Store.SeenHints(c.Request().Context(), v)
	if err != nil || seen[key] {
		return err
	}
	p.Hint = known.Hint
	p.Hint.Key = key
	return nil
}

// hintDrop answers POST /hints for every account: a hint of the first days is
// put away for good.
func (s *Server) hintDrop(c echo.Context) error {
	var form struct {
		Hint string `form:"hint"`
		Next string `form:"next"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	if err := s.Store.DropHint(c.Request().Context(), web.Viewer(c), form.Hint); err != nil {
		return err
	}
	next := web.SafeNext(form.Next)
	if next == "" {
		next = urls.HomePath
	}
	return web.SeeOther(c, next)
}

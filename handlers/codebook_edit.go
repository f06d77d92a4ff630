package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/models/store"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

type codeForm struct {
	Kind       string `form:"kind"`
	Name       string `form:"name"`
	Definition string `form:"definition"`
	UseWhen    string `form:"use_when"`
	NotWhen    string `form:"not_when"`
	Example    string `form:"example"`
	Aliases    string `form:"aliases"`
	Colour     string `form:"colour"`
	Shortcut   string `form:"shortcut"`
	Revision   int    `form:"revision"`
}

func (f codeForm) input() models.CodeInput {
	kind, _ := models.ParseCodeKind(f.Kind)
	return models.CodeInput{
		Kind: kind, Name: f.Name, Definition: f.Definition, UseWhen: f.UseWhen, DoNotUseWhen: f.NotWhen, Example: f.Example,
		Aliases: f.Aliases, Colour: f.Colour, Shortcut: f.Shortcut, Revision: f.Revision,
	}
}

func formOfCode(e models.CodeEntry) codeForm {
	return codeForm{
		Kind: e.Kind.Key(), Name: e.Name, Definition: e.Definition, UseWhen: e.UseWhen, NotWhen: e.DoNotUseWhen, Example: e.Example,
		Aliases: strings.Join(e.Aliases, ", "), Colour: e.Colour, Shortcut: e.Shortcut, Revision: e.Revision,
	}
}

// showCodeForm shows the form of a new code, or of one that is edited.
func (s *Server) showCodeForm(c echo.Context, status int, form codeForm, p views.CodeForm) (err error) {
	if p.Page, err = s.Page(c, p.Heading, "codebook"); err != nil {
		return err
	}
	p.Failed = status != http.StatusOK
	p.Kind, p.Name, p.Definition, p.UseWhen, p.NotWhen = form.Kind, form.Name, form.Definition, form.UseWhen, form.NotWhen
	p.Example, p.Aliases, p.Colour, p.Shortcut = form.Example, form.Aliases, form.Colour, form.Shortcut
	p.Revision = strconv.Itoa(form.Revision)
	p.Colours = []ui.Option{{Label: "None"}}
	for _, colour := range models.CodeColours {
		p.Colours = append(p.Colours, ui.Option{Value: colour.Key, Label: colour.Name})
	}
	return web.Render(c, status, views.EditCode(p))
}

func newCodeForm(errs map[string]string) views.CodeForm {
	p := views.CodeForm{Heading: "Add to the codebook", Action: urls.CodebookPath, CancelHref: urls.CodebookPath, Errors: errs}
	for _, kind := range []models.CodeKind{models.CodeTag, models.CodeFront, models.CodeForum} {
		p.Kinds = append(p.Kinds, ui.Option{Value: kind.Key(), Label: kind.Name()})
	}
	return p
}

// codeNew answers GET /codebook/new for those who edit the codebook.
func (s *Server) codeNew(c echo.Context) error {
	return s.showCodeForm(c, http.StatusOK, codeForm{Kind: c.QueryParam("kind")}, newCodeForm(nil))
}

// codeCreate answers POST /codebook for those who edit the codebook.
func (s *Server) codeCreate(c echo.Context) error {
	var form codeForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	_, undo, err := s.Store.CreateCode(c.Request().Context(), web.Viewer(c), form.input())
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showCodeForm(c, http.StatusUnprocessableEntity, form, newCodeForm(bad.Fields))
	}
	kind := form.input().Kind
	next := urls.CodesOf(kind)
	if kind == models.CodeTag {
		next = urls.CodebookPath
	}
	return s.bookActed(c, next, undo, err)
}

// bookActed goes on to a page with what was done, in the words of the codebook's
// versions; it can be taken back.
func (s *Server) bookActed(c echo.Context, next string, undo models.ID, err error) error {
	flash := views.Flash{Text: "Nothing changed."}
	if err == nil && undo != 0 {
		var done store.Undo
		done, err = s.Store.Undoable(c.Request().Context(), web.Viewer(c), undo)
		flash = views.Flash{Text: done.Label + ".", UndoURL: urls.Undo(undo)}
	}
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		flash = views.Flash{Error: true, Text: firstMessage(bad)}
	case err != nil:
		return err
	}
	if err := web.Flash(c, flash); err != nil {
		return err
	}
	return web.SeeOther(c, next)
}

// codeOf reads the code of ":id" that can be changed.
func (s *Server) codeOf(c echo.Context) (models.CodeEntry, models.Codebook, error) {
	id, err := web.ID(c, "id")
	if err != nil {
		return models.CodeEntry{}, nil, err
	}
	book, err := s.Store.Codebook(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return models.CodeEntry{}, nil, err
	}
	e, ok := book.Entry(id)
	if !ok || e.MergedInto != 0 {
		return e, book, models.ErrNotFound
	}
	return e, book, nil
}

func editCodeForm(e models.CodeEntry, errs map[string]string) views.CodeForm {
	return views.CodeForm{
		Heading: "Edit “" + e.Name + "”", Action: urls.CodeEdit(e.ID), CancelHref: urls.Code(e.ID), Fixed: e.Kind.Fixed(), Errors: errs,
	}
}

// codeEdit answers GET /codebook/:id/edit for those who edit the codebook.
func (s *Server) codeEdit(c echo.Context) error {
	e, _, err := s.codeOf(c)
	if err != nil {
		return err
	}
	return s.showCodeForm(c, http.StatusOK, formOfCode(e), editCodeForm(e, nil))
}

// codeUpdate answers POST /codebook/:id/edit for those who edit the codebook. A
// form from before a colleague's change comes back with both wordings.
func (s *Server) codeUpdate(c echo.Context) error {
	e, _, err := s.codeOf(c)
	if err != nil {
		return err
	}
	var form codeForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	undo, err := s.Store.EditCode(c.Request().Context(), web.Viewer(c), e.ID, form.input())
	var bad *models.InvalidError
	switch {
	case errors.As(err, &bad):
		return s.showCodeForm(c, http.StatusUnprocessableEntity, form, editCodeForm(e, bad.Fields))
	case errors.Is(err, models.ErrConflict):
		form.Revision = e.Revision
		p := editCodeForm(e, nil)
		p.Theirs = append([]ui.Fact{{Term: "Name", Value: e.Name}}, codeFacts(e)...)
		return s.showCodeForm(c, http.StatusConflict, form, p)
	}
	return s.bookActed(c, urls.Code(e.ID), undo, err)
}

// codeMove answers POST /codebook/:id/move for those who edit the codebook: one
// place up or down, or before another.
func (s *Server) codeMove(c echo.Context) error {
	e, book, err := s.codeOf(c)
	if err != nil {
		return err
	}
	var form struct {
		To     string `form:"to"`
		Before string `form:"before"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	before, err := models.ParseID(form.Before)
	if err != nil {
		before = besides(book.Of(e.Kind), e.ID, form.To)
	}
	next := urls.CodesOf(e.Kind)
	if e.Kind == models.CodeTag {
		next = urls.CodebookPath
	}
	undo, err := s.Store.MoveCode(c.Request().Context(), web.Viewer(c), e.ID, before)
	return s.bookActed(c, next+"#codes", undo, err)
}

// besides is the code before which one stands once it moved one place: itself
// where it cannot, zero at the end.
func besides(codes []models.CodeEntry, id models.ID, to string) models.ID {
	for i, e := range codes {
		switch {
		case e.ID != id:
		case to == "up" && i > 0:
			return codes[i-1].ID
		case to == "down" && i+2 < len(codes):
			return codes[i+2].ID
		case to == "down" && i+2 == len(codes):
			return 0
		case i+1 < len(codes):
			return codes[i+1].ID
		}
	}
	return 0
}

// codesArchive answers POST /codebook/archive for those who edit the codebook:
// the chosen codes, or the one that the address names.
func (s *Server) codesArchive(c echo.Context) error {
	var form struct {
		IDs []string `form:"id"`
		Do  string   `form:"do"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	ids := idsOf(form.IDs)
	if one := c.QueryParam("code"); one != "" {
		ids = idsOf([]string{one})
	}
	undo, err := s.Store.ArchiveCodes(c.Request().Context(), web.Viewer(c), ids, form.Do != "restore")
	next := s.Back(c, "")
	if next == urls.HomePath {
		next = urls.CodebookPath
	}
	return s.bookActed(c, next, undo, err)
}

// codeMergeForm answers GET /codebook/merge for those who edit the codebook:
// what merging the chosen codes would do.
func (s *Server) codeMergeForm(c echo.Context) error {
	ids := idsOf(c.QueryParams()["id"])
	in := models.MergeInput{Codes: ids, Spellings: true}
	if len(ids) > 0 {
		in.Keep = ids[0]
	}
	return s.showMerge(c, http.StatusOK, in, nil)
}

func (s *Server) showMerge(c echo.Context, status int, in models.MergeInput, errs map[string]string) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	book, err := s.Store.Codebook(ctx, v)
	if err != nil {
		return err
	}
	if _, _, err := in.Check(book); err != nil && errs == nil {
		return s.bookActed(c, urls.CodebookPath, 0, err)
	}
	counts, err := s.Store.CodeCounts(ctx, v, in.Codes)
	if err != nil {
		return err
	}
	page, err := s.Page(c, "Merge", "codebook")
	if err != nil {
		return err
	}
	page.Failed = errs != nil
	p := views.MergePage{
		Page: page, Heading: "Merge " + ui.Count(len(in.Codes), "code", "codes"), Keep: in.Keep.String(), Spellings: in.Spellings,
		CancelHref: urls.CodebookPath, Errors: errs,
	}
	for _, id := range in.Codes {
		e, ok := book.Entry(id)
		if !ok {
			continue
		}
		_, words := codeCountWords(counts[id])
		meaning := "no meaning written"
		if e.Definition != "" {
			meaning = "meaning written"
		}
		p.Heading = "Merge " + ui.Count(len(in.Codes), codeKindWords[e.Kind][1], codeKindWords[e.Kind][2])
		p.IDs = append(p.IDs, id.String())
		p.Options = append(p.Options, ui.Option{Value: id.String(), Label: e.Name, Hint: words + ", " + meaning})
	}
	count, err := s.mergedCount(c, book, in)
	if err != nil {
		return err
	}
	p.Preview = capitalized(count) + " that you can read will carry the name you keep, and so will those of other teams that you cannot read. Published briefs do not change."
	p.Button = "Merge " + count
	return web.Render(c, status, views.MergeCodes(p))
}

// mergedCount says how many insights a merge changes, as the viewer sees them:
// all that carry one of the codes then carry the kept one.
func (s *Server) mergedCount(c echo.Context, book models.Codebook, in models.MergeInput) (string, error) {
	var filter models.InsightFilter
	for _, id := range in.Codes {
		if e, ok := book.Entry(id); ok {
			filter = filter.With(facetOf(e.Kind), e.Key)
		}
	}
	n, capped, err := s.Store.CountInsights(c.Request().Context(), web.Viewer(c), filter)
	_, words := codeCountWords(models.CodeCount{N: n, Capped: capped})
	return words, err
}

// capitalized begins a sentence.
func capitalized(words string) string { return strings.ToUpper(words[:1]) + words[1:] }

func facetOf(kind models.CodeKind) models.Facet {
	switch kind {
	case models.CodeFront:
		return models.FacetFront
	case models.CodeForum:
		return models.FacetForum
	}
	return models.FacetTag
}

// codesMerge answers POST /codebook/merge for those who edit the codebook.
func (s *Server) codesMerge(c echo.Context) error {
	var form struct {
		IDs       []string `form:"id"`
		Keep      string   `form:"keep"`
		Spellings string   `form:"spellings"`
	}
	if err := s.Form(c, &form); err != nil {
		return err
	}
	in := models.MergeInput{Codes: idsOf(form.IDs), Spellings: form.Spellings != ""}
	if keep, err := models.ParseID(form.Keep); err == nil {
		in.Keep = keep
	}
	undo, err := s.Store.MergeCodes(c.Request().Context(), web.Viewer(c), in)
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showMerge(c, http.StatusUnprocessableEntity, in, bad.Fields)
	}
	return s.bookActed(c, urls.CodebookPath, undo, err)
}

type splitForm struct {
	Name   string `form:"name"`
	Words  string `form:"words"`
	Pillar string `form:"pillar"`
	Kind   string `form:"kind"`
	Both   string `form:"both"`
}

func (f splitForm) input() models.SplitInput {
	return models.SplitInput{Name: f.Name, Words: f.Words, Pillar: f.Pillar, InsightKind: f.Kind, Both: f.Both != ""}
}

// codeSplitForm answers GET /codebook/:id/split for those who edit the codebook:
// the form and, once a rule is given, what it would change.
func (s *Server) codeSplitForm(c echo.Context) error {
	q := c.QueryParam
	form := splitForm{Name: q("name"), Words: q("words"), Pillar: q("pillar"), Kind: q("kind"), Both: q("both")}
	return s.showSplit(c, http.StatusOK, form, nil)
}

func (s *Server) showSplit(c echo.Context, status int, form splitForm, errs map[string]string) error {
	e, _, err := s.codeOf(c)
	if err != nil {
		return err
	}
	if e.Kind.Fixed() {
		return models.ErrNotFound
	}
	asked := form != splitForm{}
	var preview models.SplitPreview
	if asked && errs == nil {
		preview, err = s.Store.PreviewSplit(c.Request().Context(), web.Viewer(c), e.ID, form.input())
		var bad *models.InvalidError
		if errors.As(err, &bad) {
			errs, status = bad.Fields, http.StatusUnprocessableEntity
		} else if err != nil {
			return err
		}
	}
	page, err := s.Page(c, "Split "+e.Name, "codebook")
	if err != nil {
		return err
	}
	page.Failed = errs != nil
	p := views.SplitPage{
		Page: page, Name: e.Name, Href: urls.Code(e.ID), Code: e.ID, Kind: codeKindWords[e.Kind][1], Errors: errs,
		Form:    views.SplitForm{Name: form.Name, Words: form.Words, Pillar: form.Pillar, Kind: form.Kind, Both: form.Both != ""},
		Pillars: append([]ui.Option{{Label: "Any pillar"}}, pillarOptions()[1:]...), Kinds: append([]ui.Option{{Label: "Any kind"}}, kindOptions(false)...),
	}
	if asked && errs == nil {
		showPreview(&p, preview)
	}
	return web.Render(c, status, views.SplitCode(p))
}

// showPreview says what a split would change.
func showPreview(p *views.SplitPage, preview models.SplitPreview) {
	_, words := codeCountWords(preview.Count)
	p.Previewed = preview.Count.N > 0
	p.Preview, p.Button = capitalized(words)+" that you can read", "Split off "+words
	for _, i := range preview.Examples {
		p.Examples = append(p.Examples, views.SplitExample{Text: clipped(i.Text(), 200), Href: urls.Insight(i.ID()), Where: i.Roundtable()})
	}
}

// codeSplit answers POST /codebook/:id/split for those who edit the codebook.
func (s *Server) codeSplit(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	var form splitForm
	if err := s.Form(c, &form); err != nil {
		return err
	}
	_, undo, err := s.Store.SplitCode(c.Request().Context(), web.Viewer(c), id, form.input())
	var bad *models.InvalidError
	if errors.As(err, &bad) {
		return s.showSplit(c, http.StatusUnprocessableEntity, form, bad.Fields)
	}
	return s.bookActed(c, urls.Code(id), undo, err)
}

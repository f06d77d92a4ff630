package handlers

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views/files"
)

// briefFormat is a file that a brief is offered as.
type briefFormat struct {
	ending, mediaType string
	write             func(*Server, io.Writer, models.Publication) error
}

var (
	briefWord = briefFormat{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", func(_ *Server, w io.Writer, p models.Publication) error {
		return files.WriteBriefDOCX(w, p.Content, p.Manifest)
	}}
	briefPrint = briefFormat{"pdf", "application/pdf", func(s *Server, w io.Writer, p models.Publication) error {
		_, err := files.WriteBriefPDF(w, p.Content, p.Manifest, files.PDFOptions{OtherScripts: s.OtherScripts})
		return err
	}}
	briefData = briefFormat{"csv", "text/csv; charset=utf-8", writeBriefData}
)

// writeBriefData writes the insights behind a brief, as everybody may read them.
func writeBriefData(_ *Server, out io.Writer, p models.Publication) error {
	w := files.NewCSV(out, false)
	if err := w.Row("id", "roundtable", "held_on", "kind", "text", "attribution", "rule", "pillars", "fronts", "forums"); err != nil {
		return err
	}
	rows := p.Content.Insights()
	slices.SortFunc(rows, func(a, b models.BriefInsight) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	for _, i := range rows {
		if err := w.Row(
			i.ID.String(), i.Roundtable, i.HeldOn, i.Kind, i.Text, i.Attribution, i.Rule,
			strings.Join(i.Pillars, " "), strings.Join(i.Fronts, "; "), strings.Join(i.Forums, "; "),
		); err != nil {
			return err
		}
	}
	return w.Flush()
}

// answerBrief sends a brief as a file. It is whole before the first byte leaves, so
// that a failure is an error page and no broken file.
func (s *Server) answerBrief(c echo.Context, f briefFormat, p models.Publication) error {
	var b bytes.Buffer
	if err := f.write(s, &b, p); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, files.Attachment(files.FileName(p.Content.FileName(), f.ending)))
	return c.Blob(http.StatusOK, f.mediaType, b.Bytes())
}

// publicBriefWord answers GET /public/briefs/:slug/brief.docx.
func (s *Server) publicBriefWord(c echo.Context) error { return s.publicBriefFile(c, briefWord) }

// publicBriefPrint answers GET /public/briefs/:slug/brief.pdf.
func (s *Server) publicBriefPrint(c echo.Context) error { return s.publicBriefFile(c, briefPrint) }

// publicBriefData answers GET /public/briefs/:slug/data.csv.
func (s *Server) publicBriefData(c echo.Context) error { return s.publicBriefFile(c, briefData) }

// publicBriefFile sends the newest version of a published brief, or the one
// that ?v= names.
func (s *Server) publicBriefFile(c echo.Context, f briefFormat) error {
	version := 0
	if n := c.QueryParam("v"); n != "" {
		var err error
		if version, err = strconv.Atoi(n); err != nil || version < 1 || version > math.MaxInt32 {
			return models.ErrNotFound
		}
	}
	pub, err := s.Store.Publication(c.Request().Context(), web.CleanText(c.Param("slug")), version)
	if err != nil {
		return err
	}
	if pub.Gone() {
		return models.ErrGone
	}
	openToAll(c)
	return s.answerBrief(c, f, pub)
}

// briefWordProof answers GET /briefs/:id/brief.docx.
func (s *Server) briefWordProof(c echo.Context) error { return s.briefProof(c, briefWord) }

// briefPrintProof answers GET /briefs/:id/brief.pdf.
func (s *Server) briefPrintProof(c echo.Context) error { return s.briefProof(c, briefPrint) }

// briefDataProof answers GET /briefs/:id/data.csv.
func (s *Server) briefDataProof(c echo.Context) error { return s.briefProof(c, briefData) }

// briefProof sends a brief as it would be published now, to those who may read
// it before.
func (s *Server) briefProof(c echo.Context, f briefFormat) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	proof, err := s.Store.ProofBrief(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return s.answerBrief(c, f, proof.Publication)
}

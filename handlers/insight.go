package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rotunda/handlers/web"
	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// insight answers GET /insights/:id for everybody who may read it: the record,
// beside the list or on a page of its own. Reading the speaker of one's own
// team's room is noted in the audit log.
func (s *Server) insight(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	record, err := s.Store.OpenInsight(c.Request().Context(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	p, err := s.insightPage(c, record)
	if err != nil {
		return err
	}
	if web.IsFragment(c) {
		return web.Render(c, http.StatusOK, views.InsightPanel(p))
	}
	return web.Render(c, http.StatusOK, views.Insight(p))
}

func (s *Server) insightPage(c echo.Context, i models.InsightRecord) (views.InsightPage, error) {
	v := web.Viewer(c)
	page, err := s.Page(c, "Insight", "insights")
	if err != nil {
		return views.InsightPage{}, err
	}
	p := views.InsightPage{
		Page: page, ID: i.ID().String(), Href: urls.Insight(i.ID()), State: i.State().Name(), Text: i.Text(), Regime: i.Regime(),
		Back: withFilter(urls.InsightsPath, models.ParseInsightFilter(c.QueryParams())),
	}
	if p.Bulk, err = s.bulkActs(c, []models.Insight{i.Insight}); err != nil {
		return p, err
	}
	p.CanTag = p.Bulk.Tag
	for _, pillar := range models.Pillars {
		p.Pillars = append(p.Pillars, views.PillarButton{Pillar: pillar, On: i.PillarMask()&pillar.Mask() != 0})
	}
	carried := map[string]bool{}
	for _, list := range [][]models.CodeRef{i.Actions(), i.Fronts(), i.Forums(), i.Tags()} {
		for _, code := range list {
			carried[code.ID.String()] = true
			p.Tags = append(p.Tags, ui.Option{Value: code.ID.String(), Label: code.Name})
		}
	}
	for _, o := range p.Bulk.Tagged {
		if !carried[o.Value] {
			p.NewTags = append(p.NewTags, o)
		}
	}
	p.Facts = insightFacts(i.Insight, p.CanTag)
	if err := s.contradicted(c, &p, i.Insight); err != nil {
		return p, err
	}
	if p.Trail, err = s.insightTrail(c, i.Insight); err != nil {
		return p, err
	}
	if i.Audience() != models.Team {
		return p, nil
	}
	p.RuleNote = "Others read: " + i.Regime().Outside() + "."
	if models.CanIn(v, models.EditInsight, i.RoundtableID()) {
		p.Edit = urls.InsightEdit(i.ID())
	}
	if err := s.insightFindings(c, &p, i.Insight); err != nil {
		return p, err
	}
	if models.CanIn(v, models.StrikeInsight, i.RoundtableID()) {
		p.Strike = urls.InsightStrike(i.ID())
	}
	stateButtons(&p, v, i.Insight)
	p.History = historyLines(i.History, i.Zone())
	return p, nil
}

// contradicted names the insight that this one speaks against, where the reader
// may know that it does and the other is still there.
func (s *Server) contradicted(c echo.Context, p *views.InsightPage, i models.Insight) error {
	if i.Contradicts() == 0 {
		return nil
	}
	other, err := s.Store.Insight(c.Request().Context(), web.Viewer(c), i.Contradicts())
	switch {
	case errors.Is(err, models.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	p.Facts = append(p.Facts, ui.Fact{Term: "Contradicts", Body: views.InsightLink(urls.Insight(other.ID()), other.Text())})
	return nil
}

// stateButtons offers the next state of an insight and the one before, and
// says what stands in the way of a release.
func stateButtons(p *views.InsightPage, v models.Viewer, i models.Insight) {
	review, release := models.CanIn(v, models.ReviewInsight, i.RoundtableID()), models.CanIn(v, models.ReleaseInsight, i.RoundtableID())
	_, ready := i.Paraphrase()
	switch {
	case i.State() == models.Released:
		if release {
			p.BackDo, p.BackLabel = "state:reviewed", "Take the release back"
		}
		return
	case i.State() == models.Captured && review:
		p.ReviewDo, p.ReviewLabel = "state:reviewed", "Mark reviewed"
		return
	case i.State() == models.Captured:
		return
	}
	if review {
		p.BackDo, p.BackLabel = "state:captured", "Back to captured"
	}
	switch {
	case i.Regime() == models.OffTheRecord:
		p.Note = "This was said off the record: it never leaves the team."
	case i.Regime() == models.DeepBackground && !ready:
		p.Note = "Deep background: before it can be released, somebody who edits writes a paraphrase and marks it ready."
	case len(p.Findings) > 0:
		p.Note = "Before it can be released: " + ui.Count(len(p.Findings), "finding", "findings") + " below may tell who was in the room."
	case release:
		p.ReviewDo, p.ReviewLabel = "state:released", "Release"
	}
}

// insightFacts lists what the reader may know of an insight.
func insightFacts(i models.Insight, taggedAbove bool) []ui.Fact {
	var out []ui.Fact
	add := func(term, value string) {
		if value != "" {
			out = append(out, ui.Fact{Term: term, Value: value})
		}
	}
	speaker := i.Attribution()
	if i.Seat() != "" {
		speaker += " (" + i.Seat() + ")"
	}
	if i.Unresolved() != "" {
		speaker = "Unresolved: " + i.Unresolved()
	}
	add("Speaker", speaker)
	if i.Label().Level() == models.Named && i.SpeakerSector() != models.SectorNone {
		out = append(out, ui.Fact{Term: "Sector", Body: ui.SectorName(i.SpeakerSector())})
	}
	add("Kind", i.Kind().Name())
	if !taggedAbove {
		add("Front", codeNames(i.Fronts()))
		add("Forum", codeNames(i.Forums()))
		add("Tags", codeNames(i.Tags()))
		add("Action", codeNames(i.Actions()))
	}
	out = append(out, ui.Fact{Term: "Roundtable", Body: views.RoundtableLink(urls.Roundtable(i.RoundtableID()), i.Roundtable(), heldWords(i))})
	add("Agenda item", i.Item())
	if i.Has(models.ColumnRapporteur) {
		_, name := i.Rapporteur()
		add("Captured", models.FormatInstant(i.CapturedAt(), i.Zone())+by(name))
	}
	if at := i.ReleasedAt(); !at.IsZero() {
		_, name := i.ReleasedBy()
		add("Released", models.FormatInstant(at, i.Zone())+by(name))
	}
	if text, _ := i.Paraphrase(); text != "" {
		add("Others read", text)
	}
	return out
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return " by " + name
}

func heldWords(i models.Insight) string {
	day, err := time.Parse(time.DateOnly, i.HeldOn())
	if err != nil {
		return ""
	}
	return day.Format("January 2, 2006")
}

func codeNames(codes []models.CodeRef) string {
	names := make([]string, len(codes))
	for n, code := range codes {
		names[n] = code.Name
	}
	return strings.Join(names, "; ")
}

// historyWords say what a change was, after the name of who made it.
var historyWords = map[string]string{
	"captured": "captured it", "edited": "edited it", "tagged": "changed its tags", "reviewed": "reviewed it", "released": "released it",
	"deleted": "deleted it", "undone": "took a change back", "paraphrase": "wrote the paraphrase", "speaker": "named the speaker", "merged": "changed its tags by merging codes",
}

// historyLines tells the wordings that an insight has had; the first is told
// where another took its place.
func historyLines(events []models.InsightEvent, zone string) []ui.LogLine {
	var out []ui.LogLine
	reworded := slices.ContainsFunc(events, func(e models.InsightEvent) bool { return e.What == "edited" })
	for n, e := range events {
		what, ok := historyWords[e.What]
		if !ok {
			what = "changed it"
		}
		who := e.Who
		if who == "" {
			who = "Rotunda"
		}
		text := who + " " + what
		if e.Text != "" && (n < len(events)-1 || reworded) {
			text += ": “" + clipped(e.Text, 160) + "”"
		}
		out = append(out, ui.LogLine{DateTime: e.At.Time().Format(time.RFC3339), When: dayWords(e.At, zone), Text: text})
	}
	return out
}

// dayWords is a short day on the roundtable's clock.
func dayWords(at models.Instant, zone string) string {
	loc, err := models.Zone(zone)
	if err != nil {
		loc = time.UTC
	}
	return at.In(loc).Format("Jan 2")
}

package handlers

import (
	"fmt"
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

// capturePage gathers what the capture page shows.
func (s *Server) capturePage(c echo.Context, id models.ID, form captureForm) (views.CapturePage, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	room, err := s.Store.Roundtable(ctx, v, id)
	if err != nil {
		return views.CapturePage{}, err
	}
	board, err := s.Store.CaptureBoard(ctx, v, id)
	if err != nil {
		return views.CapturePage{}, err
	}
	items, err := s.Store.Agenda(ctx, v, id)
	if err != nil {
		return views.CapturePage{}, err
	}
	page, err := s.Page(c, "Capture: "+room.Title, "roundtables")
	if err != nil {
		return views.CapturePage{}, err
	}
	page.Scripts = append(page.Scripts, "capture.js")
	now := s.Store.Now()
	p := views.CapturePage{
		Page: page, Room: id, Name: room.Title, Me: v.Account().String(), LeaveHref: urls.Roundtable(id),
		MayCapture: models.CanIn(v, models.CaptureInsight, id) && room.Status != models.Cancelled,
		StreamURL:  urls.With(urls.Stream(id), "after", board.After),
		Agenda:     agendaPane(room, items, now), Rule: captureRule(room, items, board), Side: captureSide(board),
	}
	p.StageKind, p.StageWord = stageOf(room, now)
	p.Act = sessionAct(room, now, p.MayCapture)
	for _, i := range board.Insights {
		p.Items = append(p.Items, views.StreamItemOf(i, room.Regime))
	}
	if board.Earlier {
		p.Earlier = urls.RoundtableInsights(id)
	}
	p.Form = captureFormOf(id, room, items, board, form)
	return p, nil
}

func sessionAct(room models.Roundtable, now models.Instant, may bool) views.WorkspaceAct {
	switch {
	case !may:
	case room.InSession(now) && room.Started != 0:
		return views.WorkspaceAct{Label: "End session", Href: urls.RoundtableFinish(room.ID), Posts: true}
	case room.Status == models.Scheduled && room.Started == 0:
		return views.WorkspaceAct{Label: "Start session", Href: urls.RoundtableStart(room.ID), Posts: true}
	}
	return views.WorkspaceAct{}
}

func agendaPane(room models.Roundtable, items []models.AgendaItem, now models.Instant) views.CaptureAgenda {
	out := views.CaptureAgenda{Room: room.ID}
	for n, item := range items {
		line := views.CaptureAgendaItem{Title: item.Title, Current: item.Current, Done: item.Ended != 0 && !item.Current}
		if item.Minutes > 0 {
			line.Minutes = fmt.Sprintf("%d:%02d", item.Minutes/60, item.Minutes%60)
		}
		if item.Regime != models.RegimeNone {
			line.Rule = item.Regime.Name()
		}
		out.Items = append(out.Items, line)
		if !item.Current {
			continue
		}
		out.Title, out.Item = strconv.Itoa(n+1)+". "+item.Title, item.ID.String()
		if item.Minutes > 0 && item.Started != 0 {
			out.Timer(item.Started, now, item.Minutes)
		}
	}
	if next := nextItem(items); next >= 0 && room.InSession(now) {
		out.NextHref, out.NextItem = urls.CaptureNext(room.ID), items[next].Title
	}
	return out
}

// captureRule says what holds now: the strictest of the room's rule and that of
// the item in force.
func captureRule(room models.Roundtable, items []models.AgendaItem, board models.CaptureBoard) views.CaptureRule {
	rule := room.Regime
	for _, item := range items {
		if item.Current {
			rule = models.Strictest(rule, item.Regime)
		}
	}
	kept := "Kept about the speaker: the name, for this team alone."
	switch {
	case rule == models.OffTheRecord:
		kept = "Nothing is kept about the speaker."
	case rule == models.OnTheRecord:
		kept = "Kept about the speaker: name, title and organization."
	case board.SectorsOnly && rule >= models.ChathamHouse:
		kept = "Kept about the speaker: the sector alone."
	}
	others := "Others: " + rule.Outside() + "."
	if hidden := hiddenSectors(board.Room); rule == models.ChathamHouse && hidden != "" {
		others += " " + hidden
	}
	return views.CaptureRule{Regime: rule, Kept: kept, Others: others, Words: ruleWords(rule)}
}

// hiddenSectors says which sectors in the room are too small to be shown.
func hiddenSectors(rows []models.SectorPresence) string {
	var small []string
	shown := false
	for _, r := range rows {
		if r.Staff.Level() == models.SectorLevel {
			shown = true
		} else if r.Sector != models.SectorNone {
			small = append(small, r.Sector.Name())
		}
	}
	switch {
	case len(rows) == 0, len(small) == 0:
		return ""
	case !shown:
		return "The room is too small to show anybody’s sector."
	}
	return "Too few here to be shown by sector: " + strings.Join(small, ", ") + "."
}

func captureSide(board models.CaptureBoard) views.CaptureSide {
	out := views.CaptureSide{
		Heard: views.HeardRows(board.Pillars), Untagged: views.UntaggedWords(board.Pillars[0]), Capturing: views.AuthorRows(board.Authors),
	}
	for _, r := range board.Room {
		row := views.RoomRow{Sector: r.Sector, N: strconv.Itoa(r.N)}
		if r.Staff.Level() != models.SectorLevel {
			row.Note = "hidden"
		}
		out.Room = append(out.Room, row)
	}
	return out
}

// previewOf words what was understood of a line and what it will keep.
func previewOf(p models.CapturePreview) views.CapturePreview {
	out := views.CapturePreview{Rule: p.Regime, NewTags: p.Capture.UnknownTags, Effect: p.Regime.Name() + ": " + p.Regime.Outside() + "."}
	for _, t := range p.Capture.Tokens {
		switch t.Kind {
		case models.TokenQuote:
			continue
		case models.TokenTag:
			if !t.Known {
				continue
			}
		}
		chip := views.PreviewChip{Label: tokenSign[t.Kind] + t.Label, Miss: !t.Known}
		switch {
		case !t.Known:
			chip.Label = "Speaker? “" + t.Label + "”"
		case t.Kind == models.TokenPillar:
			for _, pillar := range models.Pillars {
				if pillar.Name() == t.Label {
					chip.Pillar = pillar
				}
			}
		case t.Kind == models.TokenSpeaker:
			chip.Sector = p.Sector
		}
		out.Chips = append(out.Chips, chip)
	}
	out.Speaker = speakerEffect(p)
	return out
}

var tokenSign = map[models.TokenKind]string{
	models.TokenFront: "^ ", models.TokenTag: "+ ", models.TokenCommitment: "Commitment by ",
}

// speakerEffect says what is kept of the speaker of a line, and what others
// will see.
func speakerEffect(p models.CapturePreview) string {
	if p.Capture.Speaker == 0 {
		return ""
	}
	kept := "The speaker is kept for the team alone, for your check-back"
	switch {
	case p.Regime == models.OffTheRecord:
		return "No speaker will be kept."
	case p.SectorsOnly:
		kept = "Only the sector is kept"
	case p.Regime == models.OnTheRecord:
		return "The speaker is kept, and shown to everybody."
	}
	switch {
	case p.Regime == models.DeepBackground:
		return kept + "; others read a paraphrase, once you have written one."
	case p.Staff == p.Public:
		return kept + "; others see: " + p.Staff.Words() + "."
	}
	return kept + "; staff see: " + p.Staff.Words() + ", the public: " + p.Public.Words() + "."
}

// captureFormOf fills the line's form with what was typed.
func captureFormOf(id models.ID, room models.Roundtable, items []models.AgendaItem, board models.CaptureBoard, form captureForm) views.CaptureForm {
	current := room.CurrentItem.String()
	if room.CurrentItem == 0 {
		current = ""
	}
	if form.Item != "" {
		current = form.Item
	}
	f := views.CaptureForm{
		Room: id, Line: form.Line, ClientID: form.ClientID, Item: current, ItemOptions: itemOptions(items),
		Speaker: form.Speaker, Speakers: speakerOptions(board.Seats), Kind: form.Kind, Kinds: kindOptions(true),
		Primary: form.Primary, Pillars: pillarOptions(), Codes: codeOptions(board.Codebook, form.Codes), Chosen: form.Codes,
		Flag: form.Flag, Flags: flagOptions(models.Strictest(room.Regime)),
		PostURL: urls.RoundtableInsights(id), PreviewURL: urls.CapturePreview(id), WordsURL: urls.CaptureWords(id), TagsURL: urls.CaptureTags(id),
		OpenByHand: form.Speaker != "" || form.Kind != "" || form.Primary != "" || form.Flag != "" || len(form.Pillars)+len(form.Codes) > 0,
	}
	for _, p := range pillarsOf("", form.Pillars) {
		f.Mask |= p.Mask()
	}
	if n := len(board.Insights); n > 0 {
		f.Contradicts = board.Insights[n-1].ID().String()
	}
	rule := captureRule(room, items, board).Regime
	f.Preview = views.CapturePreview{Rule: rule, Effect: rule.Name() + ": " + rule.Outside() + "."}
	return f
}

func itemOptions(items []models.AgendaItem) []ui.Option {
	out := []ui.Option{{Value: "", Label: "No item"}}
	for _, item := range items {
		out = append(out, ui.Option{Value: item.ID.String(), Label: item.Title})
	}
	return out
}

func speakerOptions(seats []models.Seat) []ui.Option {
	out := []ui.Option{{Value: "", Label: "Not recorded"}}
	for _, s := range seats {
		label := s.Name
		if s.Code != "" {
			label = s.Code + " " + label
		}
		if s.Organisation != "" {
			label += ", " + s.Organisation
		}
		out = append(out, ui.Option{Value: s.Guest.String(), Label: label})
	}
	return out
}

// kindOptions lists the kinds; open adds one for "as the line says".
func kindOptions(open bool) []ui.Option {
	var out []ui.Option
	if open {
		out = append(out, ui.Option{Value: "", Label: "As the line says, else Claim"})
	}
	for _, k := range models.Kinds {
		out = append(out, ui.Option{Value: k.Key(), Label: k.Name()})
	}
	return out
}

func pillarOptions() []ui.Option {
	out := []ui.Option{{Value: "", Label: "None"}}
	for _, p := range models.Pillars {
		out = append(out, ui.Option{Value: p.Letter(), Label: p.Name()})
	}
	return out
}

// codeOptions lists what an insight can be coded with beside pillars: the codes
// in use, and those that it carries already.
func codeOptions(book models.Codebook, carried []string) []ui.Option {
	var out []ui.Option
	for _, e := range book {
		switch id := e.ID.String(); {
		case e.Kind == models.CodePillar:
		case !e.Archived:
			out = append(out, ui.Option{Value: id, Label: e.Name, Group: e.Kind.Name()})
		case e.MergedInto == 0 && slices.Contains(carried, id):
			out = append(out, ui.Option{Value: id, Label: e.Name + " (archived)", Group: e.Kind.Name()})
		}
	}
	return out
}

// flagOptions lists the rules that are stricter than one.
func flagOptions(than models.Regime) []ui.Option {
	out := []ui.Option{{Value: "", Label: "No stricter rule"}}
	for _, r := range models.Regimes {
		if r > than {
			out = append(out, ui.Option{Value: r.Key(), Label: r.Name()})
		}
	}
	return out
}

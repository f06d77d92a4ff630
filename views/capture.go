package views

import (
	"strconv"
	"strings"
	"time"

	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// CapturePage is where a team takes down what is said.
type CapturePage struct {
	Page
	Room       models.ID
	Name       string // the roundtable's title
	LeaveHref  string
	StageKind  string
	StageWord  string
	Act        WorkspaceAct // start or end the session; empty where neither is possible
	MayCapture bool
	Me         string // the viewer's account, as StreamItem.AuthorKey
	StreamURL  string
	Agenda     CaptureAgenda
	Rule       CaptureRule
	Items      []StreamItem
	Earlier    string // where the earlier insights are, or empty
	Side       CaptureSide
	Form       CaptureForm
}

// CaptureAgenda is the pane that says what is being talked about.
type CaptureAgenda struct {
	Room     models.ID
	Title    string // of the item in force, or empty
	Item     string // its id
	Left     string // "12:48", or empty
	Of       string // " left of 35 min"
	Seconds  string // how many are left, for the running clock; negative once over
	Spent    string // how much of the time has passed, "63%"
	NextHref string // a POST puts the next item in force
	NextItem string
	Items    []CaptureAgendaItem
}

// CaptureAgendaItem is one line of the agenda.
type CaptureAgendaItem struct {
	Title, Minutes string
	Rule           string // its own rule's name, or empty
	Done, Current  bool
}

// CaptureRule says what will be kept of a speaker, before it is.
type CaptureRule struct {
	Regime models.Regime
	Kept   string // "Kept about the speaker: the name, for this team alone."
	Others string // "Others see the sector or less."
	Words  []string
}

// CaptureSide is what has been heard, who is in the room and who captures.
type CaptureSide struct {
	Heard     []HeardRow
	Untagged  string
	Room      []RoomRow
	Capturing []AuthorRow
}

// HeardRow is one pillar's bar.
type HeardRow struct {
	Pillar models.Pillar
	N      int
	Most   int
	Fill   string
}

// RoomRow is one sector in the room.
type RoomRow struct {
	Sector models.Sector
	N      string
	Note   string // how others see a speaker from it, where that is less than the sector
}

// AuthorRow is one who captures.
type AuthorRow struct {
	Face Face
	N    string
}

// CaptureForm is the line at the bottom, with what was typed and what else can
// be chosen by hand.
type CaptureForm struct {
	Room        models.ID
	Line        string
	ClientID    string
	Contradicts string
	Item        string
	ItemOptions []ui.Option
	Speaker     string
	Speakers    []ui.Option
	Kind        string
	Kinds       []ui.Option
	Primary     string
	Mask        int
	Pillars     []ui.Option
	Codes       []ui.Option
	Chosen      []string
	Flag        string
	Flags       []ui.Option
	Preview     CapturePreview
	Errors      map[string]string
	OpenByHand  bool
	PreviewURL  string
	WordsURL    string
	TagsURL     string
	PostURL     string
}

// CapturePreview says how a line will be kept.
type CapturePreview struct {
	Chips   []PreviewChip
	Rule    models.Regime
	Effect  string // "Chatham House Rule: sector only, outside this team."
	Speaker string // "The speaker is kept for this team alone…", or empty
	NewTags []string
}

// PreviewChip is one token of a line as it was understood.
type PreviewChip struct {
	Pillar models.Pillar
	Sector models.Sector
	Label  string
	Miss   bool // it was not understood
}

// StreamItem is one insight in the stream of the capture page.
type StreamItem struct {
	ID         string
	Element    string // the id of its element
	Author     Face
	AuthorKey  string
	Time       string
	TimeISO    string
	Text       string
	Mask       int
	Kind       models.Kind
	Sector     models.Sector
	Who        string
	Unresolved string
	Against    string // where on this page the insight stands that it contradicts; empty for none
	Fronts     []string
	Forums     []string
	Tags       []string
	Regime     models.Regime
	ShowRule   bool
	State      string // "Reviewed" or "Released", empty while captured
	EditURL    string
	DeleteURL  string
	FlagURL    string // a POST takes the author's own flag back; empty where there is none
	Edited     bool
}

// StreamItemOf returns the line of an insight as the team sees it. room is the
// roundtable's own rule: a stricter one is shown.
func StreamItemOf(i models.Insight, room models.Regime) StreamItem {
	by, name := i.Rapporteur()
	out := StreamItem{
		ID: i.ID().String(), Element: "i-" + i.ID().String(), Author: FaceOf(name), AuthorKey: by.String(),
		Text: i.Text(), Mask: i.PillarMask(), Kind: i.Kind(), Sector: i.SpeakerSector(), Who: whoSpoke(i),
		Unresolved: i.Unresolved(), Regime: i.Regime(), ShowRule: i.Regime() != room,
		EditURL: urls.InsightEdit(i.ID()), DeleteURL: urls.InsightDelete(i.ID()), Edited: i.Revision() > 1,
	}
	if other := i.Contradicts(); other != 0 {
		out.Against = "#i-" + other.String()
	}
	if i.OwnFlag() != models.RegimeNone {
		out.FlagURL = urls.InsightFlag(i.ID())
	}
	if i.State() != models.Captured {
		out.State = i.State().Name()
	}
	if zone, err := time.LoadLocation(i.Zone()); err == nil {
		at := i.CapturedAt().In(zone)
		out.Time, out.TimeISO = at.Format("15:04"), at.Format(time.RFC3339)
	}
	out.Fronts, out.Forums, out.Tags = names(i.Fronts()), names(i.Forums()), names(i.Tags())
	return out
}

func whoSpoke(i models.Insight) string {
	switch {
	case i.SpeakerName() != "" && i.Seat() != "":
		return i.SpeakerName() + ", " + i.Seat()
	case i.SpeakerName() != "":
		return i.SpeakerName()
	case i.Regime() == models.OffTheRecord:
		return "No speaker kept"
	case i.SpeakerSector() != models.SectorNone:
		return "A participant, " + i.SpeakerSector().Name()
	}
	return "A participant"
}

func names(codes []models.CodeRef) []string {
	out := make([]string, len(codes))
	for n, c := range codes {
		out[n] = c.Name
	}
	return out
}

// HeardRows returns the bars of what has been heard; counts begin with the
// insights without a pillar.
func HeardRows(counts [6]int) []HeardRow {
	most := 1
	for _, n := range counts[1:] {
		most = max(most, n)
	}
	var out []HeardRow
	for _, p := range models.Pillars {
		out = append(out, HeardRow{Pillar: p, N: counts[p], Most: most, Fill: "f-" + strings.ToLower(p.Letter())})
	}
	return out
}

// UntaggedWords says how many insights have no pillar, or nothing.
func UntaggedWords(n int) string {
	if n == 0 {
		return ""
	}
	return ui.Count(n, "insight has", "insights have") + " no pillar yet."
}

// AuthorRows says who captured how much.
func AuthorRows(authors []models.CaptureAuthor) []AuthorRow {
	out := make([]AuthorRow, len(authors))
	for n, a := range authors {
		out[n] = AuthorRow{Face: FaceOf(a.Name), N: strconv.Itoa(a.N)}
	}
	return out
}

// label says a bar's number in words.
func (h HeardRow) label() string {
	return h.Pillar.Name() + ": " + ui.Count(h.N, "insight", "insights")
}

func (h HeardRow) number() string { return strconv.Itoa(h.N) }

// Present is one who has the capture page open.
type Present struct {
	Face      Face
	Capturing bool
}

// presentWords counts who is there: "3 capturing, 1 reading".
func presentWords(people []Present) string {
	capturing, reading := 0, 0
	for _, p := range people {
		if p.Capturing {
			capturing++
		} else {
			reading++
		}
	}
	var parts []string
	if capturing > 0 {
		parts = append(parts, strconv.Itoa(capturing)+" capturing")
	}
	if reading > 0 {
		parts = append(parts, strconv.Itoa(reading)+" reading")
	}
	return strings.Join(parts, ", ")
}

var captureMarks = [][3]string{
	{"#", "Pillar; the first is primary", "#s #t #e #a #d"},
	{"@", "Speaker, by seat or name", "@s7"},
	{"!", "Kind", "!evidence !dissent !proposal"},
	{"^", "Front", "^networks"},
	{"%", "Forum", "%nato %quad"},
	{"+", "Tag", "+cable-repair"},
	{"=", "A stricter rule for this insight", "=bg =chr =deep =off"},
	{">>@", "A commitment by that speaker", ">>@s7"},
	{"~", "At the start: contradicts the newest insight", "~ No, the permit comes first"},
}

var captureKeys = [][2]string{
	{"Save the line", "Enter"},
	{"New line in the same insight", "Shift Enter"},
	{"Take the suggestion", "Tab"},
	{"Next suggestion", "Down"},
	{"Edit my last insight, on an empty line", "Up"},
	{"Pillars S T E A D", "Alt 1 to 5"},
	{"Same speaker as before", "Alt S"},
	{"Dissent on the insight above", "Alt D"},
	{"Next agenda item", "Alt N"},
	{"Take back my last insight, on an empty line", "Ctrl Z"},
}

// Timer fills in how much of an item's time is left at a moment.
func (p *CaptureAgenda) Timer(started, now models.Instant, minutes int) {
	ends := started.Add(time.Duration(minutes) * time.Minute)
	left := ends.Time().Sub(now.Time()).Round(time.Second)
	p.Seconds = strconv.Itoa(int(left.Seconds()))
	sign := ""
	if left < 0 {
		sign, left = "−", -left
	}
	p.Left = sign + strconv.Itoa(int(left.Minutes())) + ":" + twoDigits(int(left.Seconds())%60)
	p.Of = " left of " + strconv.Itoa(minutes) + " min"
	if sign != "" {
		p.Of = " over " + strconv.Itoa(minutes) + " min"
	}
	spent := 100 * float64(now-started) / float64(ends-started)
	p.Spent = strconv.Itoa(int(min(max(spent, 0), 100))) + "%"
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

package files

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rotunda/models"
)

// writeInsightsJSON writes the file that docs/insights-json.md describes: the
// insights one a line as they are read, then the codes and the roundtables that
// they name.
func writeInsightsJSON(ctx context.Context, src InsightSource, v models.Viewer, in models.ExportInput, w io.Writer) (int, error) {
	if _, err := fmt.Fprintf(w, "{\n\"format\": %q,\n\"version\": %d,\n\"audience\": %q,\n\"generated_at\": %q,\n\"insights\": [",
		models.InsightFileFormat, models.InsightFileVersion, in.Audience.Key(), src.Now().In(time.UTC).Format(time.RFC3339)); err != nil {
		return 0, err
	}
	used, rooms := usedCodes{}, fileRooms{byID: map[models.ID]*models.FileRoom{}, speakers: map[string]bool{}, promises: map[models.ID]bool{}}
	line := jsonLine{w: w}
	n, err := src.ExportEach(ctx, v, in, func(i models.Insight) error {
		used.add(i)
		rooms.add(i)
		return line.write(fileInsight(i))
	})
	if err != nil {
		return 0, err
	}
	book, err := src.Codebook(ctx, v)
	if err != nil {
		return 0, err
	}
	list, err := rooms.list(ctx, src, v, in.Audience)
	if err != nil {
		return 0, err
	}
	if err := line.next("codes"); err != nil {
		return 0, err
	}
	for _, e := range used.entries(book, in.Audience) {
		if err := line.write(fileCode(e)); err != nil {
			return 0, err
		}
	}
	if err := line.next("roundtables"); err != nil {
		return 0, err
	}
	for _, r := range list {
		if err := line.write(r); err != nil {
			return 0, err
		}
	}
	_, err = io.WriteString(w, "\n]\n}\n")
	return n, err
}

// jsonLine writes the members of a list, one a line.
type jsonLine struct {
	w    io.Writer
	buf  bytes.Buffer
	more bool
}

func (l *jsonLine) write(value any) error {
	l.buf.Reset()
	if l.more {
		l.buf.WriteByte(',')
	}
	l.more = true
	l.buf.WriteByte('\n')
	e := json.NewEncoder(&l.buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return err
	}
	_, err := l.w.Write(bytes.TrimSuffix(l.buf.Bytes(), []byte("\n")))
	return err
}

// next ends the list and begins that of the name.
func (l *jsonLine) next(name string) error {
	l.more = false
	_, err := fmt.Fprintf(l.w, "\n],\n%q: [", name)
	return err
}

func fileInsight(i models.Insight) models.FileInsight {
	out := models.FileInsight{
		ID: i.ID().String(), Roundtable: i.RoundtableID().String(), Item: idOrNone(i.ItemID()), Kind: i.Kind().Key(), State: i.State().Key(),
		Regime: i.Regime().Key(), Text: i.Text(), Verbatim: i.Verbatim(), Attribution: i.Attribution(), PrimaryPillar: i.PrimaryPillar().Letter(),
		Actions: codeKeysOf(i.Actions()), Fronts: codeKeysOf(i.Fronts()), Forums: codeKeysOf(i.Forums()), Tags: codeKeysOf(i.Tags()),
	}
	for _, p := range models.PillarsOf(i.PillarMask()) {
		out.Pillars = append(out.Pillars, p.Letter())
	}
	if i.Audience() != models.Team {
		return out
	}
	_, rapporteur := i.Rapporteur()
	paraphrase, ready := i.Paraphrase()
	out.Team = &models.FileInsightTeam{
		Speaker: idOrNone(i.SpeakerGuest()), Unresolved: i.Unresolved(), Paraphrase: paraphrase, ParaphraseReady: ready,
		EmbargoUntil: instantWord(i.EmbargoUntil()), Contradicts: idOrNone(i.Contradicts()), CommittedBy: idOrNone(i.CommittedBy()),
		Rapporteur: rapporteur, CapturedAt: instantWord(i.CapturedAt()),
	}
	if s := i.SpeakerSector(); s != models.SectorNone {
		out.Team.Sector = s.Key()
	}
	if f := i.OwnFlag(); f != models.RegimeNone {
		out.Team.OwnFlag = f.Key()
	}
	return out
}

func idOrNone(id models.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// instantWord writes an instant to the millisecond, as it is kept.
func instantWord(at models.Instant) string {
	if at.IsZero() {
		return ""
	}
	return at.In(time.UTC).Format("2006-01-02T15:04:05.000Z07:00")
}

func codeKeysOf(codes []models.CodeRef) []string {
	var out []string
	for _, c := range codes {
		out = append(out, c.Key)
	}
	return out
}

func fileCode(e models.CodeEntry) models.FileCode {
	return models.FileCode{
		Kind: e.Kind.Key(), Key: e.Key, Name: e.Name, Pillar: e.Pillar.Letter(), Aliases: e.Aliases, Definition: e.Definition,
		UseWhen: e.UseWhen, DoNotUseWhen: e.DoNotUseWhen, Example: e.Example,
	}
}

// fileRooms gathers the roundtables of a file from its insights.
type fileRooms struct {
	byID     map[models.ID]*models.FileRoom
	speakers map[string]bool
	promises map[models.ID]bool // the insights that may be commitments
}

func (f fileRooms) add(i models.Insight) {
	room, ok := f.byID[i.RoundtableID()]
	if !ok {
		room = &models.FileRoom{ID: i.RoundtableID().String(), Title: i.Roundtable(), HeldOn: i.HeldOn(), Zone: i.Zone()}
		f.byID[i.RoundtableID()] = room
	}
	if i.SpeakerGuest() != 0 {
		f.speakers[i.SpeakerGuest().String()] = true
	}
	if i.CommittedBy() != 0 {
		f.speakers[i.CommittedBy().String()] = true
	}
	if i.Audience() == models.Team && i.Kind() == models.Commitment {
		f.promises[i.ID()] = true
	}
	if id := i.ItemID().String(); i.ItemID() != 0 && !slices.ContainsFunc(room.Items, func(it models.FileItem) bool { return it.ID == id }) {
		room.Items = append(room.Items, models.FileItem{ID: id, Title: i.Item()})
	}
}

// list returns the roundtables by day and id. For the team they are whole:
// with all of the agenda, and with those who said something of this file.
func (f fileRooms) list(ctx context.Context, src InsightSource, v models.Viewer, a models.Audience) ([]models.FileRoom, error) {
	var ids []models.ID
	var out []models.FileRoom
	for id, room := range f.byID {
		ids = append(ids, id)
		slices.SortFunc(room.Items, func(x, y models.FileItem) int { return strings.Compare(x.ID, y.ID) })
		out = append(out, *room)
	}
	if a == models.Team {
		slices.Sort(ids)
		rooms, err := src.ExportedRooms(ctx, v, ids)
		if err != nil {
			return nil, err
		}
		out = out[:0]
		for _, r := range rooms {
			out = append(out, f.whole(r))
		}
	}
	slices.SortFunc(out, func(x, y models.FileRoom) int {
		if c := strings.Compare(x.HeldOn, y.HeldOn); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return out, nil
}

func (f fileRooms) whole(r models.ExportedRoom) models.FileRoom {
	team := &models.FileRoomTeam{
		Objectives: r.Objectives, KeyQuestions: r.KeyQuestions, Place: r.Place, Starts: r.StartsLocal, Ends: r.EndsLocal,
		Private: r.Private, Regime: r.Regime.Key(), Status: r.Status.Key(),
	}
	for _, s := range r.Speakers {
		if !f.speakers[s.Guest.String()] {
			continue
		}
		out := models.FileSpeaker{
			ID: s.Guest.String(), Seat: s.Seat, Name: s.Name, ListName: s.ListName, Title: s.Title, Organisation: s.Organisation,
			Role: s.Role.Key(), State: s.State.Key(), Descriptor: s.Descriptor, Consent: s.Consent,
		}
		if s.Sector != models.SectorNone {
			out.Sector = s.Sector.Key()
		}
		if s.Preference != models.RegimeNone {
			out.Preference = s.Preference.Key()
		}
		team.Speakers = append(team.Speakers, out)
	}
	for _, c := range r.Commitments {
		if c.Insight == 0 || f.promises[c.Insight] {
			team.Commitments = append(team.Commitments, models.FileCommitment{
				Insight: idOrNone(c.Insight), What: c.What, Owner: c.Owner, DueOn: c.DueOn, State: string(c.State), Outcome: c.Outcome,
			})
		}
	}
	room := models.FileRoom{ID: r.ID.String(), Title: r.Title, HeldOn: f.byID[r.ID].HeldOn, Zone: r.Zone, Team: team}
	for _, i := range r.Items {
		item := models.FileItem{ID: i.ID.String(), Title: i.Title, Team: &models.FileItemTeam{Minutes: i.Minutes, TitleReviewed: i.TitleReviewed}}
		if i.Regime != models.RegimeNone {
			item.Team.Regime = i.Regime.Key()
		}
		room.Items = append(room.Items, item)
	}
	return room
}

package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"rotunda/models"
)

// briefLint looks for what tells who was in the rooms behind one brief.
type briefLint struct {
	brief   models.ID
	rooms   roomsLint
	cleared map[clearedKey]bool
	// team: the viewer is on the team of every one of the rooms.
	team bool
}

// behind lists the roundtables behind the brief: the one or the series it is
// made from, and those of every insight it cites or builds on.
func (f *freezer) behind() ([]models.ID, error) {
	rooms := []models.ID{f.brief.Roundtable}
	if f.brief.Scope == models.ScopeSeries {
		var held []models.ID
		if err := f.r.list(&held, "SELECT id FROM roundtables WHERE series_id = ? AND private = FALSE AND status IN ('held', 'closed') ORDER BY id", f.brief.Series); err != nil {
			return nil, err
		}
		rooms = append(rooms, held...)
	}
	var drawn []models.ID
	themes, recs := f.brief.Themes, f.brief.Recommendations
	err := f.r.list(&drawn, "SELECT i.roundtable_id FROM insights i WHERE i.id IN ? UNION "+roomsOfThemes("IN ?")+" UNION "+roomsOfRecommendations("IN ?")+" ORDER BY 1",
		f.brief.Citations(), themes, themes, recs, recs, recs)
	return distinct(append(rooms, drawn...)), err
}

// linting reads once what linting the brief needs.
func (f *freezer) linting() error {
	rooms, err := f.behind()
	if err != nil {
		return err
	}
	f.out.rooms = rooms
	// Its words were written, too, on what was taken out of it again.
	var before []models.ID
	if err := f.r.list(&before, "SELECT roundtable_id FROM brief_rooms WHERE brief_id = ? ORDER BY roundtable_id", f.brief.ID); err != nil {
		return err
	}
	rooms = distinct(append(slices.Clone(rooms), before...))
	states := make([]*roomState, len(rooms))
	for n, id := range rooms {
		if states[n], err = f.room(id); err != nil {
			return err
		}
	}
	f.out.lint, err = lintFor(f.r, f.v, states, f.out.content.Institute, map[string][]models.ID{
		models.BriefWords: {f.brief.ID}, models.ThemeWords: f.brief.Themes, models.RecommendationWords: f.brief.Recommendations,
	})
	f.out.lint.brief = f.brief.ID
	return err
}

// lintFor reads once what linting the words of records takes that were written
// on the roundtables. records are their ids, by kind.
func lintFor(r reader, v models.Viewer, rooms []*roomState, institute string, records map[string][]models.ID) (*briefLint, error) {
	l := &briefLint{cleared: map[clearedKey]bool{}, team: true}
	for _, room := range rooms {
		if a, _ := v.AudienceFor(room.id, room.private); a != models.Team {
			l.team = false
		}
	}
	var err error
	if l.rooms, err = lintRooms(r, rooms, institute); err != nil {
		return l, err
	}
	for kind, ids := range records {
		cleared, err := clearedOf(r, kind, ids...)
		if err != nil {
			return l, err
		}
		maps.Copy(l.cleared, cleared)
	}
	return l, nil
}

// released looks once more at what was said: whoever came onto a guest list
// after a release is a guest like any other. The team settles it on the page of
// the insight; others are told what they are told of any finding.
func (f *freezer) released() error {
	if len(f.out.seqs) == 0 {
		return nil
	}
	var rows []struct {
		Row     insightRow `gorm:"embedded"`
		Speaker models.ID
	}
	if err := f.r.list(&rows, `SELECT i.*, (SELECT COALESCE(max(k.guest_id), 0) FROM insight_speakers k WHERE k.insight_seq = i.seq) AS speaker
		FROM insights i WHERE i.seq IN ? ORDER BY i.id`, f.out.seqs); err != nil {
		return err
	}
	for _, r := range rows {
		room, err := f.room(r.Row.RoundtableID)
		if err != nil {
			return err
		}
		lint, err := room.linting(f.r)
		if err != nil {
			return err
		}
		text := f.shown[r.Row.ID].Text()
		for _, h := range lint.ofInsight(r.Row, r.Speaker, models.Codebook{}) {
			switch {
			case h.kind != lintInsight:
				continue
			case f.out.lint.team:
				f.obstacle(text, "“"+h.Words+"” in this insight "+h.Rule.Words()+". Open the insight, and write it without or say why it tells nobody.")
			default:
				f.out.leaks = append(f.out.leaks, models.BriefFinding{Finding: h.Finding, Kind: h.kind, Object: h.id, Text: text})
			}
		}
	}
	return nil
}

// BriefTextFindings returns what ProofBrief would find by the leak lint in a
// brief if it were saved with this text: nothing to whom it would tell nothing.
func (s *Store) BriefTextFindings(ctx context.Context, v models.Viewer, id models.ID, text models.BriefText) ([]models.BriefFinding, error) {
	r := s.reader(ctx)
	b, err := readBrief(r, v, id)
	if err != nil {
		return nil, err
	}
	b.BriefText = text
	frozen, err := freeze(r, v, s.Now(), b)
	if err != nil || !frozen.lint.team {
		return nil, err
	}
	return frozen.leaks, nil
}

// leaks returns the open findings in passages, in their order.
func (l *briefLint) leaks(passages []models.BriefPassage) []models.BriefFinding {
	var out []models.BriefFinding
	for _, p := range passages {
		if p.Kind == models.BriefWords {
			p.Object = l.brief
		}
		for _, h := range l.open(p) {
			h.Place = p.Place
			if !slices.ContainsFunc(out, func(f models.BriefFinding) bool { return f.Finding == h.Finding && f.Text == p.Text }) {
				out = append(out, models.BriefFinding{Finding: h.Finding, Kind: p.Kind, Object: p.Object, Text: p.Text, Code: p.Code})
			}
		}
	}
	return out
}

// open returns the open findings in a passage, in the order of its text: once
// for every roundtable in which they are.
func (l *briefLint) open(p models.BriefPassage) []held {
	var out []held
	for _, room := range l.rooms.rooms {
		found := l.rooms.linters[room].Lint(p.Text)
		if p.Code {
			found = l.rooms.linters[room].LintCode(models.CodeForum, p.Text)
		}
		for _, f := range found {
			if h := (held{Finding: f, kind: p.Kind, id: p.Object, room: room}); !l.cleared[h.key()] {
				out = append(out, h)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b held) int { return a.Start - b.Start })
	return out
}

// refuse says why what was typed under field is not published: to the team
// with the words, to others without.
func (l *briefLint) refuse(field string, found []models.BriefFinding) error {
	switch {
	case len(found) == 0:
		return nil
	case l.team:
		f := found[0]
		return models.Invalid(field, "“"+f.Words+"” in "+f.Place+" "+f.Rule.Words()+". Write it without, or say why it tells nobody.")
	}
	return models.Invalid(field, wordsMayTell)
}

// wordsMayTell is all that a writer hears who is not on the team of every room
// behind a brief: neither which words, nor whose room.
const wordsMayTell = "Words in it may tell who was in the room. Ask the roundtable's team to look at them."

// Whoever is not on the team could try names in what is typed beside a brief
// until one is refused. So a few tries a day are taken, whatever they hold; a
// withdrawal can always be had in words that hold no name.
const (
	triedWords      = "words beside a brief"
	mostTriedWords  = 5
	triedWordsReset = 24 * time.Hour
)

// checkTyped refuses what was typed under field beside a brief, where it tells
// who was in the room.
func (t *tx) checkTyped(l *briefLint, field, text string) error {
	if text == "" || field == "why" && text == models.PlainWithdrawal {
		return nil
	}
	otherwise := "Ask somebody of the roundtable's team to publish it."
	if field == "why" {
		otherwise = "Write “" + models.PlainWithdrawal + "”, or ask somebody of the roundtable's team."
	}
	if err := t.tryWords(l, field, otherwise); err != nil {
		return err
	}
	return l.refuse(field, l.leaks(models.BriefContent{Note: text}.Passages()))
}

// tryWords counts a try of somebody who is not on the team, and refuses what
// was typed under field after too many. otherwise says what they can do.
func (t *tx) tryWords(l *briefLint, field, otherwise string) error {
	if l.team {
		return nil
	}
	err := t.attempt(attemptLimit{triedWords, t.viewer.Account().String(), mostTriedWords, triedWordsReset})
	var many *models.TooManyError
	if errors.As(err, &many) {
		return models.Invalid(field, "You have tried this too often today. "+otherwise)
	}
	return err
}

// tried counts a try that was refused: what its transaction counted went with
// it.
func (s *Store) tried(ctx context.Context, v models.Viewer, err error) error {
	var bad *models.InvalidError
	if !errors.As(err, &bad) || !slices.Contains(slices.Collect(maps.Values(bad.Fields)), wordsMayTell) {
		return err
	}
	var many *models.TooManyError
	if counted := s.Attempt(ctx, triedWords, v.Account().String(), mostTriedWords, triedWordsReset); counted != nil && !errors.As(counted, &many) {
		return counted
	}
	return err
}

// OverruleBriefFinding says that an open finding in a brief tells nobody who
// was in the room, and why. Writers who are on the team of every roundtable
// behind it may. A finding that is not open any more is models.ErrConflict, a
// missing reason an *models.InvalidError for "reason".
func (s *Store) OverruleBriefFinding(ctx context.Context, v models.Viewer, id models.ID, mark, reason string) error {
	return s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.WriteBrief)
		if err != nil {
			return err
		}
		frozen, err := freeze(t, v, t.now, b)
		if err != nil {
			return err
		}
		return t.overrule(frozen.lint, frozen.leaks, b.Roundtable, mark, reason)
	})
}

// overrule clears the findings of a mark among open ones, for who is on the
// team of every roundtable behind them; others get models.ErrForbidden.
func (t *tx) overrule(l *briefLint, open []models.BriefFinding, room models.ID, mark, reason string) error {
	if !l.team {
		return models.ErrForbidden
	}
	var meant []held
	for _, f := range open {
		if f.Mark != mark {
			continue
		}
		for _, h := range l.open(models.BriefPassage{Kind: f.Kind, Object: f.Object, Text: f.Text, Code: f.Code}) {
			if h.Mark == mark {
				meant = append(meant, h)
			}
		}
	}
	return t.clearFindings(meant, room, reason)
}

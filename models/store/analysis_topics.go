package store

import (
	"context"
	"database/sql"

	"rotunda/models"
)

// UnheardTopics tells on which topics, a pillar with a front and a forum, some
// sector was not heard, of the insights that the viewer may read: counted as
// Analyse counts them, in the rooms and the time of the query. Only topics of at
// least so many insights are told. Only staff read it; others get
// models.ErrNotFound.
func (s *Store) UnheardTopics(ctx context.Context, v models.Viewer, q models.AnalysisQuery, atLeast int) (models.TopicGaps, error) {
	if !models.Can(v, models.ReadAsStaff) || !v.IsAccount() || v.Reach().Open != models.Staff {
		return models.TopicGaps{}, models.ErrNotFound
	}
	a := analysing{s: s, ctx: ctx}
	if err := a.rooms(v, q); err != nil {
		return models.TopicGaps{}, err
	}
	topics, heard, err := a.topics()
	if err != nil {
		return models.TopicGaps{}, err
	}
	book, err := s.codebook(ctx)
	if err != nil {
		return models.TopicGaps{}, err
	}
	out := topics.Gaps(book, atLeast)
	out.Rooms = len(heard)
	for _, r := range a.order {
		if q.Series != 0 && heard[r.id] {
			out.SeriesRooms = append(out.SeriesRooms, r.id)
		}
	}
	return out, nil
}

// topics sums the topics of every room in its own scope, and tells in which
// rooms something was said. A room of which none are kept is counted from its
// rows.
func (a *analysing) topics() (models.TopicCells, map[models.ID]bool, error) {
	var sum models.TopicCells
	heard, kept := map[models.ID]bool{}, map[models.ID]bool{}
	var wanted [2][]models.ID
	for _, r := range a.order {
		if !r.dirty {
			wanted[r.scope] = append(wanted[r.scope], r.id)
		}
	}
	for scope, ids := range wanted {
		err := a.storedBlobs(models.Meeting{A: dimTopic, B: dimTopic}, scope, ids, func(r *analysedRoom, cells sql.RawBytes) {
			before := sum.Insights
			sum.SumEncoded(cells)
			kept[r.id] = true
			if sum.Insights > before {
				heard[r.id] = true
			}
		})
		if err != nil {
			return sum, nil, err
		}
	}
	var left []models.ID
	for _, r := range a.order {
		if !kept[r.id] {
			left = append(left, r.id)
		}
	}
	err := chunks(len(left), func(from, to int) error {
		counted, err := countMeetings(a.s.reader(a.ctx), left[from:to], nil, a.s.Now())
		for id, cells := range counted {
			if c := cells[a.byID[id].scope]; c != nil {
				heard[id] = true
				sum.Sum(c.topics)
			}
		}
		return err
	})
	return sum, heard, err
}

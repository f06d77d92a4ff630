package store

import (
	"context"
	"encoding/json"

	"rotunda/models"
)

func init() {
	undoVerbs["recommendation.archive"] = undoRecommendation
	undoVerbs["recommendation.decide"] = undoRecommendation
	undoVerbs["recommendation.follow_up"] = undoFollowUp
}

// recommendationUndo is how a recommendation stood before an act, and which
// revision the act made.
type recommendationUndo struct {
	Before   recommendationRow `json:"before"`
	Revision int               `json:"revision"`
}

// undoRecommendation puts a recommendation back as it stood. What was changed
// since stays.
func undoRecommendation(t *tx, u undoRow) error {
	var p recommendationUndo
	if err := json.Unmarshal([]byte(u.Payload), &p); err != nil {
		return err
	}
	row, err := t.recommendationFor(p.Before.ID)
	if err != nil {
		return err
	}
	if row.Revision != p.Revision {
		return models.ErrConflict
	}
	p.Before.Revision, p.Before.UpdatedMs = p.Revision+1, t.now
	return t.saveRecommendation(p.Before)
}

// undoFollowUp puts back what was noted before, as a revision of its own, and
// has the owner reminded of the day that holds again.
func undoFollowUp(t *tx, u undoRow) error {
	if err := undoRecommendation(t, u); err != nil {
		return err
	}
	var p recommendationUndo
	if err := json.Unmarshal([]byte(u.Payload), &p); err != nil {
		return err
	}
	p.Before.Revision = p.Revision + 1
	if err := t.keepWording(p.Before, "Took back what was noted"); err != nil {
		return err
	}
	return t.nudgeOwner(p.Before.ID, p.Before.RemindMs)
}

// changeRecommendation runs one act on a recommendation and notes how to take it back.
func (s *Store) changeRecommendation(ctx context.Context, v models.Viewer, id models.ID, verb, label string, act func(*tx, *recommendationRow) error) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		row, err := t.recommendationFor(id)
		if err != nil {
			return err
		}
		before := row
		if err := act(t, &row); err != nil {
			return err
		}
		row.UpdatedMs = t.now
		row.Revision++
		if err := t.saveRecommendation(row); err != nil {
			return err
		}
		if _, ok := undoVerbs[verb]; ok {
			if undo, err = t.undoable(verb, label, 0, recommendationUndo{before, row.Revision}); err != nil {
				return err
			}
		}
		return t.audit(auditRow{Action: verb, ObjectKind: "recommendation", Object: id, Detail: map[string]any{"state": row.State}})
	})
	return undo, err
}

// ArchiveRecommendation takes a recommendation out of the lists, or puts it
// back. Needs models.Analyse. It returns what TakeBack wants.
func (s *Store) ArchiveRecommendation(ctx context.Context, v models.Viewer, id models.ID, archived bool) (models.ID, error) {
	label := "restoring a recommendation"
	if archived {
		label = "archiving a recommendation"
	}
	return s.changeRecommendation(ctx, v, id, "recommendation.archive", label, func(t *tx, r *recommendationRow) error {
		r.ArchivedMs = 0
		if archived {
			r.ArchivedMs = t.now
		}
		return nil
	})
}

// DecideRecommendation adopts a recommendation, or not. It is adopted only
// after its panel has closed on the wording as it stands, when no criterion
// fails and what is uncertain is explained; it can be turned down whenever it
// is not decided. It returns models.ErrConflict where it was changed since the
// form was made. Needs models.Analyse. It returns what TakeBack wants.
func (s *Store) DecideRecommendation(ctx context.Context, v models.Viewer, id models.ID, in models.DecisionInput) (models.ID, error) {
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	return s.changeRecommendation(ctx, v, id, "recommendation.decide", "deciding on a recommendation", func(t *tx, r *recommendationRow) error {
		switch {
		case r.Revision != in.Revision:
			return models.ErrConflict
		case r.state().Followed() || r.state() == models.RecommendationTurned:
			return models.Invalid("", "It is decided already.")
		}
		r.State = string(models.RecommendationTurned)
		if in.Adopt {
			p, err := t.panelOf(r.ID)
			if err != nil {
				return models.Invalid("", "It has to be evaluated first.")
			}
			if p.Stage != string(models.PanelClosed) && p.Version == r.Version {
				return models.Invalid("", "The evaluation is not closed yet.")
			}
			people, err := readPanelists(t, []panelRow{p}, allRounds)
			if err != nil {
				return err
			}
			if err := models.MayAdopt(models.ResultsOf(people[p.ID]), p.Version != r.Version, in.Uncertainty); err != nil {
				return err
			}
			r.State = string(models.RecommendationAdopted)
		}
		r.DecidedBy, r.DecidedMs, r.Reason, r.Uncertainty = t.viewer.Account(), t.now, in.Reason, in.Uncertainty
		return nil
	})
}

// FollowUpRecommendation notes what became of a recommendation that was
// adopted, and has its owner reminded when it asks for it. It returns
// models.ErrConflict where it was changed since the form was made. Needs
// models.Analyse. It returns what TakeBack wants.
func (s *Store) FollowUpRecommendation(ctx context.Context, v models.Viewer, id models.ID, in models.FollowUpInput) (models.ID, error) {
	in, err := in.Check()
	if err != nil {
		return 0, err
	}
	return s.changeRecommendation(ctx, v, id, "recommendation.follow_up", "what became of a recommendation", func(t *tx, r *recommendationRow) error {
		switch {
		case !r.state().Followed():
			return models.Invalid("", "Only what was adopted is followed up, and this is not adopted any more.")
		case r.Revision != in.Revision:
			return models.ErrConflict
		}
		r.FollowUp, r.Response, r.Uptake, r.RemindMs = string(in.Status), in.Response, in.Uptake, in.Remind
		noted := *r
		noted.Revision++
		if err := t.keepWording(noted, "Noted what became of it"); err != nil {
			return err
		}
		return t.nudgeOwner(r.ID, in.Remind)
	})
}

// recommendationKind names recommendations in revisions.
const recommendationKind = "recommendation"

// recommendationWording is what the history keeps of a recommendation.
type recommendationWording struct {
	models.RecommendationText
	FollowUp models.FollowUpInput `json:",omitzero"`
}

// keepWording keeps how a recommendation reads from its revision on.
func (t *tx) keepWording(r recommendationRow, what string) error {
	now := r.model()
	return t.keepRevision(recommendationKind, r.ID, r.Revision, what, recommendationWording{now.RecommendationText, now.FollowUp})
}

// RecommendationHistory lists the wordings and what was noted of what became of
// it, newest first, for who may read the recommendation.
func (s *Store) RecommendationHistory(ctx context.Context, v models.Viewer, id models.ID) ([]models.RecommendationRevision, error) {
	visible := visibleRecommendations(v)
	var rows []struct {
		Revision int
		AtMs     models.Instant
		Name     string
		What     string
		Content  string
	}
	err := s.list(ctx, &rows, `SELECT x.revision, x.at_ms, COALESCE(a.name, '') AS name, x.what, x.content FROM revisions x
		JOIN recommendations q ON q.id = x.object_id LEFT JOIN accounts a ON a.id = x.account_id
		WHERE x.kind = 'recommendation' AND x.object_id = ? AND `+visible.cond+" ORDER BY x.revision DESC LIMIT 100", append([]any{id}, visible.args...)...)
	out := make([]models.RecommendationRevision, len(rows))
	for i, r := range rows {
		var kept recommendationWording
		if err := json.Unmarshal([]byte(r.Content), &kept); err != nil {
			return nil, err
		}
		out[i] = models.RecommendationRevision{Revision: r.Revision, At: r.AtMs, By: r.Name, What: r.What, Text: kept.RecommendationText, FollowUp: kept.FollowUp}
	}
	return out, err
}

// ThemesToDrawOn lists the themes that exist for the viewer and are
// models.Theme.Usable, for a recommendation's form, and before them those in use
// that are chosen. Needs models.Analyse.
func (s *Store) ThemesToDrawOn(ctx context.Context, v models.Viewer, chosen []models.ID) ([]models.ThemeRef, error) {
	if !models.Can(v, models.Analyse) {
		return nil, models.ErrForbidden
	}
	visible := visibleThemes(v, "h")
	var out []models.ThemeRef
	args := append(append([]any{chosen}, visible.args...), chosen, mostThemeChoices+len(chosen))
	err := s.list(ctx, &out, "SELECT h.id, h.statement FROM themes h WHERE h.archived_ms = 0 AND (h.dissent <> '' OR h.id IN ?) AND "+visible.cond+
		" ORDER BY CASE WHEN h.id IN ? THEN 0 ELSE 1 END, h.updated_ms DESC, h.id LIMIT ?", args...)
	return out, err
}

// RecommendationMaterial reads what a recommendation rests on, each insight as
// it is disclosed to the viewer; those that are not, are missing and counted
// nowhere. Who may not read the recommendation gets models.ErrNotFound.
func (s *Store) RecommendationMaterial(ctx context.Context, v models.Viewer, id models.ID) (models.Material, error) {
	visible := visibleRecommendations(v)
	if err := s.get(ctx, &id, "SELECT q.id FROM recommendations q WHERE q.id = ? AND "+visible.cond, append([]any{id}, visible.args...)...); err != nil {
		return models.Material{}, err
	}
	return s.material(ctx, v, id)
}

// mostMaterial bounds how many insights stand beside a recommendation.
const mostMaterial = 300

func (s *Store) material(ctx context.Context, v models.Viewer, id models.ID) (models.Material, error) {
	var out models.Material
	var links []struct {
		ID       models.ID
		Relation int
	}
	if err := s.list(ctx, &links, `SELECT i.id, max(ti.relation) AS relation FROM recommendation_themes rt JOIN theme_insights ti ON ti.theme_id = rt.theme_id
		JOIN insights i ON i.seq = ti.insight_seq WHERE rt.recommendation_id = ? GROUP BY i.id ORDER BY i.id LIMIT ?`, id, mostMaterial); err != nil || len(links) == 0 {
		return out, err
	}
	ids := make([]models.ID, len(links))
	relation := map[models.ID]int{}
	for n, l := range links {
		ids[n], relation[l.ID] = l.ID, l.Relation
	}
	found, err := s.insightsByID(ctx, v, ids)
	for _, i := range found {
		switch {
		case i.State() != models.Reviewed && i.State() != models.Released:
		case relation[i.ID()] == 1:
			out.Supports = append(out.Supports, i)
		case relation[i.ID()] == 2:
			out.Qualifies = append(out.Qualifies, i)
		default:
			out.Against = append(out.Against, i)
		}
	}
	return out, err
}

package store

import (
	"encoding/json"
	"slices"

	"rotunda/models"
)

func init() {
	undoVerbs[undoBriefEdit] = undoBriefWording
	undoVerbs[undoBriefState] = undoBriefStep
	undoVerbs[undoBriefWithdrawal] = publishAgain
	undoVerbs[undoBriefComment] = unresolve
}

const (
	undoBriefEdit       = "brief.edit"
	undoBriefState      = "brief.state"
	undoBriefWithdrawal = "brief.withdraw"
	undoBriefComment    = "brief.resolve"
)

// briefUndo is how a brief stood before an act: what the act made of it must
// still be so when it is taken back.
type briefUndo struct {
	Brief    models.ID         `json:"brief"`
	Revision int               `json:"revision"`
	From     models.BriefState `json:"from,omitempty"`
	To       models.BriefState `json:"to,omitempty"`
	Approver models.ID         `json:"approver,omitempty"`
	Approved models.Instant    `json:"approved,omitempty"`
	Text     models.BriefText  `json:"text,omitzero"`
	Comment  models.ID         `json:"comment,omitempty"`
	At       models.Instant    `json:"at,omitempty"`
	// Recommendations were published with it until the act.
	Recommendations []models.ID `json:"recommendations,omitempty"`
}

// briefToUndo reads the brief of an act, for who may still do such an act.
func (t *tx) briefToUndo(u undoRow, right models.Right) (models.Brief, briefUndo, error) {
	var p briefUndo
	if err := json.Unmarshal([]byte(u.Payload), &p); err != nil {
		return models.Brief{}, p, err
	}
	b, err := t.briefFor(p.Brief, right)
	return b, p, err
}

// undoBriefWording puts the wording back that an edit replaced, as a new one.
func undoBriefWording(t *tx, u undoRow) error {
	b, p, err := t.briefToUndo(u, models.WriteBrief)
	if err != nil {
		return err
	}
	if b.Revision != p.Revision {
		return models.ErrConflict
	}
	return t.saveBrief(b, p.Text, "took an edit back")
}

// undoBriefStep takes back that a brief was put up for review, or approved.
func undoBriefStep(t *tx, u undoRow) error {
	b, p, err := t.briefToUndo(u, models.WriteBrief)
	if err != nil {
		return err
	}
	if b.Revision != p.Revision || b.State != p.To {
		return models.ErrConflict
	}
	return t.exec("UPDATE briefs SET state = ?, approver_id = 0, approved_ms = 0, updated_ms = ? WHERE id = ?", string(p.From), t.now, b.ID)
}

// publishAgain takes a withdrawal back, where nothing was published since and
// the rules still allow the newest version. One before it that tells too much by
// now is marked, and nobody reads it.
func publishAgain(t *tx, u undoRow) error {
	b, p, err := t.briefToUndo(u, models.PublishBrief)
	if err != nil {
		return err
	}
	if b.Revision != p.Revision || b.State != p.To || b.WithdrawnAt != p.At {
		return models.ErrConflict
	}
	var rows []publicationRow
	if err := t.list(&rows, "SELECT * FROM publications WHERE brief_id = ? AND withdrawn_ms = ? ORDER BY version DESC LIMIT 1", b.ID, p.At); err != nil {
		return err
	}
	violated, err := t.violated(rows)
	if err != nil {
		return err
	}
	if len(violated) > 0 {
		return models.ErrConflict
	}
	if err := t.exec("UPDATE publications SET withdrawn_ms = 0, withdrawn_why = '' WHERE brief_id = ? AND withdrawn_ms = ?", b.ID, p.At); err != nil {
		return err
	}
	if err := t.markViolations("p.brief_id = ?", b.ID); err != nil {
		return err
	}
	if err := t.publishRecommendations(p.Recommendations); err != nil {
		return err
	}
	return t.exec("UPDATE briefs SET state = ?, approver_id = ?, approved_ms = ?, updated_ms = ? WHERE id = ?", string(p.From), p.Approver, p.Approved, t.now, b.ID)
}

// unresolve opens a remark again.
func unresolve(t *tx, u undoRow) error {
	b, p, err := t.briefToUndo(u, models.WriteBrief)
	if err != nil {
		return err
	}
	return t.exec("UPDATE brief_comments SET resolved_ms = 0 WHERE id = ? AND brief_id = ? AND resolved_ms = ?", p.Comment, b.ID, p.At)
}

// publishRecommendations marks adopted recommendations as published.
func (t *tx) publishRecommendations(ids []models.ID) error {
	if len(ids) == 0 {
		return nil
	}
	return t.exec("UPDATE recommendations SET state = ?, revision = revision + 1, updated_ms = ? WHERE id IN ? AND state = ?",
		string(models.RecommendationPublic), t.now, ids, string(models.RecommendationAdopted))
}

// withdrawRecommendations makes the recommendations adopted again that were
// published with what was withdrawn of a brief just now, and that no other
// brief holds that is published still. It returns their ids. What was published
// is what the manifests say, whatever the draft says by now.
func (t *tx) withdrawRecommendations(brief models.ID) ([]models.ID, error) {
	var rows []publicationRow
	if err := t.list(&rows, "SELECT brief_id, withdrawn_ms, manifest FROM publications WHERE brief_id = ? AND withdrawn_ms = ? OR brief_id <> ? AND withdrawn_ms = 0",
		brief, t.now, brief); err != nil {
		return nil, err
	}
	held, gone := map[models.ID]bool{}, []models.ID{}
	for _, row := range rows {
		var m models.Manifest
		if err := json.Unmarshal([]byte(row.Manifest), &m); err != nil {
			return nil, err
		}
		for _, stamp := range m.Recommendations {
			if row.BriefID == brief {
				gone = append(gone, stamp.ID)
			} else {
				held[stamp.ID] = true
			}
		}
	}
	gone = slices.DeleteFunc(distinct(gone), func(id models.ID) bool { return held[id] })
	if len(gone) == 0 {
		return nil, nil
	}
	var ids []models.ID
	if err := t.list(&ids, "SELECT r.id FROM recommendations r WHERE r.id IN ? AND r.state = ? ORDER BY r.id", gone, string(models.RecommendationPublic)); err != nil || len(ids) == 0 {
		return nil, err
	}
	return ids, t.exec("UPDATE recommendations SET state = ?, revision = revision + 1, updated_ms = ? WHERE id IN ?",
		string(models.RecommendationAdopted), t.now, ids)
}

package store

import (
	"encoding/json"

	"rotunda/models"
)

const (
	undoRecommendationEdit = "recommendation.edit"
	undoPanelInvite        = "panel.invite"
	undoPanelRemove        = "panel.remove"
)

func init() {
	undoVerbs[undoRecommendationEdit] = undoEditOfRecommendation
	undoVerbs[undoPanelInvite] = undoInvitation
	undoVerbs[undoPanelRemove] = undoRemoval
}

// recommendationEdit is how a recommendation stood before an edit, with what it
// drew on and where it belonged.
type recommendationEdit struct {
	recommendationUndo
	Themes []models.ID `json:"themes,omitempty"`
	Codes  []models.ID `json:"codes,omitempty"`
}

// drawnFrom fills in what a recommendation draws on and where it belongs.
func (t *tx) drawnFrom(e *recommendationEdit) error {
	if err := t.list(&e.Themes, `SELECT rt.theme_id FROM recommendation_themes rt JOIN themes h ON h.id = rt.theme_id
		WHERE rt.recommendation_id = ? AND h.archived_ms = 0 ORDER BY rt.position, rt.theme_id`, e.Before.ID); err != nil {
		return err
	}
	return t.list(&e.Codes, "SELECT code_id FROM recommendation_codes WHERE recommendation_id = ? ORDER BY code_id", e.Before.ID)
}

// undoEditOfRecommendation puts the wording back that an edit replaced, and
// with it the evaluation of that wording. What others have built on the new one
// stays: another edit, an evaluation, a decision, a publication.
func undoEditOfRecommendation(t *tx, u undoRow) error {
	var p recommendationEdit
	if err := json.Unmarshal([]byte(u.Payload), &p); err != nil {
		return err
	}
	now, err := t.recommendationFor(p.Before.ID)
	if err != nil {
		return err
	}
	if now.Revision != p.Revision {
		return models.ErrConflict
	}
	var published int
	if err := t.get(&published, `SELECT count(*) FROM publications p JOIN brief_recommendations b ON b.brief_id = p.brief_id
		WHERE b.recommendation_id = ? AND p.published_ms >= ?`, now.ID, u.CreatedMs); err != nil {
		return err
	}
	if published > 0 {
		return models.Invalid("", "A brief was published with the new wording since. Edit the recommendation, so that the brief can be corrected.")
	}
	in := models.RecommendationInput{RecommendationText: p.Before.text(), Series: p.Before.SeriesID, Themes: p.Themes, Codes: p.Codes}
	if err := t.linkBack(now, in); err != nil {
		return err
	}
	p.Before.Revision, p.Before.UpdatedMs = p.Revision+1, t.now
	if err := t.saveRecommendation(p.Before); err != nil {
		return err
	}
	return t.keepWording(p.Before, "Took an edit back")
}

// linkBack is linkRecommendation for an edit that is taken back. Where the edit
// wrote no words, what it drew on by mistake leaves nothing behind; else its
// words stay in the history, and with them who may read it.
func (t *tx) linkBack(now recommendationRow, in models.RecommendationInput) error {
	if in.Hash() != now.TextHash {
		return t.linkRecommendation(now.ID, in)
	}
	if err := t.checkSeries(in.Series); err != nil {
		return err
	}
	if err := t.checkDrawnOn(now.ID, in.Themes); err != nil {
		return err
	}
	if err := t.linkCodes(now.ID, in.Codes); err != nil {
		return err
	}
	return t.drawOn(now.ID, in.Themes)
}

// panelUndo is an evaluator who was invited, or taken off the panel at an
// instant.
type panelUndo struct {
	Recommendation models.ID      `json:"recommendation"`
	Panelist       models.ID      `json:"panelist"`
	Link           int            `json:"link,omitempty"`
	At             models.Instant `json:"at,omitempty"`
}

// panelToUndo reads the evaluator of an act, for who may still lead the
// evaluation while its first round is blind.
func (t *tx) panelToUndo(u undoRow) (q recommendationRow, p panelRow, e panelistRow, was panelUndo, err error) {
	if err = json.Unmarshal([]byte(u.Payload), &was); err != nil {
		return q, p, e, was, err
	}
	if q, p, err = t.managed(was.Recommendation); err != nil {
		return q, p, e, was, err
	}
	if p.stage() != models.PanelBlind {
		return q, p, e, was, models.Invalid("", "The scores are revealed: the panel stays as it is.")
	}
	err = t.get(&e, "SELECT * FROM panelists WHERE id = ? AND panel_id = ?", was.Panelist, p.ID)
	return q, p, e, was, err
}

// undoInvitation takes an evaluator off the panel again who has not answered.
func undoInvitation(t *tx, u undoRow) error {
	_, _, e, was, err := t.panelToUndo(u)
	if err != nil {
		return err
	}
	if e.RevokedMs != 0 || e.LinkVersion != was.Link {
		return models.ErrConflict
	}
	var answers int
	if err := t.get(&answers, "SELECT count(*) FROM scores WHERE panelist_id = ? AND at_ms >= ?", e.ID, u.CreatedMs); err != nil {
		return err
	}
	if answers > 0 || e.Abstained {
		return models.Invalid("", "They have answered since. Take them off the panel if their scores shall not count.")
	}
	return t.exec("UPDATE panelists SET revoked_ms = ? WHERE id = ?", t.now, e.ID)
}

// undoRemoval puts an evaluator back on the panel, to whom the recommendation
// may still be shown. Their link works again.
func undoRemoval(t *tx, u undoRow) error {
	q, p, e, was, err := t.panelToUndo(u)
	if err != nil {
		return err
	}
	if e.RevokedMs != was.At {
		return models.ErrConflict
	}
	if e.AccountID != 0 {
		err = t.colleague(&e, q.ID, e.AccountID)
	} else {
		err = t.openToGuests(q, p)
	}
	if err != nil {
		return err
	}
	return t.exec("UPDATE panelists SET revoked_ms = 0 WHERE id = ?", e.ID)
}

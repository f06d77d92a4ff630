package store

import (
	"context"
	"slices"

	"rotunda/models"
)

// ScoreRecommendation keeps the viewer's own scores in the round that runs.
// Who is not on the panel gets models.ErrForbidden, who may not read the
// recommendation models.ErrNotFound. Bad input is a *models.InvalidError.
func (s *Store) ScoreRecommendation(ctx context.Context, v models.Viewer, id models.ID, in models.EvaluationInput) error {
	in, err := in.Check()
	if err != nil {
		return err
	}
	material, err := s.RecommendationMaterial(ctx, v, id)
	if err != nil {
		return err
	}
	return s.transact(ctx, v, func(t *tx) error {
		q, err := t.recommendationSeen(id)
		if err != nil {
			return err
		}
		p, err := t.panelOf(id)
		if err != nil {
			return err
		}
		var e panelistRow
		if err := t.get(&e, "SELECT * FROM panelists WHERE panel_id = ? AND account_id = ?", p.ID, v.Account()); err != nil {
			return forbiddenIfMissing(err)
		}
		if e.RevokedMs != 0 {
			return models.Invalid("", "You were taken off the panel. What you typed is not counted.")
		}
		return t.score(q, p, e, in, material.IDs())
	})
}

// ScoreByToken keeps the scores of an evaluator from outside, who holds the
// link. A token that is unknown, expired or revoked is models.ErrGone.
func (s *Store) ScoreByToken(ctx context.Context, token string, in models.EvaluationInput) error {
	now, err := s.EvaluationByToken(ctx, token)
	switch {
	case err != nil:
		return err
	case now.Withheld:
		return models.Invalid("", withheldWords)
	}
	if in, err = in.Check(); err != nil {
		return err
	}
	return s.byEvaluator(ctx, token, func(t *tx, e panelistRow, p panelRow, q recommendationRow) error {
		return t.score(q, p, e, in, now.Material.IDs())
	})
}

// RemarkByToken adds to the discussion for an evaluator from outside.
func (s *Store) RemarkByToken(ctx context.Context, token, text string) error {
	return s.byEvaluator(ctx, token, func(t *tx, e panelistRow, p panelRow, q recommendationRow) error {
		if p.Version != q.Version {
			return models.Invalid("text", staleWords)
		}
		withheld, err := withheldFromGuests(t, q)
		switch {
		case err != nil:
			return err
		case withheld:
			return models.Invalid("text", withheldWords)
		}
		return t.panelRemark(p, e.ID, text)
	})
}

// withheldWords say why nothing of somebody from outside is taken now.
const withheldWords = "We are looking once more at how the text is worded, so nothing was saved just now. Keep what you typed, and come back to this link later."

// staleWords say why nothing can be added to an evaluation.
const staleWords = "The text was changed since, and this evaluation is over."

// byEvaluator runs an act of an evaluator from outside, found anew within the
// transaction.
func (s *Store) byEvaluator(ctx context.Context, token string, act func(*tx, panelistRow, panelRow, recommendationRow) error) error {
	e, p, _, err := evaluatorByToken(s.reader(ctx), token, s.Now())
	if err != nil {
		return err
	}
	return s.transact(ctx, models.GuestViewer(e.ID, 0, evaluatePurpose), func(t *tx) error {
		if err := t.queueUp("recommendation " + p.RecommendationID.String()); err != nil {
			return err
		}
		e, p, q, err := evaluatorByToken(t, token, t.now)
		if err != nil {
			return err
		}
		return act(t, e, p, q)
	})
}

// scoresLate refuses scores for which the evaluation has gone on while they
// were typed: for another wording, or another round.
func scoresLate(p panelRow, q recommendationRow, in models.EvaluationInput) error {
	switch round := p.stage().Scoring(); {
	case p.Version != q.Version:
		return models.Invalid("", staleWords)
	case in.Version != 0 && in.Version != p.Version:
		return models.Invalid("", "The text was changed while you wrote. Read it again: your scores are kept below, and count once you save them for the text as it stands.")
	case p.stage() == models.PanelDiscussion:
		return models.Invalid("", "The first round ended while you wrote, so your scores do not count. Keep them: you can score again if a second round begins.")
	case round == 0:
		return models.Invalid("", "The evaluation was closed while you wrote, so your scores do not count. Send them to whoever asked you.")
	case in.Round != 0 && in.Round != round:
		return models.Invalid("", "The first round ended while you wrote, and the second has begun. Read what the others said, then save your scores below: they count for the second round.")
	}
	return nil
}

// score keeps an evaluator's scores. They may point to the insights they were
// shown and to no others.
func (t *tx) score(q recommendationRow, p panelRow, e panelistRow, in models.EvaluationInput, shown []models.ID) error {
	round := p.stage().Scoring()
	if err := scoresLate(p, q, in); err != nil {
		return err
	}
	if err := t.exec("UPDATE panelists SET conflict = ?, abstained = ? WHERE id = ?", in.Conflict, in.Abstain, e.ID); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM scores WHERE panelist_id = ? AND round = ?", e.ID, round); err != nil {
		return err
	}
	if in.Abstain {
		return t.audit(auditRow{Action: "panel.abstain", ObjectKind: "recommendation", Object: q.ID, Detail: map[string]any{"panelist": e.ID, "round": round}})
	}
	var args []any
	for i, c := range models.Criteria {
		s := in.Scores[i]
		s.Evidence = slices.DeleteFunc(s.Evidence, func(id models.ID) bool { return !slices.Contains(shown, id) })
		evidence := ""
		if len(s.Evidence) > 0 {
			evidence = toJSON(s.Evidence)
		}
		args = append(args, e.ID, round, int(c), s.Value, s.Confidence, s.Rationale, evidence, t.now)
	}
	if err := t.insertMany("INSERT INTO scores (panelist_id, round, criterion, score, confidence, rationale, evidence, at_ms) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?, ?)", 8, "", args); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "panel.score", ObjectKind: "recommendation", Object: q.ID, Detail: map[string]any{"panelist": e.ID, "round": round}})
}

// mailEvaluator writes the invitation to evaluate.
func (t *tx) mailEvaluator(e panelistRow) error {
	m := t.newMail(mailRow{Kind: string(models.MailEvaluation), AccountID: e.AccountID, ToName: e.Name, ToEmail: e.Email}, mailArgs{Panelist: e.ID})
	return t.insertMails([]mailRow{m})
}

// outgoingEvaluation reads what an invitation to evaluate may say, or a
// reminder of it, or why it is withheld. It never names the recommendation: the mail list would show it
// to who may not know of it.
func (t *tx) outgoingEvaluation(args mailArgs, institute models.Institute, out models.Outgoing) (models.Outgoing, string, error) {
	var row struct {
		Row     panelistRow `gorm:"embedded"`
		Stage   string
		DueMs   models.Instant
		Object  models.ID
		Current bool
		Open    bool
	}
	if err := t.get(&row, `SELECT e.*, p.stage, p.due_ms, q.id AS object, (q.version = p.version AND q.archived_ms = 0) AS current, (`+unscored+`) AS open
		FROM panelists e JOIN panels p ON p.id = e.panel_id JOIN recommendations q ON q.id = p.recommendation_id WHERE e.id = ?`, max(1, args.Round), args.Panelist); err != nil {
		return out, "", err
	}
	round := models.PanelStage(row.Stage).Scoring()
	switch {
	case row.Row.RevokedMs != 0 || !row.Current || round != max(1, args.Round):
		return out, "The evaluation has gone on without them.", nil
	case out.Kind == models.MailEvaluationDue && !row.Open:
		return out, "They have scored since.", nil
	}
	out.Invitation = models.Invitation{Name: row.Row.Name, Greeting: row.Row.Name, Institute: institute.Name, ShortName: institute.ShortName, HostEmail: institute.Contact, Zone: institute.Zone}
	out.Recommendation = row.Object
	if row.DueMs > t.now {
		out.Expires = row.DueMs
	}
	if row.Row.AccountID == 0 {
		out.Token = t.s.keys.linkToken(evaluatePurpose, row.Row.ID, row.Row.LinkVersion)
	}
	return out, "", nil
}

package store

import (
	"context"
	"errors"

	"rotunda/models"
)

// evaluatePurpose is the purpose of the link by which somebody from outside
// evaluates one recommendation.
const evaluatePurpose = "evaluate"

// panelRow is an evaluation as the database keeps it.
type panelRow struct {
	ID               models.ID
	RecommendationID models.ID
	Version          int
	Stage            string
	DueMs            models.Instant
	OpenedBy         models.ID
	OpenedMs         models.Instant
	ClosedMs         models.Instant
}

func (panelRow) TableName() string { return "panels" }

func (p panelRow) stage() models.PanelStage { return models.PanelStage(p.Stage) }

// panelistRow is an evaluator as the database keeps them.
type panelistRow struct {
	ID          models.ID
	PanelID     models.ID
	AccountID   models.ID
	Name        string
	Affiliation string
	Email       string
	EmailFold   string
	LinkVersion int
	TokenHash   string
	ExpiresMs   models.Instant
	RevokedMs   models.Instant
	Conflict    string
	Abstained   bool
	InvitedMs   models.Instant
}

func (panelistRow) TableName() string { return "panelists" }

// panelOf reads the newest panel of a recommendation.
func (t *tx) panelOf(id models.ID) (p panelRow, err error) {
	err = t.get(&p, "SELECT * FROM panels WHERE recommendation_id = ? ORDER BY version DESC LIMIT 1", id)
	return p, err
}

// managed reads a recommendation and its panel on the wording as it stands,
// for who leads the evaluation: its owner, or an admin who may know of it.
func (t *tx) managed(id models.ID) (recommendationRow, panelRow, error) {
	row, err := t.recommendationFor(id)
	if err != nil {
		return row, panelRow{}, err
	}
	if !leadsPanel(t.viewer, row.OwnerID) {
		return row, panelRow{}, models.ErrForbidden
	}
	p, err := t.panelOf(id)
	if err == nil && p.Version != row.Version {
		err = models.Invalid("", "The text was changed since. Begin a new evaluation.")
	}
	return row, p, err
}

// leadsPanel reports whether the viewer leads the evaluation of what the
// account owns.
func leadsPanel(v models.Viewer, owner models.ID) bool {
	return models.Can(v, models.Analyse) && (v.Account() == owner || v.Role() == models.RoleAdmin)
}

// OpenPanel begins an evaluation of the wording as it stands, until due. Only
// its owner and admins lead it; others get models.ErrForbidden.
func (s *Store) OpenPanel(ctx context.Context, v models.Viewer, id models.ID, due models.Instant) error {
	return s.transact(ctx, v, func(t *tx) error {
		row, _, err := t.managed(id)
		var stale *models.InvalidError
		switch {
		case err == nil:
			return models.Invalid("", "This wording is being evaluated already.")
		case !errors.Is(err, models.ErrNotFound) && !errors.As(err, &stale) || row.ID == 0:
			return err
		case row.ArchivedMs != 0 || row.state().Followed() || row.state() == models.RecommendationTurned:
			return models.Invalid("", "It is decided already. Change its text to have it evaluated again.")
		}
		if err := models.CheckPanelDue(due, t.now); err != nil {
			return err
		}
		p := panelRow{ID: t.s.newID(), RecommendationID: id, Version: row.Version, Stage: string(models.PanelBlind), DueMs: due, OpenedBy: v.Account(), OpenedMs: t.now}
		if err := t.insert(&p); err != nil {
			return err
		}
		if err := t.nudgeEvaluators(p, 1); err != nil {
			return err
		}
		row.State, row.UpdatedMs = string(models.RecommendationPanel), t.now
		row.Revision++
		if err := t.saveRecommendation(row); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "panel.open", ObjectKind: "recommendation", Object: id, Detail: map[string]any{"version": row.Version}})
	})
}

// InviteEvaluator adds an evaluator to the panel and sends the invitation. A
// colleague must be one for whom the recommendation exists, and nobody from
// outside is asked about what rests on a private roundtable, or while words in
// it may tell who was in the room. Rights as OpenPanel. It returns what TakeBack
// wants.
func (s *Store) InviteEvaluator(ctx context.Context, v models.Viewer, id models.ID, in models.PanelistInput) (undo models.ID, err error) {
	if in, err = in.Check(); err != nil {
		return 0, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		q, p, err := t.managed(id)
		if err != nil {
			return err
		}
		if p.stage() == models.PanelClosed {
			return models.Invalid("", "The evaluation is closed.")
		}
		if p.stage() != models.PanelBlind {
			return models.Invalid("", "The scores are revealed: nobody can score blind any more.")
		}
		e := panelistRow{Name: in.Name, Affiliation: in.Affiliation, Email: in.Email}
		if in.Account != 0 {
			if err := t.colleague(&e, id, in.Account); err != nil {
				return err
			}
		} else if err := t.openToGuests(q, p); err != nil {
			return err
		}
		if e, err = t.seatEvaluator(p, e); err != nil {
			return err
		}
		if err := t.mailEvaluator(e); err != nil {
			return err
		}
		if undo, err = t.undoable(undoPanelInvite, "inviting an evaluator", 0, panelUndo{Recommendation: id, Panelist: e.ID, Link: e.LinkVersion}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "panel.invite", ObjectKind: "recommendation", Object: id, Detail: map[string]any{"panelist": e.ID}})
	})
	return undo, s.tried(ctx, v, err)
}

// seatEvaluator puts an evaluator on the panel. Who was taken off it comes back
// to what they had answered, by a new link.
func (t *tx) seatEvaluator(p panelRow, e panelistRow) (panelistRow, error) {
	e.PanelID, e.EmailFold, e.InvitedMs, e.ExpiresMs = p.ID, models.EmailKey(e.Email), t.now, p.DueMs.Add(models.PanelGrace)
	var was panelistRow
	err := t.get(&was, "SELECT * FROM panelists WHERE panel_id = ? AND email_fold = ?", p.ID, e.EmailFold)
	switch {
	case errors.Is(err, models.ErrNotFound):
		e.ID, e.LinkVersion = t.s.newID(), 1
		e.TokenHash = hashToken(t.s.keys.linkToken(evaluatePurpose, e.ID, e.LinkVersion))
		return e, t.insert(&e)
	case err != nil:
		return e, err
	case was.RevokedMs == 0 && e.AccountID != 0:
		return e, models.Invalid("account", "They are on the panel already.")
	case was.RevokedMs == 0:
		return e, models.Invalid("email", "They are on the panel already.")
	}
	if e.Affiliation == "" {
		e.Affiliation = was.Affiliation
	}
	e.ID, e.LinkVersion, e.Conflict, e.Abstained = was.ID, was.LinkVersion+1, was.Conflict, was.Abstained
	e.TokenHash = hashToken(t.s.keys.linkToken(evaluatePurpose, e.ID, e.LinkVersion))
	return e, t.db.Model(&e).Select("*").Updates(&e).Error
}

// openToGuests refuses an evaluator from outside where a private roundtable
// stands behind the recommendation, which exists for nobody out there, and
// where words in it may tell who was in the room.
func (t *tx) openToGuests(q recommendationRow, p panelRow) error {
	var closed int
	if err := t.get(&closed, "SELECT count(*) FROM recommendations q WHERE q.id = ? AND "+closedTo("0"), q.ID); err != nil {
		return err
	}
	if closed > 0 {
		return models.Invalid("email", "A private roundtable stands behind this recommendation. Invite colleagues who are on its team.")
	}
	return t.cleanForGuests(q, p)
}

// colleague fills in an evaluator by account.
func (t *tx) colleague(e *panelistRow, id, account models.ID) error {
	var a accountRow
	err := t.get(&a, `SELECT a.* FROM accounts a JOIN recommendations q ON q.id = ?
		WHERE a.id = ? AND a.disabled_ms = 0 AND a.role <> 'cohost' AND NOT `+closedTo("a.id"), id, account)
	if errors.Is(err, models.ErrNotFound) {
		return models.Invalid("account", "This colleague cannot be invited.")
	}
	e.AccountID, e.Name, e.Email = a.ID, a.Name, a.Email
	return err
}

// Evaluators lists the colleagues who can be invited to evaluate, by name: the
// enabled accounts for whom the recommendation exists. Rights as OpenPanel.
func (s *Store) Evaluators(ctx context.Context, v models.Viewer, id models.ID) ([]models.Account, error) {
	q, err := s.Recommendation(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if !leadsPanel(v, q.Owner) {
		return nil, models.ErrForbidden
	}
	var rows []accountRow
	err = s.list(ctx, &rows, `SELECT a.* FROM accounts a JOIN recommendations q ON q.id = ?
		WHERE a.disabled_ms = 0 AND a.role <> 'cohost' AND NOT `+closedTo("a.id")+`
			AND NOT EXISTS (SELECT 1 FROM panelists e JOIN panels p ON p.id = e.panel_id WHERE p.recommendation_id = q.id AND p.version = q.version AND e.account_id = a.id AND e.revoked_ms = 0)
		ORDER BY a.name, a.id`, id)
	out := make([]models.Account, len(rows))
	for i, r := range rows {
		out[i] = r.model()
	}
	return out, err
}

// RemoveEvaluator takes an evaluator off the panel and ends their link, while
// the first round is blind. Rights as OpenPanel. It returns what TakeBack wants.
func (s *Store) RemoveEvaluator(ctx context.Context, v models.Viewer, id, panelist models.ID) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		_, p, err := t.managed(id)
		if err != nil {
			return err
		}
		if p.stage() != models.PanelBlind {
			return models.Invalid("", "The scores are revealed: nobody leaves the panel now.")
		}
		n, err := t.affected("UPDATE panelists SET revoked_ms = ? WHERE id = ? AND panel_id = ? AND revoked_ms = 0", t.now, panelist, p.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrNotFound
		}
		if undo, err = t.undoable(undoPanelRemove, "taking an evaluator off the panel", 0, panelUndo{Recommendation: id, Panelist: panelist, At: t.now}); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "panel.remove", ObjectKind: "recommendation", Object: id, Detail: map[string]any{"panelist": panelist}})
	})
	return undo, err
}

// AdvancePanel takes the panel on to its next stage: the reveal, a second
// round, the close. Rights as OpenPanel.
func (s *Store) AdvancePanel(ctx context.Context, v models.Viewer, id models.ID, next models.PanelStage) error {
	return s.transact(ctx, v, func(t *tx) error {
		_, p, err := t.managed(id)
		if err != nil {
			return err
		}
		people, err := readPanelists(t, []panelRow{p}, allRounds)
		if err != nil {
			return err
		}
		asked, answered := models.Panel{Panelists: people[p.ID]}.Asked()
		if !p.stage().MayFollow(next, asked > 0 && asked == answered, t.now >= p.DueMs) {
			return models.Invalid("", "The first round ends when everybody has scored, or when its time is over.")
		}
		closed := models.Instant(0)
		if next == models.PanelClosed {
			closed = t.now
		}
		if err := t.exec("UPDATE panels SET stage = ?, closed_ms = ? WHERE id = ?", string(next), closed, p.ID); err != nil {
			return err
		}
		if next.Scoring() > 0 {
			if err := t.nudgeEvaluators(p, next.Scoring()); err != nil {
				return err
			}
			until := t.now.Add(models.PanelGrace)
			if err := t.exec("UPDATE panelists SET expires_ms = ? WHERE panel_id = ? AND revoked_ms = 0 AND expires_ms < ?", until, p.ID, until); err != nil {
				return err
			}
		}
		return t.audit(auditRow{Action: "panel." + string(next), ObjectKind: "recommendation", Object: id})
	})
}

// RemarkOnPanel adds to the discussion, for the panel's evaluators and its
// lead; others who read the recommendation get models.ErrForbidden.
func (s *Store) RemarkOnPanel(ctx context.Context, v models.Viewer, id models.ID, text string) error {
	return s.transact(ctx, v, func(t *tx) error {
		row, err := t.recommendationSeen(id)
		if err != nil {
			return err
		}
		p, err := t.panelOf(id)
		if err != nil {
			return err
		}
		var self models.ID
		err = t.get(&self, "SELECT id FROM panelists WHERE panel_id = ? AND account_id = ? AND revoked_ms = 0", p.ID, v.Account())
		if err != nil && (!errors.Is(err, models.ErrNotFound) || !leadsPanel(v, row.OwnerID)) {
			return forbiddenIfMissing(err)
		}
		if p.Version != row.Version {
			return models.Invalid("text", staleWords)
		}
		return t.panelRemark(p, self, text)
	})
}

func forbiddenIfMissing(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return models.ErrForbidden
	}
	return err
}

// panelRemark adds to the discussion while there is one.
func (t *tx) panelRemark(p panelRow, panelist models.ID, text string) error {
	text, err := models.CheckRemark(text)
	if err != nil {
		return err
	}
	if p.stage() != models.PanelDiscussion && p.stage() != models.PanelSecond {
		return models.Invalid("text", "The discussion is open between the reveal and the close.")
	}
	if err := t.exec("INSERT INTO panel_remarks (id, panel_id, panelist_id, account_id, criterion, text, at_ms) VALUES (?, ?, ?, ?, 0, ?, ?)",
		t.s.newID(), p.ID, panelist, t.viewer.Account(), text, t.now); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "panel.remark", ObjectKind: "recommendation", Object: p.RecommendationID})
}

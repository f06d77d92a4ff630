package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"rotunda/models"
)

// allRounds reads scores for working with them, not for showing them.
const allRounds = 2

// shownOnly reads of each panel what its stage reveals.
const shownOnly = -1

// readPanelists reads the evaluators of panels with their last word up to a
// round, or up to what each panel's stage reveals.
func readPanelists(r reader, panels []panelRow, upTo int) (map[models.ID][]models.Panelist, error) {
	out := map[models.ID][]models.Panelist{}
	if len(panels) == 0 {
		return out, nil
	}
	ids := make([]models.ID, len(panels))
	stage := map[models.ID]models.PanelStage{}
	for i, p := range panels {
		ids[i], stage[p.ID] = p.ID, p.stage()
	}
	var people []panelistRow
	if err := r.list(&people, "SELECT * FROM panelists WHERE panel_id IN ? ORDER BY invited_ms, id", ids); err != nil {
		return nil, err
	}
	var scores []struct {
		PanelistID, PanelID models.ID
		Round, Criterion    int
		Score, Confidence   int
		Rationale, Evidence string
	}
	if err := r.list(&scores, `SELECT e.panel_id, s.panelist_id, s.round, s.criterion, s.score, s.confidence, s.rationale, s.evidence
		FROM scores s JOIN panelists e ON e.id = s.panelist_id WHERE e.panel_id IN ? ORDER BY s.round`, ids); err != nil {
		return nil, err
	}
	said, done := map[models.ID][3]models.Score{}, map[models.ID]int{}
	for _, s := range scores {
		if at := max(1, stage[s.PanelID].Scoring()); s.Round == at {
			done[s.PanelistID]++
		}
		most := upTo
		if upTo == shownOnly {
			most = stage[s.PanelID].Revealed()
		}
		if s.Round > most || s.Criterion < 1 || s.Criterion > len(models.Criteria) {
			continue
		}
		words := said[s.PanelistID]
		one := models.Score{Criterion: models.Criterion(s.Criterion), Round: s.Round, Value: s.Score, Confidence: s.Confidence, Rationale: s.Rationale}
		if s.Evidence != "" {
			if err := json.Unmarshal([]byte(s.Evidence), &one.Evidence); err != nil {
				return nil, err
			}
		}
		words[s.Criterion-1] = one
		said[s.PanelistID] = words
	}
	for _, e := range people {
		p := models.Panelist{
			ID: e.ID, Account: e.AccountID, Name: e.Name, Affiliation: e.Affiliation, Revoked: e.RevokedMs != 0,
			Done: e.Abstained || done[e.ID] == len(models.Criteria), Scores: said[e.ID],
		}
		if upTo != shownOnly || stage[e.PanelID].Revealed() > 0 {
			p.Conflict, p.Abstained = e.Conflict, e.Abstained
		}
		out[e.PanelID] = append(out[e.PanelID], p)
	}
	return out, nil
}

// fillResults adds to recommendations what the panels on their present wording
// have revealed.
func fillResults(r reader, ids []models.ID, at map[models.ID]*models.Recommendation) error {
	var panels []panelRow
	if err := r.list(&panels, `SELECT p.* FROM panels p JOIN recommendations q ON q.id = p.recommendation_id AND q.version = p.version
		WHERE p.recommendation_id IN ? AND p.stage <> 'blind'`, ids); err != nil {
		return err
	}
	people, err := readPanelists(r, panels, shownOnly)
	for _, p := range panels {
		q := at[p.RecommendationID]
		q.Results, q.Shown = models.ResultsOf(people[p.ID]), true
	}
	return err
}

// Panel reads the newest evaluation of a recommendation as the viewer may see
// it: before the reveal nobody's scores but their own, whoever they are. It is
// models.ErrNotFound where there is none.
func (s *Store) Panel(ctx context.Context, v models.Viewer, id models.ID) (models.Panel, error) {
	visible := visibleRecommendations(v)
	var row struct {
		Row     panelRow `gorm:"embedded"`
		Current int
		OwnerID models.ID
	}
	if err := s.get(ctx, &row, `SELECT p.*, q.version AS current, q.owner_id FROM panels p JOIN recommendations q ON q.id = p.recommendation_id
		WHERE q.id = ? AND `+visible.cond+" ORDER BY p.version DESC LIMIT 1", append([]any{id}, visible.args...)...); err != nil {
		return models.Panel{}, err
	}
	out, err := s.panel(ctx, row.Row, row.Current)
	if err != nil {
		return out, err
	}
	if i := slices.IndexFunc(out.Panelists, func(e models.Panelist) bool { return e.Account != 0 && e.Account == v.Account() && !e.Revoked }); i >= 0 {
		if out.Panelists[i], err = s.own(ctx, row.Row, out.Panelists[i].ID); err != nil {
			return out, err
		}
		out.Mine = out.Panelists[i].ID
	}
	if leadsPanel(v, row.OwnerID) && !out.Stale {
		asked, answered := out.Asked()
		for _, next := range []models.PanelStage{models.PanelDiscussion, models.PanelSecond, models.PanelClosed} {
			if out.Stage.MayFollow(next, asked > 0 && asked == answered, s.Now() >= out.Due) {
				out.May = append(out.May, next)
			}
		}
	}
	return out, nil
}

// panel reads a panel as everybody may see it who may see it at all.
func (s *Store) panel(ctx context.Context, p panelRow, current int) (models.Panel, error) {
	out := models.Panel{
		ID: p.ID, Recommendation: p.RecommendationID, Version: p.Version, Stale: p.Version != current, Stage: p.stage(),
		Due: p.DueMs, Opened: p.OpenedMs, Closed: p.ClosedMs,
	}
	people, err := readPanelists(s.reader(ctx), []panelRow{p}, shownOnly)
	if err != nil {
		return out, err
	}
	out.Panelists = people[p.ID]
	out.Results = models.ResultsOf(out.Panelists)
	var remarks []struct {
		PanelistID models.ID
		Name, Text string
		AtMs       models.Instant
	}
	err = s.list(ctx, &remarks, `SELECT m.panelist_id, COALESCE(e.name, a.name, '') AS name, m.text, m.at_ms FROM panel_remarks m
		LEFT JOIN panelists e ON e.id = m.panelist_id LEFT JOIN accounts a ON a.id = m.account_id
		WHERE m.panel_id = ? ORDER BY m.at_ms, m.id LIMIT 500`, p.ID)
	for _, m := range remarks {
		out.Remarks = append(out.Remarks, models.PanelRemark{By: m.Name, Panelist: m.PanelistID, Text: m.Text, At: m.AtMs})
	}
	return out, err
}

// own reads an evaluator with their own last words, whatever is revealed.
func (s *Store) own(ctx context.Context, p panelRow, id models.ID) (models.Panelist, error) {
	people, err := readPanelists(s.reader(ctx), []panelRow{p}, allRounds)
	if err != nil {
		return models.Panelist{}, err
	}
	i := slices.IndexFunc(people[p.ID], func(e models.Panelist) bool { return e.ID == id })
	if i < 0 {
		return models.Panelist{}, models.ErrNotFound
	}
	return people[p.ID][i], nil
}

// OwnEvaluations lists what waits for the viewer's scores, soonest due first.
func (s *Store) OwnEvaluations(ctx context.Context, v models.Viewer) ([]models.OwnEvaluation, error) {
	if !v.IsAccount() {
		return nil, nil
	}
	visible := visibleRecommendations(v)
	var out []models.OwnEvaluation
	var rows []struct {
		ID    models.ID
		Title string
		DueMs models.Instant
		Stage string
	}
	err := s.list(ctx, &rows, `SELECT q.id, q.title, p.due_ms, p.stage FROM panelists e JOIN panels p ON p.id = e.panel_id
		JOIN recommendations q ON q.id = p.recommendation_id AND q.version = p.version
		WHERE e.account_id = ? AND e.revoked_ms = 0 AND e.abstained = FALSE AND q.archived_ms = 0 AND p.stage IN ('blind', 'second')
			AND (SELECT count(*) FROM scores s WHERE s.panelist_id = e.id AND s.round = CASE WHEN p.stage = 'blind' THEN 1 ELSE 2 END) < 3
			AND `+visible.cond+" ORDER BY p.due_ms, q.id", append([]any{v.Account()}, visible.args...)...)
	for _, r := range rows {
		out = append(out, models.OwnEvaluation{Recommendation: r.ID, Title: r.Title, Due: r.DueMs, Round: models.PanelStage(r.Stage).Scoring()})
	}
	return out, err
}

// PanelLinks returns the tokens of the outside evaluators' links that work, by
// evaluator, for who leads the evaluation: where no mail goes out they hand
// them on. Others get models.ErrForbidden.
func (s *Store) PanelLinks(ctx context.Context, v models.Viewer, id models.ID) (map[models.ID]string, error) {
	q, err := s.Recommendation(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if !leadsPanel(v, q.Owner) {
		return nil, models.ErrForbidden
	}
	var rows []panelistRow
	err = s.list(ctx, &rows, `SELECT e.* FROM panelists e JOIN panels p ON p.id = e.panel_id
		WHERE p.recommendation_id = ? AND p.version = ? AND e.account_id = 0 AND e.revoked_ms = 0 AND e.expires_ms > ?`, id, q.Version, s.Now())
	out := map[models.ID]string{}
	for _, e := range rows {
		out[e.ID] = s.keys.linkToken(evaluatePurpose, e.ID, e.LinkVersion)
	}
	return out, err
}

// EvaluationByToken reads what an evaluator's link opens: the text, what the
// public may read of the insights behind it, and the evaluator's own scores.
// Once the text was changed it holds nothing of it: the evaluation is over.
// Nor does it while words in it may tell who was in the room.
// A token that is unknown, expired or revoked is models.ErrGone.
func (s *Store) EvaluationByToken(ctx context.Context, token string) (models.OutsideEvaluation, error) {
	var out models.OutsideEvaluation
	e, p, q, err := evaluatorByToken(s.reader(ctx), token, s.Now())
	if err != nil {
		return out, err
	}
	institute, err := s.Institute(ctx)
	if err != nil {
		return out, err
	}
	shown, err := s.panel(ctx, p, q.Version)
	if err != nil {
		return out, err
	}
	out = models.OutsideEvaluation{Institute: institute.Name, Zone: institute.Zone, Name: e.Name, Stage: p.stage(), Due: p.DueMs, Stale: shown.Stale}
	if shown.Stale { // another wording is not theirs to read
		return out, nil
	}
	if out.Withheld, err = withheldFromGuests(s.reader(ctx), q); err != nil || out.Withheld {
		return out, err
	}
	out.Text, out.Results, out.Version = q.text(), shown.Results, p.Version
	for _, m := range shown.Remarks {
		by := "Another evaluator"
		switch m.Panelist {
		case e.ID:
			by = "You"
		case 0:
			by = "The institute"
		}
		out.Remarks = append(out.Remarks, models.PanelRemark{By: by, Text: m.Text, At: m.At})
	}
	if out.Self, err = s.own(ctx, p, e.ID); err != nil {
		return out, err
	}
	out.Material, err = s.material(ctx, models.Anonymous(), q.ID)
	return out, err
}

// evaluatorByToken finds who holds a link, with the panel and what it is about.
// It ends where a private roundtable came to stand behind that.
func evaluatorByToken(r reader, token string, now models.Instant) (e panelistRow, p panelRow, q recommendationRow, err error) {
	err = r.get(&e, "SELECT * FROM panelists WHERE token_hash = ? AND account_id = 0 AND revoked_ms = 0 AND expires_ms > ?", hashToken(token), now)
	if err == nil {
		err = r.get(&p, "SELECT * FROM panels WHERE id = ?", e.PanelID)
	}
	if err == nil {
		err = r.get(&q, "SELECT q.* FROM recommendations q WHERE q.id = ? AND q.archived_ms = 0 AND NOT "+closedTo("0"), p.RecommendationID)
	}
	if errors.Is(err, models.ErrNotFound) {
		err = models.ErrGone
	}
	return e, p, q, err
}

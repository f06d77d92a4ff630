package example

import (
	"fmt"
	"slices"
	"time"

	"rotunda/models"
)

// evaluate notes the evaluation of a recommendation: who is asked, both rounds
// with what is said between them, and what is decided. Acts that a weekend
// brings to one day are in order by their hours.
func (b *builder) evaluate(p recommendationPlan) {
	act := func(days int, clock, who string, do func(models.Viewer, models.ID) error) {
		b.later(b.on(p.panel.opened+days, clock), func() error {
			return b.doing(who, func(v models.Viewer) error { return do(v, b.recommendations[p.key]) })
		})
	}
	act(0, "09:00", analyst, func(v models.Viewer, id models.ID) error { return b.openPanel(v, id, p) })
	act(3, "10:00", analyst, func(models.Viewer, models.ID) error { return b.score(p, 1) })
	act(5, "11:00", analyst, func(v models.Viewer, id models.ID) error {
		if err := b.st.AdvancePanel(b.ctx, v, id, models.PanelDiscussion); err != nil {
			return err
		}
		return b.discuss(id, p)
	})
	act(6, "14:00", analyst, func(v models.Viewer, id models.ID) error { return b.st.AdvancePanel(b.ctx, v, id, models.PanelSecond) })
	act(8, "15:00", analyst, func(models.Viewer, models.ID) error { return b.score(p, 2) })
	if !p.panel.closes {
		return
	}
	act(10, "16:00", analyst, func(v models.Viewer, id models.ID) error { return b.st.AdvancePanel(b.ctx, v, id, models.PanelClosed) })
	act(12, "17:00", admin, func(v models.Viewer, id models.ID) error {
		now, err := b.st.Recommendation(b.ctx, v, id)
		if err != nil {
			return err
		}
		in := p.panel.decision
		in.Revision = now.Revision
		_, err = b.st.DecideRecommendation(b.ctx, v, id, in)
		return err
	})
	if p.panel.followUp.Status != models.FollowUpNone {
		act(46, "18:00", analyst, func(v models.Viewer, id models.ID) error {
			in := p.panel.followUp
			now, err := b.st.Recommendation(b.ctx, v, id)
			if err != nil {
				return err
			}
			in.Remind, in.Revision = models.At(b.on(45, "09:00")), now.Revision
			_, err = b.st.FollowUpRecommendation(b.ctx, v, id, in)
			return err
		})
	}
}

func (b *builder) openPanel(v models.Viewer, id models.ID, p recommendationPlan) error {
	// The one that still runs is due in some days, so that nothing is late.
	if err := b.st.OpenPanel(b.ctx, v, id, models.At(b.on(max(p.panel.opened+14, 10), "18:00"))); err != nil {
		return err
	}
	for _, key := range p.panel.evaluators {
		in, ok := outsiders[key]
		if !ok {
			colleague, err := b.as(key)
			if err != nil {
				return err
			}
			in = models.PanelistInput{Account: colleague.Account()}
		}
		if _, err := b.st.InviteEvaluator(b.ctx, v, id, in); err != nil {
			return fmt.Errorf("evaluator %q: %w", key, err)
		}
	}
	return nil
}

// link returns the token by which somebody from outside evaluates.
func (b *builder) link(key string, id models.ID) (string, error) {
	v, err := b.as(analyst)
	if err != nil {
		return "", err
	}
	panel, err := b.st.Panel(b.ctx, v, id)
	if err != nil {
		return "", err
	}
	links, err := b.st.PanelLinks(b.ctx, v, id)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(panel.Panelists, func(e models.Panelist) bool { return e.Name == outsiders[key].Name })
	if at < 0 {
		return "", fmt.Errorf("%q is not on the panel", key)
	}
	return links[panel.Panelists[at].ID], nil
}

// score gives the scores of a round, in the order of the file.
func (b *builder) score(p recommendationPlan, round int) error {
	rows, err := table("scores.csv")
	if err != nil {
		return err
	}
	id := b.recommendations[p.key]
	for _, who := range p.panel.evaluators {
		in := models.EvaluationInput{Conflict: conflicts[who]}
		given := 0
		for _, row := range rows {
			if row["recommendation"] != p.key || row["who"] != who || row["round"] > fmt.Sprint(round) {
				continue
			}
			at := slices.IndexFunc(models.Criteria, func(c models.Criterion) bool { return c.Key() == row["criterion"] })
			if in.Scores[at], err = scoreOf(row, in.Scores[at]); err != nil {
				return err
			}
			if row["round"] == fmt.Sprint(round) {
				given++
			}
		}
		if given == 0 {
			continue // has not answered in this round
		}
		if err := b.giveScores(who, id, in); err != nil {
			return fmt.Errorf("%q on %q: %w", who, p.key, err)
		}
	}
	return nil
}

func (b *builder) giveScores(who string, id models.ID, in models.EvaluationInput) error {
	if _, ok := outsiders[who]; ok {
		token, err := b.link(who, id)
		if err != nil {
			return err
		}
		return b.st.ScoreByToken(b.ctx, token, in)
	}
	return b.doing(who, func(v models.Viewer) error { return b.st.ScoreRecommendation(b.ctx, v, id, in) })
}

// discuss says what was said after the reveal.
func (b *builder) discuss(id models.ID, p recommendationPlan) error {
	for _, r := range p.panel.remarks {
		b.now = b.now.Add(30 * time.Minute)
		if _, ok := outsiders[r[0]]; ok {
			token, err := b.link(r[0], id)
			if err != nil {
				return err
			}
			if err := b.st.RemarkByToken(b.ctx, token, r[1]); err != nil {
				return err
			}
			continue
		}
		if err := b.doing(r[0], func(v models.Viewer) error { return b.st.RemarkOnPanel(b.ctx, v, id, r[1]) }); err != nil {
			return err
		}
	}
	return nil
}

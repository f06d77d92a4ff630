package storetest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"rotunda/models"
)

// WorldSlug names the brief of a world in addresses.
const WorldSlug = "the-compact"

// brief writes one that cites all that was said, and publishes it if it may be.
func (b *builder) brief() {
	w := b.w
	report := "# What was said\n\n"
	for i, insight := range w.Insights {
		if w.Plan.said[i].state == models.Released && w.Plan.regimeOf(w.Plan.said[i]) < models.DeepBackground {
			report += "One spoke of it " + models.Cite(insight) + ".\n\n"
		}
	}
	b.inTransaction(func() {
		w.Brief = b.id()
		b.exec(`INSERT INTO briefs (id, scope, roundtable_id, title, bottom_line, report, disclaimer, state, slug, author_id, approver_id, approved_ms, created_ms, updated_ms)
			VALUES (?, 'roundtable', ?, 'The compact', 'Permits decide.', ?, 'As said.', 'approved', ?, ?, ?, 1, 1, 1)`,
			w.Brief, w.Room, report, WorldSlug, w.Readers[models.Staff][0].Viewer.Account(), w.Lead.Account())
		for n, theme := range w.Themes {
			b.exec("INSERT INTO brief_themes (brief_id, theme_id, position) VALUES (?, ?, ?)", w.Brief, theme, n)
		}
		b.exec("INSERT INTO brief_recommendations (brief_id, recommendation_id) VALUES (?, ?)", w.Brief, w.Recommendation)
	})
	var refused *models.InvalidError
	_, err := w.Store.PublishBrief(b.t.Context(), w.Lead, w.Brief, "")
	if w.Published = err == nil; err != nil && !errors.As(err, &refused) {
		b.t.Fatal(err)
	}
}

// promise notes by hand what every guest promised, and has the lead reminded of
// one of it by mail.
func (b *builder) promise(swap [2]int) {
	w := b.w
	var reminded models.ID
	b.inTransaction(func() {
		for g := range w.Guests {
			id := b.id()
			b.exec("INSERT INTO commitments (id, roundtable_id, what, guest_id, state, created_by, created_ms) VALUES (?, ?, ?, ?, 'open', ?, 1)",
				id, w.Room, fmt.Sprintf("Send paper %d.", g), w.Guests[exchanged(swap, g)].ID, w.Lead.Account())
			if reminded == 0 {
				reminded = id
			}
		}
	})
	if reminded == 0 {
		return
	}
	if err := w.Store.RemindCommitment(b.t.Context(), w.Lead, w.Room, reminded); err != nil {
		b.t.Fatal(err)
	}
}

// panel has the recommendation scored by one from outside, who said why with
// what was said in hand.
func (b *builder) panel() {
	w := b.w
	w.Evaluate = fmt.Sprintf("world%038d", 99)
	hash := sha256.Sum256([]byte(w.Evaluate))
	evidence, err := json.Marshal(w.Insights[:1])
	if err != nil {
		b.t.Fatal(err)
	}
	stage := models.PanelClosed
	if w.Plan.Seed%4 == 3 {
		stage = models.PanelDiscussion
	}
	b.inTransaction(func() {
		panel, panelist := b.id(), b.id()
		b.exec("INSERT INTO panels (id, recommendation_id, version, stage, due_ms, opened_by, opened_ms) VALUES (?, ?, 1, ?, ?, ?, 1)",
			panel, w.Recommendation, stage, models.At(Start.AddDate(0, 1, 0)), w.Lead.Account())
		b.exec(`INSERT INTO panelists (id, panel_id, name, email, email_fold, token_hash, expires_ms, invited_ms) VALUES (?, ?, 'Eva Outside', 'eva@example.net', 'eva@example.net', ?, ?, 1)`,
			panelist, panel, base64.RawURLEncoding.EncodeToString(hash[:]), models.At(Start.AddDate(1, 0, 0)))
		for criterion := 1; criterion <= 3; criterion++ {
			b.exec("INSERT INTO scores (panelist_id, round, criterion, score, confidence, rationale, evidence, at_ms) VALUES (?, 1, ?, 7, 2, 'As was said.', ?, 1)", panelist, criterion, string(evidence))
		}
		b.exec("INSERT INTO panel_remarks (id, panel_id, panelist_id, text, at_ms) VALUES (?, ?, ?, 'So it seems.', 1)", b.id(), panel, panelist)
	})
}

// themes puts what was said into two themes: half of it, and all of it.
func (b *builder) themes() {
	w := b.w
	b.inTransaction(func() {
		for n, statement := range []string{"Permits decide the pace.", "Allies disagree about controls."} {
			id := b.id()
			b.exec("INSERT INTO themes (id, series_id, statement, dissent, position, created_ms, updated_ms) VALUES (?, ?, ?, 'None recorded.', ?, 1, 1)", id, w.Series, statement, n+1)
			for i, insight := range w.Insights {
				if n == 1 || i%2 == 0 {
					b.exec("INSERT INTO theme_insights (theme_id, insight_seq, relation, added_ms) SELECT ?, seq, ?, 1 FROM insights WHERE id = ?", id, 1+i%3, insight)
				}
			}
			w.Themes = append(w.Themes, id)
		}
		w.Recommendation = b.id()
		b.exec(`INSERT INTO recommendations (id, number, title, state, text_hash, created_ms, updated_ms) VALUES (?, 1000, 'Found a standing compact', 'evaluation', '', 1, 1)`, w.Recommendation)
		for n, theme := range w.Themes {
			b.exec("INSERT INTO recommendation_themes (recommendation_id, theme_id, position) VALUES (?, ?, ?)", w.Recommendation, theme, n)
		}
	})
}

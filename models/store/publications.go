package store

import (
	"context"
	"encoding/json"
	"slices"

	"rotunda/models"
)

type publicationRow struct {
	ID           models.ID
	BriefID      models.ID
	Version      int
	Slug         string
	Title        string
	BottomLine   string
	SearchText   string
	Content      string
	Manifest     string
	Hash         string
	Note         string
	PublishedBy  models.ID
	ApproverID   models.ID
	PublishedMs  models.Instant
	WithdrawnMs  models.Instant
	WithdrawnWhy string
	ViolatedMs   models.Instant
	Example      bool
}

func (publicationRow) TableName() string { return "publications" }

func (r publicationRow) model() (models.Publication, error) {
	p := models.Publication{ID: r.ID, BriefID: r.BriefID, WithdrawnAt: r.WithdrawnMs, WithdrawnWhy: r.WithdrawnWhy, ViolatedAt: r.ViolatedMs}
	if err := json.Unmarshal([]byte(r.Content), &p.Content); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(r.Manifest), &p.Manifest)
}

// ProofBrief returns a brief as it would be published now, and what stands in
// the way of it.
func (s *Store) ProofBrief(ctx context.Context, v models.Viewer, id models.ID) (models.BriefProof, error) {
	r := s.reader(ctx)
	b, err := readBrief(r, v, id)
	if err != nil {
		return models.BriefProof{}, err
	}
	frozen, err := freeze(r, v, s.Now(), b)
	if err != nil {
		return models.BriefProof{}, err
	}
	proof := models.BriefProof{
		Publication: models.Publication{BriefID: b.ID, Content: frozen.content, Manifest: frozen.manifest},
		Obstacles:   frozen.obstacles, TeamOnly: !frozen.lint.team,
	}
	if frozen.lint.team {
		proof.Leaks = frozen.leaks
	}
	return proof, nil
}

// PublishBrief freezes an approved brief at the public level and returns its
// version. What stands in the way is a *models.InvalidError. note says what a
// correction changes and is required from the second version on.
func (s *Store) PublishBrief(ctx context.Context, v models.Viewer, id models.ID, note string) (version int, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.PublishBrief)
		if err != nil {
			return err
		}
		note, _, _ = models.CleanText(note)
		switch {
		case b.State != models.BriefApproved || b.ApproverID == 0:
			return models.Invalid("", "Somebody who did not write it must approve the brief first.")
		case b.Versions > 0 && note == "":
			return models.Invalid("note", "Say in a sentence what this version corrects.")
		case len(note) > 2000:
			return models.Invalid("note", "The note may have at most 2,000 characters.")
		}
		frozen, err := freeze(t, v, t.now, b)
		if err != nil {
			return err
		}
		if err := t.stillApproved(b.ID, frozen.content); err != nil {
			return err
		}
		if len(frozen.obstacles) > 0 {
			return models.Invalid("", "The check found what must be settled first: "+frozen.obstacles[0].Reason)
		}
		if err := frozen.lint.refuse("", frozen.leaks); err != nil {
			return err
		}
		frozen.content.Note = note
		if err := t.checkTyped(frozen.lint, "note", note); err != nil {
			return err
		}
		version = b.Versions + 1
		return t.publish(b, frozen)
	})
	return version, s.tried(ctx, v, err)
}

// stillApproved refuses what reads otherwise than when it was approved: the
// brief's own words go back to a draft with every change, those of its themes
// and recommendations have pages of their own.
func (t *tx) stillApproved(id models.ID, now models.BriefContent) error {
	var approved string
	if err := t.get(&approved, "SELECT approved_hash FROM briefs WHERE id = ?", id); err != nil || approved == "" { // approved before this was kept
		return err
	}
	drawn, err := now.HashDrawn()
	if err == nil && drawn != approved {
		return models.Invalid("", "A theme or a recommendation in it was changed since it was approved. Save the brief again, and have it approved as it reads now.")
	}
	return err
}

func (t *tx) publish(b models.Brief, frozen frozenBrief) error {
	hash, err := models.HashContent(frozen.content)
	if err != nil {
		return err
	}
	frozen.manifest.Hash = hash
	content, err := json.Marshal(frozen.content)
	if err != nil {
		return err
	}
	manifest, err := json.Marshal(frozen.manifest)
	if err != nil {
		return err
	}
	id := t.s.newID()
	if err := t.insert(&publicationRow{
		ID: id, BriefID: b.ID, Version: frozen.content.Version, Slug: b.Slug, Title: b.Title, BottomLine: frozen.content.BottomLine, SearchText: frozen.content.SearchText(),
		Content: string(content), Manifest: string(manifest), Hash: hash, Note: frozen.content.Note, PublishedBy: t.viewer.Account(), ApproverID: b.ApproverID, PublishedMs: t.now,
	}); err != nil {
		return err
	}
	var args []any
	for _, seq := range frozen.seqs {
		args = append(args, id, seq)
	}
	if err := t.insertMany("INSERT INTO publication_insights (publication_id, insight_seq) VALUES ", "(?, ?)", 2, "", args); err != nil {
		return err
	}
	if err := t.publicationRooms(id, frozen.rooms); err != nil {
		return err
	}
	if _, err := t.freezeCodebook(); err != nil {
		return err
	}
	var held []models.ID
	for _, stamp := range frozen.manifest.Recommendations {
		held = append(held, stamp.ID)
	}
	if err := t.publishRecommendations(held); err != nil {
		return err
	}
	if err := t.exec("UPDATE briefs SET state = ?, updated_ms = ? WHERE id = ?", string(models.BriefPublished), t.now, b.ID); err != nil {
		return err
	}
	return t.audit(auditRow{Action: "brief.publish", ObjectKind: "brief", Object: b.ID, Roundtable: b.Roundtable,
		Detail: map[string]any{"version": frozen.content.Version, "hash": hash, "k": frozen.manifest.K, "l": frozen.manifest.L, "suppressed": frozen.manifest.Suppressed}})
}

// WithdrawBrief takes every version of a brief back: its page says so, and why.
// It returns what TakeBack wants.
func (s *Store) WithdrawBrief(ctx context.Context, v models.Viewer, id models.ID, why string) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.PublishBrief)
		if err != nil {
			return err
		}
		why, _, _ = models.CleanText(why)
		switch {
		case b.Versions == 0:
			return models.Invalid("", "This brief is not published.")
		case why == "" || len(why) > 1000:
			return models.Invalid("why", "Say why, in at most 1,000 characters. Everybody can read it.")
		}
		frozen, err := freeze(t, v, t.now, b)
		if err != nil {
			return err
		}
		if err := t.checkTyped(frozen.lint, "why", why); err != nil {
			return err
		}
		if err := t.exec("UPDATE publications SET withdrawn_ms = ?, withdrawn_why = ? WHERE brief_id = ? AND withdrawn_ms = 0", t.now, why, id); err != nil {
			return err
		}
		if err := t.exec("UPDATE briefs SET state = ?, approver_id = 0, approved_ms = 0, updated_ms = ? WHERE id = ?", string(models.BriefDraft), t.now, id); err != nil {
			return err
		}
		p := briefUndo{Brief: id, Revision: b.Revision, From: b.State, To: models.BriefDraft, Approver: b.ApproverID, Approved: b.ApprovedAt, At: t.now}
		if p.Recommendations, err = t.withdrawRecommendations(id); err != nil {
			return err
		}
		if undo, err = t.undoable(undoBriefWithdrawal, "Withdrew a brief", b.Roundtable, p); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "brief.withdraw", ObjectKind: "brief", Object: id, Roundtable: b.Roundtable})
	})
	return undo, s.tried(ctx, v, err)
}

// Publication reads a published brief for everybody; version zero is the
// newest. One that was withdrawn, or that tells too much and was replaced, is
// returned with WithdrawnAt or Replaced set and no content but its title.
func (s *Store) Publication(ctx context.Context, slug string, version int) (models.Publication, error) {
	var row publicationRow
	err := s.get(ctx, &row, "SELECT * FROM publications WHERE slug = ? AND (version = ? OR ? = 0) ORDER BY version DESC LIMIT 1", slug, version, version)
	if err != nil {
		return models.Publication{}, err
	}
	p, err := row.model()
	if err != nil {
		return p, err
	}
	var versions []struct {
		Version  int
		Readable bool
	}
	if err := s.list(ctx, &versions, "SELECT p.version, "+readablePublication+" AS readable FROM publications p WHERE p.slug = ? ORDER BY p.version", slug); err != nil {
		return p, err
	}
	for _, v := range versions {
		p.Latest = v.Version == row.Version
		if v.Readable {
			p.Readable = append(p.Readable, v.Version)
		}
	}
	p.Replaced = p.WithdrawnAt == 0 && !slices.Contains(p.Readable, row.Version)
	if p.Gone() {
		p.Content = models.BriefContent{Title: p.Content.Title, Slug: p.Content.Slug, Version: p.Content.Version, Institute: p.Content.Institute}
		p.Manifest = models.Manifest{}
	}
	return p, nil
}

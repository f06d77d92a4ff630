package store

import (
	"context"
	"slices"
	"unicode/utf8"

	"rotunda/models"
)

// SubmitBrief puts a draft before its readers. It returns what TakeBack wants.
func (s *Store) SubmitBrief(ctx context.Context, v models.Viewer, id models.ID) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.WriteBrief)
		if err != nil {
			return err
		}
		if b.State != models.BriefDraft {
			return models.Invalid("", "Only a draft can be put up for review.")
		}
		undo, err = t.setBriefState(b, models.BriefInReview, "brief.submit", "Put a brief up for review")
		return err
	})
	return undo, err
}

// setBriefState moves a brief on and notes how to take that back.
func (t *tx) setBriefState(b models.Brief, to models.BriefState, action, label string) (models.ID, error) {
	if err := t.exec("UPDATE briefs SET state = ?, updated_ms = ? WHERE id = ?", string(to), t.now, b.ID); err != nil {
		return 0, err
	}
	undo, err := t.undoable(undoBriefState, label, b.Roundtable, briefUndo{Brief: b.ID, Revision: b.Revision, From: b.State, To: to})
	if err != nil {
		return 0, err
	}
	return undo, t.audit(auditRow{Action: action, ObjectKind: "brief", Object: b.ID, Roundtable: b.Roundtable})
}

// ApproveBrief approves the wording of a revision. Whoever wrote any of it
// cannot; another revision meanwhile is models.ErrConflict. It returns what
// TakeBack wants.
func (s *Store) ApproveBrief(ctx context.Context, v models.Viewer, id models.ID, revision int) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.PublishBrief)
		if err != nil {
			return err
		}
		var wrote int
		if err := t.get(&wrote, "SELECT count(*) FROM revisions WHERE kind = 'brief' AND object_id = ? AND account_id = ?", id, v.Account()); err != nil {
			return err
		}
		switch {
		case b.State != models.BriefInReview:
			return models.Invalid("", "Only a brief in review can be approved.")
		case b.AuthorID == v.Account() || wrote > 0:
			return models.Invalid("", "Whoever wrote in a brief cannot approve it.")
		case b.Revision != revision:
			return models.ErrConflict
		}
		frozen, err := freeze(t, v, t.now, b)
		if err != nil {
			return err
		}
		drawn, err := frozen.content.HashDrawn()
		if err != nil {
			return err
		}
		if err := t.exec("UPDATE briefs SET approver_id = ?, approved_ms = ?, approved_hash = ? WHERE id = ?", v.Account(), t.now, drawn, id); err != nil {
			return err
		}
		undo, err = t.setBriefState(b, models.BriefApproved, "brief.approve", "Approved a brief")
		return err
	})
	return undo, err
}

// AskBriefReview asks a colleague, for whom the brief must exist, to read it.
func (s *Store) AskBriefReview(ctx context.Context, v models.Viewer, id, account models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.WriteBrief)
		if err != nil {
			return err
		}
		colleagues, err := t.briefReaders(b)
		if err != nil {
			return err
		}
		for _, c := range colleagues {
			if c.ID == account {
				if err := t.exec(`INSERT INTO brief_reviews (brief_id, account_id, state, asked_ms) VALUES (?, ?, 'asked', ?)
					ON CONFLICT (brief_id, account_id) DO UPDATE SET state = 'asked', asked_ms = excluded.asked_ms, done_ms = 0`, id, account, t.now); err != nil {
					return err
				}
				var email string
				if err := t.get(&email, "SELECT email FROM accounts WHERE id = ?", account); err != nil {
					return err
				}
				m := t.newMail(mailRow{Kind: string(models.MailBriefReview), AccountID: c.ID, ToName: c.Name, ToEmail: email}, mailArgs{Brief: id})
				if err := t.insertMails([]mailRow{m}); err != nil {
					return err
				}
				return t.audit(auditRow{Action: "brief.ask_review", ObjectKind: "brief", Object: id, Roundtable: b.Roundtable, Detail: map[string]any{"account": account.String()}})
			}
		}
		return models.Invalid("account", "Choose a colleague who may read this brief.")
	})
}

// BriefColleague is somebody who can be asked to read a brief.
type BriefColleague struct {
	ID   models.ID
	Name string
}

// BriefColleagues lists who can be asked to read the brief.
func (s *Store) BriefColleagues(ctx context.Context, v models.Viewer, id models.ID) ([]BriefColleague, error) {
	r := s.reader(ctx)
	b, err := readBrief(r, v, id)
	if err != nil {
		return nil, err
	}
	return briefReaders(r, b)
}

func (t *tx) briefReaders(b models.Brief) ([]BriefColleague, error) { return briefReaders(t, b) }

// briefReaders lists the staff for whom a brief exists, its author not among
// them: where it was written on a private roundtable or on one off the record,
// those on the team of that.
func briefReaders(r reader, b models.Brief) ([]BriefColleague, error) {
	var out []BriefColleague
	err := r.list(&out, `SELECT a.id, a.name FROM accounts a WHERE a.disabled_ms = 0 AND a.role <> 'cohost' AND a.id <> ? AND NOT EXISTS (
		SELECT 1 FROM roundtables r WHERE NOT (r.private = FALSE AND r.regime BETWEEN 1 AND 4) AND (r.id = ? OR r.id IN (`+roomsOfBriefs("= ?")+`))
			AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.roundtable_id = r.id AND m.account_id = a.id)) ORDER BY a.name, a.id`,
		b.AuthorID, b.Roundtable, b.ID, b.ID, b.ID, b.ID, b.ID, b.ID)
	return out, err
}

// FinishBriefReview notes that the viewer, who was asked, has read the brief.
func (s *Store) FinishBriefReview(ctx context.Context, v models.Viewer, id models.ID) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.briefFor(id, models.ReadAsStaff); err != nil {
			return err
		}
		n, err := t.affected("UPDATE brief_reviews SET state = 'done', done_ms = ? WHERE brief_id = ? AND account_id = ?", t.now, id, v.Account())
		if err != nil {
			return err
		}
		if n == 0 {
			return models.ErrForbidden
		}
		return t.audit(auditRow{Action: "brief.reviewed", ObjectKind: "brief", Object: id})
	})
}

// CommentBrief adds a remark: writers and those who were asked to read may.
func (s *Store) CommentBrief(ctx context.Context, v models.Viewer, id models.ID, passage, text string) error {
	return s.transact(ctx, v, func(t *tx) error {
		if _, err := t.briefFor(id, models.ReadAsStaff); err != nil {
			return err
		}
		if err := t.mayComment(id); err != nil {
			return err
		}
		passage, _, _ = models.CleanText(passage)
		text, _, ok := models.CleanText(text)
		switch {
		case !ok || text == "":
			return models.Invalid("text", "Write the comment.")
		case utf8.RuneCountInString(text) > 4000:
			return models.Invalid("text", "A comment may have at most 4,000 characters.")
		case utf8.RuneCountInString(passage) > 500:
			return models.Invalid("passage", "Quote at most 500 characters.")
		}
		if err := t.exec("INSERT INTO brief_comments (id, brief_id, account_id, passage, text, at_ms) VALUES (?, ?, ?, ?, ?, ?)",
			t.s.newID(), id, v.Account(), passage, text, t.now); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "brief.comment", ObjectKind: "brief", Object: id})
	})
}

func (t *tx) mayComment(id models.ID) error {
	if models.Can(t.viewer, models.WriteBrief) {
		return nil
	}
	var n int
	if err := t.get(&n, "SELECT count(*) FROM brief_reviews WHERE brief_id = ? AND account_id = ?", id, t.viewer.Account()); err != nil {
		return err
	}
	if n == 0 {
		return models.ErrForbidden
	}
	return nil
}

// ResolveComment marks a remark as settled. It returns what TakeBack wants.
func (s *Store) ResolveComment(ctx context.Context, v models.Viewer, id, comment models.ID) (undo models.ID, err error) {
	err = s.transact(ctx, v, func(t *tx) error {
		b, err := t.briefFor(id, models.WriteBrief)
		if err != nil {
			return err
		}
		n, err := t.affected("UPDATE brief_comments SET resolved_ms = ? WHERE id = ? AND brief_id = ?", t.now, comment, id)
		if err == nil && n == 0 {
			return models.ErrNotFound
		}
		if err != nil {
			return err
		}
		undo, err = t.undoable(undoBriefComment, "Settled a comment", b.Roundtable, briefUndo{Brief: id, Comment: comment, At: t.now})
		if err != nil {
			return err
		}
		return t.audit(auditRow{Action: "brief.resolve", ObjectKind: "brief", Object: id, Roundtable: b.Roundtable})
	})
	return undo, err
}

// outgoingBriefReview reads what a colleague who is asked to read a brief is
// told, or why the message is withheld. It never names the brief: the mail
// list would show it to who may not know of it.
func (t *tx) outgoingBriefReview(m mailRow, args mailArgs, institute models.Institute, out models.Outgoing) (models.Outgoing, string, error) {
	var asked []accountRow
	if err := t.list(&asked, `SELECT a.* FROM brief_reviews w JOIN accounts a ON a.id = w.account_id
		WHERE w.brief_id = ? AND w.account_id = ? AND w.state = 'asked' AND a.disabled_ms = 0`, args.Brief, m.AccountID); err != nil {
		return out, "", err
	}
	if len(asked) == 0 {
		return out, "They have read it since, or are not asked any more.", nil
	}
	b, err := readBrief(t, t.viewer, args.Brief)
	if err != nil {
		return out, "", err
	}
	readers, err := t.briefReaders(b)
	if err != nil {
		return out, "", err
	}
	a := asked[0]
	if !slices.ContainsFunc(readers, func(c BriefColleague) bool { return c.ID == a.ID }) {
		return out, "They may not read it any more.", nil
	}
	out.ToName, out.ToEmail, out.Brief = a.Name, a.Email, args.Brief
	out.Invitation = models.Invitation{Name: a.Name, Greeting: a.Name, Institute: institute.Name, ShortName: institute.ShortName, HostEmail: institute.Contact, Zone: institute.Zone}
	return out, "", nil
}

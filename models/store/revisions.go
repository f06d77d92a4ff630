package store

import (
	"encoding/json"

	"rotunda/models"
)

// keepRevision keeps the wording that a theme, recommendation or brief has from
// now on, for its history. content is written as JSON.
func (t *tx) keepRevision(kind string, id models.ID, revision int, what string, content any) error {
	raw, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return t.exec("INSERT INTO revisions (kind, object_id, revision, at_ms, account_id, what, content) VALUES (?, ?, ?, ?, ?, ?, ?)",
		kind, id, revision, t.now, t.viewer.Account(), what, string(raw))
}

// revisionRow is one wording as the history keeps it, with who wrote it.
type revisionRow struct {
	Revision int
	AtMs     models.Instant
	Name     string
	What     string
	Content  string
}

const historyOf sqlText = `SELECT r.revision, r.at_ms, COALESCE(a.name, '') AS name, r.what, r.content FROM revisions r
	LEFT JOIN accounts a ON a.id = r.account_id WHERE r.kind = ? AND r.object_id = ? ORDER BY r.revision DESC LIMIT ?`

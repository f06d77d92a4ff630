package store

import (
	"encoding/json"

	"rotunda/models"
)

// auditRow is one line of the audit log. Its detail holds ids, states and
// rules: never a name, an address, a token or what was said.
type auditRow struct {
	Action     string
	ObjectKind string
	Object     models.ID
	Roundtable models.ID
	Detail     map[string]any
}

// audit writes who does what, in the transaction in which it is done.
func (t *tx) audit(rows ...auditRow) error {
	var args []any
	for _, a := range rows {
		detail := ""
		if len(a.Detail) > 0 {
			raw, err := json.Marshal(a.Detail)
			if err != nil {
				return err
			}
			detail = string(raw)
		}
		args = append(args, t.now, t.viewer.Account(), actorOf(t.viewer), a.Action, a.ObjectKind, a.Object, a.Roundtable, detail)
	}
	return t.insertMany("INSERT INTO audit (at_ms, account_id, actor, action, object_kind, object_id, roundtable_id, detail) VALUES ",
		"(?, ?, ?, ?, ?, ?, ?, ?)", 8, "", args)
}

// actorOf says what kind of actor a viewer is; the account's name is joined
// when the log is read.
func actorOf(v models.Viewer) string {
	switch {
	case v.IsAccount():
		return "account"
	case v.IsGuest():
		return "guest"
	case v.IsSystem():
		return "system: " + v.Reason()
	}
	return "nobody"
}

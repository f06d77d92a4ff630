package store

import "rotunda/models"

// condition is a piece of a WHERE with the values of its placeholders.
type condition struct {
	cond sqlText
	args []any
}

// visibleRooms returns the condition under which a row of roundtables, called
// alias in the query, exists for the viewer: public ones for the institute's
// own accounts unless they are off the record, the others for their team and
// their co-hosts only, unless a cap shuts them out. Jobs of the system see all.
// alias is a constant of the caller.
func visibleRooms(v models.Viewer, alias sqlText) condition {
	switch {
	case v.IsSystem():
		return condition{cond: "1 = 1"}
	case v.IsGuest():
		return condition{cond: alias + ".id = ?", args: []any{v.GuestRoundtable()}}
	case v.IsAccount() && v.Role() == models.RoleCohost:
		return cohostedRooms(v, alias)
	case v.IsAccount() && v.Shut():
		return condition{cond: "(" + alias + ".private = FALSE AND " + alias + ".regime BETWEEN 1 AND 4)"}
	case v.IsAccount():
		return condition{
			cond: "((" + alias + ".private = FALSE AND " + alias + ".regime BETWEEN 1 AND 4) OR " + alias + ".id IN (SELECT roundtable_id FROM team_members WHERE account_id = ?))",
			args: []any{v.Account()},
		}
	}
	return condition{cond: "1 = 0"}
}

// cohostedRooms holds for the roundtables that a partner's account reaches: the
// viewer was made with those that are not over for it.
func cohostedRooms(v models.Viewer, alias sqlText) condition {
	rooms := v.Reach().Partner
	if len(rooms) == 0 {
		return condition{cond: "1 = 0"}
	}
	c := condition{cond: alias + ".id IN (" + sqlText("?").repeat(len(rooms), ", ") + ")"}
	for _, id := range rooms {
		c.args = append(c.args, id)
	}
	return c
}

package views

import "rotunda/views/ui"

// AuditPage is the log of who did what.
type AuditPage struct {
	Page
	Rows []AuditRow

	Account, Kind, Roundtable, From, To string // the filter, as typed
	Accounts, Kinds, Roundtables        []ui.Option
	Filtered                            bool
	Newer, Older                        string // addresses of the pages beside this one
}

// AuditRow is one act. Where leads to the roundtable, unless it is empty.
type AuditRow struct {
	ISO, When, Who, Did, About string
	Where, WhereHref           string
	Sensitive                  bool
}

package models

// AuditEntry is one line of the audit log: who did what, where. It names
// nothing that does not exist for its reader.
type AuditEntry struct {
	At Instant
	// Actor is the name of who did it; "A guest" for a guest's link, "Rotunda"
	// for the system.
	Actor string
	// Words say what, after the name, and About to whom or what.
	Words, About string
	// Roundtable is the title, or "A private roundtable" for one whose team the
	// reader is not on; Room is its id, zero then and where there is none.
	Roundtable string
	Room       ID
	// Sensitive: somebody looked up who spoke, or took data out.
	Sensitive bool
}

// AuditFilter narrows the log. Zero values narrow nothing.
type AuditFilter struct {
	Account, Roundtable ID
	// Kind is the key of one of AuditKinds.
	Kind string
	// From is the first instant, Until the first one after.
	From, Until Instant
	// Before and After are cursors of a page, of which one is set.
	Before, After string
}

// AuditPage is one page of the log, newest first. Newer and Older are the
// cursors of the pages beside it, empty where there is none.
type AuditPage struct {
	Entries      []AuditEntry
	Newer, Older string
}

// AuditKind is a group of acts to filter by.
type AuditKind struct{ Key, Name string }

// AuditKinds lists the groups in the order in which they are offered.
var AuditKinds = []AuditKind{
	{"speakers", "Looked up who spoke"}, {"exports", "Exports"}, {"accounts", "Accounts and sign-in"}, {"teams", "Teams and co-hosts"},
	{"roundtables", "Roundtables and agendas"}, {"guests", "Guests and mail"}, {"insights", "Insights"}, {"commitments", "Commitments"}, {"publication", "From theme to brief"},
	{"people", "People and imports"}, {"settings", "Settings and codebook"},
}

// RoundtableName is a roundtable to choose from a list.
type RoundtableName struct {
	ID    ID
	Title string
}

package models

import (
	"encoding/json"
	"strings"
)

// Activity is one line of what was done in a roundtable, for its team.
type Activity struct {
	At Instant
	// Actor is the name of who did it; for a guest by a link, "A guest".
	Actor string
	// Words say what, after the name: "raised the rule to Off the record".
	Words string
	// About names what it was done to: a guest, a colleague, an agenda item.
	About string
	// Deleted is the insight that was deleted, and is: its words can still be
	// struck. Zero for every other act.
	Deleted ID
}

// ActivityPage is one page of activity and what the viewer may take back.
type ActivityPage struct {
	Lines []Activity
	// Next is the cursor of the page after, empty at the end.
	Next string
	// People are those whose acts are in the whole record, by name.
	People []Choice
	// Undos are the viewer's own acts that can be taken back, newest first.
	Undos []UndoLine
}

// ActivityFilter narrows the activity of a roundtable. Zero values narrow
// nothing.
type ActivityFilter struct {
	Account ID
	// Kind is the key of one of ActivityKinds.
	Kind string
	// After is the cursor of the page before.
	After string
}

// Filtered reports whether the filter narrows anything.
func (f ActivityFilter) Filtered() bool { return f.Account != 0 || f.Kind != "" }

// ActivityKinds lists the groups of acts that a roundtable's activity is
// filtered by, in the order in which they are offered.
var ActivityKinds = []AuditKind{
	{"roundtables", "Roundtable and agenda"}, {"teams", "Team and co-hosts"}, {"guests", "Guests and mail"},
	{"insights", "Insights"}, {"commitments", "Commitments"}, {"publication", "From theme to brief"}, {"exports", "Exports"}, {"speakers", "Looked up who spoke"},
}

// UndoLine is an act that can be taken back.
type UndoLine struct {
	ID    ID
	Label string
	At    Instant
}

// activityWords say each act; a word with %s takes the rule or the role of the
// detail.
var activityWords = map[string]string{
	"roundtable.create":    "created the roundtable",
	"roundtable.update":    "edited the roundtable",
	"roundtable.schedule":  "scheduled the roundtable",
	"roundtable.cancel":    "canceled the roundtable",
	"roundtable.uncancel":  "put the roundtable back on",
	"roundtable.hold":      "marked the roundtable as held",
	"roundtable.close":     "closed the roundtable",
	"roundtable.targets":   "changed the sector targets",
	"roundtable.handover":  "handed the roundtable over to",
	"session.open":         "started the session",
	"session.finish":       "ended the session",
	"agenda.create":        "added the agenda item",
	"agenda.update":        "edited the agenda item",
	"agenda.move":          "moved the agenda item",
	"agenda.delete":        "deleted an agenda item",
	"agenda.start":         "started the agenda item",
	"agenda.end":           "ended the agenda item",
	"team.set":             "changed the team role of",
	"team.join":            "joined the team as an administrator",
	"cohost.add":           "named as co-host",
	"cohost.remove":        "removed the co-host",
	"cohost.account":       "gave a co-host account to",
	"cohost.account.end":   "ended the co-host account of",
	"guests.add":           "added guests",
	"guests.invite":        "invited guests",
	"guests.remind":        "reminded guests",
	"guests.withdraw":      "withdrew guests",
	"guest.answer":         "recorded the answer of",
	"guest.walkin":         "added a walk-in",
	"guest.link.reissue":   "renewed the link of",
	"guest.link.revoke":    "revoked the link of",
	"request.create":       "took a request to be invited",
	"request.decide":       "answered a request to be invited",
	"guest.propose":        "proposed a guest",
	"mail.retry":           "sent a message again",
	"guests.attendance":    "recorded attendance",
	"guests.role":          "changed the role of guests",
	"guests.wave":          "moved guests to another wave",
	"guests.export":        "exported the guest list",
	"insight.speaker_read": "looked up who said something",
	"insight.capture":      "captured an insight",
	"insight.edited":       "edited an insight",
	"insight.deleted":      "deleted an insight",
	"insight.flag_back":    "took their own stricter rule off an insight",
	"insight.speaker":      "changed who said an insight",
	"insight.paraphrase":   "wrote the paraphrase of an insight",
	"insight.tagged":       "tagged insights",
	"insight.captured":     "put insights back to captured",
	"insight.reviewed":     "reviewed insights",
	"insight.released":     "released insights",
	"insights":             "a change of insights",
	"theme":                "a change of a theme",
	"theme_links":          "a change of a theme's insights",

	"account.create":              "added the account of",
	"account.invite":              "invited again:",
	"account.sign_in":             "signed in",
	"account.sign_in_failed":      "refused a wrong password of",
	"account.password":            "set a new password",
	"account.name":                "changed their name",
	"account.appearance":          "changed how the site looks for them",
	"account.session_end":         "signed a browser out",
	"account.sign_out_everywhere": "signed out everywhere",
	"account.link":                "made a one-time link for",
	"account.role":                "changed the role of",
	"account.disable":             "disabled the account of",
	"account.enable":              "enabled the account of",
	"account.hand_over":           "handed over the roundtables of",
	"institute.update":            "changed the institute's settings",
	"institute.logo":              "changed the logo",
	"theme.create":                "wrote the theme",
	"theme.update":                "edited the theme",
	"theme.archive":               "archived the theme",
	"theme.restore":               "took the theme out of the archive",
	"theme.link":                  "changed the insights of the theme",
	"series.create":               "created the series",
	"series.update":               "edited the series",
	"series.archive":              "archived the series",
	"series.restore":              "took the series out of the archive",
	"person.create":               "added a person",
	"person.update":               "edited a person",
	"person.archive":              "archived a person",
	"person.restore":              "took a person out of the archive",
	"people.import":               "imported people",
	"people.import.undo":          "took an import of people back",
	"people.export":               "exported people",
	"organisation.create":         "added an organization",
	"organisation.update":         "edited an organization",
	"codebook.tag":                "added a tag to the codebook",
	"codebook.create":             "added a code to the codebook",
	"codebook.edit":               "edited a code of the codebook",
	"codebook.archive":            "archived or restored codes of the codebook",
	"codebook.move":               "changed the order of the codebook",
	"codebook.merge":              "merged codes of the codebook",
	"codebook.split":              "split a code of the codebook",
	"codebook":                    "a change of the codebook",
	"code.edit":                   "edited a code that insights here carry:",
	"code.archive":                "archived or restored a code that insights here carry:",
	"code.merge":                  "merged codes into one that insights here carry:",
	"code.back":                   "took back a change of a code that insights here carry:",
	"insight.export":              "exported insights",
	"insight.strike":              "struck an insight",
	"insights.import":             "read an export of insights back",
	"lint.overrule":               "overruled a finding of the leak check",

	"commitment":         "a commitment that was kept, dropped or opened again",
	"commitment_words":   "a change of a commitment",
	"commitment.create":  "noted a commitment",
	"commitment.edit":    "changed a commitment",
	"commitment.remind":  "reminded of a commitment",
	"commitment.open":    "opened a commitment again",
	"commitment.done":    "marked a commitment as kept",
	"commitment.dropped": "dropped a commitment",
	"commitments.export": "exported the commitments",

	"recommendation.create":    "wrote a recommendation",
	"recommendation.edit":      "edited a recommendation",
	"recommendation.archive":   "archived a recommendation, or took it out of the archive",
	"recommendation.decide":    "decided on a recommendation",
	"recommendation.follow_up": "noted what became of a recommendation",
	"panel.open":               "put a recommendation before a panel",
	"panel.invite":             "invited an evaluator",
	"panel.remove":             "took an evaluator off the panel",
	"panel.discussion":         "showed the first round to the panel",
	"panel.second":             "opened the second round",
	"panel.closed":             "closed the evaluation",
	"panel.score":              "gave scores",
	"panel.abstain":            "abstained from an evaluation",
	"panel.remark":             "wrote a remark to the panel",

	"brief.create":     "began a brief",
	"brief.edit":       "edited a brief",
	"brief.state":      "a step of a brief",
	"brief.ask_review": "asked for a review of a brief",
	"brief.reviewed":   "reviewed a brief",
	"brief.comment":    "commented on a brief",
	"brief.resolve":    "settled a comment on a brief",
	"brief.submit":     "put a brief up for review",
	"brief.approve":    "approved a brief",
	"brief.publish":    "published a brief",
	"brief.withdraw":   "withdrew a published brief",
	"brief.violated":   "marked a published brief: a rule behind it became stricter",
	"example.remove":   "removed the example program",
}

// ActivityAbout returns to whom or what something was done: the name or, where
// that is gone or not the reader's to know, a word that ends the sentence.
func ActivityAbout(words, name string) string {
	if name != "" {
		return name
	}
	for _, end := range []string{" the answer of", " the link of"} {
		if strings.HasSuffix(words, end) {
			return "a guest"
		}
	}
	if strings.HasSuffix(words, " carry:") {
		return "a code"
	}
	for _, end := range []string{" of", " to", " for", ":", " co-host"} {
		if strings.HasSuffix(words, end) {
			return "somebody"
		}
	}
	return ""
}

// list joins words: "time, place and deadline".
func list(words []string) string {
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " and " + words[last]
	}
	return strings.Join(words, "")
}

// ActivityWords says an act of the audit log in words. What it does not know
// it says in the log's own: "guest.merge" is "guest merge".
func ActivityWords(action, detail string) string {
	if taken, ok := strings.CutPrefix(action, "undo."); ok {
		return "took back: " + ActivityWords(taken, "")
	}
	words, ok := activityWords[action]
	if !ok {
		return strings.NewReplacer(".", " ", "_", " ").Replace(action)
	}
	var d struct {
		From   string   `json:"from"`
		To     string   `json:"to"`
		Role   string   `json:"role"`
		Fields []string `json:"fields"`
		// Of an export: for whom and as what.
		Audience string `json:"audience"`
		Format   string `json:"format"`
	}
	if detail == "" || json.Unmarshal([]byte(detail), &d) != nil {
		return words
	}
	switch action {
	case "roundtable.update":
		var parts []string
		if len(d.Fields) > 0 {
			parts = append(parts, "changed the "+list(d.Fields))
		}
		if rule, ok := ParseRegime(d.To); ok && rule != RegimeNone {
			parts = append(parts, "set the attribution rule to "+rule.Name())
		}
		if len(parts) > 0 {
			return strings.Join(parts, "; ")
		}
	case "agenda.update":
		if rule, ok := ParseRegime(d.To); ok && d.From != d.To {
			if rule == RegimeNone {
				return "took the own rule off the agenda item"
			}
			return "set the rule " + rule.Name() + " for the agenda item"
		}
	case "insight.export":
		format, known := ParseExportFormat(d.Format)
		if audience, ok := ParseAudience(d.Audience); ok && known {
			name := audience.Name()
			return words + " for " + strings.ToLower(name[:1]) + name[1:] + ", as " + format.Name()
		}
	case "account.role":
		if role, ok := ParseAccountRole(d.To); ok {
			return "changed the role to " + role.Name() + " for"
		}
	case "team.set":
		if role, ok := ParseTeamRole(d.Role); ok {
			return "gave the role of " + strings.ToLower(role.Name()) + " to"
		}
		return "took off the team:"
	}
	return words
}

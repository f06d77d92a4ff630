package mail

import (
	"strings"

	"rotunda/models"
	"rotunda/views/urls"
)

// GuestLink is the whole address of a guest's page.
func GuestLink(baseURL, token string) string {
	return strings.TrimRight(baseURL, "/") + urls.Invitation(token)
}

// AccountLink is the whole address of an account's one-time link: to sign in,
// or to set a new password.
func AccountLink(baseURL, token string, reset bool) string {
	path := urls.SignInLink(token)
	if reset {
		path = urls.ResetLink(token)
	}
	return strings.TrimRight(baseURL, "/") + path
}

// EvaluationLink is where an evaluator reads and scores: by their own link, or
// signed in where they have no token.
func EvaluationLink(baseURL, token string, recommendation models.ID) string {
	path := urls.Evaluate(token)
	if token == "" {
		path = urls.Recommendation(recommendation)
	}
	return strings.TrimRight(baseURL, "/") + path
}

// BriefLink is where a colleague reads a brief, signed in.
func BriefLink(baseURL string, brief models.ID) string {
	return strings.TrimRight(baseURL, "/") + urls.Brief(brief)
}

// RoundtableLink is where a co-host reads of a roundtable, signed in.
func RoundtableLink(baseURL string, room models.ID) string {
	return strings.TrimRight(baseURL, "/") + urls.Roundtable(room)
}

// CommitmentLink is where a team reads what was promised at its roundtable.
func CommitmentLink(baseURL string, room models.ID) string {
	return strings.TrimRight(baseURL, "/") + urls.RoomCommitments(room)
}

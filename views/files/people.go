package files

import (
	"strings"

	"rotunda/models"
)

// PeopleColumns are the columns of the people's export, documented and stable.
// The first ones are the fields of an import, so that a file that goes out can
// come back.
func PeopleColumns() []string {
	var out []string
	for _, f := range models.PersonFields() {
		out = append(out, string(f))
	}
	return append(out, "other_emails", "do_not_contact", "archived")
}

// PersonRow returns a person as a row under PeopleColumns.
func PersonRow(p models.Person) []string {
	var out []string
	for _, f := range models.PersonFields() {
		switch f {
		case models.FieldFullName:
			out = append(out, p.FullName())
		case models.FieldListName:
			out = append(out, p.ListName())
		default:
			out = append(out, p.Value(f))
		}
	}
	return append(out, strings.Join(p.OtherEmails, "; "), yes(p.DoNotContact), yes(p.Archived))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

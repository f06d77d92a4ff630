package storetest

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store"
)

// Guest puts a person on a roundtable's list as shortlisted and returns the
// guest's id.
func Guest(t testing.TB, st *store.Store, lead models.Viewer, room models.ID, person models.Person) models.ID {
	t.Helper()
	added, err := st.AddGuests(t.Context(), lead, room, models.AddGuestsInput{People: []models.ID{person.ID}, Wave: "A"})
	if err != nil {
		t.Fatal(err)
	}
	if len(added.Added) != 1 {
		t.Fatalf("the guest was not added: %+v", added)
	}
	return added.Added[0]
}

// Guests makes n people of the sector, puts them on the list and returns the
// ids. The names are "Guest A", "Guest B" and so on, in that order.
func Guests(t testing.TB, st *store.Store, lead models.Viewer, room models.ID, n int, sector models.Sector) []models.ID {
	t.Helper()
	var people []models.ID
	for i := range n {
		name := "Guest " + string(rune('A'+i%26)) + string(rune('a'+i/26)) + sector.Mark()
		people = append(people, Person(t, st, lead, name, sector, "").ID)
	}
	added, err := st.AddGuests(t.Context(), lead, room, models.AddGuestsInput{People: people, Wave: "A"})
	if err != nil {
		t.Fatal(err)
	}
	return added.Added
}

// Invite invites the guests, lets the mail be kept as without a mail server,
// and returns each guest's token.
func Invite(t testing.TB, st *store.Store, lead models.Viewer, room models.ID, guests ...models.ID) map[models.ID]string {
	t.Helper()
	if _, err := st.InviteGuests(t.Context(), lead, room, models.InviteInput{Guests: guests}); err != nil {
		t.Fatal(err)
	}
	tokens := map[models.ID]string{}
	for _, out := range KeepMail(t, st) {
		tokens[out.Invitation.Guest] = out.Token
	}
	return tokens
}

// KeepMail does all that waits for the mail worker, but renders and sends
// nothing, and returns what would have been sent in the order of its jobs.
func KeepMail(t testing.TB, st *store.Store) []models.Outgoing {
	t.Helper()
	system := models.System("test")
	var all []models.Outgoing
	for {
		jobs, err := st.ClaimJobs(t.Context(), system, []string{store.SendMailJob, store.RoundtableMailJob, store.AccountMailKind}, 50)
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) == 0 {
			return all
		}
		for _, j := range jobs {
			out, err := keepOne(t, st, system, j)
			if err != nil {
				t.Fatal(err)
			}
			if out != nil {
				all = append(all, *out)
			}
		}
	}
}

func keepOne(t testing.TB, st *store.Store, system models.Viewer, j store.Job) (*models.Outgoing, error) {
	switch j.Kind {
	case store.RoundtableMailJob:
		return nil, st.TellRoundtable(t.Context(), system, j)
	case store.AccountMailKind:
		return nil, st.TellAccount(t.Context(), system, j)
	}
	out, ready, err := st.StartMail(t.Context(), system, j)
	if err != nil || !ready {
		return nil, err
	}
	return &out, st.EndMail(t.Context(), system, j, out.Mail, store.MailOutcome{
		State: models.MailKept, Rendered: models.RenderedMail{Subject: string(out.Kind), Text: "text", HTML: "<p>text</p>", Calendar: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
	})
}

// Answer answers by a guest's link and fails the test where that is refused.
func Answer(t testing.TB, st *store.Store, token string, answer models.GuestState) models.Invitation {
	t.Helper()
	inv, err := st.AnswerInvitation(t.Context(), token, models.AnswerInput{Answer: answer, Chosen: true})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

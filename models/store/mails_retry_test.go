package store_test

import (
	"testing"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestRetryMail_oneThatIsOnItsWayStopsNoOther(t *testing.T) {
	x := newTable(t)
	x.invited("Ana Echeverry", models.Congress)
	x.invited("Kenji Mizuhara", models.Diplomats)
	storetest.KeepMail(t, x.st)
	page, err := x.st.Mails(t.Context(), x.lead, models.MailFilter{Roundtable: x.room})
	if err != nil || len(page.Mails) != 2 {
		t.Fatalf("%d messages, %v", len(page.Mails), err)
	}
	first, second := page.Mails[0].ID, page.Mails[1].ID
	if n, err := x.st.RetryMail(t.Context(), x.lead, []models.ID{first}); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if n, err := x.st.RetryMail(t.Context(), x.lead, []models.ID{first, second}); err != nil || n != 1 {
		t.Errorf("%d of the messages were sent again, %v", n, err)
	}
}

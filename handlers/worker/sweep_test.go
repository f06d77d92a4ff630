package worker_test

import (
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestRun_requestsOfARoundtableLongOverGoWithoutANewOne(t *testing.T) {
	d := newDesk(t)
	storetest.Request(t, d.st, d.lead, d.room, models.RequestInput{Name: "Ines Outside", Email: "ines@example.org", Organisation: "Harbor Works", Sector: models.Industry, Why: "I mend cables."})
	left := func() int {
		list, err := d.st.InvitationRequests(t.Context(), d.lead, d.room)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	defer d.run(nil)()
	time.Sleep(100 * time.Millisecond) // the sweep at the start
	if left() != 1 {
		t.Fatal("a request of a roundtable to come went")
	}
	d.clock.Advance(2 * 365 * 24 * time.Hour)
	d.until("the daily sweep", func() bool { return left() == 0 })
}

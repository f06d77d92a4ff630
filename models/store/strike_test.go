package store_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// struckWords stand in everything that is struck, each in another wording.
var struckWords = []string{"quaxolotl", "brimwattle", "fennimore", "zyvantel", "ostrakine"}

// saidMuch makes an insight that left traces everywhere: wordings, tags, a
// release, a deletion that was taken back, a theme, a follow-up with its
// reminder, an overruled finding and a contradiction.
func (s *session) saidMuch() models.ID {
	s.t.Helper()
	ctx := s.t.Context()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	nameGuest(s)
	id := s.capture("The quaxolotl plan fails @s2 #t >>@s3").ID()
	_, err := s.st.EditInsight(ctx, s.lead, id, models.InsightEdit{Text: "The brimwattle plan fails", KeepSpeaker: true})
	must(err)
	must(s.st.SetParaphrase(ctx, s.lead, id, "An ostrakine plan may fail.", true))
	undo, err := s.st.DeleteInsight(ctx, s.lead, id)
	must(err)
	_, err = s.st.TakeBack(ctx, s.lead, undo)
	must(err)
	_, err = s.st.EditInsight(ctx, s.lead, id, models.InsightEdit{Text: "The fennimore plan of Zyvantel fails", KeepSpeaker: true})
	must(err)
	found, err := s.st.InsightFindings(ctx, s.lead, id)
	must(err)
	must(s.st.OverruleFinding(ctx, s.lead, id, found[0].Mark, "A town of that name."))
	_, err = s.st.SetInsightStates(ctx, s.lead, []models.ID{id}, models.Released)
	must(err)
	_, err = s.st.CaptureInsight(ctx, s.lead, models.CaptureInput{Roundtable: s.room, Line: "~ It holds @s1", Item: s.items[0], Contradicts: id})
	must(err)
	storetest.Theme(s.t, s.st, s.other, "Plans fail.", id)
	promised, err := s.st.Commitments(ctx, s.lead, s.room)
	must(err)
	_, err = s.st.EditCommitment(ctx, s.lead, s.room, promised[0].ID, promised[0].Revision, models.CommitmentInput{DueOn: "2030-01-02"})
	must(err)
	must(s.st.RemindCommitment(ctx, s.lead, s.room, promised[0].ID))
	s.exec("UPDATE mails SET text_body = 'Of the fennimore plan', html_body = 'fennimore', subject = 'fennimore'")
	return id
}

// wipe does the jobs that overwrite what was struck. They wait while the
// roundtable is in session.
func (s *session) wipe() {
	s.t.Helper()
	system := models.System("mail worker")
	s.exec("UPDATE roundtables SET status = 'scheduled', started_ms = ?, ended_ms = 0", s.st.Now())
	for _, waits := range []bool{true, false} {
		jobs, err := s.st.ClaimJobs(s.t.Context(), system, []string{store.WipeJob}, 10)
		if err != nil || len(jobs) != 1 {
			s.t.Fatal(jobs, err)
		}
		if err := s.st.FinishStrike(s.t.Context(), system, jobs[0]); err != nil {
			s.t.Fatal(err)
		}
		if n := s.count("SELECT count(*) FROM jobs WHERE kind = 'wipe' AND state = 'waiting' AND attempts = 0"); (n == 1) != waits {
			s.t.Errorf("%d jobs wait: in session %v", n, waits)
		}
		s.clock.Advance(24 * time.Hour)
	}
}

// TestStrikeInsight_leavesNoWord in any row, and after the job in no file of a
// SQLite database.
func TestStrikeInsight_leavesNoWord(t *testing.T) {
	dsn := storetest.NewDSN(t)
	s := newSessionIn(t, dsn, threeSectors...)
	id := s.saidMuch()
	s.exec("UPDATE people SET full_name = 'Person Number1', given = '', family = '' WHERE family = 'Zyvantel'")
	db := storetest.RawDB(t, dsn)
	holding := func() (out []string) {
		for table, rows := range storetest.Contents(t, db) {
			for _, word := range struckWords {
				if bytes.Contains(bytes.ToLower(rows), []byte(word)) {
					out = append(out, table+": "+word)
				}
			}
		}
		return out
	}
	if len(holding()) < 8 {
		t.Fatalf("only %v hold the words before: this test looks at too little", holding())
	}
	if err := s.st.StrikeInsight(t.Context(), s.lead, id); err != nil {
		t.Fatal(err)
	}
	if left := holding(); len(left) > 0 {
		t.Errorf("after striking %v are left", left)
	}
	for table, q := range map[string]string{
		"insight_speakers": "insight_seq", "insight_codes": "insight_seq", "insight_revisions": "insight_seq", "theme_insights": "insight_seq",
		"consents": "insight_seq", "commitments": "insight_seq",
	} {
		if n := s.count("SELECT count(*) FROM "+table+" WHERE "+q+" = (SELECT seq FROM insights WHERE id = ?)", id); n != 0 {
			t.Errorf("%s keeps %d rows", table, n)
		}
	}
	if n := s.count("SELECT count(*) FROM insights WHERE contradicts = ?", id); n != 0 {
		t.Error("another insight still contradicts it")
	}
	if n := s.count("SELECT count(*) FROM audit WHERE action = 'insight.strike' AND object_id = ?", id); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	s.checkTables(false)
	if storetest.Postgres() {
		s.wipe()
		return
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if len(inFiles(t, dsn)) == 0 {
		t.Error("the files hold nothing before they are overwritten: this test looks in the wrong place")
	}
	s.wipe()
	if left := inFiles(t, dsn); len(left) > 0 {
		t.Errorf("left in files: %v", left)
	}
}

// inFiles looks for struck words, and for what a search index keeps of them, in
// the bytes of a SQLite database and its log.
func inFiles(t *testing.T, dsn string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(dsn + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range struckWords {
			if bytes.Contains(bytes.ToLower(raw), []byte(word[2:])) {
				out = append(out, filepath.Base(file)+": "+word)
			}
		}
	}
	return out
}

// TestStrikeInsight_isTheLeadsAndCannotBeTakenBack: nobody else may, nobody
// learns that it was there, nothing brings it back, and a device that sends
// the line again is told that it is kept.
func TestStrikeInsight_isTheLeadsAndCannotBeTakenBack(t *testing.T) {
	s := newSession(t, threeSectors...)
	ctx := t.Context()
	in := models.CaptureInput{Roundtable: s.room, Line: "The quaxolotl plan fails @s2", Item: s.items[0], ClientID: "line-1"}
	i, err := s.st.CaptureInsight(ctx, s.lead, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.st.StrikeOf(ctx, s.other, i.ID()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("staff asks about a captured insight: %v", err)
	}
	storetest.Account(t, s.st, "Ra Pporteur", models.RoleRapporteur)
	rapporteur := storetest.Viewer(t, s.st, "ra.pporteur@example.org")
	s.exec("INSERT INTO team_members (roundtable_id, account_id, role, added_ms) VALUES (?, ?, 'rapporteur', 1)", s.room, rapporteur.Account())
	rapporteur = storetest.Viewer(t, s.st, "ra.pporteur@example.org")
	if err := s.st.StrikeInsight(ctx, rapporteur, i.ID()); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a rapporteur strikes: %v", err)
	}
	reviewed, err := s.st.SetInsightStates(ctx, s.lead, []models.ID{i.ID()}, models.Reviewed)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.st.StrikeInsight(ctx, s.other, i.ID()); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("staff strikes what it reads: %v", err)
	}
	for range 2 { // the second time nothing happens
		if err := s.st.StrikeInsight(ctx, s.lead, i.ID()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.st.TakeBack(ctx, s.lead, reviewed.Undo); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("taking an act on it back: %v", err)
	}
	if _, err := s.st.Insight(ctx, s.lead, i.ID()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the team reads it: %v", err)
	}
	for name, v := range map[string]models.Viewer{"staff": s.other, "the rapporteur": rapporteur} {
		if _, err := s.st.StrikeOf(ctx, v, i.ID()); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s is told that it was struck: %v", name, err)
		}
	}
	if told, err := s.st.StrikeOf(ctx, s.lead, i.ID()); err != nil || !told.Done || told.By != "Jo Lead" || told.Text != "" {
		t.Errorf("the lead is told %+v, %v", told, err)
	}
	again, err := s.st.CaptureInsight(ctx, s.lead, in)
	if err != nil || again.ID() != 0 || again.Text() != "" || s.count("SELECT count(*) FROM insights") != 1 {
		t.Errorf("sent again: %q, %v", again.Text(), err)
	}
}

// TestStrikeInsight_namesTheCopies that left before: what was published waits
// for a correction, and files are named with who took them.
func TestStrikeInsight_namesTheCopies(t *testing.T) {
	w := newThemeWorld(t)
	ctx := t.Context()
	w.exec("UPDATE roundtables SET status = 'held' WHERE id = ?", w.room)
	if _, err := w.st.SetInsightStates(ctx, w.lead, w.public, models.Released); err != nil {
		t.Fatal(err)
	}
	theme := storetest.Theme(t, w.st, w.analyst, "Contracts come before mines.", w.public...)
	id := w.brief(func(b *models.BriefText) {}, theme)
	w.approve(id)
	if _, err := w.st.PublishBrief(ctx, w.lead, id, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.ExportInsights(ctx, w.lead, store.ExportInput{Roundtable: w.room, Audience: models.Team, Format: models.FormatCSV}, func(dst []byte, _ models.Insight) []byte { return dst }, io.Discard); err != nil {
		t.Fatal(err)
	}
	copies := func() (out []models.StrikeCopy) {
		found, err := w.st.StrikeOf(ctx, w.lead, w.public[0])
		if err != nil {
			t.Fatal(err)
		}
		return found.Copies
	}
	if got := copies(); len(got) != 2 || got[0].Brief != id || got[0].Marked || got[1].Format != string(models.FormatCSV) || got[1].Audience != models.Team || got[1].Who != "Jo Lead" {
		t.Fatalf("%+v", got)
	}
	if err := w.st.StrikeInsight(ctx, w.lead, w.public[0]); err != nil {
		t.Fatal(err)
	}
	if got := copies(); len(got) != 2 || !got[0].Marked {
		t.Errorf("after striking: %+v, want the brief marked for a correction", got)
	}
	proof, err := w.st.ProofBrief(ctx, w.lead, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range proof.Content.Insights() {
		if i.ID == w.public[0] {
			t.Error("the next version would hold it again")
		}
	}
}

// TestStrikeInsight_aThemeStaysWhereItWasWritten: a theme on words of a private
// roundtable does not exist for others after those words were struck either.
func TestStrikeInsight_aThemeStaysWhereItWasWritten(t *testing.T) {
	w := newThemeWorld(t)
	theme := storetest.Theme(t, w.st, w.analyst, "Secret theme", w.public[0], w.private[0])
	if err := w.st.StrikeInsight(t.Context(), w.lead, w.private[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := w.st.Theme(t.Context(), w.outside, theme); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("others read it: %v", err)
	}
	if _, err := w.st.Theme(t.Context(), w.analyst, theme); err != nil {
		t.Errorf("the team does not: %v", err)
	}
}

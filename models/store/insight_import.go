package store

import (
	"context"
	"slices"
	"time"

	"rotunda/models"
)

// importAtOnce is how many insights of a file are kept at a time.
const importAtOnce = 500

// ImportInsights reads a team's export back into a database that holds no
// roundtable, person or insight yet: its export is the file again. each reads
// the insights of the file in order. All of it is kept or none; the viewer leads
// the roundtables. Only who changes the settings may; what cannot be read is an
// *models.InvalidError.
func (s *Store) ImportInsights(ctx context.Context, v models.Viewer, head models.InsightFileHead, each func(take func(models.FileInsight) error) error) (n int, err error) {
	if !models.Can(v, models.ManageSettings) || !v.IsAccount() {
		return 0, models.ErrForbidden
	}
	if err := head.Check(); err != nil {
		return 0, err
	}
	err = s.transact(ctx, v, func(t *tx) error {
		n = 0
		var there int
		if err := t.get(&there, "SELECT (SELECT count(*) FROM roundtables) + (SELECT count(*) FROM people)"); err != nil {
			return err
		}
		if there > 0 {
			return models.Invalid("", "Insights are read into an empty database only: this one holds roundtables or people already.")
		}
		i := insightImport{tx: t, codes: map[[2]string]models.ID{}, accounts: map[string]models.ID{}, seqs: map[models.ID]int64{}, promised: map[models.ID]bool{}}
		if err := i.begin(head); err != nil {
			return err
		}
		if err := each(i.take); err != nil {
			return err
		}
		if err := i.flush(); err != nil {
			return err
		}
		n = i.n
		if err := i.finish(head.Roundtables); err != nil {
			return err
		}
		return t.audit(auditRow{Action: "insights.import", ObjectKind: "insights", Detail: map[string]any{"insights": n, "roundtables": len(head.Roundtables)}})
	})
	return n, err
}

// insightImport is one file on its way in.
type insightImport struct {
	tx       *tx
	codes    map[[2]string]models.ID // by kind and key
	accounts map[string]models.ID    // by name
	waiting  []*captureJob
	promised map[models.ID]bool
	seqs     map[models.ID]int64 // of the promised
	n        int
}

// begin writes what the insights rest on: codes, roundtables, speakers.
func (i *insightImport) begin(head models.InsightFileHead) error {
	var known []struct {
		ID   models.ID
		Name string
	}
	if err := i.tx.list(&known, "SELECT id, name FROM accounts ORDER BY id DESC"); err != nil {
		return err
	}
	for _, a := range known {
		i.accounts[a.Name] = a.ID
	}
	if err := i.addCodes(head.Codes); err != nil {
		return err
	}
	people := map[models.FileSpeaker][]models.ID{}
	for _, room := range head.Roundtables {
		if err := i.addRoom(room, people); err != nil {
			return err
		}
		for _, c := range room.Team.Commitments {
			if id, err := models.ParseID(c.Insight); err == nil {
				i.promised[id] = true
			}
		}
	}
	return nil
}

// addCodes brings the codebook to what the file says of its codes.
func (i *insightImport) addCodes(codes []models.FileCode) error {
	t := i.tx
	var rows []codeRow
	if err := t.list(&rows, "SELECT * FROM codes ORDER BY position"); err != nil {
		return err
	}
	at, last := map[[2]string]codeRow{}, 0
	for _, r := range rows {
		at[[2]string{r.Kind, r.Key}] = r
		last = max(last, r.Position)
	}
	for _, c := range codes {
		row, there := at[[2]string{c.Kind, c.Key}]
		aliases, err := encodeAliases(c.Aliases)
		if err != nil {
			return err
		}
		if kind, ok := models.ParseCodeKind(c.Kind); !ok || c.Key == "" || c.Name == "" || !there && kind != models.CodeTag && kind != models.CodeFront && kind != models.CodeForum {
			return models.Invalid("", "The file has a code that cannot be read: "+c.Kind+" "+c.Key+".")
		}
		pillar, _ := models.ParsePillar(c.Pillar)
		row.Name, row.Aliases, row.Definition, row.UseWhen, row.NotWhen, row.Example, row.Pillar = c.Name, aliases, c.Definition, c.UseWhen, c.DoNotUseWhen, c.Example, pillar
		if there {
			err = t.exec("UPDATE codes SET name = ?, aliases = ?, definition = ?, use_when = ?, not_when = ?, example = ?, pillar = ? WHERE id = ?",
				row.Name, row.Aliases, row.Definition, row.UseWhen, row.NotWhen, row.Example, row.Pillar, row.ID)
		} else {
			last++
			row.ID, row.Kind, row.Key, row.Position, row.CreatedBy, row.CreatedMs, row.Revision = t.s.newID(), c.Kind, c.Key, last, t.viewer.Account(), t.now, 1
			err = t.insert(&row)
		}
		if err != nil {
			return err
		}
		i.codes[[2]string{c.Kind, c.Key}] = row.ID
	}
	return t.newVersion("Read from a file of insights")
}

func unread(what, id string) error {
	return models.Invalid("", "The file has "+what+" that cannot be read: "+id+".")
}

// addRoom writes a roundtable as one that was held; finish gives it its state.
func (i *insightImport) addRoom(r models.FileRoom, people map[models.FileSpeaker][]models.ID) error {
	id, err := models.ParseID(r.ID)
	if err != nil || r.Team == nil {
		return unread("a roundtable", r.ID)
	}
	in := models.RoundtableInput{Title: r.Title, Objectives: r.Team.Objectives, KeyQuestions: r.Team.KeyQuestions, Place: r.Team.Place, Private: r.Team.Private}
	in.Schedule.Zone = r.Zone
	var ok bool
	if in.Regime, ok = models.ParseRegime(r.Team.Regime); !ok {
		return unread("the rule of a roundtable", r.Team.Regime)
	}
	if starts, err := time.Parse("2006-01-02T15:04", r.Team.Starts); err == nil {
		in.Schedule.Date, in.Schedule.Start = starts.Format(time.DateOnly), starts.Format("15:04")
		if ends, err := time.Parse("2006-01-02T15:04", r.Team.Ends); err == nil {
			in.Schedule.End = ends.Format("15:04")
		}
	}
	t := i.tx
	if err := t.createRoundtable(id, in); err != nil {
		return err
	}
	seat := 0
	for _, s := range r.Team.Speakers {
		seat = max(seat, s.Seat)
	}
	if err := t.exec("UPDATE roundtables SET status = 'held', starts_local = ?, ends_local = ?, last_seat = ? WHERE id = ?", r.Team.Starts, r.Team.Ends, seat, id); err != nil {
		return err
	}
	for n, item := range r.Items {
		row := agendaRow{RoundtableID: id, Position: n + 1, Title: item.Title}
		if row.ID, err = models.ParseID(item.ID); err != nil || item.Team == nil {
			return unread("an agenda item", item.ID)
		}
		row.Minutes, row.TitleReviewed = item.Team.Minutes, item.Team.TitleReviewed
		if row.Regime, ok = models.ParseRegime(item.Team.Regime); !ok && item.Team.Regime != "" {
			return unread("the rule of an agenda item", item.Team.Regime)
		}
		if err := t.insert(&row); err != nil {
			return err
		}
	}
	return i.addSpeakers(id, r.Team.Speakers, people)
}

// addSpeakers writes the guests who spoke. Who reads the same in several
// roundtables is one person.
func (i *insightImport) addSpeakers(room models.ID, speakers []models.FileSpeaker, people map[models.FileSpeaker][]models.ID) error {
	t := i.tx
	here := map[models.FileSpeaker]int{}
	for _, s := range speakers {
		id, err := models.ParseID(s.ID)
		role, roleOK := models.ParseGuestRole(s.Role)
		state, stateOK := models.ParseGuestState(s.State)
		sector, sectorOK := models.ParseSector(s.Sector)
		preference, preferenceOK := models.ParseRegime(s.Preference)
		if err != nil || !roleOK || !stateOK || !sectorOK && s.Sector != "" || !preferenceOK && s.Preference != "" {
			return unread("a speaker", s.ID)
		}
		who := models.FileSpeaker{Name: s.Name, ListName: s.ListName, Title: s.Title, Organisation: s.Organisation, Sector: s.Sector}
		n := here[who]
		here[who]++
		if n == len(people[who]) {
			in, _, err := models.PersonInput{Full: s.Name, List: s.ListName, Position: s.Title, Organisation: s.Organisation, Sector: sector}.Clean()
			if err != nil {
				return err
			}
			p := personRow{ID: t.s.newID()}
			if err := t.insertPerson(&p, in); err != nil {
				return err
			}
			people[who] = append(people[who], p.ID)
		}
		row := guestRow{
			ID: id, RoundtableID: room, PersonID: people[who][n], Wave: models.Waves[0], Role: role.Key(), Sector: sector, State: state.Key(), StateMs: t.now,
			Seat: s.Seat, Preference: preference, Descriptor: s.Descriptor, DescriptorConsent: s.Consent, Revision: 1, CreatedMs: t.now,
		}
		if err := t.insert(&row); err != nil {
			return err
		}
	}
	return nil
}

// take reads one insight of the file.
func (i *insightImport) take(f models.FileInsight) error {
	job, err := i.job(f)
	if err != nil {
		return err
	}
	i.waiting = append(i.waiting, job)
	if len(i.waiting) < importAtOnce {
		return nil
	}
	return i.flush()
}

// job makes of an insight of a file one that is loaded.
func (i *insightImport) job(f models.FileInsight) (*captureJob, error) {
	w, err := readWhole(f)
	if err != nil {
		return nil, err
	}
	l := LoadedInsight{whole: w}
	for _, one := range []struct {
		word string
		into *models.ID
	}{
		{f.ID, &w.id}, {f.Roundtable, &l.Roundtable}, {f.Item, &l.Item}, {f.Team.Speaker, &w.speaker.GuestID},
		{f.Team.CommittedBy, &w.speaker.CommittedBy}, {f.Team.Contradicts, &w.contradicts},
	} {
		if one.word == "" {
			continue
		}
		if *one.into, err = models.ParseID(one.word); err != nil {
			return nil, unread("an insight", f.ID)
		}
	}
	state, ok := models.ParseInsightState(f.State)
	captured, err := time.Parse(time.RFC3339, f.Team.CapturedAt)
	if !ok || err != nil {
		return nil, unread("an insight", f.ID)
	}
	if l.Codes, err = i.codesOf(f); err != nil {
		return nil, err
	}
	if l.CapturedBy, err = i.account(f.Team.Rapporteur); err != nil {
		return nil, err
	}
	l.Line, l.ClientID, l.Kind = "-", f.ID, w.kind
	l.CapturedAt, l.State, l.Paraphrase = models.At(captured), state, f.Team.Paraphrase
	if state == models.Released {
		l.ReleasedBy, l.ReleasedAt = i.tx.viewer.Account(), l.CapturedAt
	}
	return &captureJob{viewer: models.System("import"), in: l.CaptureInput, load: &l}, nil
}

// readWhole reads what an insight of a file says of itself.
func readWhole(f models.FileInsight) (*wholeInsight, error) {
	bad := unread("an insight", f.ID)
	w := &wholeInsight{text: f.Text}
	var kindOK, regimeOK bool
	w.kind, kindOK = models.ParseKind(f.Kind)
	w.regime, regimeOK = models.ParseRegime(f.Regime)
	if f.Team == nil || !kindOK || !regimeOK {
		return nil, bad
	}
	w.ready, w.speaker.Unresolved = f.Team.ParaphraseReady, f.Team.Unresolved
	var ok bool
	if w.sector, ok = models.ParseSector(f.Team.Sector); !ok && f.Team.Sector != "" {
		return nil, bad
	}
	if w.flag, ok = models.ParseRegime(f.Team.OwnFlag); !ok {
		if f.Team.OwnFlag != "" {
			return nil, bad
		}
		w.flag = models.RegimeNone
	}
	if f.Team.EmbargoUntil != "" {
		until, err := time.Parse(time.RFC3339, f.Team.EmbargoUntil)
		if err != nil {
			return nil, bad
		}
		w.embargo = models.At(until)
	}
	w.primary, _ = models.ParsePillar(f.PrimaryPillar)
	for _, letter := range f.Pillars {
		p, ok := models.ParsePillar(letter)
		if !ok {
			return nil, bad
		}
		w.mask |= p.Mask()
	}
	return w, nil
}

// codesOf finds the codes of an insight of a file among those of the file.
func (i *insightImport) codesOf(f models.FileInsight) ([]models.ID, error) {
	var out []models.ID
	for _, part := range []struct {
		kind models.CodeKind
		keys []string
	}{{models.CodeAction, f.Actions}, {models.CodeFront, f.Fronts}, {models.CodeForum, f.Forums}, {models.CodeTag, f.Tags}} {
		for _, key := range part.keys {
			id, ok := i.codes[[2]string{part.kind.Key(), key}]
			if !ok {
				return nil, unread("an insight with a code that is not in it", key)
			}
			out = append(out, id)
		}
	}
	return out, nil
}

// account finds who captured by name. For somebody without an account one is
// made that is disabled from the beginning, so that the name stays.
func (i *insightImport) account(name string) (models.ID, error) {
	if id, ok := i.accounts[name]; ok || name == "" {
		return id, nil
	}
	t := i.tx
	id := t.s.newID()
	email := id.String() + "@imported.invalid"
	i.accounts[name] = id
	return id, t.exec("INSERT INTO accounts (id, email, email_fold, name, role, disabled_ms, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, email, models.EmailKey(email), name, models.RoleReader.Key(), t.now, t.now)
}

// flush keeps what is waiting.
func (i *insightImport) flush() error {
	if len(i.waiting) == 0 {
		return nil
	}
	if err := i.tx.capture(i.waiting); err != nil {
		return err
	}
	for _, job := range i.waiting {
		switch {
		case job.err != nil:
			return unread("an insight", job.load.whole.id.String())
		case job.row.Regime != job.load.whole.regime:
			return models.Invalid("", "An insight of the file is under a looser rule than its roundtable or its speaker allows: "+job.row.ID.String()+".")
		}
		if i.promised[job.row.ID] {
			i.seqs[job.row.ID] = job.row.Seq
		}
	}
	i.n += len(i.waiting)
	i.waiting = i.waiting[:0]
	return nil
}

// finish writes what was promised, and gives the roundtables their states.
func (i *insightImport) finish(rooms []models.FileRoom) error {
	t := i.tx
	for _, r := range rooms {
		id, err := models.ParseID(r.ID)
		if err != nil {
			return err
		}
		for n, c := range r.Team.Commitments {
			if err := i.addCommitment(id, n, c, r.Zone); err != nil {
				return err
			}
		}
		status, ok := models.ParseRoundtableStatus(r.Team.Status)
		if !ok {
			return unread("the state of a roundtable", r.Team.Status)
		}
		row, err := t.lockRoom(id)
		if err != nil {
			return err
		}
		row.Status = status.Key()
		if status == models.Closed {
			row.ClosedMs = t.now
		}
		if err := t.saveRoom(&row); err != nil {
			return err
		}
	}
	return nil
}

// addCommitment writes the n-th promise of a roundtable; the order stays.
func (i *insightImport) addCommitment(room models.ID, n int, c models.FileCommitment, zone string) error {
	var seq int64
	if c.Insight != "" {
		id, err := models.ParseID(c.Insight)
		if err != nil {
			return unread("a commitment", c.Insight)
		}
		if seq = i.seqs[id]; seq == 0 {
			return unread("a commitment whose insight is not in it", c.Insight)
		}
	}
	if !slices.Contains(models.CommitmentStates, models.CommitmentState(c.State)) {
		return unread("a commitment", c.State)
	}
	_, due, err := models.CommitmentInput{What: "-", Owner: "-", DueOn: c.DueOn}.Check(zone)
	if err != nil {
		return unread("a commitment", c.DueOn)
	}
	at := i.tx.now.Add(time.Duration(n) * time.Millisecond)
	done := models.Instant(0)
	if c.State != string(models.CommitmentOpen) {
		done = i.tx.now
	}
	return i.tx.exec(`INSERT INTO commitments (id, roundtable_id, insight_seq, what, owner_name, due_on, due_ms, state, outcome, done_ms, created_by, created_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, i.tx.s.newID(), room, seq, c.What, c.Owner, c.DueOn, due, c.State, c.Outcome, done, i.tx.viewer.Account(), at)
}

package store

import "rotunda/models"

// captureReads is what captures are read against: the codebook, the rooms, who
// can be named there. Captures change none of it.
type captureReads struct {
	book  models.Codebook
	rooms map[models.ID]*roomState
	words map[models.ID]models.Vocabulary
	mark  writeMark
}

// mostRoomsRead is how many rooms are kept from one batch to the next.
const mostRoomsRead = 100

func readForCaptures(t *tx) (captureReads, error) {
	book, err := loadCodebook(t)
	return captureReads{book: book, rooms: map[models.ID]*roomState{}, words: map[models.ID]models.Vocabulary{}}, err
}

// writeMark tells whether anybody but captures has written to a SQLite file:
// transactions of this process, and a number that rises with what others
// commit.
type writeMark struct {
	ours   int64
	theirs int64
}

func (t *tx) writeMark() (writeMark, error) {
	m := writeMark{ours: t.s.written.Load()}
	return m, t.get(&m.theirs, "PRAGMA data_version")
}

// captureAgain is capture for one batch after another: while nobody writes
// anything else in between, SQLite's only writer need not read again what the
// batch before has read. On PostgreSQL others write at the same time, and every
// batch reads for itself.
func (t *tx) captureAgain(jobs []*captureJob) error {
	if t.s.dialect != sqliteDialect {
		return t.capture(jobs)
	}
	read := &t.s.captures.read // only one batch is under way
	mark, err := t.writeMark()
	if err != nil {
		return err
	}
	if mark != read.mark || len(read.rooms) > mostRoomsRead {
		*read = captureReads{}
		if *read, err = readForCaptures(t); err != nil {
			return err
		}
		read.mark = mark
	}
	return t.captureWith(*read, jobs)
}

// newClientID names a line whose sender gave it no name. It begins with the
// time, as those of our own pages do: names in order lie side by side in their
// index, so that many captures touch few pages of it.
func (s *Store) newClientID() string {
	return models.ID(s.Now()).String() + s.newID().String()
}

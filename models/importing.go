package models

import (
	"hash/maphash"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// RowVerdict says what a row of an import is.
type RowVerdict int

// The verdicts.
const (
	RowNew       RowVerdict = iota // somebody not known yet
	RowUpdates                     // a known person, with something new
	RowUnchanged                   // a known person, or somebody from an earlier line, with nothing new
	RowDuplicate                   // perhaps a known person: left out unless chosen
	RowError                       // cannot be kept as it is
)

var rowVerdictWords = [...]struct{ key, name string }{
	{"new", "New"}, {"updates", "Updates"}, {"unchanged", "Unchanged"}, {"duplicate", "Possible duplicate"}, {"error", "Fix or skip"},
}

// RowVerdicts lists the verdicts in order.
var RowVerdicts = []RowVerdict{RowNew, RowUpdates, RowUnchanged, RowDuplicate, RowError}

// Key returns the word that forms and files use.
func (v RowVerdict) Key() string { return rowVerdictWords[v.read()].key }

// Name returns the name shown to people.
func (v RowVerdict) Name() string { return rowVerdictWords[v.read()].name }

func (v RowVerdict) read() RowVerdict {
	if v < RowNew || v > RowError {
		return RowError
	}
	return v
}

// ParseRowVerdict reads a key as Key writes it.
func ParseRowVerdict(key string) (RowVerdict, bool) {
	for i, w := range rowVerdictWords {
		if w.key == key {
			return RowVerdict(i), true
		}
	}
	return RowError, false
}

// FieldChange is one field that a row changes on a known person.
type FieldChange struct {
	Field    PersonField
	From, To string
}

// Judgement is what a Matcher finds about one row.
type Judgement struct {
	Verdict RowVerdict
	Person  ID            // the known person, where there is one
	Line    int           // the earlier line of the file that says the same or nearly so, else 0
	Changes []FieldChange // what an update changes
	Result  PersonInput   // what is to be kept: the row, or the known person with its changes
}

// ReadPerson reads the cells of one row into a person, one cell for each of
// the fields, and cleans it. The error is an *InvalidError with a message for
// every bad cell.
func ReadPerson(fields []PersonField, cells []string) (PersonInput, []FieldNote, error) {
	var p PersonInput
	var sectorReason string
	for i, f := range fields {
		if f != FieldSector {
			*p.text(f) = cells[i]
			if f == FieldPhone && strings.HasPrefix(cells[i], "'+") {
				p.Phone = cells[i][1:] // the apostrophe is our own export's guard
			}
			continue
		}
		words, _, _ := CleanText(cells[i])
		if words == "" {
			continue
		}
		s, ok := FoldSector(words)
		if !ok {
			sectorReason = "“" + shorten(words, 40) + "” is not a sector. Use Congress, Agencies, Diplomats, Academia, Civil society, Industry or Partner think tanks."
		}
		p.Sector = s
	}
	p, notes, err := p.Clean()
	if sectorReason == "" {
		return p, notes, err
	}
	bad, ok := err.(*InvalidError)
	if !ok {
		bad = &InvalidError{}
	}
	bad.Add(string(FieldSector), sectorReason)
	return p, notes, bad
}

// Keys are what a person is looked up by. Equal keys do not yet mean the same
// person; the Matcher decides.
type Keys struct {
	External string   // the external id, compared as it is
	Emails   []string // see EmailKey
	Name     string   // the folded full name
	NameOrg  string   // the folded full name and organisation
}

// Keys returns the person's keys. The store keeps them beside the person, so
// that candidates are found by an index.
func (p PersonInput) Keys() Keys {
	k := Keys{External: p.ExternalID, Name: nameKey(p.FullName())}
	k.NameOrg = k.Name + "\x1f" + nameKey(p.Organisation)
	for _, e := range p.Emails() {
		k.Emails = append(k.Emails, EmailKey(e))
	}
	return k
}

// Bare reports whether there is neither an external id nor an e-mail.
func (k Keys) Bare() bool { return k.External == "" && len(k.Emails) == 0 }

// nameKey folds a name; a name that folds to nothing stands for itself.
func nameKey(s string) string {
	if folded := oneSpaced(Fold(s)); folded != "" {
		return folded
	}
	return s
}

func oneSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// sameText reports whether two texts differ in case, spacing or Unicode
// normalisation at most. Accents count: José is not Jose.
func sameText(a, b string) bool { return a == b || plainText(a) == plainText(b) }

func plainText(s string) string {
	if !isPlain(s) {
		s = norm.NFKC.String(s)
	}
	return oneSpaced(strings.ToLower(s))
}

// Candidate is a known person whom a row might mean.
type Candidate struct {
	ID     ID
	Person PersonInput
}

// Matcher judges the rows of one import in the order of the file. It holds a
// few hashes for each row, never the rows: about 100 bytes, so that 100,000
// rows take 10 MB.
//
// For each batch of rows (1,000 is a good size) the store
//  1. reads the rows with ReadPerson and takes Keys of those without an error;
//  2. fetches, in one transaction with the commit, every person that is not
//     merged away and that fits any row of the batch: external id among the
//     rows' External; an e-mail among their Emails; NameOrg among theirs and
//     the person or the row Bare; and for rows that are Bare, where no
//     organisation column is mapped, Name among theirs and no e-mail. More
//     than that does no harm, but for persons that this import itself made:
//     they must not come back. Persons come in the order they were made: the
//     first that fits is taken;
//  3. calls Load with them and then Judge for each row.
//
// Preview and commit each take a new Matcher: a commit judges again.
type Matcher struct {
	mapped []PersonField
	sector Sector // fills in for persons without one
	seed   maphash.Seed
	seen   map[uint64]int32 // hash of a key of an earlier row → its line
	taken  map[ID]claim     // known persons that an earlier row is
	pool   pool
}

type claim struct {
	line     int32
	external uint64 // hash of the external id after that row, 0 for none
}

// NewMatcher returns a Matcher for a file with these mapped fields. sector, if
// any, is given to everybody in the file who has none, here and in the file.
func NewMatcher(mapped []PersonField, sector Sector) *Matcher {
	return &Matcher{mapped: mapped, sector: sector, seed: maphash.MakeSeed(), seen: map[uint64]int32{}, taken: map[ID]claim{}}
}

// pool finds the candidates of one batch.
type pool struct {
	all      []pooled
	external map[string][]int
	email    map[string][]int
	name     map[string][]int
	nameOrg  map[string][]int
}

type pooled struct {
	Candidate
	keys Keys
}

// Load replaces the candidates by those of the next batch.
func (m *Matcher) Load(people []Candidate) {
	p := pool{make([]pooled, len(people)), map[string][]int{}, map[string][]int{}, map[string][]int{}, map[string][]int{}}
	for i, c := range people {
		k := c.Person.Keys()
		p.all[i] = pooled{c, k}
		if k.External != "" {
			p.external[k.External] = append(p.external[k.External], i)
		}
		for _, e := range k.Emails {
			p.email[e] = append(p.email[e], i)
		}
		p.name[k.Name] = append(p.name[k.Name], i)
		p.nameOrg[k.NameOrg] = append(p.nameOrg[k.NameOrg], i)
	}
	m.pool = p
}

// Judge says what a row is, by DOMAIN's rules: the same external id; else the
// same name and e-mail; else, where neither side has an e-mail, all mapped
// fields equal. Rows judged earlier count, and the first of them stands. The
// row is one that ReadPerson returned without an error.
func (m *Matcher) Judge(line int, row PersonInput) Judgement {
	k := row.Keys()
	h := m.hash(row, k)
	own := row.Sector
	if own == SectorNone {
		row.Sector = m.sector
	}
	rules := []struct {
		known   func() (int, bool)
		earlier []uint64
	}{
		{func() (int, bool) { return m.first(m.pool.external[k.External], k, nil) }, h.external},
		{func() (int, bool) { return m.byEmail(k) }, h.sameEmail},
		{func() (int, bool) { return m.byFields(row, k) }, h.sameFields},
	}
	for _, rule := range rules {
		if at := m.earlier(rule.earlier); at > 0 {
			m.note(at, h)
			return Judgement{Verdict: RowUnchanged, Line: at, Result: row}
		}
		if i, ok := rule.known(); ok {
			if own == SectorNone && m.pool.all[i].Person.Sector != SectorNone {
				row.Sector = SectorNone
			}
			return m.judgeKnown(line, row, m.pool.all[i], h)
		}
	}
	j := Judgement{Verdict: RowNew, Result: row}
	if i, ok := m.first(m.pool.nameOrg[k.NameOrg], k, func(c pooled) bool { return c.keys.Bare() || k.Bare() }); ok {
		j.Verdict, j.Person = RowDuplicate, m.pool.all[i].ID
	} else if at := m.earlier(h.similar); at > 0 {
		j.Verdict, j.Line = RowDuplicate, at
	}
	m.note(line, h)
	return j
}

// judgeKnown compares a row with the known person it is.
func (m *Matcher) judgeKnown(line int, row PersonInput, c pooled, h rowHashes) Judgement {
	if t, ok := m.taken[c.ID]; ok {
		m.note(int(t.line), h)
		return Judgement{Verdict: RowUnchanged, Person: c.ID, Line: int(t.line), Result: c.Person}
	}
	j := Judgement{Verdict: RowUnchanged, Person: c.ID, Result: c.Person}
	j.Changes = m.changes(c.Person, row)
	if len(j.Changes) > 0 {
		j.Verdict = RowUpdates
		j.Result = updated(c.Person, row, j.Changes)
	}
	m.taken[c.ID] = claim{int32(line), m.hashOf('x', j.Result.ExternalID)}
	m.note(line, h)
	return j
}

// changes lists the fields in which the row says something new: the mapped
// ones and a sector that was missing. An empty cell says nothing.
func (m *Matcher) changes(known, row PersonInput) []FieldChange {
	var out []FieldChange
	for _, f := range m.mapped {
		to := row.Value(f)
		if to == "" || f == FieldSector || sameText(says(known, f), to) || (f == FieldEmail && holdsEmail(known, to)) {
			continue
		}
		out = append(out, FieldChange{f, known.Value(f), to})
	}
	if row.Sector != SectorNone && row.Sector != known.Sector {
		out = append(out, FieldChange{FieldSector, known.Value(FieldSector), row.Value(FieldSector)})
	}
	return out
}

// says returns what a person says in a field, in whatever parts the name is
// kept.
func says(p PersonInput, f PersonField) string {
	switch f {
	case FieldFullName:
		return p.FullName()
	case FieldListName:
		return p.ListName()
	}
	return p.Value(f)
}

func holdsEmail(p PersonInput, address string) bool {
	key := EmailKey(address)
	for _, e := range p.Emails() {
		if EmailKey(e) == key {
			return true
		}
	}
	return false
}

// updated returns the known person with the row's changes. An e-mail that is
// replaced stays among the others.
func updated(known, row PersonInput, list []FieldChange) PersonInput {
	for _, c := range list {
		switch c.Field {
		case FieldSector:
			known.Sector = row.Sector
		case FieldEmail:
			if known.Email != "" {
				known.OtherEmails = append(known.OtherEmails[:len(known.OtherEmails):len(known.OtherEmails)], known.Email)
			}
			known.Email = row.Email
		default:
			*known.text(c.Field) = *row.text(c.Field)
		}
	}
	return known
}

// byEmail finds the candidate with the row's name and one of its e-mails.
func (m *Matcher) byEmail(k Keys) (int, bool) {
	for _, e := range k.Emails {
		if i, ok := m.first(m.pool.email[e], k, func(c pooled) bool { return c.keys.Name == k.Name }); ok {
			return i, true
		}
	}
	return 0, false
}

// byFields finds, for a row without an e-mail, the candidate without one that
// says the same in every mapped field.
func (m *Matcher) byFields(row PersonInput, k Keys) (int, bool) {
	if len(k.Emails) > 0 {
		return 0, false
	}
	return m.first(m.pool.name[k.Name], k, func(c pooled) bool {
		if len(c.keys.Emails) > 0 {
			return false
		}
		for _, f := range m.mapped {
			if !sameText(says(c.Person, f), says(row, f)) {
				return false
			}
		}
		return true
	})
}

// first returns the first candidate of the list that fits and that no external
// id, its own or one given by an earlier row, tells apart from the row.
func (m *Matcher) first(list []int, k Keys, fits func(pooled) bool) (int, bool) {
	for _, i := range list {
		c := m.pool.all[i]
		if k.External != "" {
			if c.keys.External != "" && c.keys.External != k.External {
				continue
			}
			if t := m.taken[c.ID]; t.external != 0 && t.external != m.hashOf('x', k.External) {
				continue
			}
		}
		if fits == nil || fits(c) {
			return i, true
		}
	}
	return 0, false
}

// rowHashes are the hashes that a row looks for among the earlier rows, rule
// by rule, and those that it leaves for the later ones.
type rowHashes struct {
	external, sameEmail, sameFields, similar []uint64
	own                                      []uint64
}

func (m *Matcher) hash(row PersonInput, k Keys) rowHashes {
	var h rowHashes
	if k.External != "" {
		x := m.hashOf('x', k.External)
		h.external = []uint64{x}
		h.own = append(h.own, x)
	}
	// Rows with an external id and rows without leave different hashes: two
	// different ids keep two rows apart, one id alone does not.
	for _, e := range k.Emails {
		without, with := m.hashOf('e', k.Name, e), m.hashOf('E', k.Name, e)
		h.sameEmail = append(h.sameEmail, without)
		if k.External == "" {
			h.sameEmail = append(h.sameEmail, with)
			h.own = append(h.own, without)
		} else {
			h.own = append(h.own, with)
		}
	}
	if len(k.Emails) == 0 {
		values := make([]string, len(m.mapped))
		for i, f := range m.mapped {
			values[i] = plainText(row.Value(f))
		}
		f := m.hashOf('f', values...)
		h.sameFields = []uint64{f}
		h.own = append(h.own, f)
	}
	bare, other := m.hashOf('o', k.NameOrg), m.hashOf('O', k.NameOrg)
	h.similar = []uint64{bare}
	if k.Bare() {
		h.similar = append(h.similar, other)
		h.own = append(h.own, bare)
	} else {
		h.own = append(h.own, other)
	}
	return h
}

func (m *Matcher) hashOf(kind byte, parts ...string) uint64 {
	if kind == 'x' && parts[0] == "" {
		return 0
	}
	var h maphash.Hash
	h.SetSeed(m.seed)
	h.WriteByte(kind)
	for _, p := range parts {
		h.WriteString(p)
		h.WriteByte(0) // no kept text holds a NUL, so parts cannot run together
	}
	return h.Sum64()
}

// earlier returns the first line that left one of the hashes, or 0.
func (m *Matcher) earlier(hashes []uint64) int {
	var first int32
	for _, h := range hashes {
		if at, ok := m.seen[h]; ok && (first == 0 || at < first) {
			first = at
		}
	}
	return int(first)
}

func (m *Matcher) note(line int, h rowHashes) {
	for _, x := range h.own {
		if _, ok := m.seen[x]; !ok {
			m.seen[x] = int32(line)
		}
	}
}

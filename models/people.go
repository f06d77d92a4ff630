package models

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// PersonInput is what staff or a file say about a person. Names are kept as
// they were written: nothing here changes the case of a letter.
type PersonInput struct {
	ExternalID   string // the key another system knows the person by
	Honorific    string
	Given        string
	Middle       string
	Family       string
	PostNominals string
	Full         string // the whole name where it is written in one piece
	Salutation   string // how a letter opens: "Ms. Echeverry"
	List         string // the name in lists: "Echeverry, Ana"
	Email        string // the primary address
	OtherEmails  []string
	Phone        string
	Position     string
	Organisation string
	Sector       Sector
	Country      string
	Assistant    string
	Notes        string
	DoNotContact bool
}

// Person is a contact kept across roundtables.
type Person struct {
	ID ID
	PersonInput
	// OrganisationID is the organisation that the text names, zero where it is
	// none that the institute keeps.
	OrganisationID ID
	Archived       bool
	CreatedAt      Instant
	UpdatedAt      Instant
}

// FullName returns the name as it is spoken: the whole name where one was
// written, else its parts in order, else the name in lists. It is empty only
// for a person without any name.
func (p PersonInput) FullName() string {
	if p.Full != "" {
		return p.Full
	}
	if joined := joinWords(p.Given, p.Middle, p.Family); joined != "" {
		return joined
	}
	return p.List
}

// ListName returns the name as lists sort it: the one given for lists, else
// "Family, Given Middle", else the full name.
func (p PersonInput) ListName() string {
	if p.List != "" {
		return p.List
	}
	first := joinWords(p.Given, p.Middle)
	switch {
	case p.Family != "" && first != "":
		return p.Family + ", " + first
	case p.Family != "":
		return p.Family
	}
	return p.FullName()
}

// FormalName returns the full name with honorific and post-nominals, as a name
// tent or an attendance list prints it: "Hon. Ana Echeverry, Jr.".
func (p PersonInput) FormalName() string {
	name := joinWords(p.Honorific, p.FullName())
	if p.PostNominals != "" {
		name += ", " + p.PostNominals
	}
	return name
}

// addressedByOffice are the offices that stand before a family name in a letter.
var addressedByOffice = []string{"Senator", "Representative", "Delegate", "Resident Commissioner", "Ambassador", "Governor"}

// office returns how who is Honorable is addressed: nobody is "Dear Hon. Cantwell".
func (p PersonInput) office() string {
	position := strings.TrimPrefix(strings.TrimPrefix(p.Position, "U.S. "), "United States ")
	for _, office := range addressedByOffice {
		if rest, ok := strings.CutPrefix(position, office); ok && (rest == "" || rest[0] == ' ' || rest[0] == ',') {
			return office
		}
	}
	return ""
}

// Greeting returns how to address the person: the salutation, else honorific
// and family name, else the full name. The office stands for "Hon.".
func (p PersonInput) Greeting() string {
	switch {
	case p.Salutation != "":
		return p.Salutation
	case slices.Contains([]string{"hon.", "hon", "the hon.", "honorable", "the honorable"}, strings.ToLower(p.Honorific)):
		if office := p.office(); office != "" && p.Family != "" {
			return office + " " + p.Family
		}
	case p.Honorific != "" && p.Family != "":
		return p.Honorific + " " + p.Family
	}
	return p.FullName()
}

// Emails returns every address of the person, the primary one first.
func (p PersonInput) Emails() []string {
	if p.Email == "" {
		return p.OtherEmails
	}
	return append([]string{p.Email}, p.OtherEmails...)
}

func joinWords(words ...string) string {
	var b strings.Builder
	for _, w := range words {
		if w == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// PersonField names one thing that a file can say about a person. Its value is
// the word that forms, messages and `--map 'Column=field'` use.
type PersonField string

// The fields of a person.
const (
	FieldExternalID   PersonField = "external_id"
	FieldHonorific    PersonField = "honorific"
	FieldGiven        PersonField = "given"
	FieldMiddle       PersonField = "middle"
	FieldFamily       PersonField = "family"
	FieldPostNominals PersonField = "post_nominals"
	FieldFullName     PersonField = "full_name"
	FieldSalutation   PersonField = "salutation"
	FieldListName     PersonField = "list_name"
	FieldEmail        PersonField = "email"
	FieldPhone        PersonField = "phone"
	FieldPosition     PersonField = "position"
	FieldOrganisation PersonField = "organisation"
	FieldSector       PersonField = "sector"
	FieldCountry      PersonField = "country"
	FieldAssistant    PersonField = "assistant"
	FieldNotes        PersonField = "notes"
)

// personFields holds each field's name on screens and the most characters it
// may have.
var personFields = []struct {
	field PersonField
	name  string
	limit int
}{
	{FieldExternalID, "External ID", 100},
	{FieldHonorific, "Honorific", 60},
	{FieldGiven, "Given name", 100},
	{FieldMiddle, "Middle name", 100},
	{FieldFamily, "Family name", 100},
	{FieldPostNominals, "Post-nominals", 60},
	{FieldFullName, "Full name", 200},
	{FieldSalutation, "Salutation", 200},
	{FieldListName, "Name in lists", 200},
	{FieldEmail, "E-mail", 254},
	{FieldPhone, "Phone", 60},
	{FieldPosition, "Position", 300},
	{FieldOrganisation, "Organization", 300},
	{FieldSector, "Sector", 100},
	{FieldCountry, "Country", 100},
	{FieldAssistant, "Assistant", 300},
	{FieldNotes, "Notes", 10_000},
}

// PersonFields lists the fields in the order in which screens offer them.
func PersonFields() []PersonField {
	out := make([]PersonField, len(personFields))
	for i, f := range personFields {
		out[i] = f.field
	}
	return out
}

// ParsePersonField reads the word of a field.
func ParsePersonField(word string) (PersonField, bool) {
	for _, f := range personFields {
		if string(f.field) == word {
			return f.field, true
		}
	}
	return "", false
}

// Name returns the field's name on screens.
func (f PersonField) Name() string {
	for _, p := range personFields {
		if p.field == f {
			return p.name
		}
	}
	return string(f)
}

// text returns the place where the person keeps the field, or nil for the
// sector, which is no text.
func (p *PersonInput) text(f PersonField) *string {
	switch f {
	case FieldExternalID:
		return &p.ExternalID
	case FieldHonorific:
		return &p.Honorific
	case FieldGiven:
		return &p.Given
	case FieldMiddle:
		return &p.Middle
	case FieldFamily:
		return &p.Family
	case FieldPostNominals:
		return &p.PostNominals
	case FieldFullName:
		return &p.Full
	case FieldSalutation:
		return &p.Salutation
	case FieldListName:
		return &p.List
	case FieldEmail:
		return &p.Email
	case FieldPhone:
		return &p.Phone
	case FieldPosition:
		return &p.Position
	case FieldOrganisation:
		return &p.Organisation
	case FieldCountry:
		return &p.Country
	case FieldAssistant:
		return &p.Assistant
	case FieldNotes:
		return &p.Notes
	}
	return nil
}

// Value returns what the person holds in the field; for the sector, its name
// on screens.
func (p PersonInput) Value(f PersonField) string {
	if at := p.text(f); at != nil {
		return *at
	}
	if p.Sector == SectorNone {
		return ""
	}
	return p.Sector.Name()
}

// Clean returns the input as it may be kept, with a note for each field from
// which something invisible was taken, or an *InvalidError whose messages are
// under the words of the fields.
func (p PersonInput) Clean() (PersonInput, []FieldNote, error) {
	var bad InvalidError
	var notes []FieldNote
	for _, f := range personFields {
		at := p.text(f.field)
		if at == nil {
			continue
		}
		clean, removed, ok := CleanText(*at)
		*at = clean
		if removed {
			notes = append(notes, FieldNote{f.field, f.name + " held invisible characters, which were taken out."})
		}
		if !ok {
			bad.Add(string(f.field), f.name+" holds a NUL character, which cannot be kept.")
		}
		if len(clean) > f.limit && utf8.RuneCountInString(clean) > f.limit {
			bad.Add(string(f.field), tooLong(f.name, clean, f.limit))
		}
	}
	p.OtherEmails = cleanEmails(p.OtherEmails, &bad)
	if p.Email != "" {
		if reason := CheckEmail(p.Email); reason != "" {
			bad.Add(string(FieldEmail), reason)
		}
	}
	bad.Check(p.Sector.Valid(), string(FieldSector), "Choose one of the sectors.")
	bad.Check(p.FullName() != "", string(FieldFullName), "The name is empty. Give a full name, or a given and a family name.")
	return p, notes, bad.Err()
}

func cleanEmails(in []string, bad *InvalidError) []string {
	var out []string
	for _, e := range in {
		clean, _, ok := CleanText(e)
		if clean == "" && ok {
			continue
		}
		if reason := CheckEmail(clean); reason != "" {
			bad.Add("other_emails", reason)
		}
		out = append(out, clean)
	}
	return out
}

// FieldNote is a remark on one field that stops nothing.
type FieldNote struct {
	Field   PersonField
	Message string
}

// sectorAliases lists the words, folded and without punctuation, that people
// write for a sector. Plurals in s are understood from the singular.
var sectorAliases = sync.OnceValue(func() map[string]Sector {
	out := map[string]Sector{}
	for sector, words := range map[Sector]string{
		Congress: "congress, u s congress, us congress, united states congress, member of congress, members of congress, congressional, congressional staff, congressional office, " +
			"senate, us senate, u s senate, house of representatives, us house, legislative branch, capitol hill, the hill, hill staff",
		Agencies: "agency, agencies, government agency, government agencies, federal agency, federal agencies, u s government, us government, u s government agency, " +
			"us government agency, usg, government, federal government, executive branch, department, administration, behorde, agence gouvernementale, agencia gubernamental",
		Diplomats: "diplomat, allied diplomat, foreign diplomat, diplomatic corps, diplomacy, embassy, embassies, embassy staff, ambassador, allied government, " +
			"foreign government, foreign mission, diplomatic mission, diplomate, diplomatico",
		Academia: "academia, academic, academy, university, universities, college, higher education, scholar, academie, universitat, universite, universidad, universidade, wissenschaft",
		CivilSociety: "civil society, civil society organization, civil society organisation, cso, ngo, nongovernmental organization, non governmental organization, non governmental organisation, " +
			"nonprofit, non profit, not for profit, nonprofit organization, advocacy, advocacy group, societe civile, sociedad civil, zivilgesellschaft",
		Industry:   "industry, industries, private industry, private sector, business, businesses, company, companies, corporate, corporation, commercial, enterprise, industrie, industria, wirtschaft, privatwirtschaft",
		ThinkTanks: "think tank, thinktank, partner think tank, policy institute, research institute, policy research institute, denkfabrik, groupe de reflexion, centro de estudios",
		HostStaff:  "host staff, host, hosts, host institute, our staff",
	} {
		for _, w := range strings.Split(words, ", ") {
			out[w] = sector
		}
	}
	for _, s := range append([]Sector{HostStaff}, Sectors...) {
		out[plainWords(s.Key())] = s
		out[plainWords(s.Name())] = s
	}
	return out
})

// FoldSector reads a sector from the words that files use: "U.S. Congress",
// "Think tank(s)", "civil society/NGO". Words of two sectors at once, or of
// none, are refused.
func FoldSector(words string) (Sector, bool) {
	words = strings.ReplaceAll(words, "(s)", "s")
	if s, ok := sectorAlias(words); ok {
		return s, true
	}
	found := SectorNone
	for _, part := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune("/,;|()", r) }) {
		s, ok := sectorAlias(part)
		if !ok && plainWords(part) == "" {
			continue
		}
		if !ok || (found != SectorNone && s != found) {
			return SectorNone, false
		}
		found = s
	}
	return found, found != SectorNone
}

func sectorAlias(words string) (Sector, bool) {
	w := plainWords(words)
	if s, ok := sectorAliases()[w]; ok {
		return s, true
	}
	s, ok := sectorAliases()[strings.TrimSuffix(w, "s")]
	return s, ok
}

// plainWords returns the folded words of a text with one space between them
// and nothing else.
func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

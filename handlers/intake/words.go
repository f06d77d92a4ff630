package intake

import (
	"strings"
	"sync"
	"unicode"

	"rotunda/models"
)

// headerWords lists what files call each field: folded, without punctuation,
// in the languages that guest lists come in.
var headerWords = map[models.PersonField]string{
	models.FieldExternalID: "external id, id, contact id, person id, record id, crm id, member id, bioguide, bioguide id, guid, uuid, key, identifier, kennung, identifiant, identificador, 编号",
	models.FieldHonorific:  "honorific, prefix, salutation title, name prefix, form of address, courtesy title, anrede, civilite, tratamiento, titre de civilite, aanhef, 敬称",
	models.FieldGiven: "given, given name, given names, first, first name, firstname, forename, forenames, christian name, vorname, prenom, nombre de pila, primer nombre, nombres, " +
		"prenome, primeiro nome, nome proprio, voornaam, imie, jmeno, fornavn, fornamn, etunimi, ad, ime, имя, 名",
	models.FieldMiddle: "middle, middle name, middle names, middlename, middle initial, second name, second prenom, segundo nombre, tussenvoegsel, patronymic, отчество",
	models.FieldFamily: "family, family name, last, last name, lastname, surname, familienname, nachname, nom de famille, apellido, apellidos, sobrenome, cognome, achternaam, nazwisko, " +
		"prijmeni, etternavn, efternamn, efternavn, sukunimi, soyad, soyadi, prezime, фамилия, 姓",
	models.FieldPostNominals: "post nominals, post nominal, postnominals, suffix, name suffix, credentials, degrees, namenszusatz",
	models.FieldFullName: "full name, fullname, display name, complete name, attendee, attendee name, guest, guest name, invitee, participant, participant name, member, member name, contact, contact name, person, " +
		"vollstandiger name, nom complet, nom et prenom, nombre completo, nombre y apellidos, nome completo, nome e cognome, volledige naam, imie i nazwisko, ad soyad, фио, 姓名, 氏名",
	models.FieldSalutation: "salutation, greeting, dear, letter salutation, briefanrede, formule d appel, saludo",
	models.FieldListName:   "list name, sort name, name in lists, sortable name, file as, listing name, last name first name, last first, surname first name",
	models.FieldEmail: "email, e mail, mail, courriel, correo, correo electronico, email id, adresse electronique, posta elettronica, e post, epost, sahkoposti, e posta, " +
		"электронная почта, почта, 邮箱, 电子邮件, メール, メールアドレス, البريد الالكتروني",
	models.FieldPhone:    "phone, phone number, telephone, telephone number, tel, tel no, mobile, mobile phone, cell, cell phone, telefon, telefonnummer, telefono, telefone, telefoon, 电话, 電話, телефон",
	models.FieldPosition: "position, title, job title, role, job, job role, function, post, occupation, designation, rank, funktion, stelle, amt, fonction, poste, cargo, puesto, carica, ruolo, functie, stanowisko, должность, 职务, 役職",
	models.FieldOrganisation: "organization, organisation, company, employer, institution, affiliation, org, organization name, organisation name, company name, institution name, office, agency, firm, account, account name, " +
		"unternehmen, firma, einrichtung, societe, entreprise, organisme, empresa, organizacion, institucion, organizacao, organizzazione, azienda, ente, organisatie, bedrijf, organizacja, организация, 单位, 機関, 所属",
	models.FieldSector:    "sector, category, group, guest group, stakeholder group, constituency, sektor, secteur, setor, settore, kategorie, categorie, categoria, gruppe, groupe, grupo, сектор, 类别",
	models.FieldCountry:   "country, country region, country or region, nation, nationality, land, staat, pays, pais, paese, kraj, maa, ulke, страна, 国家, 国",
	models.FieldAssistant: "assistant, assistant name, scheduler, executive assistant, ea, pa, secretary, assistent, assistente, asistente, sekretariat, assistentin",
	models.FieldNotes:     "notes, note, comments, comment, remarks, remark, bemerkung, bemerkungen, notizen, remarques, notas, observaciones, observacoes, opmerkingen, uwagi, 备注, 備考",
}

// nameWords name the family name where the file has a column for given names
// too, and otherwise the full name.
var nameWords = wordSet("name, names, nom, nome, naam, nombre, navn, namn, nimi, isim, nev, имя и фамилия, 名前, الاسم")

// fillers say nothing about what a column holds.
var fillers = wordSet("address, work, business, primary, main, official, your, current, the, no, required, optional, adresse")

var fieldOfHeader = sync.OnceValue(func() map[string]models.PersonField {
	out := map[string]models.PersonField{}
	for field, words := range headerWords {
		for w := range wordSet(words)() {
			out[w] = field
		}
	}
	return out
})

// wordSet makes a set of headers when it is first asked for it: every start of
// the program would pay for folding them.
func wordSet(list string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, w := range strings.Split(list, ", ") {
			out[headerKey(w)] = true
		}
		return out
	})
}

// headerKey returns the folded words of a header with one space between them.
func headerKey(s string) string {
	return strings.Join(strings.FieldsFunc(models.Fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// headerKeys returns what a header may mean, the likeliest first: the whole of
// it, the same without fillers, and its parts around a slash or brackets.
func headerKeys(header string) []string {
	out := []string{headerKey(header), withoutFillers(headerKey(header))}
	for _, part := range strings.FieldsFunc(header, func(r rune) bool { return strings.ContainsRune("/()[]|:–-—", r) }) {
		key := headerKey(part)
		out = append(out, key, withoutFillers(key))
	}
	return out
}

func withoutFillers(key string) string {
	var kept []string
	for _, w := range strings.Fields(key) {
		if !fillers()[w] {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

var honorifics = wordSet("mr, mrs, ms, miss, mx, dr, prof, professor, hon, the hon, honorable, the honorable, rep, sen, amb, ambassador, gen, col, lt, adm, capt, sir, dame, lord, lady, he, h e, rev, " +
	"herr, frau, m, mme, mlle, sr, sra, srta, dr h c, prof dr, rt hon, the rt hon")

package models

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckEmail_acceptsWhatMailCanReach(t *testing.T) {
	for _, good := range []string{
		"who@ok.example", "O'Brien+tag@ok.example", "UPPER@OK.EXAMPLE", `"quoted local"@ok.example`, `"a@b"@ok.example`, "who@exämple.example",
		"who@例え.example", "a/b=c@ok.example", "c000127@congress.example", strings.Repeat("a", 64) + "@ok.example",
	} {
		if reason := CheckEmail(good); reason != "" {
			t.Errorf("%q is refused: %s", good, reason)
		}
	}
}

func TestCheckEmail_saysWhatIsWrong(t *testing.T) {
	for bad, says := range map[string]string{
		"plainaddress": "no @", "@no-local.example": "before the @", "two@@at.example": "more than one @", "a b@space.example": "space",
		"trailing@dot.example.": "dot", ".lead@dot.example": "dot", "a..b@dots.example": "dot", "ünï/code@exämple.example": "before the @",
		"x@[127.0.0.1]": "number address", "mailto:who@ok.example": "mailto", "Name <who@ok.example>": "angle", "who@ok.example; two@ok.example": "several",
		"who@ok.example\nBcc: x@evil.example": "line break", "who@ok.example%0ABcc:x@evil.example": "more than one @",
		strings.Repeat("a", 65) + "@long.example": "64", "a@" + strings.Repeat("b", 200) + ".example": "cannot exist", "n/a": "no @", "none": "no @",
		"x@localhost": "domain ending", "x@127.0.0.1": "domain ending", `"open@ok.example`: "quotation", "a@": "after the @", "a@b c.example": "space",
		"a@-x.example": "cannot exist", "a@x_y.example": "cannot exist", "a\"b@ok.example": "character", strings.Repeat("a", 300) + "@x.example": "254",
	} {
		if reason := CheckEmail(bad); !strings.Contains(reason, says) {
			t.Errorf("%q: got %q, want something with %q", bad, reason, says)
		}
	}
}

func TestEmailKey_foldsCaseAndScriptOfTheDomain(t *testing.T) {
	for a, b := range map[string]string{"Who@OK.Example": "who@ok.example", "who@EXÄMPLE.example": "who@xn--exmple-cua.example", " x@y.example ": "x@y.example"} {
		if EmailKey(a) != EmailKey(b) {
			t.Errorf("%q and %q have different keys", a, b)
		}
	}
	if EmailKey("jose@x.example") == EmailKey("josé@x.example") {
		t.Error("an accent before the @ makes another mailbox")
	}
}

func TestFoldSector_readsTheWordsOfFiles(t *testing.T) {
	for words, want := range map[string]Sector{
		"U.S. Congress": Congress, "congress": Congress, "Government agency": Agencies, "AGENCIES": Agencies, "Agency": Agencies, "Allied diplomat": Diplomats,
		"Allied diplomats": Diplomats, "Embassy": Diplomats, "Private industry": Industry, "Industry": Industry, "Think tank(s)": ThinkTanks, "think tanks": ThinkTanks,
		"Partner think tank": ThinkTanks, "Partner think tanks": ThinkTanks, "civil society/NGO": CivilSociety, "Civil society": CivilSociety, "civil_society": CivilSociety,
		"NGO": CivilSociety, "University": Academia, "Université": Academia, "Academia": Academia, "Host staff": HostStaff, "think_tanks": ThinkTanks, "Think-Tank": ThinkTanks,
	} {
		if got, ok := FoldSector(words); !ok || got != want {
			t.Errorf("%q: got %v, want %v", words, got.Name(), want.Name())
		}
	}
	for _, words := range []string{"", "Press", "Industry / NGO", "Democrat", "s", "/"} {
		if got, ok := FoldSector(words); ok {
			t.Errorf("%q is read as %v", words, got.Name())
		}
	}
	for _, s := range append([]Sector{HostStaff}, Sectors...) {
		if got, ok := FoldSector(s.Name()); !ok || got != s {
			t.Errorf("the sector's own name %q is not read", s.Name())
		}
	}
}

func TestPersonInput_namesAreJoinedAndNeverRecased(t *testing.T) {
	p := PersonInput{Honorific: "Rep.", Given: "Michael", Middle: "T.", Family: "McCaul", PostNominals: "Jr."}
	for got, want := range map[string]string{
		p.FullName(): "Michael T. McCaul", p.ListName(): "McCaul, Michael T.", p.FormalName(): "Rep. Michael T. McCaul, Jr.", p.Greeting(): "Rep. McCaul",
		PersonInput{Full: "Ursula van der Leyen"}.ListName(): "Ursula van der Leyen", PersonInput{Family: "李"}.ListName(): "李",
		PersonInput{List: "de la Cruz, Ana"}.FullName(): "de la Cruz, Ana", PersonInput{Full: "Nguyễn", Salutation: "Dr. N"}.Greeting(): "Dr. N",
		PersonInput{Honorific: "Hon.", Given: "Maria", Family: "Cantwell", Position: "Senator"}.Greeting():                    "Senator Cantwell",
		PersonInput{Honorific: "The Honorable", Given: "Jo", Family: "Lee", Position: "U.S. Representative, Ohio"}.Greeting(): "Representative Lee",
		PersonInput{Honorific: "Hon.", Given: "Ana", Family: "Ruiz", Position: "Ambassadorial fellow"}.Greeting():             "Ana Ruiz",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPersonInput_cleanReportsEveryBadField(t *testing.T) {
	in := PersonInput{Full: strings.Repeat("ñ", 201), Organisation: "A\x00B", Email: "none", OtherEmails: []string{" ", "nobody"}, Sector: 99}
	_, _, err := in.Clean()
	var bad *InvalidError
	if !errors.As(err, &bad) {
		t.Fatal("no InvalidError:", err)
	}
	for field, says := range map[string]string{"full_name": "201 characters; the most is 200", "organisation": "NUL", "email": "no @", "other_emails": "no @", "sector": "sectors"} {
		if !strings.Contains(bad.Fields[field], says) {
			t.Errorf("%s: got %q, want something with %q", field, bad.Fields[field], says)
		}
	}
	if _, _, err := (PersonInput{Position: "Director"}).Clean(); err == nil {
		t.Error("a person without a name is accepted")
	}
	if _, _, err := (PersonInput{Full: strings.Repeat("ñ", 200)}).Clean(); err != nil {
		t.Error("200 letters are refused:", err)
	}
}

func TestPersonInput_cleanTakesOutWhatCannotBeSeen(t *testing.T) {
	p, notes, err := PersonInput{Full: "\u00a0A\u202eevil\u202c Na\u200bme\ufeff ", Position: "one\r\ntwo"}.Clean()
	if err != nil || p.Full != "Aevil Name" || p.Position != "one\ntwo" {
		t.Fatalf("got %q, %q, %v", p.Full, p.Position, err)
	}
	if len(notes) != 1 || notes[0].Field != FieldFullName {
		t.Errorf("notes: %v", notes)
	}
}

func TestCleanText_keepsWhatCanBeSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		clean, removed, ok := CleanText(s)
		if !ok {
			if !strings.Contains(s, "\x00") {
				t.Fatal("refused without a NUL")
			}
			return
		}
		if again, more, _ := CleanText(clean); again != clean || more {
			t.Fatalf("cleaning twice changes %q to %q", clean, again)
		}
		if !removed && !strings.Contains(s, "\r") && clean != strings.TrimSpace(s) {
			t.Fatalf("%q became %q without a word", s, clean)
		}
	})
}

func TestPersonFields_everyFieldIsReadAndKept(t *testing.T) {
	for _, f := range PersonFields() {
		cell := map[PersonField]string{FieldEmail: "a@b.example", FieldSector: "NGO"}[f]
		if cell == "" {
			cell = "x"
		}
		p, _, err := ReadPerson([]PersonField{FieldGiven, f}, []string{"G", cell})
		if err != nil || p.Value(f) == "" {
			t.Errorf("%s: %v", f, err)
		}
		if again, ok := ParsePersonField(string(f)); !ok || again != f || f.Name() == string(f) {
			t.Errorf("%s has no word or name", f)
		}
	}
}

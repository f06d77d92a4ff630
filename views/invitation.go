package views

import "rotunda/models"

// InvitationPage is a guest's own page: what, when, where, under which rule,
// and the answer. It names no other guest.
type InvitationPage struct {
	Page
	Action string // the link's own address
	Token  string // stands in the form too
	To     string // "Ms. Echeverry, you are invited to a roundtable"
	Title  string
	Series string
	// Day and Clock tell the time in the roundtable's zone; Own tells it in the
	// zone that the guest chose, empty where none was chosen or it shows the
	// same. Meanwhile HostTime tells it in the institute's, where that differs,
	// and the script in the browser's own.
	Day, Clock, Own   string
	HostTime          string
	StartISO, EndISO  string
	Zone              string // IANA name of the roundtable's
	OwnZone           string // chosen
	Place             string
	Room, MeetingLink string // for who comes
	MeetingHref       string // the link, where it is an address of the web
	Regime            models.Regime
	Rule              string   // the rule in one sentence
	Result            *Result  // the answer that stands; nil shows the form alone
	Notice            string   // why there is no form, or what is special
	Choices           []Choice // of the form; none shows no form
	Question          string   // above the choices
	Form              InvitationForm
	Preferences       []Choice // stricter rules for one's own words
	Errors            map[string]string
	Until             string // "Please answer by …"
	Name              string // whom the page is for
	HostName          string
	HostEmail         string
	CalendarHref      string
	ChangeHref        string
	Standing          string // above the form: the answer that stands until another is sent
}

// Result is an answer as the page shows it.
type Result struct {
	Kind    string // as ui.Status takes it
	Heading string // "You’re coming"
	Text    string
	Facts   []Choice // what else was said: Value is the term, Label the words
}

// Choice is one radio button, or one option.
type Choice struct {
	ID, Value, Label, Hint string
	Off                    bool // of several that may be chosen: this one is not
}

// InvitationForm is what was typed. The form names are answer, note, diet,
// access, interpreter, preference, named and acknowledged.
type InvitationForm struct {
	Answer, Note, Diet, Access, Interpreter, Preference string
	Named, Acknowledged                                 bool
}

// guestZones are offered to guests whose browser does not say where they are.
var guestZones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "UTC", "Europe/London",
	"Europe/Paris", "Europe/Berlin", "Europe/Warsaw", "Europe/Kyiv", "Asia/Jerusalem", "Asia/Dubai", "Asia/Kolkata",
	"Asia/Singapore", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney",
}

// diets are offered; anything else can be typed.
var diets = []string{"Vegetarian", "Vegan", "Halal", "Kosher", "Gluten-free"}

package example

import (
	"strings"

	"rotunda/models"
)

// member is an account of the example.
type member struct {
	name string
	role models.AccountRole
}

func (m member) email() string {
	return strings.Join(models.Tokens(m.name), ".") + "@wisc.example"
}

// admin is the first account: it leads every roundtable.
const admin = "amara"

var staffOrder = []string{admin, "tobias", "celeste", "idris", "jonah", "priya"}

var staff = map[string]member{
	admin:     {"Amara Lindgren", models.RoleAdmin},
	"tobias":  {"Tobias Achterberg", models.RoleConvener},
	"celeste": {"Celeste Varga", models.RoleRapporteur},
	"idris":   {"Idris Halloran", models.RoleRapporteur},
	"jonah":   {"Jonah Tremblay", models.RoleAnalyst},
	"priya":   {"Priya Ramanathan", models.RoleReader},
}

var seriesPlans = []models.SeriesInput{
	{Name: "Allied Supply Chains", Question: "Which supplies can allies secure together that none secures alone?"},
	{Name: "The Digital Backbone", Question: "Who builds, guards and mends the infrastructure that open societies share?"},
	{Name: "Partnerships in Practice", Question: "What do new partnerships deliver, and what holds them up?"},
}

// roomPlan is a roundtable of the example.
type roomPlan struct {
	key        string
	series     int
	title      string
	objectives string
	questions  string
	place      string
	room       string
	days       int    // from today
	date       string // or a date of its own, for the public record
	start, end string
	zone       string
	private    bool
	regime     models.Regime
	capacity   int
	status     models.RoundtableStatus
	items      []itemPlan
	team       map[string]models.TeamRole
	remarks    string
	targets    map[models.Sector]int
	// Keys of guests by what becomes of them.
	chair    string
	speakers string
	cohosts  []partner
	came     string
	absent   string // said yes and stayed away
	declined string
	unsure   string
	silent   string // never answered
	later    string // shortlisted, not invited yet
	// withdrawn were invited and taken off the list again.
	withdrawn string
	waiting   string
	// moved is the start before it was moved; then everybody was asked again,
	// and those in again have not answered since.
	moved string
	again string
}

// partner is a think tank that convenes a roundtable with the institute, and
// its one account.
type partner struct{ organisation, name, email string }

var (
	lanterne  = partner{"Institut Lanterne", "Amélie Fournel", "amelie.fournel@lanterne.example"}
	shirasagi = partner{"Shirasagi Policy Center", "森本 結衣", "y.morimoto@shirasagi.example"}
)

type itemPlan struct {
	title    string
	minutes  int
	regime   models.Regime
	lead     string
	reviewed bool
}

var fullTeam = map[string]models.TeamRole{
	"tobias": models.TeamLead, "celeste": models.TeamRapporteur, "idris": models.TeamRapporteur, "jonah": models.TeamAnalyst,
}

var plans = []roomPlan{
	{
		key: "chips", series: 0, title: "Trusted Chips, Trusted Partners: Allied Capacity for Mature-Node Semiconductors",
		objectives: "Agree on what allies could buy, certify and finance together for chips on mature processes.",
		questions:  "Where does capacity really stand?\nWhat could be bought together?\nWho certifies what can be trusted?\nWhich public money helps, and which only moves plants about?",
		place:      "Washington", room: "Lindgren Room, fourth floor", days: -210, start: "09:00", end: "12:30", zone: zone,
		private: true, regime: models.ChathamHouse, capacity: 26, status: models.Closed, remarks: "remarks-chips.txt", team: fullTeam,
		items: []itemPlan{
			{"Where mature-node capacity really is", 40, 0, "brandt", false}, {"What allies can buy together", 45, 0, "", true},
			{"Trust, provenance and certification", 45, 0, "", true}, {"Subsidies, floors and overcapacity", 40, 0, "", true}, {"What to do in twelve months", 30, 0, "", true},
		},
		chair: "farrow", speakers: "brandt tanaka",
		came:     "calloway desrosiers nakagawa farrow adeyemi stroud hollis tanaka kim vanderberg kowalczyk rangarajan li okonkwo bergstrom haddad sorensen brandt kovalenko chatterjee serrano ito graves moreau",
		absent:   "fairbairn",
		declined: "abernathy papadaki oduya tuck", unsure: "silva", silent: "ochoa hartono",
	},
	{
		key: "minerals", series: 0, title: "Critical Minerals after IPEF: From Announcement to Offtake",
		objectives: "Separate what was announced from what was financed, and name the contracts that would close the gap.",
		questions:  "Which announcements became contracts?\nWhy does refining not follow mining?\nWho would take the price risk?\nOn whose terms do communities agree?",
		place:      "Washington and video", room: "Annex auditorium", days: -120, start: "13:00", end: "16:30", zone: zone,
		regime: models.ChathamHouse, capacity: 30, status: models.Closed, remarks: "remarks-minerals.txt", team: fullTeam,
		items: []itemPlan{
			{"After the announcement: what was signed and what moved", 45, 0, "", true}, {"Refining and the middle of the chain", 55, 0, "", true},
			{"Offtake, price floors and public finance", 60, 0, "", true}, {"Communities, permits and standards", 50, 0, "", true},
		},
		chair: "whitcombe", speakers: "serrano quispe", cohosts: []partner{lanterne},
		came:     "ochoa abernathy calloway whitlock desrosiers farrow hollis adeyemi stroud rourke solberg rangarajan vanderberg li okonkwo whitcombe quispe tuck nguyen sorensen serrano brandt mackenzie kovalenko oduya graves silva",
		declined: "kim ito", silent: "moreau chatterjee", withdrawn: "bergstrom",
	},
	{
		key: "backbone", series: 1, title: "The Digital Backbone: Undersea Cables, Cloud Regions and Who Repairs Them",
		objectives: "Find what allies lack to keep cables and cloud regions working through a crisis.",
		questions:  "Who mends a cable, and how soon?\nWhat makes a cloud region resilient?\nWhat may be seen, and who may know it?\nWho finances open systems?",
		place:      "Washington", room: "Harbor Room", days: -75, start: "09:30", end: "13:00", zone: zone,
		regime: models.ChathamHouse, capacity: 30, status: models.Held, remarks: "remarks-backbone.txt", team: fullTeam,
		items: []itemPlan{
			{"Who repairs the cables", 55, 0, "", true}, {"Cloud regions and landing points", 55, 0, "", true},
			{"Seeing and attributing", 40, models.DeepBackground, "", false}, {"Financing open systems", 55, 0, "", true},
		},
		chair: "papadaki", speakers: "oduya castellano chatterjee",
		came:     "whitlock nakagawa ochoa castellano stroud farrow rourke tanaka solberg fairbairn kim kowalczyk papadaki whitcombe okonkwo haddad nguyen sorensen oduya chatterjee kovalenko mackenzie brandt hartono ito moreau silva graves",
		absent:   "calloway",
		declined: "abernathy li quispe", unsure: "serrano", silent: "vanderberg",
	},
	{
		key: "aukus", series: 2, title: "AUKUS Pillar II in Practice: Export Licensing, Shipyards and Shared Labs",
		objectives: "Hear from yards, labs and licensing offices what slows the second pillar, and what would not.",
		questions:  "What does a license still stop?\nWhere do hands lack?\nWhich shared test would change most?\nWho else, and when?",
		place:      "London and video", room: "Thames Room", days: -40, start: "14:00", end: "17:00", zone: "Europe/London",
		private: true, regime: models.Background, capacity: 24, status: models.Held, remarks: "remarks-aukus.txt",
		team: map[string]models.TeamRole{"celeste": models.TeamRapporteur, "jonah": models.TeamAnalyst, "priya": models.TeamObserver},
		items: []itemPlan{
			{"Export licensing", 50, 0, "adeyemi", false}, {"Shipyards and hands", 50, 0, "", true}, {"Shared laboratories", 45, 0, "", true}, {"Who else, and when", 35, 0, "", true},
		},
		chair: "graves", speakers: "adeyemi mackenzie bergstrom",
		came:     "abernathy nakagawa calloway adeyemi rourke castellano stroud fairbairn tanaka kim solberg vanderberg bergstrom whitcombe li sorensen mackenzie kovalenko oduya graves ito hartono",
		declined: "okonkwo chatterjee kowalczyk", silent: "haddad moreau",
	},
	{
		key: "record", series: 2, title: "AUKUS as Announced: The Leaders’ Published Remarks",
		objectives: "The public record to read the roundtables against: what three leaders said on September 15, 2021, as the White House published it.",
		place:      "Washington, Canberra and London by video", date: "2021-09-15", start: "17:00", end: "17:12", zone: zone,
		regime: models.OnTheRecord, status: models.Closed, remarks: "remarks-published.txt",
		items: []itemPlan{{"Why now, and with whom", 5, 0, "", true}, {"The submarine program", 5, 0, "", true}, {"Science and industry", 2, 0, "", true}},
		team:  map[string]models.TeamRole{"jonah": models.TeamAnalyst},
		came:  "morrison johnson biden", speakers: "morrison johnson biden", days: -300,
	},
	{
		key: "standards", series: 1, title: "AI Standards among Allies: Who Writes the Tests?",
		objectives: "Agree on three tests that allies would recognize from one another, and on who keeps them current.",
		questions:  "Which tests exist, and who trusts them?\nWhat must be tested together?\nWho pays for the laboratory?",
		place:      "Washington", room: "Lindgren Room, fourth floor", days: 9, start: "10:00", end: "12:30", moved: "09:00", zone: zone,
		private: true, regime: models.ChathamHouse, capacity: 12, status: models.Scheduled, team: fullTeam,
		items: []itemPlan{{"Tests that exist, and who trusts them", 45, 0, "stroud", false}, {"What must be tested together", 50, 0, "", false}, {"Who pays for the laboratory", 45, models.DeepBackground, "", false}},
		targets: map[models.Sector]int{
			models.Congress: 2, models.Agencies: 3, models.Diplomats: 3, models.Academia: 2, models.CivilSociety: 3, models.Industry: 3, models.ThinkTanks: 2,
		},
		chair: "stroud", speakers: "haddad li", cohosts: []partner{lanterne, shirasagi},
		came:     "stroud castellano nakagawa whitlock tanaka kim li bergstrom haddad chatterjee",
		again:    "vanderberg graves",
		declined: "calloway serrano okonkwo", unsure: "fairbairn moreau", silent: "abernathy solberg kovalenko sorensen",
		withdrawn: "silva", waiting: "ito brandt", later: "papadaki nguyen hollis whitcombe rangarajan",
	},
	{
		key: "lending", series: 1, title: "Open Systems, Open Lending: Development Banks and Digital Infrastructure",
		objectives: "Bring lenders, borrowers and builders together on terms for cables and regions that stay open.",
		questions:  "Which terms keep a financed network open?\nWho looks after them once the loan is repaid?",
		place:      "Brussels and video", room: "Salle Horta", days: 34, start: "14:00", end: "17:00", zone: "Europe/Brussels",
		regime: models.ChathamHouse, capacity: 24, status: models.Scheduled,
		team:  map[string]models.TeamRole{"tobias": models.TeamLead, "jonah": models.TeamAnalyst},
		items: []itemPlan{{"Terms that keep a network open", 60, 0, "", false}, {"After the loan is repaid", 60, 0, "", false}},
		targets: map[models.Sector]int{
			models.Congress: 2, models.Agencies: 3, models.Diplomats: 4, models.Academia: 2, models.CivilSociety: 4, models.Industry: 3, models.ThinkTanks: 3,
		},
		chair: "silva", speakers: "okonkwo",
		came: "silva okonkwo haddad vanderberg", unsure: "rangarajan", declined: "rourke",
		silent: "ochoa stroud farrow solberg kim papadaki nguyen quispe sorensen oduya chatterjee hartono moreau",
		later:  "graves tuck whitlock",
	},
	{
		key: "eyes", series: 0, title: "Five Eyes on the Supply Chain: Sharing Risk Intelligence with Industry",
		objectives: "Find out what industry would report if it knew what became of it.",
		place:      "Ottawa", days: 62, start: "09:00", end: "12:00", zone: "America/Toronto",
		private: true, regime: models.ChathamHouse, capacity: 16, status: models.Draft,
		team:    map[string]models.TeamRole{"tobias": models.TeamAnalyst},
		targets: map[models.Sector]int{models.Agencies: 4, models.Industry: 5, models.Diplomats: 3},
		items:   []itemPlan{{"What industry sees first", 60, 0, "", false}},
		later:   "farrow adeyemi castellano fairbairn kowalczyk brandt oduya mackenzie serrano whitlock",
	},
}

// keys lists the keys in a field of a plan.
func keys(s string) []string { return strings.Fields(s) }

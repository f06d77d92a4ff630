package example

import "rotunda/models"

// themePlan is a theme of the example. Insights are named by their roundtable
// and how they begin: "backbone: There are about sixty ships".
type themePlan struct {
	key     string
	series  int
	days    int // from today
	words   models.ThemeInput
	revised string // the statement as it was put two days later, empty for never
	backs   []string
	but     []string
	against []string
}

var themePlans = []themePlan{
	{
		key: "recognition", series: 0, days: -195,
		words: models.ThemeInput{
			Statement:  "Accepting one another's tests would free more supply of mature chips, sooner, than another plant.",
			Likelihood: 5, Confidence: models.ModerateConfidence, Basis: "Several people who test or buy parts said so independently; nobody had measured it.",
			Dissent: "A supplier of forty people fears that shared certification favors the largest firms.",
			Gaps:    "No customs service and no insurer was in the room.", Memo: "Ask the laboratory for the two-page protocol before this goes further.",
		},
		backs: []string{
			"chips: Adding capacity at home is popular", "chips: Accept one another's reliability tests", "chips: Three trusted-foundry schemes among allies",
			"chips: Start with one part family",
		},
		but: []string{"chips: A fingerprint of the process can be measured"}, against: []string{"chips: Certification will favor the largest firms"},
	},
	{
		key: "offtake", series: 0, days: -108,
		words: models.ThemeInput{
			Statement:  "Signed offtake, and not announcements, decides whether a mine or a refinery is built.",
			Confidence: models.HighConfidence, Basis: "Counts of projects and of money drawn, from people on both sides of the contract.",
			Dissent: models.NoDissent, Gaps: "Nobody spoke for the lenders.",
		},
		backs: []string{
			"minerals: Of the fourteen projects announced", "minerals: An announcement is a price signal", "minerals: Buyers do not need one more dialogue",
			"minerals: Each dollar lent against a public offtake", "minerals: Pool the demand of twenty", "minerals: I can defend a purchase",
		},
		but: []string{"minerals: The supply-chain agreement gave us a telephone list"},
	},
	{
		key: "floor", series: 0, days: -106,
		words: models.ThemeInput{
			Statement:  "A floor price that is tied to delivery would bring refining to partner countries.",
			Likelihood: 4, Confidence: models.LowConfidence, Basis: "Strong interests on both sides and no floor that could be studied.",
			Dissent: "Several participants would not vote for it: as a guarantee without a destination, as an option that nobody has priced, and as a preference scheme.",
			Gaps:    "Who would pay, and until when.",
		},
		revised: "A floor price that is tied to delivery could bring refining to partner countries, if somebody is named who pays for it.",
		backs: []string{
			"minerals: Give me a floor at eighty percent", "minerals: Tie the floor to delivery", "minerals: One more price collapse of the kind",
			"minerals: The first two countries to agree on a common floor", "minerals: Price is also a weapon",
		},
		but:     []string{"minerals: A floor is a put option", "minerals: For munitions we will pay"},
		against: []string{"minerals: I will not vote to guarantee", "minerals: Call it by its name: a preference scheme"},
	},
	{
		key: "consent", series: 0, days: -104,
		words: models.ThemeInput{
			Statement:  "Communities that read the contract before it is signed take fewer projects to court.",
			Likelihood: 6, Confidence: models.ModerateConfidence, Basis: "One northern comparison, and what four communities report.",
			Dissent: "A producer holds that without a premium for consent the standard is a fine.", Gaps: "No court and no regulator was heard.",
		},
		backs: []string{
			"minerals: Consultation that begins after the financing", "minerals: In our north, agreements that share revenue",
			"minerals: My county is not against mining", "minerals: Delay has a price",
		},
		but: []string{"minerals: Publish water data hourly"}, against: []string{"minerals: Responsible producers are underbid"},
	},
	{
		key: "repair", series: 1, days: -68,
		words: models.ThemeInput{
			Statement:  "Repair, more than protection, is the weak point of undersea cables: ships, crews and permits are short in every ocean.",
			Confidence: models.HighConfidence, Basis: "Figures from operators, yards and governments agree with each other.",
			Dissent: "One participant holds that customers will not pay for faster repair, so that ships bought with public money would stand idle.",
			Gaps:    "No insurer was in the room, and no port authority.",
		},
		backs: []string{
			"backbone: There are about sixty ships", "backbone: More than half of the splicing engineers", "backbone: We protect the cable for a billion",
			"backbone: A repair ship takes thirty months", "backbone: Island states are offered patrols", "backbone: If nothing is ordered this year",
		},
		but: []string{"backbone: Order three ships together"}, against: []string{"backbone: Before we subsidize ships"},
	},
	{
		key: "clearance", series: 1, days: -67,
		words: models.ThemeInput{
			Statement:  "Ships that are cleared in advance would mend cables sooner than ships that are merely added.",
			Likelihood: 6, Confidence: models.ModerateConfidence, Basis: "One repair counted day by day, and a precedent with search-and-rescue aircraft.",
			Dissent: models.NoDissent, Gaps: "Governments whose waters would be entered were not all heard.",
		},
		backs: []string{
			"backbone: A repair in our waters took eleven days", "backbone: Clear repair ships in advance", "backbone: Put a repair ship on a standing retainer",
			"backbone: In the north we found that coast guards", "backbone: The southern ocean routes",
		},
	},
	{
		key: "portability", series: 1, days: -66,
		words: models.ThemeInput{
			Statement:  "Being able to leave, more than owning, makes a cloud region safe to depend on.",
			Likelihood: 5, Confidence: models.ModerateConfidence, Basis: "Three outages studied by one participant, and agreement between a provider and its critics.",
			Dissent: "Nobody objected to portability; who should own the landing point stayed open.", Gaps: "No bank and no hospital described a move of its own.",
		},
		backs: []string{
			"backbone: Ask for portability tests", "backbone: When two firms own the cable", "backbone: Data localization is sold as security",
			"backbone: If each government wants its own region",
		},
		but: []string{"backbone: A cloud region is sited by three things", "backbone: We choose vendors by the financing"},
	},
	{
		key: "permits", series: 2, days: -33,
		words: models.ThemeInput{
			Statement:  "Permits that were written for items do not fit teams that work together every day.",
			Confidence: models.HighConfidence, Basis: "Yards, laboratories and licensing staff describe the same cases.",
			Dissent: "One participant holds that the law is no obstacle any longer, and that the habit of asking is.", Gaps: "Whether a leak would be told across the three.",
		},
		backs: []string{
			"aukus: The exemption covers the item", "aukus: A test article crossed the ocean", "aukus: Approve communities, not transactions",
			"aukus: Software will break this before hardware", "aukus: Exemptions written as lists",
		},
		but: []string{"aukus: Speed is discussed as though oversight"}, against: []string{"aukus: I do not agree that the law is the obstacle"},
	},
}

// recommendationPlan is a recommendation of the example and what became of it.
type recommendationPlan struct {
	key     string
	series  int
	days    int
	themes  []string
	codes   []string // keys of fronts and forums
	pillars int
	words   models.RecommendationText
	draft   string // the title as it was drafted first, empty for the same
	panel   panelPlan
}

// panelPlan is an evaluation. Evaluators are keys of staff or of outsiders.
type panelPlan struct {
	opened     int // days from today
	evaluators []string
	remarks    [][2]string // who and what, after the reveal
	closes     bool
	decision   models.DecisionInput
	decided    bool
	followUp   models.FollowUpInput
}

// outsiders evaluate by a link of their own.
var outsiders = map[string]models.PanelistInput{
	"holt":    {Name: "Maren Holt", Affiliation: "Retired cable engineer", Email: "maren.holt@cable-engineers.example"},
	"ferrant": {Name: "Lucien Ferrant", Affiliation: "Adviser on metals finance", Email: "lucien.ferrant@metals-advice.example"},
}

// conflicts are the interests that evaluators declare.
var conflicts = map[string]string{"ferrant": "I advise a fund that lends to refiners. I abstain where the fund would gain, and say so."}

var recommendationPlans = []recommendationPlan{
	{
		key: "retainer", series: 1, days: -63, themes: []string{"repair", "clearance"}, codes: []string{"networks", "quad", "nato"},
		pillars: models.Security.Mask() | models.Economics.Mask(),
		draft:   "Buy more cable-repair ships for each ocean",
		words: models.RecommendationText{
			Title:        "Put one cable-repair ship on standing retainer in each ocean, cleared in advance",
			Addressee:    "The governments of the Quad, with the northern members of NATO",
			Instrument:   "A memorandum on clearance, and one retainer contract for each ocean",
			Action:       "Name a ship for each ocean. Clear it for a year at a time in all waters of those who sign. Pay it to stand ready, and share the cost by traffic landed.",
			Timeline:     "The memorandum within nine months; the first ship within eighteen.",
			Cost:         "What a ship costs to stand ready, divided among those who sign; to be put out to tender.",
			Dependencies: "The list of spare cable by type and depot that was promised at the roundtable.",
			Risk:         "A ship that stands idle looks like waste, and is cut first.",
			Mitigation:   "Count days to repair in public, ocean by ocean, from the first year.",
			Measure:      "Half of all faults mended within seven days, measured yearly.",
			Alternatives: "Building three public ships: dearer, and thirty months away. A premium paid by operators: their customers would not pay it.",
		},
		panel: panelPlan{
			opened: -58, evaluators: []string{"priya", "idris", "celeste", "holt"}, closes: true, decided: true,
			remarks: [][2]string{
				{"holt", "I would like to see one figure for what an outage costs at home. Without it the second criterion is a belief."},
				{"celeste", "For the first criterion, look at the clearance and not at the ship: it is agreed before anything happens."},
			},
			decision: models.DecisionInput{
				Adopt: true, Reason: "It meets two criteria, and nobody on the panel thinks that it sets any of the three back.",
				Uncertainty: "What it does for Americans is unclear: traffic has other paths, and no figure exists for what an outage costs at home.",
			},
			followUp: models.FollowUpInput{
				Status:   models.FollowUpPartly,
				Response: "Two of the governments addressed answered that clearance for a year can be granted by decree; the retainer awaits a budget.",
				Uptake:   "The wording on clearance appears in a published working paper of one of them.",
			},
		},
	},
	{
		key: "region", series: 1, days: -62, themes: []string{"portability"}, codes: []string{"networks", "oecd"}, pillars: models.Technology.Mask(),
		words: models.RecommendationText{
			Title:      "Require every ally to keep a cloud region of its own",
			Addressee:  "The members of the OECD, through their digital ministries",
			Instrument: "A common rule on where public records are kept",
			Action:     "Oblige providers to serve public bodies from a region within the country, and each country to have one.",
			Timeline:   "Within five years.", Cost: "One region for each country that has none.",
			Dependencies: "Power and fiber enough for a region in each country.",
			Risk:         "Each user pays for a copy that makes nobody safer.", Mitigation: "Exempt the smallest members.",
			Measure: "The share of public records that are kept at home.", Alternatives: "Tests of portability, which the room preferred.",
		},
		panel: panelPlan{
			opened: -57, evaluators: []string{"priya", "amara", "holt"}, closes: true, decided: true,
			remarks: [][2]string{{"holt", "It would be another matter for one or two exposed allies. That is not what the text says."}},
			decision: models.DecisionInput{
				Reason: "It fails two of the three criteria. What was said for it speaks for portability, which is a recommendation still to be written.",
			},
		},
	},
	{
		key: "floor", series: 0, days: -24, themes: []string{"floor", "offtake"}, codes: []string{"coalitions", "g7", "quad"},
		pillars: models.Economics.Mask() | models.Alliances.Mask(),
		words: models.RecommendationText{
			Title:        "Guarantee a floor price for metal that partners refine and deliver to each other",
			Addressee:    "The finance ministries of the G7",
			Instrument:   "A contract for difference, paid only while the market stands below the floor",
			Action:       "Agree on a floor for three metals. Pay the difference for metal that was refined by a partner and delivered to one.",
			Timeline:     "Terms within a year, the first contract six months later, an end after ten years.",
			Cost:         "Nothing while the market stands above the floor; capped at a sum that is voted each year.",
			Dependencies: "A standard offtake contract, and one way of measuring purity.",
			Risk:         "The floor becomes the ceiling, or a preference scheme under another name.",
			Mitigation:   "Open it to producers that refine for themselves, and review it every second year.",
			Measure:      "Tonnes refined outside of the largest refiner's country.",
			Alternatives: "Grants, which draw less private money. Stocks of intermediates, which help in a crisis and build nothing.",
		},
		panel: panelPlan{
			opened: -17, evaluators: []string{"amara", "tobias", "idris", "priya", "ferrant"},
			remarks: [][2]string{
				{"idris", "Who pays? If the text named one purse I could score the second criterion and not guess it."},
				{"tobias", "The cap that is voted each year is meant as the answer. We could say it more plainly."},
			},
		},
	},
}

// promisePlan is a commitment that the team wrote down itself.
type promisePlan struct {
	room, who, what string
	written, due    int // days from today
	state           models.CommitmentState
	outcome         string
}

var promisePlans = []promisePlan{
	{"backbone", "Idris Halloran", "Draw the map of depots and ships that three participants asked for.", -74, 12, models.CommitmentOpen, ""},
	{"backbone", "Jonah Tremblay", "Send the clauses on damage outside territorial waters around for comment.", -74, -9, models.CommitmentOpen, ""},
	{"minerals", "Celeste Varga", "Make the one table of who finances what, and keep it current.", -119, -60, models.CommitmentDone, "On the roundtable's page since the spring."},
	{"aukus", "Tobias Achterberg", "Ask the yards whether the group can meet in one of them.", -39, 20, models.CommitmentOpen, ""},
}

// keptPlan says what became of a promise that was captured in the room.
type keptPlan struct {
	insight string
	days    int
	state   models.CommitmentState
	outcome string
}

var keptPlans = []keptPlan{
	{"minerals: We will publish a standard offtake contract", -70, models.CommitmentDone, "Published; two of the group have sent changes."},
	{"minerals: If the shipyards' association agrees", -50, models.CommitmentDropped, "The association did not agree."},
	{"backbone: We will list spare cable by type", -30, models.CommitmentDone, "Eleven operators are on the list."},
}

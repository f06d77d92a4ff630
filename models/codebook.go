package models

// CodeKind says which part of the codebook a code belongs to. Zero is none.
type CodeKind int

// The parts of the codebook, in its order.
const (
	CodeNone CodeKind = iota
	CodePillar
	CodeAction
	CodeFront
	CodeForum
	CodeTag
)

// CodeKinds lists the parts in the order of the codebook.
var CodeKinds = []CodeKind{CodePillar, CodeAction, CodeFront, CodeForum, CodeTag}

var codeKindWords = [...]struct{ key, name string }{
	{"", "No code"}, {"pillar", "Pillar"}, {"action", "Strategic action"},
	{"front", "Front"}, {"forum", "Forum"}, {"tag", "Tag"},
}

// Key returns the word that forms and files use.
func (k CodeKind) Key() string { return codeKindWords[k.read()].key }

// Name returns the name shown to people.
func (k CodeKind) Name() string { return codeKindWords[k.read()].name }

// Word returns the name within a sentence, of one code of the kind.
func (k CodeKind) Word() string {
	switch k {
	case CodePillar:
		return "pillar"
	case CodeAction:
		return "strategic action"
	case CodeFront:
		return "front"
	case CodeForum:
		return "forum"
	}
	return "tag"
}

func (k CodeKind) read() CodeKind {
	if k < CodeNone || k > CodeTag {
		return CodeNone
	}
	return k
}

// ParseCodeKind reads a key as Key writes it.
func ParseCodeKind(key string) (CodeKind, bool) {
	for i, w := range codeKindWords {
		if i > 0 && w.key == key {
			return CodeKind(i), true
		}
	}
	return CodeNone, false
}

// Code is one entry of the codebook: what it means and how to apply it. Key is
// what a capture line calls it, as are its aliases.
type Code struct {
	Kind         CodeKind
	Key          string
	Name         string
	Definition   string
	UseWhen      string
	DoNotUseWhen string
	Example      string
	Pillar       Pillar // a pillar's own, or the one that an action belongs to
	Aliases      []string
	Colour       string // the key of one of CodeColours, or nothing
	Shortcut     string // one small letter that stands for it after its sign, or nothing
}

// DefaultCodes returns the codebook that a new institute starts with, in
// codebook order. It has no tags: those are the institute's own.
func DefaultCodes() []Code {
	var out []Code
	for _, part := range [][]Code{defaultPillars, defaultActions, defaultFronts, defaultForums} {
		for _, c := range part {
			c.Aliases = append([]string(nil), c.Aliases...)
			out = append(out, c)
		}
	}
	return out
}

var defaultPillars = []Code{
	{
		Kind: CodePillar, Key: "security", Name: "Security", Pillar: Security,
		Definition:   "Defense, deterrence and the protection of people, networks and infrastructure, alone or with allies.",
		UseWhen:      "The statement is about a threat, a defense capability, or how technology changes either.",
		DoNotUseWhen: "Security is only the reason given for a trade or standards measure; use that pillar first.",
		Example:      "Undersea cables need a shared repair fleet before the next crisis, not after it.",
		Aliases:      []string{"s", "sec"},
	},
	{
		Kind: CodePillar, Key: "technology", Name: "Technology", Pillar: Technology,
		Definition:   "Critical and emerging technologies, their standards and their governance.",
		UseWhen:      "The statement is about artificial intelligence, telecom, quantum, data rules or who sets a standard.",
		DoNotUseWhen: "A technology is named only as an example of a product that is bought or sold.",
		Example:      "Whoever tests the models will write the standard for testing them.",
		Aliases:      []string{"t", "tech"},
	},
	{
		Kind: CodePillar, Key: "economics", Name: "Economics", Pillar: Economics,
		Definition:   "Trade, investment, industry, supply chains and the money behind innovation.",
		UseWhen:      "The statement is about prices, capital, export controls, production or dependence on a supplier.",
		DoNotUseWhen: "Cost is mentioned in passing in a statement about something else.",
		Example:      "A second source for gallium costs less than one month without any.",
		Aliases:      []string{"e", "eco"},
	},
	{
		Kind: CodePillar, Key: "alliances", Name: "Alliances", Pillar: Alliances,
		Definition:   "Treaty allies and partnerships: how they are kept, shared and renewed.",
		UseWhen:      "The statement is about what allies owe one another, or how a pact or partnership should work.",
		DoNotUseWhen: "An ally is only where something happened.",
		Example:      "The pact is sound; its committees still meet as if it were 1995.",
		Aliases:      []string{"a", "all"},
	},
	{
		Kind: CodePillar, Key: "diplomacy", Name: "Diplomacy", Pillar: Diplomacy,
		Definition:   "Negotiation, multilateral forums, norms and how a country makes its case abroad.",
		UseWhen:      "The statement is about a negotiation, a forum, a norm, or persuading a third country.",
		DoNotUseWhen: "A forum is named only for a standard it published; use Technology.",
		Example:      "An empty chair in the working group is a vote for the other draft.",
		Aliases:      []string{"d", "dip"},
	},
}

var defaultActions = []Code{
	{
		Kind: CodeAction, Key: "defense-technology", Pillar: Security,
		Name:         "Expand defense and technology collaboration in critical and emerging domains",
		Definition:   "Working with allies on defense and on the technologies that decide it: cyber, space, undersea, artificial intelligence.",
		UseWhen:      "Somebody proposes, weighs or reports joint work on a capability.",
		DoNotUseWhen: "The capability is purely national and no partner is meant.",
		Example:      "Share test ranges, and the data follow.",
	},
	{
		Kind: CodeAction, Key: "global-standards", Pillar: Technology,
		Name:         "Build coalitions that set global standards in AI, telecom, and digital governance",
		Definition:   "Bringing countries and companies together so that open standards win.",
		UseWhen:      "The statement is about who writes a standard, or with whom.",
		DoNotUseWhen: "It is about complying with a standard that exists.",
		Example:      "Five delegations with one draft beat fifteen with a view.",
	},
	{
		Kind: CodeAction, Key: "trusted-supply", Pillar: Economics,
		Name:         "Secure innovation ecosystems and trusted supply chains through allied cooperation",
		Definition:   "Keeping research, production and supply among partners that can be relied on.",
		UseWhen:      "The statement is about sourcing, stockpiles, screening or joint production.",
		DoNotUseWhen: "It is about trade in general, without a partner or a dependence.",
		Example:      "Qualify two plants in two countries before subsidizing a third in one.",
	},
	{
		Kind: CodeAction, Key: "agile-partnerships", Pillar: Alliances,
		Name:         "Refresh traditional pacts and forge agile new partnerships for the technology age",
		Definition:   "Renewing old commitments and making small, quick groups where those are too slow.",
		UseWhen:      "The statement is about the form, pace or membership of a partnership.",
		DoNotUseWhen: "It is about what one existing partnership decided.",
		Example:      "Start with three that can move, and leave the door open.",
	},
	{
		Kind: CodeAction, Key: "democratic-norms", Pillar: Diplomacy,
		Name:         "Leverage multilateral forums to reinforce democratic norms and open systems",
		Definition:   "Using the bodies that exist to keep rules open and answerable.",
		UseWhen:      "The statement is about steering, reforming or contesting a multilateral body.",
		DoNotUseWhen: "A body is a source of figures only.",
		Example:      "Win the secretariat's agenda and the communiqué writes itself.",
	},
}

var defaultFronts = []Code{
	{
		Kind: CodeFront, Key: "alliances", Name: "Modernizing traditional alliances",
		Definition:   "NATO, Five Eyes and bilateral treaties: secure cyber and AI domains, resilience in supply chains and critical infrastructure, collaborative innovation leadership.",
		UseWhen:      "The statement is about adapting a standing alliance.",
		DoNotUseWhen: "The group was made in recent years for one purpose; use coalitions.",
		Example:      "Resilience targets should be as binding as spending targets.",
		Aliases:      []string{"traditional", "traditional-alliances", "modernizing"},
	},
	{
		Kind: CodeFront, Key: "coalitions", Name: "New tech and economic coalitions",
		Definition:   "Quad, AUKUS, IPEF and other flexible minilaterals: technology standards, innovation funding, secure supply chains.",
		UseWhen:      "The statement is about a small, purpose-made group of countries.",
		DoNotUseWhen: "The group is open to all; use multilateral.",
		Example:      "The second pillar needs an export license that takes days.",
		Aliases:      []string{"minilaterals", "tech-coalitions", "economic-coalitions"},
	},
	{
		Kind: CodeFront, Key: "networks", Name: "Innovation and supply-chain networks",
		Definition:   "Coordinated research and development, trusted production ecosystems, infrastructure investment and the security of the digital backbone.",
		UseWhen:      "The statement is about firms, laboratories or infrastructure that hang together across borders.",
		DoNotUseWhen: "Only governments are meant.",
		Example:      "Half of the splicing engineers in the allied fleet retire within eight years.",
		Aliases:      []string{"supply-chains", "supply-networks", "innovation-networks"},
	},
	{
		Kind: CodeFront, Key: "multilateral", Name: "Multilateral platforms",
		Definition:   "G7, OECD, WTO, World Bank: shaping international norms and contesting authoritarian influence over global rules and standards.",
		UseWhen:      "The statement is about a body with rules and a broad membership.",
		DoNotUseWhen: "It is about a treaty alliance; use alliances.",
		Example:      "Accession talks are the last time a newcomer listens.",
		Aliases:      []string{"platforms", "multilaterals"},
	},
}

var defaultForums = []Code{
	forum("nato", "NATO", "The North Atlantic Treaty Organization and its bodies.", "The Alliance's readiness list is the only one that is checked."),
	forum("five-eyes", "Five Eyes", "Intelligence sharing among Australia, Canada, New Zealand, the United Kingdom and the United States.", "Sharing works because the formats were agreed decades ago.", "fvey"),
	forum("quad", "Quad", "Australia, India, Japan and the United States working together in the Indo-Pacific.", "Maritime awareness is where four navies need no treaty."),
	forum("aukus", "AUKUS", "The partnership of Australia, the United Kingdom and the United States on submarines and advanced capabilities.", "The yards will decide the timetable."),
	forum("ipef", "IPEF", "The Indo-Pacific Economic Framework for Prosperity.", "The supply-chain agreement is the part that bites."),
	forum("g7", "G7", "The Group of Seven and its working groups.", "Seven finance ministries can move faster than seven trade ministries."),
	forum("oecd", "OECD", "The Organisation for Economic Co-operation and Development.", "Peer review embarrasses where a court cannot reach."),
	forum("wto", "WTO", "The World Trade Organization, its agreements and disputes.", "Without an appeal every ruling is an opinion."),
	forum("world-bank", "World Bank", "The World Bank Group and its lending.", "Procurement rules are the standard that borrowers meet first.", "wb"),
	forum("bilateral", "Bilateral treaties", "A treaty or standing arrangement between two countries.", "The two capitals settled in a week what the forum left open.", "bilaterals", "treaties"),
}

func forum(key, name, definition, example string, aliases ...string) Code {
	return Code{
		Kind: CodeForum, Key: key, Name: name, Definition: definition,
		UseWhen:      "The statement is about " + name + " itself, what it does, or what it should do.",
		DoNotUseWhen: "It is named only in a list, or as the place of a meeting.",
		Example:      example,
		Aliases:      aliases,
	}
}

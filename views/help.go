package views

import (
	"slices"
	"strings"

	"rotunda/models"
)

// HelpPage lists the topics of help, or those that a search finds.
type HelpPage struct {
	Page
	Query  string
	Topics []HelpTopic
}

// HelpTopicPage is one topic.
type HelpTopicPage struct {
	Page
	Topic HelpTopic
	Next  HelpTopic // the topic after, empty at the end
}

// HelpTopic is one page of help.
type HelpTopic struct {
	Slug, Title, Summary string
	Icon                 string
	Sections             []HelpSection
}

// HelpSection is a part of a topic: steps in order, sentences, and rows of a
// term and what it means. Any of them may be empty.
type HelpSection struct {
	Heading string
	Steps   []string
	Text    []string
	// Head and Rows are a table; Code: the first column is typed as it stands.
	Head []string
	Rows [][]string
	Code bool
}

// HelpTopics returns every topic in the order of the work.
func HelpTopics() []HelpTopic {
	return slices.Concat(helpTasks, []HelpTopic{helpGrammar(), helpRules(), helpKeys()})
}

// FindHelp lists the topics in which every word of the query begins a word,
// those with it in their title first. An empty query finds all.
func FindHelp(query string) []HelpTopic {
	var titled, summed, others []HelpTopic
	asked := models.Tokens(query)
	for _, t := range HelpTopics() {
		switch {
		case begins(asked, t.Title):
			titled = append(titled, t)
		case begins(asked, t.Title+" "+t.Summary):
			summed = append(summed, t)
		case begins(asked, t.words()):
			others = append(others, t)
		}
	}
	return slices.Concat(titled, summed, others)
}

func begins(asked []string, text string) bool {
	words := models.Tokens(text)
	for _, a := range asked {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a) }) {
			return false
		}
	}
	return true
}

func (t HelpTopic) words() string {
	all := []string{t.Title, t.Summary}
	for _, s := range t.Sections {
		all = append(append(append(all, s.Heading), s.Steps...), s.Text...)
		for _, row := range s.Rows {
			all = append(all, row...)
		}
	}
	return strings.Join(all, " ")
}

// helpGrammar says what a capture line understands, from the grammar's own
// words.
func helpGrammar() HelpTopic {
	signs := [][]string{
		{"@s7  @name", "Who said it: a seat code, or a name from the guest list. An unknown name is kept as “unresolved” for the team."},
	}
	for i, p := range models.Pillars {
		meaning := p.Name() + "."
		if i == 0 {
			meaning += " The first pillar of a line is the primary one."
		}
		signs = append(signs, []string{"#" + strings.ToLower(p.Letter()), meaning})
	}
	for _, k := range models.Kinds {
		signs = append(signs, []string{"!" + k.Key(), k.Name() + "."})
	}
	signs = append(signs,
		[]string{"^front", "A strategic front, by its mark in the codebook."}, []string{"%forum", "An alliance or forum, as in %nato."},
		[]string{"+tag", "A tag. An unknown one stays in the text, and can be added with one click."})
	for _, c := range models.Completions("=", models.Vocabulary{}) {
		signs = append(signs, []string{"=" + c.Insert, c.Label + ": a stricter rule for this line alone."})
	}
	signs = append(signs,
		[]string{"“…”", "Words quoted as they were said."}, []string{"~", "At the start: contradicts the newest insight that stood on your screen when you began the line."},
		[]string{">>@s7", "A commitment by that speaker."}, []string{`\#`, "A backslash before a sign writes the sign."})
	return HelpTopic{
		Slug: "grammar", Title: "The capture line", Summary: "Every sign that a line understands.", Icon: "message-square",
		Sections: []HelpSection{
			{Text: []string{
				"One line is one insight. Signs are taken out of the text; what is left is what was said.",
				"A sign begins the line or follows a space or an opening bracket. Only a known word makes one: “#1”, “+5 %” and an e-mail address stay text.",
			}},
			{Heading: "Signs", Head: []string{"Type", "It means"}, Rows: signs, Code: true},
			{Heading: "An example", Rows: [][]string{{"@s4 Permits take two years #e +permits !evidence", "What the speaker in seat 4 said, under Economics, tagged “permits”, as evidence."}}, Code: true},
		},
	}
}

// helpRules says the attribution rules as the program applies them.
func helpRules() HelpTopic {
	var guests, outside, who [][]string
	for _, r := range models.Regimes {
		guests = append(guests, []string{r.Name(), r.GuestSentence()})
		outside = append(outside, []string{r.Name(), capital(r.Outside()) + "."})
	}
	for _, s := range []models.InsightState{models.Captured, models.Reviewed, models.Released} {
		row := []string{s.Name()}
		for _, a := range []models.Audience{models.Team, models.Staff, models.Partner, models.Public} {
			row = append(row, yesOrNo(models.StateVisible(s, a)))
		}
		who = append(who, row)
	}
	return HelpTopic{
		Slug: "attribution", Title: "Attribution rules", Summary: "Who is told what about who said something.", Icon: "shield-check",
		Sections: []HelpSection{
			{Heading: "What a guest is promised", Head: []string{"Rule", "In one sentence"}, Rows: guests},
			{Heading: "What others see of the speaker", Head: []string{"Rule", "Others see"}, Rows: outside},
			{Heading: "Which insights exist for whom", Head: []string{"State", "The team", "Other staff", "Partners", "Public"}, Rows: who, Text: []string{
				"The team of a roundtable reads everything that was said there, with its speakers. Nothing said off the record keeps a speaker, for anyone.",
			}},
			{Heading: "Which rule holds", Text: []string{
				"The strictest of four: the roundtable’s, the agenda item’s at that moment, the line’s own, and the speaker’s wish.",
				"A rule can be made stricter at any time. It is never loosened without the consent of everyone it protects; the author may take back their own stricter rule within two minutes.",
				"Under the " + models.ChathamHouse.Name() + " a sector is shown only where enough people of it, from enough organizations, were in the room; otherwise the group, or nothing.",
				"On deep background others read a paraphrase that the team wrote, and nothing until it is ready.",
			}},
			{Heading: models.ChathamHouse.Name() + ", word for word", Text: []string{models.ChathamHouseRule}},
		},
	}
}

func yesOrNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// helpKeys is the map of the keyboard.
func helpKeys() HelpTopic {
	return HelpTopic{
		Slug: "keys", Title: "Keys", Summary: "Everything that the keyboard does.", Icon: "keyboard",
		Sections: []HelpSection{
			{Heading: "Everywhere", Code: true, Rows: [][]string{
				{"/", "Search"}, {"g then h, r, p", "Home, Roundtables, People"}, {"g then i, a, t, o, m, b", "Insights, Analysis, Themes, Recommendations, Commitments, Briefs"},
				{"g then c, s", "Codebook, Settings"}, {"n", "New, where the page can add something"},
				{"?", "The most important keys"}, {"Esc", "Close, or clear the selection"},
			}},
			{Heading: "Lists", Code: true, Rows: [][]string{
				{"j, k", "Next and previous row"}, {"Enter", "Open the row"}, {"x", "Select the row"}, {"Shift x", "Select every row up to it"},
			}},
			{Heading: "Insights", Code: true, Rows: [][]string{
				{"1 to 5", "Put a pillar on the chosen insights, or take it off: S, T, E, A, D"}, {"f, t", "Choose a front or a tag for them"}, {"e", "Edit the insight"},
			}},
			{Heading: "Synthesis board", Code: true, Rows: [][]string{
				{"j, k", "The card below or above"}, {"l, h", "The card in the next or the previous column"}, {"Shift l, Shift h", "Move the card, and those selected with it, there"},
				{"x", "Select the card"}, {"m", "Choose where the selected cards go"},
			}},
			{Heading: "Capture", Code: true, Rows: [][]string{
				{"Enter", "Save the line"}, {"Shift Enter", "A new line in the text"}, {"Tab", "Take the suggestion"}, {"↓", "The next suggestion"},
				{"↑ in an empty line", "Edit your last line"}, {"Ctrl Z or ⌘ Z in an empty line", "Take your last line away"}, {"Alt 1 to Alt 5", "Put a pillar on the line, or take it off"},
				{"Alt S", "The last speaker again"}, {"Alt D", "A dissent from the newest line"}, {"Alt N", "The next agenda item"},
			}},
			{Text: []string{"Single-letter keys can be switched off under Appearance and keyboard."}},
		},
	}
}

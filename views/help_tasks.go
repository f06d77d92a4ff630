package views

// helpTasks are the topics that walk through a task. They say what the program
// does; what follows from a rule or a table is made from it in help.go.
var helpTasks = []HelpTopic{
	{
		Slug: "convene", Title: "Convene a roundtable", Summary: "From a question to a date, an agenda and a team.", Icon: "calendar-plus",
		Sections: []HelpSection{
			{Steps: []string{
				"Under Roundtables, choose New roundtable. A title is enough to begin with; it stays a draft until you schedule it.",
				"Set the date, the time zone, the place and the number of seats. The roundtable keeps its own local time.",
				"Choose the attribution rule and whether the roundtable is public or private. A private one exists for its team, its co-hosts and its guests alone.",
				"Add agenda items. An item may have a stricter rule of its own.",
				"Choose the team: a lead decides on the rule, the team and what is released; a rapporteur captures; an analyst tags, reviews and exports; an observer reads.",
				"Press Schedule. Guests can be invited from then on.",
			}},
			{Heading: "When something changes", Text: []string{
				"Moving the date asks everyone who accepted whether they can still come. A new place or title tells them. Canceling tells them why.",
				"Duplicate, in the menu of a roundtable, makes a new draft from it.",
			}},
		},
	},
	{
		Slug: "import", Title: "Import people", Summary: "Bring a list of contacts in, and see what would happen first.", Icon: "upload",
		Sections: []HelpSection{
			{Steps: []string{
				"Under People, choose Import and pick a file: CSV with any separator and encoding, also gzipped, or Excel.",
				"Check which column goes where. Columns without a place are named and left out.",
				"Read the preview: every row is new, an update, unchanged, a possible duplicate, or has an error.",
				"Commit. With an error in any row nothing is saved, unless you choose to import the good rows alone.",
			}},
			{Text: []string{
				"Names are never written in another case. Possible duplicates are left out unless you choose them.",
				"A saved import can be taken back as a whole.",
			}},
		},
	},
	{
		Slug: "invite", Title: "Invite guests", Summary: "Lists, waves, personal links, answers and who came.", Icon: "send",
		Sections: []HelpSection{
			{Steps: []string{
				"On the Guests tab, add people from the directory. They start on the shortlist.",
				"Select guests and choose Invite. Read the message before it goes; each guest gets an own message with an own link and calendar entry.",
				"Watch on the Overview how many of each sector come, and remind those who have not answered.",
				"Record answers that came by phone or letter, and on the day who attended. Walk-ins are added there too.",
			}},
			{Heading: "The personal link", Text: []string{
				"A guest answers by a link of their own, without an account, and can change the answer until the deadline.",
				"A link can be revoked, and a new one sent. It shows the invitation and no other guest.",
				"A full table offers the waiting list. Nobody is promoted from it by itself unless the roundtable says so.",
			}},
		},
	},
	{
		Slug: "capture", Title: "Capture what is said", Summary: "One line for each insight, while the room talks.", Icon: "message-square",
		Sections: []HelpSection{
			{Steps: []string{
				"Open Capture from the roundtable once it is in session. Start the session and the first agenda item.",
				"Type what was said, and name the speaker by seat: “@s7”. Names never belong in the text.",
				"Look at the preview: it says under which rule the line will stand, and what others will see of the speaker.",
				"Press Enter. Without a connection the line waits and says so.",
			}},
			{Text: []string{
				"All signs are on the page about the capture line, and suggestions appear as you type them.",
				"“Off the record” keeps no speaker at all, and its words are in no search.",
			}},
		},
	},
	{
		Slug: "review", Title: "Tag, review and release", Summary: "From a captured line to something that others may read.", Icon: "tag",
		Sections: []HelpSection{
			{Steps: []string{
				"Under Insights, narrow the list down by pillar, sector, tag, state or words.",
				"Select insights and put pillars, fronts, forums and tags on them. Up to 1,000 at a time; every act can be undone.",
				"Mark them as reviewed: other staff read them from then on, as the rule allows.",
				"Release what partners and the public may read. Only a roundtable’s lead can.",
			}},
			{Heading: "The codebook", Text: []string{
				"Tags, fronts and forums are kept in the Codebook: what each means, when to use it and when not. Analysts and administrators edit it.",
				"Merging gives every insight of one tag the other, and the old word still works in a capture line. Splitting gives some insights of a tag a new one, chosen by words, pillar or kind, and shows them first.",
				"An archived tag is no longer offered; insights keep it. Every change makes a version and can be undone.",
			}},
			{Heading: "When a guest takes words back", Text: []string{
				"A guest may ask that something they said be struck. A roundtable’s lead opens the insight and chooses Strike this insight.",
				"Rotunda asks first, and names the published briefs and exported files that left before: striking does not reach those. Published briefs are marked for a correction.",
				"Struck words cannot be brought back. They leave the history, the searches, the themes and every later export; the log keeps only that an insight was struck, when and by whom.",
			}},
			{Heading: "Words that may tell who was in the room", Text: []string{
				"Before a release, Rotunda looks through the words, the tags and the agenda title for names, organizations, titles and offices of those who were there, and marks what it finds at the word.",
				"Write it without, or say why it tells nobody. What is said there counts for that roundtable alone. Nothing is released or published while a finding is open.",
				"A tag can be renamed by somebody who does not know who was there. The roundtable’s team is shown the finding; nobody else is told.",
			}},
			{Heading: "Deep background", Text: []string{"Others read the paraphrase in place of the words. Write it on the insight and mark it ready; nothing is released without it."}},
		},
	},
	{
		Slug: "analyze", Title: "Analyze", Summary: "What the rooms said, and whom they have not heard.", Icon: "gauge",
		Sections: []HelpSection{
			{Steps: []string{
				"Under Analysis, choose what stands in the rows and the columns, what is counted, and of which period, series or roundtable. Press Show.",
				"Choose a number to read the insights behind it.",
				"Look at the hatched cells: their letters name the gaps, where hardly anything was heard.",
				"Under “Who have we not heard?”, choose By topic: it lists what was talked about without a whole sector. Administrators and conveners choose Plan there and begin a roundtable with guests of those sectors proposed.",
				"Save a table or picture by the links below it, as CSV, SVG or PNG. The files hold what all staff may read.",
			}},
			{Text: []string{
				"Every table and count is made from the rows as you may read them. Two people with different rights can see different numbers, and both are right.",
				"Speakers are counted for the team of a roundtable alone. Others read how many insights stand under a sector or a group.",
				"An insight with two marks counts under both, so the numbers of a table can exceed the number of insights.",
			}},
		},
	},
	{
		Slug: "themes", Title: "Bring insights together in themes", Summary: "One sentence over what was said, with its dissent.", Icon: "lightbulb",
		Sections: []HelpSection{
			{Steps: []string{
				"Under Themes, choose New theme and write one sentence that somebody could disagree with.",
				"Say how sound its basis is and, for a forecast, how likely it is.",
				"State the dissent, or tick that none was recorded. A theme goes into a recommendation or a brief only once this is stated.",
				"Choose Add insights, or open the Board and drag cards from “Not sorted yet” to the theme.",
				"On the theme’s page, select insights and say whether they support, qualify or contradict it.",
			}},
			{Text: []string{
				"Only insights that were reviewed, and were not said off the record, go into a theme.",
				"By the keyboard: on the board, j and k move from card to card, x selects, m chooses the theme to move to. The page about keys lists all.",
				"An insight shows what became of it: its themes, their recommendations and the briefs that cite it.",
			}},
		},
	},
	{
		Slug: "recommend", Title: "Recommend and evaluate", Summary: "From themes to recommendations, judged on three criteria.", Icon: "scale",
		Sections: []HelpSection{
			{Steps: []string{
				"Under Recommendations, choose New recommendation. Begin the title with a verb, name the addressee, and choose the themes that it rests on.",
				"Under “Have it evaluated”, set the day by which scores are due and press Begin the evaluation.",
				"Invite the evaluators: colleagues, or people from outside. No mail goes out; hand each of those their own link.",
				"Wait for the first round, which is blind. Then press Reveal the scores, discuss them on the page, and press Begin the second round.",
				"Press Close the evaluation, then Adopt or Do not adopt, and say why. It cannot be adopted where one criterion fails.",
				"Afterwards record what the addressee answered and what was done, and a day on which to be reminded.",
			}},
			{Heading: "The three criteria", Steps: []string{
				"It deters great-power aggression.", "It advances the peace and prosperity of Americans.", "It advances the peace and prosperity of the world.",
			}},
			{Heading: "How a panel judges", Text: []string{
				"Each criterion stands on its own; they are never averaged together.",
				"A score of 1 to 3 says that it sets the aim back, 4 to 6 that this is unclear, 7 to 9 that it advances it. A rationale is required. Whoever has an interest in it says so, and whoever does not want to judge abstains.",
				"The verdict is “meets” with a median of 7 or more and no disagreement, “fails” with 3 or less and no disagreement, otherwise “uncertain”. With fewer than three scores it is not evaluated.",
				"Changing the text makes evaluations of the old text stale.",
			}},
		},
	},
	{
		Slug: "publish", Title: "Publish a brief", Summary: "A report that keeps the room’s promise.", Icon: "file-text",
		Sections: []HelpSection{
			{Steps: []string{
				"Under Briefs, choose New brief and say what it is made from: a roundtable, a series or a filtered list of insights.",
				"Write beside the material. Drag an insight into the text or choose Cite, which puts it where you wrote last, with the attribution that the public may read.",
				"Number the themes and the recommendations that go in, and explain every verdict that reads “Uncertain”.",
				"Ask colleagues to read it. Their comments stand beside the text until they are settled.",
				"Choose Put up for review. Somebody other than its author reads it and presses Approve.",
				"Mend what is listed under “Before publishing”, or overrule a finding with a reason. Then press Publish.",
			}},
			{Heading: "What a brief keeps to", Text: []string{
				"A brief takes only insights that were released, and shows of each speaker what the rule allows the public to see.",
				"It is frozen when it is published: the text, the insights, the numbers behind small groups and the version of the codebook.",
				"Names and organizations of the guest list, and words that point to one person, are found before publication.",
				"A private roundtable is never in a published brief.",
			}},
			{Heading: "Afterwards", Text: []string{
				"A correction is a new version, with what it corrects; readers see the difference. Withdrawing takes the brief off the public pages and leaves the reason there.",
				"The public page offers the brief as PDF and Word, and the data behind it as CSV.",
			}},
		},
	},
	{
		Slug: "commitments", Title: "Follow up commitments", Summary: "What somebody promised, until it is done.", Icon: "list",
		Sections: []HelpSection{
			{Steps: []string{
				"While capturing, write “>>@s7” in the line: the guest in that seat has promised it.",
				"On the roundtable’s Overview, choose All commitments to add others: a guest’s, or a colleague’s on the team.",
				"Give it a day. A colleague is reminded of their own by mail; of a guest’s promise, whoever noted it.",
				"Choose Done or Drop and write down what came of it. Open again takes that back.",
			}},
			{Text: []string{"What is due stands on Home and on the roundtable. Commitments, in the navigation, lists those of all your roundtables."}},
		},
	},
	{
		Slug: "requests", Title: "Answer requests for an invitation", Summary: "What the public sees of a roundtable, and who asks to come.", Icon: "user-plus",
		Sections: []HelpSection{
			{Steps: []string{
				"A public roundtable that is scheduled stands on the public pages, where anybody can request an invitation.",
				"Open its Guests tab: Requests lists who asks, with their reason.",
				"Choose Put on the list: they are on the shortlist like anybody else, and nothing is sent until you invite them. Or choose Not now; no mail goes out.",
			}},
			{Text: []string{"A private roundtable does not exist on the public pages. No guest is named there."}},
		},
	},
	{
		Slug: "export", Title: "Export", Summary: "Files for spreadsheets and for partners, as each audience may read them.", Icon: "download",
		Sections: []HelpSection{
			{Steps: []string{
				"Narrow the insights down, then choose Export.",
				"Choose for whom the file is: your team, all staff, a partner or the public. The page says what the file will tell about speakers before you download it.",
				"Download. The export is written to the audit log.",
			}},
			{Text: []string{
				"What was said off the record is left out of every file.", "The guest list, the directory of people and the codebook have an export of their own.",
				"On the server, “rotunda export insights” writes the same files.",
			}},
		},
	},
	{
		Slug: "settings", Title: "Settings and backup", Summary: "The institute, its staff, and keeping the data safe.", Icon: "settings",
		Sections: []HelpSection{
			{Heading: "In Settings", Text: []string{
				"Administrators change the institute’s name, its logo, the rule that new roundtables start with, and how many people it takes to hide in.",
				"Staff are invited by a link. The page about staff prints who may do what. A colleague who leaves can hand their roundtables over.",
				"The audit log says who did what; it is only ever added to.",
			}},
			{Heading: "On the server", Code: true, Rows: [][]string{
				{"rotunda backup", "Writes a copy of the database, also while the site runs. Keep the link key beside it: guests’ links need it."},
				{"rotunda restore FILE", "Puts a copy back."}, {"rotunda migrate", "Brings the database up to a newer program, after a backup."},
				{"rotunda doctor", "Checks the database, search, mail, clock, disk and address."}, {"rotunda user link --email ADDRESS", "Prints a link with which an account signs in once."},
			}},
		},
	},
}

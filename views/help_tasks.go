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
		Sections: []HelpSection{{Text: []string{
			"Every table and count is made from the rows as you may read them. Two people with different rights can see different numbers, and both are right.",
			"Speakers are counted for the team of a roundtable alone. Others read how many insights stand under a sector or a group.",
			"Home names the gaps: pillars and sectors that have hardly been heard together.",
			"Every number under Insights and in the Codebook leads to the insights behind it.",
		}}},
	},
	{
		Slug: "recommend", Title: "Recommend and evaluate", Summary: "From themes to recommendations, judged on three criteria.", Icon: "lightbulb",
		Sections: []HelpSection{
			{Heading: "Themes and recommendations", Text: []string{
				"A theme is one sentence over insights that support, qualify or contradict it, with its dissent stated.",
				"A recommendation is an imperative sentence with an addressee, drawn from themes. Changing its text makes evaluations of the old text stale.",
			}},
			{Heading: "The three criteria", Steps: []string{
				"It deters great-power aggression.", "It advances the peace and prosperity of Americans.", "It advances the peace and prosperity of the world.",
			}},
			{Heading: "How a panel judges", Text: []string{
				"Each criterion stands on its own; they are never averaged together. A first round is blind, then the panel talks, then it scores again.",
				"A score of 1 to 3 says that it sets the aim back, 4 to 6 that this is unclear, 7 to 9 that it advances it. A rationale is required.",
				"The verdict is “meets” with a median of 7 or more and no disagreement, “fails” with 3 or less and no disagreement, otherwise “uncertain”. With fewer than three scores it is not evaluated.",
			}},
		},
	},
	{
		Slug: "publish", Title: "Publish a brief", Summary: "A report that keeps the room’s promise.", Icon: "file-text",
		Sections: []HelpSection{{Text: []string{
			"A brief takes only insights that were released, and shows of each speaker what the rule allows the public to see.",
			"It is approved by somebody other than its author, and frozen when it is published: the text, the insights, the numbers behind small groups and the version of the codebook.",
			"Names and organizations of the guest list, and words that point to one person, are found before publication. Each finding is mended, or overruled with a reason.",
			"A correction is a new version. A private roundtable is never in a published brief.",
		}}},
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

package views

import (
	"strings"

	"rotunda/models"
	"rotunda/views/ui"
	"rotunda/views/urls"
)

// UnheardPage lists the topics on which a sector was not heard.
type UnheardPage struct {
	Page
	Crumbs          []ui.Crumb
	Periods, Series []ui.Option
	Period, One     string
	Room            string // the roundtable's id where one was chosen
	Note            string
	Rows            []TopicRow
	More            string
	Empty           string
}

// TopicRow is a topic with those who were heard on it and those who were not.
type TopicRow struct {
	Pillar        models.Pillar
	Topic         string // "New coalitions, AUKUS"
	Count, Href   string
	Heard, Silent []models.Sector
	Plan, Ask     string // Ask names the link for those who hear it
}

// topicsListed is how many topics the page shows.
const topicsListed = 25

// NewUnheardPage words the topics. mayPlan offers a new roundtable for each.
func NewUnheardPage(page Page, found models.TopicGaps, q models.AnalysisQuery, gap int, mayPlan bool) UnheardPage {
	p := UnheardPage{Page: page}
	if q.Series != 0 {
		p.One = q.Series.String()
	}
	if q.Roundtable != 0 {
		p.Room = q.Roundtable.String()
	}
	p.Note = "A topic is a pillar with a front and a forum that stand in one insight. Shown are those with at least " + ui.Count(gap, "insight", "insights") +
		" on which a sector said nothing, counted over " + ui.Count(found.Rooms, "roundtable", "roundtables") + " as you may read them."
	if found.Untouched > 0 {
		p.Note += " Of " + ui.Thousands(found.Topics) + " topics that the codebook makes possible, nothing was said about " + ui.Thousands(found.Untouched) + "."
	}
	for i, g := range found.Gaps {
		if i == topicsListed {
			p.More = "and " + ui.Count(len(found.Gaps)-topicsListed, "more topic", "more topics") + " with fewer insights"
			break
		}
		p.Rows = append(p.Rows, topicRow(g, q, found.SeriesRooms, mayPlan))
	}
	if len(p.Rows) == 0 {
		p.Empty = "No topic has " + ui.Count(gap, "insight", "insights") + " in this time and a sector that said nothing. Choose a longer period."
	}
	return p
}

func topicRow(g models.TopicGap, q models.AnalysisQuery, rooms []models.ID, mayPlan bool) TopicRow {
	out := TopicRow{
		Pillar: g.Pillar, Topic: g.FrontName + ", " + g.ForumName, Count: ui.Count(g.N, "insight", "insights"), Heard: g.Heard, Silent: g.Silent,
	}
	if f, ok := g.Filter(q, rooms); ok {
		out.Href = urls.InsightsPath + "?" + f.Values().Encode()
	}
	if mayPlan {
		names := make([]string, len(g.Silent))
		for i, s := range g.Silent {
			names[i] = s.Name()
		}
		topic := g.Pillar.Name() + ", " + out.Topic
		out.Ask = "Plan a roundtable on " + topic
		out.Plan = urls.PlanRoundtable(topic,
			"Hear on "+topic+" from "+strings.Join(names, ", ")+".", g.Silent...)
	}
	return out
}

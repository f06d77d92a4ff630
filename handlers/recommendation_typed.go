package handlers

import (
	"strconv"

	"rotunda/models"
	"rotunda/views"
	"rotunda/views/ui"
)

// shownOn reports whether the form of what was typed is still on the page.
func (t typedWords) shownOn(p views.RecommendationPage) bool {
	switch t.part {
	case "open":
		return p.CanOpen
	case "invite":
		return p.Panel != nil && p.Panel.CanInvite
	case "score":
		return p.Score != nil
	case "remark":
		return p.Panel != nil && p.Panel.CanRemark
	case "decide":
		return p.Decision.CanDecide
	case "follow":
		return p.FollowUp != nil
	}
	return true
}

// notSaved is what was typed, to be copied from a page without its form.
func (t typedWords) notSaved(zone string) *views.NotSaved {
	n := &views.NotSaved{Why: firstMessage(&models.InvalidError{Fields: t.errors})}
	add := func(term, words string) {
		if words != "" {
			n.Words = append(n.Words, ui.Fact{Term: term, Value: words})
		}
	}
	switch t.part {
	case "open":
		add("Scores are due by", t.due)
	case "invite":
		add("Name", t.panelist.Name)
		add("Affiliation", t.panelist.Affiliation)
		add("E-mail", t.panelist.Email)
	case "remark":
		add("Your remark", t.remark)
	case "decide":
		add("Why", t.decision.Reason)
		add("What is uncertain", t.decision.Uncertainty)
	case "follow":
		for _, part := range followUpChanges(models.FollowUpInput{}, t.follow, zone) {
			add(part.Label, part.Words)
		}
	case "score":
		for i, criterion := range models.Criteria {
			add(criterion.Question(), scoreWords(t.score.Scores[i]))
		}
		add("An interest of your own in the matter", t.score.Conflict)
		if t.score.Abstain {
			add("Abstention", "From this evaluation altogether")
		}
	}
	return n
}

// scoreWords is a score as it was typed: "7, high confidence: because…".
func scoreWords(in models.ScoreInput) string {
	var words string
	switch {
	case in.Abstain:
		words = "Abstain"
	case in.Value > 0:
		words = strconv.Itoa(in.Value) + " of 9"
	}
	add := func(more string) {
		if words != "" && more != "" {
			words += "\n"
		}
		words += more
	}
	if in.Confidence > 0 {
		add(models.ConfidenceName(in.Confidence))
	}
	add(in.Rationale)
	return words
}

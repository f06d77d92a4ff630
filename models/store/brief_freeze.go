package store

import (
	"strconv"
	"strings"
	"time"

	"rotunda/models"
)

// frozenBrief is a brief put together at the public level, with what stands in
// the way of publishing it.
type frozenBrief struct {
	content   models.BriefContent
	manifest  models.Manifest
	obstacles []models.BriefObstacle
	seqs      []int64     // the insights it holds
	rooms     []models.ID // the roundtables it tells of or rests on
	lint      *briefLint
	leaks     []models.BriefFinding
}

// freezer puts one brief together. Everything it reads of insights is what the
// public is shown.
type freezer struct {
	r     reader
	v     models.Viewer
	now   models.Instant
	brief models.Brief
	out   frozenBrief
	rooms map[models.ID]*roomState
	shown map[models.ID]models.Insight
	// panels is how the recommendations were evaluated, in their order.
	panels []models.PanelRounds
	// supporting holds, of each theme of the content, the insights behind it.
	supporting [][]models.Insight
}

// freeze puts a brief together for publication.
func freeze(r reader, v models.Viewer, now models.Instant, b models.Brief) (frozenBrief, error) {
	f := freezer{r: r, v: v, now: now, brief: b, rooms: map[models.ID]*roomState{}, shown: map[models.ID]models.Insight{}}
	institute, err := loadInstitute(r)
	if err != nil {
		return f.out, err
	}
	th := institute.Thresholds.For(models.Public)
	f.out.manifest = models.Manifest{
		K: th.K, L: th.L, RuleTextVersion: strconv.Itoa(models.RegimeTextVersion), Author: b.Author, AuthorID: b.AuthorID,
		Approver: b.Approver, ApproverID: b.ApproverID, ApprovedMs: b.ApprovedAt, BriefID: b.ID, BriefRevision: b.Revision, PublishedMs: now,
	}
	zone, err := time.LoadLocation(institute.Zone)
	if err != nil {
		zone = time.UTC
	}
	f.out.content = models.BriefContent{
		Title: b.Title, Slug: b.Slug, Version: b.Versions + 1, PublishedOn: now.In(zone).Format(time.DateOnly), Institute: institute.Name,
		BottomLine: b.BottomLine, KeyMessages: b.KeyMessages, Summary: b.Summary, Report: b.Report, Annexes: b.Annexes,
		Disclaimer: b.Disclaimer, Uncertainty: b.Uncertainty,
	}
	if b.Scope == models.ScopeSeries {
		f.out.content.Series = b.ScopeName
	}
	for _, step := range []func() error{f.themes, f.citations, f.recommendations, f.meetings, f.consensus, f.stamps, f.linting} {
		if err := step(); err != nil {
			return f.out, err
		}
	}
	f.out.content.Method = f.method()
	f.out.leaks = f.out.lint.leaks(f.out.content.Passages())
	if err := f.released(); err != nil {
		return f.out, err
	}
	f.out.manifest.Hash, err = models.HashContent(f.out.content)
	return f.out, err
}

func (f *freezer) obstacle(words, reason string) {
	f.out.obstacles = append(f.out.obstacles, models.BriefObstacle{Words: words, Reason: reason})
}

// themes freezes the findings with their released insights.
func (f *freezer) themes() error {
	themes, err := themesForBrief(f.r, f.v, f.brief.Themes)
	if err != nil || len(themes) == 0 {
		return err
	}
	ids := make([]models.ID, len(themes))
	for i, t := range themes {
		ids[i] = t.ID
	}
	var links []struct {
		ThemeID  models.ID
		ID       models.ID
		Relation int
	}
	if err := f.r.list(&links, `SELECT ti.theme_id, i.id, ti.relation FROM theme_insights ti JOIN insights i ON i.seq = ti.insight_seq
		WHERE ti.theme_id IN ? ORDER BY ti.relation, ti.position, i.id`, ids); err != nil {
		return err
	}
	found, err := disclosedTo(f.r, thePublic(), f.now, "i.seq IN (SELECT ti.insight_seq FROM theme_insights ti WHERE ti.theme_id IN ?)", ids)
	if err != nil {
		return err
	}
	f.keep(found)
	for _, t := range themes {
		out := models.BriefTheme{ID: t.ID, Statement: t.Statement, Dissent: t.Dissent, Confidence: themeConfidence(t)}
		var supporting []models.Insight
		for _, l := range links {
			i, ok := f.shown[l.ID]
			if l.ThemeID != t.ID || !ok {
				continue
			}
			relation := [...]string{"", "supports", "qualifies", "contradicts"}[max(0, min(l.Relation, 3))]
			if relation == "supports" {
				supporting = append(supporting, i)
			}
			out.Insights = append(out.Insights, models.FreezeInsight(i, relation))
		}
		if t.Dissent == "" {
			f.obstacle(t.Statement, "This theme does not say what dissent there was. “None recorded” is an answer.")
		}
		if len(out.Insights) == 0 {
			f.obstacle(t.Statement, "None of this theme's insights is released.")
		}
		f.supporting = append(f.supporting, supporting)
		f.out.content.Themes = append(f.out.content.Themes, out)
		f.out.manifest.ThemeIDs = append(f.out.manifest.ThemeIDs, t.ID)
	}
	return nil
}

func themeConfidence(t themeOfBrief) string {
	level := [...]string{"", "Low confidence", "Moderate confidence", "High confidence"}[max(0, min(t.Confidence, 3))]
	if level != "" && t.Basis != "" {
		return level + ": " + t.Basis
	}
	return level
}

func (f *freezer) keep(found []models.Insight) {
	for _, i := range found {
		f.shown[i.ID()] = i
	}
}

// citations freezes what the Markdown cites.
func (f *freezer) citations() error {
	ids := f.brief.Citations()
	if len(ids) == 0 {
		return nil
	}
	found, err := disclosedTo(f.r, thePublic(), f.now, "i.id IN ?", ids)
	if err != nil {
		return err
	}
	f.keep(found)
	for _, id := range ids {
		i, ok := f.shown[id]
		if !ok {
			f.obstacle(models.Cite(id), "This insight is not released, so it cannot be cited.")
			continue
		}
		f.out.content.Cited = append(f.out.content.Cited, models.FreezeInsight(i, ""))
	}
	return nil
}

// recommendations freezes the recommendations with their verdicts.
func (f *freezer) recommendations() error {
	recs, err := recommendationsForBrief(f.r, f.v, f.brief.Recommendations)
	if err != nil || len(recs) == 0 {
		return err
	}
	ids := make([]models.ID, len(recs))
	for i, r := range recs {
		ids[i] = r.ID
	}
	var scores []struct {
		RecommendationID models.ID
		Version          int
		PanelistID       models.ID
		Round            int
		Criterion        int
		Score            int
	}
	if err := f.r.list(&scores, `SELECT n.recommendation_id, n.version, s.panelist_id, s.round, s.criterion, s.score FROM scores s
		JOIN panelists p ON p.id = s.panelist_id JOIN panels n ON n.id = p.panel_id
		WHERE n.recommendation_id IN ? AND n.stage = 'closed' AND p.abstained = FALSE AND p.revoked_ms = 0 ORDER BY s.round, s.panelist_id, s.criterion`, ids); err != nil {
		return err
	}
	for _, rec := range recs {
		// The round that counts is an evaluator's last.
		last, again := map[models.ID][3]int{}, map[models.ID]bool{}
		for _, s := range scores {
			if s.RecommendationID == rec.ID && s.Version == rec.Version && s.Criterion >= 1 && s.Criterion <= 3 {
				words := last[s.PanelistID]
				words[s.Criterion-1] = s.Score
				last[s.PanelistID] = words
				again[s.PanelistID] = s.Round > 1
			}
		}
		var given [3][]int
		rounds := models.PanelRounds{Evaluators: len(last)}
		for panelist, words := range last {
			for i, score := range words {
				given[i] = append(given[i], score)
			}
			if again[panelist] {
				rounds.Again++
			}
		}
		f.panels = append(f.panels, rounds)
		f.recommendation(rec, given)
	}
	return nil
}

func (f *freezer) recommendation(rec recommendationOfBrief, given [3][]int) {
	out := models.BriefRecommendation{
		ID: rec.ID, Version: rec.Version, TextHash: rec.TextHash, Number: rec.Number, Title: rec.Title, Addressee: rec.Addressee,
		State: recommendationStateWords(rec.State), StateKey: rec.State, Instrument: rec.Instrument, Action: rec.Action, Timeline: rec.Timeline,
		Risk: rec.Risk, Measure: rec.Measure, Uncertainty: rec.Uncertainty,
	}
	for _, p := range models.PillarsOf(rec.PillarMask) {
		out.Pillars = append(out.Pillars, p.Letter())
	}
	uncertain := false
	for n, criterion := range models.Criteria {
		result := models.JudgePanel(given[n])
		v := models.BriefVerdict{
			Criterion: criterion.Name(), Key: result.Verdict.Key(), Words: result.Verdict.Name(),
			Scores: len(result.Scores), Disagreement: result.Disagreement,
		}
		if result.Verdict != models.NotEvaluated {
			v.Median = strconv.FormatFloat(result.Median, 'g', -1, 64)
		}
		uncertain = uncertain || result.Verdict == models.Uncertain
		out.Verdicts[n] = v
	}
	if rec.State == "draft" || rec.State == "revised" {
		f.obstacle(rec.Title, "This recommendation has not been put before a panel.")
	}
	if uncertain && rec.Uncertainty == "" && f.brief.Uncertainty == "" {
		f.obstacle(rec.Title, "A verdict is uncertain. Explain it, on the recommendation or in this brief.")
	}
	f.out.content.Recommendations = append(f.out.content.Recommendations, out)
	f.out.manifest.Recommendations = append(f.out.manifest.Recommendations, models.RecommendationStamp{ID: rec.ID, Version: rec.Version, TextHash: rec.TextHash})
}

func recommendationStateWords(key string) string {
	switch key {
	case "adopted", "published":
		return "Adopted"
	case "not_adopted":
		return "Not adopted"
	case "evaluation":
		return "In evaluation"
	}
	return "Draft"
}

// stamps notes in the manifest what the content was made from.
func (f *freezer) stamps() error {
	for _, i := range f.out.content.Insights() {
		f.out.manifest.InsightIDs = append(f.out.manifest.InsightIDs, i.ID)
	}
	if err := f.r.get(&f.out.manifest.CodebookVersion, "SELECT COALESCE(max(version), 0) FROM codebook_versions"); err != nil {
		return err
	}
	if len(f.out.manifest.InsightIDs) == 0 {
		return nil
	}
	return f.r.list(&f.out.seqs, "SELECT seq FROM insights WHERE id IN ? ORDER BY seq", f.out.manifest.InsightIDs)
}

// method says in plain text how the brief came about.
func (f *freezer) method() string {
	m := f.out.manifest
	withheld := "No figure was withheld."
	if m.Suppressed > 0 {
		withheld = "Figures withheld for that reason: " + models.Thousands(m.Suppressed) + "."
	}
	parts := []string{
		"What was said was captured in the room, one statement at a time, reviewed, and released one by one by a named member of the roundtable's team.",
		"A sector or group is named only where at least " + strconv.Itoa(m.K) + " people from at least " + strconv.Itoa(m.L) +
			" organizations could have spoken; smaller figures read “<" + strconv.Itoa(m.K) + "”. " + withheld,
		"“Some” is fewer than " + strconv.Itoa(m.K) + " participants, “several” up to half of those present, “most” more than half.",
	}
	if note := models.PanelNote(f.panels); note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, "\n\n")
}

package store

import (
	"cmp"
	"context"
	"slices"

	"rotunda/models"
)

// ExportPlan is what an export would hold, for the sentence that says so.
type ExportPlan struct {
	Rooms int
	Total int
	// Rules counts the insights by the rule they are shown under and by whether
	// the row tells anything of its speaker.
	Rules []ExportRule
}

// ExportRule is one line of an ExportPlan.
type ExportRule struct {
	Regime models.Regime
	// Named, Described and Bare count the rows with a name, with a sector, a
	// group or a description, and with neither.
	Named, Described, Bare int
}

// teamLabel is what the team's file tells of a speaker: the name, with or
// without a sector, or the sector where it alone was kept.
const teamLabel sqlText = `CASE WHEN EXISTS (SELECT 1 FROM insight_speakers sp WHERE sp.insight_seq = i.seq AND sp.guest_id <> 0) THEN 30 ELSE i.team_sector END`

// PlanExport tells what an export would hold, counted as it would be disclosed.
// Its errors are those of ExportInsights.
func (s *Store) PlanExport(ctx context.Context, v models.Viewer, in ExportInput) (ExportPlan, error) {
	rooms, err := s.exportRooms(ctx, v, in)
	if err != nil || len(rooms) == 0 {
		return ExportPlan{}, err
	}
	var w where
	w.add("i.deleted_ms = 0 AND i.regime BETWEEN 1 AND 4")
	label, regime := teamLabel, sqlText("i.regime")
	switch in.Audience {
	case models.Staff:
		label, regime = "i.label_staff", "i.shown_staff"
		w.add("i.state >= 1")
	case models.Partner:
		label, regime = "i.label_partner", "i.shown_partner"
		w.add("i.state = 2")
	case models.Public:
		label, regime = "i.label_public", "i.shown_public"
		w.add("i.state = 2")
	}
	if in.Audience != models.Team {
		w.add(label+" >= 0 AND i.embargo_ms <= ?", s.Now())
	}
	plan := ExportPlan{Rooms: len(rooms)}
	rules := map[models.Regime]*ExportRule{}
	for ids := range slices.Chunk(rooms, 500) {
		part := w
		part.parts, part.args = slices.Clone(w.parts), slices.Clone(w.args)
		part.add("i.roundtable_id IN ?", ids)
		var rows []struct {
			Regime models.Regime
			Label  models.Label
			N      int
		}
		if err := s.list(ctx, &rows, "SELECT "+regime+" AS regime, "+label+" AS label, count(*) AS n FROM insights i"+part.text()+" GROUP BY 1, 2", part.args...); err != nil {
			return plan, err
		}
		for _, r := range rows {
			rule, ok := rules[r.Regime]
			if !ok {
				rule = &ExportRule{Regime: r.Regime}
				rules[r.Regime] = rule
			}
			plan.Total += r.N
			switch r.Label.Level() {
			case models.Named:
				rule.Named += r.N
			case models.Content:
				rule.Bare += r.N
			default:
				rule.Described += r.N
			}
		}
	}
	for _, rule := range rules {
		plan.Rules = append(plan.Rules, *rule)
	}
	slices.SortFunc(plan.Rules, func(a, b ExportRule) int { return cmp.Compare(a.Regime, b.Regime) })
	return plan, nil
}

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
	if !in.Filter.Empty() {
		return s.planFiltered(ctx, v, in, rooms)
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
	var rules ruleCounts
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
			plan.Total += r.N
			rules.add(r.Regime, r.Label, r.N)
		}
	}
	plan.Rules = rules.sorted()
	return plan, nil
}

// planFiltered counts what a filter lets through by reading it: only the rows
// as disclosed can say.
func (s *Store) planFiltered(ctx context.Context, v models.Viewer, in ExportInput, rooms []models.ID) (ExportPlan, error) {
	var plan ExportPlan
	var rules ruleCounts
	from := map[models.ID]bool{}
	var err error
	plan.Total, err = s.exportEach(ctx, v, in, rooms, func(i models.Insight) error {
		from[i.RoundtableID()] = true
		rules.add(i.Regime(), i.Label(), 1)
		return nil
	})
	plan.Rooms, plan.Rules = len(from), rules.sorted()
	return plan, err
}

type ruleCounts map[models.Regime]*ExportRule

func (c *ruleCounts) add(regime models.Regime, label models.Label, n int) {
	if *c == nil {
		*c = ruleCounts{}
	}
	rule, ok := (*c)[regime]
	if !ok {
		rule = &ExportRule{Regime: regime}
		(*c)[regime] = rule
	}
	switch label.Level() {
	case models.Named:
		rule.Named += n
	case models.Content:
		rule.Bare += n
	default:
		rule.Described += n
	}
}

func (c ruleCounts) sorted() []ExportRule {
	var out []ExportRule
	for _, rule := range c {
		out = append(out, *rule)
	}
	slices.SortFunc(out, func(a, b ExportRule) int { return cmp.Compare(a.Regime, b.Regime) })
	return out
}

package example

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rotunda/models"
	"rotunda/models/store"
)

// analyst is who writes themes, recommendations and the brief.
const analyst = "jonah"

// synthesize notes how what was said becomes themes, recommendations and a
// brief.
func (b *builder) synthesize() {
	b.themes, b.recommendations = map[string]models.ID{}, map[string]models.ID{}
	for _, p := range themePlans {
		b.later(b.on(p.days, "10:00"), func() error { return b.theme(p) })
		if p.revised != "" {
			b.later(b.on(p.days+2, "16:00"), func() error { return b.reviseTheme(p) })
		}
	}
	for _, p := range recommendationPlans {
		b.later(b.on(p.days, "14:00"), func() error { return b.recommend(p) })
		if p.draft != "" {
			b.later(b.on(p.days+2, "15:00"), func() error { return b.reword(p) })
		}
		b.evaluate(p)
	}
	for _, p := range promisePlans {
		b.later(b.on(p.written, "15:00"), func() error { return b.promise(p) })
	}
	for _, p := range keptPlans {
		b.later(b.on(p.days, "11:00"), func() error { return b.keep(p) })
	}
	b.report()
}

// find returns the insight that "roundtable: how it begins" names.
func (b *builder) find(v models.Viewer, name string) (models.Insight, error) {
	key, begins, _ := strings.Cut(name, ": ")
	room, ok := b.rooms[key]
	if !ok {
		return models.Insight{}, fmt.Errorf("no roundtable %q", key)
	}
	for at := (store.Cursor{}); ; {
		page, err := b.st.Insights(b.ctx, v, models.InsightFilter{}.With(models.FacetRoundtable, room.id.String()), at)
		if err != nil {
			return models.Insight{}, err
		}
		for _, i := range page.Insights {
			if strings.HasPrefix(i.Text(), begins) {
				return i, nil
			}
		}
		if page.Next == "" {
			return models.Insight{}, fmt.Errorf("nobody said %q", name)
		}
		at = store.Cursor{After: page.Next}
	}
}

func (b *builder) theme(p themePlan) error {
	return b.doing(analyst, func(v models.Viewer) error {
		in := p.words
		in.SeriesID = b.series[p.series]
		id, err := b.st.CreateTheme(b.ctx, v, in)
		if err != nil {
			return err
		}
		b.themes[p.key] = id
		for n, names := range [][]string{p.backs, p.but, p.against} {
			var ids []models.ID
			for _, name := range names {
				i, err := b.find(v, name)
				if err != nil {
					return err
				}
				ids = append(ids, i.ID())
			}
			if len(ids) == 0 {
				continue
			}
			if _, err := b.st.AddToTheme(b.ctx, v, id, ids, models.ThemeRelations[n]); err != nil {
				return fmt.Errorf("theme %q: %w", p.key, err)
			}
		}
		return nil
	})
}

func (b *builder) reviseTheme(p themePlan) error {
	return b.doing(analyst, func(v models.Viewer) error {
		in := p.words
		in.SeriesID, in.Statement, in.Revision, in.OwnerID = b.series[p.series], p.revised, 1, v.Account()
		_, err := b.st.UpdateTheme(b.ctx, v, b.themes[p.key], in)
		return err
	})
}

// recommendation returns what a form would say of a recommendation.
func (b *builder) recommendation(v models.Viewer, p recommendationPlan) (models.RecommendationInput, error) {
	in := models.RecommendationInput{RecommendationText: p.words, Pillars: p.pillars}
	for _, key := range p.themes {
		in.Themes = append(in.Themes, b.themes[key])
	}
	book, err := b.st.Codebook(b.ctx, v)
	for _, key := range p.codes {
		for _, c := range book {
			if c.Key == key && (c.Kind == models.CodeFront || c.Kind == models.CodeForum) {
				in.Codes = append(in.Codes, c.ID)
			}
		}
	}
	return in, err
}

func (b *builder) recommend(p recommendationPlan) error {
	return b.doing(analyst, func(v models.Viewer) error {
		in, err := b.recommendation(v, p)
		if err != nil {
			return err
		}
		if p.draft != "" {
			in.Title = p.draft
		}
		b.recommendations[p.key], err = b.st.CreateRecommendation(b.ctx, v, in)
		return err
	})
}

func (b *builder) reword(p recommendationPlan) error {
	return b.doing(analyst, func(v models.Viewer) error {
		in, err := b.recommendation(v, p)
		if err != nil {
			return err
		}
		in.Revision = 1
		_, err = b.st.EditRecommendation(b.ctx, v, b.recommendations[p.key], in)
		return err
	})
}

// promise writes a commitment down, and what became of it.
func (b *builder) promise(p promisePlan) error {
	return b.doing(analyst, func(v models.Viewer) error {
		in := models.CommitmentInput{What: p.what, Owner: p.who, DueOn: b.on(p.due, "12:00").Format(time.DateOnly)}
		id, err := b.st.CreateCommitment(b.ctx, v, b.rooms[p.room].id, in)
		if err != nil || p.state == models.CommitmentOpen {
			return err
		}
		_, err = b.st.SetCommitmentState(b.ctx, v, b.rooms[p.room].id, id, p.state, p.outcome)
		return err
	})
}

// keep says what became of a promise that was captured.
func (b *builder) keep(p keptPlan) error {
	return b.doing(analyst, func(v models.Viewer) error {
		said, err := b.find(v, p.insight)
		if err != nil {
			return err
		}
		promises, err := b.st.Commitments(b.ctx, v, said.RoundtableID())
		if err != nil {
			return err
		}
		for _, c := range promises {
			if c.Insight == said.ID() {
				_, err = b.st.SetCommitmentState(b.ctx, v, c.Room, c.ID, p.state, p.outcome)
				return err
			}
		}
		return fmt.Errorf("%q is no promise", p.insight)
	})
}

var cited = regexp.MustCompile(`\[\[(\w+: [^\]]+)\]\]`)

// written reads a part of the brief with its citations as ids.
func (b *builder) written(v models.Viewer, name string) (string, error) {
	raw, err := files.ReadFile("data/brief-" + name + ".md")
	if err != nil {
		return "", err
	}
	out := cited.ReplaceAllStringFunc(string(raw), func(mark string) string {
		i, e := b.find(v, strings.Trim(mark, "[]"))
		if e != nil {
			err = e
		}
		return models.Cite(i.ID())
	})
	return strings.TrimSpace(out), err
}

// report notes how the brief is written, read, approved and published.
func (b *builder) report() {
	var brief models.ID
	b.later(b.on(-40, "09:00"), func() error {
		return b.doing(analyst, func(v models.Viewer) (err error) {
			brief, err = b.writeBrief(v)
			return err
		})
	})
	act := func(days int, clock, who string, do func(models.Viewer) error) {
		b.later(b.on(days, clock), func() error { return b.doing(who, do) })
	}
	act(-38, "10:00", analyst, func(v models.Viewer) error {
		tobias, err := b.as("tobias")
		if err != nil {
			return err
		}
		if err := b.st.AskBriefReview(b.ctx, v, brief, tobias.Account()); err != nil {
			return err
		}
		_, err = b.st.SubmitBrief(b.ctx, v, brief)
		return err
	})
	act(-36, "11:00", "tobias", func(v models.Viewer) error {
		const remark = "Good that the objection stands in the summary and not only in the theme. Keep it there."
		if err := b.st.CommentBrief(b.ctx, v, brief, "What was disputed", remark); err != nil {
			return err
		}
		return b.st.FinishBriefReview(b.ctx, v, brief)
	})
	act(-35, "15:00", admin, func(v models.Viewer) error {
		now, err := b.st.Brief(b.ctx, v, brief)
		if err != nil {
			return err
		}
		if _, err := b.st.ApproveBrief(b.ctx, v, brief, now.Revision); err != nil {
			return err
		}
		_, err = b.st.PublishBrief(b.ctx, v, brief, "")
		return err
	})
}

func (b *builder) writeBrief(v models.Viewer) (models.ID, error) {
	const title = "Mend It First: Cables, Cloud Regions and Who Repairs Them"
	id, err := b.st.CreateBrief(b.ctx, v, models.BriefInput{Scope: models.ScopeRoundtable, Roundtable: b.rooms["backbone"].id, Title: title})
	if err != nil {
		return 0, err
	}
	text := models.BriefText{
		Title: title, Disclaimer: models.DefaultDisclaimer,
		BottomLine:      "Allies can mend undersea cables in days instead of weeks by paying one ship in each ocean to stand ready and clearing it beforehand.",
		Themes:          []models.ID{b.themes["repair"], b.themes["clearance"], b.themes["portability"]},
		Recommendations: []models.ID{b.recommendations["retainer"], b.recommendations["region"]},
		Uncertainty:     "On the region that was turned down the panel is unsure of one thing alone: whether a copy at home would deter anybody.",
	}
	for name, part := range map[string]*string{"messages": &text.KeyMessages, "summary": &text.Summary, "report": &text.Report, "annexes": &text.Annexes} {
		if *part, err = b.written(v, name); err != nil {
			return 0, err
		}
	}
	_, err = b.st.EditBrief(b.ctx, v, id, 1, text)
	return id, err
}

// scoreOf reads a score of scores.csv; a line without one repeats what was said
// before.
func scoreOf(row map[string]string, before models.ScoreInput) (models.ScoreInput, error) {
	if row["score"] == "" {
		return before, nil
	}
	value, err := strconv.Atoi(row["score"])
	if err != nil {
		return before, err
	}
	out := models.ScoreInput{Value: value, Abstain: value == 0, Rationale: row["rationale"]}
	if !out.Abstain {
		out.Confidence, err = strconv.Atoi(row["confidence"])
	}
	return out, err
}

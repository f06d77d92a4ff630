package store_test

import (
	"errors"
	"testing"

	"rotunda/models"
)

// TestThemesAnalysed_tellWhatTheThemeItselfTells compares the words for how
// many are behind a theme with those on its own page.
func TestThemesAnalysed_tellWhatTheThemeItselfTells(t *testing.T) {
	s := newSession(t, threeSectors...)
	var said []models.ID
	for _, line := range []string{"Ports need a plan @s4 #s", "Ports need a plan soon @s5 #s", "Ports are fine @s6 #s", "Freight is dear @s4 #e"} {
		said = append(said, s.capture(line).ID())
	}
	if _, err := s.st.SetInsightStates(t.Context(), s.lead, said, models.Reviewed); err != nil {
		t.Fatal(err)
	}
	theme := func(statement string) models.ID {
		id, err := s.st.CreateTheme(t.Context(), s.other, models.ThemeInput{Statement: statement})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	link := func(theme models.ID, r models.ThemeRelation, ids ...models.ID) {
		if _, err := s.st.AddToTheme(t.Context(), s.other, theme, ids, r); err != nil {
			t.Fatal(err)
		}
	}
	contested, quiet, _ := theme("Ports need one plan."), theme("Freight costs rise."), theme("Nothing stands here.")
	link(contested, models.Supports, said[:2]...)
	link(contested, models.Contradicts, said[2])
	link(quiet, models.Supports, said[3])
	for name, v := range map[string]models.Viewer{"lead": s.lead, "other staff": s.other} {
		got, err := s.st.ThemesAnalysed(t.Context(), v, models.AnalysisQuery{})
		if err != nil || len(got) != 2 || got[0].ID != contested || got[1].ID != quiet {
			t.Fatalf("%s: %d themes (%v)", name, len(got), err)
		}
		for _, one := range got {
			own, err := s.st.Theme(t.Context(), v, one.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range models.ThemeRelations {
				if len(one.Insights(r)) != len(own.Insights(r)) || one.Consensus(r) != own.Consensus(r) || one.Present != own.Present || one.K != own.K {
					t.Errorf("%s: %q is told as %q of %d, its page says %q of %d", name, one.Statement, one.Consensus(r), one.Present, own.Consensus(r), own.Present)
				}
			}
		}
	}
	if got, err := s.st.ThemesAnalysed(t.Context(), s.lead, models.AnalysisQuery{Since: "2099-01"}); err != nil || len(got) != 0 {
		t.Errorf("of no month: %d themes, %v", len(got), err)
	}
	for name, v := range map[string]models.Viewer{"anonymous": models.Anonymous(), "capped": s.lead.Capped(models.Public)} {
		if _, err := s.st.ThemesAnalysed(t.Context(), v, models.AnalysisQuery{}); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package store_test

import (
	"fmt"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// TestSynthesis_listsCostTheSameStatementsForManyAsForFew is for the lists of
// what is made of insights, and of what was asked and promised beside them.
func TestSynthesis_listsCostTheSameStatementsForManyAsForFew(t *testing.T) {
	for name, list := range map[string]struct {
		add func(w *themeWorld, i int)
		// read returns how many rows it read; a page holds at least twenty.
		read func(w *themeWorld) (int, error)
	}{
		"themes": {
			func(w *themeWorld, i int) {
				storetest.Theme(w.t, w.st, w.analyst, fmt.Sprintf("Theme %d holds.", i), w.public...)
			},
			func(w *themeWorld) (int, error) {
				page, err := w.st.Themes(w.t.Context(), w.analyst, models.ThemeFilter{})
				return len(page.Lines), err
			},
		},
		"the board's unsorted insights": {
			func(w *themeWorld, i int) { w.review(w.say(w.room, fmt.Sprintf("Words %d @s1 #s", i))) },
			func(w *themeWorld) (int, error) {
				page, err := w.st.UnsortedInsights(w.t.Context(), w.analyst, models.InsightFilter{}, store.Cursor{})
				return len(page.Insights), err
			},
		},
		"recommendations": {
			func(w *themeWorld, i int) {
				theme := storetest.Theme(w.t, w.st, w.analyst, fmt.Sprintf("Theme %d holds.", i), w.public[0])
				w.empanel(w.recommend(fmt.Sprintf("Sign contract %d", i), theme), 1, w.reader)
			},
			func(w *themeWorld) (int, error) {
				page, err := w.st.Recommendations(w.t.Context(), w.analyst, models.RecommendationFilter{})
				return len(page.Rows), err
			},
		},
		"own evaluations": {
			func(w *themeWorld, i int) { w.empanel(w.recommend(fmt.Sprintf("Sign contract %d", i)), 0, w.reader) },
			func(w *themeWorld) (int, error) {
				rows, err := w.st.OwnEvaluations(w.t.Context(), w.reader)
				return len(rows), err
			},
		},
		"briefs": {
			func(w *themeWorld, i int) {
				storetest.Brief(w.t, w.st, w.analyst, w.room, models.BriefText{Title: fmt.Sprintf("Brief %d", i)})
			},
			func(w *themeWorld) (int, error) {
				rows, err := w.st.Briefs(w.t.Context(), w.analyst)
				return len(rows), err
			},
		},
		"commitments, written and captured": {
			func(w *themeWorld, i int) {
				w.say(w.room, fmt.Sprintf("We will send paper %d >>@s4", i))
				in := models.CommitmentInput{What: fmt.Sprintf("Book hall %d", i), Owner: "The host"}
				if _, err := w.st.CreateCommitment(w.t.Context(), w.lead, w.room, in); err != nil {
					w.t.Fatal(err)
				}
			},
			func(w *themeWorld) (int, error) {
				rows, err := w.st.Commitments(w.t.Context(), w.lead, 0)
				return len(rows), err
			},
		},
		"codebook": {
			func(w *themeWorld, i int) { w.tag(fmt.Sprintf("tag%d", i)) },
			func(w *themeWorld) (int, error) {
				page, err := w.st.CodebookPage(w.t.Context(), w.analyst)
				return len(page.Book.Of(models.CodeTag)), err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
				w := newThemeWorld(t)
				for i := range n {
					list.add(w, i)
				}
				return w.st, func() error {
					rows, err := list.read(w)
					if rows < min(n, 20) {
						t.Errorf("%d rows of %d were read", rows, n)
					}
					return err
				}
			})
		})
	}
}

func TestRequests_costTheSameStatementsForManyAsForFew(t *testing.T) {
	sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
		st, _ := storetest.Open(t)
		room, lead := storetest.Roundtable(t, st, storetest.Account(t, st, "Lea", models.RoleConvener))
		for i := range n {
			// Each from a network of its own: one network may send a few only.
			if err := st.RequestInvitation(t.Context(), fmt.Sprintf("192.0.2.%d", i+1), room, request(fmt.Sprintf("p%d@example.org", i), st.Now())); err != nil {
				t.Fatal(err)
			}
		}
		return st, func() error {
			rows, err := st.InvitationRequests(t.Context(), lead, room)
			if len(rows) != n {
				t.Errorf("%d of %d requests are listed", len(rows), n)
			}
			return err
		}
	})
}

func TestPublicBriefs_costTheSameStatementsForManyAsForFew(t *testing.T) {
	sameStatements(t, func(t *testing.T, n int) (*store.Store, func() error) {
		w := newThemeWorld(t)
		approver := storetest.Account(t, w.st, "Ada Approver", models.RoleAdmin)
		for i := range n {
			id := storetest.Brief(t, w.st, w.analyst, w.room, models.BriefText{Title: fmt.Sprintf("Brief %d", i), BottomLine: "Sign now.", Report: "They agreed."})
			storetest.PublishBrief(t, w.st, w.analyst, approver, id)
		}
		return w.st, func() error {
			page, err := w.st.PublicBriefs(t.Context(), "", "", many)
			if len(page.Lines) != n {
				t.Errorf("%d of %d briefs are listed", len(page.Lines), n)
			}
			return err
		}
	})
}

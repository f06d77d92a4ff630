package main

import (
	"fmt"
	"time"

	"rotunda/models"
)

// analysisLimit is how long any view of the analysis may take.
const analysisLimit = 50 * time.Millisecond

// analysis is the limit of issue 3: every two dimensions, with the pictures
// beside them, for somebody who is on a few teams and for somebody who is on
// none. The slowest view counts, by the median of its rounds.
func (b *bench) analysis() error {
	st, v, err := b.open(b.db)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	reader, err := b.reader(st)
	if err != nil {
		return err
	}
	var worst time.Duration
	what := ""
	for _, viewer := range []models.Viewer{v, reader} {
		for _, rows := range models.Dimensions {
			for columns := models.DimPillar; columns <= models.DimRoundtable; columns++ {
				var took []time.Duration
				for range b.rounds {
					start := time.Now()
					if _, err := st.Analyse(b.ctx, viewer, models.AnalysisQuery{Rows: rows, Columns: columns}); err != nil {
						return err
					}
					took = append(took, time.Since(start))
				}
				if m := percentile(took, 50); m > worst {
					worst, what = m, rows.Key()+" by "+columns.Key()
				}
			}
		}
	}
	b.add(result{
		Goal: "I3", What: "analysis: the slowest of all views, " + what, Seen: fmt.Sprintf("%s, %.2f of the limit", ms(worst), float64(worst)/float64(analysisLimit)),
		Want: "≤ 50 ms", OK: worst <= analysisLimit, Gate: worst > analysisLimit*10/7,
	})
	return nil
}

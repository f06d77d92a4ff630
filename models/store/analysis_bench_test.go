package store_test

import (
	"os"
	"testing"

	"rotunda/models"
	"rotunda/models/store"
	"rotunda/models/store/storetest"
)

// BenchmarkAnalysis measures the analysis over the SQLite file that
// ROTUNDA_ANALYSIS_DB names, as the account whose address is in
// ROTUNDA_ANALYSIS_AS. The file must be a copy: it is brought up to the schema
// and its rooms are counted first.
func BenchmarkAnalysis(b *testing.B) {
	path := os.Getenv("ROTUNDA_ANALYSIS_DB")
	if path == "" {
		b.Skip("ROTUNDA_ANALYSIS_DB names no database")
	}
	st, err := store.Open(b.Context(), store.Options{DSN: path, LinkKey: storetest.LinkKey})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	if _, err := st.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	for more := true; more; {
		if more, err = st.RebuildAnalysis(b.Context(), models.System("test")); err != nil {
			b.Fatal(err)
		}
	}
	v := storetest.Viewer(b, st, os.Getenv("ROTUNDA_ANALYSIS_AS"))
	for _, pair := range [][2]models.Dimension{
		{models.DimPillar, models.DimSector}, {models.DimFront, models.DimForum}, {models.DimForum, models.DimSector},
		{models.DimAction, models.DimForum}, {models.DimPillar, models.DimMonth}, {models.DimSector, models.DimRoundtable},
	} {
		b.Run(pair[0].Key()+" by "+pair[1].Key(), func(b *testing.B) {
			for b.Loop() {
				if _, err := st.Analyse(b.Context(), v, models.AnalysisQuery{Rows: pair[0], Columns: pair[1]}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

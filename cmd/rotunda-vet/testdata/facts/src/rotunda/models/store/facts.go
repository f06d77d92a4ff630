package store

import (
	"context"
	"iter"

	"rotunda/models"
)

// Store may keep facts in its own unexported fields.
type Store struct{ queue chan models.InsightFacts }

type cursor struct{ rows []models.InsightFacts }

// Page is given out.
type Page[T any] struct{ Rows []T }

type Row struct{ Facts models.InsightFacts }

func (s *Store) facts(id int64) models.InsightFacts { return models.InsightFacts{} }

func Open() (*Store, error)                                          { return nil, nil }
func (s *Store) Insight(ctx context.Context) (models.Insight, error) { return models.Insight{}, nil }
func (s *Store) Insights() (Page[models.Insight], error)             { return Page[models.Insight]{}, nil }
func (s *Store) EachInsight(yield func(models.Insight) error) error  { return nil }
func (s *Store) AllInsights() iter.Seq2[models.Insight, error]       { return nil }

func (s *Store) Plain() (models.InsightFacts, error)           { return models.InsightFacts{}, nil }   // want `Plain lets undisclosed facts out of the store: InsightFacts`
func (s *Store) Pointers() []*models.InsightFacts              { return nil }                          // want `Pointers lets`
func (s *Store) Paged() Page[models.InsightFacts]              { return Page[models.InsightFacts]{} }  // want `Paged lets`
func (s *Store) Rows() []Row                                   { return nil }                          // want `Rows lets`
func (s *Store) Hidden() models.Leaky                          { return models.Leaky{} }               // want `Hidden lets`
func (s *Store) ByMethod() *models.Chatty                      { return nil }                          // want `ByMethod lets`
func (s *Store) Callback(yield func(models.InsightFacts))      {}                                      // want `Callback lets`
func (s *Store) Out(into *[]models.InsightFacts)               {}                                      // want `Out lets`
func (s *Store) Sequence() iter.Seq[models.InsightFacts]       { return nil }                          // want `Sequence lets`
func (s *Store) Stream() <-chan map[string]models.InsightFacts { return nil }                          // want `Stream lets`
func (c *cursor) Next() (models.InsightFacts, bool)            { return models.InsightFacts{}, false } // want `Next lets`

var Last models.InsightFacts // want `Last lets`

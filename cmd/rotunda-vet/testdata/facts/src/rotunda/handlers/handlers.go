// Package handlers must not know facts.
package handlers

import "rotunda/models"

func show(i models.Insight) string { return i.Shown() }

func leak(f models.InsightFacts) string { return f.Speaker } // want `InsightFacts belongs to models and the store alone`

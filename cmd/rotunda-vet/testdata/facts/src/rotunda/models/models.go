// Package models has the types that the facts analyzer knows.
package models

// InsightFacts is all that is known of an insight.
type InsightFacts struct{ Speaker string }

// Insight is what one viewer may know of it.
type Insight struct{ shown string }

func (i Insight) Shown() string { return i.shown }

// Leaky has facts inside.
type Leaky struct{ facts []*InsightFacts }

// Chatty gives them out by a method.
type Chatty struct{}

func (Chatty) Facts() map[string]InsightFacts { return nil }

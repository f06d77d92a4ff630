// Package models has the types that the facts analyzer knows.
package models

import "fmt"

// InsightFacts is all that is known of an insight.
type InsightFacts struct{ Speaker string }

// Insight is what one viewer may know of it, kept in the same shape; it prints as nothing.
type Insight struct{ shown InsightFacts }

func (i Insight) Shown() string { return i.shown.Speaker }

func (i Insight) Format(fmt.State, rune) {}

// Leaky has facts inside.
type Leaky struct{ facts []*InsightFacts }

// Chatty gives them out by a method.
type Chatty struct{}

func (Chatty) Facts() map[string]InsightFacts { return nil }

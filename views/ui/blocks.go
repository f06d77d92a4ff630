package ui

import "github.com/a-h/templ"

// Fact is one line of Facts: its value as text, or as markup in Body.
type Fact struct {
	Term, Value string
	Body        templ.Component // shown instead of Value where it is set
}

// LedgerItem is one piece of work that waits.
type LedgerItem struct {
	Count       string // large, such as "10"
	Title, Href string
	Text        string
	Due         string // "Due tomorrow"; may be empty
	Late        bool
	Action      string // of the button; may be empty
	ActionHref  string
	ActionPosts bool // the button posts instead of leading on
}

// Milestone is one step on the way to a roundtable.
type Milestone struct {
	Label, Note   string
	Done, Current bool
}

// Step is one step of a task of several pages.
type Step struct {
	Label         string
	Done, Current bool
}

// LogLine is one thing that happened. Body replaces Text where it is set.
type LogLine struct {
	DateTime, When, Text string
	// Action leads to what can be done about it, where there is something.
	Action, ActionHref string
	Body               templ.Component
}

// TodoItem is one thing to do, or done.
type TodoItem struct {
	Label, Note, Href string
	Done              bool
}

// FunnelStep is one number of a funnel, with its share of Of as a bar.
type FunnelStep struct {
	Label, Value, Small, Note string
	N, Of                     int
}

var noteIcons = map[string]string{
	"": "info", "ok": "circle-check", "warn": "triangle-alert", "danger": "circle-x", "plain": "info",
}

func noteIcon(kind string) string {
	if icon, ok := noteIcons[kind]; ok {
		return icon
	}
	return "info"
}

func noteClass(kind string) string {
	if kind == "" {
		return ""
	}
	return "note--" + kind
}

func percent(n, total int) string { return num(share(n, total)) + "%" }

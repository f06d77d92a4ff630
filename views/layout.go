package views

import (
	"strings"

	"rotunda/views/urls"
)

// Page is what the frame around every page needs. Handlers fill it once, in
// handlers/web; page structs embed it.
type Page struct {
	Title      string // of this page; the frame adds the site's name
	Current    string // the part of the site: "home", "roundtables", "people", "insights", "settings"
	Viewer     Viewer // who is signed in; zero is nobody
	Nav        Nav    // which parts the viewer may enter
	Flash      []Flash
	Institute  string   // the host institute's name
	Logo       string   // the version of its logo; empty is none
	Contact    string   // the address that guests may write to; may be empty
	Theme      string   // "light", "dark", or "" to follow the system
	Path       string   // of this request, with its query: where to return to
	Scripts    []string // modules beside app.js, such as "capture.js"
	KeysOff    bool     // the viewer has switched single-letter keys off
	Compact    bool     // a narrow rail, for pages that need the width
	Unfinished string   // where the viewer has yet to finish an account begun by a one-time link
	Failed     bool     // the page shows a form that was refused
	Hint       Hint     // a hint of the first days
}

// Hint is a sentence for somebody's first days, with where to read on. An empty
// key is none.
type Hint struct{ Key, Text, Word, Href string }

// Viewer names the person who is signed in, in words.
type Viewer struct {
	Name string
	Role string // such as "Convener"
}

// Nav says which parts of the site the viewer may enter. A count stands beside
// the part's name; empty shows none.
type Nav struct {
	Briefs                                       bool
	Roundtables, People, Insights, Settings      bool
	Themes, Codebook                             bool
	Recommendations, Analysis                    bool
	Promises                                     bool // what was promised
	RoundtablesCount, PeopleCount, InsightsCount string
}

// Flash is a message about what was just done.
type Flash struct {
	Text     string
	Error    bool   // it failed; the message stays until it is dismissed
	UndoURL  string // where a POST takes it back; empty where that is impossible
	UndoWord string // of the button; empty is "Undo"
	// Links lead to what the message is about.
	Links []FlashLink
}

// FlashLink is a link in a message.
type FlashLink struct{ Label, Href string }

// windowTitle is the text of the browser's tab.
func (p Page) windowTitle() string {
	title := p.Title
	if p.Failed {
		title = "Error: " + title
	}
	if title == "" {
		return "Rotunda"
	}
	return title + " · Rotunda"
}

// unfinishedWords say what is left to do, unless the page is where it is done.
func (p Page) unfinishedWords() string {
	path, _, _ := strings.Cut(p.Path, "?")
	switch {
	case p.Unfinished == "" || p.Unfinished == path:
		return ""
	case p.Unfinished == urls.SetUpPath:
		return "This is the first account. It still needs your name, your address and a password."
	}
	return "You came by a one-time link. Choose a password, so that you can come back."
}

func (p Page) signedIn() bool { return p.Viewer.Name != "" }

func (p Page) keys() string {
	if p.KeysOff {
		return "off"
	}
	return "on"
}

func (p Page) rail() string {
	if p.Compact {
		return "compact"
	}
	return "full"
}

func (f Flash) undoWord() string {
	if f.UndoWord == "" {
		return "Undo"
	}
	return f.UndoWord
}

// htmxConfig keeps htmx within the content security policy: nothing is
// evaluated, no style is injected, and no request leaves the site.
const htmxConfig = `{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0}`

// searchAction is where Enter in the search box looks.
func searchAction(n Nav) string {
	switch {
	case n.Insights:
		return urls.InsightsPath
	case n.Roundtables:
		return urls.RoundtablesPath
	}
	return urls.PeoplePath
}

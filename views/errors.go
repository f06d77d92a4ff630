package views

import "strings"

// ErrorPage says that a request could not be answered. The texts for each
// status are ErrorText's; Help and Code are added where they serve.
type ErrorPage struct {
	Page
	Status int
	Code   string // the request id to quote; shown from 500 on
	Help   string // whom to tell; may be empty
	Back   string // where the first button leads; empty is Home
	BackTo string // what the first button says; empty is "Go to Home"
	Retry  bool   // the second button opens Page.Path again (a GET)
}

// errorText is what an error page says.
type errorText struct{ title, text string }

// errorTexts holds the words for every status that the site answers with. They
// say what happened and what to do, and never what the server knows.
var errorTexts = map[int]errorText{
	400: {"This request makes no sense to us", "Part of the address or of the form is missing. Go back and try again."},
	403: {"Your role does not reach this far", "The page is there, but not for your role. Ask an administrator if you need it."},
	404: {"There is no such page", "The roundtable may have been renamed, the link cut short in an e-mail, or the page is not for you."},
	405: {"That cannot be done here", "The page is there, but not for this kind of request. Open it from its own link."},
	409: {"Somebody was faster", "What you changed was changed by somebody else meanwhile. Open it again and look at both."},
	410: {"This link does not work any more", "It has ended, was used up or withdrawn, or a newer one took its place. Please use the newest link you were sent."},
	413: {"That is too much at once", "The file or the text is larger than we take. Make it smaller or send it in parts. Nothing was saved."},
	415: {"We cannot read this kind of file", "Nothing was saved. Try the file as CSV or XLSX."},
	421: {"This is not our address", "You reached us by a name that is not ours. Use the address in your invitation or bookmark."},
	422: {"Something in the form needs mending", "Nothing was saved. Go back, and the form keeps what you typed."},
	429: {"Too many attempts", "Wait a few minutes, then try again. Nothing is lost."},
	500: {"Something broke on our side", "Your work is safe: the page you were on keeps what you typed. Try again in a moment."},
	503: {"Nothing can be saved just now", "The place where we keep things does not take anything at the moment. Nothing was lost. Try again in a few minutes."},
}

// ErrorTitle is the heading of a status's error page. A status without words
// of its own reads as 400 or 500.
func ErrorTitle(status int) string { return errorWords(status).title }

func errorWords(status int) errorText {
	if t, ok := errorTexts[status]; ok {
		return t
	}
	if status < 500 {
		return errorTexts[400]
	}
	return errorTexts[500]
}

func (p ErrorPage) words() errorText { return errorWords(p.Status) }

func (p ErrorPage) back() string {
	if p.Back == "" {
		return "/"
	}
	return p.Back
}

func (p ErrorPage) backTo() string {
	if p.BackTo == "" {
		return "Go to Home"
	}
	return p.BackTo
}

// emptySeat is the seat of the floor plan that is missing: another one for
// each status, always the same.
func (p ErrorPage) emptySeat() int { return p.Status % planSeats }

// again is the request's own address, kept on this site: a path that begins
// with two slashes would name another host.
func (p ErrorPage) again() string { return "/" + strings.TrimLeft(p.Path, "/\\") }

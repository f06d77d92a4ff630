// Package viewtest renders components in tests and checks what must hold of
// all our markup: elements that close, controls that are labeled, ids that are
// unique and found, and nothing that the content security policy would refuse.
package viewtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// Hostile are texts that somebody might type and that must come out as text.
var Hostile = []string{
	`"><script>alert(1)</script>`,
	`' onmouseover='alert(1)`,
	`</textarea></title><img src=x onerror=alert(1)>`,
	`javascript:alert(1)`,
	"\u202eevil\u202c \x00 \ufffd",
	strings.Repeat("Wangari Maathai and the very long name ", 40),
}

// Render renders a component, checks it, and returns the markup.
func Render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatalf("render: %v", err)
	}
	for _, p := range Problems(b.String()) {
		t.Error(p)
	}
	return b.String()
}

// Problems lists what is wrong with a page or a fragment.
func Problems(markup string) []string {
	var c checker
	c.balance(markup)
	doc, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		return append(c.problems, err.Error())
	}
	c.ids = map[string]int{}
	c.walk(doc, c.collect)
	c.walk(doc, c.check)
	if c.whole && c.h1 != 1 {
		c.problem("a page has one h1, not " + strings.Repeat("|", c.h1))
	}
	return c.problems
}

type checker struct {
	problems []string
	ids      map[string]int
	labelFor []string
	whole    bool // a page, not a fragment
	h1       int
}

func (c *checker) problem(s string) { c.problems = append(c.problems, s) }

var void = []string{"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// balance checks that every element that opens is closed, in order: the parser
// below would mend silently what a browser then shows in the wrong place.
func (c *checker) balance(markup string) {
	var open []string
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				c.problem("never closed: " + strings.Join(open, " "))
			}
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			if tag := string(name); !slices.Contains(void, tag) {
				open = append(open, tag)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				c.problem("</" + string(name) + "> closes " + strings.Join(open, " "))
				return
			}
			open = open[:len(open)-1]
		}
	}
}

func (c *checker) walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	if n.Type == html.DoctypeNode {
		c.whole = true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child, visit)
	}
}

func (c *checker) collect(n *html.Node) {
	if id, ok := attr(n, "id"); ok {
		c.ids[id]++
		if c.ids[id] == 2 {
			c.problem("two elements have the id " + id)
		}
		if id == "" || strings.ContainsAny(id, " \t\n") {
			c.problem("not an id: " + id)
		}
	}
	if v, ok := attr(n, "for"); ok {
		c.labelFor = append(c.labelFor, v)
	}
	if n.Data == "h1" {
		c.h1++
	}
}

func (c *checker) check(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on"):
			c.problem("<" + n.Data + "> has " + a.Key)
		case strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") && (a.Key == "href" || a.Key == "action" || a.Key == "src"):
			c.problem("<" + n.Data + "> leads to " + a.Val)
		case a.Key == "aria-describedby" || a.Key == "aria-labelledby" || a.Key == "popovertarget" || a.Key == "for":
			c.refersTo(n, a)
		}
	}
	switch n.Data {
	case "style":
		c.problem("an inline style sheet")
	case "script":
		if _, ok := attr(n, "src"); !ok {
			c.problem("an inline script")
		}
	case "input", "select", "textarea":
		if kind, _ := attr(n, "type"); kind != "hidden" && !c.labeled(n) {
			name, _ := attr(n, "name")
			c.problem("no label for " + n.Data + " " + name)
		}
	case "button", "a", "dialog":
		if !named(n) {
			c.problem("a " + n.Data + " without a name")
		}
	case "form":
		if m, _ := attr(n, "method"); m == "" {
			c.problem("a form without a method")
		}
	}
}

// refersTo checks references; in a fragment they may lead out of it.
func (c *checker) refersTo(n *html.Node, a html.Attribute) {
	for _, id := range strings.Fields(a.Val) {
		if c.ids[id] == 0 && (c.whole || a.Key != "popovertarget") {
			c.problem("<" + n.Data + "> " + a.Key + " names #" + id + ", which is not there")
		}
	}
}

func (c *checker) labeled(n *html.Node) bool {
	if id, ok := attr(n, "id"); ok && slices.Contains(c.labelFor, id) {
		return true
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return true
		}
	}
	l, _ := attr(n, "aria-label")
	by, _ := attr(n, "aria-labelledby")
	return l != "" || by != ""
}

// named tells whether assistive technology has something to call the element.
func named(n *html.Node) bool {
	for _, key := range []string{"aria-label", "aria-labelledby"} {
		if v, _ := attr(n, key); v != "" {
			return true
		}
	}
	return strings.TrimSpace(Text(n)) != ""
}

// Text returns the words in an element.
func Text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(Text(child))
	}
	return b.String()
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

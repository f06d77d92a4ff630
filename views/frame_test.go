package views_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"rotunda/views"
	"rotunda/views/urls"
	"rotunda/views/viewtest"
)

// inside renders a frame around a heading.
func inside(frame templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		child := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "<h1>Heading</h1>")
			return err
		})
		return frame.Render(templ.WithChildren(ctx, child), w)
	})
}

func page(s string) views.Page {
	return views.Page{
		Title: s, Current: "insights", Viewer: views.Viewer{Name: s, Role: s}, Institute: s, Logo: s, Unfinished: s, Theme: "dark", Path: s,
		Nav:     views.Nav{Roundtables: true, People: true, Insights: true, Settings: true, InsightsCount: s},
		Flash:   []views.Flash{{Text: s, UndoURL: s}, {Text: s, Error: true}},
		Scripts: []string{"live.js"}, Failed: true,
	}
}

func TestFrames_areSoundWhateverIsTyped(t *testing.T) {
	for _, s := range append([]string{"Amara Lindgren"}, viewtest.Hostile...) {
		p := page(s)
		errs := map[string]string{"": s, "email": s, "password": s, "name": s, "institute": s}
		foot := templ.ComponentFunc(func(context.Context, io.Writer) error { return nil })
		for name, c := range map[string]templ.Component{
			"Layout":       inside(views.Layout(p)),
			"LayoutFlush":  inside(views.LayoutFlush(p)),
			"Room":         inside(views.Room(p)),
			"RSVP":         inside(views.RSVP(p, foot)),
			"Gate":         inside(views.Gate(p)),
			"ToastsOOB":    views.ToastsOOB(p.Flash),
			"SignIn":       views.SignIn(views.SignInPage{Page: p, Email: s, Next: s, Errors: errs, Notice: s, Help: s}),
			"SignInLink":   views.SignInLink(views.SignInLinkPage{Page: p, Name: s, Email: s, Action: s, Expires: s}),
			"SetUp":        views.SetUp(views.SetUpPage{Page: p, Action: s, Form: views.SetUpForm{Institute: s, Name: s, Email: s}, Errors: errs}),
			"ResetRequest": views.ResetRequest(views.ResetRequestPage{Page: p, Email: s, Errors: errs}),
			"ResetSent":    views.ResetRequest(views.ResetRequestPage{Page: p, Email: s, Sent: true}),
			"Reset":        views.Reset(views.ResetPage{Page: p, Action: s, Email: s, Errors: errs}),
			"LinkGone":     views.LinkGone(views.ErrorPage{Page: p, Help: s}),
			"ErrorNote":    views.ErrorNote(views.ErrorPage{Status: 422}),
			"Error":        views.Error(views.ErrorPage{Page: p, Status: 500, Code: s, Help: s, Retry: true, Back: s, BackTo: "Back" + s}),
		} {
			t.Run(name, func(t *testing.T) { viewtest.Render(t, c) })
		}
	}
}

func TestLayout_showsOnlyThePartsTheViewerMayEnter(t *testing.T) {
	p := page("Amara Lindgren")
	p.Nav = views.Nav{Insights: true}
	got := viewtest.Render(t, inside(views.Layout(p)))
	for _, hidden := range []string{urls.RoundtablesPath, urls.PeoplePath, urls.SettingsPath} {
		if strings.Contains(got, `"`+hidden+`"`) {
			t.Errorf("%s is shown", hidden)
		}
	}
	if !strings.Contains(got, `href="/insights" data-go="i" aria-current="page"`) {
		t.Error("the current part is not marked")
	}
}

func TestLayout_theKeysOfThePartsAreAllNamed(t *testing.T) {
	p := page("x")
	p.Nav = views.Nav{Roundtables: true, People: true, Insights: true, Analysis: true, Themes: true, Recommendations: true, Promises: true, Briefs: true, Codebook: true, Settings: true}
	got := viewtest.Render(t, inside(views.Layout(p)))
	_, help, _ := strings.Cut(got, `id="keyhelp"`)
	parts := regexp.MustCompile(`data-go="(.)"`).FindAllStringSubmatch(got, -1)
	if len(parts) < 10 {
		t.Fatalf("%d parts have a key", len(parts))
	}
	for _, key := range parts {
		if !strings.Contains(help, "<kbd>"+key[1]+"</kbd>") {
			t.Errorf("g %s leads to a part and is not named", key[1])
		}
	}
}

func TestLayout_searchButtonsLeadToTheLists(t *testing.T) {
	got := viewtest.Render(t, inside(views.Layout(page("x"))))
	for _, path := range []string{urls.InsightsPath, urls.RoundtablesPath, urls.PeoplePath} {
		if !strings.Contains(got, `formaction="`+path+`"`) {
			t.Errorf("no search in %s", path)
		}
	}
}

func TestLayout_signOutIsAPost(t *testing.T) {
	got := viewtest.Render(t, inside(views.Layout(page("x"))))
	if strings.Contains(got, `href="`+urls.SignOutPath) || !strings.Contains(got, `method="post" action="`+urls.SignOutPath+`"`) {
		t.Error("signing out must be a form")
	}
}

func TestError_everyStatusHasItsOwnWords(t *testing.T) {
	seen := map[string]int{}
	for _, status := range []int{400, 403, 404, 405, 409, 410, 413, 415, 421, 422, 429, 500, 503} {
		title := views.ErrorTitle(status)
		if other, ok := seen[title]; ok {
			t.Errorf("%d and %d read the same", status, other)
		}
		seen[title] = status
		got := viewtest.Render(t, views.Error(views.ErrorPage{Page: views.Page{Title: title}, Status: status, Code: "7f3c-20e1"}))
		if strings.Contains(got, "7f3c-20e1") != (status >= 500) {
			t.Errorf("%d: the code is quoted from 500 on, and only there", status)
		}
	}
	if views.ErrorTitle(http.StatusTeapot) != views.ErrorTitle(400) || views.ErrorTitle(599) != views.ErrorTitle(500) {
		t.Error("a status without words reads as 400 or 500")
	}
}

func TestError_tryAgainStaysOnThisSite(t *testing.T) {
	for _, path := range []string{"//evil.example/x", `/\evil.example`, `\\evil.example`, "https://evil.example"} {
		got := viewtest.Render(t, views.Error(views.ErrorPage{Page: views.Page{Title: "x", Path: path}, Status: 503, Retry: true}))
		for _, bad := range []string{`href="//`, `href="/\`, `href="https:`} {
			if strings.Contains(got, bad) {
				t.Errorf("%s leads to %s", path, bad)
			}
		}
	}
}

func TestSignInLink_isOneButtonThatPostsNothing(t *testing.T) {
	got := viewtest.Render(t, views.SignInLink(views.SignInLinkPage{Page: views.Page{Title: "Sign in"}, Name: "Noor Castellan", Email: "n@wisc.example", Action: "/sign-in/abc"}))
	if strings.Count(got, "<form") != 1 || strings.Count(got, "<button") != 1 || strings.Contains(got, "<input") {
		t.Error("want one form with one button and no field")
	}
	if !strings.Contains(got, `method="post" action="/sign-in/abc"`) || !strings.Contains(got, "Noor Castellan") {
		t.Error(got)
	}
}

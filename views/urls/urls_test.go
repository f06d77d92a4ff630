package urls

import (
	"strings"
	"testing"

	"rotunda/models"
)

func TestFill_putsEveryValueInItsPlace(t *testing.T) {
	id := models.ID(42)
	for got, want := range map[string]string{
		Roundtable(id):               "/roundtables/" + id.String(),
		RoundtableEdit(id):           "/roundtables/" + id.String() + "/edit",
		Invitation("a/b?c"):          "/r/a%2Fb%3Fc",
		SignInLink("Az_-9"):          "/sign-in/Az_-9",
		fill("/a/:x/b/:y", "1", "2"): "/a/1/b/2",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if strings.Contains(Capture(id), ":") {
		t.Error("a parameter was left unfilled")
	}
}

func TestWith_leavesEmptyValuesOut(t *testing.T) {
	if got := With("/insights", "q", "", "page", ""); got != "/insights" {
		t.Error(got)
	}
	if got := With("/insights?x=1", "q", "a b&c"); got != "/insights?x=1&q=a+b%26c" {
		t.Error(got)
	}
}

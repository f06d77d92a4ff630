package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
)

func TestHealth_answersAndRefusesOtherHosts(t *testing.T) {
	site := handlertest.New(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		if res := site.Anonymous().Get(path); res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/none", nil)
	r.Host = "evil.example"
	rec := httptest.NewRecorder()
	site.Handler.ServeHTTP(rec, r)
	if rec.Code != http.StatusMisdirectedRequest {
		t.Errorf("another host: %d", rec.Code)
	}
}

func TestErrors_aPageThatIsNotThereIsAPage(t *testing.T) {
	site := handlertest.New(t)
	v := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	doc := site.As(v).Page("/none", http.StatusNotFound)
	if doc.Find("h1").Length() != 1 {
		t.Error("the error page has no heading")
	}
}

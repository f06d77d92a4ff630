package handlers_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rotunda/handlers/handlertest"
	"rotunda/models"
	"rotunda/models/store/storetest"
	"rotunda/views/urls"
)

func instituteValues() url.Values {
	return url.Values{
		"name": {"Wisconsin Institute"}, "short_name": {"WISC"}, "zone": {"America/Chicago"}, "contact": {"events@wisc.example"},
		"regime": {"off_the_record"}, "staff_k": {"4"}, "staff_l": {"2"}, "partner_k": {"6"}, "partner_l": {"3"},
		"public_k": {"6"}, "public_l": {"3"}, "sectors_only": {"1"}, "gap": {"7"},
	}
}

func TestInstitute_isKeptAsTyped(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin))
	form := instituteValues()
	form.Set("regime", models.OffTheRecord.Key())
	if res := b.Post(urls.InstitutePath, form); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", res.StatusCode, handlertest.Body(res))
	}
	got, err := site.Store.Institute(t.Context())
	want := models.Institute{
		Name: "Wisconsin Institute", ShortName: "WISC", Zone: "America/Chicago", Contact: "events@wisc.example", Regime: models.OffTheRecord,
		Thresholds:  models.Thresholds{Staff: models.Threshold{K: 4, L: 2}, Partner: models.Threshold{K: 6, L: 3}, Public: models.Threshold{K: 6, L: 3}},
		SectorsOnly: true, CoverageGap: 7,
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	doc := b.Page(urls.InstitutePath, http.StatusOK)
	if doc.Find("input[name=staff_k]").AttrOr("value", "") != "4" || doc.Find("input[name=sectors_only][checked]").Length() != 1 {
		t.Error("the form shows something else")
	}
}

func TestInstitute_thresholdsNeverFallUnderTheStandard(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin))
	form := instituteValues()
	for field, value := range map[string]string{"staff_k": "2", "partner_k": "4", "public_l": "x", "zone": "Mars", "contact": "nobody", "gap": "0", "name": " "} {
		form.Set(field, value)
	}
	doc := site.Parse(b.Post(urls.InstitutePath, form), http.StatusUnprocessableEntity)
	for _, field := range []string{"staff_k", "partner_k", "public_l", "zone", "contact", "gap", "name"} {
		if doc.Find("[name="+field+"][aria-invalid=true]").Length() != 1 {
			t.Errorf("%s is not marked", field)
		}
	}
	if doc.Find("input[name=partner_k]").AttrOr("value", "") != "4" {
		t.Error("the form forgot what was typed")
	}
}

func upload(b *handlertest.Browser, path, field, name string, data []byte) *http.Response {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil {
		panic(err)
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

func TestLogo_isAPictureWhateverItIsCalled(t *testing.T) {
	site := handlertest.New(t)
	b := site.As(storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin))
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	site.Anonymous().Page(urls.LogoPath, http.StatusNotFound)
	for name, data := range map[string][]byte{
		"x.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "x.png": []byte("<script>alert(1)</script>"),
		"long.png": append(bytes.Clone(picture.Bytes()), make([]byte, models.LogoMost)...), "empty.png": nil,
		"photo.jpg": make([]byte, 5<<20), "film.jpg": make([]byte, 33<<20+1),
	} {
		if doc := site.Parse(upload(b, urls.InstituteLogoPath, "logo", name, data), http.StatusUnprocessableEntity); doc.Find("[name=logo][aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: no message", name)
		}
	}
	if res := upload(b, urls.InstituteLogoPath, "logo", "logo.html", picture.Bytes()); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	src := b.Page(urls.InstitutePath, http.StatusOK).Find("img.logoshow").AttrOr("src", "")
	res := site.Anonymous().Get(src)
	if res.Header.Get("Content-Type") != "image/png" || handlertest.Body(res) != picture.String() ||
		!strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %v", src, res.Header)
	}
	b.Post(urls.InstituteLogoPath, url.Values{"remove": {"1"}})
	site.Anonymous().Page(urls.LogoPath, http.StatusNotFound)
}

func TestSettings_areForAdminsAlone(t *testing.T) {
	site := handlertest.New(t)
	admin := storetest.Account(t, site.Store, "Ada Byron", models.RoleAdmin)
	pages := []string{urls.InstitutePath, urls.StaffPath, urls.StaffNewPath, urls.Member(admin.Account()), urls.AuditPath}
	for _, role := range append(models.AccountRoles[1:], models.RoleCohost) {
		b := site.As(storetest.Account(t, site.Store, "The "+role.Key(), role))
		for _, path := range pages {
			b.Page(path, http.StatusForbidden)
		}
	}
	for _, path := range pages {
		site.As(admin).Page(path, http.StatusOK)
		if res := site.Anonymous().Get(path); res.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d for nobody", path, res.StatusCode)
		}
	}
}

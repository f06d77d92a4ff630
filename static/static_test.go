package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, url string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestURL_everyNameIsHashedAndServed(t *testing.T) {
	hashed := regexp.MustCompile(`^/static/[a-zA-Z0-9.-]+\.[0-9a-f]{16}\.(css|js|svg|woff2|txt)$`)
	for name, u := range load().urls {
		if !hashed.MatchString(u) {
			t.Errorf("%s: %s has no hash", name, u)
		}
		res := get(t, u)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") == "" {
			t.Errorf("%s: status %d, type %q", name, res.StatusCode, res.Header.Get("Content-Type"))
		}
		if !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not cached for good", name)
		}
	}
	for _, name := range []string{"css", "htmx.js", "app.js", "live.js", "logo.svg", "newsreader-roman.woff2"} {
		URL(name)
	}
}

func TestHandler_unknownNameIs404AndNotCached(t *testing.T) {
	for _, u := range []string{"/static/", "/static/nothing.css", "/static/../static.go", "/static/css/tokens.css"} {
		res := get(t, u)
		if res.StatusCode != 404 || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q", u, res.StatusCode, res.Header.Get("Cache-Control"))
		}
	}
}

func TestHandler_gzipUnpacksToThePlainFile(t *testing.T) {
	plain, _ := io.ReadAll(get(t, URL("css")).Body)
	res := get(t, URL("css"), "Accept-Encoding", "br, gzip")
	if res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("headers: %v", res.Header)
	}
	zr, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, _ := io.ReadAll(zr)
	if !bytes.Equal(plain, unpacked) {
		t.Error("the two encodings differ")
	}
	font := get(t, URL("public-sans-roman.woff2"), "Accept-Encoding", "gzip")
	if font.Header.Get("Content-Encoding") != "" {
		t.Error("a woff2 is compressed already")
	}
}

func TestHandler_knownTagIs304(t *testing.T) {
	tag := get(t, URL("app.js")).Header.Get("ETag")
	if res := get(t, URL("app.js"), "If-None-Match", tag); res.StatusCode != 304 {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestStyleSheet_namesOnlyFilesThatExist(t *testing.T) {
	css := string(load().assets[strings.TrimPrefix(URL("css"), Prefix)].plain)
	found := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1)
	if len(found) != 6 {
		t.Errorf("%d url()s, want the 6 fonts", len(found))
	}
	for _, m := range found {
		u := strings.Trim(m[1], `"`)
		if res := get(t, u); res.StatusCode != 200 || path.Ext(u) != ".woff2" {
			t.Errorf("%s: status %d", u, res.StatusCode)
		}
	}
	if strings.Contains(css, "@import") {
		t.Error("the sheet must be one file")
	}
	if open, end := strings.Count(css, "{"), strings.Count(css, "}"); open != end {
		t.Errorf("%d { and %d }", open, end)
	}
}

func TestStyleSheet_everyPartIsJoined(t *testing.T) {
	joined := map[string]bool{}
	for _, s := range sheets {
		for _, p := range s.parts {
			joined["css/"+p+".css"] = true
		}
	}
	for _, dir := range []string{"css", "css/components"} {
		for _, name := range list(dir) {
			if !joined[dir+"/"+name] {
				t.Errorf("%s/%s is in no layer", dir, name)
			}
		}
	}
}

// No request ever leaves the site: nothing served may name another host. What
// may stand in the sources are XML namespaces and the licences' own links.
func TestFiles_nameNoOtherHost(t *testing.T) {
	external := regexp.MustCompile(`(https?:)?//[a-z0-9-]+\.[a-z]{2,}`)
	for name, a := range load().assets {
		if ext := path.Ext(name); ext == ".woff2" || ext == ".txt" {
			continue
		}
		for _, m := range external.FindAllString(string(a.plain), -1) {
			if m != "http://www.w3" {
				t.Errorf("%s names %s", name, m)
			}
		}
	}
}

func TestScripts_importsAreHashed(t *testing.T) {
	imports := regexp.MustCompile(`(?m)^(?:import|export) .*from "([^"]+)"`)
	for name, a := range load().assets {
		if path.Ext(name) != ".js" {
			continue
		}
		for _, m := range imports.FindAllStringSubmatch(string(a.plain), -1) {
			if res := get(t, m[1]); res.StatusCode != 200 {
				t.Errorf("%s imports %s: status %d", name, m[1], res.StatusCode)
			}
		}
	}
}

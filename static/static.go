// Package static holds what browsers load beside the pages: one style sheet,
// script modules, fonts and the logo. Everything is embedded, and every name
// carries a hash of its contents, so that it may be cached for a year.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

//go:embed css fonts js img
var files embed.FS

// Prefix is the path under which Handler must be mounted.
const Prefix = "/static/"

// sheets lists the parts of the style sheet by cascade layer. Within a layer
// the order matters: a later rule wins over an earlier one of equal weight.
var sheets = []struct {
	layer string
	parts []string
}{
	{"tokens", []string{"tokens"}},
	{"base", []string{"base"}},
	{"layout", []string{"layout"}},
	{"components", []string{
		"components/controls", "components/marks", "components/tables", "components/graphics",
		"components/lists", "components/floating", "components/records", "components/capture",
		"components/explorer", "components/findings", "components/misc", "components/guests",
		"components/roundtables", "components/insights", "components/rsvp", "components/people", "components/brief", "components/public", "components/recommendations",
		"components/pages", "components/themes", "components/codebook", "components/help", "components/analysis", "components/narrow",
	}},
	{"utilities", []string{"utilities"}},
	{"print", []string{"print"}},
}

var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// asset is one file as it is served.
type asset struct {
	contentType string
	hash        string
	plain       []byte
	gzipped     func() []byte // made when first asked for; nil where compressing gains nothing
}

// library is everything that is served: urls by plain name, assets by served
// name.
type library struct {
	urls   map[string]string
	assets map[string]asset
}

var load = sync.OnceValue(build)

// URL returns the address of a file: "css" for the style sheet, "app.js" for a
// script, "logo.svg", or a font's file name. A name that does not exist is a
// mistake in a template, and panics.
func URL(name string) string {
	u, ok := load().urls[name]
	if !ok {
		panic("static: no file named " + name)
	}
	return u
}

// Handler serves the files under Prefix. What is not there is a 404 that
// nobody caches.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := load().assets[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		body, tag := a.plain, a.hash
		if a.gzipped != nil {
			h.Set("Vary", "Accept-Encoding")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				h.Set("Content-Encoding", "gzip")
				body, tag = a.gzipped(), a.hash+"-gz"
			}
		}
		h.Set("ETag", `"`+tag+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

func build() library {
	lib := library{urls: map[string]string{}, assets: map[string]asset{}}
	for _, dir := range []string{"fonts", "img"} {
		for _, name := range list(dir) {
			lib.add(name, name, read(dir+"/"+name))
		}
	}
	lib.add("css", "rotunda.css", lib.styleSheet())
	for _, name := range list("js") {
		lib.script(name)
	}
	return lib
}

// add files the contents under a name with their hash in it.
func (l library) add(name, file string, contents []byte) {
	sum := sha256.Sum256(contents)
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(file)
	a := asset{contentType: contentTypes[ext], hash: hash, plain: contents}
	if ext != ".woff2" {
		a.gzipped = sync.OnceValue(func() []byte { return compress(contents) })
	}
	served := strings.TrimSuffix(file, ext) + "." + hash + ext
	l.urls[name] = Prefix + served
	l.assets[served] = a
}

var cssURL = regexp.MustCompile(`url\("(?:fonts/)?([^"/]+)"\)`)

// styleSheet joins the parts in layer order and points url() at hashed names.
func (l library) styleSheet() []byte {
	var b bytes.Buffer
	b.WriteString("@layer tokens, base, layout, components, utilities, print;\n")
	for _, s := range sheets {
		open, end := "@layer "+s.layer+" {\n", "}\n"
		if s.layer == "print" {
			open, end = "@media print { "+open, "} }\n"
		}
		b.WriteString(open)
		for _, part := range s.parts {
			b.Write(read("css/" + part + ".css"))
		}
		b.WriteString(end)
	}
	return cssURL.ReplaceAllFunc(b.Bytes(), func(m []byte) []byte {
		return []byte(`url("` + l.urls[string(cssURL.FindSubmatch(m)[1])] + `")`)
	})
}

var jsImport = regexp.MustCompile(`from "\./([a-z-]+\.js)"`)

// script files a module after the modules it imports, whose hashed addresses
// it must name. Modules that import each other in a ring would never end; the
// tests load every one.
func (l library) script(name string) string {
	if u, ok := l.urls[name]; ok {
		return u
	}
	source := jsImport.ReplaceAllFunc(read("js/"+name), func(m []byte) []byte {
		return []byte(`from "` + l.script(string(jsImport.FindSubmatch(m)[1])) + `"`)
	})
	l.add(name, name, source)
	return l.urls[name]
}

func list(dir string) []string {
	entries, err := files.ReadDir(dir)
	if err != nil {
		panic(err) // embedded: cannot fail in a program that compiled
	}
	var names []string
	for _, e := range entries {
		if ext := path.Ext(e.Name()); contentTypes[ext] != "" {
			names = append(names, e.Name())
		}
	}
	return names
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // embedded: cannot fail in a program that compiled
	}
	return b
}

func compress(contents []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = w.Write(contents)                              // a bytes.Buffer does not fail
	_ = w.Close()
	return b.Bytes()
}

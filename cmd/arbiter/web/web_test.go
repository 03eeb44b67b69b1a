package web

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
	"testing/fstest"
)

const (
	rules = "/client/rules-0123456789ab.wasm"
	part  = "/client/parts/later-abcdef234567.js"
)

var script = strings.Repeat("export const answer = 42;\n", 40)

func unzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// small stands for a text in brotli, which nothing here reads.
func small(text string) []byte { return []byte("small:" + text) }

func zip(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // a bytes.Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

func testSite(t *testing.T) site {
	t.Helper()
	s, err := read(fstest.MapFS{
		"index.html":               {Data: []byte("<title>page</title>")},
		"app.js":                   {Data: []byte(script)},
		"app.css":                  {Data: []byte("body{color:red}")},
		"client/.gitignore":        {Data: []byte("rules-*")},
		"client/arbiter-client.js": {Data: []byte(script)},
		part[1:]:                   {Data: []byte(script)},
		rules[1:] + ".gz":          {Data: zip([]byte("\x00asm"))},
		rules[1:] + ".br":          {Data: small("\x00asm")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s http.Handler, method, path string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		b, err = unzip(b)
	case "br":
		b = bytes.TrimPrefix(b, []byte("small:"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFiles(t *testing.T) {
	s := testSite(t)
	for _, c := range []struct {
		path, kind, cache, origin, body string
	}{
		{"/", "text/html; charset=utf-8", "no-cache", "", "<title>page</title>"},
		{"/index.html", "text/html; charset=utf-8", "no-cache", "", "<title>page</title>"},
		{"/app.js", "text/javascript; charset=utf-8", "no-cache", "", script},
		{"/app.css", "text/css; charset=utf-8", "no-cache", "", "body{color:red}"},
		{"/client/arbiter-client.js", "text/javascript; charset=utf-8", "no-cache", "*", script},
		{part, "text/javascript; charset=utf-8", forever, "*", script},
		{rules, "application/wasm", forever, "*", "\x00asm"},
		{
			"/client/files.json", "application/json", "no-cache", "*",
			`{"arbiter-client.js":"/client/arbiter-client.js","rules.wasm":"` + rules + `"}`,
		},
	} {
		for _, encoding := range []string{"", "gzip, deflate, br"} {
			r := ask(s, http.MethodGet, c.path, "Accept-Encoding", encoding)
			h := r.Header
			if got := body(t, r); r.StatusCode != 200 || got != c.body || h.Get("Content-Type") != c.kind ||
				h.Get("Cache-Control") != c.cache || h.Get("Access-Control-Allow-Origin") != c.origin ||
				h.Get("ETag") == "" || h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s, accepting %q: status %d\n%v\n%q", c.path, encoding, r.StatusCode, h, got)
			}
		}
	}
}

func TestCompressed(t *testing.T) {
	s := testSite(t)
	for _, c := range []struct{ path, accept, want string }{
		{"/app.js", "gzip", "gzip"},
		{"/app.js", "br, gzip;q=0.5", "gzip"},
		{"/app.js", "*", "gzip"},
		{"/app.js", "gzip;q=0", ""},
		{"/app.js", "br;q=1, gzip; q=0.0", ""},
		{"/app.js", "br", ""},
		{"/", "gzip", ""}, // too short to gain anything
		{rules, "gzip", "gzip"},
		{rules, "gzip, deflate, br, zstd", "br"},
		{rules, "gzip, br;q=0", "gzip"},
		{rules, "", ""},
	} {
		r := ask(s, http.MethodGet, c.path, "Accept-Encoding", c.accept)
		if got := r.Header.Get("Content-Encoding"); got != c.want {
			t.Errorf("%s, accepting %q: encoding %q; want %q", c.path, c.accept, got, c.want)
		}
		b, _ := io.ReadAll(r.Body)
		if r.ContentLength != int64(len(b)) {
			t.Errorf("%s, accepting %q: length %d of %d", c.path, c.accept, r.ContentLength, len(b))
		}
	}
}

func TestNotModified(t *testing.T) {
	s := testSite(t)
	tags := map[string]bool{}
	for _, path := range []string{"/app.js", "/app.css", rules} {
		for _, encoding := range []string{"", "gzip"} {
			tag := ask(s, http.MethodGet, path, "Accept-Encoding", encoding).Header.Get("ETag")
			tags[tag] = true
			r := ask(s, http.MethodGet, path, "Accept-Encoding", encoding, "If-None-Match", tag)
			if b, _ := io.ReadAll(r.Body); r.StatusCode != http.StatusNotModified || len(b) != 0 || r.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s, accepting %q: status %d, %d bytes, %v", path, encoding, r.StatusCode, len(b), r.Header)
			}
		}
	}
	if len(tags) != 5 { // app.css is never compressed
		t.Errorf("tags %v; want one for each form of each file", tags)
	}
}

func TestRefused(t *testing.T) {
	s := testSite(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/nothing", 404},
		{"GET", "/app.js.gz", 404},
		{"GET", rules + ".gz", 404},
		{"GET", rules + ".br", 404},
		{"GET", "/client", 404},
		{"GET", "/client/", 404},
		{"GET", "/client/.gitignore", 404},
		{"GET", "/../web.go", 404},
		{"POST", "/", 405},
		{"DELETE", "/app.js", 405},
	} {
		r := ask(s, c.method, c.path)
		if b := body(t, r); r.StatusCode != c.status || r.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(b, `"type":"/v1/problems/`) {
			t.Errorf("%s %s: status %d, %v\n%s", c.method, c.path, r.StatusCode, r.Header, b)
		}
	}
	if r := ask(s, http.MethodHead, "/app.js", "Accept-Encoding", "gzip"); r.StatusCode != 200 || body(t, ask(s, http.MethodHead, "/")) != "" {
		t.Errorf("HEAD: status %d", r.StatusCode)
	}
}

// The page gets by with what its own server gives.
func TestPolicy(t *testing.T) {
	got := ask(testSite(t), http.MethodGet, "/").Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(got, part) {
			t.Errorf("policy %q lacks %q", got, part)
		}
	}
	for _, loose := range []string{"http:", "https:", "'unsafe-inline'", "'unsafe-eval'", "*"} {
		if strings.Contains(got, loose) {
			t.Errorf("policy %q allows %q", got, loose)
		}
	}
}

// Rules of a folder take the place of others, and nothing else in it is served.
func TestRules(t *testing.T) {
	s := testSite(t)
	err := s.replaceRules(fstest.MapFS{
		"rules-abcdefabcdef.wasm.gz": {Data: zip([]byte("\x00asm, newer"))},
		"rules-abcdefabcdef.wasm.br": {Data: small("\x00asm, newer")},
		"rules-abcdefabcdef.json":    {Data: []byte(`{"games":{}}`)},
		"rules-secret.txt":           {Data: []byte("secret")},
		"pong.go":                    {Data: []byte("package pong")},
	}, "/eu")
	if err != nil {
		t.Fatal(err)
	}
	if got := body(t, ask(s, http.MethodGet, "/client/rules-abcdefabcdef.wasm")); got != "\x00asm, newer" {
		t.Errorf("rules %q", got)
	}
	for _, gone := range []string{rules, "/client/rules-secret.txt", "/client/pong.go"} {
		if r := ask(s, http.MethodGet, gone); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", gone, r.StatusCode)
		}
	}
	want := `{"arbiter-client.js":"/eu/client/arbiter-client.js","rules.json":"/eu/client/rules-abcdefabcdef.json","rules.wasm":"/eu/client/rules-abcdefabcdef.wasm"}`
	if got := body(t, ask(s, http.MethodGet, "/client/files.json")); got != want {
		t.Errorf("files %s\nwant  %s", got, want)
	}
	if err := s.replaceRules(nil, ""); err != nil {
		t.Fatal(err)
	}
	if got := body(t, ask(s, http.MethodGet, "/client/files.json")); got != `{"arbiter-client.js":"/client/arbiter-client.js"}` {
		t.Errorf("without rules: files %s", got)
	}
}

func TestUnknownKind(t *testing.T) {
	if _, err := read(fstest.MapFS{"app.exe": {Data: []byte("MZ")}}); err == nil || !strings.Contains(err.Error(), `".exe"`) {
		t.Errorf("error %v", err)
	}
}

// What is embedded is served, and refers to nothing that is not.
func TestEmbedded(t *testing.T) {
	h, err := Pages(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	s := h.(site)
	if !bytes.Contains(s["/"].Plain, []byte("<title>Arbiter playground</title>")) {
		t.Fatal("/ is not the playground")
	}
	links := regexp.MustCompile(`(?:(?:src|href|from|import)\s*[=(]?\s*)["'](\.{0,2}/[^"']+|app\.[a-z]+)["']`)
	seen, todo := map[string]bool{}, []string{"/", "/client/files.json"}
	for len(todo) > 0 {
		from := todo[0]
		todo = todo[1:]
		if s[from] == nil {
			t.Errorf("%s is missing", from)
		}
		if seen[from] || s[from] == nil {
			continue
		}
		seen[from] = true
		for _, m := range links.FindAllSubmatch(s[from].Plain, -1) {
			to := string(m[1])
			if from == "/" && to[0] == '/' {
				t.Errorf("the page links to %s, which fails below a path prefix: leave the slash out", to)
			}
			if to[0] != '/' {
				to = path.Join(path.Dir(from), to)
			}
			todo = append(todo, to)
		}
	}
	for name, p := range s {
		if hasHash := strings.HasPrefix(name, "/client/parts/") || strings.HasPrefix(name, "/client/rules-"); (p.Cache == forever) != hasHash {
			t.Errorf("%s is cached as %q", name, p.Cache)
		}
	}
	for _, name := range []string{"/app.js", "/app.css", "/client/arbiter-client.js"} {
		if !seen[name] {
			t.Errorf("%s is not used by the page; found %v", name, seen)
		}
	}
}

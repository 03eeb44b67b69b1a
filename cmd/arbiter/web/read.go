package web

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
}

const (
	forever = "public, max-age=31536000, immutable"
	asked   = "no-cache" // kept, but asked about each time
)

// hashed are names that change with their content: cmd/rules-wasm's and
// esbuild's.
var hashed = regexp.MustCompile(`-([0-9a-f]{12}|[0-9A-Z]{8})\.[a-z]+$`)

// read makes a site of a folder. A name that ends in .gz is served without it.
func read(files fs.FS) (site, error) {
	s := site{}
	where := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		plain, isZipped := strings.CutSuffix("/"+name, ".gz")
		p, err := newPage(plain, b, isZipped)
		if err != nil {
			return err
		}
		s[plain] = p
		if path.Dir(plain) == "/client" {
			where[hashed.ReplaceAllString(path.Base(plain), path.Ext(plain))] = plain
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	list, err := json.Marshal(where)
	if err != nil {
		return nil, err
	}
	if s["/client/files.json"], err = newPage("/client/files.json", list, false); err != nil {
		return nil, err
	}
	if index, ok := s["/index.html"]; ok {
		s["/"] = index
	}
	return s, nil
}

func newPage(name string, b []byte, isZipped bool) (*page, error) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		return nil, fmt.Errorf("%s: no media type for %q: add it to kinds", name, path.Ext(name))
	}
	p := &page{kind: kind, cache: asked, tag: fmt.Sprintf("%.16x", sha256.Sum256(b))}
	if hashed.MatchString(name) {
		p.cache = forever
	}
	if isZipped {
		p.zipped = b
		return p, nil
	}
	p.plain = b
	if z := zip(b); len(z) < len(b)*9/10 {
		p.zipped = z
	}
	return p, nil
}

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

// hashed are names that change with their content: those of "arbiter wasm" and
// of esbuild.
var hashed = regexp.MustCompile(`-([0-9a-f]{12}|[0-9A-Z]{8})\.[a-z]+$`)

// read makes a site of a folder. A name that ends in .gz is served without it.
func read(files fs.FS) (site, error) {
	s := site{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		return s.add(files, name, "/"+name)
	})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if err := s.list(""); err != nil {
		return nil, err
	}
	if index, ok := s["/index.html"]; ok {
		s["/"] = index
	}
	return s, nil
}

// add reads a file that is to be served at a path.
func (s site) add(files fs.FS, name, at string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	plain, isZipped := strings.CutSuffix(at, ".gz")
	s[plain], err = newPage(plain, b, isZipped)
	return err
}

const listPath = "/client/files.json"

// list makes the page that says where the files for clients are, below a prefix.
func (s site) list(prefix string) error {
	where := map[string]string{}
	for at := range s {
		if path.Dir(at) == "/client" && at != listPath {
			where[hashed.ReplaceAllString(path.Base(at), path.Ext(at))] = prefix + at
		}
	}
	text, err := json.Marshal(where)
	if err != nil {
		return err
	}
	s[listPath], err = newPage(listPath, text, false)
	return err
}

// replaceRules serves the rules of a folder instead of those it has; nil has none.
func (s site) replaceRules(rules fs.FS, prefix string) error {
	for at := range s {
		if strings.HasPrefix(at, "/client/rules-") {
			delete(s, at)
		}
	}
	if rules != nil {
		names, err := fs.Glob(rules, "rules-*")
		if err != nil {
			return fmt.Errorf("web: %w", err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, ".wasm.gz") && !strings.HasSuffix(name, ".json") {
				continue
			}
			if err := s.add(rules, name, "/client/"+name); err != nil {
				return fmt.Errorf("web: rules: %w", err)
			}
		}
	}
	return s.list(prefix)
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

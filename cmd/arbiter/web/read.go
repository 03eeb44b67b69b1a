package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"arbiter/server/httpapi"
)

var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
}

// forever is how files are cached whose names change with their content. The
// others are kept, but asked about each time.
const forever = "public, max-age=31536000, immutable"

// hashed are the names of those: "arbiter wasm" and webbuild make them alike.
var hashed = regexp.MustCompile(`-[0-9a-f]{12}\.[a-z]+$`)

// brotliExt ends the name of a file that is another form of the one with .gz.
const brotliExt = ".br"

// read makes a site of a folder. A name that ends in .gz is served without it.
func read(files fs.FS) (site, error) {
	s := site{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") || path.Ext(name) == brotliExt {
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
	d, err := newPage(plain, b, isZipped)
	if err != nil {
		return err
	}
	if isZipped {
		d.Brotli, err = fs.ReadFile(files, strings.TrimSuffix(name, ".gz")+brotliExt)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	s[plain] = d
	return nil
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

func newPage(name string, b []byte, isZipped bool) (*httpapi.Document, error) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		return nil, fmt.Errorf("%s: no media type for %q: add it to kinds", name, path.Ext(name))
	}
	d := httpapi.NewDocument(kind, b)
	if isZipped {
		d = httpapi.NewZipped(kind, b)
	}
	if hashed.MatchString(name) {
		d.Cache = forever
	}
	return d, nil
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// tree is what the rules look at.
type tree struct {
	module string     // path of the module, from go.mod
	top    []string   // names at the top, dotfiles and build output left out
	files  []textFile // hand-written source, by path
	goes   []goFile   // Go files, generated ones too, by path
	broken []violation
}

type textFile struct {
	path  string
	lines int
	test  bool
}

type goFile struct {
	path   string
	pkg    string // its folder, below the module's path
	test   bool
	syntax *ast.File
	fset   *token.FileSet
}

// at returns path:line of a node.
func (f goFile) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.fset.Position(n.Pos()).Line)
}

var (
	sourceExt = []string{".go", ".ts", ".js", ".mjs", ".css", ".html"}
	testName  = regexp.MustCompile(`(_test\.go|\.test\.(ts|js|mjs))$`)
	generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	moduleRow = regexp.MustCompile(`(?m)^module\s+(\S+)`)
)

// readTree reads a module, leaving out what git ignores or never runs:
// dot folders, node_modules, testdata, and build output.
func readTree(root fs.FS) (*tree, error) {
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return nil, fmt.Errorf("no module here: %w: run it at the top of the repository or give -C", err)
	}
	m := moduleRow.FindSubmatch(mod)
	if m == nil {
		return nil, errors.New("go.mod names no module")
	}
	t := &tree{module: string(m[1])}
	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		if leftOut(p, d) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.Contains(p, "/") {
			t.top = append(t.top, p)
		}
		if d.IsDir() || !slices.Contains(sourceExt, path.Ext(p)) {
			return nil
		}
		text, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		t.add(p, text)
		return nil
	})
	return t, err
}

func leftOut(p string, d fs.DirEntry) bool {
	name := d.Name()
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	if d.IsDir() {
		return slices.Contains([]string{"node_modules", "testdata", "dist"}, name) || p == "bin"
	}
	return slices.Contains([]string{".test", ".prof", ".out"}, path.Ext(name))
}

func (t *tree) add(p string, text []byte) {
	test := testName.MatchString(p)
	if !generated.Match(text) && !strings.Contains(path.Base(p), ".gen.") {
		lines := bytes.Count(text, []byte("\n"))
		if len(text) > 0 && text[len(text)-1] != '\n' {
			lines++
		}
		t.files = append(t.files, textFile{p, lines, test})
	}
	if path.Ext(p) != ".go" {
		return
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, p, text, parser.ParseComments)
	if err != nil {
		t.broken = append(t.broken, violation{p, "does not parse: " + err.Error(), "source is Go", "mend it"})
		return
	}
	t.goes = append(t.goes, goFile{p, path.Dir(p), test, syntax, fset})
}

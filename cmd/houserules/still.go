package main

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// outside are packages of the standard library that reach outside; those below
// them do too.
var outside = []string{"net", "os", "syscall", "crypto/rand"}

// clocks are the functions of package time that read or wait for the clock.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// seeded are the names of math/rand and math/rand/v2 that need a seed; the
// others draw from the process's own source.
var seeded = []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf", "Rand", "PCG", "ChaCha8", "Source", "Source64", "Zipf"}

const stillRule = "rules are a function of their parameters: no clock, socket, file, goroutine or unseeded chance"

// stillness checks that still rooms take time, chance and the world as
// parameters. Test files are free.
func (t *tree) stillness(table []room) []violation {
	var found []violation
	for _, f := range t.goes {
		if r, ok := roomOf(table, f.pkg); ok && r.still && !f.test {
			found = append(found, f.stirs()...)
		}
	}
	return found
}

func (f goFile) stirs() []violation {
	var found []violation
	report := func(n ast.Node, what, remedy string) {
		found = append(found, violation{f.at(n), what, stillRule, remedy})
	}
	imported := map[string]string{} // name in this file → package path
	for _, spec := range f.syntax.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if slices.ContainsFunc(outside, func(p string) bool { return target == p || strings.HasPrefix(target, p+"/") }) {
			report(spec, "imports "+target, "let the caller do it and pass the outcome in")
		}
		imported[localName(spec, target)] = target
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			report(n, "starts a goroutine", "let the loop that drives this package do it")
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok || x.Obj != nil { // a variable that shadows the package
				return true
			}
			switch target := imported[x.Name]; {
			case target == "time" && slices.Contains(clocks, n.Sel.Name):
				report(n, "uses time."+n.Sel.Name, "take the tick or the time as a parameter")
			case (target == "math/rand" || target == "math/rand/v2") && !slices.Contains(seeded, n.Sel.Name):
				report(n, "uses rand."+n.Sel.Name, "draw from the match's own seeded source")
			}
		}
		return true
	})
	return found
}

func localName(spec *ast.ImportSpec, target string) string {
	switch {
	case spec.Name != nil:
		return spec.Name.Name
	case target == "math/rand/v2":
		return "rand"
	}
	return path.Base(target)
}

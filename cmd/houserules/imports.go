package main

import (
	"slices"
	"strconv"
	"strings"
)

// imports checks every import of every file against the table.
func (t *tree) imports(table []room) []violation {
	found := slices.Clone(t.broken)
	for _, f := range t.goes {
		r, ok := roomOf(table, f.pkg)
		if !ok {
			found = append(found, violation{
				f.path, "package " + t.name(f.pkg) + " stands in no room", "every package has a row in the table of rooms",
				"move it into a room, or add a row to the table of houserules",
			})
			continue
		}
		for _, spec := range f.syntax.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil || t.allowed(r, f, target) {
				continue
			}
			found = append(found, violation{f.at(spec), "package " + t.name(f.pkg) + " imports " + target, r.rule(f.test), r.remedy})
		}
	}
	return found
}

func (t *tree) name(pkg string) string {
	if pkg == "." {
		return t.module
	}
	return t.module + "/" + pkg
}

func (t *tree) allowed(r room, f goFile, target string) bool {
	if target == t.module {
		return false
	}
	if own, ok := strings.CutPrefix(target, t.module+"/"); ok {
		covered := func(pattern string) bool { return covers(pattern, own) }
		// A package's external tests import the package itself.
		return slices.ContainsFunc(r.may, covered) || f.test && (own == f.pkg || slices.ContainsFunc(r.tests, covered))
	}
	holds := func(module string) bool {
		return module == "*" || target == module || strings.HasPrefix(target, module+"/")
	}
	first, _, _ := strings.Cut(target, "/")
	if !strings.Contains(first, ".") { // the standard library
		return !slices.ContainsFunc(r.bars, holds)
	}
	return slices.ContainsFunc(r.libraries, holds) || f.test && slices.ContainsFunc(testLibraries, holds)
}

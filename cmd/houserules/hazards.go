package main

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// hazardsFile lists what the server survives, with the tests that show it. The
// last column is written by this command, from the lines "Hazards: name, name"
// in the comments of tests.
const hazardsFile = "server/hazards.md"

const hazardsRule = "every hazard is shown to be survived by a test"

// hazards compares the file with the tests.
func (t *tree) hazards(root fs.FS) []violation {
	text, err := fs.ReadFile(root, hazardsFile)
	if err != nil {
		return nil // a module without the file promises nothing
	}
	fresh, found := t.shown(string(text))
	if fresh != string(text) {
		found = append(found, violation{hazardsFile, "is not what the tests say", hazardsRule, "go run ./cmd/houserules -write"})
	}
	return found
}

// writeHazards brings the file up to date.
func (t *tree) writeHazards(dir string) error {
	name := filepath.Join(dir, filepath.FromSlash(hazardsFile))
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	fresh, _ := t.shown(string(text))
	return os.WriteFile(name, []byte(fresh), 0o644)
}

// shown is the file with its last column made anew, and what is wrong: rows
// without a test, names of no row, names twice.
func (t *tree) shown(text string) (string, []violation) {
	tests := t.claims()
	var found []violation
	known := map[string]bool{}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		cells, ok := tableRow(line)
		if !ok {
			continue
		}
		name := cells[0]
		where := fmt.Sprintf("%s:%d", hazardsFile, i+1)
		if known[name] {
			found = append(found, violation{where, fmt.Sprintf("%q stands twice", name), hazardsRule, "give each row a name of its own"})
		}
		known[name] = true
		var links []string
		for _, c := range tests {
			if slices.Contains(c.hazards, name) {
				links = append(links, c.link())
			}
		}
		if len(links) == 0 {
			found = append(found, violation{where, fmt.Sprintf("%q has no test", name), hazardsRule,
				"write one with the comment \"Hazards: " + name + "\", or take the row out"})
		}
		cells[len(cells)-1] = strings.Join(slices.Compact(links), ", ")
		lines[i] = "| " + strings.Join(cells, " | ") + " |"
	}
	for _, c := range tests {
		for _, name := range c.hazards {
			if !known[name] {
				found = append(found, violation{c.at, fmt.Sprintf("%s shows %q, which is no row of %s", c.test, name, hazardsFile), hazardsRule, "use a row's name, or add the row"})
			}
		}
	}
	return strings.Join(lines, "\n"), found
}

// tableRow splits a row of a table of four columns. Heads and rules between
// them are none.
func tableRow(line string) ([]string, bool) {
	if !strings.HasPrefix(line, "| ") || !strings.HasSuffix(line, "|") {
		return nil, false
	}
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells, len(cells) == 4 && cells[0] != "hazard" && !strings.HasPrefix(cells[0], "-")
}

// claim is a test that says which hazards it shows to be survived.
type claim struct {
	test    string
	file    string
	at      string
	hazards []string
}

func (c claim) link() string {
	rel, err := filepath.Rel(path.Dir(hazardsFile), c.file)
	if err != nil {
		rel = c.file // not reached: both are below the module's root
	}
	return fmt.Sprintf("[%s](%s)", c.test, filepath.ToSlash(rel))
}

// claims are those of all test files, in order of file and line.
func (t *tree) claims() []claim {
	var list []claim
	for _, f := range t.goes {
		if !f.test {
			continue
		}
		for _, d := range f.syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Doc == nil {
				continue
			}
			if names := hazardNames(fn.Doc.Text()); len(names) > 0 {
				list = append(list, claim{fn.Name.Name, f.path, f.at(fn), names})
			}
		}
	}
	return list
}

// hazardNames reads what follows "Hazards:", to the end of the paragraph.
func hazardNames(doc string) []string {
	_, rest, ok := strings.Cut(doc, "Hazards:")
	if !ok {
		return nil
	}
	rest, _, _ = strings.Cut(rest, "\n\n")
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(rest), "."), ",") {
		names = append(names, strings.Join(strings.Fields(name), " "))
	}
	return names
}

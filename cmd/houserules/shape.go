package main

import (
	"fmt"
	"slices"
)

// mostLines is how long a hand-written file may be.
const mostLines = 500

// topNames may stand at the top of the repository, besides dotfiles.
var topNames = []string{"server", "game", "netcode", "matchmaking", "bench", "cmd", "go.mod", "go.sum", "Makefile", "README.md"}

// lengths finds hand-written files that are too long, tests included.
func (t *tree) lengths() []violation {
	var found []violation
	for _, f := range t.files {
		if f.lines > mostLines {
			found = append(found, violation{
				f.path, fmt.Sprintf("%d lines", f.lines), fmt.Sprintf("no hand-written file above %d lines", mostLines),
				"split it along what it does",
			})
		}
	}
	return found
}

// topLevel finds names that don't belong at the top of the repository.
func (t *tree) topLevel() []violation {
	var found []violation
	for _, name := range t.top {
		if !slices.Contains(topNames, name) {
			found = append(found, violation{
				name, "stands at the top of the repository", fmt.Sprintf("only dotfiles and %v stand there", topNames),
				"move it into a room, or remove it",
			})
		}
	}
	return found
}

// summary reports how many files there are, and the longest.
func (t *tree) summary() string {
	code, tests := 0, 0
	longest := textFile{path: "none"}
	for _, f := range t.files {
		if f.test {
			tests++
		} else {
			code++
		}
		if f.lines > longest.lines {
			longest = f
		}
	}
	return fmt.Sprintf("house rules: %d files, %d test files; longest %s, %d lines", code, tests, longest.path, longest.lines)
}

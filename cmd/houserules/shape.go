package main

import (
	"fmt"
	"slices"
)

const (
	mostLines   = 500 // of a hand-written file
	medianLines = 120
)

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

// summary reports how long files are. A median over the mark is only said:
// one file more or less moves it, and no single file is to blame.
func (t *tree) summary() string {
	var code, tests []int
	longest := textFile{path: "none"}
	for _, f := range t.files {
		if f.test {
			tests = append(tests, f.lines)
		} else {
			code = append(code, f.lines)
		}
		if f.lines > longest.lines {
			longest = f
		}
	}
	note := ""
	if median(code) > medianLines {
		note = fmt.Sprintf(" (above %d: split the longer ones)", medianLines)
	}
	return fmt.Sprintf("house rules: %d files, median %d lines%s; %d test files, median %d; longest %s, %d",
		len(code), median(code), note, len(tests), median(tests), longest.path, longest.lines)
}

func median(n []int) int {
	if len(n) == 0 {
		return 0
	}
	slices.Sort(n)
	return n[len(n)/2]
}

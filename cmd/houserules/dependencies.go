package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// dependenciesFile says of each direct dependency what it is for: rows whose
// first cell is its name in backquotes.
const dependenciesFile = "server/dependencies.md"

const dependenciesRule = "every direct dependency is named in " + dependenciesFile + " with its reason, and none that is gone"

var dependencyRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")

// dependencies compares the file with what the manifests ask for.
func dependencies(root fs.FS) ([]violation, error) {
	text, err := fs.ReadFile(root, dependenciesFile)
	if err != nil {
		return nil, nil // a module without the file promises nothing
	}
	used, err := manifests(root)
	if err != nil {
		return nil, err
	}
	var found []violation
	named := map[string]bool{}
	for _, m := range dependencyRow.FindAllStringSubmatch(string(text), -1) {
		name := m[1]
		if named[name] {
			found = append(found, violation{dependenciesFile, name + " stands twice", dependenciesRule, "keep one row"})
		}
		named[name] = true
		if used[name] == "" {
			found = append(found, violation{dependenciesFile, name + " is no direct dependency", dependenciesRule, "take its row out"})
		}
	}
	for name, file := range used {
		if !named[name] {
			found = append(found, violation{file, name + " has no row in " + dependenciesFile, dependenciesRule, "add one, or do without it"})
		}
	}
	slices.SortFunc(found, func(a, b violation) int { return strings.Compare(a.String(), b.String()) })
	return found, nil
}

// manifests finds the direct dependencies of all go.mod and package.json files,
// and the manifest that asks for each.
func manifests(root fs.FS) (map[string]string, error) {
	used := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || slices.Contains([]string{"node_modules", "testdata", "bin", "dist", "artifacts"}, base)) {
				return fs.SkipDir
			}
			return nil
		}
		if base != "go.mod" && base != "package.json" {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		names := directModules(string(text))
		if base == "package.json" {
			if names, err = directPackages(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		for _, n := range names {
			used[n] = name
		}
		return nil
	})
	return used, err
}

var (
	requireRow = regexp.MustCompile(`^(?:require\s+)?([\w.-]+\.[\w-]+/\S+)\s+v\d\S*$`)
	toolRow    = regexp.MustCompile(`^tool\s+(\S+)$`)
)

// directModules are what a go.mod requires, those marked as indirect left out,
// and the packages of its tools.
func directModules(text string) (names []string) {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if m := requireRow.FindStringSubmatch(line); m != nil {
			names = append(names, m[1])
		} else if m := toolRow.FindStringSubmatch(line); m != nil {
			names = append(names, m[1])
		}
	}
	return names
}

// directPackages are the dependencies of a package.json, of every sort.
func directPackages(text []byte) (names []string, err error) {
	var p struct {
		Dependencies         map[string]string `json:"dependencies"`
		DevDependencies      map[string]string `json:"devDependencies"`
		PeerDependencies     map[string]string `json:"peerDependencies"`
		OptionalDependencies map[string]string `json:"optionalDependencies"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, err
	}
	for _, list := range []map[string]string{p.Dependencies, p.DevDependencies, p.PeerDependencies, p.OptionalDependencies} {
		for name := range list {
			names = append(names, name)
		}
	}
	return names, nil
}

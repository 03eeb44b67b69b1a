package rules

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"arbiter/matchmaking"
)

//go:embed files/*.yaml
var files embed.FS

// Names returns the names of the rules that ship with the package: arena, fives,
// ladder.
func Names() []string {
	entries, err := files.ReadDir("files")
	if err != nil {
		panic(err) // the folder is embedded
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	return names
}

// Text returns the YAML of the shipped rules of that name.
func Text(name string) ([]byte, error) {
	text, err := files.ReadFile(path.Join("files", name+".yaml"))
	if err != nil {
		return nil, fmt.Errorf("rules: there are no rules named %q: use %s, or the path of a file", name, strings.Join(Names(), ", "))
	}
	return text, nil
}

// Named returns the shipped rules of that name.
func Named(name string) (matchmaking.Rules, error) {
	text, err := Text(name)
	if err != nil {
		return matchmaking.Rules{}, err
	}
	return Parse(text)
}

// Examples are all of them, the ones to start from first: ladder, fives, arena.
func Examples() []matchmaking.Rules {
	var list []matchmaking.Rules
	for _, name := range []string{"ladder", "fives", "arena"} {
		r, err := Named(name)
		if err != nil {
			panic(err) // tests have read them
		}
		list = append(list, r)
	}
	return list
}

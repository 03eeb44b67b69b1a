package app

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// settingsFile is a configuration file: one mapping in YAML or JSON from names of
// flags to their values as on the command line. A list stands for values with
// commas, a mapping for key=value pairs with commas.
type settingsFile struct {
	path    string
	entries map[string]setting
}

type setting struct {
	text string
	line int
}

func readSettings(path string) (*settingsFile, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- the operator names it, not who connects
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0) // the byte order mark that editors of Windows write
	if err != nil {
		return nil, fmt.Errorf("%s is neither valid YAML nor valid JSON: %w", path, err)
	}
	f := &settingsFile{path: path, entries: map[string]setting{}}
	for i, doc := range parsed.Docs {
		if i > 0 {
			return nil, fmt.Errorf("%s has more than one document: keep the first", path)
		}
		if err := f.readEntries(doc.Body); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// readEntries reads the entries of the file's one mapping.
func (f *settingsFile) readEntries(body ast.Node) error {
	rows, ok := mapping(body)
	if !ok {
		return fmt.Errorf("%s:%d: this is not a mapping: write one setting a line, such as addr: 127.0.0.1:8080", f.path, lineOf(body))
	}
	for _, row := range rows {
		name, line := scalar(row.Key), lineOf(row.Key)
		if first, twice := f.entries[name]; twice {
			return fmt.Errorf("%s:%d: %q is set twice, first in line %d: remove one", f.path, line, name, first.line)
		}
		text, ok := typed(row.Value)
		if !ok {
			return fmt.Errorf("%s:%d: the value of %q is nested too deeply: write a text, a number, a list or a mapping of these", f.path, line, name)
		}
		f.entries[name] = setting{text, line}
	}
	return nil
}

// mapping returns the rows of a mapping; an empty file is an empty one.
func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil, true
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// typed is a value as on the command line.
func typed(n ast.Node) (string, bool) {
	var items []string
	if list, ok := n.(*ast.SequenceNode); ok {
		for _, item := range list.Values {
			if _, ok := item.(ast.ScalarNode); !ok {
				return "", false
			}
			items = append(items, scalar(item))
		}
		return strings.Join(items, ","), true
	}
	if _, ok := n.(ast.ScalarNode); ok {
		return scalar(n), true
	}
	rows, ok := mapping(n)
	for _, row := range rows {
		if _, ok := row.Value.(ast.ScalarNode); !ok {
			return "", false
		}
		items = append(items, scalar(row.Key)+"="+scalar(row.Value))
	}
	return strings.Join(items, ","), ok
}

// scalar is a scalar as it is written, without quotes.
func scalar(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value)
	case *ast.NullNode:
		return ""
	}
	return n.GetToken().Value
}

func lineOf(n ast.Node) int { return n.GetToken().Position.Line }

// entry returns a setting; one without a value counts as not set.
func (f *settingsFile) entry(name string) (setting, bool) {
	if f == nil {
		return setting{}, false
	}
	e, ok := f.entries[name]
	return e, ok && e.text != ""
}

// check refuses names that are no flags of the command.
func (f *settingsFile) check(command string, known, hidden map[string]bool) error {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(n string) bool { return !known[n] || hidden[n] })
	var bad []string
	for name, e := range f.entries {
		if !known[name] {
			bad = append(bad, fmt.Sprintf("%s:%d: unknown setting %q%s", f.path, e.line, name, didYouMean(name, names)))
		}
	}
	if len(bad) == 0 {
		return nil
	}
	slices.Sort(bad)
	return fmt.Errorf("%s: use the names of the flags of arbiter %s: %s", strings.Join(bad, "; "), command, strings.Join(names, ", "))
}

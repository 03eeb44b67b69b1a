package rules

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/parser"

	"arbiter/matchmaking"
)

// maxBytes is the size of the largest rules that are read.
const maxBytes = 256 << 10

// Parse reads rules from YAML or JSON and checks them. The error is
// [matchmaking.Problems], in the order of lines, or nil.
func Parse(text []byte) (matchmaking.Rules, error) {
	if len(text) > maxBytes {
		return matchmaking.Rules{}, only(fmt.Sprintf("the file has %d bytes", len(text)), fmt.Sprintf("write at most %d", maxBytes))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // the byte order mark that editors of Windows write
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return matchmaking.Rules{}, syntax(err)
	}
	if n := len(file.Docs); n != 1 || file.Docs[0].Body == nil {
		what := fmt.Sprintf("the file has %d documents", n)
		if n == 1 {
			what = "the file is empty"
		}
		return matchmaking.Rules{}, only(what, "write one mapping with name, game, attributes, teams and rules")
	}
	r := &reader{lines: map[string]int{}}
	out := r.rules(file.Docs[0].Body)
	if len(r.problems) > 0 {
		return matchmaking.Rules{}, r.problems
	}
	if err := out.Validate(); err != nil {
		return matchmaking.Rules{}, r.locate(err)
	}
	return out, nil
}

// syntax converts an error of the YAML library, "[line:column] text" followed by
// lines that show the source.
func syntax(err error) error {
	first, _, _ := strings.Cut(err.Error(), "\n")
	p := &matchmaking.Problem{Code: matchmaking.BadSyntax, Remedy: "correct the syntax"}
	column := 0
	if _, err := fmt.Sscanf(first, "[%d:%d]", &p.Line, &column); err == nil {
		_, first, _ = strings.Cut(first, "] ")
	}
	p.Detail = "neither YAML nor JSON: " + clip(first)
	return matchmaking.Problems{p}
}

func only(detail, remedy string) error {
	return matchmaking.Problems{{Code: matchmaking.BadSyntax, Detail: detail, Remedy: remedy}}
}

// locate adds the line to problems that have only a path.
func (r *reader) locate(err error) error {
	var found matchmaking.Problems
	if !errors.As(err, &found) {
		return err
	}
	for _, p := range found {
		for path := p.Where; path != ""; path = parent(path) {
			if line, ok := r.lines[path]; ok {
				p.Line = line
				break
			}
		}
	}
	return found
}

// parent is the path without its last name or index.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

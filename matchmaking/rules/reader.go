package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"arbiter/matchmaking"
)

// reader traverses a YAML tree and collects problems. It records the line of
// every path, for problems that are found later.
type reader struct {
	problems matchmaking.Problems
	lines    map[string]int
}

func (r *reader) fail(n ast.Node, where string, code matchmaking.Code, detail, remedy string) {
	r.problems = append(r.problems, &matchmaking.Problem{Code: code, Where: where, Line: lineOf(n), Detail: detail, Remedy: remedy})
}

func lineOf(n ast.Node) int {
	if n == nil {
		return 0
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// field reads the value of one name.
type field func(n ast.Node, where string)

// fields reads a mapping; unknown names are refused.
func (r *reader) fields(n ast.Node, where string, known map[string]field) {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	r.entries(n, where, func(name string, key, value ast.Node) {
		path := join(where, name)
		read, ok := known[name]
		if !ok {
			r.fail(key, path, matchmaking.UnknownField, fmt.Sprintf("field %q is unknown here", clip(name)), "use one of "+strings.Join(names, ", "))
			return
		}
		r.lines[path] = lineOf(key)
		read(value, path)
	})
}

// entries calls back for each entry of a mapping, in order.
func (r *reader) entries(n ast.Node, where string, each func(name string, key, value ast.Node)) {
	rows, ok := mapping(n)
	if !ok {
		r.fail(n, where, matchmaking.BadSyntax, "this is not a mapping", "write name: value, one per line")
		return
	}
	seen := map[string]int{}
	for _, row := range rows {
		name, ok := text(row.Key)
		if !ok {
			r.fail(row.Key, where, matchmaking.BadSyntax, "a key is not a plain word", "write name: value; merges and anchors are not supported")
			continue
		}
		if first, twice := seen[name]; twice {
			r.fail(row.Key, join(where, name), matchmaking.NameTwice, fmt.Sprintf("%q is repeated; it is first set in line %d", clip(name), first), "remove one of the two")
			continue
		}
		seen[name] = lineOf(row.Key)
		each(name, row.Key, row.Value)
	}
}

func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// items calls back for each item of a sequence.
func (r *reader) items(n ast.Node, where string, each field) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fail(n, where, matchmaking.BadSyntax, "is not a list", "write - before each item, or [a, b]")
		return
	}
	for i, item := range list.Values {
		path := fmt.Sprintf("%s[%d]", where, i)
		r.lines[path] = lineOf(item)
		each(item, path)
	}
}

// text is a scalar as it is written, without quotes.
func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (r *reader) text(into *string) field {
	return func(n ast.Node, where string) {
		s, ok := text(n)
		if !ok {
			r.fail(n, where, matchmaking.BadValue, "is not a string", "write a word, or text in quotes")
			return
		}
		*into = s
	}
}

func (r *reader) texts(into *[]string) field {
	return func(n ast.Node, where string) {
		r.items(n, where, func(item ast.Node, path string) {
			var s string
			r.text(&s)(item, path)
			*into = append(*into, s)
		})
	}
}

func (r *reader) number(into *float64) field {
	return func(n ast.Node, where string) {
		s, ok := text(n)
		x, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
		if !ok || quoted(n) || err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			r.fail(n, where, matchmaking.BadValue, "is not a finite number", "write one such as 100 or 0.5")
			return
		}
		*into = x
	}
}

// quoted tells "100" from 100. The node's type does not: for the library 1e9
// is a string too.
func quoted(n ast.Node) bool {
	s, ok := n.(*ast.StringNode)
	return ok && s.Token.Type != token.StringType
}

func (r *reader) whole(into *int) field {
	return func(n ast.Node, where string) {
		x := math.NaN()
		r.number(&x)(n, where)
		if math.IsNaN(x) {
			return
		}
		if x != math.Trunc(x) || math.Abs(x) > 1e6 {
			r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("%v is not a whole number up to a million", x), "write one such as 2")
			return
		}
		*into = int(x)
	}
}

func (r *reader) yes(into *bool) field {
	return func(n ast.Node, where string) {
		b, ok := n.(*ast.BoolNode)
		if !ok {
			r.fail(n, where, matchmaking.BadValue, "is neither true nor false", "write true or false")
			return
		}
		*into = b.Value
	}
}

// longest is the most a time in rules may be; beyond, sums overflow.
const longest = 365 * 24 * time.Hour

func (r *reader) duration(into *time.Duration) field {
	return func(n ast.Node, where string) {
		s, _ := text(n)
		d, err := time.ParseDuration(s)
		if err != nil || d < 0 || d > longest {
			r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("%q is not a duration from 0s to a year", clip(s)), "write one with its unit, such as 30s or 2m")
			return
		}
		*into = d
	}
}

func join(where, name string) string {
	if where == "" {
		return clip(name)
	}
	return where + "." + clip(name)
}

func clip(s string) string {
	if len(s) > 64 {
		return strings.ToValidUTF8(s[:64], "") + "…"
	}
	return s
}

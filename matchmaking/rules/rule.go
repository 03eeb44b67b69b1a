package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"arbiter/matchmaking"
)

// fieldsOf are the fields of each kind of rule, besides name, kind, drop and
// priority. Those marked with * must be there.
var fieldsOf = map[matchmaking.RuleKind]string{
	matchmaking.Distance: "attribute* max* party",
	matchmaking.Balance:  "attribute* max*",
	matchmaking.Equal:    "attribute*",
	matchmaking.AnyOf:    "attribute* values*",
	matchmaking.Overlap:  "attribute* min*",
	matchmaking.MaxLatency:  "attribute* max*",
	matchmaking.Parties:  "max*",
	matchmaking.Roles:    "attribute* seats* teams",
	matchmaking.Numeric:  "formula* min max",
}

func (r *reader) rule(n ast.Node, where string) matchmaking.Rule {
	var out matchmaking.Rule
	var formula string
	r.fields(n, where, map[string]field{
		"name": r.text(&out.Name),
		"kind": func(n ast.Node, where string) {
			var s string
			r.text(&s)(n, where)
			if out.Kind = matchmaking.RuleKindOf(s); out.Kind == 0 {
				r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("there is no kind %q", clip(s)), "write distance, balance, equal, any_of, overlap, latency, parties, roles or formula")
			}
		},
		"attribute": r.text(&out.Attribute),
		"max":       func(n ast.Node, where string) { out.Max = r.bound(n, where); out.Bounded.Max = true },
		"min":       func(n ast.Node, where string) { out.Min = r.bound(n, where); out.Bounded.Min = true },
		"party": func(n ast.Node, where string) {
			var s string
			r.text(&s)(n, where)
			var ok bool
			if out.Party, ok = matchmaking.PartyValueOf(s); !ok {
				r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("a party does not count as %q", clip(s)), "write each, mean or highest")
			}
		},
		"values":   r.texts(&out.Values),
		"seats":    func(n ast.Node, where string) { out.Seats = r.seats(n, where) },
		"teams":    r.texts(&out.Teams),
		"formula":  r.text(&formula),
		"drop":     r.duration(&out.Drop),
		"priority": r.number(&out.Priority),
	})
	r.checkFields(n, where, out.Kind)
	if formula != "" && out.Kind == matchmaking.Numeric {
		f, err := compile(formula)
		if err != nil {
			r.fail(n, where+".formula", matchmaking.BadValue, err.Error(), "see the functions in the documentation of package rules")
			f = constant{}
		}
		out.Formula = f
	}
	return out
}

// checkFields refuses fields that the kind does not read, which would be
// ignored without a word, and asks for those it needs.
func (r *reader) checkFields(n ast.Node, where string, kind matchmaking.RuleKind) {
	spec, ok := fieldsOf[kind]
	if !ok {
		return
	}
	var allowed []string
	for name := range strings.FieldsSeq(spec) {
		name, needed := strings.CutSuffix(name, "*")
		allowed = append(allowed, name)
		if needed {
			r.need(n, where, name)
		}
	}
	for _, name := range []string{"attribute", "max", "min", "party", "values", "seats", "teams", "formula"} {
		line, written := r.lines[where+"."+name]
		if written && !slices.Contains(allowed, name) {
			r.problems = append(r.problems, &matchmaking.Problem{
				Code: matchmaking.UnknownField, Where: where + "." + name, Line: line,
				Detail: fmt.Sprintf("a rule of kind %v does not read %s", kind, name),
				Remedy: "remove it; this kind reads " + strings.Join(allowed, ", "),
			})
		}
	}
}

func (r *reader) seats(n ast.Node, where string) []matchmaking.Seats {
	var out []matchmaking.Seats
	r.entries(n, where, func(name string, _, value ast.Node) {
		s := matchmaking.Seats{Role: name}
		r.whole(&s.Count)(value, join(where, name))
		out = append(out, s)
	})
	return out
}

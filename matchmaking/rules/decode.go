package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"arbiter/matchmaking"
)

func (r *reader) rules(n ast.Node) matchmaking.Rules {
	var out matchmaking.Rules
	r.fields(n, "", map[string]field{
		"name":       r.text(&out.Name),
		"game":       r.text(&out.Game),
		"parameters": r.parameters(&out.Parameters),
		"attributes": func(n ast.Node, where string) {
			r.entries(n, where, func(name string, key, value ast.Node) {
				path := fmt.Sprintf("%s[%d]", where, len(out.Attributes))
				r.lines[path] = lineOf(key)
				out.Attributes = append(out.Attributes, r.attribute(name, value, path))
			})
		},
		"teams": func(n ast.Node, where string) {
			r.items(n, where, func(n ast.Node, where string) { out.Teams = append(out.Teams, r.team(n, where)) })
		},
		"rules": func(n ast.Node, where string) {
			r.items(n, where, func(n ast.Node, where string) { out.Rules = append(out.Rules, r.rule(n, where)) })
		},
		"acceptance": func(n ast.Node, where string) {
			r.fields(n, where, map[string]field{"required": r.yes(&out.Acceptance.Required), "timeout": r.duration(&out.Acceptance.Timeout)})
		},
		"backfill":   r.yes(&out.Backfill),
		"head_start": r.duration(&out.HeadStart),
		"give_up":    r.duration(&out.GiveUp),
		"every":      r.duration(&out.Every),
		"hold":       r.duration(&out.Hold),
		"unclaimed":  r.unclaimed(&out.Unclaimed),
	})
	return out
}

func (r *reader) unclaimed(into *matchmaking.Unclaimed) field {
	return func(n ast.Node, where string) {
		var s string
		r.text(&s)(n, where)
		switch s {
		case "give_back":
			*into = matchmaking.UnclaimedGiveBack
		case "dissolve":
			*into = matchmaking.UnclaimedDissolve
		default:
			r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("%q is not an action for an unclaimed seat", clip(s)), "write give_back or dissolve")
		}
	}
}

// parameters reads the game's parameters, which may be any plain values.
func (r *reader) parameters(into *map[string]any) field {
	return func(n ast.Node, where string) {
		if _, ok := mapping(n); !ok {
			r.fail(n, where, matchmaking.BadSyntax, "this is not a mapping", "write name: value, one per line")
			return
		}
		if err := yaml.NodeToValue(n, into); err != nil {
			r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("can't be read: %.200s", err), "write plain values")
		}
	}
}

func (r *reader) attribute(name string, n ast.Node, where string) matchmaking.Attribute {
	out := matchmaking.Attribute{Name: name}
	r.fields(n, where, map[string]field{
		"type": func(n ast.Node, where string) {
			var s string
			r.text(&s)(n, where)
			for k := matchmaking.NumberKind; k <= matchmaking.LatencyKind; k++ {
				if k.String() == s {
					out.Kind = k
				}
			}
			if out.Kind == matchmaking.NoKind {
				r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("there is no type %q", clip(s)), "write number, string, set or latency")
			}
		},
		"default": func(n ast.Node, where string) { out.Default = r.value(n, where) },
		"min":     r.number(&out.Min),
		"max":     r.number(&out.Max),
		"values":  r.texts(&out.Values),
	})
	return out
}

// value reads an attribute's value and infers its kind from its form.
func (r *reader) value(n ast.Node, where string) matchmaking.Value {
	switch n.(type) {
	case *ast.SequenceNode:
		var set []string
		r.texts(&set)(n, where)
		return matchmaking.Set(set...)
	case *ast.MappingNode, *ast.MappingValueNode:
		ms := map[string]float64{}
		r.entries(n, where, func(name string, _, value ast.Node) {
			var x float64
			r.number(&x)(value, join(where, name))
			ms[name] = x
		})
		return matchmaking.Latency(ms)
	case *ast.IntegerNode, *ast.FloatNode:
		var x float64
		r.number(&x)(n, where)
		return matchmaking.Number(x)
	}
	var s string
	r.text(&s)(n, where)
	return matchmaking.Text(s)
}

func (r *reader) team(n ast.Node, where string) matchmaking.Team {
	var out matchmaking.Team
	exact := false
	r.fields(n, where, map[string]field{
		"name":  r.text(&out.Name),
		"count": r.whole(&out.Count),
		"players": func(n ast.Node, where string) {
			var x float64
			r.number(&x)(n, where)
			out.Min, out.Max = matchmaking.Fixed(x), matchmaking.Fixed(x)
			exact = true
		},
		"min": func(n ast.Node, where string) { out.Min = r.bound(n, where) },
		"max": func(n ast.Node, where string) { out.Max = r.bound(n, where) },
	})
	_, hasMin := r.lines[where+".min"]
	_, hasMax := r.lines[where+".max"]
	switch {
	case exact && (hasMin || hasMax):
		r.fail(n, where, matchmaking.Contradiction, "has both players and min or max", "write players for a fixed size, else min and max")
	case !exact && !hasMin && !hasMax:
		r.fail(n, where, matchmaking.MissingField, "the team has no size", "write players: 5, or min and max")
	case hasMin && !hasMax:
		r.fail(n, where, matchmaking.MissingField, "the team has a min but no max", "write max:")
	case hasMax && !hasMin:
		out.Min = matchmaking.Fixed(1)
	}
	return out
}

// bound is a number, or {from, steps: [{after, to}, …]}, or {from, to, after,
// over}.
func (r *reader) bound(n ast.Node, where string) matchmaking.Bound {
	var out matchmaking.Bound
	if _, ok := mapping(n); !ok {
		r.number(&out.From)(n, where)
		return out
	}
	r.fields(n, where, map[string]field{
		"from":  r.number(&out.From),
		"to":    r.number(&out.To),
		"after": r.duration(&out.After),
		"over":  r.duration(&out.Over),
		"steps": func(n ast.Node, where string) {
			r.items(n, where, func(n ast.Node, where string) {
				var s matchmaking.Step
				r.fields(n, where, map[string]field{"after": r.duration(&s.After), "to": r.number(&s.To)})
				r.need(n, where, "after", "to")
				out.Steps = append(out.Steps, s)
			})
		},
	})
	r.need(n, where, "from")
	_, linear := r.lines[where+".to"]
	_, over := r.lines[where+".over"]
	_, after := r.lines[where+".after"]
	_, steps := r.lines[where+".steps"]
	switch {
	case steps && (linear || over || after):
		r.fail(n, where, matchmaking.Contradiction, "has both steps and a linear expansion", "keep either steps or to, after and over")
	case (over || after) && !linear:
		r.fail(n, where, matchmaking.MissingField, "the expansion has no final value", "write to:")
	case linear && !over && !after:
		r.fail(n, where, matchmaking.MissingField, "the expansion has no time", "write over: such as 60s, or after: for a single step")
	case linear && out.Over == 0:
		// A single step, without a linear part.
		out = matchmaking.Bound{From: out.From, Steps: []matchmaking.Step{{After: max(out.After, time.Nanosecond), To: out.To}}}
	}
	return out
}

func (r *reader) need(n ast.Node, where string, names ...string) {
	for _, name := range names {
		if _, ok := r.lines[where+"."+name]; !ok {
			r.fail(n, where+"."+name, matchmaking.MissingField, "is missing", "write "+name+":")
		}
	}
}

// fieldsOf are the fields of each kind of rule, besides name, kind, drop and
// priority. Those marked with * are required.
var fieldsOf = map[matchmaking.RuleKind]string{
	matchmaking.Distance:   "attribute* max* party",
	matchmaking.Balance:    "attribute* max*",
	matchmaking.Equal:      "attribute*",
	matchmaking.AnyOf:      "attribute* values*",
	matchmaking.Overlap:    "attribute* min*",
	matchmaking.MaxLatency: "attribute* max*",
	matchmaking.Parties:    "max*",
	matchmaking.Roles:      "attribute* seats* teams",
	matchmaking.Numeric:    "formula* min max",
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
				r.fail(n, where, matchmaking.BadValue, fmt.Sprintf("%q is not a way to count a party", clip(s)), "write each, mean or highest")
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

// checkFields refuses fields that the kind does not read, which would otherwise
// be ignored silently, and misses those that it requires.
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

package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"arbiter/game"
	"arbiter/matchmaking"
)

// playerAttributes are numbers and texts as they are, a set as one text with
// commas, and of latencies the match's region. What goes beyond the room that
// the game has for them is left out, the last of the alphabet first.
func playerAttributes(from matchmaking.Attributes, region string) game.Attributes {
	var out game.Attributes
	for _, name := range slices.Sorted(maps.Keys(from)) {
		v, a := from[name], game.Attribute{Name: name}
		switch v.Kind() {
		case matchmaking.NumberKind:
			a.Number = v.Number()
		case matchmaking.StringKind:
			a.Text = v.Text()
		case matchmaking.SetKind:
			a.Text = strings.Join(v.Set(), ",")
		case matchmaking.LatencyKind:
			ms, ok := v.Latency(region)
			if !ok {
				continue
			}
			a.Number = ms
		}
		if with := append(slices.Clone(out), a); with.Check() == nil {
			out = with
		}
	}
	return out
}

// attributesOf are the parameters of rules, which rulesOf has checked.
func attributesOf(parameters map[string]any) game.Attributes {
	var out game.Attributes
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		a, _ := parameter(name, parameters[name])
		out = append(out, a)
	}
	return out
}

// parameter reads one as YAML and JSON give it.
func parameter(name string, value any) (game.Attribute, error) {
	a := game.Attribute{Name: name}
	switch v := value.(type) {
	case string:
		a.Text = v
	case bool:
		if v {
			a.Number = 1
		}
	case float64:
		a.Number = v
	case int:
		a.Number = float64(v)
	case int64:
		a.Number = float64(v)
	case uint64:
		a.Number = float64(v)
	default:
		return a, fmt.Errorf("parameter %q is %v, and games take numbers, texts, true and false: write one of these", name, value)
	}
	return a, nil
}

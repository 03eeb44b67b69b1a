package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"arbiter/bench/workload"
	"arbiter/game"
)

// gameNames are those of the program's games, in their order.
func (p *Program) gameNames() []string {
	var names []string
	for _, g := range p.Games {
		names = append(names, g.Name())
	}
	return names
}

// exampleGame is the name of the game for examples in help texts.
func (p *Program) exampleGame() string {
	if p == nil || len(p.Games) == 0 {
		return "NAME"
	}
	return p.Games[0].Name()
}

// game returns the game of that name, at its own rates. Those that benchmarks
// play are found too, but not offered.
func (p *Program) game(name string) (game.Definition, error) {
	for _, g := range slices.Concat(p.Games, workload.Games()) {
		if g.Name() == name {
			return g, nil
		}
	}
	return nil, fmt.Errorf("no game %q: use one of %s", name, strings.Join(p.gameNames(), ", "))
}

// gamesAt returns the games of those names, at other rates where such are
// given.
func (p *Program) gamesAt(names []string, tickRates, snapshotRates map[string]int) ([]game.Definition, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("--games: no game is named: give at least one of %s", strings.Join(p.gameNames(), ", "))
	}
	var list []game.Definition
	for _, name := range names {
		g, err := p.game(name)
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	rated := maps.Clone(tickRates)
	if rated == nil {
		rated = map[string]int{}
	}
	maps.Copy(rated, snapshotRates)
	for _, name := range slices.Sorted(maps.Keys(rated)) {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, fmt.Errorf("a rate for %q, which is not hosted: the games are %s", name, strings.Join(names, ", "))
		}
		at, ok := list[i].(interface {
			AtRates(tick, snapshot int) (game.Definition, error)
		})
		if !ok {
			return nil, fmt.Errorf("the rates of %q are fixed: leave them", name)
		}
		g, err := at.AtRates(tickRates[name], snapshotRates[name])
		if err != nil {
			return nil, err
		}
		list[i] = g
	}
	return list, nil
}

// Package module is what the WebAssembly module of package main does, apart
// from addresses in linear memory: games and matches by numbers, and their
// state as messages. The layout of the messages is in the doc of package main.
package module

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"arbiter/game"
)

// Limits of one module.
const (
	maxGames   = 64 // a game at other rates is another
	maxMatches = 64
)

// Module is one instance. What a method returns is valid until the next call.
// One goroutine may use it.
type Module struct {
	rules   []Rules
	games   []rated
	matches []*match // nil where one was released
	out     []byte
}

// match is one that runs ahead for a player.
type match struct {
	prediction
	schema *game.Schema
	player game.PlayerID
	held   []int64
	blocks []game.Block // as loaded
	table  game.Block   // scratch
	in     stepReader
}

// New returns a module that holds those rules.
func New(rules ...Rules) *Module {
	// Messages must begin at multiples of 8. Go's allocator gives that to
	// everything of 16 bytes and more.
	return &Module{rules: rules, out: make([]byte, 0, 4096)}
}

// Game returns the number of the game of that name at those rates; 0 keeps the
// game's own.
func (m *Module) Game(name string, tickRate, snapshotRate uint32) (uint32, error) {
	i := slices.IndexFunc(m.games, func(g rated) bool {
		return g.schema.Game == name && g.tickRate == tickRate && g.snapshotRate == snapshotRate
	})
	if i >= 0 {
		return uint32(i + 1), nil
	}
	if len(m.games) == maxGames {
		return 0, fmt.Errorf("rules: %d games are the most: use those there are", maxGames)
	}
	r, err := m.find(name)
	if err != nil {
		return 0, err
	}
	g, err := r.rate(tickRate, snapshotRate)
	if err != nil {
		return 0, err
	}
	m.games = append(m.games, g)
	return uint32(len(m.games)), nil
}

func (m *Module) find(name string) (Rules, error) {
	i := slices.IndexFunc(m.rules, func(r Rules) bool { return r.def.Name() == name })
	if i < 0 {
		return Rules{}, fmt.Errorf("rules: no game %.40q in this module: add it to cmd/rules-wasm", name)
	}
	return m.rules[i], nil
}

// Schema is the hash of a game's schema; 0 if there is no such game.
func (m *Module) Schema(game uint32) uint64 {
	if game == 0 || int(game) > len(m.games) {
		return 0
	}
	return m.games[game-1].schema.Hash
}

// Predict begins a match of that game in which the player runs ahead.
func (m *Module) Predict(of, player uint32) (uint32, error) {
	if of == 0 || int(of) > len(m.games) {
		return 0, fmt.Errorf("rules: no game %d: use the number that game gave", of)
	}
	if player == 0 || player > 0xffff {
		return 0, fmt.Errorf("rules: player %d has no seat and predicts nothing: use 1 to 65535", player)
	}
	i := slices.Index(m.matches, nil)
	if i < 0 && len(m.matches) == maxMatches {
		return 0, fmt.Errorf("rules: %d matches are the most: release one", maxMatches)
	}
	g, p := m.games[of-1], game.PlayerID(player)
	match := &match{
		prediction: g.predict(game.Player{ID: p}), schema: g.schema, player: p,
		held: make([]int64, len(g.schema.Input.Fields)), blocks: make([]game.Block, len(g.schema.Tables)),
	}
	if i < 0 {
		m.matches = append(m.matches, match)
		return uint32(len(m.matches)), nil
	}
	m.matches[i] = match
	return uint32(i + 1), nil
}

func (m *Module) match(n uint32) (*match, error) {
	if n == 0 || int(n) > len(m.matches) || m.matches[n-1] == nil {
		return nil, fmt.Errorf("rules: no match %d: use the number that predict gave", n)
	}
	return m.matches[n-1], nil
}

// Release frees a match.
func (m *Module) Release(n uint32) {
	if _, err := m.match(n); err == nil {
		m.matches[n-1] = nil
	}
}

// Load replaces a match's state and returns the player's own rows.
func (m *Module) Load(n, tick uint32, load []byte) ([]byte, error) {
	x, err := m.match(n)
	if err != nil {
		return nil, err
	}
	if err := x.readLoad(load); err != nil {
		return nil, err
	}
	x.Load(game.Tick(tick), x.blocks, x.held)
	return m.state(x, x.player), nil
}

// Step runs one tick and returns the player's own rows.
func (m *Module) Step(n uint32, step []byte) ([]byte, error) {
	x, err := m.match(n)
	if err != nil {
		return nil, err
	}
	in, err := x.in.read(x.schema, x.player, step)
	if err != nil {
		return nil, err
	}
	x.Step(in)
	return m.state(x, x.player), nil
}

// All returns everybody's rows.
func (m *Module) All(n uint32) ([]byte, error) {
	x, err := m.match(n)
	if err != nil {
		return nil, err
	}
	return m.state(x, 0), nil
}

// Hash is the match's Sim.Hash; 0 if there is no such match.
func (m *Module) Hash(n uint32) uint64 {
	x, err := m.match(n)
	if err != nil {
		return 0
	}
	return x.Hash()
}

// Replay runs a recording and returns the hash after each of its ticks.
func (m *Module) Replay(recording []byte) ([]byte, error) {
	m.begin(0)
	find := func(name string) (game.Definition, error) {
		r, err := m.find(name)
		return r.def, err
	}
	sum, err := game.Replay(bytes.NewReader(recording), find, func(p game.Progress) {
		m.out = binary.LittleEndian.AppendUint64(m.out, p.Hash)
	})
	binary.LittleEndian.PutUint32(m.out[4:], uint32(sum.Ticks))
	return m.end(), err
}

// Fault is the message that tells of an error.
func (m *Module) Fault(text string) []byte {
	m.begin(0)
	m.out = append(m.out, text...)
	return m.end()
}

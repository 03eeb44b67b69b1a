package wasm

import (
	"fmt"
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
)

// Limits of one module.
const (
	maxGames   = 64 // a game at other rates is another
	maxMatches = 64
)

// Module is what one instance of the WebAssembly module does, apart from
// addresses in linear memory: games and matches by numbers, and their state as
// messages. What a method returns is valid until the next call. One goroutine
// may use it.
type Module struct {
	rules   []game.Definition
	games   []rated
	matches []*match // nil where one was released
	out     []byte
}

// rated is a game at the rates that its host asked for.
type rated struct {
	game.Definition
	tickRate, snapshotRate uint32 // as asked for; 0 is the game's own
}

type match struct {
	sim.Sim
	ahead  sim.Prediction // the same, if somebody runs ahead; nil in a match of its own
	schema *sim.Schema
	player game.PlayerID // who runs ahead; 0 in a match of its own
	held   []int64
	blocks []sim.Block // as loaded
	table  sim.Block   // scratch
	in     stepReader
}

// New returns a module that holds the rules of those games.
func New(rules ...game.Definition) *Module {
	// Messages must begin at multiples of 8. Go's allocator gives that to
	// everything of 16 bytes and more.
	return &Module{rules: rules, out: make([]byte, 0, 4096)}
}

// Game returns the number of the game of that name at those rates; 0 keeps the
// game's own.
func (m *Module) Game(name string, tickRate, snapshotRate uint32) (uint32, error) {
	i := slices.IndexFunc(m.games, func(g rated) bool {
		return g.Name() == name && g.tickRate == tickRate && g.snapshotRate == snapshotRate
	})
	if i >= 0 {
		return uint32(i + 1), nil
	}
	if len(m.games) == maxGames {
		return 0, fmt.Errorf("rules: %d games are the most: use those there are", maxGames)
	}
	i = slices.IndexFunc(m.rules, func(g game.Definition) bool { return g.Name() == name })
	if i < 0 {
		return 0, fmt.Errorf("rules: no game %.40q in this module: build one of the package that has it, with arbiter wasm", name)
	}
	g, err := atRates(m.rules[i], tickRate, snapshotRate)
	if err != nil {
		return 0, err
	}
	m.games = append(m.games, rated{g, tickRate, snapshotRate})
	return uint32(len(m.games)), nil
}

func atRates(g game.Definition, tickRate, snapshotRate uint32) (game.Definition, error) {
	if tickRate == 0 && snapshotRate == 0 {
		return g, nil
	}
	at, ok := g.(interface {
		AtRates(tick, snapshot int) (game.Definition, error)
	})
	if !ok {
		return nil, fmt.Errorf("rules: the rates of %s are fixed: ask for 0", g.Name())
	}
	return at.AtRates(int(tickRate), int(snapshotRate))
}

func (m *Module) game(n uint32) (*rated, error) {
	if n == 0 || int(n) > len(m.games) {
		return nil, fmt.Errorf("rules: no game %d: use the number that game gave", n)
	}
	return &m.games[n-1], nil
}

// Schema is the hash of a game's schema; 0 if there is no such game.
func (m *Module) Schema(game uint32) uint64 {
	g, err := m.game(game)
	if err != nil {
		return 0
	}
	return g.Definition.Schema().Hash
}

// Predict begins a match of that game in which the player runs ahead. It is
// empty until Load.
func (m *Module) Predict(of, player uint32) (uint32, error) {
	if player == 0 || player > 0xffff {
		return 0, fmt.Errorf("rules: player %d has no seat and predicts nothing: use 1 to 65535", player)
	}
	g, err := m.game(of)
	if err != nil {
		return 0, err
	}
	p, ok := g.Definition.(interface {
		PredictSim(game.Player) sim.Prediction
	})
	if !ok {
		return 0, fmt.Errorf("rules: %s is not what game.Define returns: nothing runs ahead", g.Name())
	}
	ahead := p.PredictSim(game.Player{ID: game.PlayerID(player)})
	return m.add(&match{Sim: ahead, ahead: ahead, schema: g.Definition.Schema(), player: game.PlayerID(player)})
}

// Begin begins a match of its own, as a server does.
func (m *Module) Begin(of uint32, seed uint64) (uint32, error) {
	g, err := m.game(of)
	if err != nil {
		return 0, err
	}
	return m.add(&match{Sim: g.NewSim(seed), schema: g.Definition.Schema()})
}

func (m *Module) add(x *match) (uint32, error) {
	x.held = make([]int64, len(x.schema.Input.Fields))
	x.blocks = make([]sim.Block, len(x.schema.Tables))
	i := slices.Index(m.matches, nil)
	switch {
	case i >= 0:
		m.matches[i] = x
	case len(m.matches) == maxMatches:
		return 0, fmt.Errorf("rules: %d matches are the most: release one", maxMatches)
	default:
		i = len(m.matches)
		m.matches = append(m.matches, x)
	}
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

// Load replaces the state of a prediction and returns the player's own rows.
func (m *Module) Load(n, tick uint32, load []byte) ([]byte, error) {
	x, err := m.match(n)
	if err != nil {
		return nil, err
	}
	if x.ahead == nil {
		return nil, fmt.Errorf("rules: match %d is no prediction: load one that predict gave", n)
	}
	if err := x.readLoad(load); err != nil {
		return nil, err
	}
	x.ahead.Load(game.Tick(tick), x.blocks, x.held)
	return m.state(x, x.player), nil
}

// Step runs one tick and returns the player's own rows, or everybody's if the
// match is no prediction.
func (m *Module) Step(n uint32, step []byte) ([]byte, error) {
	x, err := m.match(n)
	if err != nil {
		return nil, err
	}
	in, err := x.in.read(x.schema, step)
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

// Fault is the message that tells of an error.
func (m *Module) Fault(text string) []byte {
	m.begin(0)
	m.out = append(m.out, text...)
	return m.end()
}

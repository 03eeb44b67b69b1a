package game

import (
	"math/rand/v2"
	"slices"
	"time"
	"unsafe"
)

// Match is one running game: a [Sim] whose types are known. Like a Sim it
// belongs to one goroutine.
type Match[S, I any] struct {
	game  *Game[S, I]
	world World[S]
	in    Inputs[I]
	parts parts
	eye   watcher[S]
	wary  suspecter[S] // nil: the rules don't ask

	scratch []byte
}

// New starts a match from a seed. Its tick is 0.
func (g *Game[S, I]) New(seed uint64) *Match[S, I] { return g.Begin(seed, Setup{}) }

// Begin is New for a match that was ordered with a setup, which it keeps.
func (g *Game[S, I]) Begin(seed uint64, setup Setup) *Match[S, I] {
	m := g.match()
	m.world.setUp(setup)
	m.world.pcg.Seed(seed, 0x9e3779b97f4a7c15)
	if n := rewindTicks(g.config); n > 0 {
		m.world.past = newHistory[S](n)
	}
	if s, ok := g.rules.(starter[S]); ok {
		s.Start(&m.world)
	}
	m.settle()
	return m
}

// NewPrediction makes the match in which a client runs one player ahead of the
// server. Load gives it a state to start from. It has no past, no setup and no
// random numbers of the server's.
func (g *Game[S, I]) NewPrediction(p Player) *Match[S, I] {
	m := g.match()
	m.world.predicting = true
	m.world.players = []Player{p}
	m.in.held = []held[I]{{player: p.ID}}
	return m
}

// Predictor runs the rules of a game ahead of the server for one player, with
// the types erased: what [Game.NewPrediction] makes.
type Predictor interface {
	// Load starts from a state of the server, in tick t. input is what the player
	// was doing then.
	Load(t Tick, blocks []Block, input []int64)
	// Step runs one tick.
	Step(in *TickInput)
	// Rows is table i after the last Step.
	Rows(i int) Rows
}

// Predictor is NewPrediction with the types erased.
func (g *Game[S, I]) Predictor(p Player) Predictor { return g.NewPrediction(p) }

func (g *Game[S, I]) match() *Match[S, I] {
	m := &Match[S, I]{game: g}
	m.world.rate = g.config.TickRate
	m.world.wanted = notSaid
	m.world.Rand = rand.New(&m.world.pcg)
	m.parts = partsOf(&m.world.State)
	m.eye, _ = any(g.rules).(watcher[S])
	m.wary, _ = any(g.rules).(suspecter[S])
	return m
}

func rewindTicks(c Config) int {
	dt := time.Second / time.Duration(c.TickRate)
	return int((c.Rewind + dt - 1) / dt)
}

// State is the match's state after the last step. It may be read until the
// next one.
func (m *Match[S, I]) State() *S { return &m.world.State }

// Schema implements [Sim].
func (m *Match[S, I]) Schema() *Schema { return m.game.schema }

// Tick implements [Sim].
func (m *Match[S, I]) Tick() Tick { return m.world.tick }

// Result implements [Sim].
func (m *Match[S, I]) Result() *Result { return m.world.result }

// Wanted implements [Sim].
func (m *Match[S, I]) Wanted() (n int, said bool) {
	return max(m.world.wanted, 0), m.world.wanted != notSaid
}

// Rows implements [Sim].
func (m *Match[S, I]) Rows(i int) Rows { return Rows{&m.game.schema.Tables[i], m.parts.tables[i]} }

// Posted implements [Sim].
func (m *Match[S, I]) Posted(i int) Posted {
	return Posted{&m.game.schema.Events[i], m.parts.events[i]}
}

// HasEye implements [Sim].
func (m *Match[S, I]) HasEye() bool { return m.eye != nil }

// Eye implements [Sim].
func (m *Match[S, I]) Eye(p PlayerID) (Area, bool) {
	if m.eye == nil || p == 0 {
		return Area{}, false
	}
	return m.eye.Eye(&m.world, p)
}

// Load replaces the state of a prediction by what a client was sent: the
// blocks of all tables after step t, and the input its player held then.
func (m *Match[S, I]) Load(t Tick, blocks []Block, input []int64) {
	m.world.tick = t
	for i := range blocks {
		m.Rows(i).Load(&blocks[i])
	}
	for i := range m.in.held {
		m.in.held[i].fresh = false
		m.game.storeInput(&m.in.held[i].input, input)
	}
}

// Step implements [Sim].
func (m *Match[S, I]) Step(in *TickInput) {
	m.world.tick++
	for _, e := range m.parts.events {
		e.drop()
	}
	for _, p := range in.Leaves {
		m.leave(p)
	}
	for _, p := range in.Joins {
		m.join(p)
	}
	m.suspect(in)
	m.take(in)
	m.game.rules.Step(&m.world, &m.in)
	for _, c := range m.parts.commands {
		c.drop()
	}
	m.settle()
}

// settle rounds the state to the wire and remembers it.
func (m *Match[S, I]) settle() {
	for i, t := range m.parts.tables {
		m.game.schema.Tables[i].round(t.memory())
	}
	for i, e := range m.parts.events {
		m.game.schema.Events[i].round(e.memory())
	}
	if m.world.past != nil {
		m.world.past.push(m.world.tick, &m.parts)
	}
}

func (m *Match[S, I]) join(p Player) {
	i, there := m.world.seat(p.ID)
	if there || p.ID == 0 || len(m.world.players) >= m.game.config.MaxPlayers {
		return
	}
	m.world.players = slices.Insert(m.world.players, i, p)
	m.in.held = slices.Insert(m.in.held, i, held[I]{player: p.ID})
	m.game.rules.Join(&m.world, p)
}

func (m *Match[S, I]) leave(p PlayerID) {
	i, there := m.world.seat(p)
	if !there {
		return
	}
	m.game.rules.Leave(&m.world, p)
	m.world.players = slices.Delete(m.world.players, i, i+1)
	m.in.held = slices.Delete(m.in.held, i, i+1)
}

func (m *Match[S, I]) take(in *TickInput) {
	m.in.tick = m.world.tick
	for i := range m.in.held {
		m.in.held[i].fresh = false
	}
	for i := range in.Inputs {
		p := &in.Inputs[i]
		k, ok := m.in.seat(p.Player)
		if !ok || len(p.Cells) != len(m.game.schema.Input.Fields) {
			continue
		}
		h := &m.in.held[k]
		h.fresh, h.seq, h.age = true, p.Seq, 0
		if p.View != 0 && p.View.Before(m.world.tick) {
			h.age = uint32(m.world.tick - p.View)
		}
		m.game.storeInput(&h.input, p.Cells)
	}
	for i := range in.Commands {
		c := &in.Commands[i]
		if _, ok := m.world.seat(c.Player); !ok || uint(c.Kind) >= uint(len(m.parts.commands)) ||
			len(c.Row.Cells) != len(m.game.schema.Commands[c.Kind].Fields) {
			continue
		}
		if row := m.parts.commands[c.Kind].pushZero(c.Player); row != nil {
			s := &m.game.schema.Commands[c.Kind]
			storeRow(s, row, c.Row)
			s.round(memory{base: row, n: 1})
		}
	}
}

func (g *Game[S, I]) storeInput(dst *I, cells []int64) {
	s := &g.schema.Input
	if len(cells) != len(s.Fields) {
		return
	}
	for i := range s.Fields {
		s.Fields[i].store(unsafe.Pointer(dst), s.Fields[i].bound(cells[i]))
	}
}

// InputCells writes the cells of an input, rounded and bounded as its schema
// says, into dst, which holds one for each field.
func (g *Game[S, I]) InputCells(in *I, dst []int64) {
	for i := range g.schema.Input.Fields {
		f := &g.schema.Input.Fields[i]
		dst[i] = f.bound(f.load(unsafe.Pointer(in)))
	}
}

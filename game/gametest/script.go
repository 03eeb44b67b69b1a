package gametest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
)

// Script invents the inputs of one match from a seed. The same config gives
// the same match, whatever the game makes of it. One goroutine may use it.
type Script struct {
	schema     *sim.Schema
	config     ScriptConfig
	rand       *rand.Rand
	suspicions *rand.Rand // of suspicions

	tick   game.Tick
	seated []seat // in order of player
	in     sim.TickInput
	cells  []int64 // memory for the inputs of one tick
}

type seat struct {
	player game.PlayerID
	seq    uint32
}

// ScriptConfig says how a [Script] behaves. Zero values mean the defaults.
type ScriptConfig struct {
	Seed    uint64
	Players int     // seats that come and go; 0 means 8
	Change  float64 // chance a tick that a seat's input changes; 0 means 0.2
	Command float64 // chance a tick that a seat sends a command; 0 means 0.02
	Suspect float64 // chance a tick that a seat is suspected of something; 0 means 0.02, negative never
	Stay    bool    // everybody joins at tick 1 and nobody leaves
	Still   bool    // no inputs, no commands and no suspicions

	Roster []game.Player // who they are, in turn; nil means nobody in particular
}

// NewScript returns the script of a match of the game with that schema.
func NewScript(s *sim.Schema, c ScriptConfig) *Script {
	if c.Players == 0 {
		c.Players = 8
	}
	if c.Change == 0 {
		c.Change = 0.2
	}
	if c.Command == 0 {
		c.Command = 0.02
	}
	if c.Suspect == 0 {
		c.Suspect = 0.02
	}
	return &Script{schema: s, config: c, rand: rand.New(rand.NewPCG(c.Seed, 0x5ca1ab1e)), suspicions: rand.New(rand.NewPCG(c.Seed, 0xd0b7))}
}

// Next returns what reaches the match in its next tick, the first time tick 1.
// It is valid until the following call.
func (s *Script) Next() *sim.TickInput {
	s.tick++
	s.in.Reset()
	s.cells = s.cells[:0]
	s.joinAndLeave()
	if s.config.Still {
		return &s.in
	}
	for i := range s.seated {
		p := &s.seated[i]
		if s.rand.Float64() < s.config.Change {
			s.input(p)
		}
		if len(s.schema.Commands) > 0 && s.rand.Float64() < s.config.Command {
			p.seq++
			s.command(p.player)
		}
		if s.suspicions.Float64() < s.config.Suspect {
			kind := sim.Suspicions[s.suspicions.IntN(len(sim.Suspicions))]
			s.in.Suspicions = append(s.in.Suspicions, sim.PlayerSuspicion{Player: p.player, Kind: kind, Count: 1 + s.suspicions.IntN(4)})
		}
	}
	return &s.in
}

// joinAndLeave seats everybody at the start, then moves one player in 32 ticks.
func (s *Script) joinAndLeave() {
	for n := range s.config.Players {
		id := game.PlayerID(n + 1)
		i, there := slices.BinarySearchFunc(s.seated, id, func(p seat, id game.PlayerID) int { return int(p.player) - int(id) })
		moves := s.tick == 1
		if !s.config.Stay && s.tick > 1 {
			moves = s.rand.IntN(32*s.config.Players) == 0
		}
		switch {
		case !moves:
		case there:
			s.seated = slices.Delete(s.seated, i, i+1)
			s.in.Leaves = append(s.in.Leaves, id)
		default:
			s.seated = slices.Insert(s.seated, i, seat{player: id})
			s.in.Joins = append(s.in.Joins, s.player(id))
		}
	}
}

func (s *Script) player(id game.PlayerID) game.Player {
	if len(s.config.Roster) == 0 {
		return game.Player{ID: id, Name: fmt.Sprint("player ", id)}
	}
	p := s.config.Roster[int(id-1)%len(s.config.Roster)]
	p.ID = id
	return p
}

func (s *Script) input(p *seat) {
	p.seq++
	in := sim.PlayerInput{Player: p.player, Seq: p.seq}
	if s.schema.Rewinds && s.rand.IntN(4) > 0 {
		in.View = s.tick - min(s.tick, game.Tick(s.rand.IntN(12)))
	}
	start := len(s.cells)
	for i := range s.schema.Input.Fields {
		s.cells = append(s.cells, s.cell(&s.schema.Input.Fields[i]))
	}
	in.Cells = s.cells[start:len(s.cells):len(s.cells)]
	s.in.Inputs = append(s.in.Inputs, in)
}

// What a client may send for a field without bounds. A cell beyond its field's
// type arrives as the nearest that the type can hold.
var (
	realEnds = []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64}
	intEnds  = []int64{math.MinInt64, math.MaxInt64, math.MinInt32, math.MaxInt32, math.MaxUint32, -1, 1 << 53}
)

// cell is a value of that field: any of few, the ends of many.
func (s *Script) cell(f *sim.Field) int64 {
	switch {
	case f.Kind == sim.Real && s.rand.IntN(8) == 0:
		return int64(math.Float64bits(realEnds[s.rand.IntN(len(realEnds))]))
	case f.Kind == sim.Real:
		return int64(math.Float64bits(s.rand.NormFloat64() * 100))
	case !f.Bounded && s.rand.IntN(8) == 0:
		return intEnds[s.rand.IntN(len(intEnds))]
	case !f.Bounded:
		return s.rand.Int64N(2001) - 1000
	case f.Max-f.Min > 16 && s.rand.IntN(4) == 0:
		return []int64{f.Min, f.Max}[s.rand.IntN(2)]
	}
	return f.Min + s.rand.Int64N(f.Max-f.Min+1)
}

var words = []string{"", "a", "Zoë", "  padded  ", "日本", "a name that is longer than most rows allow for it, by far", "\x00\xff", "tab\tend\n"}

func (s *Script) command(p game.PlayerID) {
	c := sim.PlayerCommand{Player: p, Kind: s.rand.IntN(len(s.schema.Commands))}
	fields := s.schema.Commands[c.Kind].Fields
	for i := range fields {
		v := int64(len(c.Row.Texts))
		if fields[i].Kind == sim.Text {
			c.Row.Texts = append(c.Row.Texts, words[s.rand.IntN(len(words))])
		} else {
			v = s.cell(&fields[i])
		}
		c.Row.Cells = append(c.Row.Cells, v)
	}
	s.in.Commands = append(s.in.Commands, c)
}

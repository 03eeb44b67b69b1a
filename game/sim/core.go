package sim

import (
	"iter"
	"math/rand/v2"
	"slices"
)

// Core is one running match with its Go types erased: the tables, the seated
// players and the inputs they hold, the random source, the setup and the
// result. It does everything with a match that does not need the types of its
// State and Input. Package game's Match embeds one, calls the rules, and is a
// [Sim] with it.
//
// A step is BeginStep; Leave and Join for those who go and come; Suspected; Apply;
// the rules' own step; and EndStep.
//
// A Core must not be copied after Init. One goroutine at a time may use it.
type Core struct {
	// static, from Init
	schema     *Schema
	maxPlayers int
	parts      Parts
	inputs     InputStore
	sizes      []int // of a row of each table; see wireSize

	// the match's state beside its tables
	tick       Tick
	source     rand.PCG
	players    []Player // in order of their numbers
	held       []Held   // of the same players, in the same order
	result     *Result
	setup      Setup
	setupHash  uint64 // 0: the setup is empty
	wanted     int    // notSaid, or what Want was told
	predicting bool

	past    history
	scratch []byte // of Hash
}

// Held is what the framework keeps of the input that one player holds. The input
// itself is in the InputStore.
type Held struct {
	Player PlayerID
	Fresh  bool   // changed in this very tick
	Seq    uint32 // of the newest input
	Age    uint32 // ticks between the input's step and the state its player saw
}

// notSaid is Core.wanted until the rules ask for players.
const notSaid = -1

// Init makes c an empty match at tick 0, whose tables and inputs are the given
// ones. It must be called once, before everything else.
func (c *Core) Init(schema *Schema, maxPlayers int, parts Parts, inputs InputStore) {
	c.schema, c.maxPlayers, c.parts, c.inputs = schema, maxPlayers, parts, inputs
	c.wanted = notSaid
	c.limit()
}

// KeepPast lets c remember as many earlier states as there are slots; it copies
// the tables of each step into one of them. See [Core.Past].
func (c *Core) KeepPast(slots []Parts) {
	c.past.ring = make([]pastState, len(slots))
	for i := range slots {
		c.past.ring[i].parts = slots[i]
	}
}

// SetUp gives c the setup that the match was ordered with. An empty one changes
// nothing.
func (c *Core) SetUp(s Setup) {
	c.setup, c.setupHash = s, 0
	if !s.empty() {
		c.setupHash = max(hashBytes(appendSetup(nil, &s)), 1)
	}
}

// Predict makes c the match in which a client runs p ahead of the server: p is
// its only player.
func (c *Core) Predict(p Player) {
	c.predicting = true
	c.players = []Player{p}
	c.held = []Held{{Player: p.ID}}
	c.inputs.Reset(1)
}

// Source is the match's random source, which is part of its state.
func (c *Core) Source() *rand.PCG { return &c.source }

// Predicting reports whether Predict was called.
func (c *Core) Predicting() bool { return c.predicting }

// Setup is what the match was ordered with. It must not be changed.
func (c *Core) Setup() Setup { return c.setup }

// Players are those who have a seat, in order of their numbers, until the next
// step. The slice must not be changed.
func (c *Core) Players() []Player { return c.players }

// Seat returns where a player stands in Players and in the InputStore; false if
// they have no seat.
func (c *Core) Seat(id PlayerID) (int, bool) {
	return slices.BinarySearchFunc(c.players, id, func(p Player, id PlayerID) int { return int(p.ID) - int(id) })
}

// Held is what is known of that player's input; nil if they have no seat.
func (c *Core) Held(id PlayerID) *Held {
	i, ok := slices.BinarySearchFunc(c.held, id, func(h Held, p PlayerID) int { return int(h.Player) - int(p) })
	if !ok {
		return nil
	}
	return &c.held[i]
}

// Schema implements [Sim].
func (c *Core) Schema() *Schema { return c.schema }

// Tick implements [Sim].
func (c *Core) Tick() Tick { return c.tick }

// Result implements [Sim].
func (c *Core) Result() *Result { return c.result }

// Finish ends the match with r, which is copied. The first result stands.
func (c *Core) Finish(r Result) {
	if c.result == nil {
		r.Scores = slices.Clone(r.Scores)
		c.result = &r
	}
}

// Wanted implements [Sim].
func (c *Core) Wanted() (n int, said bool) { return max(c.wanted, 0), c.wanted != notSaid }

// Want sets what Wanted returns; n is not negative.
func (c *Core) Want(n int) { c.wanted = n }

// Rows implements [Sim].
func (c *Core) Rows(i int) Rows { return Rows{&c.schema.Tables[i], c.parts.Tables[i]} }

// Posted implements [Sim].
func (c *Core) Posted(i int) Posted { return Posted{&c.schema.Events[i], c.parts.Events[i]} }

// TableIndex is where a table or value stands in the schema's Tables; false if it
// is not c's.
func (c *Core) TableIndex(s Store) (int, bool) {
	i := slices.Index(c.parts.Tables, s)
	return i, i >= 0
}

// QueueIndex is where events or commands stand in the schema's Events or
// Commands; false if they are not c's.
func (c *Core) QueueIndex(q Queue) (int, bool) {
	i := slices.Index(c.parts.Events, q)
	if i < 0 {
		i = slices.Index(c.parts.Commands, q)
	}
	return i, i >= 0
}

// Load replaces the state of a prediction by what a client was sent: the
// blocks of all tables after step t, and the input its player held then.
func (c *Core) Load(t Tick, blocks []Block, input []int64) {
	c.tick = t
	for i := range blocks {
		c.Rows(i).Load(&blocks[i])
	}
	m := c.inputs.Memory()
	for i := range c.held {
		c.held[i].Fresh = false
		c.storeInput(m, i, input)
	}
}

// BeginStep goes on to the next tick and forgets the events of the last.
func (c *Core) BeginStep() {
	c.tick++
	for _, e := range c.parts.Events {
		e.Drop()
	}
}

// Join gives p a seat and reports whether it could.
func (c *Core) Join(p Player) bool {
	i, there := c.Seat(p.ID)
	if there || p.ID == 0 || len(c.players) >= c.maxPlayers {
		return false
	}
	c.players = slices.Insert(c.players, i, p)
	c.held = slices.Insert(c.held, i, Held{Player: p.ID})
	c.inputs.Insert(i)
	return true
}

// Leave frees the seat of p, if they have one.
func (c *Core) Leave(p PlayerID) {
	if i, there := c.Seat(p); there {
		c.players = slices.Delete(c.players, i, i+1)
		c.held = slices.Delete(c.held, i, i+1)
		c.inputs.Delete(i)
	}
}

// Suspected yields the suspicions that rules are told of: of seated players, one
// of each player and kind, in order. Others are skipped, which bounds them.
func (c *Core) Suspected(in *TickInput) iter.Seq[PlayerSuspicion] {
	return func(yield func(PlayerSuspicion) bool) {
		var last PlayerSuspicion
		for _, s := range in.Suspicions {
			if s.Player < last.Player || s.Player == last.Player && s.Kind <= last.Kind || s.Kind < 1 || s.Kind > suspicions || s.Count < 1 {
				continue
			}
			last = s
			if _, seated := c.Seat(s.Player); seated && !yield(s) {
				return
			}
		}
	}
}

// Apply gives the players their new inputs and queues their commands.
func (c *Core) Apply(in *TickInput) {
	for i := range c.held {
		c.held[i].Fresh = false
	}
	m := c.inputs.Memory()
	for i := range in.Held {
		if k, ok := c.Seat(in.Held[i].Player); ok {
			c.storeInput(m, k, in.Held[i].Cells)
		}
	}
	for i := range in.Inputs {
		p := &in.Inputs[i]
		k, ok := c.Seat(p.Player)
		if !ok || len(p.Cells) != len(c.schema.Input.Fields) {
			continue
		}
		h := &c.held[k]
		h.Fresh, h.Seq, h.Age = true, p.Seq, 0
		if p.View != 0 && p.View.Before(c.tick) {
			h.Age = uint32(c.tick - p.View)
		}
		c.storeInput(m, k, p.Cells)
	}
	for i := range in.Commands {
		c.post(&in.Commands[i])
	}
}

// storeInput makes cells, rounded and bounded, the input of player i. It ignores
// a wrong number of them.
func (c *Core) storeInput(m Memory, i int, cells []int64) {
	s := &c.schema.Input
	if len(cells) != len(s.Fields) {
		return
	}
	row := m.row(i, s.size)
	for k := range s.Fields {
		s.Fields[k].store(row, s.Fields[k].bound(cells[k]))
	}
}

func (c *Core) post(p *PlayerCommand) {
	if _, ok := c.Seat(p.Player); !ok || uint(p.Kind) >= uint(len(c.parts.Commands)) ||
		len(p.Row.Cells) != len(c.schema.Commands[p.Kind].Fields) {
		return
	}
	if row := c.parts.Commands[p.Kind].PushZero(p.Player); row != nil {
		s := &c.schema.Commands[p.Kind]
		storeRow(s, row, p.Row)
		s.round(Memory{Base: row, N: 1})
	}
}

// EndStep forgets the commands and commits the state.
func (c *Core) EndStep() {
	for _, q := range c.parts.Commands {
		q.Drop()
	}
	c.Commit()
}

// Commit rounds the state to the precision of the wire and copies it to the past.
func (c *Core) Commit() {
	c.checkSize()
	for i, t := range c.parts.Tables {
		c.schema.Tables[i].round(t.Memory())
	}
	for i, e := range c.parts.Events {
		c.schema.Events[i].round(e.Memory())
	}
	if len(c.past.ring) > 0 {
		c.past.push(c.tick, &c.parts)
	}
}

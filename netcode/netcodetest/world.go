package netcodetest

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"arbiter/game"
	"arbiter/game/sim"
)

// The proof game is what state sync is proved with: every kind of field, table
// and visibility, changed at random.

type proofShip struct {
	Player game.PlayerID
	X, Y   float64 `net:"step=1/64,linear"`
	Angle  float64 `net:"step=tau/256,wrap"`
	Turret float64 `net:"step=tau/64,wrap,linear"`
	HP     int8
	Score  int64
	Alive  bool
	Name   string `net:"len=12"`
	Drag   float64
	Ammo   int    `net:"owner"`
	Code   int64  `net:"owner,abs"`
	Note   string `net:"owner"`
	Plan   string `net:"-"`
	Fate   int64  `net:"-"`
}

func (s *proofShip) Position() (x, y float64) { return s.X, s.Y }

type proofRock struct {
	X, Y float64 `net:"step=1/8"`
	Size uint8
}

func (s *proofRock) Position() (x, y float64) { return s.X, s.Y }

type proofMine struct {
	Layer game.PlayerID
	Spot  int64 `net:"abs"`
	Fuse  int   `net:"linear"`
}

func (m *proofMine) VisibleTo(p game.PlayerID) bool { return p != 0 && p%2 == m.Layer%2 }

// ProofState has tables of every kind.
type ProofState struct {
	Ships game.Table[proofShip]
	Rocks game.Table[proofRock]
	Mines game.Table[proofMine]
	Vault game.Table[struct {
		Key int64 `net:"-"`
	}]
	Round  game.Value[struct{ Number, Clock int }]
	Bangs  game.Events[proofBang]
	Rename game.Commands[struct{ Name string }]
}

type proofBang struct {
	X, Y float64 `net:"step=1/8"`
	Text string
}

// ProofInput is what a player does.
type ProofInput = proofInput

// proofInput is named as in the schema, whose hash the golden files hold.
type proofInput struct {
	Thrust int8    `net:"min=-1,max=1"`
	Aim    float64 `net:"step=1/16"`
	Fire   bool
}

// Values that must never reach a client they are not meant for. As messages
// are integers in their shortest form, they are told by their bytes.
const (
	ownCode  = 0x51C0DE0000000000 // + player: owner field, sent absolutely
	mineSpot = 0x5107000000000000 // + layer: row visible to half the players
	hidden   = 0x5EC12E7000000000 // hidden field
)

type proofRules struct{}

func (proofRules) Join(w *game.World[ProofState], p game.Player) {
	w.State.Ships.Add(proofShip{Player: p.ID, X: w.Rand.Float64() * 400, Y: w.Rand.Float64() * 400, Name: p.Name,
		Code: ownCode + int64(p.ID), Note: fmt.Sprintf("note-of-%d", p.ID), Plan: "hidden-plan", Fate: hidden + int64(p.ID)})
}

func (proofRules) Leave(w *game.World[ProofState], p game.PlayerID) {
	for id, s := range w.State.Ships.All() {
		if s.Player == p {
			w.State.Ships.Delete(id)
		}
	}
}

func (proofRules) Step(w *game.World[ProofState], in *game.Inputs[ProofInput]) {
	r, s := w.Rand, &w.State
	for _, c := range s.Rename.All() {
		if c.Name == "freeze" {
			s.Round.Get().Number = -1
		}
	}
	if s.Round.Get().Number == -1 {
		return
	}
	s.Round.Get().Clock++
	if r.IntN(40) == 0 {
		*s.Round.Get() = struct{ Number, Clock int }{s.Round.Get().Number + 1, 0}
	}
	for id, ship := range s.Ships.All() {
		i := in.Of(ship.Player)
		if r.IntN(3) > 0 {
			ship.X += 1.5 + float64(i.Thrust)
			ship.Y -= 0.75
		}
		if ship.X > 500 {
			ship.X -= 600
		}
		ship.Angle += i.Aim
		ship.Turret += 0.3
		switch r.IntN(12) {
		case 0:
			ship.HP -= 3
			ship.Ammo--
		case 1:
			ship.Score += 1 << r.IntN(50)
			ship.Alive = !ship.Alive
		case 2:
			ship.Name = fmt.Sprint("n", r.IntN(100), "ö")
			ship.Note = fmt.Sprintf("note-of-%d", ship.Player)
		case 3:
			ship.Drag = r.NormFloat64()
			ship.Note = ""
		}
		if i.Fire && r.IntN(4) == 0 {
			s.Bangs.Emit(proofBang{ship.X, ship.Y, "bang"})
			s.Bangs.EmitTo(proofBang{Text: fmt.Sprintf("only-%d!", ship.Player)}, ship.Player)
		}
		if r.IntN(150) == 0 && i.Thrust != 0 { // changes hands, with what its new owner may know
			ship.Player = game.PlayerID(1 + r.IntN(3))
			ship.Code, ship.Note = ownCode+int64(ship.Player), fmt.Sprintf("note-of-%d", ship.Player)
		}
		if r.IntN(200) == 0 {
			again := *ship
			s.Ships.Delete(id)
			s.Ships.Add(again)
		}
	}
	if r.IntN(4) == 0 && s.Rocks.Len() < 60 {
		s.Rocks.Add(proofRock{X: r.Float64()*600 - 100, Y: r.Float64()*600 - 100, Size: uint8(r.IntN(256))})
	}
	for id, k := range s.Rocks.All() {
		if k.Size%3 > 0 {
			k.X += float64(k.Size%5) - 2
		}
		if r.IntN(150) == 0 {
			s.Rocks.Delete(id)
		}
	}
	if r.IntN(6) == 0 {
		layer := game.PlayerID(1 + r.IntN(6))
		s.Mines.Add(proofMine{Layer: layer, Spot: mineSpot + int64(layer), Fuse: 100})
		s.Vault.Add(struct {
			Key int64 `net:"-"`
		}{hidden})
	}
	for id, m := range s.Mines.All() {
		m.Fuse -= 2
		if r.IntN(30) == 0 {
			m.Layer = game.PlayerID(1 + r.IntN(6))
			m.Spot = mineSpot + int64(m.Layer)
		}
		if r.IntN(60) == 0 {
			s.Mines.Delete(id)
		}
	}
}

// proofEyes adds areas of interest.
type proofEyes struct{ proofRules }

func (proofEyes) Eye(w *game.World[ProofState], p game.PlayerID) (game.Area, bool) {
	_, s := w.State.Ships.Find(func(s *proofShip) bool { return s.Player == p })
	if s == nil {
		return game.Area{}, false
	}
	return game.Area{X: s.X, Y: s.Y, Radius: 150}, true
}

// ProofGame is the proof game, in one of two forms.
type ProofGame = game.Game[ProofState, ProofInput]

// The two forms: in ProofOpen everybody sees every row, but for those that say
// otherwise; ProofArea adds areas of interest.
var (
	ProofOpen = game.MustDefine[ProofState, ProofInput]("proof", proofRules{}, game.Config{TickRate: 30, MaxPlayers: 6})
	ProofArea = game.MustDefine[ProofState, ProofInput]("proof-area", proofEyes{}, game.Config{TickRate: 30, MaxPlayers: 6})
)

// Shown is what p should see of the present state, worked out the plain way,
// as text.
func Shown(m *game.Match[ProofState, ProofInput], p game.PlayerID) string {
	var b bytes.Buffer
	s := m.State()
	area, bounded := m.Eye(p)
	seen := func(x, y float64, own bool) bool {
		dx, dy := x-area.X, y-area.Y
		return own || !bounded || dx*dx+dy*dy <= area.Radius*area.Radius
	}
	for id, k := range s.Ships.All() {
		if !seen(k.X, k.Y, k.Player == p && p != 0) {
			continue
		}
		c := *k
		c.Plan, c.Fate = "", 0
		if k.Player != p {
			c.Ammo, c.Code, c.Note = 0, 0, ""
		}
		fmt.Fprintln(&b, "ship", id, c)
	}
	for id, k := range s.Rocks.All() {
		if seen(k.X, k.Y, false) {
			fmt.Fprintln(&b, "rock", id, *k)
		}
	}
	for id, k := range s.Mines.All() {
		if k.VisibleTo(p) || k.Layer == p && p != 0 {
			fmt.Fprintln(&b, "mine", id, *k)
		}
	}
	fmt.Fprintln(&b, *s.Round.Get())
	return b.String()
}

// Has writes a client's state the same way.
func Has(g *ProofGame, tick game.Tick, tables []sim.Block) string {
	m := g.NewPrediction(game.Player{})
	m.Load(tick, tables, make([]int64, 3))
	var b bytes.Buffer
	s := m.State()
	for id, k := range s.Ships.All() {
		fmt.Fprintln(&b, "ship", id, *k)
	}
	for id, k := range s.Rocks.All() {
		fmt.Fprintln(&b, "rock", id, *k)
	}
	for id, k := range s.Mines.All() {
		fmt.Fprintln(&b, "mine", id, *k)
	}
	fmt.Fprintln(&b, *s.Round.Get())
	if s.Vault.Len() > 0 {
		b.WriteString("vault")
	}
	return b.String()
}

// Leaks names a planted value in msg that p must not have.
func Leaks(msg []byte, p game.PlayerID) string {
	find := func(v int64) bool { return bytes.Contains(msg, binary.BigEndian.AppendUint64(nil, uint64(v))) }
	for q := range game.PlayerID(8) {
		own := q == p && p != 0
		switch {
		case find(hidden + int64(q)):
			return "hidden field"
		case !own && (find(ownCode+int64(q)) || bytes.Contains(msg, fmt.Appendf(nil, "note-of-%d", q))):
			return fmt.Sprint("owner field of ", q)
		case !own && bytes.Contains(msg, fmt.Appendf(nil, "only-%d!", q)):
			return fmt.Sprint("event for ", q)
		case q != 0 && (p == 0 || q%2 != p%2) && find(mineSpot+int64(q)):
			return fmt.Sprint("guarded row of ", q)
		}
	}
	if bytes.Contains(msg, []byte("hidden-plan")) {
		return "hidden text"
	}
	return ""
}

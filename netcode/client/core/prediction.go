package core

import (
	"math"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode/view"
)

// MaxPredicted is how many ticks the prediction goes beyond the newest state
// the server sent; in a longer silence it stands still.
const MaxPredicted = 64

// Prediction is client-side prediction with reconciliation: it runs the rules
// ahead of the server, from the server's newest state, with the player's inputs
// as the server will apply them. It remembers the predicted rows of the player
// in every tick, and compares them when the server's state of that tick arrives.
type Prediction struct {
	schema *sim.Schema
	player game.PlayerID
	sim    sim.Prediction

	base   game.Tick // newest state from the server; 0 before the first
	newest game.Tick // predicted up to here
	ring   [2 * MaxPredicted]guess
	next   cursor
	in     sim.TickInput
	table  sim.Block
	truth  []sim.Block
	shown  []sim.Block // own rows at newest before the last re-run

	smoothings []smoothing
	half       time.Duration
}

// guess is the player's own rows in one tick, by table.
type guess struct {
	tick game.Tick
	own  []sim.Block
}

// Reconciliation is how far the server's state differed from the prediction.
type Reconciliation struct {
	Corrected bool    // a moving field of an own row
	Largest   float64 // the most that one changed by, in its units
	Surprised bool    // something else of an own row, or whether there is one
}

// NewPrediction begins the prediction of a seat. Corrections are drawn decayed
// by half every half; 0 draws them at once.
func NewPrediction(s *sim.Schema, p game.PlayerID, m sim.Prediction, half time.Duration) *Prediction {
	n := len(s.Tables)
	pr := &Prediction{schema: s, player: p, sim: m, half: half, truth: make([]sim.Block, n), shown: make([]sim.Block, n)}
	for i := range pr.ring {
		pr.ring[i].own = make([]sim.Block, n)
	}
	return pr
}

// Reconcile goes back to the server's newest state and runs the rules again, with
// the inputs that the server has not applied, up to the tick that was predicted
// before. It returns what that changed. in must already know which
// inputs that state contains.
func (p *Prediction) Reconcile(now time.Duration, f *view.Frame, in *Inputs) Reconciliation {
	var r Reconciliation
	for i := range p.truth {
		copyOwn(&p.schema.Tables[i], &f.Tables[i], &p.truth[i], p.player)
	}
	before := p.At(p.newest)
	if g := p.At(f.Tick); g != nil && p.base != 0 {
		p.compare(&r, g, p.truth)
	}
	for i := range before {
		p.shown[i].CopyFrom(&before[i])
	}
	to := p.newest
	p.restart(f, in)
	p.Advance(to)
	if after := p.At(to); before != nil && after != nil {
		p.compare(&r, p.shown, after)
		p.smooth(now, after)
	}
	return r
}

// Rewind goes back to tick t, because the server dropped time. It runs the rules
// again from the newest state, f. What that changes is smoothed, but is no
// correction.
func (p *Prediction) Rewind(now time.Duration, f *view.Frame, in *Inputs, t game.Tick) {
	if p.base == 0 || !t.Before(p.newest) {
		return
	}
	for i, b := range p.At(p.newest) {
		p.shown[i].CopyFrom(&b)
	}
	p.restart(f, in)
	p.Advance(t)
	p.smooth(now, p.At(p.newest))
}

// restart begins again at the server's newest state.
func (p *Prediction) restart(f *view.Frame, in *Inputs) {
	p.base, p.newest = f.Tick, f.Tick
	p.sim.Load(f.Tick, f.Tables, in.held)
	p.next = cursor{in: in}
	p.store(f.Tick)
}

// Advance predicts up to tick t.
func (p *Prediction) Advance(t game.Tick) {
	if p.base == 0 {
		return
	}
	for p.newest.Before(t) && p.newest.Sub(p.base) < MaxPredicted {
		p.newest++
		p.in.Reset()
		p.next.due(p.newest, p.player, &p.in)
		p.sim.Step(&p.in)
		p.store(p.newest)
	}
}

// store keeps the own rows of tick t, which [Prediction.At] returns.
func (p *Prediction) store(t game.Tick) {
	g := &p.ring[int(t)%len(p.ring)]
	g.tick = t
	for i := range g.own {
		if p.schema.Tables[i].Owner >= 0 {
			p.sim.Rows(i).Capture(&p.table)
			copyOwn(&p.schema.Tables[i], &p.table, &g.own[i], p.player)
		}
	}
}

// Newest is the last tick predicted; 0 before the first.
func (p *Prediction) Newest() game.Tick { return p.newest }

// At returns the own rows predicted for tick t, or nil.
func (p *Prediction) At(t game.Tick) []sim.Block {
	g := &p.ring[int(t)%len(p.ring)]
	if t == 0 || g.tick != t {
		return nil
	}
	return g.own
}

// compare notes by how much own rows differ.
func (p *Prediction) compare(r *Reconciliation, was, is []sim.Block) {
	for i := range is {
		s := &p.schema.Tables[i]
		if s.Owner < 0 {
			continue
		}
		a, b := &was[i], &is[i]
		if len(a.IDs) != len(b.IDs) {
			r.Surprised = true
		}
		for n, id := range b.IDs {
			k, there := a.Index(id)
			if !there {
				r.Surprised = true
				continue
			}
			if !sameRow(s, a, k, b, n) {
				r.row(s, a, k, b, n)
			}
		}
	}
}

func (r *Reconciliation) row(s *sim.RowSchema, a *sim.Block, k int, b *sim.Block, n int) {
	x, y := a.Row(k), b.Row(n)
	for i := range s.Fields {
		f := &s.Fields[i]
		switch {
		case f.Kind == sim.Text:
			r.Surprised = r.Surprised || text(a, x[i]) != text(b, y[i])
		case x[i] == y[i]:
		case moves(f) && finite(distance(f, x[i], y[i])):
			r.Corrected = true
			r.Largest = max(r.Largest, math.Abs(distance(f, x[i], y[i])))
		default:
			r.Surprised = true
		}
	}
}

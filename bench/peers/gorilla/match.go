package main

import (
	"math"
	"sync"
	"time"

	"arbiter/bench/workload"
	"arbiter/game"
	"arbiter/game/sim"

	"github.com/gorilla/websocket"
)

// player is a client. Its writer ends when out is closed.
type player struct {
	id   game.PlayerID
	conn *websocket.Conn
	out  chan *websocket.PreparedMessage
}

func (p *player) write() {
	for m := range p.out {
		if p.conn.WritePreparedMessage(m) != nil {
			p.conn.Close() // the reader notices
		}
	}
}

// match is one running game.
type match struct {
	sim   sim.Sim
	code  codec
	steps []float64 // of the ships' fields

	mu      sync.Mutex
	players []*player                         // guarded by mu
	next    sim.TickInput                     // guarded by mu
	inputs  map[game.PlayerID]sim.PlayerInput // guarded by mu: the newest of each
}

func newMatch(players, rate, number int, code codec) *match {
	g, err := workload.At(players, rate)
	if err != nil {
		panic(err) // the flags were checked
	}
	m := &match{sim: g.NewSim(uint64(number)), code: code, inputs: map[game.PlayerID]sim.PlayerInput{}}
	for _, f := range g.Schema().Tables[0].Fields {
		m.steps = append(m.steps, f.Step)
	}
	interval := time.Second / time.Duration(rate)
	go m.run(interval, interval*time.Duration(number*159%256)/256) // staggered, until the process ends
	return m
}

func (m *match) join(p *player) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.players = append(m.players, p)
	m.next.Joins = append(m.next.Joins, game.Player{ID: p.id})
}

func (m *match) leave(p *player) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, o := range m.players {
		if o == p {
			m.players = append(m.players[:i], m.players[i+1:]...)
			m.next.Leaves = append(m.next.Leaves, p.id)
			close(p.out)
		}
	}
}

func (m *match) input(id game.PlayerID, in Input) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inputs[id] = sim.PlayerInput{Player: id, Seq: in.Seq, Cells: []int64{int64(in.Thrust), int64(in.Turn)}}
}

// run steps on an absolute schedule.
func (m *match) run(interval, phase time.Duration) {
	due := time.Now().Add(phase)
	for {
		due = due.Add(interval)
		time.Sleep(time.Until(due))
		m.tick()
	}
}

func (m *match) tick() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.players {
		if in, ok := m.inputs[p.id]; ok {
			m.next.Inputs = append(m.next.Inputs, in)
			delete(m.inputs, p.id)
		}
	}
	m.sim.Step(&m.next)
	m.next.Reset()
	var b sim.Block
	m.sim.Rows(0).Capture(&b)
	s := State{Tick: uint32(m.sim.Tick()), Ships: make([]Ship, len(b.IDs))}
	for i := range b.IDs {
		row := b.Row(i)
		angle := math.Round(float64(row[3])*2*math.Pi/256*1e4) / 1e4
		s.Ships[i] = Ship{ID: int(row[0]), X: float64(row[1]) * m.steps[1], Y: float64(row[2]) * m.steps[2], Angle: angle}
	}
	text, err := m.code.encode(&s)
	if err != nil {
		return
	}
	message, err := websocket.NewPreparedMessage(m.code.kind, text)
	if err != nil {
		return
	}
	for _, p := range m.players {
		select {
		case p.out <- message:
		default: // a slow client misses a state
		}
	}
}

package replicate_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
	. "arbiter/netcode/replicate"
	"arbiter/netcode/view"
)

const proofDt = time.Second / 30

// proofClient is one receiver over its own link.
type proofClient struct {
	player  game.PlayerID
	feed    *Feed
	view    *view.View
	pipe    netcodetest.Pipe
	away    int // ticks until it reconnects
	reading bool
	applied int
	keys    int
	events  map[string]int
	checks  int
}

// proof is a match and its receivers in virtual time.
type proof struct {
	t       testing.TB
	seed    uint64
	random  *rand.Rand
	game    *netcodetest.ProofGame
	match   *game.Match[netcodetest.ProofState, netcodetest.ProofInput]
	r       *Replicator
	clients []*proofClient
	now     time.Duration
	in      sim.TickInput
	was     map[proofKey]string
	posted  map[game.PlayerID]map[string]int // events that each should get
	cut     float64
	buf     []byte
}

type proofKey struct {
	tick   game.Tick
	player game.PlayerID
}

func newProof(t testing.TB, seed uint64) (*proof, netcodetest.Config) {
	r := rand.New(rand.NewPCG(seed, 7))
	p := &proof{t: t, seed: seed, random: r, game: netcodetest.ProofOpen, was: map[proofKey]string{}, posted: map[game.PlayerID]map[string]int{}}
	if seed%2 == 1 {
		p.game = netcodetest.ProofArea
	}
	link := netcodetest.Config{Seed: seed, Delay: time.Duration(r.IntN(150)) * time.Millisecond, Jitter: time.Duration(r.IntN(40)) * time.Millisecond}
	switch seed % 5 {
	case 1:
		link.StallRate, link.Stall = 0.5, 400*time.Millisecond
	case 2:
		link.Rate = 12_000
	case 3:
		link.Datagram, link.Loss, link.Reorder, link.Duplicate = true, 0.1, 0.1, 0.05
	}
	if !link.Datagram && seed%3 == 0 {
		p.cut = 0.02
	}
	p.match = p.game.New(seed)
	p.r = New(p.match, Config{Datagram: link.Datagram, NoAckLimit: time.Minute})
	for i := range 4 { // the last one is a spectator
		id := game.PlayerID((i + 1) % 4)
		c := &proofClient{player: id, view: view.New(p.game.Schema(), id), reading: true, events: map[string]int{}}
		link.Seed = seed*8 + uint64(i)
		c.pipe = netcodetest.NewPipe(link)
		c.feed = p.r.NewFeed(id)
		c.feed.Connect(0, false, 0)
		c.view.Connect(netcode.Fresh)
		p.clients = append(p.clients, c)
		p.posted[id] = map[string]int{}
		if id != 0 {
			p.in.Joins = append(p.in.Joins, game.Player{ID: id, Name: fmt.Sprint("p", id)})
		}
	}
	return p, link
}

func (p *proof) step() {
	p.now += proofDt
	p.match.Step(&p.in)
	p.in.Reset()
	p.r.CollectEvents()
	p.r.Capture()
	p.post()
	for _, c := range p.clients {
		p.was[proofKey{p.match.Tick(), c.player}] = netcodetest.Shown(p.match, c.player)
	}
	for _, c := range p.clients {
		p.down(c)
		p.receive(c)
	}
	for id := range game.PlayerID(3) {
		if p.random.IntN(5) == 0 {
			p.in.Inputs = append(p.in.Inputs, sim.PlayerInput{Player: id + 1,
				Cells: []int64{int64(p.random.IntN(3) - 1), int64(p.random.IntN(9) - 4), int64(p.random.IntN(2))}})
		}
	}
}

// post notes the step's events for those they are for.
func (p *proof) post() {
	posted := p.match.Posted(0)
	var b sim.Block
	posted.Capture(&b)
	for i := range posted.Len() {
		row := sim.Row{Cells: b.Row(i), Texts: b.Texts[i : i+1]}
		row.Cells[2] = 0 // its text stands alone
		for _, c := range p.clients {
			if to := posted.To(i); to == 0 || to == c.player {
				p.posted[c.player][fmt.Sprint(0, p.match.Tick(), row)]++
			}
		}
	}
}

// down sends c its snapshot of this tick, or cuts its connection.
func (p *proof) down(c *proofClient) {
	if c.away > 0 {
		if c.away--; c.away == 0 {
			f := c.view.Frame()
			res := netcode.ResumedKeyframe
			if f == nil {
				c.feed.Connect(0, false, p.now)
			} else {
				res = c.feed.Connect(f.Tick, true, p.now)
			}
			c.view.Connect(res)
		}
		return
	}
	if p.random.Float64() < p.cut {
		c.pipe.Cut()
		c.away = 1 + p.random.IntN(1+p.random.IntN(100))
		return
	}
	for b := range c.pipe.Up.Recv(p.now) {
		ack, err := netcode.ParseAck(b)
		if err != nil {
			p.t.Fatal(err)
		}
		c.feed.Ack(ack.Tick, p.now)
	}
	switch d := p.r.Plan(c.feed, SeatStatus{}, p.now); d {
	case Send:
		p.buf = c.feed.Append(p.buf[:0])
		if what := netcodetest.Leaks(p.buf, c.player); what != "" {
			p.t.Fatalf("seed %d, tick %d: snapshot for player %d holds the %s", p.seed, p.match.Tick(), c.player, what)
		}
		c.pipe.Down.Send(p.now, p.buf)
		c.feed.Sent(len(p.buf), p.now)
	case CloseSlow:
		p.t.Fatalf("seed %d, tick %d: player %d counts as slow", p.seed, p.match.Tick(), c.player)
	}
}

func (p *proof) receive(c *proofClient) {
	if c.away > 0 {
		return
	}
	for b := range c.pipe.Down.Recv(p.now) {
		u, err := c.view.Apply(b)
		if err != nil {
			p.t.Fatalf("seed %d, tick %d, player %d: %v", p.seed, p.match.Tick(), c.player, err)
		}
		for _, e := range u.Events {
			c.events[fmt.Sprint(e.Kind, e.Tick, e.Row)]++
		}
		if u.Old {
			continue
		}
		if got, want := has(p.game, c.view.Frame()), p.was[proofKey{u.Tick, c.player}]; got != want {
			p.t.Fatalf("seed %d, tick %d, player %d: the view is\n%s\nthe server had\n%s", p.seed, u.Tick, c.player, got, want)
		}
		if u.Mismatch {
			p.t.Fatalf("seed %d, tick %d, player %d: check failed on an equal state", p.seed, u.Tick, c.player)
		}
		if u.Checked {
			c.checks++
		}
		if u.Keyframe {
			c.keys++
		}
		c.applied++
		c.pipe.Up.Send(p.now, netcode.Ack{Tick: u.Tick}.Append(nil))
	}
}

// seeds is how many seeds the property tests try.
func seeds(t *testing.T) uint64 {
	if s := os.Getenv("ARBITER_SEEDS"); s != "" {
		n, err := strconv.ParseUint(s, 10, 32)
		if err != nil {
			t.Fatalf("ARBITER_SEEDS=%q is not a number", s)
		}
		return n
	}
	if raceEnabled {
		return 40
	}
	return 100
}

// At every applied tick, each client's view is the server's state of that tick
// as the client may see it; nothing hidden is in the bytes; and when the game
// stands still, everybody has its last state within a round trip.
func TestPropertyViewsEqualServer(t *testing.T) {
	var applied, keys, checks, events int
	for seed := range seeds(t) {
		p, link := newProof(t, seed)
		for range 200 {
			p.step()
		}
		p.quiet(link)
		for _, c := range p.clients {
			applied, keys, checks, events = applied+c.applied, keys+c.keys, checks+c.checks, events+len(c.events)
			for e, want := range p.posted[c.player] {
				if n := c.events[e]; n != want {
					t.Fatalf("seed %d, player %d: event %s came %d times, want %d", seed, c.player, e, n, want)
				}
			}
			if len(c.events) != len(p.posted[c.player]) {
				t.Fatalf("seed %d, player %d: %d events came, %d were for them", seed, c.player, len(c.events), len(p.posted[c.player]))
			}
		}
		if s := p.r.Stats(); p.game == netcodetest.ProofOpen && s.Groups == 0 {
			t.Fatal("nothing was encoded")
		}
	}
	t.Logf("%d views compared, %d keyframes, %d checks, %d events", applied, keys, checks, events)
	if n := int(seeds(t)); applied < 400*n || checks < n || events < n {
		t.Fatalf("too little was seen: %d views, %d checks, %d events in %d seeds", applied, checks, events, n)
	}
}

// quiet stops the game and the losses, and waits one round trip.
func (p *proof) quiet(link netcodetest.Config) {
	p.cut = 0
	for _, c := range p.clients {
		c.away = min(c.away, 1)
	}
	p.in.Commands = append(p.in.Commands, sim.PlayerCommand{Player: 1, Row: sim.Row{Cells: []int64{0}, Texts: []string{"freeze"}}})
	wait := 2*(link.Delay+link.Jitter) + link.Delay + 4*proofDt
	if link.Rate > 0 || link.StallRate > 0 || link.Datagram {
		wait += 3 * time.Second // what stood in the queue, was stalled or lost comes first
	}
	for range int(wait/proofDt) + 1 {
		p.step()
	}
	for _, c := range p.clients {
		if got, want := has(p.game, c.view.Frame()), netcodetest.Shown(p.match, c.player); got != want {
			p.t.Fatalf("seed %d: %v after the game stood still player %d has\n%s\nthe server\n%s", p.seed, wait, c.player, got, want)
		}
	}
}

// has is what a client's frame holds, as text.
func has(g *netcodetest.ProofGame, f *view.Frame) string { return netcodetest.Has(g, f.Tick, f.Tables) }

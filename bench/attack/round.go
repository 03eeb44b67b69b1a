package attack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/hostile"
	"arbiter/bench/load"
	"arbiter/bench/target"
	"arbiter/bench/workload"
	"arbiter/netcode"
	"arbiter/netcode/client"
)

// Round is a pair of measurements on one server.
type Round struct {
	Without   *bench.Figures `json:"without"`
	With      *bench.Figures `json:"with"`
	Before    bench.Base     `json:"before"`
	After     bench.Base     `json:"after"`
	Recovered float64        `json:"recovered_s"` // from the attack's end until the server was back to its base
	Attackers hostile.Tally  `json:"attackers"`
}

func (r *Round) ratio() float64 { return r.With.Gap.P99 / max(r.Without.Gap.P99, 1e-3) }

// String is one line of progress.
func (r *Round) String() string {
	return fmt.Sprintf("gap p99 %.1f ms, under attack %.1f ms (%.2f ×); %d hits, %d connections at once; heap %+.0f KB, %+.0f descriptors",
		r.Without.Gap.P99, r.With.Gap.P99, r.ratio(), r.Attackers.Hits, r.Attackers.Most, (r.After.Heap-r.Before.Heap)/1000, r.After.Files-r.Before.Files)
}

// limits are the server's own, not those that other benchmarks lift.
var limits = []string{}

// play makes one round; attackFirst measures the attack before the peace.
func play(ctx context.Context, s *bench.Session, o *Options, attack string, attackFirst bool) (*Round, error) {
	a := s.Arbiter(10, workload.Rate)
	a.Limits, a.TLS = limits, s.TLS || attack == hostile.OfTLS
	server, stand, err := s.NewServerStand(ctx, a, bench.Play{})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	if err := stand.Fleet.Resize(ctx, o.Players); err != nil {
		return nil, err
	}
	if err := load.Wait(ctx, bench.Either(s, time.Second, 3*time.Second)); err != nil { // histories and pools get their size
		return nil, err
	}
	r := &Round{}
	if r.Before, err = bench.LookAt(ctx, server.Process); err != nil {
		return nil, err
	}
	peace := func() (err error) {
		r.Without, err = stand.Measure(ctx, o.Players, o.For)
		return err
	}
	war := func() error { return r.war(ctx, s, o, server, stand, attack) }
	for _, part := range map[bool][]func() error{false: {peace, war}, true: {war, peace}}[attackFirst] {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// war measures during an attack, and waits until the server has got over it.
func (r *Round) war(ctx context.Context, s *bench.Session, o *Options, server *target.Server, stand *bench.Stand, attack string) error {
	orders := Orders(server, attack)
	foe, err := target.StartFoe(o.AttackerCommand, s.ForLoad, orders)
	if err != nil {
		return err
	}
	f, err := stand.Load(ctx, o.Players, o.For)
	if err != nil {
		_, stop := foe.Stop()
		return errors.Join(err, stop)
	}
	r.With = f
	if r.Attackers, err = foe.Stop(); err != nil {
		return err
	}
	return r.recover(ctx, server.Process)
}

// recoverWithin is how long it may take: seats wait a second for their players,
// and a closing connection two for its peer.
const recoverWithin = 10 * time.Second

func (r *Round) recover(ctx context.Context, p *target.Process) (err error) {
	for began := time.Now(); ; {
		if r.After, err = bench.LookAt(ctx, p); err != nil {
			return err
		}
		r.Recovered = time.Since(began).Seconds()
		if r.After.Within(r.Before) || time.Since(began) > recoverWithin {
			return nil
		}
		if err := load.Wait(ctx, 250*time.Millisecond); err != nil {
			return err
		}
	}
}

// tokensAtMost bounds the tokens that attackers share: one is one player's, so
// who shares takes the seat from another.
const tokensAtMost = 2000

// Orders are those for an attack on a server, with tokens of its own.
func Orders(server *target.Server, attack string) hostile.Orders {
	o := hostile.Orders{Kind: attack, Server: server.Addr, Path: server.Path(0), Protocol: client.Subprotocol, TLS: server.TLS != nil}
	if g, err := workload.At(10, 0); err == nil {
		o.Hello = netcode.Hello{Version: netcode.Version, SchemaHash: g.Schema().Hash}.Append(nil)
	}
	for n := range tokensAtMost {
		o.Tokens = append(o.Tokens, server.Token(-1-n))
	}
	return o
}

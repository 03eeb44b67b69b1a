package slow

import (
	"context"
	"fmt"
	"net"
	"time"

	"arbiter/bench"
	"arbiter/bench/target"
	"arbiter/bench/workload"
	"arbiter/game"
	"arbiter/netcode/client"
)

// slowGame is the match in which all see all.
const slowGame = 200

type player = client.Client[workload.State, workload.Input]

// measure fills a match with good clients, then lets slow ones in.
func measure(ctx context.Context, s *bench.Session, o *Options) (*Result, error) {
	g, err := workload.At(slowGame, o.Rate)
	if err != nil {
		return nil, err
	}
	typed, ok := g.(*game.Game[workload.State, workload.Input])
	if slow := len(slowLinks) * o.Clients; !ok || o.Players <= slow || o.Players > slowGame {
		return nil, fmt.Errorf("bench: %d players with %d on slow links: use up to %d players, some of them on good links", o.Players, slow, slowGame)
	}
	server, stand, err := s.NewServerStand(ctx, s.Arbiter(slowGame, o.Rate), bench.Play{})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	r := &Result{}
	good := o.Players - len(slowLinks)*o.Clients
	if r.Before, err = stand.Measure(ctx, good, o.For/3); err != nil {
		return nil, err
	}
	s.Say("neighbours alone: %v", r.Before)
	groups, err := join(ctx, typed, server, o.Clients)
	defer func() {
		for _, group := range groups {
			for _, c := range group {
				_ = c.Close()
			}
		}
	}()
	if err != nil {
		return nil, err
	}
	if r.Beside, err = stand.Measure(ctx, good, o.For); err != nil {
		return nil, err
	}
	s.Say("beside slow ones: %v", r.Beside)
	r.Offered = (r.Beside.SnapshotBytes + 4) * float64(o.Rate)
	for i, l := range slowLinks {
		r.Links = append(r.Links, judge(l.name, groups[i], o.For))
		s.Say("%s: %+v", l.name, r.Links[i])
	}
	return r, nil
}

// join lets n clients play over each kind of link.
func join(ctx context.Context, g *game.Game[workload.State, workload.Input], server *target.Server, n int) ([][]*player, error) {
	groups := make([][]*player, len(slowLinks))
	for i, l := range slowLinks {
		for k := range n {
			c, err := client.Dial(ctx, g, client.Config{
				URL: server.URL(), TLS: server.TLS, Token: server.Token(-1 - i*n - k), NoPrediction: true,
				Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
					var d net.Dialer
					conn, err := d.DialContext(ctx, network, addr)
					if err != nil {
						return nil, err
					}
					return l.link.wrap(conn), nil
				},
			})
			if err != nil {
				return groups, fmt.Errorf("bench: a client on %s: %w", l.name, err)
			}
			groups[i] = append(groups[i], c)
		}
	}
	return groups, nil
}

// judge sums up the clients of one kind.
func judge(name string, list []*player, span time.Duration) LinkResult {
	r := LinkResult{Name: name}
	seconds := (span + time.Second).Seconds() * float64(len(list))
	for _, c := range list {
		st := c.Stats()
		r.AgeP50 = max(r.AgeP50, float64(st.AgeP50.Microseconds())/1000)
		r.AgeP99 = max(r.AgeP99, float64(st.AgeP99.Microseconds())/1000)
		r.PerSecond += float64(st.Snapshots) / seconds
		r.Bytes += float64(st.Bytes) / seconds
		r.Closed += st.Connections - 1
		r.Wrong += st.HashMismatches
	}
	return r
}

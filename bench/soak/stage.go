package soak

import (
	"context"
	"errors"
	"time"

	"arbiter/bench"
	"arbiter/bench/attack"
	"arbiter/bench/hostile"
	"arbiter/bench/load"
	"arbiter/bench/target"
)

// swing is in how often a stage's players change in number.
const swing = time.Second

// stage lets an attack, bots and players loose on the server, and looks at it
// when attack and bots are over.
func stage(ctx context.Context, s *bench.Session, o *Options, server *target.Server, stand *bench.Stand, n int) (*Stage, error) {
	names := hostile.Names()
	st := &Stage{Attack: names[n%len(names)]}
	foe, err := target.StartFoe(o.AttackerCommand, s.ForLoad, attack.Orders(server, st.Attack))
	if err != nil {
		return nil, err
	}
	bots, err := startBots(s, o, server, n)
	if err != nil {
		_, stop := foe.Stop()
		return nil, errors.Join(err, stop)
	}
	stand.Fleet.Begin()
	churned := churn(ctx, o, stand.Fleet)
	st.Attackers, err = foe.Stop()
	st.Bots, bots.err = bots.wait()
	b := stand.Fleet.End()
	if err := errors.Join(churned, err, bots.err); err != nil {
		return nil, err
	}
	st.Faults, st.GapP99 = b.Faults, bench.QuantilesOf(&b.Gaps).P99
	if st.Base, err = look(ctx, server, stand, o.Players/2); err != nil {
		return nil, err
	}
	return st, nil
}

// churn lets players come and go for the stage.
func churn(ctx context.Context, o *Options, fleet *load.Fleet) error {
	for k, end := 0, time.Now().Add(o.Stage); time.Now().Before(end); k++ {
		fleet.Aim(o.Players/2 + k%6*o.Players/10)
		if err := load.Wait(ctx, swing); err != nil {
			return err
		}
	}
	return nil
}

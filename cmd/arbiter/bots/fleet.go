package bots

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"arbiter/netcode/client"
)

// fleet is all the bots.
type fleet struct {
	config  *Config
	opener  opener
	api     *api
	queuing *queuing // nil: bots join a match by themselves
	faults  *faults

	mu     sync.Mutex
	bots   []*bot // guarded by mu
	report Report // guarded by mu
}

// Run plays until the time is over or ctx ends, waits for what is not yet
// acknowledged, and reports. The error is of what made playing impossible; the
// report's Verdict judges what was played.
func Run(ctx context.Context, c Config) (*Report, error) {
	at, err := c.fill()
	if err != nil {
		return nil, err
	}
	a := newAPI(at.API, c.TLS)
	defer a.close()
	var q *queuing
	if c.Matchmaking != nil {
		m := *c.Matchmaking
		if err := m.complete(ctx, a, c.Queues); err != nil {
			return nil, err
		}
		c.Game, q = m.Rules.Game, newQueuing(&m, a, c.TLS)
		defer q.close()
	}
	if c.Game == "" {
		c.Game = a.gameOf(ctx, c.Match)
	}
	unpredicted := ""
	hosting, err := a.game(ctx, c.Game, c.Games)
	if err != nil {
		return nil, err
	}
	h := &hosted{hosting, c.Rate, c.Predict}
	open, err := h.opener(&c)
	if err != nil {
		return nil, err
	}
	if c.Predict && !h.predict {
		unpredicted = fmt.Sprintf("off: this program does not have the rules of %s; use the program that has them (see app.Main), or leave --predict out", h.Name)
	}
	c.Predict = h.predict
	f := &fleet{config: &c, opener: open, api: a, queuing: q, faults: &faults{
		drop: c.Drop, stall: c.Stall, rand: rand.New(rand.NewPCG(c.Seed, 1)), // #nosec G404 -- a simulation, which its seed must repeat
	}}
	f.report.tick = time.Second / time.Duration(h.TickRate)
	if c.Token == nil { // one to see whether there are any
		if _, err := a.guest(ctx, "bot"); err != nil {
			return nil, err
		}
	}
	f.report.Unpredicted = unpredicted
	return f.run(ctx), nil
}

func (f *fleet) run(ctx context.Context) *Report {
	injecting, stop := context.WithCancel(context.Background())
	var injection sync.WaitGroup
	injection.Go(func() { f.faults.run(injecting) })
	defer injection.Wait()
	defer stop()

	// Clients outlive ctx: what they sent has to be acknowledged.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	began := time.Now()
	if f.queuing != nil {
		f.matchmake(ctx, life)
	} else {
		f.connect(ctx, life)
	}
	played := f.play(ctx, began)
	f.faults.stop()
	f.finish()
	f.close()
	f.report.predicted = f.config.Predict
	f.report.Drops, f.report.Stalls = f.faults.counts()
	f.report.finish(played)
	return &f.report
}

// connect opens all bots.
func (f *fleet) connect(ctx, life context.Context) {
	ctx, cancel := context.WithTimeout(ctx, connecting)
	defer cancel()
	var dialing sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for n := range f.config.Clients {
		slots <- struct{}{}
		dialing.Go(func() {
			defer func() { <-slots }()
			b, err := f.join(ctx, life, n)
			f.mu.Lock()
			defer f.mu.Unlock()
			if err != nil {
				f.report.fail(err)
				return
			}
			f.bots = append(f.bots, b)
		})
	}
	dialing.Wait()
}

// join opens one bot, which must be playing before ctx ends, and then goes on
// until life does.
func (f *fleet) join(ctx, life context.Context, n int) (*bot, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("bots: not connected in time: %w", err)
	}
	token, err := f.token(ctx, n)
	if err != nil {
		return nil, err
	}
	return f.open(ctx, life, n, client.Config{URL: f.config.URL, Match: f.config.Match, Token: token})
}

// open connects one bot, which must be playing before ctx ends.
func (f *fleet) open(ctx, life context.Context, n int, to client.Config) (*bot, error) {
	to.Dialer, to.TLS = f.faults.dial, f.config.TLS
	life, cancel := context.WithCancel(life)
	giveUp := context.AfterFunc(ctx, cancel)
	b, err := f.opener(life, to, n)
	if err == nil && giveUp() {
		return b, nil
	}
	cancel()
	if err == nil {
		_ = b.client.Close() // it is of no use any more
	}
	return nil, errors.Join(err, context.Cause(ctx))
}

func (f *fleet) token(ctx context.Context, n int) (string, error) {
	if f.config.Token != nil {
		return f.config.Token(n)
	}
	return f.api.guest(ctx, fmt.Sprintf("bot %d", n+1))
}

// play lets the bots play, and returns for how long they did.
func (f *fleet) play(ctx context.Context, began time.Time) time.Duration {
	if len(f.bots) == 0 {
		return 0
	}
	start := time.Now()
	over := time.NewTimer(f.config.For)
	defer over.Stop()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	p := progress{to: f.config.Progress, rewrite: f.config.Rewrite, began: began}
	defer p.end()
	for {
		select {
		case <-ctx.Done():
			return time.Since(start)
		case <-over.C:
			return time.Since(start)
		case <-second.C:
			if p.say(f.bots) == 0 {
				return time.Since(start) // nobody is left
			}
		}
	}
}

// finish has all bots do nothing, and waits until everything they did is
// acknowledged. A bot that is reconnecting is given time for it.
func (f *fleet) finish() {
	for _, b := range f.bots {
		b.stopping.Store(true)
	}
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	begin := time.Now()
	end := begin.Add(acknowledging)
	for left := f.bots; len(left) > 0; {
		now := <-look.C
		var waiting []*bot
		for _, b := range left {
			if over, _ := b.over(); over || b.isDone() {
				continue
			}
			waiting = append(waiting, b)
			if b.client.Status().Phase != client.Playing {
				end = now.Add(acknowledging)
			}
		}
		if now.After(end) || now.Sub(begin) > reconnecting {
			return
		}
		left = waiting
	}
}

// close ends all bots and adds up what they counted.
func (f *fleet) close() {
	var leaving sync.WaitGroup
	for _, b := range f.bots {
		over, err := b.over()
		if over && err != nil {
			f.report.fail(err)
		}
		if b.finished = over && err == nil; !b.finished && b.pending() > 0 {
			n, status := b.pending(), b.client.Status()
			f.report.sample(fmt.Errorf("bots: %d inputs of one bot were not acknowledged in the end, when it was %v: %w", n, status.Phase, cmp.Or(status.Err, errNone)))
		}
		leaving.Go(func() {
			if !over {
				_ = b.client.Close() // how it ends is of no interest now
			}
		})
	}
	leaving.Wait()
	for _, b := range f.bots {
		b.client.Do(func() {
			seat := b.client.Seat()
			stats := seat.Stats()
			if b.finished { // nobody applies the last ones any more
				stats.InputsAbandoned += uint64(seat.Inputs().Pending())
			}
			f.report.Commands += b.commands
			f.report.add(&stats, seat.RoundTrips(), seat.Ages())
		})
	}
}

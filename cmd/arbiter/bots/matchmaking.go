package bots

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"arbiter/netcode/client"
	"arbiter/netcode/client/matchmake"
)

// matchmake has all bots queue and connect to their matches as they get seats,
// and checks the matches when everybody plays.
func (f *fleet) matchmake(ctx, life context.Context) {
	q := f.queuing
	r := &MatchReport{Queue: q.Queue, Partial: q.Partial}
	f.report.Matchmaking = r
	groups, err := simulatedPlayers(*q.Rules, f.config.Clients, f.config.Seed)
	if err != nil {
		f.report.fail(err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, q.Wait)
	defer cancel()
	var all sync.WaitGroup
	minting := make(chan struct{}, atOnce) // few tokens are asked for at a time
	for _, g := range groups {
		all.Go(func() { f.queueGroup(ctx, life, g, minting) })
	}
	all.Wait()
	j := &judge{rules: *q.Rules, seated: q.seated}
	j.run()
	f.checkSeats(j)
	r.Unmatched, r.Requeued, r.Parties = f.config.Clients-len(q.seated), int(q.requeued.Load()), int(q.parties.Load())
	if r.Unmatched > 0 {
		r.StillWaiting = q.explain(context.WithoutCancel(ctx))
	}
	r.tally(j)
}

// queueGroup has a group queue, and each of its members play.
func (f *fleet) queueGroup(ctx, life context.Context, g group, minting chan struct{}) {
	seekers := make([]*seeker, len(g.members))
	for i, attributes := range g.members {
		minting <- struct{}{}
		token, err := f.token(ctx, g.first+i)
		<-minting
		if err != nil {
			f.fail(err)
			return
		}
		seekers[i] = &seeker{queuing: f.queuing, token: token, attributes: attributes, party: -1}
	}
	searches := make([]search, len(seekers))
	for i := range searches {
		searches[i] = matchmake.Find
	}
	if len(seekers) > 1 {
		if err := f.formParty(ctx, seekers, searches); err != nil {
			f.fail(err)
			return
		}
		for _, s := range seekers {
			s.party = g.first
		}
	}
	var playing sync.WaitGroup
	for i, s := range seekers {
		playing.Go(func() { f.seek(ctx, life, g.first+i, s, searches[i]) })
	}
	playing.Wait()
}

// seek gets a seat for one bot and connects it.
func (f *fleet) seek(ctx, life context.Context, n int, s *seeker, search search) {
	p, err := s.seek(ctx, search)
	if err != nil {
		f.fail(err)
		return
	}
	s.mu.Lock()
	s.seated = append(s.seated, p)
	s.mu.Unlock()
	// The seat is reserved whether or not the time for searching is over.
	joining, cancel := context.WithTimeout(context.WithoutCancel(ctx), connecting)
	defer cancel()
	b, err := f.open(joining, life, n, client.Config{URL: p.seat.URL, Token: p.seat.Token})
	if err != nil {
		f.fail(fmt.Errorf("bots: the seat of %s in match %s: %w", p.seat.Player, p.seat.Match, err))
		return
	}
	b.seat = &p.seat
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bots = append(f.bots, b)
}

func (f *fleet) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.report.fail(err)
}

// formParty makes a party of the seekers and queues it. searches is set to how
// each of them gets its seat then.
func (f *fleet) formParty(ctx context.Context, seekers []*seeker, searches []search) error {
	f.queuing.parties.Add(1)
	parties := make([]*matchmake.Party, len(seekers))
	for i, s := range seekers {
		var heard statusRelay
		c := s.config(heard.relay)
		var err error
		if i == 0 {
			parties[i], err = matchmake.MakeParty(ctx, c)
		} else {
			parties[i], err = matchmake.JoinParty(ctx, c, parties[0].State().Code)
		}
		if err == nil {
			err = parties[i].Ready(ctx, true)
		}
		if err != nil {
			return err
		}
		searches[i] = func(ctx context.Context, c matchmake.Config) (matchmake.Seat, error) {
			heard.pass(c.OnStatus)
			seat, err := parties[i].Find(ctx)
			if err != nil {
				away, cancel := context.WithTimeout(context.WithoutCancel(ctx), apiTimeout)
				defer cancel()
				_ = parties[i].Leave(away) // a bot that fails to leave finds out when it queues
			}
			return seat, err
		}
	}
	return parties[0].Start(ctx)
}

// statusRelay passes on a party's statuses to the one who searches with it.
type statusRelay struct {
	mu sync.Mutex
	to func(matchmake.Status)
}

func (w *statusRelay) pass(to func(matchmake.Status)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to = to
}

func (w *statusRelay) relay(s matchmake.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.to != nil {
		w.to(s)
	}
}

// checkSeats checks that every seat is held once, by the player it was for.
func (f *fleet) checkSeats(j *judge) {
	type number struct {
		match  string
		player uint64
	}
	holder := map[number]string{}
	playing := map[string]int{}
	for _, b := range f.bots {
		var at number
		b.client.Do(func() {
			at = number{b.client.Seat().Welcome().MatchID, uint64(b.client.Seat().Player())}
		})
		if at.match != b.seat.Match {
			j.blame("player %s has a seat in match %s and came into %s", b.seat.Player, b.seat.Match, at.match)
		}
		if other := holder[at]; other != "" {
			j.blame("players %s and %s have one seat, number %d of match %s", other, b.seat.Player, at.player, at.match)
		}
		holder[at] = b.seat.Player
		playing[at.match]++
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*apiTimeout)
	defer cancel()
	given := map[string]int{}
	for _, p := range j.seated {
		given[p.seat.Match]++
	}
	for id, n := range given {
		if playing[id] < n {
			j.blame("%d of the %d seats that bots have in match %s were not used", n-playing[id], n, id)
		}
		var m struct{ Players int }
		if err := f.api.call(ctx, http.MethodGet, "v1/matches/"+url.PathEscape(id), nil, &m); err == nil && m.Players < playing[id] {
			j.blame("%d bots play in match %s, and the server counts %d players", playing[id], id, m.Players)
		}
	}
}

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

// matchmake has all bots queue, take their seats as they get them, and judges
// the matches when everybody plays.
func (f *fleet) matchmake(ctx, life context.Context) {
	q := f.queuing
	r := &MatchReport{Queue: q.Queue, Partial: q.Partial}
	f.report.Matchmaking = r
	groups, err := crowd(*q.Rules, f.config.Clients, f.config.Seed)
	if err != nil {
		f.report.fail(err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, q.Wait)
	defer cancel()
	var all sync.WaitGroup
	doors := make(chan struct{}, atOnce) // tokens are asked for by few at a time
	for _, g := range groups {
		all.Go(func() { f.gather(ctx, life, g, doors) })
	}
	all.Wait()
	j := &judge{rules: *q.Rules, placed: q.placed}
	j.run()
	f.claims(j)
	r.Unmatched, r.Anew, r.Parties = f.config.Clients-len(q.placed), int(q.anew.Load()), int(q.parties.Load())
	if r.Unmatched > 0 {
		r.StillWaiting = q.explain(context.WithoutCancel(ctx))
	}
	r.tally(j)
}

// gather has a group queue, and each of it play.
func (f *fleet) gather(ctx, life context.Context, g group, doors chan struct{}) {
	seekers := make([]*seeker, len(g.members))
	for i, attributes := range g.members {
		doors <- struct{}{}
		token, err := f.token(ctx, g.first+i)
		<-doors
		if err != nil {
			f.fail(err)
			return
		}
		seekers[i] = &seeker{queuing: f.queuing, token: token, attributes: attributes, party: -1}
	}
	finds := make([]finding, len(seekers))
	for i := range finds {
		finds[i] = matchmake.Find
	}
	if len(seekers) > 1 {
		if err := f.meet(ctx, seekers, finds); err != nil {
			f.fail(err)
			return
		}
		for _, s := range seekers {
			s.party = g.first
		}
	}
	var playing sync.WaitGroup
	for i, s := range seekers {
		playing.Go(func() { f.take(ctx, life, g.first+i, s, finds[i]) })
	}
	playing.Wait()
}

// take seeks a seat for one bot and takes it.
func (f *fleet) take(ctx, life context.Context, n int, s *seeker, find finding) {
	p, err := s.seek(ctx, find)
	if err != nil {
		f.fail(err)
		return
	}
	s.mu.Lock()
	s.placed = append(s.placed, p)
	s.mu.Unlock()
	// The seat is held whether or not time for finding one is up.
	taking, cancel := context.WithTimeout(context.WithoutCancel(ctx), connecting)
	defer cancel()
	b, err := f.enter(taking, life, n, client.Config{URL: p.seat.URL, Token: p.seat.Token})
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

// meet makes a party of the seekers and queues it. Each is then to seek by the
// party.
func (f *fleet) meet(ctx context.Context, seekers []*seeker, finds []finding) error {
	f.queuing.parties.Add(1)
	parties := make([]*matchmake.Party, len(seekers))
	for i, s := range seekers {
		var heard watchedBy
		c := s.config(heard.take)
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
		finds[i] = func(ctx context.Context, c matchmake.Config) (matchmake.Seat, error) {
			heard.pass(c.OnStatus)
			seat, err := parties[i].Find(ctx)
			if err != nil {
				away, cancel := context.WithTimeout(context.WithoutCancel(ctx), deskTimeout)
				defer cancel()
				_ = parties[i].Leave(away) // who fails to leave finds out when it queues
			}
			return seat, err
		}
	}
	return parties[0].Start(ctx)
}

// watchedBy passes on what a party says to who seeks by it.
type watchedBy struct {
	mu sync.Mutex
	to func(matchmake.Status)
}

func (w *watchedBy) pass(to func(matchmake.Status)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to = to
}

func (w *watchedBy) take(s matchmake.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.to != nil {
		w.to(s)
	}
}

// claims checks that every seat was taken once, by whom it was for.
func (f *fleet) claims(j *judge) {
	type place struct {
		match  string
		player uint64
	}
	taken := map[place]string{}
	playing := map[string]int{}
	for _, b := range f.bots {
		var at place
		b.client.Do(func() {
			at = place{b.client.Seat().Welcome().MatchID, uint64(b.client.Seat().Player())}
		})
		if at.match != b.seat.Match {
			j.blame("player %s has a seat in match %s and came into %s", b.seat.Player, b.seat.Match, at.match)
		}
		if other := taken[at]; other != "" {
			j.blame("players %s and %s have one seat, number %d of match %s", other, b.seat.Player, at.player, at.match)
		}
		taken[at] = b.seat.Player
		playing[at.match]++
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*deskTimeout)
	defer cancel()
	given := map[string]int{}
	for _, p := range j.placed {
		given[p.seat.Match]++
	}
	for id, n := range given {
		if playing[id] < n {
			j.blame("%d of the %d seats that bots have in match %s were not taken", n-playing[id], n, id)
		}
		var m struct{ Players int }
		if err := f.desk.ask(ctx, http.MethodGet, "v1/matches/"+url.PathEscape(id), nil, &m); err == nil && m.Players < playing[id] {
			j.blame("%d bots play in match %s, and the server counts %d players", playing[id], id, m.Players)
		}
	}
}

package matchmaking

import "math"

// balance is team balance: it swaps tickets of equal size between teams as long
// as that brings the teams' means closer. Seated tickets of an open match stay.
func (l *lineup) balance() {
	if len(l.m.weighed) == 0 || len(l.teams) < 2 || len(l.picks)-l.seated <= 2 {
		return
	}
	l.sum()
	cost := l.unevenness()
	// Each round keeps the best of all swaps; a match seldom needs more than
	// its number of players.
	for range maxSwaps {
		i, j, best := l.bestSwap(cost)
		if i < 0 {
			break
		}
		l.swap(i, j)
		cost = best
	}
}

const maxSwaps = 32

// bestSwap finds the swap that lowers the cost most; i is −1 if none does.
func (l *lineup) bestSwap(cost float64) (i, j int, best float64) {
	i, best = -1, cost-1e-9
	for a := l.seated; a < len(l.picks); a++ {
		for b := a + 1; b < len(l.picks); b++ {
			if !l.swappable(a, b) {
				continue
			}
			l.exchange(a, b)
			if c := l.unevenness(); c < best && l.rolesPossible(a, b) {
				i, j, best = a, b, c
			}
			l.exchange(a, b)
		}
	}
	return i, j, best
}

func (l *lineup) swappable(a, b int) bool {
	p, q := &l.picks[a], &l.picks[b]
	return p.side != q.side && p.e.size() == q.e.size()
}

// exchange swaps the sides of two picks and updates the sums, not the role
// checks. A second call undoes the first.
func (l *lineup) exchange(a, b int) {
	p, q := &l.picks[a], &l.picks[b]
	for w, by := range l.m.weighed {
		d := l.m.total(q.e, by.slot) - l.m.total(p.e, by.slot)
		l.sums[w][p.side] += d
		l.sums[w][q.side] -= d
	}
	p.side, q.side = q.side, p.side
}

// rolesPossible says whether both teams still have their roles when two tickets
// are exchanged, which they are already by their side.
func (l *lineup) rolesPossible(a, b int) bool {
	p, q := &l.picks[a], &l.picks[b]
	tp, tq := &l.teams[p.side], &l.teams[q.side]
	if tp.roleCheck == nil && tq.roleCheck == nil {
		return true
	}
	l.countRoles(tq, p.e, -1)
	l.countRoles(tp, q.e, -1)
	l.countRoles(tp, p.e, 1)
	l.countRoles(tq, q.e, 1)
	ok := (tp.roleCheck == nil || tp.roleCheck.possible()) && (tq.roleCheck == nil || tq.roleCheck.possible())
	l.countRoles(tp, p.e, -1)
	l.countRoles(tq, q.e, -1)
	l.countRoles(tq, p.e, 1)
	l.countRoles(tp, q.e, 1)
	return ok
}

// swap exchanges two picks with their roles. The teams' largest parties stay as
// they are, because both tickets have the same size.
func (l *lineup) swap(a, b int) {
	p, q := &l.picks[a], &l.picks[b]
	l.countRoles(&l.teams[p.side], p.e, -1)
	l.countRoles(&l.teams[q.side], q.e, -1)
	l.exchange(a, b)
	l.countRoles(&l.teams[p.side], p.e, 1)
	l.countRoles(&l.teams[q.side], q.e, 1)
}

// unevenness is the weighted sum of the gaps between the teams' means, each
// divided by what the rules allow.
func (l *lineup) unevenness() float64 {
	cost := 0.0
	for w, by := range l.m.weighed {
		unit := l.unit(by)
		cost += by.weight * l.gap(w) / unit
	}
	return cost
}

// unit is the effective bound of a weighed attribute, or 1 without one.
func (l *lineup) unit(by weighed) float64 {
	bound := math.Inf(1)
	switch {
	case by.rule >= 0:
		bound = l.rules.balance[by.rule]
	case l.m.searchRule >= 0:
		bound = l.rules.distance[l.m.searchRule]
	}
	if bound <= 0 || math.IsInf(bound, 1) {
		return 1
	}
	return bound
}

// cost compares legal lineups of one ticket: each rule's value in units of
// its bound, weighed by priority. Lower is better.
func (l *lineup) cost() float64 {
	cost := 0.0
	for d, i := range l.m.distances {
		if bound := l.rules.distance[d]; bound > 0 && !math.IsInf(bound, 1) {
			cost += l.m.rules.Rules[i].weight() * (l.high[d] - l.low[d]) / bound
		}
	}
	if l.region >= 0 && l.rules.latency > 0 {
		cost += l.m.rules.Rules[l.m.latencyRule].weight() * l.worst() / l.rules.latency
	}
	if len(l.m.weighed) > 0 && len(l.teams) > 1 {
		l.sum()
		cost += l.unevenness()
	}
	return cost
}

package service

import (
	"fmt"
	"net/http"

	"arbiter/matchmaking"
)

func (s *Service) startParty(w http.ResponseWriter, r *http.Request, i Identity) *problem {
	var o struct {
		Player string `json:"player"`
		Queue  string `json:"queue"`
	}
	if p := readJSON(w, r, &o); p != nil {
		return p
	}
	a, q := actor(o.Player, "", i)
	if q != nil {
		return q
	}
	t, q := s.partyTicket(r.PathValue("id"), o.Queue, a)
	if q != nil {
		return q
	}
	q = s.submit(w, t, i)
	if q != nil {
		s.registry.mu.Lock()
		t.party.reopenLocked(t)
		t.party.last = ""
		s.registry.mu.Unlock()
	}
	return q
}

// partyTicket makes the party's ticket and keeps everybody in until it has left.
func (s *Service) partyTicket(id, queue string, leader Identity) (*ticket, *problem) {
	s.registry.mu.Lock()
	defer s.registry.mu.Unlock()
	p, q := s.partyLocked(id, leader)
	switch {
	case q != nil:
		return nil, q
	case p.leader != leader.Player:
		return nil, notLeader()
	case p.ticket != nil:
		return nil, queued()
	}
	if queue == "" {
		queue = p.queue
	}
	worker := s.workers[queue]
	if worker == nil {
		return nil, s.noQueue(queue)
	}
	t := &ticket{worker: worker, names: map[string]string{}, owner: leader.who(), party: p, ready: make(chan struct{})}
	t.spec.ID = matchmaking.TicketID(s.newID("t"))
	for _, m := range p.members {
		if !m.ready {
			return nil, newProblem("party_not_ready", fmt.Sprintf("player %q is not ready", m.player))
		}
		t.names[m.player] = m.name
		t.spec.Members = append(t.spec.Members, matchmaking.Member{Player: m.player, Attributes: m.attributes})
	}
	p.ticket, p.last = t, t.id()
	p.touchLocked()
	return t, nil
}

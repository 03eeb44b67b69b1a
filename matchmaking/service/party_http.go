package service

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// postParty creates a party, whose leader is the player who acts.
func (s *Service) postParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	var o struct {
		httpapi.OnBehalf
		Queue string `json:"queue"`
	}
	a, err := readActor(w, r, i, &o, &o.OnBehalf)
	if err != nil {
		return err
	}
	if o.Queue != "" && s.workers[o.Queue] == nil {
		return s.noQueue(o.Queue)
	}
	select {
	case <-s.closing:
		return draining()
	default:
	}
	made := &party{id: s.newID("p"), code: randomName(8), queue: o.Queue}
	if err := s.registry.createParty(made, &partyMember{player: a.Player, name: a.Name}); err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/parties/"+made.id)
	return s.answerParty(w, http.StatusCreated, made)
}

func (s *Service) answerParty(w http.ResponseWriter, status int, p *party) error {
	s.registry.mu.Lock()
	v := p.viewLocked()
	s.registry.mu.Unlock()
	httpapi.Answer(w, status, v)
	return nil
}

// joinParty adds the player who acts to a party, by its invite code.
func (s *Service) joinParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	var o struct {
		httpapi.OnBehalf
		Code string `json:"code"`
	}
	a, err := readActor(w, r, i, &o, &o.OnBehalf)
	if err != nil {
		return err
	}
	v, err := s.registry.joinParty(o.Code, &partyMember{player: a.Player, name: a.Name})
	if err != nil {
		return err
	}
	httpapi.Answer(w, http.StatusOK, v)
	return nil
}

// partyLocked returns a party that an identity may use: a member of it, or a
// service. The registry must be locked.
func (s *Service) partyLocked(id string, i Identity) (*party, error) {
	p := s.registry.parties[id]
	switch {
	case p == nil && s.lost("p", id):
		return nil, problemPartyLost.New("party %.64q was lost when the service restarted: create a new one", id)
	case p == nil:
		return nil, problemPartyUnknown.New("there is no party %.64q: it may have ended", id)
	case !i.Service && p.memberLocked(i.Player) == nil:
		return nil, problemPartyNotMember.New("you are not in party %.64q", id)
	}
	p.lastRead = time.Now()
	return p, nil
}

// getParty answers with a party. With ?wait= it is a long poll, as for a ticket.
func (s *Service) getParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	s.registry.mu.Lock()
	p, err := s.partyLocked(r.PathValue("id"), i)
	if err != nil {
		s.registry.mu.Unlock()
		return err
	}
	v := p.viewLocked()
	s.registry.mu.Unlock()
	poll, err := httpapi.ReadLongPoll(r, v.Version)
	if err != nil {
		return err
	}
	if poll.Wait > 0 && v.Version <= poll.Version {
		leave, err := s.limits.wait(i)
		if err != nil {
			return err
		}
		defer leave()
		httpapi.ExtendDeadlines(w, poll.Wait)
		s.awaitParty(r, p, poll)
	}
	return s.answerParty(w, http.StatusOK, p)
}

// awaitParty waits for a version after the long poll's.
func (s *Service) awaitParty(r *http.Request, p *party, poll httpapi.LongPoll) {
	limit := time.NewTimer(poll.Wait)
	defer limit.Stop()
	for {
		s.registry.mu.Lock()
		if p.version > poll.Version {
			s.registry.mu.Unlock()
			return
		}
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		changed := p.changed
		s.registry.mu.Unlock()
		select {
		case <-changed:
		case <-limit.C:
			return
		case <-s.closing:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// inParty finds out who acts in which party, and calls do with the registry
// locked.
func (s *Service) inParty(w http.ResponseWriter, r *http.Request, i Identity, who string, do func(p *party, m *partyMember) error) error {
	a, err := actor(httpapi.OnBehalf{Player: who}, i)
	if err != nil {
		return err
	}
	s.registry.mu.Lock()
	p, err := s.partyLocked(r.PathValue("id"), a)
	if err == nil && p.ticket != nil {
		err = queued()
	}
	if err == nil {
		err = do(p, p.memberLocked(a.Player))
	}
	s.registry.mu.Unlock()
	if err != nil {
		return err
	}
	return s.answerParty(w, http.StatusOK, p)
}

// readyParty sets whether a member is ready, and their attributes.
func (s *Service) readyParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	var o struct {
		Player     string                     `json:"player"`
		Ready      *bool                      `json:"ready"`
		Attributes map[string]json.RawMessage `json:"attributes"`
	}
	if err := httpapi.ReadJSON(w, r, &o); err != nil {
		return err
	}
	own, err := attributes(o.Attributes, "")
	if err != nil {
		return err
	}
	if o.Ready == nil {
		return httpapi.BadJSON.At("ready", "is missing", "send true or false")
	}
	return s.inParty(w, r, i, o.Player, func(p *party, m *partyMember) error {
		m.ready = *o.Ready
		if o.Attributes != nil {
			m.attributes = own
		}
		p.touchLocked()
		return nil
	})
}

// leaveParty removes the member who acts from the party.
func (s *Service) leaveParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	var o struct {
		Player string `json:"player"`
	}
	if err := httpapi.ReadJSON(w, r, &o); err != nil {
		return err
	}
	return s.inParty(w, r, i, o.Player, func(p *party, m *partyMember) error {
		s.registry.removeMemberLocked(p, m.player)
		return nil
	})
}

// kickParty removes a member; only the leader may.
func (s *Service) kickParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	var o struct {
		Player string `json:"player"`
		By     string `json:"by"`
	}
	if err := httpapi.ReadJSON(w, r, &o); err != nil {
		return err
	}
	return s.inParty(w, r, i, o.By, func(p *party, m *partyMember) error {
		switch {
		case m.player != p.leader:
			return notLeader()
		case p.memberLocked(o.Player) == nil:
			return problemPartyNotMember.New("player %.64q is not in the party", o.Player)
		}
		s.registry.removeMemberLocked(p, o.Player)
		return nil
	})
}

func notLeader() error {
	return problemPartyNotLeader.New("only the leader may do this: ask the leader")
}

// startParty queues the party: it adds a ticket of all its members. Only the leader
// may, when everybody is ready.
func (s *Service) startParty(w http.ResponseWriter, r *http.Request, i Identity) error {
	var o struct {
		Player string `json:"player"`
		Queue  string `json:"queue"`
	}
	if err := httpapi.ReadJSON(w, r, &o); err != nil {
		return err
	}
	a, err := actor(httpapi.OnBehalf{Player: o.Player}, i)
	if err != nil {
		return err
	}
	t, err := s.partyTicket(r.PathValue("id"), o.Queue, a)
	if err != nil {
		return err
	}
	err = s.submit(w, t, i)
	if err != nil {
		s.registry.mu.Lock()
		t.party.reopenLocked(t)
		t.party.last = ""
		s.registry.mu.Unlock()
	}
	return err
}

// partyTicket makes the party's ticket. Until that has left, the party can't be
// changed.
func (s *Service) partyTicket(id, queue string, leader Identity) (*ticket, error) {
	s.registry.mu.Lock()
	defer s.registry.mu.Unlock()
	p, err := s.partyLocked(id, leader)
	switch {
	case err != nil:
		return nil, err
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
			return nil, problemPartyNotReady.New("player %q is not ready", m.player)
		}
		t.names[m.player] = m.name
		t.spec.Members = append(t.spec.Members, matchmaking.Member{Player: m.player, Attributes: m.attributes})
	}
	p.ticket, p.last = t, t.id()
	p.touchLocked()
	return t, nil
}

// actor returns the identity of the player who acts: the player who makes the
// request, or the one whom a service names.
func actor(o httpapi.OnBehalf, i Identity) (Identity, error) {
	player, err := o.PlayerFor(i.Player, i.Service)
	switch {
	case err != nil || !i.Service:
		return i, err
	case !printable(player, 1) || !printable(o.Name, 0):
		return i, problemPlayerInvalid.At("player", fmt.Sprintf("%.70q, called %.70q, is not printable or too long", player, o.Name), "use 1 to 64 bytes, a name may be empty")
	}
	return Identity{Player: player, Name: o.Name, Reach: i.Reach}, nil
}

// readActor reads a body, of which o is a part, and returns who acts.
func readActor(w http.ResponseWriter, r *http.Request, i Identity, body any, o *httpapi.OnBehalf) (Identity, error) {
	if err := httpapi.ReadJSON(w, r, body); err != nil {
		return i, err
	}
	return actor(*o, i)
}

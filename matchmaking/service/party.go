package service

import (
	"slices"
	"time"

	"arbiter/matchmaking"
)

// party is a group of players who queue together.
type party struct {
	// Static.
	id, code string

	// Guarded by registry.mu.
	queue    string // the queue that start uses; "": start names one
	leader   string
	members  []*partyMember // in the order they came
	version  int
	closed   bool
	ticket   *ticket              // while it is queued
	last     matchmaking.TicketID // of the last ticket
	lastRead time.Time
	changed  chan struct{} // closed with the next version; nil: nobody waits
}

type partyMember struct {
	player, name string
	ready        bool
	attributes   matchmaking.Attributes
}

// partyView is a party as it is sent.
type partyView struct {
	ID      string               `json:"id"`
	Code    string               `json:"code"`
	Queue   string               `json:"queue,omitempty"`
	Version int                  `json:"version"`
	State   string               `json:"state"` // open, queued or closed
	Leader  string               `json:"leader"`
	Members []memberView         `json:"members"`
	Ticket  matchmaking.TicketID `json:"ticket,omitempty"`
}

type memberView struct {
	Player string `json:"player"`
	Name   string `json:"name"`
	Ready  bool   `json:"ready"`
}

func (p *party) viewLocked() partyView {
	v := partyView{ID: p.id, Code: p.code, Queue: p.queue, Version: p.version, State: "open", Leader: p.leader, Members: []memberView{}, Ticket: p.last}
	switch {
	case p.closed:
		v.State = "closed"
	case p.ticket != nil:
		v.State = "queued"
	}
	for _, m := range p.members {
		v.Members = append(v.Members, memberView{m.player, m.name, m.ready})
	}
	return v
}

// touchLocked makes a new version and wakes who waits for it.
func (p *party) touchLocked() {
	p.version++
	p.lastRead = time.Now()
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

func (p *party) memberLocked(player string) *partyMember {
	i := slices.IndexFunc(p.members, func(m *partyMember) bool { return m.player == player })
	if i < 0 {
		return nil
	}
	return p.members[i]
}

// reopenLocked reopens the party when its ticket has left.
func (p *party) reopenLocked(t *ticket) {
	if p.ticket != t {
		return
	}
	p.ticket = nil
	for _, m := range p.members {
		m.ready = false
	}
	p.touchLocked()
}

// createParty adds a party with its first member, who leads it.
func (r *registry) createParty(p *party, first *partyMember) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.parties) >= r.limits.Parties {
		return problemTooManyParties.Later(30*time.Second, "there are %d parties, which is the limit: try again later", len(r.parties))
	}
	if err := r.addMemberLocked(p, first); err != nil {
		return err
	}
	p.leader = first.player
	r.parties[p.id], r.codes[p.code] = p, p
	return nil
}

// joinParty adds a player to the party with that invite code.
func (r *registry) joinParty(code string, m *partyMember) (partyView, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.codes[code]
	if p == nil {
		return partyView{}, problemPartyCodeUnknown.New("no party has the code %.16q: ask its leader again", code)
	}
	if p.memberLocked(m.player) == nil { // a member may repeat the request
		switch {
		case p.ticket != nil:
			return partyView{}, queued()
		case len(p.members) >= r.limits.PartyMembers:
			return partyView{}, problemPartyFull.New("the party has %d members, which is the limit", len(p.members))
		}
		if err := r.addMemberLocked(p, m); err != nil {
			return partyView{}, err
		}
	}
	return p.viewLocked(), nil
}

func (r *registry) addMemberLocked(p *party, m *partyMember) error {
	if h := r.holders[m.player]; h.ticket != nil || h.party != nil {
		return alreadyQueued("player", m.player, h, who{player: m.player})
	}
	r.holders[m.player] = holder{party: p}
	p.members = append(p.members, m)
	p.touchLocked()
	return nil
}

// removeMemberLocked removes a player. If they led, the next member leads; with
// the last one the party ends.
func (r *registry) removeMemberLocked(p *party, player string) {
	delete(r.holders, player)
	p.members = slices.DeleteFunc(p.members, func(m *partyMember) bool { return m.player == player })
	if len(p.members) == 0 {
		r.disbandLocked(p)
		return
	}
	if p.leader == player {
		p.leader = p.members[0].player
	}
	p.touchLocked()
}

func (r *registry) disbandLocked(p *party) {
	for _, m := range p.members {
		delete(r.holders, m.player)
	}
	delete(r.parties, p.id)
	delete(r.codes, p.code)
	p.closed = true
	p.touchLocked()
}

func queued() error {
	return problemPartyQueued.New("the party is queued: delete its ticket first")
}

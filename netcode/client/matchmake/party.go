package matchmake

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// PartyState is what the server says of a party.
type PartyState struct {
	ID      string        `json:"id"`
	Code    string        `json:"code"`  // others join by it
	Queue   string        `json:"queue"` // the queue that Start enters
	Version uint64        `json:"version"`
	State   string        `json:"state"` // open, queued or closed
	Leader  string        `json:"leader"`
	Members []PartyMember `json:"members"`
	Ticket  string        `json:"ticket"` // the last one; empty if it was never queued
}

// PartyMember is one player of a party.
type PartyMember struct {
	Player string `json:"player"`
	Name   string `json:"name"`
	Ready  bool   `json:"ready"`
}

// Party is players who queue together, as one of them sees it. One goroutine at
// a time may use it.
type Party struct {
	search *search
	state  PartyState
	seen   string // the ticket that was followed last
}

// MakeParty makes a party, which its maker leads. Others join it by the code in
// State.
func MakeParty(ctx context.Context, c Config) (*Party, error) {
	return newParty(ctx, c, "v1/parties", map[string]string{"queue": c.Queue})
}

// JoinParty joins the party of a code.
func JoinParty(ctx context.Context, c Config, code string) (*Party, error) {
	return newParty(ctx, c, "v1/parties/join", map[string]string{"code": code})
}

func newParty(ctx context.Context, c Config, path string, order map[string]string) (*Party, error) {
	s, err := newSearch(c)
	if err != nil {
		return nil, err
	}
	p := &Party{search: s}
	if err := s.call(ctx, request{method: http.MethodPost, path: path, body: order}, &p.state); err != nil {
		return nil, err
	}
	p.seen = p.state.Ticket
	return p, nil
}

// State is the party as the server last described it.
func (p *Party) State() PartyState { return p.state }

func (p *Party) path(rest string) string {
	return "v1/parties/" + url.PathEscape(p.state.ID) + rest
}

func (p *Party) post(ctx context.Context, verb string, body any) error {
	return p.search.call(ctx, request{method: http.MethodPost, path: p.path(verb), body: body}, &p.state)
}

// Ready says that the player is ready, or not, and sends Config.Attributes.
func (p *Party) Ready(ctx context.Context, ready bool) error {
	body := map[string]any{"ready": ready}
	if p.search.config.Attributes != nil {
		body["attributes"] = p.search.config.Attributes
	}
	return p.post(ctx, "/ready", body)
}

// Kick removes another player from the party. Only the leader may, and only
// while the party is not queued.
func (p *Party) Kick(ctx context.Context, player string) error {
	return p.post(ctx, "/kick", map[string]string{"player": player})
}

// Leave removes the player from the party. A party that is queued can't be left:
// end the context of Find, which takes the whole party out of the queue.
func (p *Party) Leave(ctx context.Context) error {
	err := p.post(ctx, "/leave", map[string]string{})
	var no *Problem
	if errors.As(err, &no) && (no.Code == "party_not_member" || no.Code == "party_unknown" || no.Code == "party_lost") {
		return nil
	}
	return err
}

// Start queues the party: in the queue that it was made for, or in
// Config.Queue. Only the leader may, when all are ready; the leader calls Find
// then, too.
func (p *Party) Start(ctx context.Context) error {
	body := map[string]string{}
	if p.search.config.Queue != "" {
		body["queue"] = p.search.config.Queue
	}
	err := p.search.call(ctx, request{method: http.MethodPost, path: p.path("/start"), body: body}, nil)
	var no *Problem
	if errors.As(err, &no) && no.Code == "party_queued" {
		return nil // the answer to the first attempt was lost
	}
	return err
}

// Wait returns when the party has changed since State, or after a while.
func (p *Party) Wait(ctx context.Context) error {
	return p.search.call(ctx, request{
		method: http.MethodGet, path: p.path(""), wait: pollWait,
		query: url.Values{
			"wait":    {strconv.Itoa(int(pollWait / time.Second))},
			"version": {strconv.FormatUint(p.state.Version, 10)},
		},
	}, &p.state)
}

// Find waits until the party is queued, follows its ticket until there is a
// match, and returns the player's own seat. It fails as the function Find does,
// but does not queue again by itself, because only the leader can; ending
// ctx takes the whole party out of the queue.
func (p *Party) Find(ctx context.Context) (Seat, error) {
	s := p.search
	for p.state.Ticket == "" || p.state.Ticket == p.seen {
		if err := p.Wait(ctx); err != nil {
			return Seat{}, err
		}
	}
	p.seen = p.state.Ticket
	var t Ticket
	err := s.call(ctx, request{method: http.MethodGet, path: ticketPath(p.seen)}, &t)
	if err == nil {
		s.id, s.key = t.ID, t.ID
		t, err = s.follow(ctx, t)
	}
	if err != nil {
		s.withdraw(ctx, err)
		return Seat{}, err
	}
	return s.seat(t)
}

package service

import (
	"math"
	"slices"
	"strings"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// ticketView is a ticket as it is sent.
type ticketView struct {
	ID       matchmaking.TicketID `json:"id"`
	Queue    string               `json:"queue"`
	Version  int                  `json:"version"`
	State    matchmaking.State    `json:"state"`
	Cause    matchmaking.Cause    `json:"cause"`
	Player   string               `json:"player,omitempty"`
	Players  []string             `json:"players"`
	Party    string               `json:"party,omitempty"`
	Age      float64              `json:"age_seconds"`
	Estimate *float64             `json:"estimate_seconds,omitempty"`
	Proposal *proposalView        `json:"proposal,omitempty"`
	Match    *matchView           `json:"match,omitempty"`
}

type proposalView struct {
	Accepted []string  `json:"accepted"`
	Players  int       `json:"players"`
	Until    time.Time `json:"until"`
}

type matchView struct {
	ID      string              `json:"id"`
	Game    string              `json:"game"`
	Region  string              `json:"region,omitempty"`
	Teams   []teamView          `json:"teams"`
	Quality qualityView         `json:"quality"`
	Seats   []httpapi.SeatGrant `json:"seats"`
}

type teamView struct {
	Name    string       `json:"name"`
	Players []playerView `json:"players"`
}

type playerView struct {
	Player string `json:"player"`
	Role   string `json:"role,omitempty"`
}

type qualityView struct {
	Spread  float64 `json:"spread"`
	Gap     float64 `json:"gap"`
	Latency float64 `json:"latency"`
}

// view is an update of the ticket as one identity may see it: a player sees only
// the token of their own seat.
func (t *ticket) view(m ticketUpdate, i Identity) ticketView {
	now := time.Now()
	t.mu.Lock()
	until := t.ended
	t.mu.Unlock()
	if until.IsZero() {
		until = now
	}
	v := ticketView{
		ID: t.id(), Queue: t.worker.rules.Name, Version: m.version, State: m.state, Cause: m.cause, Player: m.player,
		Players: []string{}, Age: seconds(until.Sub(t.since)),
	}
	for _, member := range t.spec.Members {
		v.Players = append(v.Players, member.Player)
	}
	if t.party != nil {
		v.Party = t.party.id
	}
	if !m.expectedAt.IsZero() && m.state == matchmaking.Queued {
		left := seconds(m.expectedAt.Sub(now))
		v.Estimate = &left
	}
	if p := m.proposal; p != nil && m.state == matchmaking.Proposed {
		v.Proposal = &proposalView{Accepted: p.accepted, Players: p.players, Until: p.until}
	}
	if m.match != nil {
		v.Match = m.match.view(i)
	}
	return v
}

func (p *startedMatch) view(i Identity) *matchView {
	v := &matchView{
		ID: p.id, Game: p.game, Region: p.region, Teams: []teamView{}, Seats: []httpapi.SeatGrant{},
		Quality: qualityView{round(p.spread), round(p.gap), round(p.latency)},
	}
	for _, team := range p.teams {
		out := teamView{Name: team.Name, Players: []playerView{}}
		for _, s := range team.Seats {
			out.Players = append(out.Players, playerView{s.Player, s.Role})
		}
		v.Teams = append(v.Teams, out)
	}
	for _, g := range p.seats {
		if i.Service || g.Player == i.Player {
			if i.Reach != nil {
				g.URL = i.Reach(g.URL)
			}
			v.Seats = append(v.Seats, g)
		}
	}
	slices.SortFunc(v.Seats, func(a, b httpapi.SeatGrant) int { return strings.Compare(a.Player, b.Player) })
	return v
}

// seconds converts to seconds, not negative, rounded to milliseconds.
func seconds(d time.Duration) float64 { return round(max(0, d).Seconds()) }

// round rounds to three decimals. NaN and infinities, which JSON can't express,
// become 0.
func round(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*1000) / 1000
}

package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"

	"arbiter/cmd/arbiter/api"
	"arbiter/matchmaking/service"
	"arbiter/server"
	"arbiter/server/httpapi"
	"arbiter/server/transport"

	"github.com/prometheus/client_golang/prometheus"
)

// hosting joins the server and the matchmaking service, which don't know each
// other: it is the server's API and the service's host.
type hosting struct {
	server  *server.Server
	public  bool // seats' addresses are configured
	service atomic.Pointer[service.Service]

	// Owned by the server's goroutine for news.
	absent map[string][]string // by match: who did not come
}

// configure adds what the server has to know before it is made.
func (h *hosting) configure(c *server.Config) {
	h.absent, h.public = map[string][]string{}, c.PublicURL != ""
	c.API, c.OnMatch = h.routes(c.Log), h.note
	c.Collectors = append(c.Collectors, h)
	c.Problems = append(c.Problems, service.ProblemTypes()...)
}

// open begins matchmaking on a server that does not run yet.
func (h *hosting) open(s *server.Server, c service.Config) error {
	h.server, c.Host, c.Authenticate = s, h, h.authenticate
	queues, err := service.New(c)
	h.service.Store(queues)
	return err
}

// close cancels all tickets and ends the streams.
func (h *hosting) close() {
	if s := h.service.Load(); s != nil {
		s.Close()
	}
}

// routes answer what the server does not: the API's document, and everything of
// matchmaking.
func (h *hosting) routes(log *slog.Logger) http.Handler {
	rt := httpapi.NewRouter(log, nil)
	api.Routes(rt)
	rt.Mount("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.service.Load().ServeHTTP(w, r) }))
	return rt
}

// Describe implements [prometheus.Collector].
func (h *hosting) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (h *hosting) Collect(ch chan<- prometheus.Metric) {
	if s := h.service.Load(); s != nil {
		s.Collect(ch)
	}
}

// authenticate implements [service.Authenticator]. The server's problems are
// answered as they are.
func (h *hosting) authenticate(r *http.Request) (service.Identity, error) {
	claims, err := h.server.Identify(r)
	if err != nil {
		return service.Identity{}, err
	}
	return service.Identity{Player: claims.Subject, Name: claims.Name, Service: claims.Service, Reach: h.reach(r)}, nil
}

// reach turns a seat's address into one of the host that the client asked,
// unless the operator has said where clients reach the server.
func (h *hosting) reach(r *http.Request) func(string) string {
	if h.public || r.Host == "" {
		return nil
	}
	scheme, host := "ws", r.Host
	if transport.ClientTLS(r) {
		scheme = "wss"
	}
	return func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		u.Scheme, u.Host = scheme, host
		return u.String()
	}
}

// Begin implements [service.Host]. Only those who were matched get in.
func (h *hosting) Begin(o service.MatchRequest) (service.Placement, error) {
	order := server.MatchOrder{
		Game: o.Game, Parameters: attributesOf(o.Parameters), Seats: reservations(o), Size: o.Size, Closed: true, Backfill: o.Backfill, Hold: o.Hold,
	}
	if o.Dissolve {
		order.Unclaimed = server.Dissolve
	}
	p, err := h.server.Begin(order)
	return service.Placement{Match: p.Match, Seats: p.Seats}, refusal(err)
}

// Join implements [service.Host]. Who named the match themselves comes only into an open
// one.
func (h *hosting) Join(match string, o service.MatchRequest) (service.Placement, error) {
	var requests []server.SeatRequest
	for i, r := range reservations(o) {
		requests = append(requests, server.SeatRequest{Reservation: r, Access: server.Access{Granted: o.Seats[i].Granted}})
	}
	p, err := h.server.Reserve(match, requests, o.Hold)
	return service.Placement{Match: p.Match, Seats: p.Seats}, refusal(err)
}

// Release implements [service.Host].
func (h *hosting) Release(match, player string) { h.server.Release(match, player) }

// Open implements [service.Host].
func (h *hosting) Open(name string) []service.OpenMatch {
	var list []service.OpenMatch
	for _, m := range h.server.Matches() {
		if m.Game != name {
			continue
		}
		o := service.OpenMatch{ID: m.ID, Wanted: m.Wanted, Free: m.MaxPlayers - m.Players - m.Reserved,
			InvitedOnly: m.Private || m.ReservedOnly}
		for _, s := range m.Seated {
			o.Seated = append(o.Seated, service.Seat{Player: s.Subject, Team: s.Team, Role: s.Role})
		}
		list = append(list, o)
	}
	return list
}

// note tells the queues how their matches end, and who did not come.
func (h *hosting) note(e server.MatchEvent) {
	s := h.service.Load()
	if e.Lost > 0 {
		clear(h.absent) // of matches whose end may be among what was lost
	}
	switch e.Kind {
	case server.Lapsed:
		h.absent[e.Match] = append(h.absent[e.Match], e.Subject)
		s.UpdateMatch(service.MatchUpdate{Match: e.Match, Absent: []string{e.Subject}})
	case server.Ended:
		s.UpdateMatch(service.MatchUpdate{Match: e.Match, Ended: true, Dissolved: e.Why == "dissolved", Absent: h.absent[e.Match]})
		delete(h.absent, e.Match)
	}
}

// refusal tells whether asking again later may help.
func refusal(err error) error {
	var p *httpapi.Problem
	if errors.As(err, &p) && (p.RetryAfter > 0 || p.Type.Code == "match_full") {
		return fmt.Errorf("%w (%w)", service.ErrNoRoom, err)
	}
	return err
}

func reservations(o service.MatchRequest) []server.Reservation {
	var list []server.Reservation
	for _, s := range o.Seats {
		list = append(list, server.Reservation{Subject: s.Player, Name: s.Name, Team: s.Team, Role: s.Role, Attributes: playerAttributes(s.Attributes, o.Region)})
	}
	return list
}

package server

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"arbiter/game"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
)

// Pages of GET /v1/matches, in matches.
const (
	pageSize = 50
	maxPage  = 200
)

type matchDoc struct {
	ID         string    `json:"id"`
	Game       string    `json:"game"`
	State      string    `json:"state"` // open, full, or closed to new players
	Private    bool      `json:"private,omitempty"`
	Code       string    `json:"code,omitempty"` // for whoever made the match, and for services
	Players    int       `json:"players"`
	Reserved   int       `json:"reserved"`
	Spectators int       `json:"spectators"`
	Max        int       `json:"max_players"`
	Wanted     int       `json:"wanted"`
	Tick       game.Tick `json:"tick"`
	Seats      []Seated  `json:"seats,omitempty"` // for services
}

// doc is what everybody is shown of the match.
func (m *match) doc() matchDoc {
	c := m.roster.occupancy()
	tick, _ := m.clock.read(0)
	return matchDoc{ID: m.id, Game: m.game.name, State: m.state(c), Private: m.order.Private, Players: c.players,
		Reserved: c.reserved, Spectators: c.spectators, Max: m.order.Size, Wanted: m.wantedPlayers(c), Tick: tick}
}

// docFor adds what services see.
func (m *match) docFor(c *auth.Claims) matchDoc {
	doc := m.doc()
	if c.Service {
		doc.Code = m.code
		doc.Seats = m.roster.members()
	}
	return doc
}

// visitor is Identify for what needs no token. A token that is sent must be good.
func (s *Server) visitor(r *http.Request) (claims auth.Claims, err error) {
	if r.Header.Get("Authorization") != "" {
		claims, err = s.Identify(r)
	}
	return claims, err
}

// getMatches lists the public matches, all of them for services, or the one
// private match of a code.
func (s *Server) getMatches(w http.ResponseWriter, r *http.Request) error {
	claims, err := s.visitor(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	limit, err := httpapi.QueryInt(r, "limit", httpapi.IntRange{Least: 1, Most: maxPage, Default: pageSize})
	if err != nil {
		return err
	}
	name, state, after, code := query.Get("game"), query.Get("state"), query.Get("after"), query.Get("code")
	if name != "" && s.core.games[name] == nil {
		return s.noGame(name)
	}
	if state != "" && state != stateOpen && state != stateFull && state != stateClosed {
		return httpapi.BadValue("state", state, "open, full or closed")
	}
	var page struct {
		Matches []matchDoc `json:"matches"`
		Next    string     `json:"next,omitempty"`
	}
	page.Matches = []matchDoc{}
	for _, m := range s.core.lobby.byID() {
		if m.id <= after || name != "" && m.game.name != name ||
			code != "" && m.code != plainCode(code) || code == "" && m.order.Private && !claims.Service {
			continue
		}
		doc := m.docFor(&claims)
		if state != "" && doc.State != state {
			continue
		}
		if len(page.Matches) == limit {
			page.Next = page.Matches[limit-1].ID
			break
		}
		page.Matches = append(page.Matches, doc)
	}
	httpapi.Answer(w, http.StatusOK, page)
	return nil
}

// getMatch shows a private match only to those who may come into it.
func (s *Server) getMatch(w http.ResponseWriter, r *http.Request) error {
	claims, err := s.visitor(r)
	if err != nil {
		return err
	}
	m := s.core.lobby.find(r.PathValue("id"))
	if m == nil || m.mayEnter(&claims, r.URL.Query().Get("code")) != nil {
		return errNoMatch
	}
	httpapi.Answer(w, http.StatusOK, m.docFor(&claims))
	return nil
}

// mayEnter refuses those who are not of a private match.
func (m *match) mayEnter(c *auth.Claims, code string) error {
	if !m.order.Private || c.Service || c.Match == m.id || plainCode(code) == m.code {
		return nil
	}
	if _, known := m.roster.slotOf(c.Subject); known {
		return nil
	}
	return problemBadJoinCode.New("the match is private and this is not its code: ask whoever made it")
}

// postMatch begins a match.
func (s *Server) postMatch(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.identifyLimited(r); err != nil {
		return err
	}
	var order struct {
		Game       string         `json:"game"`
		Private    bool           `json:"private"`
		Parameters map[string]any `json:"parameters"`
	}
	if err := httpapi.ReadJSON(w, r, &order); err != nil {
		return err
	}
	parameters, err := parametersOf(order.Parameters)
	if err != nil {
		return err
	}
	m, _, err := s.begin(MatchOrder{Game: order.Game, Private: order.Private, Parameters: parameters}, s.baseFor(r))
	if err != nil {
		return err
	}
	doc := m.doc()
	doc.Code = m.code
	w.Header().Set("Location", "/v1/matches/"+m.id)
	httpapi.Answer(w, http.StatusCreated, doc)
	return nil
}

// parametersOf are a JSON object of numbers and strings as rules get them, by
// name.
func parametersOf(object map[string]any) (game.Attributes, error) {
	var list game.Attributes
	for name, value := range object {
		a := game.Attribute{Name: name}
		switch v := value.(type) {
		case float64:
			a.Number = v
		case string:
			a.Text = v
		default:
			return nil, httpapi.BadJSON.At(fmt.Sprintf("parameters.%.64s", name), "is neither a number nor a string", "send one of them")
		}
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b game.Attribute) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

package server

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"arbiter/game"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
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

// docOf is what everybody is shown of a match.
func docOf(m *match.Match) matchDoc {
	i := m.Info()
	return matchDoc{ID: i.ID, Game: i.Game, State: i.State, Private: i.Private, Players: i.Players,
		Reserved: i.Reserved, Spectators: i.Spectators, Max: i.MaxPlayers, Wanted: i.Wanted, Tick: i.Tick}
}

// docFor adds what services see.
func docFor(m *match.Match, c *auth.Claims) matchDoc {
	doc := docOf(m)
	if c.Service {
		doc.Code = m.Code()
		doc.Seats = m.Seated()
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
	query := r.URL.Query()
	claims, err := s.seeker(r, query.Get("code"))
	if err != nil {
		return err
	}
	limit, err := httpapi.QueryInt(r, "limit", httpapi.IntRange{Least: 1, Most: maxPage, Default: pageSize})
	if err != nil {
		return err
	}
	name, state, after, code := query.Get("game"), query.Get("state"), query.Get("after"), query.Get("code")
	if name != "" && s.engine.Game(name) == nil {
		return s.noGame(name)
	}
	if state != "" && state != match.StateOpen && state != match.StateFull && state != match.StateClosed {
		return httpapi.BadValue("state", state, "open, full or closed")
	}
	var page struct {
		Matches []matchDoc `json:"matches"`
		Next    string     `json:"next,omitempty"`
	}
	page.Matches = []matchDoc{}
	if code != "" {
		if err := s.limitCode(r, slices.ContainsFunc(s.engine.Matches(), func(m *match.Match) bool { return m.HasCode(code) })); err != nil {
			return err
		}
	}
	for _, m := range s.engine.Matches() {
		if m.ID() <= after || name != "" && m.Game().Name() != name ||
			code != "" && !m.HasCode(code) || code == "" && m.Private() && !claims.Service {
			continue
		}
		doc := docFor(m, &claims)
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
	code := r.URL.Query().Get("code")
	claims, err := s.seeker(r, code)
	if err != nil {
		return err
	}
	m := s.engine.Find(r.PathValue("id"))
	if code != "" {
		if err := s.limitCode(r, m != nil && m.HasCode(code)); err != nil {
			return err
		}
	}
	if m == nil || !maySee(m, &claims, code) {
		return errNoMatch
	}
	httpapi.Answer(w, http.StatusOK, docFor(m, &claims))
	return nil
}

// maySee reports whether somebody is shown a match.
func maySee(m *match.Match, c *auth.Claims, code string) bool {
	if !m.Private() || c.Service || c.Match == m.ID() || m.HasCode(code) {
		return true
	}
	_, known := m.Slot(c.Subject)
	return known
}

// seeker is visitor for who looks for a match by its code, if they do: then they need
// a token.
func (s *Server) seeker(r *http.Request, code string) (auth.Claims, error) {
	if code == "" {
		return s.visitor(r)
	}
	return s.identifyLimited(r)
}

// ownerOf is the player whom a match counts for that begins by their request.
func ownerOf(c *auth.Claims) string {
	claims := claimsOf(*c)
	return claims.Owner()
}

// postMatch begins a match.
func (s *Server) postMatch(w http.ResponseWriter, r *http.Request) error {
	claims, err := s.identifyLimited(r)
	if err != nil {
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
	m, _, err := s.begin(MatchOrder{Game: order.Game, Private: order.Private, Parameters: parameters, Owner: ownerOf(&claims)}, s.baseFor(r))
	if err != nil {
		return err
	}
	doc := docOf(m)
	doc.Code = m.Code()
	w.Header().Set("Location", "/v1/matches/"+m.ID())
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

package server

import (
	"errors"
	"net/http"
	"time"
)

// grantDoc is a SeatGrant as HTTP tells it.
type grantDoc struct {
	Match   string    `json:"match"`
	Game    string    `json:"game"`
	URL     string    `json:"url"`
	Player  string    `json:"player"`
	Team    string    `json:"team,omitempty"`
	Role    string    `json:"role,omitempty"`
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

func answerSeat(w http.ResponseWriter, g SeatGrant) {
	answer(w, http.StatusCreated, grantDoc{g.Match, g.Game, g.URL, g.Subject, g.Team, g.Role, g.Token, g.Expires.UTC()})
}

// postJoin reserves a seat in a certain match.
func (s *Server) postJoin(w http.ResponseWriter, r *http.Request) error {
	claims, err := s.identifyAsker(r)
	if err != nil {
		return err
	}
	var order struct {
		Code   string `json:"code"`
		Player string `json:"player"`
		Name   string `json:"name"`
	}
	if err := readJSON(w, r, &order); err != nil {
		return err
	}
	who, err := asks(&claims, order.Player, order.Name)
	if err != nil {
		return err
	}
	m := s.core.lobby.find(r.PathValue("id"))
	if m == nil {
		return errNoMatch
	}
	if err := boundElsewhere(&claims, m.id); err != nil {
		return err
	}
	if err := m.mayEnter(&claims, order.Code); err != nil {
		return err
	}
	if _, known := m.roster.slotOf(who.Subject); m.order.Closed && !known && !claims.Service {
		return problem(codeMatchClosed, "the match takes only players its seats were reserved for: choose another")
	}
	seats, err := s.reserve(m, []Reservation{who}, 0, s.baseFor(r))
	if err != nil {
		return err
	}
	answerSeat(w, seats[0])
	return nil
}

// postPlay reserves a seat in the fullest open match, or in a new one.
func (s *Server) postPlay(w http.ResponseWriter, r *http.Request) error {
	claims, err := s.identifyAsker(r)
	if err != nil {
		return err
	}
	var order struct {
		Game   string `json:"game"`
		Player string `json:"player"`
		Name   string `json:"name"`
	}
	if err := readJSON(w, r, &order); err != nil {
		return err
	}
	who, err := asks(&claims, order.Player, order.Name)
	if err != nil {
		return err
	}
	g := s.core.games[order.Game]
	if g == nil {
		return s.noGame(order.Game)
	}
	if err := boundElsewhere(&claims, ""); err != nil {
		return err
	}
	for {
		m := s.core.lobby.quickJoinMatch(g, who.Subject)
		if m == nil {
			if m, _, err = s.begin(anyMatch(g), s.base); err != nil {
				return err
			}
		}
		seats, err := s.reserve(m, []Reservation{who}, 0, s.baseFor(r))
		switch {
		case errors.Is(err, problem(codeMatchFull, "")), errors.Is(err, problem(codeMatchOver, "")):
			continue // it filled or ended just now, and the lobby knows
		case err != nil:
			return err
		}
		answerSeat(w, seats[0])
		return nil
	}
}

package server

import (
	"errors"
	"net/http"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
)

// readSeatRequest identifies who asks for a seat, reads the body, of which o is
// a part, and returns the player whom the seat is for.
func (s *Server) readSeatRequest(w http.ResponseWriter, r *http.Request, body any, o *httpapi.OnBehalf) (claims auth.Claims, who Reservation, err error) {
	if claims, err = s.identifyLimited(r); err != nil {
		return claims, who, err
	}
	if err = httpapi.ReadJSON(w, r, body); err != nil {
		return claims, who, err
	}
	who, err = reservationFor(&claims, *o)
	return claims, who, err
}

// postJoin reserves a seat in a certain match.
func (s *Server) postJoin(w http.ResponseWriter, r *http.Request) error {
	var order struct {
		httpapi.OnBehalf
		Code string `json:"code"`
	}
	claims, who, err := s.readSeatRequest(w, r, &order, &order.OnBehalf)
	if err != nil {
		return err
	}
	m := s.engine.Find(r.PathValue("id"))
	if m == nil {
		return errNoMatch
	}
	if err := boundElsewhere(&claims, m.ID()); err != nil {
		return err
	}
	if order.Code != "" {
		if err := s.limitCode(r, m.HasCode(order.Code)); err != nil {
			return err
		}
	}
	request := SeatRequest{Reservation: who, Access: match.Access{Granted: claims.Service, Match: claims.Match, Code: order.Code}}
	seats, err := s.reserve(m, []SeatRequest{request}, 0, s.baseFor(r))
	if err != nil {
		return err
	}
	httpapi.Answer(w, http.StatusCreated, seats[0])
	return nil
}

// postPlay reserves a seat in the fullest open match, or in a new one.
func (s *Server) postPlay(w http.ResponseWriter, r *http.Request) error {
	var order struct {
		httpapi.OnBehalf
		Game string `json:"game"`
	}
	claims, who, err := s.readSeatRequest(w, r, &order, &order.OnBehalf)
	if err != nil {
		return err
	}
	g := s.engine.Game(order.Game)
	if g == nil {
		return s.noGame(order.Game)
	}
	if err := boundElsewhere(&claims, ""); err != nil {
		return err
	}
	for {
		m := s.engine.QuickMatch(g, who.Subject)
		if m == nil {
			if m, _, err = s.begin(MatchOrder{Game: g.Name(), Owner: ownerOf(&claims)}, s.base); err != nil {
				return err
			}
		}
		seats, err := s.reserve(m, []SeatRequest{{Reservation: who}}, 0, s.baseFor(r))
		switch {
		case errors.Is(err, match.ErrFull), errors.Is(err, match.ErrOver):
			continue // it filled or ended just now, and the lobby knows
		case err != nil:
			return err
		}
		httpapi.Answer(w, http.StatusCreated, seats[0])
		return nil
	}
}

package service

import (
	"errors"
	"net/http"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

func (s *Service) postAccept(w http.ResponseWriter, r *http.Request, i Identity) error {
	return s.reply(w, r, i, (*matchmaking.Queue).Accept)
}

func (s *Service) postDecline(w http.ResponseWriter, r *http.Request, i Identity) error {
	return s.reply(w, r, i, (*matchmaking.Queue).Decline)
}

// reply records a player's answer in the accept check: accept or decline.
func (s *Service) reply(w http.ResponseWriter, r *http.Request, i Identity,
	do func(q *matchmaking.Queue, now time.Duration, id matchmaking.TicketID, player string) error) error {
	t, err := s.find(r.PathValue("id"), i)
	if err != nil {
		return err
	}
	var body struct {
		Player string `json:"player"`
	}
	if err := httpapi.ReadJSON(w, r, &body); err != nil {
		return err
	}
	player, err := t.answering(body.Player, i)
	if err != nil {
		return err
	}
	var refused error
	if err := t.worker.call(func(now time.Duration) { refused = do(t.worker.queue, now, t.id(), player) }); err != nil {
		return err
	}
	m, _ := t.current()
	var gone *matchmaking.Problem
	if errors.As(refused, &gone) && gone.Code == matchmaking.TicketUnknown {
		return over(t, m)
	}
	if refused != nil {
		return refused
	}
	httpapi.Answer(w, http.StatusOK, t.view(m, i))
	return nil
}

func over(t *ticket, m ticketUpdate) error {
	return problemTicketOver.New("ticket %s has left its queue: %s, %s; queue again with a new ticket", t.id(), m.state, m.cause)
}

// answering returns the player who answers: the one who makes the request, or the
// one whom a service names.
func (t *ticket) answering(named string, i Identity) (string, error) {
	if i.Service && named == "" {
		if len(t.spec.Members) > 1 {
			return "", httpapi.BadJSON.At("player", "the ticket has several players", "name the one who answers")
		}
		return t.spec.Members[0].Player, nil
	}
	return httpapi.OnBehalf{Player: named}.PlayerFor(i.Player, i.Service)
}

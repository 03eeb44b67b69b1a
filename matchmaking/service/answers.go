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

// reply is a player's answer to a proposal.
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

// answering is who answers: a player himself, for a service whom it names.
func (t *ticket) answering(named string, i Identity) (string, error) {
	switch {
	case !i.Service && named != "" && named != i.Player:
		return "", httpapi.ServiceOnly.New("you answer for yourself only: leave player out")
	case !i.Service:
		return i.Player, nil
	case named == "" && len(t.spec.Members) > 1:
		return "", httpapi.BadJSON.At("player", "the ticket has several players", "name the one who answers")
	case named == "":
		return t.spec.Members[0].Player, nil
	}
	return named, nil
}

// explanationView is an explanation as it is sent, in seconds.
type explanationView struct {
	Ticket     matchmaking.TicketID `json:"ticket"`
	Reason     matchmaking.Reason   `json:"reason"`
	Age        float64              `json:"age_seconds"`
	Place      int                  `json:"place"`
	Waiting    int                  `json:"waiting"`
	Needed     int                  `json:"needed"`
	Candidates int                  `json:"candidates"`
	Blocking   []string             `json:"blocking"`
	Rules      []ruleView           `json:"rules"`
	Next       *expansionView       `json:"next,omitempty"`
	Settled    float64              `json:"settled_seconds"`
}

type ruleView struct {
	Name     string         `json:"name"`
	Kind     string         `json:"kind"`
	Dropped  bool           `json:"dropped"`
	Bound    float64        `json:"bound"`
	Pairwise bool           `json:"pairwise"`
	Passing  int            `json:"passing"`
	Alone    int            `json:"failing_this_alone"`
	Next     *expansionView `json:"next,omitempty"`
}

type expansionView struct {
	Rule string  `json:"rule"`
	In   float64 `json:"in_seconds"`
	To   float64 `json:"to"`
	Drop bool    `json:"drop"`
}

func (s *Service) getExplain(w http.ResponseWriter, r *http.Request, i Identity) error {
	t, err := s.find(r.PathValue("id"), i)
	if err != nil {
		return err
	}
	leave, err := s.limits.wait(i)
	if err != nil {
		return err
	}
	defer leave()
	var x matchmaking.Explanation
	var refused error
	if err := t.worker.callExplain(func(now time.Duration) { x, refused = t.worker.queue.Explain(now, t.id()) }); err != nil {
		return err
	}
	if refused != nil {
		m, _ := t.current()
		return over(t, m)
	}
	v := explanationView{
		Ticket: x.Ticket, Reason: x.Reason, Age: seconds(x.Age), Place: x.Position, Waiting: x.Waiting, Needed: x.Needed,
		Candidates: x.Candidates, Blocking: append([]string{}, x.Blocking...), Rules: []ruleView{}, Next: expansion(x.Next), Settled: seconds(x.Settled),
	}
	for _, q := range x.Rules {
		v.Rules = append(v.Rules, ruleView{q.Name, q.Kind, q.Dropped, round(q.Bound), q.Pairwise, q.Passing, q.Alone, expansion(q.Next)})
	}
	httpapi.Answer(w, http.StatusOK, v)
	return nil
}

func expansion(x *matchmaking.Expansion) *expansionView {
	if x == nil {
		return nil
	}
	return &expansionView{x.Rule, seconds(x.In), round(x.To), x.Drop}
}

package service

import (
	"net/http"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

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

// getExplain answers why a ticket waits.
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
		Candidates: x.Candidates, Blocking: append([]string{}, x.Blocking...), Rules: []ruleView{}, Next: expansion(x.Next), Settled: seconds(x.LastExpansion),
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

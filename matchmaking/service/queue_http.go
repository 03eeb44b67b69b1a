package service

import (
	"net/http"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// queueView is a queue as it is sent.
type queueView struct {
	Name       string          `json:"name"`
	Game       string          `json:"game"`
	Attributes []attributeView `json:"attributes"`
	Teams      []sizeView      `json:"teams"`
	Rules      []ruleName      `json:"rules"`
	Acceptance acceptanceView  `json:"acceptance"`
	Backfill   bool            `json:"backfill"`
	Regions    []string        `json:"regions"`
	Every      float64         `json:"every_seconds"`
	GiveUp     float64         `json:"give_up_seconds,omitempty"`
	Longest    float64         `json:"longest_wait_seconds"`
	Waiting    waitingView     `json:"waiting"`
	Proposed   int             `json:"proposed_tickets"`
	Formed     uint64          `json:"matches_formed"`
	Wait       waitView        `json:"wait_seconds"`
	// Estimate is the median wait of the last tickets.
	Estimate *float64 `json:"estimate_seconds,omitempty"`
}

type attributeView struct {
	Name     string             `json:"name"`
	Kind     string             `json:"kind"`
	Required bool               `json:"required"`
	Default  *matchmaking.Value `json:"default,omitempty"`
	Min      *float64           `json:"min,omitempty"`
	Max      *float64           `json:"max,omitempty"`
	Values   []string           `json:"values,omitempty"`
}

type sizeView struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
	// Min and Max are a team's players after the last expansion.
	Min int `json:"min"`
	Max int `json:"max"`
}

type ruleName struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type acceptanceView struct {
	Required bool    `json:"required"`
	Timeout  float64 `json:"timeout_seconds,omitempty"`
}

type waitingView struct {
	Players int `json:"players"`
	Tickets int `json:"tickets"`
}

type waitView struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

func (s *Service) getQueues(w http.ResponseWriter, _ *http.Request) error {
	list := []queueView{}
	for _, worker := range s.inOrder {
		list = append(list, worker.view())
	}
	httpapi.Answer(w, http.StatusOK, map[string]any{"queues": list})
	return nil
}

func (s *Service) getQueue(w http.ResponseWriter, r *http.Request) error {
	worker := s.workers[r.PathValue("name")]
	if worker == nil {
		return s.noQueue(r.PathValue("name"))
	}
	httpapi.Answer(w, http.StatusOK, worker.view())
	return nil
}

// view is the queue as of its last pass.
func (q *queueWorker) view() queueView {
	r, st := &q.rules, q.stats.Load()
	v := queueView{
		Name: r.Name, Game: r.Game, Attributes: []attributeView{}, Teams: []sizeView{}, Rules: []ruleName{}, Regions: []string{},
		Acceptance: acceptanceView{r.Acceptance.Required, seconds(r.Acceptance.Timeout)}, Backfill: r.Backfill,
		Every: seconds(r.Interval()), GiveUp: seconds(r.GiveUp), Longest: seconds(r.LongestWait()),
		Waiting: waitingView{st.Players, st.Tickets}, Proposed: st.Proposed, Formed: st.formed,
		Wait: waitView{seconds(st.P50), seconds(st.P95), seconds(st.P99)},
	}
	for _, a := range r.Attributes {
		v.Attributes = append(v.Attributes, attribute(a))
		if a.Kind == matchmaking.LatencyKind {
			v.Regions = append(v.Regions, a.Values...)
		}
	}
	for _, t := range r.Teams {
		v.Teams = append(v.Teams, sizeView{t.Name, max(1, t.Count), int(t.Min.Last()), int(t.Max.Last())})
	}
	for _, q := range r.Rules {
		v.Rules = append(v.Rules, ruleName{q.Name, q.Kind.String()})
	}
	if st.Matched > 0 {
		estimate := seconds(st.P50)
		v.Estimate = &estimate
	}
	return v
}

func attribute(a matchmaking.Attribute) attributeView {
	v := attributeView{Name: a.Name, Kind: a.Kind.String(), Required: a.Default.Kind() == matchmaking.NoKind, Values: a.Values}
	if !v.Required {
		v.Default = &a.Default
	}
	if a.Min != 0 || a.Max != 0 {
		v.Min, v.Max = &a.Min, &a.Max
	}
	return v
}

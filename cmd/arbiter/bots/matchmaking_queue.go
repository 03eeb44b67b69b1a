package bots

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"arbiter/matchmaking"
)

// queueDoc is what the server says of a queue.
type queueDoc struct {
	Name       string                  `json:"name"`
	Game       string                  `json:"game"`
	Attributes []queueAttr             `json:"attributes"`
	Teams      []queueTeam             `json:"teams"`
	Rules      []struct{ Name string } `json:"rules"`
}

type queueAttr struct {
	Name    string             `json:"name"`
	Kind    string             `json:"kind"`
	Default *matchmaking.Value `json:"default"`
	Min     float64            `json:"min"`
	Max     float64            `json:"max"`
	Values  []string           `json:"values"`
}

type queueTeam struct {
	Name  string  `json:"name"`
	Count int     `json:"count"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
}

// queue is what the server says of a queue; without a name, of its first.
func (a *api) queue(ctx context.Context, name string) (queueDoc, error) {
	if name != "" {
		var one queueDoc
		err := a.call(ctx, http.MethodGet, "v1/queues/"+url.PathEscape(name), nil, &one)
		return one, err
	}
	var all struct{ Queues []queueDoc }
	if err := a.call(ctx, http.MethodGet, "v1/queues", nil, &all); err != nil {
		return queueDoc{}, err
	}
	if len(all.Queues) == 0 {
		return queueDoc{}, fmt.Errorf("bots: %s has no queues: start it with some", a.base.Host)
	}
	return all.Queues[0], nil
}

// complete finds the queue's rules: those given, or those of that name among the
// known ones, or as much as the server says, which is what tickets carry and how
// large teams are.
func (m *Matchmaking) complete(ctx context.Context, a *api, known []matchmaking.Rules) error {
	doc, err := a.queue(ctx, m.Queue)
	if err != nil {
		return err
	}
	m.Queue = doc.Name
	for i := range known {
		if m.Rules == nil && known[i].Name == doc.Name && doc.differs(&known[i]) == "" {
			m.Rules = &known[i]
		}
	}
	if m.Rules == nil {
		r := doc.rules()
		m.Rules, m.Partial = &r, true
	}
	if what := doc.differs(m.Rules); what != "" && !m.Partial {
		return fmt.Errorf("bots: the server's queue %s is not by these rules: %s: give the file that it was started with", doc.Name, what)
	}
	return nil
}

// rules are as much of the queue's rules as the server says.
func (q *queueDoc) rules() matchmaking.Rules {
	r := matchmaking.Rules{Name: q.Name, Game: q.Game}
	kinds := []matchmaking.Kind{matchmaking.NumberKind, matchmaking.StringKind, matchmaking.SetKind, matchmaking.LatencyKind}
	for _, a := range q.Attributes {
		own := matchmaking.Attribute{Name: a.Name, Min: a.Min, Max: a.Max, Values: a.Values}
		for _, k := range kinds {
			if k.String() == a.Kind {
				own.Kind = k
			}
		}
		if a.Default != nil {
			own.Default = *a.Default
		}
		r.Attributes = append(r.Attributes, own)
	}
	for _, t := range q.Teams {
		r.Teams = append(r.Teams, matchmaking.Team{Name: t.Name, Count: t.Count, Min: matchmaking.Fixed(t.Min), Max: matchmaking.Fixed(t.Max)})
	}
	return r
}

// differs says in what rules are not the queue's; empty if the two agree in all
// that the server says.
func (q *queueDoc) differs(r *matchmaking.Rules) string {
	var theirs, ours []string
	for _, x := range q.Rules {
		theirs = append(theirs, x.Name)
	}
	for _, x := range r.Rules {
		ours = append(ours, x.Name)
	}
	switch {
	case r.Game != q.Game:
		return fmt.Sprintf("they are for game %s, it is of game %s", r.Game, q.Game)
	case !slices.Equal(theirs, ours):
		return fmt.Sprintf("they are %s, it has %s", strings.Join(ours, ", "), strings.Join(theirs, ", "))
	case len(r.Teams) != len(q.Teams) || len(r.Attributes) != len(q.Attributes):
		return "its teams or attributes are others"
	}
	return ""
}

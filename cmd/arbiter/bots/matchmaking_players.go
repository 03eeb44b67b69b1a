package bots

import (
	"maps"

	"arbiter/matchmaking"
	"arbiter/matchmaking/simulate"
)

// group are bots that queue together: one, or a party.
type group struct {
	members []matchmaking.Attributes // of each
	first   int                      // number of the first bot
}

// deviation is how far the bots' number attributes, such as skill, are from each
// other: nearer than people's, because of a few hundred players hardly any are
// far from the mean.
const deviation = 150

// simulatedPlayers makes players and parties as they come to a queue, n players
// in all.
func simulatedPlayers(r matchmaking.Rules, n int, seed uint64) ([]group, error) {
	people := simulate.Poisson{Rate: 1, Solo: 0.7, Mean: 1500, Deviation: deviation, Seed: seed}.Arrivals(r)
	var groups []group
	for first := 0; first < n; {
		t, err := people.Next()
		if err != nil {
			return nil, err
		}
		g := group{first: first}
		for _, m := range t.Members[:min(len(t.Members), n-first)] {
			own := maps.Clone(t.Attributes)
			maps.Copy(own, m.Attributes)
			g.members = append(g.members, own)
		}
		first += len(g.members)
		groups = append(groups, g)
	}
	return groups, nil
}

// easyToMatch are attributes of a player who soon gets a match: average, near
// every region, and content with anything.
func easyToMatch(r matchmaking.Rules) matchmaking.Attributes {
	out := matchmaking.Attributes{}
	for i := range r.Attributes {
		out[r.Attributes[i].Name] = r.Attributes[i].Neutral(20)
	}
	return out
}

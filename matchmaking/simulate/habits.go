package simulate

import (
	"math"

	"arbiter/matchmaking"
)

// home is the region a ticket's players live in.
func (s *playerSource) home() int {
	for _, a := range s.rules.Attributes {
		if a.Kind == matchmaking.LatencyKind {
			return s.pickHalving(len(a.Values))
		}
	}
	return 0
}

// latency is log-normal around 32 ms at home, and 60 ms more for each region
// on the way to another.
func (s *playerSource) latency(regions []string, home int) matchmaking.Value {
	ms := map[string]float64{}
	own := 32 * math.Exp(0.45*s.chance.NormFloat64())
	for i, region := range regions {
		x := own
		if i != home {
			x += 25 + 60*math.Abs(float64(i-home)) + 10*s.chance.Float64()
		}
		ms[region] = math.Round(min(x, 900)*10) / 10
	}
	return matchmaking.Latency(ms)
}

// setSet gives a party the same likings, and each player his roles.
func (s *playerSource) setSet(t *matchmaking.Ticket, a *matchmaking.Attribute) {
	seats := s.roles[a.Name]
	if len(seats) == 0 {
		var likes []string
		for _, v := range a.Values {
			if s.chance.Float64() < 0.7 {
				likes = append(likes, v)
			}
		}
		if len(likes) == 0 {
			likes = append(likes, a.Values[s.chance.IntN(len(a.Values))])
		}
		t.Attributes[a.Name] = matchmaking.Set(likes...)
		return
	}
	left := make([]float64, len(seats))
	for i, s := range seats {
		left[i] = float64(s.Count)
	}
	for i := range t.Members {
		t.Members[i].Attributes[a.Name] = s.pickRoles(seats, left)
	}
}

// pickRoles gives a member a role that his party has a seat for, weighed so that
// roles with one seat are 15 % rarer than matches need, and often more roles
// besides: 30 % play two, 15 % three.
func (s *playerSource) pickRoles(seats []matchmaking.Seats, left []float64) matchmaking.Value {
	weights := make([]float64, len(seats))
	for i, s := range seats {
		if weights[i] = float64(s.Count); s.Count == 1 {
			weights[i] = 0.85
		}
		if left[i] == 0 {
			weights[i] = 0
		}
	}
	main := s.pickWeighted(weights)
	left[main] = max(0, left[main]-1)
	roles := []string{seats[main].Role}
	more := s.pickWeighted([]float64{0.55, 0.30, 0.15})
	for range more {
		role := seats[s.chance.IntN(len(seats))].Role
		if roles[0] != role && roles[len(roles)-1] != role {
			roles = append(roles, role)
		}
	}
	return matchmaking.Set(roles...)
}

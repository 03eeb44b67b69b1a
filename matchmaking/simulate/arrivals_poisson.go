package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"arbiter/matchmaking"
)

// Poisson describes generated players who arrive independently of each other (a
// Poisson process). Numbers such as skill are normally distributed; the members of
// a party have similar ones. Each player lives near one region, most near the
// first, and is farther from the others. Where rules assign roles, players choose
// one to three, the rare ones less often than matches need them.
type Poisson struct {
	Rate      float64 // tickets a second
	Solo      float64 // share of tickets with one player; default 0.65
	Mean      float64 // of numbers without a default; default 1500
	Deviation float64 // of numbers; default 350
	Seed      uint64  // default 1
}

// ParsePoisson reads "5" or "rate=5,solo=0.65,mean=1500,deviation=350,seed=1".
func ParsePoisson(spec string) (Poisson, error) {
	p := Poisson{Solo: 0.65, Mean: 1500, Deviation: 350, Seed: 1}
	for i, part := range strings.Split(spec, ",") {
		name, text, named := strings.Cut(strings.TrimSpace(part), "=")
		if !named && i == 0 {
			name, text = "rate", name
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || x < 0 || math.IsInf(x, 0) || math.IsNaN(x) {
			return p, fmt.Errorf("simulate: poisson: %q is no number of 0 or more: write poisson:5 or poisson:rate=5,solo=0.65,mean=1500,deviation=350,seed=1", clip(part))
		}
		switch name {
		case "rate":
			p.Rate = x
		case "solo":
			p.Solo = min(1, x)
		case "mean":
			p.Mean = x
		case "deviation":
			p.Deviation = x
		case "seed":
			p.Seed = uint64(x)
		default:
			return p, fmt.Errorf("simulate: poisson: there is no %q: use rate, solo, mean, deviation, seed", clip(name))
		}
	}
	if p.Rate <= 0 || p.Rate > 1e6 {
		return p, fmt.Errorf("simulate: poisson: a rate of %v tickets a second: write one above 0, at most a million", p.Rate)
	}
	return p, nil
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

type playerSource struct {
	Poisson
	rules   matchmaking.Rules
	chance  *rand.Rand
	now     float64
	n       int
	largest int
	roles   map[string][]matchmaking.Seats // attribute → seats of the rule that reads it
}

// Arrivals returns the tickets, which never end.
func (p Poisson) Arrivals(r matchmaking.Rules) Arrivals {
	c := &playerSource{Poisson: p, rules: r, chance: rand.New(rand.NewPCG(p.Seed, 0xa4b17e4)), roles: map[string][]matchmaking.Seats{}} // #nosec G404 -- a simulation, which its seed must repeat
	for _, t := range r.Teams {
		c.largest = max(c.largest, int(t.Max.From))
	}
	for _, q := range r.Rules {
		if q.Kind == matchmaking.Roles {
			c.roles[q.Attribute] = append(c.roles[q.Attribute], q.Seats...)
		}
	}
	return c
}

// partySizes are the shares of 2, 3, 4 and 5 players among parties.
var partySizes = []float64{0.55, 0.22, 0.10, 0.13}

func (s *playerSource) Next() (matchmaking.Ticket, error) {
	s.n++
	s.now += s.chance.ExpFloat64() / s.Rate
	t := matchmaking.Ticket{ID: matchmaking.TicketID("t" + strconv.Itoa(s.n)), Created: time.Duration(s.now * float64(time.Second))}
	t.Attributes = matchmaking.Attributes{}
	size := 1
	if s.chance.Float64() >= s.Solo {
		size = min(s.largest, 2+s.pickWeighted(partySizes))
	}
	home := s.home()
	for i := range size {
		t.Members = append(t.Members, matchmaking.Member{Player: "p" + strconv.Itoa(s.n) + "." + strconv.Itoa(i), Attributes: matchmaking.Attributes{}})
	}
	for i := range s.rules.Attributes {
		s.setAttribute(&t, &s.rules.Attributes[i], home)
	}
	return t, nil
}

// setAttribute gives a ticket one attribute.
func (s *playerSource) setAttribute(t *matchmaking.Ticket, a *matchmaking.Attribute, home int) {
	switch a.Kind {
	case matchmaking.NumberKind:
		mean := s.Mean
		if a.Default.Kind() == matchmaking.NumberKind {
			mean = a.Default.Number()
		}
		first := mean + s.Deviation*s.chance.NormFloat64()
		for i := range t.Members {
			x := first
			if i > 0 {
				x += s.Deviation * 0.35 * s.chance.NormFloat64()
			}
			if a.Min != 0 || a.Max != 0 {
				x = min(a.Max, max(a.Min, x))
			}
			t.Members[i].Attributes[a.Name] = matchmaking.Number(math.Round(x))
		}
	case matchmaking.StringKind:
		text := ""
		if len(a.Values) > 0 {
			text = a.Values[s.pickHalving(len(a.Values))]
		}
		t.Attributes[a.Name] = matchmaking.Text(text)
	case matchmaking.SetKind:
		s.setSet(t, a)
	case matchmaking.LatencyKind:
		for i := range t.Members {
			t.Members[i].Attributes[a.Name] = s.latency(a.Values, home)
		}
	}
}

// pickHalving picks one of n; each has half the probability of the one before.
func (s *playerSource) pickHalving(n int) int {
	shares := make([]float64, n)
	for i := range shares {
		shares[i] = math.Pow(0.5, float64(i))
	}
	return s.pickWeighted(shares)
}

// pickWeighted chooses an index by weights.
func (s *playerSource) pickWeighted(weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := s.chance.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// home is the region a ticket's players live in.
func (s *playerSource) home() int {
	for _, a := range s.rules.Attributes {
		if a.Kind == matchmaking.LatencyKind {
			return s.pickHalving(len(a.Values))
		}
	}
	return 0
}

// latency is log-normal around 32 ms to the home region, and 60 ms more for each
// region between that and another.
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

// setSet sets a set attribute: roles for each player, or else one preference for
// the whole party.
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

// pickRoles gives a member a role that the party still has a seat for, weighted so
// that roles with one seat are 15 % rarer than matches need; 30 % of the players
// have a second role, 15 % two more.
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

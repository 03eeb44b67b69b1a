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

// Poisson describes players who arrive independently of each other. Numbers
// are normally distributed; a party's members are near each other's. Each
// player lives near one region, most in the first, and is farther from the
// others. Where rules give roles, players choose one to three, the rare ones
// less often than matches need them.
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

// Arrivals never end.
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

// partySizes are the shares of 2, 3, 4 and 5 among parties.
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

// pickHalving picks one of n, each about half as often as the one before.
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

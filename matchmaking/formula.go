package matchmaking

import "math"

// Formula is a number computed for a whole match. It must depend on the view
// alone and answer the same for the same view.
type Formula interface {
	Value(v *View) (float64, error)
}

// View is a match as formulas see it.
type View struct {
	Age     float64 // of the oldest ticket, seconds
	Players int
	Parties int // tickets of two and more
	Latency float64
	Teams   []TeamView

	names   []string // of number attributes
	numbers [][]float64
}

// TeamView is one team as formulas see it.
type TeamView struct {
	Name    string
	Players int
	Largest int // its largest party
	means   []float64
}

// Stats are of one number attribute over all players.
type Stats struct{ Mean, Lowest, Highest, Deviation float64 }

// Stats returns those of an attribute; ok is false if no number has the name.
func (v *View) Stats(attribute string) (s Stats, ok bool) {
	i := indexOf(v.names, attribute)
	if i < 0 {
		return Stats{}, false
	}
	all := v.numbers[i]
	if len(all) == 0 {
		return Stats{}, true
	}
	s.Lowest, s.Highest = math.Inf(1), math.Inf(-1)
	for _, n := range all {
		s.Mean += n
		s.Lowest, s.Highest = min(s.Lowest, n), max(s.Highest, n)
	}
	s.Mean /= float64(len(all))
	for _, n := range all {
		s.Deviation += float64((n - s.Mean) * (n - s.Mean))
	}
	s.Deviation = math.Sqrt(s.Deviation / float64(len(all)))
	return s, true
}

// TeamMean is a team's mean of an attribute; 0 for an empty team.
func (v *View) TeamMean(team int, attribute string) (mean float64, ok bool) {
	i := indexOf(v.names, attribute)
	if i < 0 || team < 0 || team >= len(v.Teams) {
		return 0, false
	}
	return v.Teams[team].means[i], true
}

// Gap is the distance between the highest and the lowest mean of the teams
// that have players.
func (v *View) Gap(attribute string) (gap float64, ok bool) {
	i := indexOf(v.names, attribute)
	if i < 0 {
		return 0, false
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, t := range v.Teams {
		if t.Players > 0 {
			lo, hi = min(lo, t.means[i]), max(hi, t.means[i])
		}
	}
	return max(0, hi-lo), true
}

func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// SampleView is a small match of these rules, for checking a formula before
// there is any.
func SampleView(r *Rules) *View {
	v := &View{Age: 1, Latency: 50}
	for _, a := range r.Attributes {
		if a.Kind == NumberKind {
			v.names = append(v.names, a.Name)
			v.numbers = append(v.numbers, nil)
		}
	}
	for i := range r.Teams {
		for range max(1, r.Teams[i].Count) {
			v.Teams = append(v.Teams, TeamView{Name: r.Teams[i].Name, Players: 1, Largest: 1, means: make([]float64, len(v.names))})
			v.Players++
			for a := range v.names {
				v.numbers[a] = append(v.numbers[a], 0)
			}
		}
	}
	return v
}

package matchmaking

import (
	"math"
	"slices"
)

// Formula computes a number of a whole match, which a Numeric rule bounds. The
// result must depend on the view alone.
type Formula interface {
	Value(v *View) (float64, error)
}

// View is a match as the input of formulas.
type View struct {
	Age     float64 // of the oldest ticket, seconds
	Players int
	Parties int     // tickets of two and more players
	Latency float64 // of the farthest player, milliseconds; 0: unknown
	Teams   []TeamView

	// Names are the names of the number attributes. Numbers are, by attribute,
	// the values of all players.
	Names   []string
	Numbers [][]float64
}

// TeamView is one team of a View.
type TeamView struct {
	Name    string
	Players int
	Largest int       // its largest party
	Means   []float64 // by number attribute
}

// Summary describes one number attribute over all players. Deviation is the
// standard deviation.
type Summary struct{ Mean, Lowest, Highest, Deviation float64 }

// Summary returns the summary of an attribute; ok is false if there is no number
// attribute of that name.
func (v *View) Summary(attribute string) (s Summary, ok bool) {
	i := slices.Index(v.Names, attribute)
	if i < 0 {
		return Summary{}, false
	}
	all := v.Numbers[i]
	if len(all) == 0 {
		return Summary{}, true
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
	i := slices.Index(v.Names, attribute)
	if i < 0 || team < 0 || team >= len(v.Teams) {
		return 0, false
	}
	return v.Teams[team].Means[i], true
}

// Gap returns the distance between the highest and the lowest mean of the teams
// that have players.
func (v *View) Gap(attribute string) (gap float64, ok bool) {
	i := slices.Index(v.Names, attribute)
	if i < 0 {
		return 0, false
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, t := range v.Teams {
		if t.Players > 0 {
			lo, hi = min(lo, t.Means[i]), max(hi, t.Means[i])
		}
	}
	return max(0, hi-lo), true
}

// SampleView returns a small match by these rules, to check a formula before
// there is a match.
func SampleView(r *Rules) *View {
	v := &View{Age: 1, Latency: 50}
	for _, a := range r.Attributes {
		if a.Kind == NumberKind {
			v.Names = append(v.Names, a.Name)
			v.Numbers = append(v.Numbers, nil)
		}
	}
	for i := range r.Teams {
		for range max(1, r.Teams[i].Count) {
			v.Teams = append(v.Teams, TeamView{Name: r.Teams[i].Name, Players: 1, Largest: 1, Means: make([]float64, len(v.Names))})
			v.Players++
			for a := range v.Names {
				v.Numbers[a] = append(v.Numbers[a], 0)
			}
		}
	}
	return v
}

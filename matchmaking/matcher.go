package matchmaking

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Matcher is the matchmaker's core: it makes rosters by one set of rules. It has
// no clock and does no I/O: the same calls give the same rosters.
//
// It is not safe for concurrent use: a pass keeps its working memory in it.
type Matcher struct {
	// Static.
	rules       Rules
	config      MatcherConfig
	sides       []side
	numbers     []int // indices of number attributes in rules.Attributes
	sets        []int
	texts       []int
	numberNames []string
	regions     []string
	values      []uint64 // by Overlap rule: the declared values as bits
	equalSlots  []int    // by Equal rule: the index of its attribute in Entry.texts
	// Rules by kind, as indices in rules.Rules.
	distances, balances, equals, anyOfs, overlaps, numerics []int
	latencyRule, partyRule                                  int       // -1: none
	roles                                                   []int     // by side; -1: none
	searchRule                                              int       // index in distances of the rule whose number sorts the search index; -1: none
	roleSlot                                                int       // the set attribute of all roles, or noRoles, manyRoles
	partitionRules                                          []int     // indices in equals of the rules that are never dropped
	weighed                                                 []weighed // the attributes by which teams are balanced

	changes       []time.Duration // ages at which a rule changes, ascending from 0
	linear        bool            // some rule changes continuously between those ages
	lastExpansion time.Duration   // age from which no rule changes

	maxLatency float64 // the most that the latency rule ever allows, ms; +Inf without one
	regionless bool    // matches without a region are possible

	// Owned by Admit.
	lastRules   *effectiveRules // at the age lastExpansion
	emptyLineup *lineup         // to test whether some team can take a ticket

	// Owned by the running pass, or by Explain.
	work       work
	explaining *Matcher // made by the first Explain
}

// MatcherConfig changes how a Matcher works. The zero value is meant for use.
type MatcherConfig struct {
	// OldestFirst makes it a plain first-come-first-served matcher, the baseline
	// of simulations: every ticket is matched with the oldest compatible ones,
	// the first region that works is kept, and no exact search follows. The
	// rules apply as usual.
	OldestFirst bool
	// Scan is how many candidate tickets are examined for one ticket's match in
	// one region, the nearest first. Zero: the larger of 256 and 8 times the
	// players of a full match.
	Scan int
}

// side is one team of a match.
type side struct {
	name  string
	class int // index in rules.Teams
}

// NewMatcher checks the rules ([Rules.Validate]) and prepares them.
func NewMatcher(r Rules, c MatcherConfig) (*Matcher, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	m := &Matcher{rules: r, config: c, latencyRule: -1, partyRule: -1, searchRule: -1, roleSlot: noRoles}
	m.prepareAttributes()
	m.prepareSides()
	m.prepareRules()
	if m.config.Scan <= 0 {
		m.config.Scan = max(256, 8*m.rules.MostPlayers())
	}
	m.work.init(m)
	m.lastRules, m.emptyLineup = m.effectiveRules(m.lastExpansion, nil), m.newLineup()
	return m, nil
}

// Rules are those the matcher was made with. Don't change what they point to.
func (m *Matcher) Rules() Rules { return m.rules }

func (m *Matcher) prepareAttributes() {
	for i, a := range m.rules.Attributes {
		switch a.Kind {
		case NumberKind:
			m.numbers = append(m.numbers, i)
			m.numberNames = append(m.numberNames, a.Name)
		case SetKind:
			m.sets = append(m.sets, i)
		case StringKind:
			m.texts = append(m.texts, i)
		case LatencyKind:
			m.regions = a.Values
		}
	}
}

func (m *Matcher) prepareSides() {
	names := m.rules.TeamNames()
	for class, t := range m.rules.Teams {
		for range max(1, t.Count) {
			m.sides = append(m.sides, side{names[len(m.sides)], class})
			m.roles = append(m.roles, -1)
		}
	}
}

func (m *Matcher) prepareRules() {
	best := 0.0
	for i := range m.rules.Rules {
		q := &m.rules.Rules[i]
		switch q.Kind {
		case Distance:
			if w := q.weight(); w > best {
				best, m.searchRule = w, len(m.distances)
			}
			m.distances = append(m.distances, i)
		case Balance:
			m.balances = append(m.balances, i)
		case Equal:
			if q.Drop == 0 {
				m.partitionRules = append(m.partitionRules, len(m.equals))
			}
			m.equals = append(m.equals, i)
			m.equalSlots = append(m.equalSlots, m.slot(m.texts, q.Attribute))
		case AnyOf:
			m.anyOfs = append(m.anyOfs, i)
		case Overlap:
			m.overlaps = append(m.overlaps, i)
			a, _ := m.rules.attribute(q.Attribute)
			m.values = append(m.values, a.mask(a.Values))
		case MaxLatency:
			m.latencyRule = i
		case Parties:
			m.partyRule = i
		case Numeric:
			m.numerics = append(m.numerics, i)
		case Roles:
			switch slot := m.slot(m.sets, q.Attribute); m.roleSlot {
			case noRoles, slot:
				m.roleSlot = slot
			default:
				m.roleSlot = manyRoles
			}
			for s, side := range m.sides {
				if q.of(m.rules.Teams[side.class].Name) {
					m.roles[s] = i
				}
			}
		}
	}
	m.maxLatency, m.regionless = math.Inf(1), true
	if m.latencyRule >= 0 {
		q := &m.rules.Rules[m.latencyRule]
		m.maxLatency, m.regionless = q.Max.Last(), q.Drop > 0
	}
	m.prepareBalance()
	m.prepareChanges()
}

// prepareChanges lists the ages at which rules change.
func (m *Matcher) prepareChanges() {
	m.lastExpansion = m.rules.LastExpansion()
	m.changes = []time.Duration{0}
	note := func(b Bound) {
		for at := range b.all {
			m.changes = append(m.changes, at)
		}
		if b.Over > 0 {
			m.linear = true
			m.changes = append(m.changes, b.After)
		}
	}
	for _, t := range m.rules.Teams {
		note(t.Min)
		note(t.Max)
	}
	for _, q := range m.rules.Rules {
		note(q.Min)
		note(q.Max)
		m.changes = append(m.changes, q.Drop)
	}
	slices.Sort(m.changes)
	m.changes = slices.Compact(m.changes)
}

// weighed is an attribute by which teams are balanced.
type weighed struct {
	slot   int // among the number attributes
	rule   int // index in balances; -1: no Balance rule names it
	weight float64
}

// prepareBalance collects the attributes by which teams are balanced: those of
// the Balance rules, or else that of the search rule.
func (m *Matcher) prepareBalance() {
	for b, i := range m.balances {
		q := &m.rules.Rules[i]
		m.weighed = append(m.weighed, weighed{m.slot(m.numbers, q.Attribute), b, q.weight()})
	}
	if len(m.weighed) == 0 && m.searchRule >= 0 {
		q := &m.rules.Rules[m.distances[m.searchRule]]
		m.weighed = append(m.weighed, weighed{m.slot(m.numbers, q.Attribute), -1, q.weight()})
	}
}

// slot returns the index of an attribute among those of its kind.
func (m *Matcher) slot(of []int, name string) int {
	return slices.IndexFunc(of, func(i int) bool { return m.rules.Attributes[i].Name == name })
}

// partition returns the strings that all tickets of a match must share at
// every age, as one key. Tickets of different partitions are never compared.
func (m *Matcher) partition(e *Entry) string {
	switch len(m.partitionRules) {
	case 0:
		return ""
	case 1:
		return e.texts[m.equalSlots[m.partitionRules[0]]]
	}
	var b strings.Builder
	for _, i := range m.partitionRules {
		text := e.texts[m.equalSlots[i]]
		fmt.Fprintf(&b, "%d:%s", len(text), text)
	}
	return b.String()
}

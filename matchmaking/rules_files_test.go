package matchmaking_test

import (
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/matchmakingtest"
	"arbiter/matchmaking/rules"
	"arbiter/matchmaking/simulate"
)

// TestFilesStayLegal runs the shipped rules over generated tickets for some minutes and
// judges every roster by the plain checker, those that join open matches too.
func TestFilesStayLegal(t *testing.T) {
	t.Parallel()
	for _, name := range rules.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := rules.Named(name)
			if err != nil {
				t.Fatal(err)
			}
			m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
			if err != nil {
				t.Fatal(err)
			}
			p, err := simulate.ParsePoisson("rate=6,seed=3")
			if err != nil {
				t.Fatal(err)
			}
			s := newStage(t, r)
			arrivals := p.Arrivals(r)
			next, _ := arrivals.Next()
			var waiting []*matchmaking.Entry
			for now := time.Second; now < 4*time.Minute; now += time.Second {
				for ; next.Created <= now; next, _ = arrivals.Next() {
					if e, err := m.Admit(next); err == nil {
						waiting = append(waiting, e)
						s.tickets[next.ID] = next
						s.entries[next.ID] = e
					}
				}
				s.applyRosters(now, m.Pass(now, waiting, s.open()))
				kept := waiting[:0]
				for _, e := range waiting {
					if !s.gone[e.ID()] {
						kept = append(kept, e)
					}
				}
				waiting = kept
			}
			t.Logf("%d matches, %d rosters joined open ones, %d tickets left", s.made, s.joined, len(waiting))
			if s.made < 5 || r.Backfill && s.joined < 5 {
				t.Errorf("%d matches, %d joined: the test tests too little", s.made, s.joined)
			}
		})
	}
}

// stage keeps open matches and checks rosters.
type stage struct {
	t       *testing.T
	rules   matchmaking.Rules
	tickets map[matchmaking.TicketID]matchmaking.Ticket
	entries map[matchmaking.TicketID]*matchmaking.Entry
	gone    map[matchmaking.TicketID]bool
	matches []*matchmakingtest.Match
	made    int
	joined  int
}

func newStage(t *testing.T, r matchmaking.Rules) *stage {
	return &stage{t: t, rules: r, tickets: map[matchmaking.TicketID]matchmaking.Ticket{}, entries: map[matchmaking.TicketID]*matchmaking.Entry{}, gone: map[matchmaking.TicketID]bool{}}
}

// open are all matches made, each without one of its tickets, who left.
func (s *stage) open() []matchmaking.OpenMatch {
	if !s.rules.Backfill {
		return nil
	}
	var out []matchmaking.OpenMatch
	for i, m := range s.matches {
		o := matchmaking.OpenMatch{ID: string(rune('A' + i)), Region: m.Region}
		for _, name := range matchmakingtest.TeamNames(s.rules) {
			for _, ticket := range m.Teams[name] {
				o.Seated = append(o.Seated, matchmaking.Seated{Entry: s.entries[ticket.ID], Team: name})
			}
		}
		out = append(out, o)
	}
	return out
}

func (s *stage) applyRosters(now time.Duration, rosters []matchmaking.Roster) {
	s.t.Helper()
	for _, roster := range rosters {
		for _, id := range roster.Tickets {
			if s.gone[id] {
				s.t.Fatalf("ticket %q is in two rosters", id)
			}
			s.gone[id] = true
		}
		match := judge(s.t, s.rules, now, roster, s.tickets)
		if roster.Match != "" {
			s.joined++
			open := s.matches[roster.Match[0]-'A']
			match.Region = open.Region
			match.Joining = map[matchmaking.TicketID]bool{}
			for _, id := range roster.Tickets {
				match.Joining[id] = true
			}
			for name, tickets := range open.Teams {
				match.Teams[name] = append(append([]matchmaking.Ticket(nil), tickets...), match.Teams[name]...)
			}
			open.Teams = match.Teams
		} else if s.made++; len(s.matches) < 20 {
			kept := match
			s.matches = append(s.matches, &kept)
		}
		if err := matchmakingtest.Check(match); err != nil {
			s.t.Fatalf("at %v: illegal roster %+v\n%v", now, roster, err)
		}
	}
}

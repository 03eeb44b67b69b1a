package matchmaking_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"arbiter/matchmaking"
)

const pair = `name: pair
game: tag
attributes:
  skill: {type: number}
teams:
  - {name: side, count: 2, players: 1}
rules:
  - {name: close, kind: distance, attribute: skill, max: {from: 50, steps: [{after: 10s, to: 100}]}}
head_start: 10s
`

// waiting admits single players by skill, each a second after the one before.
func waiting(tb testing.TB, m *matchmaking.Matcher, skills ...float64) []*matchmaking.Entry {
	tb.Helper()
	var out []*matchmaking.Entry
	for i, skill := range skills {
		e, err := m.Admit(matchmaking.Ticket{
			ID: matchmaking.TicketID(fmt.Sprintf("t%d", i)), Created: time.Duration(i) * time.Second,
			Members: []matchmaking.Member{{Player: fmt.Sprintf("p%d", i)}}, Attributes: matchmaking.Attributes{"skill": matchmaking.Number(skill)},
		})
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func pairs(rosters []matchmaking.Roster) [][]matchmaking.TicketID {
	var out [][]matchmaking.TicketID
	for _, r := range rosters {
		out = append(out, r.Tickets)
	}
	return out
}

// TestOldestFirst: the oldest ticket is served first, with the nearest one.
func TestOldestFirst(t *testing.T) {
	m := matcher(t, pair)
	got := pairs(m.Pass(4*time.Second, waiting(t, m, 100, 140, 120, 119), nil))
	want := [][]matchmaking.TicketID{{"t0", "t3"}, {"t1", "t2"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestPlain: the baseline (MatcherConfig.OldestFirst) takes the oldest instead.
func TestPlain(t *testing.T) {
	m, err := matchmaking.NewMatcher(matcher(t, pair).Rules(), matchmaking.MatcherConfig{OldestFirst: true})
	if err != nil {
		t.Fatal(err)
	}
	got := pairs(m.Pass(4*time.Second, waiting(t, m, 100, 140, 120, 119), nil))
	want := [][]matchmaking.TicketID{{"t0", "t1"}, {"t2", "t3"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestExpansion: the effective rules are those of the oldest ticket, from the exact age on.
func TestExpansion(t *testing.T) {
	m := matcher(t, pair)
	line := waiting(t, m, 100, 180)
	if got := m.Pass(10*time.Second-1, line, nil); len(got) != 0 {
		t.Errorf("matched before the expansion: %v", pairs(got))
	}
	got := m.Pass(10*time.Second, line, nil)
	if len(got) != 1 || got[0].Age != 10*time.Second || got[0].Spread != 80 {
		t.Errorf("at the expansion: %+v", got)
	}
}

// TestHeadStart: a head start gives a ticket priority and leaves its age as it is.
func TestHeadStart(t *testing.T) {
	m := matcher(t, pair)
	line := waiting(t, m, 100, 130)
	late, err := m.Admit(matchmaking.Ticket{
		ID: "late", Created: 3 * time.Second, HeadStart: 10 * time.Second,
		Members: []matchmaking.Member{{Player: "late"}}, Attributes: matchmaking.Attributes{"skill": matchmaking.Number(135)},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := pairs(m.Pass(4*time.Second, append(line, late), nil))
	if want := [][]matchmaking.TicketID{{"late", "t1"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestOrderOfArguments: a pass is a function of the set of tickets.
func TestOrderOfArguments(t *testing.T) {
	m := matcher(t, pair)
	var skills []float64
	for i := range 200 {
		skills = append(skills, float64(i*7919%1000))
	}
	line := waiting(t, m, skills...)
	want := m.Pass(200*time.Second, line, nil)
	slices.Reverse(line)
	if got := m.Pass(200*time.Second, line, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("another order gives other rosters")
	}
	if len(want) != 100 {
		t.Errorf("%d rosters of 200 players", len(want))
	}
}

// TestPinned: pinned tickets join their match only, and a PinnedOnly match admits no
// others.
func TestPinned(t *testing.T) {
	m := matcher(t, pair+"backfill: true\n")
	line := waiting(t, m, 100, 5000)
	friend, err := m.Admit(matchmaking.Ticket{ID: "friend", Match: "m", Members: []matchmaking.Member{{Player: "f"}}, Attributes: matchmaking.Attributes{"skill": matchmaking.Number(9)}})
	if err != nil {
		t.Fatal(err)
	}
	host := line[1]
	open := matchmaking.OpenMatch{ID: "m", PinnedOnly: true, Seated: []matchmaking.Seated{{Entry: host, Team: "side 1"}}}
	if got := m.Pass(time.Minute, []*matchmaking.Entry{line[0], friend}, nil); len(got) != 0 {
		t.Errorf("without the match: %+v", got)
	}
	got := m.Pass(time.Minute, []*matchmaking.Entry{line[0], friend}, []matchmaking.OpenMatch{open})
	if len(got) != 1 || got[0].Match != "m" || !slices.Equal(got[0].Tickets, []matchmaking.TicketID{"friend"}) {
		t.Fatalf("got %+v", got)
	}
	if seats := got[0].Teams[1].Seats; len(seats) != 1 || seats[0].Player != "f" || len(got[0].Teams[0].Seats) != 0 {
		t.Errorf("the friend sits at %+v", got[0].Teams)
	}
}

// TestEvenTeams: the four nearest are split so that the teams are even, and
// the rule's bound is kept by the split alone.
func TestEvenTeams(t *testing.T) {
	m := matcher(t, `name: even
game: tag
attributes:
  skill: {type: number}
teams:
  - {name: side, count: 2, players: 2}
rules:
  - {name: close, kind: distance, attribute: skill, max: 500}
  - {name: even, kind: balance, attribute: skill, max: 5}
`)
	got := m.Pass(time.Minute, waiting(t, m, 100, 110, 200, 210), nil)
	if len(got) != 1 || got[0].Gap != 0 || got[0].Spread != 110 {
		t.Fatalf("got %+v, want teams of 100+210 and 110+200", got)
	}
	if n := m.PassStats().Searched; n != 0 {
		t.Errorf("the exact search ran for %d tickets: swapping was enough", n)
	}
}

// TestBeyondTheNearest: when the nearest of one kind break a rule about teams,
// those farther away are tried.
func TestBeyondTheNearest(t *testing.T) {
	m := matcher(t, `name: beyond
game: tag
attributes:
  level: {type: number}
  skill: {type: number}
teams:
  - {name: side, count: 2, players: 1}
rules:
  - {name: level, kind: distance, attribute: level, max: 50}
  - {name: even, kind: balance, attribute: skill, max: 5}
`)
	var line []*matchmaking.Entry
	for i, skill := range []float64{100, 200, 300, 400, 500, 104} {
		e, err := m.Admit(matchmaking.Ticket{
			ID: matchmaking.TicketID(fmt.Sprint("t", i)), Created: time.Duration(i), Members: []matchmaking.Member{{Player: fmt.Sprint("p", i)}},
			Attributes: matchmaking.Attributes{"level": matchmaking.Number(float64(i)), "skill": matchmaking.Number(skill)},
		})
		if err != nil {
			t.Fatal(err)
		}
		line = append(line, e)
	}
	got := pairs(m.Pass(time.Minute, line, nil))
	if want := [][]matchmaking.TicketID{{"t0", "t5"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

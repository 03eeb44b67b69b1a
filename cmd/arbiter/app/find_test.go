package app

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode/client"
	"arbiter/netcode/client/matchmake"
)

// queueFile writes rules to a file and returns its path.
func queueFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// pairs asks two players, and wants one of each role.
const pairs = `
name: pairs
game: arena
attributes:
  skill: {type: number, min: 0, max: 3000, default: 1500}
  role: {type: set, values: [lead, wing], default: [lead, wing]}
  latency: {type: latency, values: [eu, us]}
teams:
  - {name: pair, players: 2}
rules:
  - {name: roles, kind: roles, attribute: role, seats: {lead: 1, wing: 1}}
  - {name: near, kind: latency, attribute: latency, max: 100}
acceptance: {required: true, timeout: 10s}
every: 100ms
`

// squads are two teams of two, for anybody.
const squads = `
name: squads
game: arena
attributes:
  skill: {type: number, min: 0, max: 3000, default: 1500}
teams:
  - {name: squad, count: 2, players: 2}
rules:
  - {name: close enough, kind: distance, attribute: skill, party: mean, max: 2000}
every: 100ms
`

// TestFind has two players find each other with the Go client, one of them
// asked, and play.
func TestFind(t *testing.T) {
	t.Parallel()
	s := serving(t, "--queues", "none", "--rules", queueFile(t, pairs))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	type got struct {
		seat   matchmake.Seat
		phases []matchmake.Phase
		err    error
	}
	seats := make(chan got, 2)
	for _, role := range []string{"lead", "wing"} {
		go func() {
			var g got
			g.seat, g.err = matchmake.Find(ctx, matchmake.Config{
				URL: "ws://" + s.addr, Name: role, Queue: "pairs", ExplainEvery: time.Second,
				Attributes: map[string]any{"role": []string{role}, "latency": map[string]float64{"eu": 20}},
				Accept:     func(context.Context, matchmake.Ticket) bool { return true },
				OnStatus:   func(st matchmake.Status) { g.phases = append(g.phases, st.Phase) },
			})
			seats <- g
		}()
	}
	roles, numbers := map[string]bool{}, map[any]bool{}
	for range 2 {
		g := <-seats
		if g.err != nil {
			t.Fatal(g.err)
		}
		c, err := client.Dial(ctx, arena.Game, client.Config{URL: g.seat.URL, Token: g.seat.Token})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Do(func() {
			if c.MatchID() != g.seat.Match {
				t.Errorf("in match %s, the seat is in %s", c.MatchID(), g.seat.Match)
			}
			numbers[c.Player()] = true
		})
		roles[g.seat.Role] = true
		if len(g.phases) < 3 || g.phases[0] != matchmake.Queueing || g.phases[len(g.phases)-1] != matchmake.Found {
			t.Errorf("phases %v", g.phases)
		}
		again, err := client.Dial(ctx, arena.Game, client.Config{URL: g.seat.URL, Token: g.seat.Token})
		if err != nil {
			t.Fatal(err)
		}
		again.Do(func() {
			if again.MatchID() != g.seat.Match || !numbers[again.Player()] {
				t.Error("a seat's token takes a second seat, not its own")
			}
		})
		again.Close()
	}
	if len(roles) != 2 || !roles["lead"] || !roles["wing"] || len(numbers) != 2 {
		t.Errorf("roles %v, players %v", roles, numbers)
	}
}

// TestFindEnds ends a search, and the place in the queue with it.
func TestFindEnds(t *testing.T) {
	t.Parallel()
	s := serving(t, "--queues", "none", "--rules", queueFile(t, squads))
	token := s.guest(t)
	ctx, cancel := context.WithCancel(t.Context())
	explained := false
	_, err := matchmake.Find(ctx, matchmake.Config{
		URL: "http://" + s.addr, Token: token, Queue: "squads", ExplainEvery: time.Second,
		OnStatus: func(st matchmake.Status) {
			if x := st.Explanation; x != nil {
				explained = x.Reason == "players" && x.Needed == 4 && len(x.Rules) == 1
				cancel()
			}
		},
	})
	if err == nil || !explained {
		t.Errorf("explained %v, %v", explained, err)
	}
	_, err = matchmake.Find(t.Context(), matchmake.Config{URL: "http://" + s.addr, Token: token, Queue: "nowhere"})
	if err == nil || !strings.Contains(err.Error(), "404 queue_unknown") { // and not already queued
		t.Error(err)
	}
}

// matched runs bots that queue, and reads what they say of their matches.
func matched(t *testing.T, args ...string) (map[string]any, outcome) {
	t.Helper()
	report, o := reportOf(t, append([]string{"--matchmake", "--for", "300ms"}, args...)...)
	m, _ := report["matchmaking"].(map[string]any)
	if m == nil {
		t.Fatalf("nothing of matchmaking: %s%s", o.out, o.err)
	}
	return m, o
}

func TestBotsMatchmake(t *testing.T) {
	t.Parallel()
	file := queueFile(t, squads)
	s := serving(t, "--queues", "ladder", "--rules", file)
	m, o := matched(t, "--url", "ws://"+s.addr, "--rules", file, "--clients", "24", "--seed", "3")
	want := map[string]any{"queue": "squads", "matched": 24.0, "unmatched": 0.0, "matches": 6.0, "judged": 6.0, "violations": 0.0, "partial": false}
	for name, v := range want {
		if m[name] != v {
			t.Errorf("%s is %v, want %v", name, m[name], v)
		}
	}
	if o.status != exitDone || m["parties"].(float64) < 1 {
		t.Errorf("status %d, %v parties\n%s", o.status, m["parties"], o.err)
	}

	m, o = matched(t, "--url", "ws://"+s.addr, "--queue", "squads", "--clients", "4")
	if o.status != exitDone || m["partial"] != true {
		t.Errorf("without the rules: status %d, partial %v\n%s", o.status, m["partial"], o.err)
	}

	m, o = matched(t, "--url", "ws://"+s.addr, "--rules", file, "--clients", "3", "--wait", "1s")
	if o.status != exitFailed || m["unmatched"] != 3.0 || !strings.Contains(o.err, "nobody connected") {
		t.Errorf("too few: status %d, %v unmatched\n%s", o.status, m["unmatched"], o.err)
	}
}

// TestBotsFindOut has bots judge by other rules than the server's.
func TestBotsFindOut(t *testing.T) {
	t.Parallel()
	s := serving(t, "--queues", "none", "--rules", queueFile(t, squads))
	strict := queueFile(t, strings.Replace(squads, "max: 2000", "max: 1", 1))
	m, o := matched(t, "--url", "ws://"+s.addr, "--rules", strict, "--clients", "8")
	if o.status != exitFailed || m["violations"].(float64) < 1 || !strings.Contains(o.err, `rule "close enough"`) {
		t.Errorf("status %d, %v violations\n%s", o.status, m["violations"], o.err)
	}
	other := queueFile(t, strings.Replace(squads, "close enough", "near", 1))
	o = command(t, "bots", "--matchmake", "--url", "ws://"+s.addr, "--rules", other, "--quiet")
	if o.status != exitFailed || !strings.Contains(o.err, "is not by these rules: they are near, it has close enough") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
	o = command(t, "bots", "--queue", "squads")
	if o.status != exitUsage || !strings.Contains(o.err, "add --matchmake") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
}

// TestBotsWithASeat plays with what the API gives for a seat.
func TestBotsWithASeat(t *testing.T) {
	t.Parallel()
	s := serving(t)
	var seat matchmake.Seat
	r, err := http.NewRequest(http.MethodPost, "http://"+s.addr+"/v1/play", strings.NewReader(`{"game":"tag"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.guest(t))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&seat); err != nil || seat.Token == "" {
		t.Fatalf("no seat: %v, %d", err, answer.StatusCode)
	}
	at := []string{"bots", "--clients", "1", "--for", "300ms", "--quiet", "--token", seat.Token}
	if o := command(t, append(at, "--url", seat.URL)...); o.status != exitDone || !strings.Contains(o.out, "connected     1\n") {
		t.Errorf("status %d\n%s%s", o.status, o.out, o.err)
	}
	o := command(t, append(at, "--url", "ws://"+s.addr)...)
	if o.status != exitFailed || !strings.Contains(o.err, "4212 token-used") {
		t.Errorf("the second time: status %d\n%s", o.status, o.err)
	}
}

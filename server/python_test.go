package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/tag"
	"arbiter/netcode/client"
	"arbiter/server"
	"arbiter/server/servertest"
)

// python is an interpreter that has msgpack: the first of those that are there.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import msgpack").Run() == nil { // #nosec G204 -- one of two names
			return name
		}
	}
	t.Skip("no python3 with msgpack: make tools installs it (Debian: python3-msgpack)")
	return ""
}

// pythonTrial is for how long the client of another language plays, and among how
// many bots. ARBITER_PYTHON=60 asks for a minute among 20.
func pythonTrial(t *testing.T) (seconds, bots int) {
	if v := os.Getenv("ARBITER_PYTHON"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatalf("ARBITER_PYTHON=%s: %v; give a number of seconds", v, err)
		}
		return n, 20
	}
	return 4, 6
}

// A client in another language, written from the documentation of package netcode
// alone, plays the demo games among bots: every check of its state and of its
// inputs is right, and its view meets every form of a snapshot that there is.
func TestClientOfAnotherLanguage(t *testing.T) {
	t.Parallel()
	interpreter := python(t)
	seconds, bots := pythonTrial(t)
	for _, c := range []struct {
		game game.Definition
		bot  client.Rules
		seen []string // counts that must not be 0
	}{
		{arena.Game, arena.Game, []string{"implied", "extrapolated", "events", "left", "entered", "own"}},
		{tag.Game, tag.Game, []string{"implied", "entered"}},
	} {
		t.Run(c.game.Name(), func(t *testing.T) {
			t.Parallel()
			s := servertest.Start(t, server.Config{Games: []game.Definition{c.game}})
			for i := range bots {
				swarm(t, s, c.bot, fmt.Sprint("bot ", i))
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(seconds)*time.Second+30*time.Second)
			defer cancel()
			run := exec.CommandContext(ctx, interpreter, "../netcode/testdata/python/client.py", // #nosec G204 -- the test's own
				"--url", s.Scheme+"://"+s.Addr().String(), "--game", c.game.Name(), "--token", s.Token("python"), "--seconds", strconv.Itoa(seconds))
			run.Stderr = os.Stderr
			out, err := run.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var n map[string]int
			if err := json.Unmarshal(out, &n); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			if n["wrong_states"] != 0 || n["wrong_inputs"] != 0 || n["lost_baselines"] != 0 || n["keyframes"] != 1 {
				t.Errorf("something is wrong: %v", n)
			}
			if n["checks"] < seconds/2 || n["applied"] < seconds || n["snapshots"] < seconds {
				t.Errorf("too little was seen in %d s: %v", seconds, n)
			}
			for _, what := range c.seen {
				if n[what] == 0 && (what != "events" || seconds >= 30) { // nobody may be hit in a few seconds
					t.Errorf("nothing is %s: %v", what, n)
				}
			}
		})
	}
}

// swarm has a bot play at random until the test ends.
func swarm(t *testing.T, s *servertest.Server, r client.Rules, name string) {
	t.Helper()
	c, err := client.DialRules(context.Background(), r, client.Config{URL: s.Scheme + "://" + s.Addr().String(), Token: s.Token(name), NoPrediction: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fields := r.Schema().Input.Fields
	ticks := 0
	c.OnTick(func() {
		if ticks++; ticks%8 != 0 {
			return
		}
		cells := make([]int64, len(fields))
		for k := range fields {
			cells[k] = fields[k].Min + rand.Int64N(fields[k].Max-fields[k].Min+1)
		}
		c.Set(cells, false)
	})
}

package client

import (
	"errors"
	"strings"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/client/core"

	"github.com/gobwas/ws"
)

// joinUntyped connects a client that knows nothing of the arena but its name.
func (h *host) joinUntyped() *Untyped {
	h.t.Helper()
	c, err := DialUntyped(h.t.Context(), "arena", h.config())
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// steer waits for n ticks and changes every input field now and then.
func steer(t *testing.T, c *Untyped, n int) {
	t.Helper()
	var cells []int64
	c.Do(func() { cells = make([]int64, len(c.Schema().Input.Fields)) })
	for i := range n {
		for k := range cells {
			cells[k] = int64(i / 5 % 2)
		}
		c.Set(cells, true)
		if err := c.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUntypedClientPlays(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		c := h.joinUntyped()
		snapshots := uint64(0)
		c.OnReceive(func(r *core.Received) {
			if r.Kind == netcode.KindSnapshot {
				snapshots++
			}
		})
		rename := -1
		c.Do(func() {
			for i := range c.Schema().Commands {
				if c.Schema().Commands[i].Name == "Renames" {
					rename = i
				}
			}
		})
		if rename < 0 {
			t.Fatal("the schema from the server lacks the command to rename a pilot")
		}
		if err := c.Command(rename, sim.Row{Cells: []int64{0}, Texts: []string{"zoe"}}); err != nil {
			t.Fatal(err)
		}
		steer(t, c, 120)
		c.Do(func() {
			s, named := c.Schema(), false
			for i := range s.Tables {
				for _, text := range c.Seat().Frame().Tables[i].Texts {
					named = named || text == "zoe"
				}
			}
			if s.Hash != arena.Game.Schema().Hash || !named || c.Player() == 0 {
				t.Errorf("player %d, schema %x, renamed: %v", c.Player(), s.Hash, named)
			}
		})
		if st := c.Stats(); snapshots < 100 || st.InputsApplied < 20 || st.InputsLost+st.InputsRepeated+st.HashMismatches > 0 || st.HashChecks < 2 {
			t.Errorf("%d snapshots, %+v", snapshots, st)
		}
		if err := c.Close(); err != nil || c.Status().Phase != Closed || !errors.Is(c.Err(), ErrClosed) {
			t.Errorf("closed: %v, %+v", err, c.Status())
		}
	})
}

func TestUntypedClientResumesAndLosesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		c := h.joinUntyped()
		for range 4 {
			steer(t, c, 40)
			h.mu.Lock()
			h.conns[len(h.conns)-1].Close()
			h.mu.Unlock()
		}
		for range 60 {
			if err := c.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if st := c.Stats(); st.Resumes != 4 || st.Seats != 1 || st.InputsApplied != st.InputsSent || st.InputsLost+st.InputsRepeated+st.HashMismatches > 0 || st.InputsSent < 20 {
			t.Errorf("%+v", st)
		}
		c.Close()
	})
}

// TestDialRulesPredicts runs rules ahead whose types the client does not use.
func TestDialRulesPredicts(t *testing.T) {
	for _, still := range []bool{false, true} {
		inBubble(t, func(t *testing.T, h *host) {
			cfg := h.config()
			cfg.NoPrediction = still
			c, err := DialRules(t.Context(), arena.Game, cfg)
			if err != nil {
				t.Fatal(err)
			}
			steer(t, c, 120)
			c.Do(func() {
				p := c.Seat().Prediction()
				if (p == nil) != still || p != nil && !c.Seat().Frame().Tick.Before(p.Newest()) {
					t.Errorf("prediction %+v of tick %d", p, c.Seat().Frame().Tick)
				}
			})
			if st := c.Stats(); st.Corrections+st.Surprises > 0 || st.InputsApplied < 20 {
				t.Errorf("%+v", st)
			}
			c.Close()
		})
	}
}

func TestUntypedClientIsToldWhyItIsRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.refuse = 403
		var refused *RefusedError
		if _, err := DialUntyped(t.Context(), "arena", h.config()); !errors.As(err, &refused) || refused.Status != 403 || refused.Message != "not today" {
			t.Errorf("refused with %v", err)
		}
	})
}

func TestUntypedClientIsToldWhyItIsClosed(t *testing.T) {
	for name, f := range map[string]ws.Frame{
		"bye, then the end": ws.NewBinaryFrame(netcode.Bye{Code: netcode.CodeKicked, Reason: "rude words"}.Append(nil)),
		"close frame":       ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusCode(netcode.CodeKicked), "rude words")),
	} {
		inBubble(t, func(t *testing.T, h *host) {
			c := h.joinUntyped()
			h.end(f)
			<-c.Done()
			var closed *CloseError
			if err := c.Err(); !errors.As(err, &closed) || closed.Code != netcode.CodeKicked || closed.Reason != "rude words" {
				t.Errorf("%s: closed with %v", name, err)
			}
		})
	}
}

func TestUntypedClientReadsFragments(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.fragments = true
		c := h.joinUntyped()
		steer(t, c, 60)
		if st := c.Stats(); st.Snapshots < 40 || st.Connections != 1 || st.Errors+st.HashMismatches > 0 {
			t.Errorf("%+v", st)
		}
		c.Close()
	})
}

func TestUntypedClientChecksTheSubprotocol(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.mute = true
		began := time.Now()
		_, err := DialUntyped(t.Context(), "arena", h.config())
		if err == nil || !strings.Contains(err.Error(), "does not speak "+Subprotocol) || time.Since(began) > 0 {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

// TestDialRulesChecksTheSchema: rules of this program that are not the server's are found
// out, where a client that learns its schema from the server plays.
func TestDialRulesChecksTheSchema(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		other, err := arena.Game.WithRates(50, 25)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DialRules(t.Context(), other, h.config()); !errors.Is(err, core.ErrSchema) {
			t.Errorf("other rules: %v", err)
		}
		h.joinUntyped().Close()
	})
}

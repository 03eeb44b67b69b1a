package match

import (
	"bytes"
	"context"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"time"

	"arbiter/netcode"
)

// watch is what the watchdog sees of one match loop. Safe for concurrent use.
type watch struct {
	turns atomic.Uint64 // begun and ended: odd while the rules may be running
	over  atomic.Bool   // the match has ended, by its loop or by the watchdog, whichever came first
}

// turn runs f, in which the rules may run.
func (w *watch) turn(f func()) {
	w.turns.Add(1)
	f()
	w.turns.Add(1)
}

// watchLooks is how often the watchdog looks at a match loop before a turn counts as
// stuck. Looks are counted, not time, so that a process that was stopped or a machine
// that slept is not taken for rules that do not return.
const watchLooks = 8

// watchdog finds match loops whose rules do not return: it compares the turn that each
// is in with the one it was in before. One goroutine may use it.
type watchdog struct {
	engine *Engine
	seen   map[*Match]watched
}

type watched struct {
	turn  uint64
	looks int // in which the turn was the same
}

// look is called watchLooks times in Config.StepTimeout.
func (w *watchdog) look() {
	was := w.seen
	w.seen = make(map[*Match]watched, len(was))
	for _, m := range w.engine.lobby.list() {
		turn := m.watch.turns.Load()
		if turn%2 == 0 {
			continue
		}
		now := watched{turn: turn}
		if before, ok := was[m]; ok && before.turn == turn {
			now.looks = before.looks + 1
		}
		if now.looks < watchLooks {
			w.seen[m] = now
			continue
		}
		m.abandon()
	}
}

// WatchSteps abandons matches whose rules do not return within Config.StepTimeout,
// until ctx ends. Without it they are waited for, and nobody is told.
func (e *Engine) WatchSteps(ctx context.Context) {
	if e.config.StepTimeout < 0 {
		return
	}
	ticker := time.NewTicker(e.config.StepTimeout / watchLooks)
	defer ticker.Stop()
	w := watchdog{engine: e}
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.look()
		}
	}
}

// Stuck is how many matches were abandoned whose rules have not returned yet. Each may
// use up a processor, for a goroutine cannot be ended from outside.
func (e *Engine) Stuck() int { return int(e.stuck.Load()) }

// TooManyStuck reports whether abandoned matches may use up half of the processors.
func (e *Engine) TooManyStuck() bool {
	n := e.Stuck()
	return n > 0 && 2*n >= runtime.GOMAXPROCS(0)
}

// abandon ends the match in the place of its loop, which hangs in the rules. It touches
// nothing that the loop owns. Called by the watchdog.
func (m *Match) abandon() {
	if m.watch.over.Swap(true) {
		return
	}
	e := &ending{code: netcode.CodeMatchBroken, why: "stuck"}
	m.engine.stuck.Add(1)
	tick, _ := m.clock.read(0)
	m.log.Error("the match is abandoned because its rules do not return",
		"timeout", m.engine.config.StepTimeout.String(), "tick", tick+1, "stack", stackOf(m.id))
	m.roster.close(e.code)
	m.inbox.refuse()
	m.engine.lobby.forget(m, e)
	for _, s := range m.engine.sessions.inMatch(m) {
		s.close(e.code, "")
	}
	m.game.breaker.fail(time.Now(), m.now())
	m.game.metrics.countEnd(e.why)
	m.publish(Event{Kind: Ended, Why: e.why})
}

// returned is called by the loop of a match that was abandoned, if the rules return
// after all.
func (m *Match) returned() {
	m.engine.stuck.Add(-1)
	m.log.Warn("the rules of an abandoned match have returned", "after", m.now().Round(time.Millisecond).String())
}

// labelled names the match in profiles, and so for stackOf, while f runs on this
// goroutine.
func (m *Match) labelled(f func()) {
	pprof.Do(context.Background(), pprof.Labels("game", m.game.name, "match", m.id), func(context.Context) { f() })
}

// maxStack bounds the stack that is logged, in bytes.
const maxStack = 16 << 10

// stackOf is the stack of the loop of a match, one function a line with the innermost
// first, or empty if it cannot be found.
func stackOf(match string) string {
	var b bytes.Buffer
	if pprof.Lookup("goroutine").WriteTo(&b, 1) != nil {
		return ""
	}
	for block := range strings.SplitSeq(b.String(), "\n\n") {
		if !strings.Contains(block, `"match":"`+match+`"`) || !strings.Contains(block, "(*Match).run") {
			continue
		}
		var stack strings.Builder
		for line := range strings.Lines(block) {
			if frame, ok := strings.CutPrefix(line, "#\t0x"); ok {
				_, frame, _ = strings.Cut(frame, "\t")
				stack.WriteString(frame)
			}
		}
		return stack.String()[:min(stack.Len(), maxStack)]
	}
	return ""
}

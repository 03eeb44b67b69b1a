package match

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

type trapState struct{ Rows game.Table[trapRow] }
type trapRow struct{ Player game.PlayerID }
type trapInput struct{ X int8 }

// trap is rules that hang in their second step until they are let go, or that panic as
// they start.
type trap struct {
	entered chan struct{}
	release chan struct{}
	panics  *atomic.Bool
}

func (trap) Join(w *game.World[trapState], p game.Player) { w.State.Rows.Add(trapRow{p.ID}) }
func (trap) Leave(*game.World[trapState], game.PlayerID)  {}
func (r trap) Step(w *game.World[trapState], _ *game.Inputs[trapInput]) {
	if w.Tick() == 2 {
		close(r.entered)
		<-r.release
	}
}
func (r trap) Start(*game.World[trapState]) {
	if r.panics.Load() {
		panic("no start")
	}
}

func newTrap(t *testing.T, log *slog.Logger) (*Engine, trap) {
	t.Helper()
	rules := trap{make(chan struct{}), make(chan struct{}), new(atomic.Bool)}
	g := game.MustDefine[trapState, trapInput]("trap", rules, game.Config{TickRate: 60})
	e, err := New(Config{Games: []game.Definition{g}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		e.Stop(netcode.CodeDrain)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second) // the test's own has ended
		defer cancel()
		if err := e.Wait(ctx); err != nil {
			t.Error(err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, rules
}

// hello enters a match as a client does.
func hello(e *Engine, subject string) (*fakeConn, *Session) {
	conn := &fakeConn{}
	s := e.Open(conn, &Admission{Game: e.Game("trap"), Claims: Claims{Subject: subject, Expiry: time.Now().Add(time.Hour)}})
	s.Message(netcode.Hello{Version: netcode.Version}.Append(nil))
	return conn, s
}

// A step that never returns costs its match: the stack is logged, its players are sent
// away, nobody is sent into it, and it is known to hang until it returns.
//
// Hazards: endless step.
func TestStuckRulesAreAbandoned(t *testing.T) {
	var log bytes.Buffer
	e, rules := newTrap(t, slog.New(slog.NewTextHandler(&log, nil)))
	conn, s := hello(e, "ann")
	m := s.match.Load()
	<-rules.entered
	w := watchdog{engine: e}
	for range watchLooks {
		w.look()
	}
	if _, code := conn.state(); code != 0 || e.Stuck() != 0 {
		t.Fatalf("abandoned before its time: code %v", code)
	}
	w.look()
	if _, code := conn.state(); code != netcode.CodeMatchBroken {
		t.Errorf("its player is closed with %v, want match-broken", code)
	}
	if e.Stuck() != 1 || len(e.Matches()) != 0 || e.QuickMatch(m.game, "bob") != nil {
		t.Errorf("%d stuck, %d listed, quick play leads to %v; want 1, none, nowhere", e.Stuck(), len(e.Matches()), e.QuickMatch(m.game, "bob"))
	}
	if code := m.roster.admit(&Claims{Subject: "bob"}, 0); code != netcode.CodeMatchBroken {
		t.Errorf("a newcomer is admitted with %v", code)
	}
	s.post(envelope{kind: envelopeAck}, nil) // must not wait for a loop that hangs
	if text := log.String(); !strings.Contains(text, "trap.Step") || !strings.Contains(text, "level=ERROR") {
		t.Errorf("the log lacks the stack: %s", text)
	}
	w.look()
	if n := e.Stuck(); n != 1 {
		t.Errorf("%d stuck after another look", n)
	}
	ended := 0
	for seq := uint64(0); ; {
		event, ok, _ := e.Events().Next(seq)
		if !ok {
			break
		}
		if seq = event.Seq; event.Kind == Ended {
			ended++
			if event.Why != "stuck" {
				t.Errorf("ended: %q", event.Why)
			}
		}
	}
	close(rules.release)
	<-m.done
	if e.Stuck() != 0 || ended != 1 || e.Events().Newest() != 3 { // began, claimed, ended
		t.Errorf("returned: %d stuck, ended %d times, %d events", e.Stuck(), ended, e.Events().Newest())
	}
}

// A game that breaks whenever a match begins is not begun again at every attempt.
//
// Hazards: broken start.
func TestBrokenGameBeginsFewMatches(t *testing.T) {
	e, rules := newTrap(t, nil)
	close(rules.release)
	rules.panics.Store(true)
	refused := 0
	for range 20 {
		m, err := e.Begin(Order{Game: "trap"}, func(*Match, []Reservation, time.Time) ([]string, error) { return nil, nil })
		switch {
		case err == nil:
			<-m.done
		case err == error(ErrBroken):
			refused++
		default:
			t.Fatal(err)
		}
	}
	if refused != 20-breakerFree-1 {
		t.Errorf("%d of 20 matches refused, want all but the first %d", refused, breakerFree+1)
	}
	conn, _ := hello(e, "ann")
	if _, code := conn.state(); code != netcode.CodeMatchBroken {
		t.Errorf("a player is closed with %v, want match-broken", code)
	}
}

func TestCircuitBreaker(t *testing.T) {
	var b circuitBreaker
	now := time.Now()
	for range breakerFree {
		b.fail(now, 0)
	}
	if b.refuses(now) {
		t.Error("refuses at once")
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		b.fail(now, 0)
		if wait := want * time.Second; !b.refuses(now.Add(wait-1)) || b.refuses(now.Add(wait)) {
			t.Errorf("after %d failures: want a pause of %v", b.failures, wait)
		}
		now = now.Add(time.Minute)
	}
	b.succeed(time.Second)
	if b.failures == 0 {
		t.Error("a young match that ended in order says that all is well")
	}
	b.fail(now, breakerYoung)
	if b.refuses(now) {
		t.Error("an old match that broke stops new ones")
	}
	b.succeed(breakerYoung)
	if b.failures != 0 {
		t.Error("an old match that ended in order does not say that all is well")
	}
}

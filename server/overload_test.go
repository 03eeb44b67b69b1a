package server_test

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// heavy are rules whose step takes as long as the test wants.
type heavy struct {
	servertest.Drill
	step *atomic.Int64 // ns
}

func (h heavy) Step(w *game.World[servertest.DrillState], in *game.Inputs[servertest.DrillInput]) {
	h.Drill.Step(w, in)
	<-time.After(time.Duration(h.step.Load()))
}

// A server whose matches are late begins no new ones, then lets nobody new in,
// while those who play go on and come back when their connection drops. Once
// the matches are on time again everybody gets in.
//
// Hazards: overload.
func TestOverloadedServerSheds(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		var log logBuffer
		var step atomic.Int64
		slow := game.MustDefine("slow", heavy{step: &step}, game.Config{TickRate: 60, MaxPlayers: 2})
		s := servertest.Start(t, server.Config{
			Transport: kind, ShedLateness: 400 * time.Millisecond, ShedMemory: -1, ResumeWindow: time.Minute,
			Limits: transport.Limits{AuthTimeout: time.Minute},
			Games:  []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{MaxPlayers: 4}), slow},
			Log:    slog.New(slog.NewTextHandler(&log, nil)),
		})
		level := func(want float64) func() bool {
			return func() bool { return s.Metrics().Sum("arbiter_shedding") == want }
		}
		play := func(name, game string) servertest.Answer {
			return servertest.HTTP(t, "POST", s.URL+"/v1/play", `{"game":"`+game+`"}`, "Authorization: Bearer "+s.Token(name))
		}
		hurdle := startReader(s.Join("hal", "game", "slow"))
		ann := s.Join("ann")
		ann.Until("ann plays", func(view.Update) bool { return true })
		ann.Drop() // who does not read for so long would be closed as slow

		// Four steps a turn: each begins 583 ms late, which no busy machine makes of others.
		step.Store(int64(150 * time.Millisecond))
		servertest.Eventually(t, "new matches are refused", level(1))
		if a := play("bob", "slow"); a.Status != 201 {
			t.Errorf("a seat in a running match: %d %s", a.Status, a.Body)
		}
		if a := servertest.HTTP(t, "POST", s.URL+"/v1/matches", `{"game":"drill"}`, "Authorization: Bearer "+s.Token("bob")); a.Status != 503 ||
			a.Code() != "overloaded" || a.Header.Get("Retry-After") != "5" {
			t.Errorf("a new match: %d %s %v", a.Status, a.Body, a.Header)
		}
		if a := play("cat", "slow"); a.Status != 503 || a.Code() != "overloaded" || a.Header.Get("Retry-After") != "5" {
			t.Errorf("a seat in a new match: %d %s %v", a.Status, a.Body, a.Header)
		}
		if code, bye := endAfterHello(s.Dial("dan", "game", "slow")); code != netcode.CodeOverloaded || bye != code {
			t.Errorf("closed with %v, bye %v; want overloaded", code, bye)
		}
		if a := servertest.HTTP(t, "GET", s.Admin+"/readyz", ""); a.Status != 200 {
			t.Errorf("readyz at the first level: %d", a.Status)
		}

		between := s.Dial("eve")                  // upgraded in time, and silent until it is late
		step.Store(int64(250 * time.Millisecond)) // each turn begins 983 ms late
		servertest.Eventually(t, "new connections are refused", level(2))
		if a := servertest.HTTP(t, "GET", s.Admin+"/readyz", ""); a.Status != 503 || a.Code() != "shedding" {
			t.Errorf("readyz at the second level: %d %s", a.Status, a.Body)
		}
		if a := play("cat", "drill"); a.Status != 503 || a.Code() != "overloaded" {
			t.Errorf("a seat in a running match at the second level: %d %s", a.Status, a.Body)
		}
		if answer := raw(t, s, upgrade("/play?game=drill", "Authorization: Bearer "+s.Token("cat"))); !strings.HasPrefix(answer, "HTTP/1.1 503 ") || !strings.Contains(answer, "\r\nRetry-After: 5\r\n") ||
			!strings.Contains(answer, `"code":"overloaded"`) {
			t.Errorf("a new connection: %s", answer)
		}
		if code, _ := endAfterHello(between); code != netcode.CodeOverloaded {
			t.Errorf("a connection of before that says hello now: closed with %v, want overloaded", code)
		}
		ann = s.Resume(ann, "ann")
		ann.Input(servertest.DrillInput{Mark: 3})
		ann.Until("a running match goes on", func(u view.Update) bool { return u.AckSeq == 1 })
		from := ann.View.Frame().Tick
		ann.Drop()
		ann = s.Resume(ann, "ann")
		ann.Input(servertest.DrillInput{Mark: 4})
		ann.Until("and for one who resumes", func(u view.Update) bool { return u.AckSeq == 2 })
		if own, _ := ann.Own(); own.Sum != 7 || ann.View.Frame().Tick <= from {
			t.Errorf("after the resume: %+v at tick %d", own, ann.View.Frame().Tick)
		}

		step.Store(0)
		servertest.Eventually(t, "it recovers", level(0))
		for _, name := range []string{"cat", "dan"} {
			s.Join(name, "game", "slow").Until("they play", func(view.Update) bool { return true })
		}
		if a := servertest.HTTP(t, "GET", s.Admin+"/readyz", ""); a.Status != 200 {
			t.Errorf("readyz afterwards: %d", a.Status)
		}
		m := s.Metrics()
		for what, least := range map[string]float64{"match": 3, "seat": 1, "connection": 1, "hello": 1} {
			if n := m.Sum("arbiter_shed_refused_total", `what="`+what+`"`, `reason="lateness"`); n < least {
				t.Errorf("%v refused as %s, want %v", n, what, least)
			}
		}
		if text := log.String(); strings.Count(text, "level=WARN msg=shedding") != 2 || strings.Count(text, `level=INFO msg=shedding refused`) != 2 {
			t.Errorf("the log does not tell of two levels up and two down:\n%s", text)
		}
		leave([]*reader{hurdle})
	})
}

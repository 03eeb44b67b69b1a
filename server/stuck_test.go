package server_test

import (
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

type hangState struct{ Rows game.Table[hangRow] }
type hangRow struct{ Player game.PlayerID }
type hangInput struct{ X int8 }

// hangRules wait in their tenth step.
type hangRules struct{ release chan struct{} }

func (hangRules) Join(w *game.World[hangState], p game.Player) { w.State.Rows.Add(hangRow{p.ID}) }
func (hangRules) Leave(*game.World[hangState], game.PlayerID)  {}
func (r hangRules) Step(w *game.World[hangState], _ *game.Inputs[hangInput]) {
	if w.Tick() == 10 {
		<-r.release
	}
}

// The players of a match whose step does not return are sent away with 4101, the match
// is not listed any more, and a server whose processors it may use up is not ready.
//
// Hazards: endless step.
func TestStepThatNeverReturns(t *testing.T) {
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		rules := hangRules{make(chan struct{})}
		g := game.MustDefine[hangState, hangInput]("hang", rules, game.Config{TickRate: 60})
		s := servertest.Start(t, server.Config{Games: []game.Definition{g}, Transport: kind, StepTimeout: 200 * time.Millisecond})
		c, err := s.Try(url.Values{"game": {"hang"}, "token": {s.Token("ann")}})
		if err != nil {
			t.Fatal(err)
		}
		c.Hello(netcode.Hello{NeedSchema: true})
		for err == nil {
			_, err = c.Next()
		}
		if closed, ok := err.(*servertest.Closed); !ok || closed.Code != netcode.CodeMatchBroken {
			t.Errorf("the player's session ends with %v, want match-broken", err)
		}
		if list := servertest.HTTP(t, "GET", s.URL+"/v1/matches", "").Body; strings.Contains(list, c.Welcome.MatchID) {
			t.Errorf("still listed: %s", list)
		}
		want := 200
		if runtime.GOMAXPROCS(0) <= 2 {
			want = 503
		}
		if r := servertest.HTTP(t, "GET", s.Admin+"/readyz", ""); r.Status != want {
			t.Errorf("readyz answers %d %s, want %d", r.Status, r.Body, want)
		}
		close(rules.release)
		servertest.Eventually(t, "ready", func() bool { return servertest.HTTP(t, "GET", s.Admin+"/readyz", "").Status == 200 })
	})
}

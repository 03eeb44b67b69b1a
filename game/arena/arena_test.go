package arena

import (
	"math"
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
)

type match = gametest.Match[State, Input]

// stater is a match of either kind, game's or gametest's.
type stater interface{ State() *State }

// stage starts a match of n players whose ships are safe no longer.
func stage(t testing.TB, g *game.Game[State, Input], n int) *match {
	t.Helper()
	m := gametest.NewMatch(g, 1, game.Setup{})
	for i := range n {
		m.Join(game.Player{ID: game.PlayerID(i + 1)})
	}
	m.Step(61)
	return m
}

func ship(m stater, p game.PlayerID) *Ship {
	_, s := m.State().Ships.Find(func(s *Ship) bool { return s.Player == p })
	return s
}

func pilot(m stater, p game.PlayerID) *Pilot {
	_, x := m.State().Pilots.Find(func(x *Pilot) bool { return x.Player == p })
	return x
}

// place puts a ship somewhere, at rest.
func place(m *match, p game.PlayerID, x, y, angle float64) *Ship {
	s := ship(m, p)
	s.X, s.Y, s.Angle, s.VX, s.VY, s.Spin = x, y, angle, 0, 0, 0
	return s
}

// press steps with a new input of p, who is looking at the state of tick view.
func press(m *match, p game.PlayerID, view game.Tick, in Input) {
	m.InputAt(p, in, view)
	m.Step(1)
}

func TestFlight(t *testing.T) {
	m := stage(t, Game, 1)
	s := place(m, 1, 300, 300, 0)
	press(m, 1, 0, Input{Thrust: 1})
	m.Step(29)
	if s.X < 380 || s.X > 450 || s.Y != 300 || !s.Thrust {
		t.Errorf("a second of thrust led to %v, %v", s.X, s.Y)
	}
	fast := s.VX
	press(m, 1, 0, Input{})
	m.Step(29)
	if s.VX > 0.7*fast || s.VX < 0.4*fast || s.Thrust {
		t.Errorf("coasting a second changed %v to %v", fast, s.VX)
	}
	press(m, 1, 0, Input{Turn: 1})
	m.Step(9)
	if s.Angle < 0.8 || s.Angle > 1.3 {
		t.Errorf("ten ticks of turning led to %v", s.Angle)
	}
	place(m, 1, 20, 300, math.Pi)
	s.VX = -200
	m.Step(1)
	m.Step(1)
	if s.X < shipRadius || s.VX <= 0 {
		t.Errorf("no bounce at %v, %v", s.X, s.VX)
	}
}

func TestHeadingsAgreeWithMath(t *testing.T) {
	for i := range 4 * headings {
		a := float64(i-2*headings) * 2 * math.Pi / headings
		cos, sin := heading(a)
		if math.Abs(cos-math.Cos(a)) > 1e-6 || math.Abs(sin-math.Sin(a)) > 1e-6 {
			t.Fatalf("heading(%v) = %v, %v", a, cos, sin)
		}
	}
}

// duel has player 1 shoot at player 2, who crosses their line of fire. late is how
// many ticks ago player 1 sees player 2.
func duel(t *testing.T, g *game.Game[State, Input], late game.Tick) (hit bool) {
	m := stage(t, g, 2)
	place(m, 1, 100, 300, 0)
	place(m, 2, 300, 300, 0)
	for range 20 { // up at 150 units a second
		s := ship(m, 2)
		s.VY, s.VX = -150, 0
		m.Step(1)
	}
	// The bullet is at x = 300 after 12.5 ticks, and the target, as the shooter sees it
	// late, is at y = 300 then.
	target := ship(m, 2)
	press(m, 1, m.Tick()+1-late, Input{Fire: true})
	for n := range 40 {
		seen := 12.5 - float64(n) - float64(late) // ticks until the target is where the shooter aims
		target.Y, target.VY, target.VX = 300+(seen+1)*5, -150, 0
		if n == 1 {
			press(m, 1, 0, Input{})
		} else {
			m.Step(1)
		}
		if target.HP < shipHP {
			return true
		}
	}
	return false
}

func TestHitsAreJudgedByWhatTheShooterSaw(t *testing.T) {
	for _, late := range []game.Tick{1, 4, 7, 11} {
		if !duel(t, Game, late) {
			t.Errorf("a hit seen %d ticks late was not given", late)
		}
	}
	if duel(t, Uncompensated, 7) {
		t.Error("without compensation a shot aimed 7 ticks behind must miss")
	}
	if !duel(t, Uncompensated, 1) {
		t.Error("without compensation a shot aimed right must hit")
	}
	if duel(t, Game, 25) {
		t.Error("a claim of 25 ticks was granted; 400 ms are 12")
	}
}

// kill has player 1 shoot player 2 from nearby.
func kill(m *match) {
	for range 40 {
		if ship(m, 2) == nil {
			return
		}
		place(m, 1, 200, 300, 0)
		place(m, 2, 260, 300, 0)
		press(m, 1, 0, Input{Fire: true})
	}
}

func TestKillAndRespawn(t *testing.T) {
	m := stage(t, Game, 3)
	place(m, 3, 1000, 600, 0)
	var hits, told int
	for range 40 {
		if ship(m, 2) == nil {
			break
		}
		place(m, 1, 200, 300, 0)
		place(m, 2, 260, 300, 0)
		press(m, 1, 0, Input{Fire: true})
		told += len(gametest.Events(m, hitsOf))
		hits += len(gametest.Events(m, hitsOf)) / 2
	}
	if ship(m, 2) != nil || hits != shipHP || told != 2*shipHP {
		t.Fatalf("%d hits, %d told, ship %v", hits, told, ship(m, 2))
	}
	kills := gametest.Events(m, func(s *State) *game.Events[Kill] { return &s.Kills })
	explosions := gametest.Events(m, func(s *State) *game.Events[Explosion] { return &s.Explosions })
	if len(kills) != 1 || len(explosions) != 1 {
		t.Errorf("%d kills and %d explosions were told", len(kills), len(explosions))
	}
	one, two := pilot(m, 1), pilot(m, 2)
	if one.Score != killPoints || one.Kills != 1 || two.Deaths != 1 || two.Back == 0 {
		t.Errorf("%+v\n%+v", one, two)
	}
	press(m, 1, 0, Input{})
	for m.Tick().Before(two.Back - 1) {
		m.Step(1)
	}
	if ship(m, 2) != nil {
		t.Error("back too early")
	}
	m.Step(1)
	s := ship(m, 2)
	if s == nil || s.HP != shipHP || pilot(m, 2).Back != 0 || !m.Tick().Before(s.Safe) {
		t.Fatalf("not back as new: %+v", s)
	}
	if kill(m); ship(m, 2) == nil {
		t.Error("killed while safe")
	}
	if kill(m); ship(m, 2) != nil {
		t.Error("safe for ever")
	}
}

func TestLeavingTakesEverythingAway(t *testing.T) {
	m := stage(t, Game, 2)
	kill(m)
	m.Leave(2)
	m.Step(1)
	m.Step(100)
	if ship(m, 2) != nil || pilot(m, 2) != nil || ship(m, 1) == nil {
		t.Error("something of a player who left is still there")
	}
}

// rename steps with the command of p for another name.
func rename(m *match, p game.PlayerID, name string) {
	gametest.Send(m, func(s *State) *game.Commands[Rename] { return &s.Renames }, p, Rename{Name: name})
	m.Step(1)
}

func hitsOf(s *State) *game.Events[Hit]         { return &s.Hits }
func roundsOf(s *State) *game.Events[RoundOver] { return &s.Rounds }

func TestRename(t *testing.T) {
	m := gametest.NewMatch(Game, 1, game.Setup{})
	m.Join(game.Player{ID: 1, Name: "  Ann\n"}, game.Player{ID: 2, Name: "\x00"})
	m.Step(1)
	if a, b := pilot(m, 1).Name, pilot(m, 2).Name; a != "Ann" || b != "pilot 2" {
		t.Errorf("%q, %q", a, b)
	}
	for ask, want := range map[string]string{" Bö\tb ": "Böb", "": "Böb", " \n": "Böb", "a very long name indeed": "a very long name"} {
		pilot(m, 1).Name = "Böb"
		rename(m, 1, ask)
		if got := pilot(m, 1).Name; got != want {
			t.Errorf("%q became %q, want %q", ask, got, want)
		}
	}
}

func TestRounds(t *testing.T) {
	g, err := New("short", Config{Seconds: 4, Rounds: 2})
	if err != nil {
		t.Fatal(err)
	}
	m := stage(t, g, 2)
	kill(m)
	for len(gametest.Events(m, roundsOf)) == 0 {
		m.Step(1)
	}
	if over := gametest.Events(m, roundsOf)[0].Row; m.Tick() != 120 || over != (RoundOver{Number: 1, Winner: 1, Score: killPoints}) {
		t.Errorf("tick %d: %+v", m.Tick(), over)
	}
	if r := m.State().Round.Get(); r.Number != 2 || r.Ends != 240 || pilot(m, 1).Score != 0 || ship(m, 2) == nil {
		t.Errorf("%+v %+v", r, pilot(m, 1))
	}
	for m.Result() == nil {
		m.Step(1)
	}
	if m.Tick() != 240 || len(m.Result().Scores) != 2 {
		t.Errorf("finished at %d with %+v", m.Tick(), m.Result())
	}
}

func TestFieldHasRoom(t *testing.T) {
	for _, n := range []int{1, 4, 16, 64} {
		m := stage(t, Game, n)
		f := m.State().Field.Get()
		area := f.W * f.H / float64(max(n, 4))
		if area < 180000 || area > 190000 {
			t.Errorf("%d players have %.0f square units each on %v by %v", n, area, f.W, f.H)
		}
		for _, s := range m.State().Ships.All() {
			if s.X < 0 || s.Y < 0 || s.X > f.W || s.Y > f.H {
				t.Errorf("a ship starts outside, at %v, %v", s.X, s.Y)
			}
		}
	}
}

func TestLargeHasFiveHundredAndAnEye(t *testing.T) {
	m := stage(t, Large, 64)
	s := m.State()
	if n := s.Ships.Len() + s.Drones.Len(); n != 500 {
		t.Errorf("%d entities", n)
	}
	eye, ok := m.Eye(3)
	if me := ship(m, 3); !ok || eye.X != me.X || eye.Y != me.Y || eye.Radius != 600 {
		t.Errorf("%+v, %v", eye, ok)
	}
	if _, ok := m.Eye(0); ok {
		t.Error("a spectator has an eye")
	}
	if _, ok := stage(t, Game, 1).Eye(1); ok || !Large.New(1).HasEye() || Game.New(1).HasEye() {
		t.Error("eyes where there should be none")
	}
	drones := map[game.ID]Drone{}
	for id, d := range s.Drones.All() {
		drones[id] = *d
	}
	m.Step(30)
	moved := 0
	for id, d := range s.Drones.All() {
		if d.X != drones[id].X || d.Y != drones[id].Y {
			moved++
		}
	}
	if moved < 400 {
		t.Errorf("only %d drones moved", moved)
	}
}

func TestScriptedMatchSeesEverything(t *testing.T) {
	m := Large.New(1)
	script := gametest.NewScript(m.Schema(), gametest.ScriptConfig{Players: 32})
	var events [4]int
	for range 3000 {
		m.Step(script.Next())
		for i := range events {
			events[i] += m.Posted(i).Len()
		}
	}
	if events[0] == 0 || events[2] == 0 {
		t.Errorf("hits, kills, explosions, rounds: %v", events)
	}
}

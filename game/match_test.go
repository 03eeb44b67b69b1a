package game

import (
	"slices"
	"strings"
	"testing"
	"time"

	"arbiter/game/sim"
)

type probeState struct {
	Rows Table[struct{ X int }]
	Bang Events[struct{ N int }]
	Ask  Commands[struct {
		N    int8
		Text string `net:"len=5"`
	}]
	Round Value[struct{ N int }]
}

type probeInput struct {
	Move int8 `net:"min=-1,max=1"`
	Wide int16
	Aim  float64 `net:"step=1/4"`
}

// probe is a game whose step the test gives.
type probe struct {
	step func(w *World[probeState], in *Inputs[probeInput])
}

func (probe) Join(w *World[probeState], p Player)    {}
func (probe) Leave(w *World[probeState], p PlayerID) {}
func (p probe) Step(w *World[probeState], in *Inputs[probeInput]) {
	if p.step != nil {
		p.step(w, in)
	}
}

func probing(c Config, step func(w *World[probeState], in *Inputs[probeInput])) *Match[probeState, probeInput] {
	return MustDefine[probeState, probeInput]("probe", probe{step}, c).New(1)
}

func TestEventsReachWhomTheyAreFor(t *testing.T) {
	m := probing(Config{}, func(w *World[probeState], in *Inputs[probeInput]) {
		switch w.Tick() {
		case 1:
			w.State.Bang.Emit(struct{ N int }{1})
			w.State.Bang.EmitTo(struct{ N int }{2}, 7)
			w.State.Bang.EmitTo(struct{ N int }{3}, 8, 0, 9)
		case 3:
			for i := range MaxPerTick + 5 {
				w.State.Bang.Emit(struct{ N int }{i})
			}
		}
	})
	m.Step(&sim.TickInput{})
	var b sim.Block
	m.Posted(0).Capture(&b)
	var to []PlayerID
	for i := range m.Posted(0).Len() {
		to = append(to, m.Posted(0).To(i))
	}
	if !slices.Equal(to, []PlayerID{0, 7, 8, 9}) || !slices.Equal(b.Cells, []int64{1, 2, 3, 3}) {
		t.Errorf("to %v: %v", to, b.Cells)
	}
	m.Step(&sim.TickInput{})
	if m.Posted(0).Len() != 0 {
		t.Error("events outlived their tick")
	}
	m.Step(&sim.TickInput{})
	if m.Posted(0).Len() != MaxPerTick || m.Posted(0).Dropped() != 5 {
		t.Errorf("%d events, %d dropped", m.Posted(0).Len(), m.Posted(0).Dropped())
	}
}

func TestCommandsReachTheRulesOnce(t *testing.T) {
	var got []string
	m := probing(Config{}, func(w *World[probeState], in *Inputs[probeInput]) {
		for p, c := range w.State.Ask.All() {
			got = append(got, strings.Repeat("p", int(p))+" "+strings.Repeat("n", int(c.N))+" "+c.Text)
		}
	})
	row := func(n int64, text string) sim.Row { return sim.Row{Cells: []int64{n, 0}, Texts: []string{text}} }
	m.Step(&sim.TickInput{Joins: []Player{{ID: 1}, {ID: 2}}, Commands: []sim.PlayerCommand{
		{Player: 2, Row: row(3, "longer than five")},
		{Player: 1, Row: row(1, "ok")},
		{Player: 3, Row: row(1, "nobody")},
		{Player: 1, Kind: 1, Row: row(1, "unknown kind")},
		{Player: 1, Kind: -1, Row: row(1, "unknown kind")},
		{Player: 1, Row: sim.Row{Cells: []int64{1}}},
		{Player: 1, Row: sim.Row{Cells: []int64{2, 9}, Texts: []string{"out of range"}}},
	}})
	m.Step(&sim.TickInput{})
	if want := []string{"pp nnn longe", "p n ok", "p nn "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	many := sim.TickInput{}
	for range MaxPerTick + 1 {
		many.Commands = append(many.Commands, sim.PlayerCommand{Player: 1, Row: row(0, "")})
	}
	got = nil
	if m.Step(&many); len(got) != MaxPerTick {
		t.Errorf("%d commands reached one step", len(got))
	}
}

func TestInputsAreHeldAndBounded(t *testing.T) {
	var got probeInput
	var fresh bool
	m := probing(Config{}, func(w *World[probeState], in *Inputs[probeInput]) {
		got, fresh = in.Of(1), in.Fresh(1)
		if in.Of(9) != (probeInput{}) || in.Fresh(9) || in.View(9) != w.Tick()-1 {
			t.Error("somebody without a seat has an input")
		}
	})
	put := func(cells ...int64) sim.TickInput {
		return sim.TickInput{Inputs: []sim.PlayerInput{{Player: 1, Seq: 1, Cells: cells}}}
	}
	steps := []struct {
		in    sim.TickInput
		want  probeInput
		fresh bool
	}{
		{sim.TickInput{Joins: []Player{{ID: 1}}}, probeInput{}, false},
		{put(1, 2, 3), probeInput{1, 2, 0.75}, true},
		{sim.TickInput{}, probeInput{1, 2, 0.75}, false},
		{put(-100, 1<<40, -3), probeInput{-1, 1<<15 - 1, -0.75}, true},
		{put(1), probeInput{-1, 1<<15 - 1, -0.75}, false},
		{sim.TickInput{Joins: []Player{{ID: 1}, {ID: 0}}}, probeInput{-1, 1<<15 - 1, -0.75}, false},
		{sim.TickInput{Leaves: []PlayerID{1, 1, 5}}, probeInput{}, false},
		{sim.TickInput{Joins: []Player{{ID: 1}}}, probeInput{}, false},
		{sim.TickInput{Leaves: []PlayerID{1}, Joins: []Player{{ID: 1}}, Inputs: put(0, 5, 0).Inputs}, probeInput{0, 5, 0}, true},
	}
	for i, s := range steps {
		if m.Step(&s.in); got != s.want || fresh != s.fresh {
			t.Errorf("step %d: %+v fresh %v, want %+v fresh %v", i, got, fresh, s.want, s.fresh)
		}
	}
}

func TestJoinsBeyondTheSeatsAreIgnored(t *testing.T) {
	m := probing(Config{MaxPlayers: 2}, nil)
	m.Step(&sim.TickInput{Joins: []Player{{ID: 3}, {ID: 1}, {ID: 2}}})
	var got []PlayerID
	for p := range m.world.Players() {
		got = append(got, p.ID)
	}
	if !slices.Equal(got, []PlayerID{1, 3}) {
		t.Errorf("seated %v", got)
	}
}

func TestAtReachesBackAsFarAsItMay(t *testing.T) {
	const reach = 4
	var asked []Tick
	m := probing(Config{TickRate: 16, Rewind: time.Second / 4}, func(w *World[probeState], in *Inputs[probeInput]) {
		w.State.Round.Get().N = int(w.Tick()) // so that the past tells its tick
		now := w.Tick()
		oldest := now - min(now, reach)
		asked = asked[:0]
		for _, want := range []struct{ ask, get Tick }{
			{now, now}, {now + 1, now}, {now + 1<<30, now}, {now - 1, now - 1}, {oldest, oldest},
			{oldest - 1, oldest}, {now - 1<<30, oldest}, {now - 1<<31 + 1, oldest},
		} {
			asked = append(asked, want.ask)
			if got := w.At(want.ask).Round.Get().N; got != int(want.get) {
				t.Errorf("tick %d: At(%d) is of tick %d, want %d", now, want.ask, got, want.get)
			}
		}
	})
	for range 20 {
		m.Step(&sim.TickInput{})
	}
	if len(asked) == 0 {
		t.Error("nothing was asked")
	}
	flat := probing(Config{}, func(w *World[probeState], in *Inputs[probeInput]) {
		if w.At(0) != &w.State {
			t.Error("a game without rewind has a past")
		}
	})
	flat.Step(&sim.TickInput{})
}

func TestView(t *testing.T) {
	var got Tick
	m := probing(Config{Rewind: time.Second}, func(w *World[probeState], in *Inputs[probeInput]) { got = in.View(1) })
	m.Step(&sim.TickInput{Joins: []Player{{ID: 1}}})
	for range 20 {
		m.Step(&sim.TickInput{})
	}
	for _, claim := range []Tick{0, 15, 50, 23} {
		m.Step(&sim.TickInput{Inputs: []sim.PlayerInput{{Player: 1, View: claim, Cells: []int64{0, 0, 0}}}})
		now := m.Tick()
		want := now - 1
		if claim != 0 && claim < now {
			want = claim
		}
		if got != want {
			t.Errorf("tick %d: claim %d gives %d, want %d", now, claim, got, want)
		}
		m.Step(&sim.TickInput{})
		if got != want+1 {
			t.Errorf("a held input's view stands still at %d", got)
		}
	}
}

func TestFinish(t *testing.T) {
	scores := []Score{{Player: 1, Points: 10}}
	m := probing(Config{}, func(w *World[probeState], in *Inputs[probeInput]) {
		if w.Tick() >= 3 {
			w.Finish(Result{Reason: "tick " + strings.Repeat("i", int(w.Tick())), Scores: scores})
		}
	})
	for range 2 {
		m.Step(&sim.TickInput{})
	}
	if m.Result() != nil {
		t.Error("finished too early")
	}
	m.Step(&sim.TickInput{})
	m.Step(&sim.TickInput{})
	scores[0].Points = 0
	if r := m.Result(); r == nil || r.Reason != "tick iii" || r.Scores[0].Points != 10 {
		t.Errorf("%+v", r)
	}
}

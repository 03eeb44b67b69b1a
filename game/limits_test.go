package game_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

type wideRow struct {
	Text [4]string `net:"len=64"` // 268 bytes
	N    [4]int64
}

type fullState struct {
	Small  game.Table[struct{ N uint8 }]
	Wide   game.Table[wideRow]
	Hidden game.Table[struct {
		N int `net:"-"`
	}]
}

// fullRules add as many rows as their input says.
type fullInput struct {
	Small, Wide, Hidden int32
}

type fullRules struct{}

func (fullRules) Join(*game.World[fullState], game.Player)    {}
func (fullRules) Leave(*game.World[fullState], game.PlayerID) {}
func (fullRules) Step(w *game.World[fullState], in *game.Inputs[fullInput]) {
	i := in.Of(1)
	for range i.Small {
		w.State.Small.Add(struct{ N uint8 }{})
	}
	for range i.Wide {
		w.State.Wide.Add(wideRow{})
	}
	for range i.Hidden {
		w.State.Hidden.Add(struct {
			N int `net:"-"`
		}{})
	}
}

var fullGame = game.MustDefine[fullState, fullInput]("full", fullRules{}, game.Config{})

// Hazards: large state.
func TestRulesAreStoppedAtALimit(t *testing.T) {
	const row = 5 + 4*67 + 4*9
	const fits = game.MaxStateBytes / row
	for name, c := range map[string]struct {
		cells []int64
		want  string
	}{
		"as many rows as a table may have":  {[]int64{game.MaxRows, 0, 0}, ""},
		"one more":                          {[]int64{game.MaxRows + 1, 0, 0}, "game: table Small has 65536 rows"},
		"rows that nobody is sent":          {[]int64{0, 0, 2 * game.MaxRows}, ""},
		"as many bytes as a state may have": {[]int64{0, fits, 0}, ""},
		"a row more":                        {[]int64{1, fits + 1, 0}, "game: table Wide takes up to"},
	} {
		m := fullGame.New(1)
		got := ""
		func() {
			defer func() {
				if v := recover(); v != nil {
					var limit *game.LimitError
					if err, _ := v.(error); !errors.As(err, &limit) {
						t.Errorf("%s: panic of %v, want a LimitError", name, v)
					}
					got = v.(error).Error()
				}
			}()
			m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}}, Inputs: []sim.PlayerInput{{Player: 1, Seq: 1, Cells: c.cells}}})
		}()
		if !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: %q, want %q…", name, got, c.want)
		}
	}
}

type eyeRules struct {
	fullRules
	radius float64
}

func (r eyeRules) Eye(*game.World[fullState], game.PlayerID) (game.Area, bool) {
	return game.Area{Radius: r.radius}, true
}

// A radius that is none is zero.
func TestRadiusIsNeverNegative(t *testing.T) {
	for radius, want := range map[float64]float64{-1: 0, math.Inf(-1): 0, math.NaN(): 0, 0: 0, 2: 2, math.Inf(1): math.Inf(1)} {
		m := game.MustDefine[fullState, fullInput]("full", eyeRules{radius: radius}, game.Config{}).New(1)
		if area, ok := m.Eye(1); area.Radius != want || !ok {
			t.Errorf("a radius of %v becomes %v, %v; want %v", radius, area.Radius, ok, want)
		}
	}
}

// A table whose ids are used up says so, and gives none twice.
func TestIDsEnd(t *testing.T) {
	m := fullGame.New(1)
	m.Load(1, []sim.Block{{Width: 1, Last: math.MaxUint32 - 1}, {Width: 8}, {}}, make([]int64, 3))
	rows := &m.State().Small
	if id := rows.Add(struct{ N uint8 }{}); id != math.MaxUint32 {
		t.Errorf("the last id is %d", id)
	}
	n := 0
	for range rows.All() {
		n++
	}
	defer func() {
		if v := recover(); n != 1 || v == nil || !strings.Contains(v.(error).Error(), "table Small has given its last id") {
			t.Errorf("%d rows, panic of %v", n, v)
		}
	}()
	rows.Add(struct{ N uint8 }{})
}

package gents

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/sim"
	"arbiter/game/tag"
)

var update = flag.Bool("update", false, "rewrite testdata; read the difference before committing it")

// hand has what the demo games have not: nesting, arrays, every kind of field.
type hand struct {
	Cards game.Table[struct {
		Owner game.PlayerID
		Grid  [2][3]struct {
			Suit  uint8 `net:"min=0,max=3"`
			Shown bool
		}
		Place struct{ X, Y float64 }
		Note  string `net:"owner"`
		Größe int64
	}]
	Deck game.Value[struct{ Left int }]
}

type handInput struct {
	Pick int8    `net:"min=-1,max=5"`
	At   float64 `net:"step=1/4,min=-1,max=1"`
	Aim  float64 `net:"step=tau/256,wrap"`
}

type rules struct{}

func (rules) Join(*game.World[hand], game.Player)             {}
func (rules) Leave(*game.World[hand], game.PlayerID)          {}
func (rules) Step(*game.World[hand], *game.Inputs[handInput]) {}

// TestGolden's files are compiled by the tests of netcode/ts.
func TestGolden(t *testing.T) {
	for _, s := range []*sim.Schema{
		arena.Game.Schema(), tag.Game.Schema(),
		game.MustDefine[hand, handInput]("hand-of-3", rules{}, game.Config{}).Schema(),
	} {
		path := filepath.Join("testdata", s.Game+".ts")
		got := TypeScript(s)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from what is written now; run go test -run Golden -update and read the difference.\n%s", path, got)
		}
	}
}

func TestTypeName(t *testing.T) {
	for name, want := range map[string]string{
		"arena": "Arena", "arena-large": "ArenaLarge", "hand-of-3": "HandOf3", "2048": "_2048", "-": "Game", "a_b": "AB", "jeu-élan": "JeuÉlan",
	} {
		if got := TypeName(name); got != want {
			t.Errorf("TypeName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	for name, want := range map[string]string{"X": "X", "Größe": "Größe", "_a1": "_a1", "1a": `"1a"`, "a b": `"a b"`} {
		if got := key(name); got != want {
			t.Errorf("key(%q) = %s, want %s", name, got, want)
		}
	}
}

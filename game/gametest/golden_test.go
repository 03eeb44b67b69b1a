package gametest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/tag"
)

var update = flag.Bool("update", false, "rewrite the golden files of this package")

// The demo games play the same match on every machine and in every build. A
// change of their rules, of the script or of the core rewrites the files with
//
//	go test ./game/gametest -run Golden -update
//
// and the same test built for wasm must then pass as it is:
//
//	GOOS=js GOARCH=wasm go test -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run Golden ./game/gametest
func TestGoldenHashes(t *testing.T) {
	for _, def := range []game.Definition{tag.Game, arena.Game, arena.Large} {
		t.Run(def.Name(), func(t *testing.T) {
			sim := def.NewSim(1)
			script := gametest.NewScript(def.Schema(), gametest.ScriptConfig{Seed: 1})
			var got strings.Builder
			for n := range 601 {
				if n%60 == 0 {
					fmt.Fprintf(&got, "tick %d %016x\n", n, sim.Hash())
				}
				sim.Step(script.Next())
			}
			file := filepath.Join("testdata", def.Name()+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("the match went another way than in %s:\n%s\nwant\n%s", file, got.String(), want)
			}
		})
	}
}

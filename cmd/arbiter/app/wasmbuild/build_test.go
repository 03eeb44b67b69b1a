package wasmbuild

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// module writes a module that can import Arbiter, and returns its folder.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is missing, which compiles the rules")
	}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files["go.mod"] = "module example.com/mine\n\ngo 1.26\n\nrequire arbiter v0.0.0\n\nreplace arbiter => " + root + "\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOFLAGS", "-mod=mod")
	return dir
}

const pong = `package pong

import "arbiter/game"

type State struct{ Score game.Value[struct{ Points int }] }
type Input struct{ Up bool }
type rules struct{}

func (rules) Join(*game.World[State], game.Player)         {}
func (rules) Leave(*game.World[State], game.PlayerID)      {}
func (rules) Step(*game.World[State], *game.Inputs[Input]) {}

var (
	Points = []int{1, 2}
	Any    any = Game
	Game       = game.MustDefine[State, Input]("pong", rules{}, game.Config{})
	Same       = []game.Definition{Game}
	None   game.Definition
)
`

func TestFindGames(t *testing.T) {
	dir := module(t, map[string]string{"internal/pong/pong.go": pong, "main.go": "package main\n\nfunc main() {}\n"})
	b := builder{ctx: t.Context(), dir: dir, scratch: t.TempDir()}
	if err := b.readFlags(); err != nil {
		t.Fatal(err)
	}
	list, err := b.list([]string{"./..."})
	if err != nil || len(list) != 1 || list[0].Name != "pong" {
		t.Fatalf("%v, %v", list, err)
	}
	found, err := b.findGames(list)
	if err != nil || len(found) != 2 || found[0].Name != "Game" || found[0].Slice || found[1].Name != "Same" || !found[1].Slice {
		t.Fatalf("found %+v, %v", found, err)
	}
	m, err := manifestOf(found, []string{"./..."})
	if err != nil || len(m.Games) != 1 || len(m.Games["pong"]) != 16 {
		t.Errorf("manifest %v, %v", m, err)
	}
	want := "\tlist = append(list, p0.Game)\n\tfor _, g := range p0.Same {\n"
	if source := guestMain(found); !strings.Contains(source, want) {
		t.Errorf("lacks\n%s\n%s", want, source)
	}
	if files, err := os.ReadDir(filepath.Join(dir, "internal/pong")); err != nil || len(files) != 1 {
		t.Errorf("the package's folder has %v, %v", files, err)
	}
}

func TestRefused(t *testing.T) {
	dir := module(t, map[string]string{
		"main.go":         "package main\n\nfunc main() {}\n",
		"none/none.go":    "package none\n\nvar Answer = 42\n\nfunc F() {}\n",
		"broken/b.go":     "package broken\n\nvar Answer int = \"42\"\n",
		"panics/panic.go": "package panics\n\nvar Answer = f()\n\nfunc f() int { panic(\"no dice\") }\n",
	})
	for pkg, want := range map[string]string{
		".":         ". is a program, which nothing can import: move the game into a package of its own",
		"./none":    "./none exports no game: write one as a variable",
		"./broken":  "cannot use \"42\"",
		"./panics":  "no dice",
		"./missing": "missing",
	} {
		_, err := Build(t.Context(), Config{Dir: dir, Packages: []string{pkg}, Out: t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nlacks %q", pkg, err, want)
		}
	}
	if _, err := Build(t.Context(), Config{}); err == nil || !strings.Contains(err.Error(), "no package") {
		t.Error(err)
	}
	same := []variable{{Name: "A", Games: map[string]string{"pong": "1"}}, {Name: "B", Games: map[string]string{"pong": "2"}}}
	if _, err := manifestOf(same, nil); err == nil || !strings.Contains(err.Error(), `two games have the name "pong"`) {
		t.Error(err)
	}
}

func TestReadManifest(t *testing.T) {
	wasm := &fstest.MapFile{Data: []byte("…")}
	for _, c := range []struct {
		files fstest.MapFS
		want  string
	}{
		{fstest.MapFS{"rules-a.wasm.gz": wasm}, "rules-a.wasm.gz without a manifest"},
		{fstest.MapFS{"rules-a.wasm.gz": wasm, "rules-b.wasm.gz": wasm}, "2 modules, rules-a.wasm.gz, rules-b.wasm.gz: remove"},
		{fstest.MapFS{"rules-a.wasm.gz": wasm, "rules-a.json": {Data: []byte("[")}}, "manifest of rules-a.wasm.gz: "},
	} {
		if _, err := ReadManifest(c.files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.files, err, c.want)
		}
	}
	if _, err := ReadManifest(fstest.MapFS{}); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

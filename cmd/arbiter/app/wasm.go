package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"arbiter/cmd/arbiter/app/wasmbuild"
	"arbiter/cmd/arbiter/web"
	"arbiter/game"
)

// wasmCommand builds the rules that browsers predict by.
type wasmCommand struct {
	Out      string   `short:"o" default:"wasm" placeholder:"DIR" help:"Output folder (${default}). Rules that are there already are replaced."`
	Packages []string `arg:"" name:"package" help:"Go package that exports its games as variables: an import path or a folder, such as ./pong."`
}

// Help is the part of the help text above the flags.
func (wasmCommand) Help() string {
	return `A browser predicts its player by the game's own Go code, compiled to WebAssembly. This command
needs the go command and the source of the package. It writes rules-HASH.wasm.gz, whose name
changes with the rules, the same in brotli (.wasm.br), and rules-HASH.json, which lists the games.

    arbiter wasm -o wasm ./pong
    arbiter serve --wasm wasm

A game is an exported variable, such as: var Game = game.MustDefine[State, Input]("pong", …).
Build the rules again whenever the game changes.`
}

// Run builds the rules.
func (c *wasmCommand) Run(ctx context.Context, s streams) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	r, err := wasmbuild.Build(ctx, wasmbuild.Config{Packages: c.Packages, Out: c.Out})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: rules of %s, %d bytes, %d compressed\n",
		r.File, strings.Join(slices.Sorted(maps.Keys(r.Games)), ", "), r.Size, r.Compressed)
	return err
}

// rulesFlags say where the rules for browsers are.
type rulesFlags struct {
	WASM string `name:"wasm" group:"Matches" placeholder:"DIR" help:"Folder with the rules for browsers, as arbiter wasm -o DIR writes it. Without it, those that are built into this program, if there are any."`
}

// browserRules returns the folder of rules that browsers are served, nil if there
// is none that fits the games, which are at their own rates. builtIn is what main
// brought along, if anything. Rules that were asked for, by --wasm or by main, must
// not be of another version than a game.
func (f *rulesFlags) browserRules(builtIn fs.FS, hosted []game.Definition, log *slog.Logger) (fs.FS, error) {
	from := "the rules that are built into this program"
	dir, asked := web.Rules(), false // those of the demo games, perhaps
	switch {
	case f.WASM != "":
		from, dir, asked = fmt.Sprintf("--wasm: %q", f.WASM), os.DirFS(f.WASM), true
	case builtIn != nil:
		dir, asked = rulesIn(builtIn), true
	}
	m, err := wasmbuild.ReadManifest(dir)
	switch {
	case asked && errors.Is(err, wasmbuild.ErrNone):
		return nil, fmt.Errorf("%s: there are no rules: build them with %s", from, f.remedy())
	case asked && err != nil:
		return nil, fmt.Errorf("%s: %w: build them again with %s", from, err, f.remedy())
	case err != nil:
		return nil, nil
	}
	fits := false
	for _, g := range hosted {
		is, has := m.Games[g.Name()]
		switch {
		case has && is == wasmbuild.SchemaHash(g):
			fits = true
		case has && asked:
			return nil, fmt.Errorf("%s: the rules of %s are of another version of the game: build them again with %s", from, g.Name(), f.remedy())
		case asked:
			log.Warn("browsers cannot predict a game, because its rules were not built for them", "game", g.Name(), "remedy", f.remedy())
		}
	}
	if !fits {
		return nil, nil
	}
	return dir, nil
}

// rulesIn is the folder with rules in a file system, which an embedded one has
// below its top.
func rulesIn(files fs.FS) fs.FS {
	found := files
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasPrefix(d.Name(), "rules-") {
			return nil // what can't be read has no rules
		}
		if sub, err := fs.Sub(files, path.Dir(name)); err == nil {
			found = sub
		}
		return fs.SkipAll
	})
	return found
}

// remedy is the command that builds the rules.
func (f *rulesFlags) remedy() string {
	dir := "DIR"
	if f.WASM != "" {
		dir = filepath.Clean(f.WASM)
	}
	return "arbiter wasm -o " + dir + " PACKAGE"
}

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
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
changes with the rules, and rules-HASH.json, which lists the games.

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

// browserRules returns the folder of rules that browsers are served, nil if there is
// none that fits the games, which are at their own rates. Rules of another version
// than a game's are refused if they were asked for, and not served if they were
// not.
func (f *rulesFlags) browserRules(hosted []game.Definition, log *slog.Logger) (fs.FS, error) {
	dir := web.Rules()
	if f.WASM != "" {
		dir = os.DirFS(f.WASM)
	}
	m, err := wasmbuild.ReadManifest(dir)
	switch {
	case f.WASM != "" && errors.Is(err, wasmbuild.ErrNone):
		return nil, fmt.Errorf("--wasm: %q holds no rules: build them with %s", f.WASM, f.remedy())
	case f.WASM != "" && err != nil:
		return nil, fmt.Errorf("--wasm: %q: %w: build the rules again with %s", f.WASM, err, f.remedy())
	case err != nil:
		return nil, nil
	}
	fits := false
	for _, g := range hosted {
		is, has := m.Games[g.Name()]
		switch {
		case has && is == wasmbuild.SchemaHash(g):
			fits = true
		case has && f.WASM != "":
			return nil, fmt.Errorf("--wasm: the rules of %s in %q are of another version of the game: build them again with %s", g.Name(), f.WASM, f.remedy())
		case f.WASM != "":
			log.Warn("browsers cannot predict this game, whose rules are not among those of --wasm", "game", g.Name(), "remedy", f.remedy())
		}
	}
	if !fits {
		return nil, nil
	}
	return dir, nil
}

// remedy is the command that builds the rules.
func (f *rulesFlags) remedy() string {
	dir := "DIR"
	if f.WASM != "" {
		dir = filepath.Clean(f.WASM)
	}
	return "arbiter wasm -o " + dir + " PACKAGE"
}

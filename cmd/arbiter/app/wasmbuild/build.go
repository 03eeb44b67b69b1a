package wasmbuild

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Config says what to build.
type Config struct {
	// Packages are import paths or folders, as the go command takes them, such as
	// ./pong; at least one.
	Packages []string
	// Out is the folder that gets the files; it is made if it is missing. Rules
	// that are there already are removed.
	Out string
	// Dir is where the paths of Packages are relative to; empty: the working
	// directory.
	Dir string
}

// Result is what was built.
type Result struct {
	Manifest
	File       string // path of the compressed module
	Size       int    // of the module, in bytes
	Compressed int    // size of the file, in bytes
}

// Build compiles the rules of all games that the packages export. The error says
// what the go command said, if it was the one that failed.
func Build(ctx context.Context, c Config) (Result, error) {
	if len(c.Packages) == 0 {
		return Result{}, errors.New("no package: name one that exports a game, such as ./pong")
	}
	scratch, err := os.MkdirTemp("", "arbiter-wasm-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(scratch)
	b := builder{ctx: ctx, dir: c.Dir, scratch: scratch}
	if err := b.readFlags(); err != nil {
		return Result{}, err
	}
	list, err := b.list(c.Packages)
	if err != nil {
		return Result{}, err
	}
	found, err := b.findGames(list)
	if err != nil {
		return Result{}, err
	}
	manifest, err := manifestOf(found, c.Packages)
	if err != nil {
		return Result{}, err
	}
	wasm, err := b.compile(list, found)
	if err != nil {
		return Result{}, err
	}
	p, err := pack(wasm, manifest, c.Out)
	if err != nil {
		return Result{}, fmt.Errorf("store the rules: %w", err)
	}
	return Result{manifest, filepath.Join(c.Out, p.name+moduleExt), len(wasm), p.size}, nil
}

// manifestOf refuses games that a module can't tell apart, and none at all.
func manifestOf(found []variable, packages []string) (Manifest, error) {
	m := Manifest{Games: map[string]string{}}
	from := map[string]string{}
	for _, v := range found {
		for name, hash := range v.Games {
			if first, twice := from[name]; twice && m.Games[name] != hash {
				return m, fmt.Errorf("two games have the name %q, %s and %s: give each a name of its own", name, first, v)
			}
			m.Games[name], from[name] = hash, v.String()
		}
	}
	if len(found) == 0 {
		return m, fmt.Errorf("%s exports no game: write one as a variable, such as: var Game = game.MustDefine[State, Input](…), in a package that is not main", strings.Join(packages, ", "))
	}
	return m, nil
}

// builder runs the go command.
type builder struct {
	ctx     context.Context
	dir     string
	scratch string   // folder of its own
	flags   []string // -mod and -modfile, as the user's environment has them
}

// readFlags keeps of GOFLAGS what says where modules come from, and drops the
// rest, so that the same sources give the same module everywhere.
func (b *builder) readFlags() error {
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("the rules are compiled by the go command, which is missing: install Go from https://go.dev/dl: %w", err)
	}
	flags, err := b.run(b.dir, nil, "env", "GOFLAGS")
	if err != nil {
		return err
	}
	for _, f := range strings.Fields(string(flags)) {
		if strings.HasPrefix(f, "-mod=") || strings.HasPrefix(f, "-modfile=") {
			b.flags = append(b.flags, f)
		}
	}
	return nil
}

var (
	forGuest = []string{"GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0"}
	noFlags  = "GOFLAGS="
)

// run runs the go command and returns its standard output.
func (b *builder) run(dir string, env []string, args ...string) ([]byte, error) {
	c := exec.CommandContext(b.ctx, "go", args...) // #nosec G204 -- packages that the developer names, for the compiler
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, strings.TrimSpace(said.String()))
	}
	return out, nil
}

// compile builds the module.
func (b *builder) compile(list []goPackage, games []variable) ([]byte, error) {
	out := filepath.Join(b.scratch, "rules.wasm")
	source := guestMain(games)
	if err := b.build(list, "guest", source, out, forGuest, "-buildmode=c-shared", "-ldflags=-s -w"); err != nil {
		return nil, fmt.Errorf("compile the rules for WebAssembly: %w", err)
	}
	return os.ReadFile(out) // #nosec G304 -- our own folder
}

// build compiles a main package that stands, in an overlay, where it may import
// the packages.
func (b *builder) build(list []goPackage, name, source, out string, env []string, more ...string) error {
	at, err := b.place(list)
	if err != nil {
		return err
	}
	file := filepath.Join(b.scratch, name+".go")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		return err
	}
	folder := "arbiter_rules_" + name
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(at, folder, "main.go"): file}})
	if err != nil {
		return err
	}
	overlayFile := filepath.Join(b.scratch, name+".json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return err
	}
	args := append([]string{"build", "-buildvcs=false", "-trimpath", "-overlay", overlayFile, "-o", out}, b.flags...)
	_, err = b.run(at, append(env, noFlags), append(append(args, more...), "./"+folder)...)
	return err
}

// place is a folder in which a package may import all of them: that of the only
// one, for what is internal there, or the top of the module that the go command
// works in.
func (b *builder) place(list []goPackage) (string, error) {
	if len(list) == 1 && list[0].inMain() {
		return list[0].Dir, nil
	}
	out, err := b.run(b.dir, []string{noFlags}, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", err
	}
	top, _, _ := strings.Cut(string(out), "\n")
	return top, nil
}

package wasmbuild

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// goPackage is a package as "go list" describes it.
type goPackage struct {
	Dir, ImportPath, Name string
	GoFiles               []string
	Module                *struct{ Main bool }
}

func (p *goPackage) inMain() bool { return p.Module != nil && p.Module.Main }

// list finds the packages. Programs are left out, which nothing can import.
func (b *builder) list(paths []string) ([]goPackage, error) {
	args := append([]string{"list", "-json=Dir,ImportPath,Name,GoFiles,Module"}, b.flags...)
	out, err := b.run(b.dir, append([]string{noFlags}, forGuest...), append(append(args, "--"), paths...)...)
	if err != nil {
		return nil, err
	}
	var list []goPackage
	programs := 0
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Name == "main" {
			programs++
			continue
		}
		list = append(list, p)
	}
	if len(list) == 0 && programs > 0 {
		return nil, fmt.Errorf("%s is a program, which nothing can import: move the game into a package of its own, and name that", strings.Join(paths, ", "))
	}
	slices.SortFunc(list, func(a, b goPackage) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return list, nil
}

// variable is an exported variable of a package.
type variable struct {
	Package, Name string
	Slice         bool              // of games
	Games         map[string]string // name → schema hash
}

func (v variable) String() string { return v.Package + "." + v.Name }

// findGames finds the variables that are games, by a program that looks at all
// that are exported.
func (b *builder) findGames(list []goPackage) ([]variable, error) {
	var all []variable
	for _, p := range list {
		names, err := p.exported()
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			all = append(all, variable{Package: p.ImportPath, Name: name})
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	probe := filepath.Join(b.scratch, "probe.exe")
	if err := b.build(list, "probe", probeMain(all), probe, nil); err != nil {
		return nil, fmt.Errorf("compile the package: %w", err)
	}
	answer := filepath.Join(b.scratch, "answer.json")
	if said, err := exec.CommandContext(b.ctx, probe, answer).CombinedOutput(); err != nil { // #nosec G204 -- what was just built
		return nil, fmt.Errorf("the package does not start: %w\n%s", err, bytes.TrimSpace(said))
	}
	text, err := os.ReadFile(answer) // #nosec G304 -- our own folder
	if err != nil {
		return nil, err
	}
	var found []variable
	return found, json.Unmarshal(text, &found)
}

// exported are the names of a package's exported variables.
func (p *goPackage) exported() ([]string, error) {
	var names []string
	for _, file := range p.GoFiles {
		syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if name.IsExported() {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names, nil
}

// imports writes the import of each package once, as p0, p1 and so on, and
// returns what each package is called.
func imports(w *strings.Builder, list []variable) map[string]string {
	names := map[string]string{}
	for _, v := range list {
		if names[v.Package] == "" {
			names[v.Package] = fmt.Sprintf("p%d", len(names))
			fmt.Fprintf(w, "\t%s %q\n", names[v.Package], v.Package)
		}
	}
	return names
}

// guestMain is the main package of the module.
func guestMain(games []variable) string {
	var w strings.Builder
	w.WriteString("package main\n\nimport (\n\t\"arbiter/cmd/arbiter/app/wasm\"\n\t\"arbiter/game\"\n")
	names := imports(&w, games)
	w.WriteString(")\n\nfunc init() {\n\tvar list []game.Definition\n")
	for _, v := range games {
		at := names[v.Package] + "." + v.Name
		if v.Slice {
			fmt.Fprintf(&w, "\tfor _, g := range %s {\n\t\tlist = append(list, g)\n\t}\n", at)
		} else {
			fmt.Fprintf(&w, "\tlist = append(list, %s)\n", at)
		}
	}
	w.WriteString("\twasm.Serve(list...)\n}\n\nfunc main() {}\n")
	return w.String()
}

// probeMain is the program that finds out which of the variables are games.
func probeMain(all []variable) string {
	var w strings.Builder
	w.WriteString("package main\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"os\"\n\t\"reflect\"\n\n\t\"arbiter/game\"\n")
	names := imports(&w, all)
	w.WriteString(probeTypes)
	for _, v := range all {
		fmt.Fprintf(&w, "\tlook(%q, %q, &%s.%s)\n", v.Package, v.Name, names[v.Package], v.Name)
	}
	w.WriteString(probeEnd)
	return w.String()
}

const probeTypes = `)

type variable struct {
	Package, Name string
	Slice         bool
	Games         map[string]string
}

var found []variable

func look(pkg, name string, pointer any) {
	v := variable{Package: pkg, Name: name, Games: map[string]string{}}
	value := reflect.ValueOf(pointer).Elem()
	v.addGame(value)
	if value.Kind() == reflect.Slice && len(v.Games) == 0 {
		v.Slice = true
		for i := range value.Len() {
			v.addGame(value.Index(i))
		}
	}
	if len(v.Games) > 0 {
		found = append(found, v)
	}
}

func (v *variable) addGame(value reflect.Value) {
	if value.Type().Implements(reflect.TypeFor[game.Definition]()) && !value.IsZero() {
		g := value.Interface().(game.Definition)
		v.Games[g.Name()] = fmt.Sprintf("%016x", g.Schema().Hash)
	}
}

func main() {
`

const probeEnd = `	text, err := json.Marshal(found)
	if err == nil {
		err = os.WriteFile(os.Args[1], text, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`

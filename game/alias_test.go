package game

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

// "go doc" shows of an alias only its comment, so each says what fields and
// methods the type has.
func TestAliasesAreDescribed(t *testing.T) {
	types := map[string]reflect.Type{
		"Area": reflect.TypeFor[Area](), "Attribute": reflect.TypeFor[Attribute](), "Attributes": reflect.TypeFor[Attributes](),
		"ID": reflect.TypeFor[ID](), "Player": reflect.TypeFor[Player](), "PlayerID": reflect.TypeFor[PlayerID](),
		"Result": reflect.TypeFor[Result](), "Score": reflect.TypeFor[Score](), "Setup": reflect.TypeFor[Setup](),
		"Suspicion": reflect.TypeFor[Suspicion](), "Tick": reflect.TypeFor[Tick](),
	}
	seen := 0
	for _, file := range []string{"player.go", "setup.go", "suspicion.go", "tick.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			name := g.Specs[0].(*ast.TypeSpec).Name.Name
			typ := types[name]
			if typ == nil {
				t.Errorf("%s is not known to this test", name)
				continue
			}
			seen++
			words := regexp.MustCompile(`\w+`).FindAllString(g.Doc.Text(), -1)
			for _, want := range members(typ) {
				if !slices.Contains(words, want) {
					t.Errorf("the comment of %s does not name %s", name, want)
				}
			}
		}
	}
	if seen != len(types) {
		t.Errorf("%d of %d aliases were found", seen, len(types))
	}
}

func members(t reflect.Type) (names []string) {
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			names = append(names, t.Field(i).Name)
		}
	}
	p := reflect.PointerTo(t)
	for i := range p.NumMethod() {
		names = append(names, p.Method(i).Name)
	}
	return names
}

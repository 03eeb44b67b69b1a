package netcode

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// declaredCodes reads the values of this package's Code constants from its
// source, so that a constant forgotten in the table is found.
func declaredCodes(t *testing.T) map[Code]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[Code]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Code" {
			return true
		}
		for i, name := range spec.Names {
			v, err := strconv.ParseUint(spec.Values[i].(*ast.BasicLit).Value, 10, 16)
			if err != nil {
				t.Fatalf("%s: %v", name.Name, err)
			}
			if other, twice := found[Code(v)]; twice {
				t.Errorf("%s and %s are both %d", other, name.Name, v)
			}
			found[Code(v)] = name.Name
		}
		return true
	})
	return found
}

func TestCodesTableHoldsEveryCode(t *testing.T) {
	declared := declaredCodes(t)
	if len(declared) < 30 {
		t.Fatalf("found only %d constants of type Code in codes.go", len(declared))
	}
	for c, name := range declared {
		if c < 1000 || c > 4999 {
			t.Errorf("%s = %d is not a close code", name, c)
		}
		if _, ok := c.row(); !ok {
			t.Errorf("%s = %d is not in the table", name, c)
		}
	}
	for _, row := range Codes() {
		if declared[row.Code] == "" {
			t.Errorf("the table's %d %q has no constant", row.Code, row.Name)
		}
	}
}

func TestCodesTableIsSound(t *testing.T) {
	rows := Codes()
	if !slices.IsSortedFunc(rows, func(a, b CodeInfo) int { return int(a.Code) - int(b.Code) }) {
		t.Error("the table is not sorted by code, so look-ups by binary search fail")
	}
	names := map[string]Code{}
	for _, row := range rows {
		if other, twice := names[row.Name]; twice {
			t.Errorf("%d and %d are both named %q", other, row.Code, row.Name)
		}
		names[row.Name] = row.Code
		if row.Name == "" || row.Text == "" || len(row.Text) > 123 {
			t.Errorf("%d: name %q, text of %d bytes; want a name and 1 to 123 bytes", row.Code, row.Name, len(row.Text))
		}
		if row.Code.String() != row.Name || row.Code.Text() != row.Text || row.Code.Action() != row.Action {
			t.Errorf("%d: methods answer %q, %q, %v, the table %+v", row.Code, row.Code, row.Code.Text(), row.Code.Action(), row)
		}
		if row.Code >= 4000 && row.Action != row.Code.rangeAction() {
			t.Errorf("%d %q says %v, its range says %v", row.Code, row.Name, row.Action, row.Code.rangeAction())
		}
		if row.Code >= 4300 {
			t.Errorf("%d %q stands outside the ranges that say what to do", row.Code, row.Name)
		}
	}
}

func TestCodesUnknownAreJudgedByRange(t *testing.T) {
	for code, want := range map[Code]Action{
		0: GiveUp, 999: GiveUp, 1004: GiveUp, 1015: GiveUp, 2999: GiveUp, 3000: GiveUp, 3999: GiveUp,
		4050: Resume, 4099: Resume, 4150: Reconnect, 4199: Reconnect, 4250: GiveUp, 4999: GiveUp, 65535: GiveUp,
	} {
		if got := code.Action(); got != want {
			t.Errorf("%d: %v, want %v", code, got, want)
		}
		if code.String() != "unknown" || code.Text() == "" {
			t.Errorf("%d: name %q, text %q; want unknown and a sentence", code, code, code.Text())
		}
	}
}

func TestCodesActionsOfTheStandardOnes(t *testing.T) {
	for code, want := range map[Code]Action{
		CodeNormal: GiveUp, CodeGoingAway: Reconnect, CodeProtocol: GiveUp, CodeLost: Resume,
		CodeServerError: Resume, CodeRestart: Resume, CodeTryLater: Reconnect,
	} {
		if got := code.Action(); got != want {
			t.Errorf("%d %s: %v, want %v", code, code, got, want)
		}
	}
}

func TestCodesTableIsACopy(t *testing.T) {
	Codes()[0].Name = "changed"
	if CodeNormal.String() != "normal" {
		t.Error("a caller of Codes can change the table")
	}
}

func TestActionString(t *testing.T) {
	for action, want := range map[Action]string{GiveUp: "give up", Resume: "resume", Reconnect: "reconnect", 9: "action 9"} {
		if got := fmt.Sprint(action); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// plant makes a tree from path → text, with a go.mod.
func plant(t *testing.T, files map[string]string) *tree {
	t.Helper()
	root := fstest.MapFS{"go.mod": {Data: []byte("module arbiter\n\ngo 1.26\n")}}
	for path, text := range files {
		root[path] = &fstest.MapFile{Data: []byte(text)}
	}
	planted, err := readTree(root)
	if err != nil {
		t.Fatal(err)
	}
	return planted
}

// importing is the text of a Go file with these imports.
func importing(paths ...string) string {
	text := "package p\n"
	for _, p := range paths {
		text += fmt.Sprintf("import _ %q\n", p)
	}
	return text
}

func TestImports(t *testing.T) {
	for _, row := range []struct {
		file, imports string
		ok            bool
	}{
		{"game/a.go", "math/bits", true},
		{"game/a.go", "arbiter/game/tag", false},
		{"game/a.go", "arbiter/netcode", false},
		{"game/a.go", "github.com/vmihailenco/msgpack/v5", false},
		{"game/a.go", "arbiter", false},
		{"game/a_test.go", "arbiter/game", true},
		{"game/a_test.go", "arbiter/game/tag", true},
		{"game/a_test.go", "arbiter/netcode", false},
		{"game/a_test.go", "go.uber.org/goleak", true},
		{"game/a.go", "go.uber.org/goleak", false},
		{"game/a_darwin.go", "arbiter/server", false},
		{"game/tag/a.go", "arbiter/game", true},
		{"game/tag/a.go", "arbiter/game/arena", false},
		{"game/tag/a.go", "arbiter/game/gametest", false},
		{"game/tag/a_test.go", "arbiter/game/gametest", true},
		{"game/gametest/a.go", "arbiter/game/tag", false},
		{"game/gametest/a_test.go", "arbiter/game/tag", true},
		{"netcode/a.go", "arbiter/game", true},
		{"netcode/a.go", "github.com/vmihailenco/msgpack/v5", true},
		{"netcode/a.go", "github.com/vmihailenco/msgpack/v5/msgpcode", true},
		{"netcode/a.go", "github.com/vmihailenco/msgpack/v55", false},
		{"netcode/a.go", "github.com/gobwas/ws", false},
		{"netcode/a.go", "arbiter/game/arena", false},
		{"netcode/a.go", "arbiter/netcode/client", false},
		{"netcode/a_test.go", "arbiter/netcode/netcodetest", true},
		{"netcode/a_test.go", "arbiter/server", false},
		{"netcode/netcodetest/a.go", "arbiter/netcode", true},
		{"netcode/netcodetest/a.go", "arbiter/server", false},
		{"netcode/client/a.go", "arbiter/netcode", true},
		{"netcode/client/a.go", "github.com/gobwas/ws/wsutil", true},
		{"netcode/client/a.go", "arbiter/server/transport", false},
		{"netcode/client/a_test.go", "arbiter/server", false},
		{"netcode/client/a.go", "arbiter/netcode/client/core", true},
		{"netcode/client/core/a.go", "arbiter/netcode", true},
		{"netcode/client/core/a.go", "arbiter/netcode/client", false},
		{"netcode/client/core/a.go", "github.com/gobwas/ws", false},
		{"netcode/other/a.go", "fmt", false}, // in no room
		{"server/a.go", "net/http", true},
		{"server/a.go", "arbiter/server/auth", true},
		{"server/match/a.go", "github.com/panjf2000/ants/v2", true},
		{"server/match/a.go", "net/netip", true},
		{"server/match/a.go", "net/http", false},
		{"server/match/a.go", "net/http/httptest", false},
		{"server/match/a_test.go", "net/http", false},
		{"server/match/a.go", "arbiter/server/httpapi", false},
		{"server/match/a.go", "arbiter/server/auth", false},
		{"server/match/a.go", "arbiter/server/transport", false},
		{"server/match/a.go", "arbiter/server", false},
		{"server/match/a.go", "arbiter/netcode/replicate", true},
		{"netcode/a.go", "net/http", false},
		{"netcode/a_test.go", "net/http", false},
		{"netcode/replicate/a.go", "net/http", false},
		{"netcode/view/a.go", "net/http", false},
		{"netcode/view/a.go", "arbiter/server/httpapi", false},
		{"netcode/ts/golden/a.go", "net/http", false},
		{"netcode/client/a.go", "net/http", true},
		{"server/a.go", "github.com/prometheus/client_golang/prometheus", true},
		{"server/a.go", "github.com/redis/go-redis/v9", false},
		{"server/a.go", "arbiter/game/arena", false},
		{"server/a.go", "arbiter/netcode/client", false},
		{"server/a.go", "arbiter/matchmaking", false},
		{"server/a_test.go", "arbiter/game/arena", true},
		{"server/a_test.go", "arbiter/netcode/client", true},
		{"server/a_test.go", "arbiter/matchmaking", false},
		{"server/auth/a.go", "github.com/golang-jwt/jwt/v5", true},
		{"server/auth/a.go", "arbiter/cmd/arbiter", false},
		{"server/cluster/redis/a.go", "arbiter/server", true},
		{"server/cluster/redis/a.go", "arbiter/game/tag", false},
		{"server/servertest/a.go", "arbiter/netcode/client", true},
		{"server/servertest/a.go", "arbiter/game/arena", false},
		{"matchmaking/a.go", "sort", true},
		{"matchmaking/a.go", "arbiter/game", false},
		{"matchmaking/a.go", "github.com/redis/go-redis/v9", false},
		{"matchmaking/api/a.go", "github.com/redis/go-redis/v9", true},
		{"matchmaking/api/a.go", "arbiter/matchmaking", true},
		{"matchmaking/api/a.go", "arbiter/server", false},
		{"bench/a.go", "arbiter/netcode/client", true},
		{"bench/a.go", "arbiter/server", false},
		{"bench/a_test.go", "arbiter/server", false},
		{"bench/floor/a.go", "arbiter/server/transport", false},
		{"cmd/arbiter/a.go", "arbiter/game/arena", true},
		{"cmd/arbiter/a.go", "github.com/alecthomas/kong", true},
		{"cmd/arbiter/web/a.go", "embed", true},
		{"cmd/arbiter/web/a.go", "arbiter/server", false},
		{"cmd/arbiter/web/a.go", "arbiter/server/httpapi", true},
		{"a.go", "fmt", false},
		{"tools/a.go", "fmt", false},
	} {
		got := plant(t, map[string]string{row.file: importing(row.imports)}).imports(rooms)
		if row.ok && len(got) != 0 {
			t.Errorf("%s imports %s: %v, want it allowed", row.file, row.imports, got)
		}
		if !row.ok && len(got) != 1 {
			t.Errorf("%s imports %s: %d violations, want one", row.file, row.imports, len(got))
		}
	}
}

func TestImportViolationSaysWhatRuleAndRemedy(t *testing.T) {
	got := plant(t, map[string]string{"game/a.go": importing("fmt", "arbiter/server")}).imports(rooms)
	if len(got) != 1 {
		t.Fatalf("got %v, want one violation", got)
	}
	for _, want := range []string{"game/a.go:3: ", "arbiter/game imports arbiter/server", "rule: game may import the standard library", "remedy: "} {
		if !strings.Contains(got[0].String(), want) {
			t.Errorf("%q lacks %q", got[0], want)
		}
	}
}

func TestStillness(t *testing.T) {
	for body, want := range map[string]string{
		`import "time"; const d = time.Second`:                                  "",
		`import "time"; var t = time.Now()`:                                     "time.Now",
		`import clock "time"; var f = clock.Now`:                                "time.Now",
		`import "time"; func f(time struct{ Now int }) int { return time.Now }`: "",
		`import "os"`:         "imports os",
		`import "net/netip"`:  "imports net/netip",
		`func f() { go f() }`: "goroutine",
		`import "math/rand/v2"; var n = rand.IntN(6)`:                "rand.IntN",
		`import "math/rand/v2"; var r = rand.New(rand.NewPCG(1, 2))`: "",
	} {
		files := map[string]string{"game/a.go": "package p;" + body, "game/a_test.go": "package p;" + body, "server/a.go": "package p;" + body}
		got := plant(t, files).stillness(rooms)
		if want == "" && len(got) != 0 {
			t.Errorf("%s: %v, want it allowed", body, got)
		}
		if want != "" && (len(got) != 1 || !strings.Contains(got[0].what, want) || !strings.HasPrefix(got[0].where, "game/a.go:1")) {
			t.Errorf("%s: %v, want %q in game/a.go alone", body, got, want)
		}
	}
}

func TestLengths(t *testing.T) {
	long := strings.Repeat("// a line\n", 500)
	planted := plant(t, map[string]string{
		"game/fits.go":            long[:len(long)-10] + "package p",
		"game/long.go":            "package p\n" + long,
		"game/long_test.go":       "package p\n" + long,
		"netcode/ts/long.ts":      long + "x",
		"game/made.go":            "// Code generated by x. DO NOT EDIT.\npackage p\n" + long,
		"netcode/ts/a.gen.ts":     long + long,
		"netcode/ts/dist/a.js":    long + long,
		"game/testdata/a.go":      "package p\n" + long,
		"node_modules/x/index.js": long + long,
	})
	var got []string
	for _, v := range planted.lengths() {
		got = append(got, v.where)
	}
	if want := []string{"game/long.go", "game/long_test.go", "netcode/ts/long.ts"}; !slices.Equal(got, want) {
		t.Errorf("too long: %v, want %v", got, want)
	}
}

func TestTopLevel(t *testing.T) {
	planted := plant(t, map[string]string{
		"README.md": "", "go.sum": "", ".ci/run": "", ".gitignore": "", "bin/arbiter": "", "cpu.prof": "", "cmd/arbiter/main.go": "package main",
		"scripts/x.sh": "", "LICENSE": "", "docs/a.md": "",
	})
	var got []string
	for _, v := range planted.topLevel() {
		got = append(got, v.where)
	}
	if want := []string{"LICENSE", "docs", "scripts"}; !slices.Equal(got, want) {
		t.Errorf("out of place: %v, want %v", got, want)
	}
}

func TestSummary(t *testing.T) {
	lines := func(n int) string { return strings.Repeat("\n", n) }
	planted := plant(t, map[string]string{"game/a.ts": lines(10), "game/b.ts": lines(130), "game/c.ts": lines(140), "game/d.test.ts": lines(7)})
	want := "house rules: 3 files, 1 test files; longest game/c.ts, 140 lines"
	if got := planted.summary(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, diag bytes.Buffer
	if err := run([]string{"-C", dir}, &out, &diag); err == nil || !strings.Contains(err.Error(), "no module here") {
		t.Errorf("no go.mod: %v", err)
	}
	write("go.mod", "module arbiter\n")
	write("game/a.go", importing("strings"))
	if err := run([]string{"-C", dir}, &out, &diag); err != nil {
		t.Errorf("a good tree: %v\n%s", err, &out)
	}
	out.Reset()
	write("game/b.go", importing("arbiter/server"))
	write("game/c.go", "package")
	write("NOTES", "")
	err := run([]string{"-C", dir}, &out, &diag)
	if err == nil || err.Error() != "3 violations of the house rules" {
		t.Errorf("got %v, want 3 violations\n%s", err, &out)
	}
	for _, want := range []string{"game/b.go:2: ", "game/c.go: does not parse", "NOTES: stands at the top", "house rules: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
	if err := run([]string{"-nonsense"}, &out, &diag); err == nil {
		t.Error("an unknown flag was accepted")
	}
}

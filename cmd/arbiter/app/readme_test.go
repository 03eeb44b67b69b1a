package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arbiter/netcode"
)

var update = flag.Bool("update", false, "rewrite the generated parts of the READMEs")

const root = "../../../"

var generatedPart = regexp.MustCompile(`(?s)(<!-- begin (\w+): [^>]* -->\n)(.*?)(<!-- end (\w+) -->)`)

// TestGoldenREADME checks that the generated parts of the READMEs are what they
// are made from.
func TestGoldenREADME(t *testing.T) {
	for file, parts := range map[string]map[string]string{
		"README.md": {
			"tag":     goFile(t, "../../../game/tag/tag.go"),
			"main":    goFile(t, "testdata/yourgame/main.go"),
			"connect": exampleBody(t, "connect_test.go"),
		},
		"server/README.md":  {"example": goFile(t, "../example/main.go")},
		"netcode/README.md": {"codes": codeTable()},
	} {
		checkParts(t, file, parts)
	}
}

// checkParts compares the generated parts of one file, or with -update
// rewrites them.
func checkParts(t *testing.T, file string, parts map[string]string) {
	was, err := os.ReadFile(root + file)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	is := generatedPart.ReplaceAllStringFunc(string(was), func(s string) string {
		m := generatedPart.FindStringSubmatch(s)
		text, known := parts[m[2]]
		if !known || m[2] != m[5] {
			t.Errorf("%s: a part begins with %q and ends with %q", file, m[2], m[5])
			return s
		}
		seen++
		if m[3] != text && !*update {
			t.Errorf("the part %q of %s is stale: run make golden", m[2], file)
		}
		return m[1] + text + m[4]
	})
	if seen != len(parts) {
		t.Errorf("%s has %d generated parts, want %d", file, seen, len(parts))
	}
	if *update && is != string(was) {
		if err := os.WriteFile(root+file, []byte(is), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestREADMEFits keeps the front page short, and its links alive.
func TestREADMEFits(t *testing.T) {
	text, err := os.ReadFile(root + "README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 250 {
		t.Errorf("README.md has %d lines, want at most 250", n)
	}
	links := 0
	for _, file := range []string{"README.md", "game/README.md", "server/README.md", "netcode/README.md", "matchmaking/README.md", "bench/README.md"} {
		text, err := os.ReadFile(root + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(text), -1) {
			links++
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", file, m[1], err)
			}
		}
	}
	if links < 15 {
		t.Errorf("%d links were found, want more", links)
	}
}

// goFile is a file without its first comment, which the text around says.
func goFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fenced(string(text[strings.Index(string(text), "package "):]))
}

// exampleBody is the marked middle of a file.
func exampleBody(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok1 := strings.Cut(string(text), "// begin\n")
	body, _, ok2 := strings.Cut(rest, "\t// end\n")
	if !ok1 || !ok2 {
		t.Fatalf("%s has no // begin and // end", path)
	}
	lines := strings.SplitAfter(body, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "\t")
	}
	return fenced(strings.Join(lines, ""))
}

func fenced(code string) string { return "```go\n" + code + "```\n" }

func codeTable() string {
	var b strings.Builder
	b.WriteString("| code | name | the client | the player reads |\n|---|---|---|---|\n")
	for _, c := range netcode.Codes() {
		act := map[netcode.Action]string{netcode.GiveUp: "gives up", netcode.Resume: "resumes", netcode.Reconnect: "reconnects"}[c.Action]
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", c.Code, c.Name, act, c.Text)
	}
	return b.String()
}

// TestSmallGame keeps the promise of a small game.
func TestSmallGame(t *testing.T) {
	text, err := os.ReadFile("../../../game/tag/tag.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 60 {
		t.Errorf("tag has %d lines, want at most 60", n)
	}
}

// readmePaths are the rows of a table of paths: method and path.
func readmePaths(t *testing.T, table string) (rows [][2]string) {
	t.Helper()
	text, err := os.ReadFile(root + "server/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "<!-- paths: "+table+" -->\n")
	if !ok {
		t.Fatalf("server/README.md has no table of %s paths", table)
	}
	body, _, _ := strings.Cut(rest, "\n\n")
	for _, m := range regexp.MustCompile("(?m)^\\| (GET|POST) \\| `([^`]+)`").FindAllStringSubmatch(body, -1) {
		rows = append(rows, [2]string{m[1], m[2]})
	}
	return rows
}

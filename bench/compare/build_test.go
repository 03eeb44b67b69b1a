package compare

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgram takes a file as it is, and builds revisions of a repository, each
// once.
func TestProgram(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	source := t.TempDir()
	run := func(name string, args ...string) {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir = source
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v: %s", name, args, err, out)
		}
	}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(source, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run("git", "init", "--quiet")
	write("go.mod", "module built\n\ngo 1.24\n")
	for _, said := range []string{"one", "two"} {
		write("cmd/arbiter/main.go", "package main\n\nfunc main() { print(\""+said+"\") }\n")
		run("git", "add", "--all")
		run("git", "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", said)
	}
	b := &builder{source: source, dir: t.TempDir()}
	built := 0
	say := func(string, ...any) { built++ }
	for i, what := range []string{"HEAD~1", "HEAD", "HEAD"} {
		program, err := b.program(t.Context(), what, say)
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program).CombinedOutput()
		if want := [3]string{"one", "two", "two"}[i]; err != nil || string(out) != want {
			t.Errorf("%s says %q, %v; want %q", what, out, err, want)
		}
	}
	if built != 2 {
		t.Errorf("%d were built, want 2", built)
	}
	here := filepath.Join(source, "go.mod")
	if got, err := b.program(t.Context(), here, say); err != nil || got != here {
		t.Errorf("a file: %s, %v", got, err)
	}
	for _, what := range []string{"nothing", "--help", source} {
		if _, err := b.program(t.Context(), what, say); err == nil || !strings.Contains(err.Error(), "neither a program nor a revision") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

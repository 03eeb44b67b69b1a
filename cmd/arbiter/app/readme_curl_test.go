package app

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestREADMEFindsAMatchWithCurl runs the commands of matchmaking/README.md on a server:
// both bots get a seat of the same match.
func TestREADMEFindsAMatchWithCurl(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(root + "matchmaking/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "<!-- begin curl -->\n```sh\n")
	script, _, found := strings.Cut(rest, "```\n<!-- end curl -->")
	if !found {
		t.Fatal("matchmaking/README.md has no commands between the curl markers")
	}
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed; make test installs it")
		}
	}
	s := serving(t)
	script = strings.ReplaceAll(script, "127.0.0.1:8080", s.addr)
	program, err := os.Executable() // this test's own, as asArbiter makes it
	if err != nil {
		t.Fatal(err)
	}
	script = strings.ReplaceAll(script, "bin/arbiter", program)
	script = strings.ReplaceAll(script, "--for 5s", "--for 1s")
	c := exec.CommandContext(t.Context(), "bash", "-c", script)
	c.Env = append(os.Environ(), "ARBITER_BOTS_URL=ws://"+s.addr, asArbiter+"=1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := strings.Count(string(out), "connected     1\n"); n != 2 {
		t.Errorf("%d bots connected, want 2:\n%s", n, out)
	}
}

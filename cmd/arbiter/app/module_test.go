package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// outside is a module of its own outside this repository, and the program that
// was built in it.
type outside struct {
	dir, program string
}

// buildOutside copies testdata/yourgame into a folder, makes a module of it as
// README.md says, and builds its program from the module cache, without network.
func buildOutside(t *testing.T) *outside {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is missing, which builds a program in a module of its own")
	}
	o := &outside{dir: t.TempDir()}
	o.program = filepath.Join(o.dir, "yourgame")
	if err := os.CopyFS(o.dir, os.DirFS("testdata/yourgame")); err != nil {
		t.Fatal(err)
	}
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(repository, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/yourgame\n\ngo 1.26.0\n\nrequire arbiter v0.0.0\n\nreplace arbiter => " + repository + "\n"
	for name, text := range map[string]string{"go.mod": mod, "go.sum": string(sums)} {
		if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.run(t, exec.Command("go", "build", "-o", o.program, "."))
	return o
}

// run runs a command in the module, which has to succeed, and returns its
// standard output.
func (o *outside) run(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	var out, diag bytes.Buffer
	o.prepare(c)
	c.Stdout, c.Stderr = &out, &diag
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(c.Args, " "), err, &out, &diag)
	}
	return out.String()
}

func (o *outside) prepare(c *exec.Cmd) {
	c.Dir = o.dir
	c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
}

// arbiter runs a command of the program.
func (o *outside) arbiter(t *testing.T, args ...string) string {
	t.Helper()
	return o.run(t, exec.Command(o.program, args...))
}

// serve starts the program's server, and returns its ports and what ends it and
// waits.
func (o *outside) serve(t *testing.T, args ...string) (s *served, stop func()) {
	t.Helper()
	c := exec.Command(o.program, append([]string{"serve", "--addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--shed-lateness", "0s"}, args...)...)
	o.prepare(c)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var diag bytes.Buffer
	c.Stderr = &diag
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() }) // it has ended, or the test failed
	s = &served{}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasSuffix(lines.Text(), "stops at once.") {
		if at, ok := strings.CutPrefix(lines.Text(), "  HTTP       http://"); ok {
			s.addr = strings.TrimSuffix(at, "/")
		}
		if at, ok := strings.CutPrefix(lines.Text(), "  operators  http://"); ok {
			s.admin = strings.TrimSuffix(at, "/metrics")
		}
	}
	if s.addr == "" || s.admin == "" {
		_ = c.Process.Kill()
		_ = c.Wait()
		t.Fatalf("the server does not start: %s", &diag)
	}
	return s, func() {
		t.Helper()
		_ = c.Process.Signal(syscall.SIGTERM)
		hang := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
		defer hang.Stop()
		if err := c.Wait(); err != nil {
			t.Errorf("the server ended with %v: %s", err, &diag)
		}
	}
}

// TestModuleOfItsOwn is a game in a module outside this repository with a main
// of one call: every command works for it.
func TestModuleOfItsOwn(t *testing.T) {
	t.Parallel()
	o := buildOutside(t)
	if got := o.arbiter(t, "version"); !strings.HasPrefix(got, "example.com/yourgame ") || !strings.Contains(got, "arbiter ") {
		t.Errorf("version %q", got)
	}
	if types := o.arbiter(t, "gen", "ts", "--game", "coins"); !strings.Contains(types, "export interface Coins {") || !strings.Contains(types, "RunnersRow") {
		t.Errorf("types\n%s", types)
	}
	if got := o.arbiter(t, "wasm", "-o", "browser", "./rules"); !strings.Contains(got, "rules of coins, ") {
		t.Errorf("wasm said %q", got)
	}
	if got := o.arbiter(t, "matchmaking", "simulate", "--rules", "duel.yaml", "--arrivals", "poisson:1", "--hours", "0.05", "--alone", "--quiet"); !strings.Contains(got, "match") {
		t.Errorf("simulated\n%s", got)
	}

	s, stop := o.serve(t, "--rules", "duel.yaml", "--wasm", "browser", "--record-dir", "recordings")
	o.testPages(t, s)
	o.testBots(t, s)
	stop()

	recordings, err := filepath.Glob(filepath.Join(o.dir, "recordings", "*-coins-*"))
	if err != nil || len(recordings) == 0 {
		t.Fatalf("recordings %v, %v", recordings, err)
	}
	slices.Sort(recordings)
	if got := o.arbiter(t, "replay", recordings[0]); !strings.Contains(got, "game     coins, seed ") || !strings.HasSuffix(got, "all hashes equal\n") {
		t.Errorf("replayed\n%s", got)
	}
}

// testPages asks for what a server has besides matches.
func (o *outside) testPages(t *testing.T, s *served) {
	for url, want := range map[string]string{
		"http://" + s.addr + "/":                         "<title>Arbiter playground</title>",
		"http://" + s.addr + "/client/arbiter-client.js": "export",
		"http://" + s.addr + "/v1/games":                 `"name":"coins","tick_rate":20`,
		"http://" + s.addr + "/v1/queues":                `{"name":"duel","game":"coins"`,
		"http://" + s.addr + "/v1/openapi.json":          `"/v1/tickets"`,
		"http://" + s.admin + "/metrics":                 `arbiter_queue_players{queue="duel"} 0`,
	} {
		if status, body := fetch(t, http.MethodGet, url); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, lacks %q: %.300s", url, status, want, body)
		}
	}
	_, files := fetch(t, http.MethodGet, "http://"+s.addr+"/client/files.json")
	at := regexp.MustCompile(`"rules.wasm":"(/client/rules-[0-9a-f]{12}\.wasm)"`).FindStringSubmatch(files)
	if at == nil {
		t.Fatalf("no rules among %s", files)
	}
	if status, body := fetch(t, http.MethodGet, "http://"+s.addr+at[1]); status != http.StatusOK || !strings.HasPrefix(body, "\x00asm") || len(body) < 1<<20 {
		t.Errorf("%s: status %d, %d bytes", at[1], status, len(body))
	}
}

// testBots has bots play the game, with prediction, and find each other.
func (o *outside) testBots(t *testing.T, s *served) {
	at := []string{"bots", "--url", "ws://" + s.addr, "--quiet"}
	text := o.arbiter(t, append(at, "--predict", "--clients", "4", "--for", "1500ms")...)
	for _, want := range []string{"connected     4\n", "prediction    ", ", 0 lost, 0 repeated, ", ", 0 mismatches\n", "errors        0\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("bots: lacks %q:\n%s", want, text)
		}
	}
	var report struct {
		Matchmaking struct {
			Queue   string
			Matched int
		}
	}
	out := o.arbiter(t, append(at, "--json", "--matchmake", "--rules", "duel.yaml", "--clients", "4", "--for", "300ms")...)
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.Matchmaking.Queue != "duel" || report.Matchmaking.Matched != 4 {
		t.Errorf("bots that queue: %v, %+v", err, report)
	}
}

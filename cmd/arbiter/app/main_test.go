package app

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arbiter/cmd/arbiter/bots/pilots"
	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/tag"
	"arbiter/matchmaking/rules"

	"go.uber.org/goleak"
)

// demo is the program as cmd/arbiter has it.
var demo = Program{
	Games:  []game.Definition{arena.Game, arena.Large, arena.Uncompensated, tag.Game},
	Queues: rules.Examples(),
	Pilots: pilots.All(),
}

// asArbiter makes the test's binary be the program itself.
const asArbiter = "BE_ARBITER"

func init() {
	if os.Getenv(asArbiter) != "" {
		demo.Main()
	}
}

func TestMain(m *testing.M) {
	for _, pair := range os.Environ() { // what the developer has set must not decide
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "ARBITER_") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("COLUMNS", "100")
	os.Setenv("ARBITER_SHED_LATENESS", "0s") // nor how busy the machine is
	// Parallel tests mostly wait, so there may be more than processors.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) // ants starts a pool of its own with the program
}

// outcome is what a command did.
type outcome struct {
	status   int
	out, err string
}

func command(t *testing.T, args ...string) outcome {
	t.Helper()
	var out, diag bytes.Buffer
	status := demo.Run(t.Context(), args, &out, &diag)
	return outcome{status, out.String(), diag.String()}
}

// mustRun is command for one that has to succeed.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	o := command(t, args...)
	if o.status != exitDone || o.err != "" {
		t.Fatalf("arbiter %s: status %d\n%s", strings.Join(args, " "), o.status, o.err)
	}
	return o.out
}

// file writes a file and returns its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelp(t *testing.T) {
	for _, c := range []struct {
		args string
		want []string
	}{
		{"--help", []string{"serve ", "bots ", "token ", "replay ", "version ", `"arbiter serve" starts a development server`}},
		{"serve --help", []string{
			"arbiter serve --games arena", "--addr=HOST:PORT", "127.0.0.1:8080", "--drain-timeout=10s",
			"--message-bytes=4096", "ARBITER_DRAIN_TIMEOUT", "tick-rate: {arena: 60}", "Ticks per second",
		}},
		{"bots --help", []string{"arbiter bots --game arena --clients 200", "--drop=0", "--json", "ARBITER_BOTS_CLIENTS", "Exits with 1"}},
		{"token --help", []string{"arbiter token --new-key", "--for=24h", "at most 64 bytes"}},
		{"replay --help", []string{"arbiter replay recordings/", "compares the state's hash after every tick"}},
		{"wasm --help", []string{"arbiter wasm -o wasm ./pong", "arbiter serve --wasm wasm", "--out=DIR"}},
		{"version --help", []string{"Print the version"}},
		{"help", []string{"serve ", "bots "}},
		{"help token", []string{"arbiter token --new-key"}},
		{"--version", []string{", protocol 1)"}},
	} {
		o := command(t, strings.Fields(c.args)...)
		if o.status != exitDone || o.err != "" {
			t.Errorf("%s: status %d, %s", c.args, o.status, o.err)
		}
		for _, want := range c.want {
			if !strings.Contains(o.out, want) {
				t.Errorf("%s lacks %q:\n%s", c.args, want, o.out)
			}
		}
	}
}

func TestUsageErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.yaml")
	for _, c := range []struct{ args, want string }{
		{"", `expected one of "serve"`},
		{"serv", `did you mean "serve"?`},
		{"serve --adr x", `unknown flag --adr, did you mean "--addr"?`},
		{"serve --drain-timeout 30", `--drain-timeout: "30" is not a duration: write a number with its unit`},
		{"serve --drain-timeout=-1s", `--drain-timeout: "-1s" is negative`},
		{"serve --resume-window 10ms", "--resume-window: 10ms is too small: give at least 1s"},
		{"serve --transport tcp", `--transport must be one of "auto","epoll","net" but got "tcp"`},
		{"serve --log-level loud", `--log-level must be one of "debug","info","warn","error" but got "loud"`},
		{"serve --games chess", `no game "chess": use one of arena, arena-large, arena-uncompensated, tag`},
		{"serve --tick-rate chess=30", `a rate for "chess", which is not hosted`},
		{"serve --tick-rate tag=500", "tick rate of 500 Hz must be 1 to 128"},
		{"serve --tick-rate tag=fast", `"tag=fast" is not a rate: write GAME=HZ, such as arena=60`},
		{"serve --max-matches 0", "--max-matches: 0 is too small: give at least 1"},
		{"serve --message-bytes 9999999", "--message-bytes: 9999999 is too large: give at most 1048576"},
		{"serve --addr 8080", `--addr: "8080" is not an address: write HOST:PORT`},
		{"serve --admin-addr none", `--admin-addr: "none" is not an address`},
		{"serve --config " + missing, "arbiter: --config: configuration file: open " + missing + ": no such file"},
		{"serve --shed-lateness -1s", `--shed-lateness: expected a value but got "-1s"`},
		{"serve --shed-lateness", "--shed-lateness: the value is missing: write it after the flag"},
		{"token --for 1ms", "--for: 1ms is too small: give at least 1s"},
		{"replay", `expected "<file>"`},
	} {
		o := command(t, strings.Fields(c.args)...)
		if o.status != exitUsage || !strings.Contains(o.err, c.want) || o.out != "" {
			t.Errorf("arbiter %s: status %d, want %q in:\n%s%s", c.args, o.status, c.want, o.err, o.out)
		}
		if words := strings.Fields(c.args); len(words) > 1 && !strings.Contains(o.err, `Run "arbiter `+words[0]+` --help"`) {
			t.Errorf("arbiter %s does not say where help is:\n%s", c.args, o.err)
		}
	}
}

// Whoever leaves a command out is shown which there are.
func TestUnfinished(t *testing.T) {
	for args, want := range map[string]string{"": "\n  serve ", "bench": "\n  bench capacity ", "matchmaking": "\n  matchmaking simulate ", "gen": "\n  gen ts "} {
		o := command(t, strings.Fields(args)...)
		if o.status != exitUsage || !strings.HasPrefix(o.err, "arbiter: expected ") || !strings.Contains(o.err, want) || o.out != "" {
			t.Errorf("arbiter %s: status %d, want %q in:\n%s%s", args, o.status, want, o.err, o.out)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"gen ts --game chess", `arbiter gen ts: no game "chess"`},
		{"bots --url chess", `arbiter bots: URL "chess": it must look like https://host`},
		{"token", "arbiter token: no key to sign with: give the server's"},
		{"token --key main:HS256:c2hvcnQ", "too short: use at least 32"},
		{"token --key nonsense", "bad key: write it as id:alg:base64"},
		{"token --keys-file /nonexistent.json", "/nonexistent.json: no such file"},
		{"replay /nonexistent.arbr", "/nonexistent.arbr: no such file"},
		{"serve --addr :0", `--addr: ":0" can be reached by other machines, and without keys anyone gets in: give keys with --key`},
		{"serve --addr 127.0.0.1:0 --admin-addr 0.0.0.0:0", `--admin-addr: "0.0.0.0:0" can be reached by other machines, and without a token anyone is an operator: set one with --admin-token or ARBITER_ADMIN_TOKEN`},
		{"serve --addr 127.0.0.1:0 --admin-addr :0", `or use --admin-addr 127.0.0.1:8081`},
	} {
		o := command(t, strings.Fields(c.args)...)
		if o.status != exitFailed || !strings.Contains(o.err, c.want) || o.out != "" {
			t.Errorf("arbiter %s: status %d, want %q in:\n%s%s", c.args, o.status, c.want, o.err, o.out)
		}
	}
}

func TestVersion(t *testing.T) {
	out := mustRun(t, "version")
	if !strings.HasPrefix(out, "arbiter ") || !strings.Contains(out, ", protocol 1)") || strings.Contains(out, "arbiter  ") {
		t.Errorf("got %q", out)
	}
	named := demo
	named.Version = "v9.8.7"
	var text, diag bytes.Buffer
	if status := named.Run(t.Context(), []string{"version"}, &text, &diag); status != exitDone {
		t.Errorf("status %d: %s", status, &diag)
	}
	if out := text.String(); !strings.HasPrefix(out, "arbiter v9.8.7 (go") {
		t.Errorf("the linker's version is not printed: %q", out)
	}
}

func TestCancelledBeforeTheStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, diag bytes.Buffer
	if status := demo.Run(ctx, []string{"replay", file(t, "x.arbr", "ARBR\x01")}, &out, &diag); status != exitFailed || !strings.Contains(diag.String(), "context canceled") {
		t.Errorf("status %d: %s", status, &diag)
	}
}

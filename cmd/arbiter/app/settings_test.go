package app

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// parsed is the server's command as it would run.
func parsed(t *testing.T, args ...string) (serveCommand, error) {
	t.Helper()
	parser, err := demo.newParser(io.Discard, io.Discard, &settings{}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
		return serveCommand{}, err
	}
	return parser.Model.Target.Interface().(commandLine).Serve, nil
}

func TestPrecedence(t *testing.T) {
	path := file(t, "arbiter.yaml", "drain-timeout: 1s\n")
	timeout := func(args ...string) time.Duration {
		t.Helper()
		c, err := parsed(t, args...)
		if err != nil {
			t.Fatal(err)
		}
		return c.DrainTimeout
	}
	if got := timeout(); got != 10*time.Second {
		t.Errorf("default: %v", got)
	}
	if got := timeout("--config", path); got != time.Second {
		t.Errorf("file: %v", got)
	}
	t.Setenv("ARBITER_CONFIG", path)
	if got := timeout(); got != time.Second {
		t.Errorf("file named by the environment: %v", got)
	}
	t.Setenv("ARBITER_DRAIN_TIMEOUT", "2s")
	if got := timeout(); got != 2*time.Second {
		t.Errorf("environment over file: %v", got)
	}
	if got := timeout("--drain-timeout", "3s"); got != 3*time.Second {
		t.Errorf("flag over environment: %v", got)
	}
	t.Setenv("ARBITER_DRAIN_TIMEOUT", "")
	if got := timeout(); got != time.Second {
		t.Errorf("an empty variable counts as none: %v", got)
	}
	if got := timeout("--config", file(t, "other.yaml", "drain-timeout: 4s")); got != 4*time.Second {
		t.Errorf("--config over ARBITER_CONFIG: %v", got)
	}
}

func TestFileForms(t *testing.T) {
	for name, text := range map[string]string{
		"a.yaml": "# server\naddr: 127.0.0.1:9\nmax-matches: 7 # few\norigins:\n  - https://a.example\n  - https://b.example\n" +
			"tick-rate:\n  tag: 10\n  arena: 60\nlog-level:\nlog-format: json\n",
		"a.json": `{"addr": "127.0.0.1:9", "max-matches": 7, "origins": ["https://a.example", "https://b.example"],
			"tick-rate": {"tag": 10, "arena": 60}, "log-level": null, "log-format": "json"}`,
	} {
		c, err := parsed(t, "--config", file(t, name, text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.Addr != "127.0.0.1:9" || c.MaxMatches != 7 || strings.Join(c.Origins, " ") != "https://a.example https://b.example" ||
			c.TickRate["tag"] != 10 || c.TickRate["arena"] != 60 || c.LogLevel != "info" || c.LogFormat != "json" {
			t.Errorf("%s: got %+v", name, c)
		}
	}
	if _, err := parsed(t, "--config", file(t, "empty.yaml", "# nothing yet\n")); err != nil {
		t.Errorf("empty file: %v", err)
	}
}

func TestFileErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"addr: 127.0.0.1:9\naddres: x\n", `s.yaml:2: unknown setting "addres" (did you mean addr?): use the names of the flags of arbiter serve: acme-cache, acme-directory, `},
		{"config: other.yaml", `s.yaml:1: unknown setting "config"`},
		{"max-matches: 1\nmax-matches: 2", "max-matches"},
		{"\ndrain-timeout: 30", `--drain-timeout: from `},
		{"\ndrain-timeout: 30", `s.yaml:2: "30" is not a duration`},
		{"max-matches: many", `s.yaml:1: "many" is not a whole number`},
		{"- addr", "s.yaml:1: this is not a mapping: write one setting a line"},
		{"just words", "s.yaml:1: this is not a mapping: write one setting a line"},
		{"origins: [[a]]", `s.yaml:1: the value of "origins" is nested too deeply`},
		{"tick-rate: {tag: [1]}", `s.yaml:1: the value of "tick-rate" is nested too deeply`},
		{"addr: [", "s.yaml is neither valid YAML nor valid JSON"},
		{"addr: a\n---\naddr: b", "s.yaml has more than one document"},
	} {
		_, err := parsed(t, "--config", file(t, "s.yaml", c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: want %q, got %v", c.text, c.want, err)
		}
	}
}

func TestEnvironmentErrors(t *testing.T) {
	t.Setenv("ARBITER_MAX_MATCHES", "many")
	o := command(t, "serve")
	want := `--max-matches: from ARBITER_MAX_MATCHES: "many" is not a whole number`
	if o.status != exitUsage || !strings.Contains(o.err, want) {
		t.Errorf("status %d, want %q in:\n%s", o.status, want, o.err)
	}
	t.Setenv("ARBITER_MAX_MATCHES", "0")
	if o := command(t, "serve"); !strings.Contains(o.err, "--max-matches: 0 is too small") {
		t.Errorf("a value from the environment is not checked: %s", o.err)
	}
	mustRun(t, "token", "--new-key") // the server's settings are not the token command's
}

// TestFileOfHelp reads the file that the help and server/README.md show.
func TestFileOfHelp(t *testing.T) {
	text, err := os.ReadFile(root + "server/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]string{"help": serveCommand{program: &demo}.Help(), "server/README.md": string(text)} {
		_, rest, ok := strings.Cut(doc, "    keys-file: ")
		body, _, _ := strings.Cut(rest, "\n\n")
		c, err := parsed(t, "--config", file(t, "shown.yaml", strings.ReplaceAll("keys-file: "+body, "\n    ", "\n")))
		if !ok || err != nil || c.DrainTimeout != 20*time.Second || c.TickRate["arena"] != 60 || len(c.Origins) != 1 {
			t.Errorf("%s: %v, %+v", name, err, c)
		}
	}
}

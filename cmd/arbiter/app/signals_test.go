//go:build unix

package app

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"arbiter/game/tag"
	"arbiter/netcode/client"
)

// process is "arbiter serve" as a process of its own, with a player in a match.
type process struct {
	*exec.Cmd
	log *bufio.Scanner
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(self, append([]string{"serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"}, args...)...)}
	p.Env = append(os.Environ(), asArbiter+"=1")
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	diag, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // it has ended, or the test failed
	p.log = bufio.NewScanner(diag)
	s := &served{}
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.HasSuffix(lines.Text(), "stops at once."); {
		if at, ok := strings.CutPrefix(lines.Text(), "  HTTP       http://"); ok {
			s.addr = strings.TrimSuffix(at, "/")
		}
	}
	c, err := client.Dial(t.Context(), tag.Game, client.Config{URL: "ws://" + s.addr, Token: s.guest(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the server ended before
	return p
}

func (p *process) signal(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// logged waits for a line of the log.
func (p *process) logged(t *testing.T, want string) {
	t.Helper()
	for p.log.Scan() {
		if strings.Contains(p.log.Text(), want) {
			return
		}
	}
	t.Fatalf("the server's log ends without %q", want)
}

// end reads the rest of the log and returns how the process ended, and when.
func (p *process) end(t *testing.T, since time.Time) (took time.Duration, err error) {
	t.Helper()
	for p.log.Scan() {
		continue
	}
	err = p.Wait()
	return time.Since(since), err
}

func TestFirstSignalDrains(t *testing.T) {
	t.Parallel()
	p := start(t)
	begin := time.Now()
	p.signal(t)
	p.logged(t, "draining")
	if took, err := p.end(t, begin); err != nil || took > 5*time.Second {
		t.Errorf("ended with %v after %v", err, took)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	p := start(t, "--drain-wait", "1m")
	p.signal(t)
	p.logged(t, "draining")
	begin := time.Now()
	p.signal(t)
	took, err := p.end(t, begin)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM || took > 5*time.Second {
		t.Errorf("ended with %v after %v", err, took)
	}
}

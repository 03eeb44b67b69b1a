//go:build unix

package app

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"arbiter/game/tag"
	"arbiter/netcode/client"

	"golang.org/x/sys/unix"
)

// process is "arbiter serve" as a process of its own, with a player in a match.
type process struct {
	*exec.Cmd
	diag   io.ReadCloser  // what the log is read from
	log    *bufio.Scanner // of it
	addr   string         // of the public port
	admin  string         // of the operators' port; empty without
	player *client.Client[tag.State, tag.Input]
}

// start starts one without an operators' port unless args say otherwise.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := launch(t, args...)
	p.player = p.join(t)
	return p
}

// join has a player enter a match.
func (p *process) join(t *testing.T) *client.Client[tag.State, tag.Input] {
	t.Helper()
	c, err := client.Dial(t.Context(), tag.Game, client.Config{URL: "ws://" + p.addr, Token: (&served{addr: p.addr}).guest(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) // the server ended before
	return c
}

func launch(t *testing.T, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command
	if len(args) > 0 && args[0] == "--descriptors" { // 64 of them
		args = args[1:]
		run = func(name string, args ...string) *exec.Cmd {
			return exec.Command("sh", append([]string{"-c", `ulimit -n 64; exec "$@"`, "sh", name}, args...)...)
		}
	}
	p := &process{Cmd: run(self, append([]string{"serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"}, args...)...)}
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
	p.diag, p.log = diag, bufio.NewScanner(diag)
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.HasSuffix(lines.Text(), "stops at once."); {
		if at, ok := strings.CutPrefix(lines.Text(), "  HTTP       http://"); ok {
			p.addr = strings.TrimSuffix(at, "/")
		}
		if at, ok := strings.CutPrefix(lines.Text(), "  operators  http://"); ok {
			p.admin = strings.TrimSuffix(at, "/metrics")
		}
	}
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

// A server's process that was stopped for three heartbeats goes on with everybody:
// nobody is blamed.
//
// Hazards: stalled server.
func TestStoppedServerBlamesNobody(t *testing.T) {
	for _, transport := range []string{"epoll", "net"} {
		if transport == "epoll" && !hasEpoll {
			continue
		}
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			p := launch(t, "--admin-addr", "127.0.0.1:0", "--transport", transport, "--heartbeat", "1s", "--shed-lateness", "0", "--games", "tag")
			go func() { // or the log fills its pipe
				for p.log.Scan() {
				}
			}()
			var players []*client.Client[tag.State, tag.Input]
			for range 8 {
				players = append(players, p.join(t))
			}
			play := func(n uint64) {
				t.Helper()
				look := time.NewTicker(10 * time.Millisecond)
				defer look.Stop()
				end := time.After(20 * time.Second)
				var goals []uint64
				for _, c := range players {
					goals = append(goals, c.Stats().Snapshots+n)
				}
				for i, c := range players {
					for c.Stats().Snapshots < goals[i] {
						select {
						case <-look.C:
						case <-end:
							t.Fatalf("player %d: %+v", i, c.Stats())
						}
					}
				}
			}
			play(2)
			if err := p.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			<-time.After(3500 * time.Millisecond)
			if err := p.Process.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			play(4) // one a second, when nothing moves
			for i, c := range players {
				if n := c.Stats().Resumes; n != 0 {
					t.Errorf("player %d resumed %d times", i, n)
				}
			}
			if _, page := fetch(t, http.MethodGet, "http://"+p.admin+"/metrics"); strings.Contains(page, "connections_closed_total{") || strings.Contains(page, "sessions_closed_total{") {
				t.Error("the server closed connections")
			}
		})
	}
}

// With a low limit of descriptors, all of which clients take, the operators' port still
// answers, and a warning at start names the limit and what is needed.
//
// Hazards: descriptors.
func TestOperatorsHaveDescriptors(t *testing.T) {
	t.Parallel()
	p := launch(t, "--descriptors", "--admin-addr", "127.0.0.1:0", "--games", "tag")
	p.logged(t, "limit=64 needed=67648")
	go func() {
		for p.log.Scan() {
		}
	}()
	for range 100 {
		c, err := net.Dial("tcp", p.addr)
		if err != nil {
			break
		}
		defer c.Close()
	}
	for range 20 {
		if status, body := fetch(t, http.MethodGet, "http://"+p.admin+"/healthz"); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
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

// SIGHUP, as from a terminal that is closed, drains too.
//
// Hazards: blocked log.
func TestHangupDrains(t *testing.T) {
	t.Parallel()
	p := start(t)
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.logged(t, "draining")
	if _, err := p.end(t, time.Now()); err != nil {
		t.Errorf("ended with %v", err)
	}
}

// A server whose log nobody reads, or whose reader is gone, plays on and drains.
//
// Hazards: blocked log.
func TestLogThatNobodyReads(t *testing.T) {
	for name, gone := range map[string]bool{"unread": false, "gone": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := launch(t, "--log-level", "debug", "--games", "tag", "--admin-addr", "127.0.0.1:0")
			if gone {
				_ = p.diag.Close()
			} else {
				shrink(p.diag)
			}
			for range 40 { // each makes some lines
				_ = p.join(t).Close()
			}
			if _, page := fetch(t, http.MethodGet, "http://"+p.admin+"/metrics"); gone == strings.Contains(page, "arbiter_log_dropped_total 0\n") {
				t.Error("of the lines that could not be written none is counted, or one that waits is")
			}
			p.signal(t)
			if err := p.Wait(); err != nil { // closes what the log is read from
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// shrink has a pipe hold a page only, where that can be had.
func shrink(pipe io.Reader) {
	if f, ok := pipe.(*os.File); ok {
		const setPipeSize = 1031 // F_SETPIPE_SZ of Linux
		if rc, err := f.SyscallConn(); err == nil {
			_ = rc.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, setPipeSize, 4096) })
		}
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

//go:build unix

package server_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"arbiter/netcode/client"
	"arbiter/server/servertest"
)

// The environment of a process of the test's binary that is a player: their
// address and token and, for TLS, the server's certificate in hex.
const (
	playerURL   = "BE_PLAYER_AT"
	playerToken = "BE_PLAYER_AS"
	playerCert  = "BE_PLAYER_TRUSTING"
)

func init() {
	if url := os.Getenv(playerURL); url != "" {
		if err := bePlayer(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// bePlayer plays until standard input ends, then reports.
func bePlayer(url string) error {
	config := client.Config{URL: url, Token: os.Getenv(playerToken)}
	der, err := hex.DecodeString(os.Getenv(playerCert))
	if err != nil {
		return err
	}
	if len(der) > 0 {
		config.TLS = servertest.Trusting(der)
	}
	s, err := newSoldier(context.Background(), hallGame(), config)
	if err != nil {
		return err
	}
	fmt.Println("playing")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	s.halt()
	ctx, cancel := context.WithTimeout(context.Background(), servertest.Patience)
	defer cancel()
	for st := s.Stats(); st.InputsSent != st.InputsApplied; st = s.Stats() {
		if err := s.Wait(ctx); err != nil {
			return fmt.Errorf("%+v: %w", st, err)
		}
	}
	st := s.Stats()
	fmt.Println(report{st.InputsApplied, s.count(), s.wrongs(), st.Resumes})
	return s.Close()
}

// report is what a player's process knows at its end.
type report struct {
	inputs  uint64 // that it made and the server applied
	count   int    // that the soldier was given, those of processes before included
	wrongs  uint64
	resumes uint64
}

// player is a process that plays.
type player struct {
	*exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

func (h *hall) process(t *testing.T, name string) *player {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	config := h.client(name)
	p := &player{Cmd: exec.Command(self)}
	p.Env = append(os.Environ(), playerURL+"="+config.URL, playerToken+"="+config.Token)
	if h.cert != nil {
		p.Env = append(p.Env, playerCert+"="+hex.EncodeToString(h.cert.DER()))
	}
	p.Stderr = os.Stderr
	if p.in, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // it has ended, or the test failed
	if line, err := p.out.ReadString('\n'); line != "playing\n" {
		t.Fatalf("%s does not play: %q, %v", name, line, err)
	}
	return p
}

func (p *player) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// end has the process end and returns its report.
func (p *player) end(t *testing.T) (r report) {
	t.Helper()
	_ = p.in.Close()
	line, err := p.out.ReadString('\n')
	if _, bad := fmt.Sscanf(line, "{%d %d %d %d}", &r.inputs, &r.count, &r.wrongs, &r.resumes); err != nil || bad != nil {
		t.Fatalf("the report %q: %v, %v", line, err, bad)
	}
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
	return r
}

// countOf is how many inputs a soldier was given, as another one sees it.
func (s *soldier) countOf(name string) (n int) {
	s.Do(func() {
		if _, o := s.State().Soldiers.Find(func(o *servertest.Soldier) bool { return o.Name == name }); o != nil {
			n = o.Count
		}
	})
	return n
}

// One player's process is stopped until the server closes their connection, and
// goes on; another's is killed, and a new one takes the seat. Neither loses an
// input that was applied or has one repeated, and their neighbour does not notice.
//
// Hazards: dead process, deaf peer.
func TestProcessesStopAndDie(t *testing.T) {
	t.Parallel()
	eachHall(t, func(t *testing.T, h *hall) {
		neighbour := h.enlist(t, "neighbour", nil)
		ann, bob := h.process(t, "ann"), h.process(t, "bob")
		plays := func(name string, n int) func() bool {
			goal := neighbour.countOf(name) + n
			return func() bool { return neighbour.countOf(name) >= goal }
		}
		servertest.Eventually(t, "ann plays", plays("ann", 10))
		servertest.Eventually(t, "bob plays", plays("bob", 10))
		judge := h.neighbourly(t, neighbour)
		ann.signal(t, syscall.SIGSTOP)
		stopped := time.Now()

		bob.signal(t, syscall.SIGKILL)
		if err := bob.Wait(); err == nil {
			t.Error("bob's process ended in order")
		}
		servertest.Eventually(t, "the server knows that bob is gone", func() bool { return h.Metrics().Sum("arbiter_sessions") == 2 })
		later := neighbour.Stats().Snapshots + 10
		servertest.Eventually(t, "what bob had sent is applied", func() bool { return neighbour.Stats().Snapshots >= later })
		before := neighbour.countOf("bob")
		bob = h.process(t, "bob")
		servertest.Eventually(t, "bob plays again", plays("bob", 10))
		if r := bob.end(t); r.wrongs != 0 || r.count != before+int(r.inputs) {
			t.Errorf("bob: %+v; want all inputs on top of the %d before, and nothing wrong", r, before)
		}

		servertest.Eventually(t, "ann is closed as slow", func() bool {
			return h.Metrics().Sum("arbiter_sessions_closed_total", `name="slow"`) == 1
		})
		t.Logf("closed %v after it stopped", time.Since(stopped))
		ann.signal(t, syscall.SIGCONT)
		servertest.Eventually(t, "ann plays again", plays("ann", 10))
		if r := ann.end(t); r.wrongs != 0 || r.resumes != 1 || r.count != int(r.inputs) {
			t.Errorf("ann: %+v; want one resume, all inputs once, and nothing wrong", r)
		}
		judge()
	})
}

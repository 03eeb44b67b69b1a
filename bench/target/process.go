package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"arbiter/bench/machine"
)

// Process is a running server. Stop ends it.
type Process struct {
	Addr  netip.AddrPort // where players connect
	Admin string         // host:port of its metrics; empty: none

	name string
	cmd  *exec.Cmd
	said *tail
	gone chan struct{} // closed when the process has ended

	forget func() // removes what it was given; nil: nothing
}

// Command is a program and its arguments, as a server is started.
type Command []string

// start runs a command on those processors, with env besides this process's
// own, and waits until it listens at addr.
func start(ctx context.Context, command Command, env []string, cpus machine.CPUs, addr netip.AddrPort) (*Process, error) {
	p := &Process{Addr: addr, name: strings.Join(command, " "), said: &tail{}, gone: make(chan struct{})}
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	if err := machine.Pinned(cpus, p.cmd.Start); err != nil {
		return nil, fmt.Errorf("bench: start %s: %w", p.name, err)
	}
	go func() {
		defer close(p.gone)
		_ = p.cmd.Wait() // how it ended is in what it said
	}()
	if err := p.listening(ctx); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

const startPatience = 10 * time.Second

func (p *Process) listening(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		var d net.Dialer
		if c, err := d.DialContext(ctx, "tcp4", p.Addr.String()); err == nil {
			_ = c.Close()
			return nil
		}
		select {
		case <-p.gone:
			return fmt.Errorf("bench: %s ended: %s", p.name, p.said)
		case <-ctx.Done():
			return fmt.Errorf("bench: %s does not listen at %v: %w: %s", p.name, p.Addr, ctx.Err(), p.said)
		case <-look.C:
		}
	}
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Cost is what the process has used so far.
func (p *Process) Cost() (machine.Cost, error) {
	c, err := machine.CostOf(p.PID())
	if err != nil {
		return c, fmt.Errorf("%w; it said: %s", err, p.said)
	}
	return c, nil
}

// Stop ends the process: first kindly, after a second not.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(time.Second, func() { _ = p.cmd.Process.Kill() })
	<-p.gone
	kill.Stop()
	if p.forget != nil {
		p.forget()
	}
}

// freeAddr is a loopback address where nobody listens.
func freeAddr() (netip.AddrPort, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("bench: no free port: %w", err)
	}
	defer l.Close()
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}, errors.New("bench: no free port")
	}
	return at.AddrPort(), nil
}

// tail keeps the last of what a process says.
type tail struct {
	mu sync.Mutex
	b  []byte // guarded by mu
}

const tailBytes = 2000

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if len(t.b) > tailBytes {
		t.b = bytes.Clone(t.b[len(t.b)-tailBytes:])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.b) == 0 {
		return "(nothing)"
	}
	return strings.TrimSpace(string(t.b))
}

//go:build !race

package transport

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// maxTLSConn is the memory that one TLS connection may take, in bytes.
const maxTLSConn = 9 << 10

// quiet is a host that holds nothing for a connection.
type quiet struct{ got chan struct{} }

func (q quiet) Upgrade(*Request) (any, *Refusal) { return nil, nil }
func (q quiet) Opened(*Conn, any) Receiver       { return q }
func (q quiet) Message([]byte)                   { q.got <- struct{}{} }
func (quiet) Closed(error)                       {}

// TestAllocatedMemory: an idle TLS connection costs the process at most 9 KB and
// no goroutine. The race detector's shadow is not counted: this runs without it.
//
// Hazards: tls records, idle flood.
func TestAllocatedMemory(t *testing.T) {
	host := quiet{make(chan struct{}, memoryConns)}
	v := variant{name: "epoll-tls", kind: Epoll, tls: true}
	s := v.start(t, Config{Limits: Limits{MaxPerAddress: -1}}, host, nil)
	dial(t, s).upgrade()
	goroutines, before := runtime.NumGoroutine(), resident(t)

	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), manyVar+"="+s.Addr().String())
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if line != "open\n" {
		t.Fatalf("the clients say %q, %v", line, err)
	}
	for range memoryConns {
		take(t, host.got, "message")
	}
	eventually(t, "handshakes over", func() bool { return runtime.NumGoroutine() <= goroutines+3 }) // os/exec's own
	each := (resident(t) - before) / memoryConns
	t.Logf("%d bytes resident for each of %d connections", each, memoryConns)
	if each > maxTLSConn || each < 1000 {
		t.Errorf("%d bytes for each connection, want at most %d", each, maxTLSConn)
	}
	_ = stdin.Close()
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
}

// resident is the memory of this process, in bytes.
func resident(t *testing.T) int {
	debug.FreeOSMemory()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

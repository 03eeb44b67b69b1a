package server

import (
	"bytes"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// exhausted is a listener of a process without descriptors: it accepts only when one is
// given up.
type exhausted struct {
	net.Listener
	free func() bool
}

func (e exhausted) Accept() (net.Conn, error) {
	if !e.free() {
		return nil, os.NewSyscallError("accept", syscall.EMFILE)
	}
	here, there := net.Pipe()
	return here, there.Close()
}

func (exhausted) Close() error { return nil }

// Hazards: descriptors.
func TestSpareDescriptors(t *testing.T) {
	gone := 0
	var l *spareListener
	l = newSpareListener(exhausted{free: func() bool { return spareDescriptors-len(l.spare) > gone }})
	var conns []net.Conn
	for ; gone < spareDescriptors; gone++ {
		c, err := l.Accept()
		if err != nil {
			t.Fatalf("connection %d is not accepted: %v", gone, err)
		}
		conns = append(conns, c)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("accepted without a descriptor")
	}
	for _, c := range conns {
		_ = c.Close()
	}
	if n := len(l.spare); n != spareDescriptors {
		t.Errorf("%d descriptors are kept again, want %d", n, spareDescriptors)
	}
	if err := l.Close(); err != nil || len(l.spare) != 0 {
		t.Errorf("closed with %v, %d descriptors left", err, len(l.spare))
	}
	if l.refill(); len(l.spare) != 0 {
		t.Error("takes descriptors after it was closed")
	}
}

// Hazards: descriptors.
func TestFewDescriptorsAreToldOf(t *testing.T) {
	for limit, want := range map[uint64]string{0: "", 64: "limit=64 needed=264", 263: "limit=263 needed=264", 264: ""} {
		var log bytes.Buffer
		warnOfDescriptors(slog.New(slog.NewTextHandler(&log, nil)), limit, 100, 50)
		if text := log.String(); !strings.Contains(text, want) || want == "" && text != "" {
			t.Errorf("limit of %d: the log says %q, want %q", limit, text, want)
		}
	}
}

//go:build !linux

package transport

import (
	"fmt"
	"net"
	"syscall"
)

func newEngine(c *core, ln *net.TCPListener) (engine, error) {
	if c.cfg.Kind == Epoll {
		return nil, fmt.Errorf("transport: kind %q is for Linux only: use %q or %q", Epoll, Auto, Net)
	}
	return newNetEngine(c, ln), nil
}

// controlListener leaves the listener alone: options are set per connection,
// as not every system has accepted sockets inherit them.
func controlListener(syscall.RawConn, *Limits) error { return nil }

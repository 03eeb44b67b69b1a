package transport

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

func newEngine(c *core, ln *net.TCPListener) (engine, error) {
	if c.cfg.Kind == Epoll {
		return newEpollEngine(c, ln)
	}
	return newNetEngine(c, ln), nil
}

// controlListener sets the options that accepted sockets inherit.
func controlListener(rc syscall.RawConn, l *Limits) error {
	var err error
	set := func(fd uintptr, level, opt, value int) {
		if err == nil {
			err = unix.SetsockoptInt(int(fd), level, opt, value)
		}
	}
	ctlErr := rc.Control(func(fd uintptr) {
		set(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
		set(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, l.SendBuffer)
		set(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(l.UserTimeout.Milliseconds()))
	})
	if ctlErr != nil {
		return ctlErr
	}
	return err
}

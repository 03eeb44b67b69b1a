package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// onLoopback reports whether only this machine can reach a listening address.
func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// reachable is the address to connect to from this machine.
func reachable(addr net.Addr) string {
	at, err := netip.ParseAddrPort(addr.String())
	if err != nil || !at.Addr().IsUnspecified() {
		return addr.String()
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
}

// hostPort refuses a flag's text that is not an address to listen on.
func hostPort(flag, addr string) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("--%s: %q is not an address: write HOST:PORT, such as 127.0.0.1:8080 or :8080", flag, addr)
	}
	return nil
}

// explainListen adds the flag and the remedy to an error of listening.
func explainListen(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Addr == nil {
		return err
	}
	flag := "--addr"
	if strings.Contains(err.Error(), "operators' port") {
		flag = "--admin-addr"
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program, perhaps another arbiter: stop that program, or choose another port with %s", op.Addr, flag)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("no permission to listen on %s: choose a port above 1023 with %s", op.Addr, flag)
	}
	return fmt.Errorf("%w: choose another address with %s", err, flag)
}

package app

import (
	"fmt"
	"net"
	"net/netip"
)

// onLoopback reports whether only this machine reaches a listening address.
func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// reachable is a listening address as one would connect to it from here.
func reachable(addr net.Addr) string {
	at, err := netip.ParseAddrPort(addr.String())
	if err != nil || !at.Addr().IsUnspecified() {
		return addr.String()
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
}

// hostPort refuses a flag's text that is no address to listen on.
func hostPort(flag, addr string) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("--%s: %q is not an address: write HOST:PORT, such as 127.0.0.1:8080 or :8080", flag, addr)
	}
	return nil
}

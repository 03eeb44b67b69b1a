package transport

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strings"
)

// The header of the PROXY protocol (haproxy.org, doc/proxy-protocol.txt), which
// a proxy sends before the client's bytes. Version 1 is a line of at most 107
// bytes:
//
//	PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n
//
// Version 2 is binary:
//
//	0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a   signature
//	2c                                    version 2, command: 0 local, 1 proxy
//	ft                                    family: 1 IPv4, 2 IPv6; transport: 1 TCP
//	nn nn                                 bytes that follow: addresses, then extensions
const (
	maxProxyV1 = 107
	maxProxyV2 = 536 // 16 bytes, and 520 of addresses and extensions
)

var signatureV2 = []byte("\r\n\r\n\x00\r\nQUIT\n")

// parseProxy looks at the beginning of a connection. n is the length of a
// complete header, 0 if more bytes are needed, negative if it is none. A zero
// from means that the proxy speaks for itself or does not know.
func parseProxy(b []byte) (from netip.AddrPort, n int) {
	if len(b) == 0 {
		return from, 0
	}
	if b[0] == signatureV2[0] {
		return parseProxyV2(b)
	}
	return parseProxyV1(b)
}

func parseProxyV1(b []byte) (from netip.AddrPort, n int) {
	const prefix = "PROXY "
	if k := min(len(b), len(prefix)); string(b[:k]) != prefix[:k] {
		return from, -1
	}
	end := bytes.IndexByte(b, '\n')
	switch {
	case end < 0 && len(b) < maxProxyV1:
		return from, 0
	case end < 0 || end >= maxProxyV1 || b[end-1] != '\r':
		return from, -1
	}
	fields := strings.Split(string(b[len(prefix):end-1]), " ")
	if fields[0] == "UNKNOWN" {
		return from, end + 1
	}
	if len(fields) != 5 || fields[0] != "TCP4" && fields[0] != "TCP6" {
		return from, -1
	}
	for i := range 2 { // source and destination must both be right
		addr, err := netip.ParseAddrPort(joinHostPort(fields[1+i], fields[3+i]))
		if err != nil || addr.Addr().Zone() != "" || addr.Addr().Is4() != (fields[0] == "TCP4") {
			return netip.AddrPort{}, -1
		}
		if i == 0 {
			from = unmapped(addr)
		}
	}
	return from, end + 1
}

// joinHostPort is net.JoinHostPort.
func joinHostPort(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + port
}

func parseProxyV2(b []byte) (from netip.AddrPort, n int) {
	if k := min(len(b), len(signatureV2)); !bytes.Equal(b[:k], signatureV2[:k]) {
		return from, -1
	}
	if len(b) > 12 && b[12]&^1 != 0x20 {
		return from, -1
	}
	if len(b) < 16 {
		return from, 0
	}
	n = 16 + int(binary.BigEndian.Uint16(b[14:]))
	if n > maxProxyV2 {
		return from, -1
	}
	if len(b) < n {
		return from, 0
	}
	if b[12] == 0x20 { // the proxy's own, such as a health check
		return from, n
	}
	switch body := b[16:n]; b[13] {
	case 0x11:
		if len(body) < 12 {
			return from, -1
		}
		from = netip.AddrPortFrom(netip.AddrFrom4([4]byte(body)), binary.BigEndian.Uint16(body[8:]))
	case 0x21:
		if len(body) < 36 {
			return from, -1
		}
		from = unmapped(netip.AddrPortFrom(netip.AddrFrom16([16]byte(body)), binary.BigEndian.Uint16(body[32:])))
	case 0:
	default: // datagrams and Unix sockets are not what came here
		return from, -1
	}
	return from, n
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// dropProxy is a connection from a proxy that does not begin as it has to.
const dropProxy headDrop = "proxy_protocol"

// feedProxy takes the header of the PROXY protocol, and returns what comes
// behind it.
func (c *Conn) feedProxy(b []byte, now int64) (rest []byte) {
	had := len(c.head)
	c.head = c.core.pool.add(c.head, b[:min(len(b), maxProxyV2-had)])
	from, n := parseProxy(c.head)
	if n == 0 && len(c.head) < maxProxyV2 {
		return nil
	}
	if n <= 0 {
		c.end(dropProxy)
		return nil
	}
	c.dropHead()
	if from.IsValid() && !c.from(from, now) {
		return nil
	}
	c.begin()
	return b[n-had:]
}

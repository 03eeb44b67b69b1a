package transport

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// returned is a connection that net/http served and the transport reclaims,
// because a client, or a proxy with a pool of connections, asks for a WebSocket
// on it after other requests.
type returned struct {
	socket *net.TCPConn
	remote netip.AddrPort
	entry  *addressEntry
	sec    *secure // nil: plain
	head   []byte  // the request, and what came behind it
}

// reclaim takes a connection out of net/http and has the transport treat the
// request for a WebSocket as its first. It reports false if net/http does not
// give the connection.
func (f *fallback) reclaim(w http.ResponseWriter, r *http.Request) bool {
	head, ok := appendRequest(nil, r)
	if !ok {
		return false
	}
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	rc, ok := nc.(*replayConn)
	if !ok {
		_ = nc.Close()
		return true
	}
	behind, _ := rw.Reader.Peek(rw.Reader.Buffered())
	head = append(head, behind...)
	head = append(head, rc.replay...)
	back := &returned{socket: rc.socket, remote: rc.remote, entry: rc.entry, sec: rc.sec, head: head}
	rc.leaveOnce.Do(func() {}) // the entry in the caps goes with the connection
	if err := f.core.readmit(back); err != nil {
		f.core.caps.release(back.entry)
		_ = back.socket.Close()
	}
	return true
}

// appendRequest writes a request's head as it may have been sent: net/http has
// checked its syntax, and what the transport checks beyond that (which headers
// there are, and how often) is kept. It reports false for one with a body.
func appendRequest(b []byte, r *http.Request) (head []byte, ok bool) {
	if r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
		return nil, false
	}
	b = fmt.Appendf(b, "%s %s %s\r\nHost: %s\r\n", r.Method, r.RequestURI, r.Proto, r.Host)
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range r.Header[name] {
			if strings.ContainsAny(name+value, "\r\n\x00") { // cannot be: net/http refuses them
				return nil, false
			}
			b = fmt.Appendf(b, "%s: %s\r\n", name, value)
		}
	}
	return append(b, '\r', '\n'), true
}

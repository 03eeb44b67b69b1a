package transport

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gobwas/ws"
)

// upgrader runs ws.Upgrader over a head that lies complete in memory. It is
// reused by one loop for all its handshakes and not safe for concurrent use.
type upgrader struct {
	core *core
	ws   ws.Upgrader

	// One handshake's own.
	req     Request
	facts   headFacts
	accept  any
	refusal *Refusal
	in      bytes.Reader
	out     bytes.Buffer
}

func newUpgrader(c *core) *upgrader {
	u := &upgrader{core: c}
	u.ws = ws.Upgrader{
		ReadBufferSize:  c.cfg.Limits.HeadBytes,
		WriteBufferSize: 512,
		OnRequest:       u.onRequest,
		OnHost:          u.onHost,
		OnHeader:        u.onHeader,
		ProtocolCustom:  u.onProtocol,
		OnBeforeUpgrade: u.onBeforeUpgrade,
	}
	return u
}

// errRefused stops ws.Upgrader; the answer is written from u.refusal.
var errRefused = errors.New("transport: request refused")

// run judges a checked head. It returns the answer 101, valid until the next
// run, and what the host said, or why the request is refused.
func (u *upgrader) run(head []byte, facts headFacts, remote netip.AddrPort) (answer []byte, accept any, refusal *Refusal) {
	u.req = Request{Method: http.MethodGet, RemoteAddr: remote, Protocols: facts.protocols}
	u.facts, u.accept, u.refusal = facts, nil, nil
	u.req.Subprotocol = u.choose()
	u.in.Reset(head)
	u.out.Reset()
	if _, err := u.ws.Upgrade(readWriter{&u.in, &u.out}); err != nil && u.refusal == nil {
		u.refusal = badHead("handshake", "the request is not a valid WebSocket handshake: "+err.Error())
	}
	accept = u.accept
	u.req, u.facts, u.accept = Request{}, headFacts{}, nil
	if u.refusal != nil {
		return nil, nil, u.refusal
	}
	return u.out.Bytes(), accept, nil
}

type readWriter struct {
	io.Reader
	io.Writer
}

// tokenPrefix marks the entry of Sec-WebSocket-Protocol that is no protocol
// but carries a browser's credentials.
const tokenPrefix = "token."

func (u *upgrader) choose() string {
	want := u.core.cfg.Subprotocol
	if want == "" || strings.HasPrefix(want, tokenPrefix) {
		return ""
	}
	for _, p := range u.req.Protocols {
		if p == want {
			return want
		}
	}
	return ""
}

func (u *upgrader) onRequest(uri []byte) error {
	u.req.Path, u.req.Query, _ = strings.Cut(string(uri), "?")
	return nil
}

func (u *upgrader) onHost(host []byte) error {
	u.req.Host = string(host)
	return nil
}

func (u *upgrader) onHeader(key, value []byte) error {
	switch string(key) {
	case "Origin":
		u.req.Origin = string(value)
	case "Authorization":
		u.req.Authorization = string(value)
	}
	return nil
}

// onProtocol answers with the choice made before: ws.Upgrader shows the entries
// only up to the first that it selects, and the host is to see them all.
func (u *upgrader) onProtocol([]byte) (string, bool) { return u.req.Subprotocol, true }

func (u *upgrader) onBeforeUpgrade() (ws.HandshakeHeader, error) {
	if !u.core.origins.allows(u.facts.origins, u.req.Origin, u.req.Host) {
		u.refusal = &Refusal{Status: http.StatusForbidden, Code: "origin",
			Message: "pages of this origin may not connect: add it to the server's list of origins"}
		return nil, errRefused
	}
	u.accept, u.refusal = u.core.host.Upgrade(&u.req)
	if u.refusal != nil {
		return nil, errRefused
	}
	return nil, nil
}

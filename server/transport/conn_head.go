package transport

import "net"

// headDrop is why a connection was dropped, mostly before it was upgraded. Its
// text is the counter's name.
type headDrop string

func (d headDrop) Error() string { return "transport: dropped: " + string(d) }

const (
	dropTLS     headDrop = "tls"
	dropJunk    headDrop = "junk"
	dropTimeout headDrop = "timeout"
	dropHTTP    headDrop = "http_full" // net/http could not take it
)

// feedHead collects the request head and acts on it once it is complete. It
// returns the bytes that came behind an upgraded head.
func (c *Conn) feedHead(b []byte, now int64) (rest []byte) {
	all := b
	if c.head != nil {
		c.head = c.core.pool.add(c.head, b)
		all = c.head
	}
	limits := &c.core.cfg.Limits
	switch c.scan.scan(all, limits.HeadBytes, limits.HeadLines) {
	case headMore:
		if c.head == nil {
			c.head = c.core.pool.add(nil, b)
		}
	case headComplete:
		return c.judge(all, b, now)
	case headBytes:
		c.refuse(&Refusal{Status: 431, Code: "head_bytes", Message: "the request head is too long; cookies may be the reason"}, now)
	case headLines:
		c.refuse(&Refusal{Status: 431, Code: "head_lines", Message: "the request has too many header lines"}, now)
	case headMalformed:
		c.refuse(badHead("malformed_head", "the request head contains a control character or a line that does not end in CR LF"), now)
	case headTLS:
		c.end(dropTLS)
	case headJunk:
		c.end(dropJunk)
	}
	return nil
}

// judge upgrades, refuses or hands on a complete head. all begins with the
// head; b are the bytes that came last.
func (c *Conn) judge(all, b []byte, now int64) (rest []byte) {
	head := all[:c.scan.pos]
	facts, refusal := checkHead(head)
	if refusal != nil {
		c.refuse(refusal, now)
		return nil
	}
	if !facts.websocket {
		c.handOn(all)
		return nil
	}
	forwarded := facts.forwarded(c.core.proxies.header)
	c.core.proxies.hint(c.remote.Addr(), forwarded)
	if client := c.core.proxies.client(c.remote, forwarded); !c.from(client, now) {
		return nil
	}
	answer, accept, refusal := c.up.run(head, facts, c.remote)
	if refusal != nil {
		c.refuse(refusal, now)
		return nil
	}
	rest = b[len(b)-(len(all)-len(head)):]
	c.open(answer, accept, now)
	return rest
}

// open writes 101 and makes the host's receiver the connection's.
func (c *Conn) open(answer []byte, accept any, now int64) {
	c.core.stats.shake("ok")
	c.outMu.Lock()
	err := c.put(answer, c.core.cfg.Limits.PendingBytes)
	c.outMu.Unlock()
	c.phase = phaseOpen
	if err != nil {
		c.end(err)
		return
	}
	c.dropHead()
	c.up = nil
	c.opened, c.heard = now, now
	if c.receiver = c.core.host.Opened(c, accept); c.receiver == nil {
		c.Drop()
	}
}

// refuse answers a request with an HTTP error and closes. FIN follows the
// answer, and what the peer still sends is discarded for a while: closing at
// once would send RST, which can overtake the answer.
func (c *Conn) refuse(r *Refusal, now int64) {
	c.core.stats.shake(r.Code)
	c.blind = true
	c.lastWrite(r.appendTo(nil), &refusedError{r.Code}, true)
	c.handleWake(now)
}

type refusedError struct{ code string }

func (e *refusedError) Error() string { return "transport: request refused: " + e.code }

// handOn gives the connection to net/http, which reads all that came again.
func (c *Conn) handOn(all []byte) {
	replay := append([]byte(nil), all...)
	c.outMu.Lock()
	ahead := append([]byte(nil), c.out[c.outAt:]...) // of a TLS handshake
	c.outMu.Unlock()
	nc, err := c.link.detach()
	if err != nil {
		c.end(dropHTTP)
		return
	}
	rc := &replayConn{Conn: nc, sec: c.sec, remote: c.remote, replay: replay, caps: c.core.caps, entry: c.entry}
	rc.socket, _ = nc.(*net.TCPConn) // TCP is what is listened on
	if c.sec != nil {
		rc.Conn = c.sec.hand(nc, ahead)
	}
	c.phase = phaseGone
	c.outMu.Lock()
	c.state.Store(outDead)
	c.forget()
	c.outMu.Unlock()
	c.dropHead()
	if !c.core.http.serve(rc) {
		c.core.stats.shake(string(dropHTTP))
		return
	}
	c.core.stats.shake("http")
}

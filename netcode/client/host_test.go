package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/client/clienttest"

	"github.com/gobwas/ws"
)

// host serves a clienttest.Server over pipes that carry WebSockets.
type host struct {
	t     reporter
	start time.Time
	ctx   context.Context
	stop  context.CancelFunc
	group sync.WaitGroup

	mu     sync.Mutex
	match  *clienttest.Server
	conns  []net.Conn   // the server's ends, in order of connecting
	refuse int          // status to answer upgrades with
	later  string       // Retry-After of that
	paths  []string     // requested
	tokens []string     // Authorization
	down   func() error // what dialing meets
	wrap   func(net.Conn) net.Conn

	mute      bool // choose no subprotocol
	fragments bool // send messages in three frames, with a ping between them
}

// reporter is what a host needs of its test.
type reporter interface {
	Context() context.Context
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

func newHost(t reporter) *host {
	h := &host{t: t, start: time.Now(), match: clienttest.NewServer(arena.Game, 3)}
	h.ctx, h.stop = context.WithCancel(t.Context())
	h.group.Go(func() {
		for n := time.Duration(1); ; n++ {
			select {
			case <-time.After(time.Until(h.start.Add(n * time.Second / 30))):
				h.mu.Lock()
				h.match.Step(time.Since(h.start))
				h.mu.Unlock()
			case <-h.ctx.Done():
				return
			}
		}
	})
	return h
}

func (h *host) close() {
	h.stop()
	h.mu.Lock()
	for _, c := range h.conns {
		c.Close()
	}
	h.mu.Unlock()
	h.group.Wait()
	for _, err := range h.match.Errors {
		h.t.Error(err)
	}
}

// dial is a Config.Dialer.
func (h *host) dial(context.Context, string, string) (net.Conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down != nil {
		if err := h.down(); err != nil {
			return nil, err
		}
	}
	client, server := net.Pipe()
	h.conns = append(h.conns, server)
	h.group.Go(func() { h.serve(server) })
	if h.wrap != nil {
		client = h.wrap(client)
	}
	return client, nil
}

func (h *host) serve(conn net.Conn) {
	defer conn.Close()
	watches := false
	up := ws.Upgrader{
		Protocol: func(p []byte) bool { return string(p) == Subprotocol && !h.mute },
		OnRequest: func(uri []byte) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.paths = append(h.paths, string(uri))
			watches = strings.Contains(string(uri), "spectate=1")
			if h.refuse != 0 {
				header := ws.HandshakeHeaderHTTP{}
				if h.later != "" {
					header["Retry-After"] = []string{h.later}
				}
				return ws.RejectConnectionError(ws.RejectionStatus(h.refuse), ws.RejectionHeader(header), ws.RejectionReason(`{"type":"/v1/problems/x","title":"No","status":401,"detail":"not today","code":"x"}`))
			}
			return nil
		},
		OnHeader: func(key, value []byte) error {
			if string(key) == "Authorization" {
				h.mu.Lock()
				h.tokens = append(h.tokens, string(value))
				h.mu.Unlock()
			}
			return nil
		},
	}
	if _, err := up.Upgrade(conn); err != nil {
		return
	}
	out := make(chan []byte, 256)
	defer close(out)
	h.group.Go(func() {
		for b := range out {
			if _, err := conn.Write(b); err != nil {
				for range out { // until the reader gives up
				}
				return
			}
		}
	})
	send := func(_ time.Duration, msg []byte) {
		var b []byte
		for _, f := range h.framesOf(msg) {
			one, err := ws.CompileFrame(f)
			if err != nil {
				h.t.Error(err)
			}
			b = append(b, one...)
		}
		out <- b
	}
	h.mu.Lock()
	open := h.match.Open
	if watches {
		open = h.match.Watch
	}
	c := open(send)
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		c.Close()
	}()
	r := bufio.NewReader(conn)
	for {
		head, err := ws.ReadHeader(r)
		payload := make([]byte, head.Length&0xffff)
		if err == nil {
			_, err = io.ReadFull(r, payload)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, io.ErrUnexpectedEOF) {
				h.t.Errorf("server reads: %v", err)
			}
			return
		}
		if !head.Masked || !head.Fin {
			h.t.Errorf("a frame with header %+v", head)
		}
		ws.Cipher(payload, head.Mask, 0)
		switch head.OpCode {
		case ws.OpClose:
			return
		case ws.OpBinary:
			h.mu.Lock()
			c.Receive(time.Since(h.start), payload)
			h.mu.Unlock()
		}
	}
}

// framesOf are the frames that a message is sent in.
func (h *host) framesOf(msg []byte) []ws.Frame {
	if n := len(msg) / 2; h.fragments {
		return []ws.Frame{
			ws.NewFrame(ws.OpBinary, false, msg[:n]),
			ws.NewPingFrame([]byte("between")),
			ws.NewFrame(ws.OpContinuation, false, nil),
			ws.NewFrame(ws.OpContinuation, true, msg[n:]),
		}
	}
	return []ws.Frame{ws.NewBinaryFrame(msg)}
}

// end sends the newest connection a frame, and closes it.
func (h *host) end(f ws.Frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	conn := h.conns[len(h.conns)-1]
	b, err := ws.CompileFrame(f)
	if err != nil {
		h.t.Error(err)
	}
	h.group.Go(func() {
		_, _ = conn.Write(b)
		conn.Close()
	})
}

func closeFrame(code netcode.Code) ws.Frame {
	return ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusCode(code), ""))
}

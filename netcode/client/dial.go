package client

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"arbiter/netcode/client/apiclient"

	"github.com/gobwas/ws"
)

// dial connects and upgrades.
func (c *Config) dial(ctx context.Context, t target) (net.Conn, *bufio.Reader, error) {
	refused := &RefusedError{}
	d := ws.Dialer{
		Timeout:   dialTimeout,
		Protocols: []string{Subprotocol},
		NetDial:   c.Dialer,
		TLSConfig: c.TLS,
		OnStatusError: func(status int, _ []byte, resp io.Reader) {
			refused.Status = status
			refused.Message, refused.RetryAfter = refusal(resp)
		},
	}
	if t.token != "" {
		d.Header = ws.HandshakeHeaderHTTP(http.Header{"Authorization": {"Bearer " + t.token}})
	}
	conn, r, hs, err := d.Dial(ctx, t.url)
	switch {
	case refused.Status != 0:
		return nil, nil, refused
	case err != nil:
		return nil, nil, marked{fmt.Errorf("client: connecting: %w", err), errUnreachable}
	case hs.Protocol != Subprotocol:
		_ = conn.Close()
		return nil, nil, final(fmt.Errorf("client: the server does not speak %s; it chose the subprotocol %q", Subprotocol, hs.Protocol))
	}
	if r == nil {
		r = bufio.NewReader(conn)
	}
	return conn, r, nil
}

// refusal reads what the server says beside a status.
func refusal(resp io.Reader) (message string, retryAfter time.Duration) {
	r, err := http.ReadResponse(bufio.NewReader(io.LimitReader(resp, 64<<10)), nil)
	if err != nil {
		return "", 0
	}
	defer r.Body.Close()
	text, err := io.ReadAll(io.LimitReader(r.Body, 16<<10))
	no := apiclient.ReadProblem(r, text)
	if err == nil && no.Detail != "" {
		return no.Detail, no.RetryAfter
	}
	return http.StatusText(r.StatusCode), no.RetryAfter
}

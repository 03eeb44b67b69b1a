package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"arbiter/netcode"

	"github.com/gobwas/ws"
)

const (
	renewShare  = 0.8         // of a token's time that passes before the next is asked for, at most
	renewSpread = 0.1         // of it, by chance, so that clients that came together don't ask together
	retryShare  = 0.25        // of the time left that passes before it is tried again
	leastRetry  = time.Second // between two tries
	renewMost   = 7 * 24 * time.Hour
	tokenPeriod = 30 * time.Second // for one call of GetToken
)

// renewal gets new tokens for a connection before its token expires. The
// connection's goroutine owns it; GetToken runs on one of its own, because it
// asks another server and may be slow.
type renewal struct {
	get    func(context.Context) (string, error)
	due    *time.Timer
	ends   time.Time // of the session, as the server said
	got    chan fetched
	asking bool
	cancel context.CancelFunc // of the call that is being made
}

type fetched struct {
	token string
	err   error
}

func newRenewal(get func(context.Context) (string, error)) *renewal {
	r := &renewal{get: get, due: time.NewTimer(time.Hour), got: make(chan fetched, 1), cancel: func() {}}
	r.due.Stop()
	return r
}

// schedule sets when the next token is fetched, given how long the session lasts
// with the token it has. Zero: that is not known.
func (r *renewal) schedule(left time.Duration) {
	if r.get == nil || left <= 0 {
		return
	}
	r.ends = time.Now().Add(left)
	share := renewShare - renewSpread*rand.Float64() // #nosec G404 -- spreads clients in time, hides nothing
	r.due.Reset(min(time.Duration(float64(left)*share), renewMost))
}

// fetch calls GetToken, whose result comes by r.got.
func (r *renewal) fetch(ctx context.Context) {
	if r.asking {
		return
	}
	r.asking = true
	ctx, r.cancel = context.WithTimeout(ctx, tokenPeriod)
	go func() {
		token, err := r.get(ctx)
		if err == nil && token == "" {
			err = errNoToken
		}
		r.got <- fetched{token, err}
	}()
}

// retry sets when GetToken is called again, while there is time.
func (r *renewal) retry() {
	wait := max(time.Duration(float64(time.Until(r.ends))*retryShare), leastRetry)
	r.due.Reset(wait/2 + rand.N(wait)) // #nosec G404 -- spreads clients in time, hides nothing
}

// stop ends the call that is being made, and waits for it.
func (r *renewal) stop() {
	r.due.Stop()
	r.cancel()
	if r.asking {
		<-r.got
	}
}

var errNoToken = errors.New("client: GetToken returned an empty token")

// sendRenewal sends what GetToken returned.
func (c *wsConn) sendRenewal(f fetched) error {
	r := c.renewal
	r.cancel()
	r.asking = false
	if f.err != nil {
		r.retry()
		return nil
	}
	c.out = netcode.Renew{Token: f.token}.Append(c.frameStart())
	return c.write(ws.OpBinary)
}

// renewalAnswered applies the server's answer.
func (c *wsConn) renewalAnswered(msg []byte) error {
	m, err := netcode.ParseRenewed(msg)
	if err != nil {
		return err
	}
	r := c.renewal
	if m.Refusal != "" {
		r.ends = time.Now().Add(m.Left)
		r.retry()
		return nil
	}
	r.schedule(m.Left)
	return nil
}

// renews reports whether the next connection may have another token than the
// last one.
func (c *Config) renews() bool { return c.GetToken != nil || c.Seek != nil }

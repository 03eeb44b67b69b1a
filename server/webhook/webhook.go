// Package webhook posts JSON to one address of somebody's back end, signed,
// until it is taken.
//
// # What arrives
//
// A POST with Content-Type application/json and the headers
//
//	Arbiter-Delivery   names the delivery, the same in every attempt: a receiver
//	                   that has seen it before answers 200 and does nothing
//	Arbiter-Timestamp  when the attempt was made, in seconds of Unix time
//	Arbiter-Signature  sha256= and, in hex, the HMAC-SHA256 of the timestamp, a
//	                   dot and the body, under the secret
//
// A receiver computes the signature from what it got, compares in constant
// time, and refuses timestamps more than a few minutes old.
//
// # What is tried again
//
// An answer of 200 to 299 is a delivery. No answer within 10 s, 408, 425, 429
// and 500 and above are tried again, after 1 s, 2 s, 4 s and so on up to 5 min,
// each less a random part of up to half, or after what Retry-After asks for if
// that is longer. Everything else, redirects too, is a refusal: trying again
// would end the same way. After 12 attempts, about 20 minutes, a delivery is
// given up. All of it is logged and counted.
//
// Deliveries may arrive in any order.
package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxWaiting  = 1024 // deliveries; beyond that new ones are dropped
	maxAtOnce   = 4    // requests
	minSecret   = 16   // bytes
	callTimeout = 10 * time.Second
)

// Config says where to, and how it is signed. New copies it.
type Config struct {
	URL    string // http:// or https://
	Secret string // signs; at least 16 bytes
	// Client makes the requests. Nil means one that follows no redirects.
	Client *http.Client
	// Log receives what goes wrong. Nil discards it.
	Log *slog.Logger
}

// Stats counts deliveries.
type Stats struct {
	Delivered uint64
	Failed    uint64 // attempts that will be, or were, tried again
	GivenUp   uint64 // refused, or tried too often, or cut off by Close
	Dropped   uint64 // not even tried, because too many waited
	Waiting   int64
}

// Hook delivers. It is safe for concurrent use.
type Hook struct {
	config Config

	delivered, failed, givenUp, dropped atomic.Uint64
	waiting                             atomic.Int64

	in      chan *delivery // holds maxWaiting, so that a send never waits
	results chan result
	closing chan struct{} // closed when Close begins
	once    sync.Once
	done    chan struct{} // closed when the loop has ended
	calls   context.Context
	cut     context.CancelFunc // ends the requests under way
}

// Check refuses addresses and secrets that can't be meant. Its errors show
// neither: addresses may hold secrets too.
func (c *Config) Check() error {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("webhook: the address must be like https://api.example/results")
	}
	if len(c.Secret) < minSecret {
		return fmt.Errorf("webhook: a secret of %d bytes: use %d or more, such as those of openssl rand -hex 32", len(c.Secret), minSecret)
	}
	return nil
}

// New starts a hook, which must be closed. It refuses what Check does.
func New(c Config) (*Hook, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if c.Client == nil {
		c.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	h := &Hook{config: c, in: make(chan *delivery, maxWaiting), results: make(chan result),
		closing: make(chan struct{}), done: make(chan struct{})}
	h.calls, h.cut = context.WithCancel(context.Background())
	go h.run() // ended and waited for by Close
	return h, nil
}

// Send has body, a JSON text, delivered under that id, and reports whether it
// will be tried. It never waits. Not after Close.
func (h *Hook) Send(id string, body []byte) bool {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		h.dropped.Add(1)
		h.config.Log.Error("webhook: too many deliveries wait, so one is dropped", "delivery", id)
		return false
	}
	h.in <- &delivery{id: id, body: body}
	return true
}

// Stats returns the counts.
func (h *Hook) Stats() Stats {
	return Stats{h.delivered.Load(), h.failed.Load(), h.givenUp.Load(), h.dropped.Load(), h.waiting.Load()}
}

// Close tries everything that waits once more, without delay, until ctx ends.
// It returns an error if something was not delivered.
func (h *Hook) Close(ctx context.Context) error {
	before := h.givenUp.Load()
	h.once.Do(func() { close(h.closing) })
	stop := context.AfterFunc(ctx, h.cut)
	defer stop()
	<-h.done
	h.cut()
	if n := h.givenUp.Load() - before; n > 0 {
		return fmt.Errorf("webhook: %d deliveries were given up at the end; the log names them", n)
	}
	return nil
}

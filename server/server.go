package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/server/asynclog"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
	"arbiter/server/transport"
	"arbiter/server/webhook"
)

// Server hosts matches. It is safe for concurrent use.
type Server struct {
	// Static.
	config    *Config
	log       *slog.Logger
	logs      *asynclog.Handler // behind log
	ownsLogs  bool              // logs is closed by Shutdown
	engine    *match.Engine
	metrics   *metricSet
	verifier  *auth.Verifier
	signer    *auth.Signer // nil: no key can sign
	guests    *auth.Signer // signer, or nil: keys were configured
	transport *transport.Server
	admin     *http.Server
	adminAt   net.Listener        // nil: none
	base      string              // of the addresses of seats
	prefix    string              // path of base, such as /arena; empty: none
	problems  *httpapi.Registry   // of the whole API
	hook      *webhook.Hook       // nil: none
	listeners []*match.Dispatcher // of events: Config.OnMatch and the webhook

	// Safe for concurrent use.
	revoked auth.Revocations
	streams httpapi.Quota[struct{}]
	limits  *requestLimits

	serving  atomic.Bool
	draining atomic.Bool
	stopOnce sync.Once
	stopping chan struct{} // closed when Shutdown begins
	stopped  chan struct{} // closed when it is done
	stopErr  error         // written before stopped is closed
}

// Subprotocol is what clients offer in Sec-WebSocket-Protocol, and are
// answered with; it carries the protocol's version.
const Subprotocol = "arbiter.v1"

// New checks the configuration and binds both ports. Nothing is accepted
// before Run, which must be called, or else Shutdown.
func New(config Config) (made *Server, err error) {
	c, err := config.filled()
	if err != nil {
		return nil, err
	}
	logs, ours := asyncLog(c)
	defer func() {
		if err != nil && ours {
			flushLog(logs)
		}
	}()
	s := &Server{logs: logs, ownsLogs: ours, config: c, log: c.Log, metrics: newMetrics(), stopping: make(chan struct{}), stopped: make(chan struct{}), limits: newRequestLimits(c.RequestRate)}
	if s.problems, err = registry(c.Problems); err != nil {
		return nil, err
	}
	if err := s.identify(c); err != nil {
		return nil, err
	}
	engine := c.engine()
	engine.Tokens, engine.Metrics = tokens{s}, s.metrics.registry
	if s.engine, err = match.New(engine); err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	s.metrics.registry.MustRegister(append(c.Collectors, collector{s})...)
	if err := s.listen(c); err != nil {
		return nil, errors.Join(err, s.engine.Close())
	}
	if err := s.prepareWebhook(c); err != nil {
		s.transport.Close()
		if s.adminAt != nil {
			_ = s.adminAt.Close()
		}
		return nil, errors.Join(err, s.engine.Close())
	}
	if c.OnMatch != nil {
		s.listeners = append(s.listeners, match.Dispatch(s.engine.Events(), c.OnMatch))
	}
	return s, nil
}

// prepareWebhook starts the webhook, which listens for the results of matches.
func (s *Server) prepareWebhook(c *Config) (err error) {
	if c.Webhook.URL == "" {
		return nil
	}
	hook := c.Webhook
	hook.Log = c.Log
	if s.hook, err = webhook.New(hook); err != nil {
		return fmt.Errorf("server: %w", err)
	}
	s.listeners = append(s.listeners, match.Dispatch(s.engine.Events(), s.reportResult))
	return nil
}

// identify prepares how tokens are verified, with a key of our own if need be.
func (s *Server) identify(c *Config) error {
	keys := c.Keys
	if keys == nil {
		var err error
		if keys, err = auth.NewKeys(auth.GenerateKey()); err != nil {
			return fmt.Errorf("server: %w", err)
		}
		c.Log.Warn("no keys configured: using a generated one, listening on loopback only, and giving guest tokens to everybody at POST /v1/guest")
	}
	var err error
	config := auth.Config{Keys: keys, Audience: c.Audience, Issuer: c.Issuer, Leeway: c.Leeway, Revoked: func(c auth.Claims) bool {
		return s.revoked.Refuses(time.Now(), c.Subject, c.ID)
	}}
	if s.verifier, err = auth.NewVerifier(config); err != nil {
		return fmt.Errorf("server: %w", err)
	}
	if s.signer, err = auth.NewSigner(config); err != nil {
		c.Log.Info("no seats can be reserved, because no key can sign join tokens", "reason", err)
		s.signer = nil
	}
	if c.Keys == nil {
		s.guests = s.signer
	}
	return nil
}

func (s *Server) listen(c *Config) error {
	origins, err := transport.NewOrigins(c.Origins)
	if err != nil {
		return fmt.Errorf("server: %w", err)
	}
	public, err := configuredURL(c.PublicURL)
	if err != nil {
		return err
	}
	if public != nil {
		s.base, s.prefix = public.String(), public.Path
	}
	s.transport, err = transport.Listen(transport.Config{
		Addr:           c.Addr,
		Kind:           c.Transport,
		Subprotocol:    Subprotocol,
		Origins:        c.Origins,
		RefuseNoOrigin: c.RefuseNoOrigin,
		Security:       c.Security,
		Limits:         c.Limits,
		Log:            c.Log,
	}, host{s}, belowPrefix(s.prefix, httpapi.ShareOrigins(origins.Allows, s.routes())))
	if err != nil {
		return fmt.Errorf("server: %w", err)
	}
	if public == nil {
		if s.base, err = localURL(s.Addr(), c.Security.TLS != nil); err != nil {
			s.transport.Close()
			return err
		}
	}
	if s.adminAt, err = listenAdmin(c.AdminAddr); err != nil {
		s.transport.Close()
		return fmt.Errorf("server: operators' port: %w", err)
	}
	s.admin = s.newAdmin()
	return nil
}

// Addr is the public port's address.
func (s *Server) Addr() net.Addr { return s.transport.Addr() }

// AdminAddr is the operators' port's address, or nil without one.
func (s *Server) AdminAddr() net.Addr {
	if s.adminAt == nil {
		return nil
	}
	return s.adminAt.Addr()
}

// Guest mints a guest token, as POST /v1/guest does. It fails if keys were
// configured.
func (s *Server) Guest(name string) (string, error) {
	if s.guests == nil {
		return "", errors.New("server: keys are configured: mint tokens with them")
	}
	return s.guests.Guest(name)
}

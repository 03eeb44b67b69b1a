package server

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"arbiter/game"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
	"arbiter/server/transport"
	"arbiter/server/webhook"

	"github.com/prometheus/client_golang/prometheus"
)

// drainNotice is how long a draining server stays reachable behind trusted proxies.
const drainNotice = 3 * time.Second

// NoAdmin as Config.AdminAddr leaves the operators' port closed.
const NoAdmin = "off"

// Config says what to host, where, and within which bounds. New copies it. A
// field's comment says what zero means.
type Config struct {
	// Addr is the public port, host:port. Empty means 127.0.0.1:8080.
	Addr string
	// AdminAddr is the operators' port: metrics, health, profiles. Empty means
	// 127.0.0.1:8081, NoAdmin none. On an address that others can reach it asks
	// for AdminToken or a token with the claim admin, whose key must be in Keys.
	AdminAddr string
	// AdminToken opens the operators' port, at least 16 bytes. Empty means only
	// tokens with the claim admin do and, on a loopback address, anybody may.
	AdminToken string
	// Transport is how connections are served. Empty means transport.Auto.
	Transport transport.Kind
	// Games are what is hosted, at least one, with distinct names.
	Games []game.Definition

	// Keys verify tokens. Nil means a generated key: then anybody gets a guest
	// token from POST /v1/guest, and Addr must be a loopback address.
	Keys *auth.Keys
	// Audience is what tokens must be meant for. Empty means auth.DefaultAudience.
	Audience string
	// Issuer is what tokens must be issued by, and what those made here name. Empty
	// means that the issuer is not checked.
	Issuer string
	// Leeway is the allowed clock difference with token issuers. Zero means 10 s,
	// negative none.
	Leeway time.Duration
	// Origins are the web origins whose pages may connect; "*" is any. Empty
	// means those of the requested host or, without Keys, any: everybody on this
	// machine gets a token then.
	Origins []string
	// RefuseNoOrigin refuses clients that are not browsers. False allows them.
	RefuseNoOrigin bool
	// Security is the public port's TLS and the proxies in front of it.
	Security transport.Security

	// ResumeWindow is how long a seat waits for its player to come back. Zero
	// means 30 s.
	ResumeWindow time.Duration
	// EmptyClose is how long a match without players and spectators goes on.
	// Zero means 60 s.
	EmptyClose time.Duration
	// DrainWait is how long Shutdown lets matches go on, without new players. Behind
	// trusted proxies the ports stay open so long, at most 3 s, even if no match is left:
	// balancers have to see that /readyz answers 503. Zero means 3 s behind trusted
	// proxies, else not at all: all sessions are closed at once, as if negative.
	DrainWait time.Duration
	// DrainTimeout bounds what follows DrainWait: closing sessions,
	// completing recordings, and the end of every connection. Zero means 10 s.
	DrainTimeout time.Duration

	// Limits bound what clients may take of a connection.
	Limits transport.Limits
	// MaxMatches bounds the running matches. Zero means 1024.
	MaxMatches int
	// StepTimeout is how long the rules of a match may take over one turn of its loop
	// before the match is abandoned: an error with the stack is logged, its players are
	// sent away with 4101, and it leaves all lists. Its goroutine goes on; when such may
	// use up half of the processors, /readyz says so. Zero means 2 s, negative never.
	StepTimeout time.Duration
	// ShedLateness is where load shedding begins by lateness: how late the p99 of the
	// turns of all match loops may begin, over 5 s, before new matches are refused; at
	// twice that everybody is who has no seat. Zero means 20 ms: later than a tick of
	// 60 Hz, steps come in pairs, and the CPU is used up. Without Keys zero means that
	// nothing is refused, only logged: a busy laptop is late now and then. Negative
	// turns it off.
	ShedLateness time.Duration
	// ShedMemory is where load shedding begins by memory: how many bytes the Go
	// runtime may use before new matches are refused; 1/18 above that everybody is who has no seat. Zero means 90 % of
	// GOMEMLIMIT or, without it, of the cgroup's limit or, without both, off.
	// Negative turns it off.
	ShedMemory int64
	// RequestRate is the rate limit of one identity that asks for matches and seats
	// over HTTP: requests a second on average, and three seconds' worth at once. For
	// a service, and for all guests together, it is a hundred times as high. Zero means 10, negative no bound.
	RequestRate float64
	// MaxMatchesPerPlayer bounds the running matches that began because one player
	// asked for them; those of services and of matchmaking count for nobody. Zero
	// means 4, negative no bound.
	MaxMatchesPerPlayer int
	// MaxSpectators bounds the spectators of one match. Zero means 64, negative none.
	MaxSpectators int
	// Workers is the size of the worker pool that writes snapshots. Zero means GOMAXPROCS.
	Workers int

	// RecordDir is an existing directory that gets a recording of each match.
	// Empty means none.
	RecordDir string
	// PublicURL is how clients reach Addr, such as wss://eu1.play.example or
	// https://example.com/arena; the addresses of seats are made of it. With a path,
	// everything is served below that path too, for proxies that pass it on. Empty
	// means ws:// and Addr, and for those who ask over HTTP the host they asked,
	// wss:// if they came by TLS.
	PublicURL string
	// OnMatch is called with what happens to matches, in order, by one goroutine. It
	// may block: up to 4096 events wait, then the oldest are dropped, which
	// MatchEvent.Lost tells. Nil means that nothing is called.
	OnMatch func(MatchEvent)
	// Webhook gets the results of finished matches. Without a URL there is none.
	// Log is set by the server.
	Webhook webhook.Config
	// API answers paths below /v1/ that are not the server's own. Nil means 404.
	API http.Handler
	// Problems are those that API answers with, for GET /v1/problems.
	Problems []httpapi.Type
	// Collectors add metrics to the operators' page. They must not use names
	// that the server has. Nil means none.
	Collectors []prometheus.Collector

	// Pages answers requests for paths that are not the server's own. Nil
	// means a short index at / and 404 elsewhere.
	Pages http.Handler
	// Log receives the server's log, from one goroutine: its handler may block, because
	// nothing else waits for it. Up to asynclog.Bound records wait, then those that come
	// are dropped and counted, which is logged once the handler takes records again. Nil
	// discards the log. A logger of a handler from asynclog.New is used as it is, and not
	// closed by Shutdown.
	Log *slog.Logger
}

func (c Config) filled() (*Config, error) {
	def(&c.Addr, "127.0.0.1:8080")
	def(&c.AdminAddr, "127.0.0.1:8081")
	if len(c.Security.TrustedProxies) > 0 {
		def(&c.DrainWait, drainNotice)
	}
	def(&c.DrainTimeout, 10*time.Second)
	def(&c.RequestRate, 10)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Games = slices.Clone(c.Games)
	c.Origins = slices.Clone(c.Origins)
	if c.Keys == nil && len(c.Origins) == 0 {
		c.Origins = []string{"*"}
	}
	return &c, c.check()
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// engine is the part of the configuration that is about matches.
func (c *Config) engine() match.Config {
	return match.Config{
		Games:         c.Games,
		ResumeWindow:  c.ResumeWindow,
		EmptyClose:    c.EmptyClose,
		MaxMatches:    c.MaxMatches,
		MaxSpectators: c.MaxSpectators,
		Workers:       c.Workers,
		StepTimeout:   c.StepTimeout,
		ShedLateness:  c.ShedLateness,
		ShedWarn:      c.Keys == nil && c.ShedLateness == 0,
		ShedMemory:    c.ShedMemory,
		RecordDir:     c.RecordDir,
		Log:           c.Log,

		MaxMatchesPerPlayer: c.MaxMatchesPerPlayer,
	}
}

func (c *Config) check() error {
	engine := c.engine()
	if err := engine.Check(); err != nil {
		return fmt.Errorf("server: %s", strings.TrimPrefix(err.Error(), "match: "))
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"DrainTimeout", c.DrainTimeout}} {
		if d.value < 0 {
			return fmt.Errorf("server: %s %v is negative: use a positive duration, or 0 for the default", d.name, d.value)
		}
	}
	if err := c.checkAdmin(); err != nil {
		return err
	}
	if c.Keys == nil && !isLoopback(c.Addr) {
		return fmt.Errorf("server: without keys anybody gets in, so %q is not listened on: configure keys, or use an address such as 127.0.0.1:8080", c.Addr)
	}
	return nil
}

// isLoopback reports whether addr can be reached from this machine only.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

package server

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"slices"
	"strings"
	"time"

	"arbiter/server/httpapi"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// newAdmin makes the operators' server.
func (s *Server) newAdmin() *http.Server {
	return &http.Server{
		Handler:           s.requireAdmin(s.adminRoutes()),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

func (s *Server) adminRoutes() http.Handler {
	rt := httpapi.NewRouter(s.log, problemOf)
	rt.Mount("/metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	rt.Path("/healthz", httpapi.Methods{http.MethodGet: s.getHealth})
	rt.Path("/readyz", httpapi.Methods{http.MethodGet: s.getReady})
	rt.Path("/debug/matches", httpapi.Methods{http.MethodGet: s.getDebugMatches})
	rt.Path("/v1/players", httpapi.Methods{http.MethodGet: s.getPlayers})
	rt.Path("/v1/kicks", httpapi.Methods{http.MethodPost: s.postKick})
	rt.Path("/v1/revocations", httpapi.Methods{http.MethodGet: s.getRevocations, http.MethodPost: s.postRevocation})
	rt.Path("/v1/revocations/{id}", httpapi.Methods{http.MethodDelete: s.deleteRevocation})
	rt.Mount("/debug/pprof/", http.HandlerFunc(pprof.Index))
	rt.Mount("/debug/pprof/cmdline", http.HandlerFunc(commandLine))
	rt.Mount("/debug/pprof/profile", http.HandlerFunc(pprof.Profile))
	rt.Mount("/debug/pprof/symbol", http.HandlerFunc(pprof.Symbol))
	rt.Mount("/debug/pprof/trace", http.HandlerFunc(pprof.Trace))
	rt.NotFound("/", "operators find /metrics, /healthz, /readyz, /v1/players, /v1/kicks, /v1/revocations, /debug/matches and /debug/pprof/ here")
	return rt
}

// getHealth says that the process lives.
func (s *Server) getHealth(w http.ResponseWriter, _ *http.Request) error {
	httpapi.Answer(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

// getReady says whether new players may be sent here.
func (s *Server) getReady(w http.ResponseWriter, _ *http.Request) error {
	if s.draining.Load() {
		return errDraining
	}
	if !s.serving.Load() {
		return problemStarting.Later(time.Second, "the server does not accept connections yet")
	}
	if s.engine.TooManyStuck() {
		return problemStuck.New("the rules of %d matches do not return and may use up the processors: restart this server, and look for \"abandoned\" in its log", s.engine.Stuck())
	}
	if s.engine.RefusesConnections() {
		return errShedding
	}
	httpapi.Answer(w, http.StatusOK, map[string]string{"status": "ready"})
	return nil
}

// debugDoc is what operators see of a match besides what everybody does.
type debugDoc struct {
	matchDoc
	Seed     uint64  `json:"seed"`
	Age      float64 `json:"age_seconds"`
	Inbox    int     `json:"inbox_depth"`
	Lateness float64 `json:"since_tick_seconds"`
}

func (s *Server) getDebugMatches(w http.ResponseWriter, _ *http.Request) error {
	list := []debugDoc{}
	for _, m := range s.engine.MatchesByGame() {
		h := m.Health()
		list = append(list, debugDoc{docOf(m), h.Seed, h.Age.Seconds(), h.InboxDepth, h.SinceTick.Seconds()})
	}
	httpapi.Answer(w, http.StatusOK, map[string]any{"matches": list})
	return nil
}

func listenAdmin(addr string) (net.Listener, error) {
	if addr == NoAdmin {
		return nil, nil
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return newSpareListener(ln), nil
}

// commandLine answers for pprof.Cmdline, without the flags: they may hold keys.
func commandLine(w http.ResponseWriter, _ *http.Request) {
	shown := os.Args
	if i := slices.IndexFunc(shown, func(a string) bool { return strings.HasPrefix(a, "-") }); i >= 0 {
		shown = shown[:i]
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, strings.Join(shown, "\x00"))
}

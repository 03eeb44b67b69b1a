package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// newAdmin makes the operators' server.
func (s *Server) newAdmin() *http.Server {
	return &http.Server{
		Handler:           s.requireAdmin(s.adminRoutes()),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.core.log.Handler(), slog.LevelDebug),
	}
}

func (s *Server) adminRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(s.core.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	mux.Handle("/healthz", methods{http.MethodGet: s.getHealth})
	mux.Handle("/readyz", methods{http.MethodGet: s.getReady})
	mux.Handle("/debug/matches", methods{http.MethodGet: s.getDebugMatches})
	mux.Handle("/v1/players", methods{http.MethodGet: s.getPlayers})
	mux.Handle("/v1/kicks", methods{http.MethodPost: s.postKick})
	mux.Handle("/v1/revocations", methods{http.MethodGet: s.getRevocations, http.MethodPost: s.postRevocation})
	mux.Handle("/v1/revocations/{id}", methods{http.MethodDelete: s.deleteRevocation})
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answerError(w, problem(codeNoPath, "operators find /metrics, /healthz, /readyz, /v1/players, /v1/kicks, /v1/revocations, /debug/matches and /debug/pprof/ here"))
	})
	return mux
}

// getHealth says that the process lives.
func (s *Server) getHealth(w http.ResponseWriter, _ *http.Request) error {
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

// getReady says whether new players may be sent here.
func (s *Server) getReady(w http.ResponseWriter, _ *http.Request) error {
	if s.draining.Load() {
		return errDraining
	}
	if !s.serving.Load() {
		return later(time.Second, codeStarting, "the server does not accept connections yet")
	}
	if s.core.overload.current() == refuseConnections {
		return errShedding
	}
	answer(w, http.StatusOK, map[string]string{"status": "ready"})
	return nil
}

// debugDoc is what operators see of a match besides what everybody does.
type debugDoc struct {
	matchDoc
	Seed     uint64  `json:"seed"`
	Age      float64 `json:"age_seconds"`
	Inbox    int32   `json:"inbox_depth"`
	Lateness float64 `json:"since_tick_seconds"`
}

func (s *Server) getDebugMatches(w http.ResponseWriter, _ *http.Request) error {
	list := []debugDoc{}
	for _, m := range s.core.lobby.list() {
		_, since := m.clock.read(m.now())
		list = append(list, debugDoc{m.doc(), m.seed, m.now().Seconds(), m.depth.Load(), since.Seconds()})
	}
	answer(w, http.StatusOK, map[string]any{"matches": list})
	return nil
}

func listenAdmin(addr string) (net.Listener, error) {
	if addr == NoAdmin {
		return nil, nil
	}
	return net.Listen("tcp", addr)
}

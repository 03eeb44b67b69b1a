package servertest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/transport"
)

// Patience bounds every wait of this package.
const Patience = 20 * time.Second

// Server is a server under test.
type Server struct {
	*server.Server
	URL    string // http://host:port of the public port
	Admin  string // of the operators' port
	Scheme string // of players' URLs: ws or wss

	t      testing.TB
	cert   *Certificate // nil: a plain port
	signer *auth.Signer
	cancel context.CancelFunc
	ran    chan error
}

// Kinds are the transports that this machine has.
func Kinds() []transport.Kind {
	if runtime.GOOS == "linux" {
		return []transport.Kind{transport.Epoll, transport.Net}
	}
	return []transport.Kind{transport.Net}
}

// EachKind runs a test once for each of Kinds, all at once.
func EachKind(t *testing.T, run func(t *testing.T, kind transport.Kind)) {
	for _, kind := range Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			run(t, kind)
		})
	}
}

// EachPort runs a test once for each way in which a server takes connections,
// all at once: each of Kinds, plain and with TLS. c says which, and nothing else.
func EachPort(t *testing.T, run func(t *testing.T, c server.Config)) {
	EachKind(t, func(t *testing.T, kind transport.Kind) {
		t.Run("plain", func(t *testing.T) {
			t.Parallel()
			run(t, server.Config{Transport: kind})
		})
		t.Run("tls", func(t *testing.T) {
			t.Parallel()
			run(t, server.Config{Transport: kind, Security: transport.Security{TLS: NewCertificate(t)}})
		})
	})
}

// DrillGame defines [Drill] as "drill", at 60 Hz unless c says otherwise.
func DrillGame(d Drill, c game.Config) *game.Game[DrillState, DrillInput] {
	if c.TickRate == 0 {
		c.TickRate = 60
	}
	return game.MustDefine("drill", d, c)
}

// Start runs a server on free ports of loopback until the test ends. With a
// [Certificate] its clients speak TLS, but [HTTP] does not. Without
// games it hosts [Drill], and without keys it gets some, which [Server.Token]
// signs with. A server that has too much to do lets everybody in all the same,
// because test machines often have: c.ShedLateness changes that.
func Start(t testing.TB, c server.Config) *Server {
	t.Helper()
	if c.Keys == nil {
		keys, err := auth.NewKeys(auth.GenerateKey())
		if err != nil {
			t.Fatal(err)
		}
		c.Keys = keys
	}
	s := StartOpen(t, c)
	var err error
	if s.signer, err = auth.NewSigner(auth.Config{Keys: c.Keys, Audience: c.Audience}); err != nil {
		t.Fatal(err)
	}
	return s
}

// StartOpen is Start that leaves a server without keys as it is: it takes
// guests, and Token doesn't work.
func StartOpen(t testing.TB, c server.Config) *Server {
	t.Helper()
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.AdminAddr == "" {
		c.AdminAddr = "127.0.0.1:0"
	}
	if c.Games == nil {
		c.Games = []game.Definition{DrillGame(Drill{Orders: true}, game.Config{})}
	}
	if c.ShedLateness == 0 {
		c.ShedLateness = -1
	}
	s := &Server{Scheme: "ws", t: t, ran: make(chan error, 1)}
	var err error
	if s.Server, err = server.New(c); err != nil {
		t.Fatal(err)
	}
	if s.cert, _ = c.Security.TLS.(*Certificate); s.cert != nil {
		s.Scheme = "wss"
	}
	s.URL = "http://" + s.Addr().String()
	if a := s.AdminAddr(); a != nil {
		s.Admin = "http://" + a.String()
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go func() { s.ran <- s.Run(ctx) }()
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the server did not stop in order: %v", err)
		}
	})
	return s
}

// Stop drains the server and returns what Run did. Further calls return nil.
func (s *Server) Stop() error {
	s.cancel()
	select {
	case err, first := <-s.ran:
		if first {
			close(s.ran)
		}
		return err
	case <-time.After(3 * Patience):
		return errors.New("servertest: Run did not return")
	}
}

// Token mints a token for a player of that subject and name.
func (s *Server) Token(name string) string {
	return s.TokenFor(auth.Claims{Subject: name, Name: name})
}

// TokenFor mints a token with those claims.
func (s *Server) TokenFor(c auth.Claims) string {
	s.t.Helper()
	token, err := s.signer.Mint(c)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// Answer is what HTTP answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Code is the code of a problem; empty if the body is none, or one that lacks
// what every problem has.
func (a Answer) Code() string {
	var p struct {
		Type, Title, Detail, Code string
		Status                    int
	}
	if a.Header.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(a.Body), &p) != nil ||
		p.Type != "/v1/problems/"+p.Code || p.Title == "" || p.Detail == "" || p.Status != a.Status {
		return ""
	}
	return p.Code
}

// HTTP makes a request on a connection of its own. header is "Name: value" lines.
func HTTP(t testing.TB, method, url, body string, header ...string) Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Add(name, value)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{resp.StatusCode, resp.Header, string(text)}
}

// Metrics fetches the metrics page.
func (s *Server) Metrics() Metrics {
	s.t.Helper()
	return Metrics(HTTP(s.t, http.MethodGet, s.Admin+"/metrics", "").Body)
}

// Eventually polls, ever more rarely, until ok says so.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	limit := time.NewTimer(Patience)
	defer limit.Stop()
	for pause := time.Millisecond; !ok(); pause = min(2*pause, 50*time.Millisecond) {
		select {
		case <-time.After(pause):
		case <-limit.C:
			t.Fatalf("gave up waiting: %s", what)
		}
	}
}

package target

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"arbiter/bench/machine"
	"arbiter/bench/workload"

	"github.com/golang-jwt/jwt/v5"
)

// Arbiter says what server to start. Zero values have the defaults that stand
// beside them.
type Arbiter struct {
	Command   Command       // this program's serve --bench-games
	CPUs      machine.CPUs  // all
	Game      string        // that of package workload for Players
	Players   int           // of a match; 10
	Rate      int           // ticks a second; 20
	Transport string        // auto
	Heartbeat time.Duration // the server's own
	// ResumeWindow is how long seats wait for their players; 1 s.
	ResumeWindow time.Duration
	TLS          bool     // no
	Limits       []string // flags; those that limit nothing
	Args         []string // more flags
}

// Server is a running Arbiter that hosts one game.
type Server struct {
	*Process
	Game string
	TLS  *tls.Config // of its clients; nil: it speaks no TLS
	CA   string      // file with the certificate that they trust; empty without TLS
	key  []byte
}

const keyID = "bench"

// StartArbiter starts a server that takes tokens signed with a key of this run.
func StartArbiter(ctx context.Context, c Arbiter) (*Server, error) {
	if len(c.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("bench: where this program is: %w", err)
		}
		c.Command = Command{self, "serve", "--bench-games"}
	}
	if c.Players == 0 {
		c.Players = 10
	}
	if c.Rate == 0 {
		c.Rate = workload.Rate
	}
	if c.Transport == "" {
		c.Transport = "auto"
	}
	if c.ResumeWindow == 0 {
		c.ResumeWindow = time.Second
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	admin, err := freeAddr()
	if err != nil {
		return nil, err
	}
	s := &Server{Game: cmp.Or(c.Game, workload.Name(c.Players)), key: make([]byte, 32)}
	rand.Read(s.key) // never fails
	args := append(Command{}, c.Command...)
	args = append(args, "--games", s.Game, "--tick-rate", s.Game+"="+strconv.Itoa(c.Rate),
		"--addr", addr.String(), "--admin-addr", admin.String(), "--transport", c.Transport, "--log-level", "error",
		"--resume-window", c.ResumeWindow.String(), "--empty-close", "1s")
	env := []string{s.KeyEnv()}
	if c.Limits == nil {
		c.Limits = []string{"--max-connections", "1000000", "--max-per-address", "1000000", "--max-matches", "100000", "--shed-lateness", "0s"}
		env = append(env, "ARBITER_CONNECT_RATE=1000000", "ARBITER_SHED_LATENESS=0s") // no flags: builds to compare with may lack it
	}
	args = append(args, c.Limits...)
	if c.Heartbeat > 0 {
		args = append(args, "--heartbeat", c.Heartbeat.String())
	}
	forget := func() {}
	if c.TLS {
		more, err := s.secure(addr.Addr().String())
		if err != nil {
			return nil, err
		}
		args = append(args, more...)
		forget = func() { _ = os.RemoveAll(filepath.Dir(s.CA)) }
	}
	if s.Process, err = start(ctx, append(args, c.Args...), env, c.CPUs, addr); err != nil {
		forget()
		return nil, err
	}
	s.forget = forget
	s.Admin = admin.String()
	return s, nil
}

// secure gives the server a certificate of this run, by flags.
func (s *Server) secure(addr string) ([]string, error) {
	id, err := machine.NewIdentity(addr)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "arbiter-bench-")
	if err != nil {
		return nil, fmt.Errorf("bench: a place for the certificate: %w", err)
	}
	cert, key, err := id.Save(dir)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bench: certificate: %w", err), os.RemoveAll(dir))
	}
	s.TLS, s.CA = id.Client(), cert
	return []string{"--tls-cert", cert, "--tls-key", key}, nil
}

// URL is where the Go client connects.
func (s *Server) URL() string {
	if s.TLS != nil {
		return "wss://" + s.Addr.String()
	}
	return "ws://" + s.Addr.String()
}

// KeyEnv is the environment variable that gives a program of Arbiter the
// server's key.
func (s *Server) KeyEnv() string {
	return "ARBITER_KEY=" + keyID + ":HS256:" + base64.StdEncoding.EncodeToString(s.key)
}

// Path is where client number n asks for a seat.
func (s *Server) Path(int) string { return "/play?game=" + s.Game }

// Token mints the token of client number n, as a game's own backend would.
func (s *Server) Token(n int) string {
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject: "bench-" + strconv.Itoa(n), Audience: jwt.ClaimStrings{"arbiter"}, ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour)),
	})
	t.Header["kid"] = keyID
	text, err := t.SignedString(s.key)
	if err != nil {
		return "" // the server will refuse it, and say so
	}
	return text
}

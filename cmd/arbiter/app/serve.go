package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"arbiter/cmd/arbiter/web"
	"arbiter/matchmaking/service"
	"arbiter/server"
	"arbiter/server/transport"
)

type serveCommand struct {
	program *Program

	configured
	Addr      string   `group:"Ports" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"The public port (${default}); an empty host is every interface."`
	AdminAddr string   `group:"Ports" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"The operators' port, with metrics, health, profiles, players and revocations (${default}), or off. On an address that others can reach it asks for a token: --admin-token, or one with the claim admin."`
	Transport string   `group:"Ports" default:"auto" enum:"auto,epoll,net" placeholder:"KIND" help:"How connections are served: epoll (Linux), net (everywhere), or auto."`
	Origins   []string `group:"Ports" placeholder:"ORIGIN" help:"Web origins whose pages may connect, such as https://play.example.com, or * for any. Without it, the pages of this host; of a server without keys, all."`

	trustFlags

	Games        []string       `group:"Matches" default:"${games}" placeholder:"NAME" help:"The games to host (${default})."`
	TickRate     map[string]int `group:"Matches" mapsep:"," placeholder:"GAME=HZ" help:"Steps a second of a game, 1 to 128, instead of its own."`
	SnapshotRate map[string]int `group:"Matches" mapsep:"," placeholder:"GAME=HZ" help:"Snapshots a second of a game, at most its tick rate."`
	ResumeWindow time.Duration  `group:"Matches" default:"30s" help:"How long a seat waits for its player to come back."`
	EmptyClose   time.Duration  `group:"Matches" default:"1m" help:"How long a match without anybody goes on."`
	RecordDir    string         `group:"Matches" placeholder:"DIR" help:"Directory that gets a recording of each match, for arbiter replay; made if it is missing."`
	DrainWait    time.Duration  `group:"Matches" default:"0s" help:"How long matches may play on when the server is told to stop."`
	DrainTimeout time.Duration  `group:"Matches" default:"10s" help:"How long goodbyes and recordings may take after that."`

	webhookFlags
	rulesFlags
	queueFlags

	serveLimits
	edgeFlags

	Echo        bool          `hidden:"" help:"Sends every WebSocket message back, text and binary, and hosts nothing: for suites that judge WebSocket implementations."`
	BenchGames  bool          `hidden:"" help:"Says that a benchmark asks for games of its own."`
	AuthTimeout time.Duration `hidden:"" default:"5s" help:"How long a connection may be silent before its hello."`

	LogFormat string `group:"Log" default:"text" enum:"text,json" placeholder:"FORMAT" help:"text or json, on standard error."`
	LogLevel  string `group:"Log" default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"debug, info, warn or error."`
}

// Help is the part of the help text above the flags.
func (serveCommand) Help() string {
	return `Without keys it is a server for development: it listens on this machine only and gives guest
tokens to anybody. With keys it accepts the tokens they sign.

    arbiter serve
    arbiter serve --games tag --tick-rate tag=30 --record-dir recordings
    ARBITER_KEY=$(arbiter token --new-key) arbiter serve --addr :8080 --config arbiter.yaml

SIGTERM or Ctrl-C drains: nobody new gets in, clients are told to go elsewhere, recordings are
completed. A second one ends the process at once.

Flags may come from the environment, --drain-timeout from ARBITER_DRAIN_TIMEOUT and so on, and from
a file:

    addr: 0.0.0.0:8080
    keys-file: /etc/arbiter/keys.json
    origins: [https://play.example.com]
    drain-timeout: 20s
    tick-rate: {arena: 60}`
}

// Validate implements kong's check of a command's flags.
func (c *serveCommand) Validate() error {
	hosted, err := c.program.gamesAt(c.Games, c.TickRate, c.SnapshotRate)
	if err == nil {
		_, err = c.rulesOf(c.program.Queues, hosted)
	}
	if c.AdminAddr != server.NoAdmin {
		err = errors.Join(err, hostPort("admin-addr", c.AdminAddr))
	}
	return errors.Join(err, hostPort("addr", c.Addr), c.serveLimits.validate(), c.edgeFlags.validate(), c.trustFlags.validate(), c.webhookFlags.validate(),
		atLeast("resume-window", c.ResumeWindow, time.Second),
		atLeast("empty-close", c.EmptyClose, time.Second),
		atLeast("drain-timeout", c.DrainTimeout, 10*time.Millisecond))
}

// Run serves until ctx ends or a signal comes.
func (c *serveCommand) Run(ctx context.Context, s streams) error {
	config, err := c.config(s)
	if err != nil {
		return err
	}
	if c.Echo {
		return serveEcho(ctx, s, config)
	}
	if c.RecordDir != "" {
		if err := os.MkdirAll(c.RecordDir, 0o750); err != nil {
			return fmt.Errorf("directory for recordings: %w", err)
		}
	}
	queues, err := c.rulesOf(c.program.Queues, config.Games)
	if err != nil {
		return err
	}
	var joined hosting
	joined.configure(&config)
	host, err := server.New(config)
	if err != nil {
		return explainListen(err)
	}
	if err := joined.open(host, service.Config{Rules: queues, Log: config.Log}); err != nil {
		return errors.Join(err, host.Shutdown(ctx))
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	c.greet(s, host, config.Keys == nil)
	// Tickets are cancelled and streams end before the server waits for them.
	running, ended := context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, func() {
		joined.close()
		ended()
	})()
	defer joined.close()
	defer ended()
	return host.Run(running)
}

func (c *serveCommand) config(s streams) (server.Config, error) {
	log := c.log(s)
	var config server.Config
	if err := c.trustFlags.configure(&config, log); err != nil {
		return config, err
	}
	keys := config.Keys
	if keys == nil && !onLoopback(c.Addr) {
		return server.Config{}, fmt.Errorf("without keys anybody gets in, so %q is not listened on: give keys with --key, --keys-file, --jwks or ARBITER_KEY (arbiter token --new-key makes one), or use --addr 127.0.0.1:8080", c.Addr)
	}
	if keys == nil && config.AdminToken == "" && !c.Echo && c.AdminAddr != server.NoAdmin && !onLoopback(c.AdminAddr) {
		return server.Config{}, fmt.Errorf("without a token anybody would be an operator, so %q is not listened on: set one with --admin-token or ARBITER_ADMIN_TOKEN (openssl rand -base64 24 makes one), or use --admin-addr 127.0.0.1:8081", c.AdminAddr)
	}
	hosted, err := c.program.gamesAt(c.Games, c.TickRate, c.SnapshotRate)
	if err != nil {
		return server.Config{}, err
	}
	unrated, err := c.program.gamesAt(c.Games, nil, nil)
	if err != nil {
		return server.Config{}, err
	}
	rules, err := c.browserRules(unrated, log)
	if err != nil {
		return server.Config{}, err
	}
	pages, err := web.Pages(rules)
	if err != nil {
		return server.Config{}, err
	}
	security, err := c.security(log)
	if err != nil {
		return server.Config{}, err
	}
	limits := c.rateFlags.limit(c.limits())
	limits.AuthTimeout = c.AuthTimeout
	origins := c.Origins
	if keys == nil && len(origins) == 0 {
		origins = []string{"*"} // anybody on this machine gets in, so any page on it does
	}
	return server.Config{
		Addr:          c.Addr,
		AdminAddr:     c.AdminAddr,
		Transport:     transport.Kind(c.Transport),
		Games:         hosted,
		AdminToken:    config.AdminToken,
		Keys:          config.Keys,
		Audience:      config.Audience,
		Issuer:        config.Issuer,
		Leeway:        config.Leeway,
		Origins:       origins,
		Security:      security,
		ResumeWindow:  c.ResumeWindow,
		EmptyClose:    c.EmptyClose,
		DrainWait:     c.DrainWait,
		DrainTimeout:  c.DrainTimeout,
		Limits:        limits,
		MaxMatches:    c.MaxMatches,
		RequestRate:   c.requests(),
		ShedLateness:  c.lateness(),
		ShedMemory:    int64(c.ShedMemory),
		MaxSpectators: c.spectators(),
		Workers:       c.Workers,
		RecordDir:     c.RecordDir,
		PublicURL:     c.PublicURL,
		Webhook:       c.webhookFlags.config(),
		Pages:         pages,
		Log:           log,
	}, nil
}

func (c *serveCommand) log(s streams) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // not reached: the flag is one of four
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.err, options))
	}
	return slog.New(slog.NewTextHandler(s.err, options))
}

// greet says where the server is and what to try.
func (c *serveCommand) greet(s streams, host *server.Server, open bool) {
	at := reachable(host.Addr())
	ws, web := c.schemes()
	fmt.Fprintf(s.out, "Arbiter %s serves %s.\n", c.program.version(), strings.Join(c.Games, ", "))
	fmt.Fprintf(s.out, "  players    %s://%s/play?game=%s\n", ws, at, c.Games[0])
	fmt.Fprintf(s.out, "  HTTP       %s://%s/\n", web, at)
	if admin := host.AdminAddr(); admin != nil {
		fmt.Fprintf(s.out, "  operators  http://%s/metrics\n", reachable(admin))
	}
	if open {
		fmt.Fprintln(s.out, "Development mode: no keys are configured, so anybody on this machine gets a guest token.")
		fmt.Fprintf(s.out, "Try, in another terminal: %s bots --url %s://%s --game %s --clients 50 --for 10s\n", retyped(os.Args[0]), ws, at, c.Games[0])
	}
	fmt.Fprintln(s.out, "Ctrl-C drains and stops; a second one stops at once.")
}

// retyped is the program as its user can type it again.
func retyped(program string) string {
	if strings.ContainsRune(program, filepath.Separator) {
		return program
	}
	return "arbiter"
}

// explainListen makes the usual failure helpful.
func explainListen(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Addr == nil {
		return err
	}
	flag := "--addr"
	if strings.Contains(err.Error(), "operators' port") {
		flag = "--admin-addr"
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is taken by another program, perhaps another arbiter: stop that one, or choose another port with %s", op.Addr, flag)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("listening on %s is not allowed: choose a port above 1023 with %s", op.Addr, flag)
	}
	return fmt.Errorf("%w: choose another address with %s", err, flag)
}

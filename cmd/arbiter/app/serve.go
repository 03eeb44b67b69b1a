package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"arbiter/cmd/arbiter/web"
	"arbiter/matchmaking/service"
	"arbiter/server"
	"arbiter/server/asynclog"
	"arbiter/server/transport"
)

type serveCommand struct {
	program *Program

	configured
	Addr      string   `group:"Ports" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Public port for players and the HTTP API (${default}). An empty host listens on every interface."`
	AdminAddr string   `group:"Ports" default:"127.0.0.1:8081" placeholder:"HOST:PORT" help:"Operators' port with metrics, health, profiles, players and revocations (${default}), or off. On an address that other machines can reach it requires a token: --admin-token, or one with the claim admin."`
	Transport string   `group:"Ports" default:"auto" enum:"auto,epoll,net" placeholder:"KIND" help:"How connections are served: epoll (Linux), net (everywhere), or auto."`
	Origins   []string `group:"Ports" placeholder:"ORIGIN" help:"Web origins whose pages may connect, such as https://play.example.com, or * for all. Default: this host's own pages; all pages if the server has no keys."`

	trustFlags

	Games        []string       `group:"Matches" default:"${games}" placeholder:"NAME" help:"Games to host (${default})."`
	TickRate     map[string]int `group:"Matches" mapsep:"," placeholder:"GAME=HZ" help:"Ticks per second of a game, 1 to 128. Default: the game's own."`
	SnapshotRate map[string]int `group:"Matches" mapsep:"," placeholder:"GAME=HZ" help:"Snapshots per second of a game, at most its tick rate. Default: the game's own."`
	ResumeWindow time.Duration  `group:"Matches" default:"30s" help:"How long a disconnected player may return to their seat."`
	EmptyClose   time.Duration  `group:"Matches" default:"1m" help:"How long a match without players keeps running."`
	RecordDir    string         `group:"Matches" placeholder:"DIR" help:"Folder for recordings of all matches, for arbiter replay. Created if missing."`
	DrainWait    autoDuration   `group:"Matches" default:"auto" placeholder:"auto|DURATION" help:"How long matches may go on after the server is told to stop. auto is 3s behind trusted proxies, which see meanwhile that /readyz answers 503, else 0."`
	DrainTimeout time.Duration  `group:"Matches" default:"10s" help:"Time limit after that for closing connections and completing recordings."`

	webhookFlags
	rulesFlags
	queueFlags

	serveLimits
	edgeFlags

	Echo        bool          `hidden:"" help:"Echo every WebSocket message, text and binary, and host no games: for conformance suites."`
	BenchGames  bool          `hidden:"" help:"Set by benchmarks, which host games of their own."`
	AuthTimeout time.Duration `hidden:"" default:"5s" help:"How long a new connection may take to send its hello."`

	LogFormat string `group:"Log" default:"text" enum:"text,json" placeholder:"FORMAT" help:"Format of the log on standard error: text or json."`
	LogLevel  string `group:"Log" default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"Lowest level to log: debug, info, warn or error."`
}

// Help is the part of the help text above the flags.
func (c serveCommand) Help() string {
	game := c.program.exampleGame()
	return `Without keys this is a development server: it listens on this machine only and gives guest tokens
to anyone. With keys it accepts the tokens that were signed with them.

    arbiter serve
    arbiter serve --games ` + game + ` --tick-rate ` + game + `=30 --record-dir recordings
    ARBITER_KEY=$(arbiter token --new-key) arbiter serve --addr :8080 --config arbiter.yaml

SIGTERM or Ctrl-C drains the server: no new players get in, clients are told to connect elsewhere,
and recordings are completed. A second signal ends the process at once.

Flags may also be set by environment variables (--drain-timeout by ARBITER_DRAIN_TIMEOUT) and by the
YAML or JSON file that --config names:

    addr: 0.0.0.0:8080
    keys-file: /etc/arbiter/keys.json
    origins: [https://play.example.com]
    drain-timeout: 20s
    tick-rate: {` + game + `: 60}`
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
	outliveReaders()
	log := c.log(s)
	defer flush(log)
	config, err := c.config(slog.New(log))
	if err != nil {
		return err
	}
	if c.Echo {
		return serveEcho(ctx, s, config)
	}
	if c.RecordDir != "" {
		if err := os.MkdirAll(c.RecordDir, 0o750); err != nil {
			return fmt.Errorf("--record-dir: create the folder for recordings: %w", err)
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

func (c *serveCommand) config(log *slog.Logger) (server.Config, error) {
	var config server.Config
	if err := c.trustFlags.configure(&config, log); err != nil {
		return config, err
	}
	keys := config.Keys
	if keys == nil && !onLoopback(c.Addr) {
		return server.Config{}, fmt.Errorf("--addr: %q can be reached by other machines, and without keys anyone gets in: give keys with --key, --keys-file, --jwks or ARBITER_KEY (arbiter token --new-key makes one), or use --addr 127.0.0.1:8080", c.Addr)
	}
	if keys == nil && config.AdminToken == "" && !c.Echo && c.AdminAddr != server.NoAdmin && !onLoopback(c.AdminAddr) {
		return server.Config{}, fmt.Errorf("--admin-addr: %q can be reached by other machines, and without a token anyone is an operator: set one with --admin-token or ARBITER_ADMIN_TOKEN (openssl rand -base64 24 makes one), or use --admin-addr 127.0.0.1:8081", c.AdminAddr)
	}
	hosted, err := c.program.gamesAt(c.Games, c.TickRate, c.SnapshotRate)
	if err != nil {
		return server.Config{}, err
	}
	unrated, err := c.program.gamesAt(c.Games, nil, nil)
	if err != nil {
		return server.Config{}, err
	}
	rules, err := c.browserRules(c.program.WASM, unrated, log)
	if err != nil {
		return server.Config{}, err
	}
	pages, err := web.Pages(rules, c.pathPrefix())
	if err != nil {
		return server.Config{}, err
	}
	security, err := c.security(log)
	if err != nil {
		return server.Config{}, err
	}
	limits := c.rateFlags.limit(c.limits())
	limits.AuthTimeout = c.AuthTimeout
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
		Origins:       c.Origins,
		Security:      security,
		ResumeWindow:  c.ResumeWindow,
		EmptyClose:    c.EmptyClose,
		DrainWait:     time.Duration(c.DrainWait),
		DrainTimeout:  c.DrainTimeout,
		Limits:        limits,
		MaxMatches:    c.MaxMatches,
		RequestRate:   c.requests(),
		StepTimeout:   c.StepTimeout,
		ShedLateness:  time.Duration(c.ShedLateness),
		ShedMemory:    int64(c.ShedMemory),
		MaxSpectators: c.spectators(),
		Workers:       c.Workers,
		RecordDir:     c.RecordDir,
		PublicURL:     c.PublicURL,
		Webhook:       c.webhookFlags.config(),
		Pages:         pages,
		Log:           log,

		MaxMatchesPerPlayer: c.matchesPerPlayer(),
	}, nil
}

// log is the log on standard error. It holds nobody up if that cannot be written.
func (c *serveCommand) log(s streams) *asynclog.Handler {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // not reached: the flag is one of four
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return asynclog.New(slog.NewJSONHandler(s.err, options))
	}
	return asynclog.New(slog.NewTextHandler(s.err, options))
}

// flush writes what is left of the log, if it can be written.
func flush(log *asynclog.Handler) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	log.Close(ctx)
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
		fmt.Fprintln(s.out, "Development mode: no keys are configured, so anyone on this machine gets a guest token.")
		fmt.Fprintf(s.out, "Try, in another terminal: %s bots --url %s://%s --game %s --clients 50 --for 10s\n", os.Args[0], ws, at, c.Games[0])
	}
	fmt.Fprintln(s.out, "Ctrl-C drains and stops; a second Ctrl-C stops at once.")
}

package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"arbiter/cmd/arbiter/bots"
	"arbiter/matchmaking/rules"
	"arbiter/server/auth"
)

type botsCommand struct {
	configured
	program  *Program
	URL      string        `default:"ws://127.0.0.1:8080" placeholder:"URL" help:"URL of the server (${default}): ws, http, or with TLS wss, https; with a path if a proxy has the server below one."`
	CA       string        `name:"ca" type:"existingfile" placeholder:"FILE" help:"Certificates in PEM that a server with TLS is trusted by, such as its own self-signed one. Default: the system's."`
	Insecure bool          `help:"Accept any certificate of a server with TLS: for tests on machines of your own."`
	Game     string        `placeholder:"NAME" help:"Game to play, any that the server hosts. Default: the game of --match, or the first of this program's games that the server hosts."`
	Match    string        `placeholder:"ID" help:"Match to join. Default: the server chooses, and starts more matches as they fill up."`
	Clients  *int          `placeholder:"N" help:"Number of bots, 1 to 10000 (default: 50; with --token, 1). A server accepts 256 connections from one address unless configured otherwise."`
	For      time.Duration `default:"10s" help:"How long to play once all bots are connected."`
	Rate     int           `default:"15" help:"Decisions per second of each bot, 1 to 128."`
	Drop     float64       `default:"0" help:"Fault injection: chance per second that a connection is cut abruptly, 0 to 1."`
	Stall    float64       `default:"0" help:"Fault injection: chance per second that a connection stalls, for 0.2 to 2 s, 0 to 1."`
	Predict  bool          `help:"Client-side prediction, as in a player's client, for games whose rules this program has."`
	Seed     uint64        `default:"1" help:"Seed of the random faults and of simulated players."`
	JSON     bool          `name:"json" help:"Print the report as JSON, times in milliseconds."`
	Quiet    bool          `help:"Do not print progress on standard error."`

	Matchmake bool          `group:"Matchmaking" help:"Have every bot, alone or in a party, queue for its match through the server's API, and check all matches against the queue's rules."`
	Queue     string        `group:"Matchmaking" placeholder:"NAME" help:"Queue to wait in (default: the server's first)."`
	Rules     string        `group:"Matchmaking" type:"existingfile" placeholder:"FILE" help:"Rules file of the queue (default: the rules of that name that come with this program)."`
	Wait      time.Duration `group:"Matchmaking" default:"3m" help:"Longest time to wait for matches."`

	Token string `group:"Identity" help:"Token to play with: a player's token, or the join token of a seat. Only for --clients 1."`
	keyFlags
}

// Help is the part of the help text above the flags.
func (c botsCommand) Help() string {
	game := c.program.exampleGame()
	return `Bots play with many clients at once and check what the server sends: every state is compared with
its hash, every input with what the server reports as applied. Games that this program has a pilot
for (yours: Program.Pilots, made by bots.NewPilot) are played properly; in others the inputs change
and commands are sent at random, within bounds. At the end the bots
stop, wait until everything is acknowledged (3 s at most), and report.

    arbiter bots --clients 10 --for 1m
    arbiter bots --game ` + game + ` --clients 200 --for 30s --drop 0.02 --stall 0.02 --json

With --matchmake each bot gets the attributes that the queue declares. Bots that wait in vain for
20 s queue again as players who are easy to match. All matches are checked: each bot is in exactly
one, teams, parties, roles and the rules' bounds at that time are kept, every seat is held once.

    arbiter bots --matchmake --queue QUEUE --clients 200

To play on a seat from the matchmaking API, give its URL and token:

    arbiter bots --clients 1 --url "$URL" --token "$TOKEN"

Exits with 1 if an input was lost or applied twice, if a bot that wanted to send made no input for a
second though snapshots came, if a state was wrong, if no bot connected, if a match broke the rules, or if a bot got no match.

A server without keys issues guest tokens to the bots. For a server with keys give --key or
--keys-file, and a token is made for each bot.

Flags may also be set by environment variables: --clients by ARBITER_BOTS_CLIENTS and so on, but
--key by ARBITER_KEY, --keys-file by ARBITER_KEYS_FILE, and --audience by ARBITER_AUDIENCE.`
}

// Validate implements kong's check of a command's flags.
func (c *botsCommand) Validate() error {
	var one error
	if c.Token != "" && c.clients() > 1 {
		one = fmt.Errorf("--token: it is one player's, so %d clients would take over the seat from each other: give --clients 1, or --key to mint a token for each", c.clients())
	}
	if c.CA != "" && c.Insecure {
		one = errors.Join(one, errors.New("--ca and --insecure exclude each other: give one of them"))
	}
	if c.Matchmake && c.Match != "" {
		one = errors.Join(one, errors.New("--match: with --matchmake the queue chooses the match: leave one of them out"))
	}
	if !c.Matchmake && (c.Queue != "" || c.Rules != "") {
		one = errors.Join(one, errors.New("--queue and --rules: they are for bots that queue: add --matchmake"))
	}
	return errors.Join(one, atLeast("wait", c.Wait, time.Second),
		atLeast("clients", c.clients(), 1), atMost("clients", c.clients(), 10000),
		atLeast("for", c.For, 100*time.Millisecond),
		atLeast("rate", c.Rate, 1), atMost("rate", c.Rate, 128),
		probability("drop", c.Drop), probability("stall", c.Stall))
}

// Run plays and reports.
func (c *botsCommand) Run(ctx context.Context, s streams) error {
	tokens, err := c.tokens()
	if err != nil {
		return err
	}
	matchmaking, err := c.matchmaking()
	if err != nil {
		return err
	}
	secure, err := c.tls()
	if err != nil {
		return err
	}
	config := bots.Config{
		Games: c.program.Games, Pilots: c.program.Pilots, Queues: c.program.Queues,
		URL: c.URL, TLS: secure, Game: c.Game, Match: cmp.Or(c.Match, bots.MatchOf(c.Token)), Matchmaking: matchmaking, Clients: c.clients(), For: c.For, Rate: c.Rate,
		Drop: c.Drop, Stall: c.Stall, Predict: c.Predict, Seed: c.Seed, Token: tokens,
		Progress: s.err, Rewrite: isTerminal(s.err),
	}
	if c.Quiet {
		config.Progress = nil
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	report, err := bots.Run(ctx, config)
	if err != nil {
		return err
	}
	write := report.WriteText
	if c.JSON {
		write = report.WriteJSON
	}
	return errors.Join(write(s.out), report.Verdict())
}

// tls says which certificates are trusted; nil are the system's.
func (c *botsCommand) tls() (*tls.Config, error) {
	switch {
	case c.Insecure:
		return &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}, nil // #nosec G402 -- the flag asks for it
	case c.CA == "":
		return nil, nil
	}
	text, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--ca: %s holds no certificate in PEM: give the server's, or that of who signed it", c.CA)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: trusted}, nil
}

// matchmaking says how the bots queue; nil if they don't.
func (c *botsCommand) matchmaking() (*bots.Matchmaking, error) {
	if !c.Matchmake {
		return nil, nil
	}
	m := &bots.Matchmaking{Queue: c.Queue, Wait: c.Wait}
	if c.Rules == "" {
		return m, nil
	}
	text, err := os.ReadFile(c.Rules)
	if err != nil {
		return nil, err
	}
	r, err := rules.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Rules, err)
	}
	m.Rules, m.Queue = &r, cmp.Or(c.Queue, r.Name)
	return m, nil
}

// clients is how many bots play.
func (c *botsCommand) clients() int {
	switch {
	case c.Clients != nil:
		return *c.Clients
	case c.Token != "":
		return 1
	}
	return 50
}

// tokens says where tokens come from: nil is the server.
func (c *botsCommand) tokens() (func(n int) (string, error), error) {
	if c.Token != "" {
		return func(int) (string, error) { return c.Token, nil }, nil
	}
	keys, err := c.keys()
	if err != nil || keys == nil {
		return nil, err
	}
	signer, err := auth.NewSigner(auth.Config{Keys: keys, Audience: c.Audience})
	if err != nil {
		return nil, err
	}
	return func(n int) (string, error) {
		return signer.Mint(auth.Claims{
			Subject: fmt.Sprintf("bot-%d-%d-%d", os.Getpid(), c.Seed, n+1),
			Name:    fmt.Sprintf("bot %d", n+1),
			Expiry:  time.Now().Add(c.For + time.Hour),
		})
	}, nil
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

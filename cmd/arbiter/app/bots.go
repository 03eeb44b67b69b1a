package app

import (
	"cmp"
	"context"
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
	URL     string        `default:"ws://127.0.0.1:8080" placeholder:"WS://HOST:PORT" help:"The server (${default}); wss:// behind a proxy with TLS."`
	Game    string        `placeholder:"NAME" help:"The game to play, any that the server hosts (arena; with --match, that match's)."`
	Match   string        `placeholder:"ID" help:"The match to join; without it the server chooses, and begins matches as they fill up."`
	Clients *int          `placeholder:"N" help:"How many bots, 1 to 10000 (50; with --token, 1). A server takes 256 from one address unless told otherwise."`
	For     time.Duration `default:"10s" help:"How long to play once all are connected."`
	Rate    int           `default:"15" help:"Decisions of each bot a second, 1 to 128."`
	Drop    float64       `default:"0" help:"Chance of each connection in each second to be cut without a word, 0 to 1."`
	Stall   float64       `default:"0" help:"Chance of each connection in each second to be held up for 0.2 to 2 s, 0 to 1."`
	Predict bool          `help:"Run the rules ahead for each bot's own rows, as a player's client does."`
	Seed    uint64        `default:"1" help:"Of the chances."`
	JSON    bool          `name:"json" help:"Print the report as JSON, times in milliseconds."`
	Quiet   bool          `help:"No line a second on standard error."`

	Matchmake bool          `group:"Matchmaking" help:"Have every bot, alone or in a party, queue for its match through the server's API, and judge all matches by the queue's rules."`
	Queue     string        `group:"Matchmaking" placeholder:"NAME" help:"The queue to wait in; without it the server's first."`
	Rules     string        `group:"Matchmaking" type:"existingfile" placeholder:"FILE" help:"The queue's rules; without it those of its name that come with this program (arena, fives, ladder)."`
	Wait      time.Duration `group:"Matchmaking" default:"3m" help:"How long to wait for matches at most."`

	Token string `group:"Identity" help:"Token to play with: a player's, or the join token of a seat. It is one player's: for --clients 1."`
	keyFlags
}

// Help is the part of the help text above the flags.
func (botsCommand) Help() string {
	return `Bots play sensibly: in the arena they hunt, in tag they chase and flee; in games this program does
not know their inputs wander within their bounds. Every state that the server sends is compared with
its hash, every input with what the server says it applied. At the end the bots let go, wait until
everything is acknowledged (3 s at most), and report.

    arbiter bots --clients 10 --for 1m
    arbiter bots --game arena --clients 200 --for 30s --drop 0.02 --stall 0.02 --json

With --matchmake each bot gets attributes as the queue asks for them. Bots that wait in vain for 20 s
come back as players who are easy to place. All matches are judged: each bot in one, teams, parties,
roles and the rules' bounds at the time, every seat taken once.

    arbiter bots --matchmake --queue ladder --clients 200

A seat from the matchmaking API is taken with its URL and token:

    arbiter bots --clients 1 --url "$URL" --token "$TOKEN"

Exits with 1 if an input was lost or applied twice, if a state was wrong, if nobody connected, if a
match broke the rules, or if somebody got none.

A server without keys gives the bots guest tokens. For one with keys give --key or --keys-file, and
each bot is given a token of its own.

Flags may come from the environment: --clients from ARBITER_BOTS_CLIENTS and so on, but --key from
ARBITER_KEY, --keys-file from ARBITER_KEYS_FILE, and --audience from ARBITER_AUDIENCE.`
}

// Validate implements kong's check of a command's flags.
func (c *botsCommand) Validate() error {
	var one error
	if c.Token != "" && c.clients() > 1 {
		one = fmt.Errorf("--token: it is one player's, so %d clients would take the seat from each other: give --clients 1, or --key to mint a token for each", c.clients())
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
	config := bots.Config{
		URL: c.URL, Game: c.Game, Match: cmp.Or(c.Match, bots.MatchOf(c.Token)), Matchmaking: matchmaking, Clients: c.clients(), For: c.For, Rate: c.Rate,
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

// isTerminal reports whether somebody watches.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

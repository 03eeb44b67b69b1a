package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // a command line, environment or configuration file that makes no sense
)

// commandLine has all commands and their flags.
type commandLine struct {
	Serve       serveCommand       `cmd:"" help:"Host matches: players, HTTP API, matchmaking, web page and metrics."`
	Bots        botsCommand        `cmd:"" help:"Play on a server with many clients, and check all that it sends."`
	Token       tokenCommand       `cmd:"" help:"Print a token for development, or a new key."`
	Replay      replayCommand      `cmd:"" help:"Replay a recorded match and compare every tick."`
	Gen         genCommand         `cmd:"" help:"Generate a game's types for other languages."`
	WASM        wasmCommand        `cmd:"" name:"wasm" help:"Build a game's rules for browsers, which predict by them."`
	Matchmaking matchmakingCommand `cmd:"" help:"Try matchmaking rules on simulated queues."`
	Bench       benchCommand       `cmd:"" help:"Measure what matches cost on this machine."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

const about = `Arbiter is an authoritative server for multiplayer games.

"arbiter serve" starts a development server; "arbiter bots", in another terminal, plays on it.`

// configured is embedded by commands whose flags may also be set by a file and by
// environment variables.
type configured struct {
	Config string `placeholder:"FILE" help:"YAML or JSON file that sets these flags by their names. Flags on the command line take precedence over environment variables, and these over the file."`
}

// streams are what a command writes to: its result to out, everything else to err.
type streams struct{ out, err io.Writer }

// run parses a command line and runs its command.
func (p *Program) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	helped := false
	var given settings
	parser, err := p.newParser(stdout, stderr, &given, func(int) { helped = true })
	if err != nil {
		fmt.Fprintln(stderr, "arbiter:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(spelled(args))
	switch {
	case helped:
		return exitDone
	case unfinished(err):
		fmt.Fprintf(stderr, "arbiter: %v\n\n", err)
		parser.Stdout = stderr
		_ = err.(*kong.ParseError).Context.PrintUsage(false)
		return exitUsage
	case err != nil:
		usage := usageOf(err)
		if given.failed != nil {
			err = fmt.Errorf("--config: %w", given.failed)
		}
		fmt.Fprintf(stderr, "arbiter: %v\nRun \"%s --help\" for usage.\n", err, usage)
		return exitUsage
	}
	if takesConfig(parsed.Selected()) {
		warnOfVariables(parser.Model, stderr)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.Bind(streams{stdout, stderr}, benchRun{ctx, streams{stdout, stderr}, p})
	if err := parsed.Run(); err != nil {
		fmt.Fprintf(stderr, "%s: %s\n", parsed.Selected().FullPath(), strings.TrimPrefix(err.Error(), parsed.Selected().Name+": "))
		return exitFailed
	}
	return exitDone
}

func (p *Program) newParser(stdout, stderr io.Writer, given *settings, exit func(int)) (*kong.Kong, error) {
	line := commandLine{
		Serve:   serveCommand{program: p},
		Bots:    botsCommand{program: p},
		Replay:  replayCommand{program: p},
		Gen:     genCommand{TS: genTSCommand{program: p}},
		Version: versionCommand{program: p},
	}
	return kong.New(&line,
		kong.Name("arbiter"),
		kong.Description(about),
		kong.Writers(stdout, stderr),
		kong.Exit(exit),
		kong.Vars{
			"games":   strings.Join(p.gameNames(), ","),
			"queues":  strings.Join(queueNames(p.Queues), ","),
			"shipped": cmp.Or(strings.Join(queueNames(p.Queues), ","), "it has none"),
		},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.Resolvers(given),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(decodeDuration)),
		kong.TypeMapper(reflect.TypeFor[autoDuration](), kong.MapperFunc(decodeAutoDuration)),
		kong.TypeMapper(reflect.TypeFor[map[string]int](), kong.MapperFunc(decodeRates)),
		kong.KindMapper(reflect.Int, kong.MapperFunc(decodeInt)),
		kong.KindMapper(reflect.Float64, kong.MapperFunc(decodeFloat)),
	)
}

// spelled accepts "help COMMAND" and "--version" as other programs do.
func spelled(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == "help":
		return append(args[1:len(args):len(args)], "--help")
	case len(args) == 1 && args[0] == "--version":
		return []string{"version"}
	}
	return args
}

// unfinished reports whether all that is wrong is that a command is missing.
func unfinished(err error) bool {
	var p *kong.ParseError
	if !errors.As(err, &p) || p.Context == nil || !strings.HasPrefix(err.Error(), "expected ") {
		return false
	}
	at := p.Context.Selected()
	if at == nil {
		at = p.Context.Model.Node
	}
	return len(at.Children) > 0
}

// usageOf is the command whose help explains an error.
func usageOf(err error) string {
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil && p.Context.Selected() != nil {
		return p.Context.Selected().FullPath()
	}
	return "arbiter"
}

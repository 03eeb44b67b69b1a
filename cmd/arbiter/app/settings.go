package app

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// settings fills in flags that were not typed: from the environment, else from
// the file that --config names. It serves one parse.
type settings struct {
	loaded bool
	file   *settingsFile // nil: none was named
	failed error         // of the file as a whole; kong would blame the flag it came to first
}

// Validate implements [kong.Resolver].
func (s *settings) Validate(*kong.Application) error { return nil }

// Resolve implements [kong.Resolver].
func (s *settings) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	command := ctx.Selected()
	if command == nil || !takesConfig(command) || flag.Name == "help" {
		return nil, nil
	}
	if text := fromEnvironment(command, flag.Name); text != "" {
		return text, tryValue(flag, text, variable(command, flag.Name))
	}
	if s.failed = s.load(ctx, command); s.failed != nil {
		return nil, s.failed
	}
	if entry, ok := s.file.entry(flag.Name); ok {
		return entry.text, tryValue(flag, entry.text, fmt.Sprintf("%s:%d", s.file.path, entry.line))
	}
	return nil, nil
}

// load reads the file at the first need.
func (s *settings) load(ctx *kong.Context, command *kong.Node) error {
	if s.loaded {
		return nil
	}
	s.loaded = true
	known, hidden := map[string]bool{}, map[string]bool{} // a hidden one may be set, and is not offered
	path := ""
	for _, flag := range command.Flags {
		known[flag.Name] = flag.Name != "config" && flag.Name != "help"
		if flag.Hidden {
			hidden[flag.Name] = true
		}
		if flag.Name == "config" {
			if path, _ = ctx.FlagValue(flag).(string); path == "" {
				path = fromEnvironment(command, flag.Name)
			}
		}
	}
	if path == "" {
		return nil
	}
	var err error
	if s.file, err = readSettings(path); err == nil {
		err = s.file.check(command.Name, known, hidden)
	}
	return err
}

func takesConfig(command *kong.Node) bool {
	for _, flag := range command.Flags {
		if flag.Name == "config" {
			return true
		}
	}
	return false
}

// variable names a flag's environment variable: ARBITER_ADDR for the server's
// --addr, ARBITER_BOTS_URL for the --url of "arbiter bots". What the token
// command and the server share has one name.
func variable(command *kong.Node, flag string) string {
	words := []string{"arbiter", command.Name, flag}
	if command.Name == "serve" || flag == "key" || flag == "keys-file" || flag == "audience" || flag == "issuer" {
		words = []string{"arbiter", flag}
	}
	return strings.ToUpper(strings.ReplaceAll(strings.Join(words, "_"), "-", "_"))
}

// fromEnvironment returns a flag's value; an empty variable counts as none.
func fromEnvironment(command *kong.Node, flag string) string {
	return os.Getenv(variable(command, flag))
}

// tryValue reads a flag's text for the sake of an error that says where the
// text comes from.
func tryValue(flag *kong.Flag, text, source string) error {
	scan := kong.Scan().PushTyped(text, kong.FlagValueToken)
	scratch := reflect.New(flag.Target.Type()).Elem()
	if err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, scratch); err != nil {
		return fmt.Errorf("from %s: %w", source, err)
	}
	return nil
}

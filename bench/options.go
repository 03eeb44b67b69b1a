package bench

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"arbiter/bench/machine"
	"arbiter/bench/report"
	"arbiter/bench/target"
	"arbiter/bench/workload"
	"arbiter/game"
)

// Common are the options of every benchmark. Their tags describe flags, as
// package kong reads them.
type Common struct {
	ServerCPUs string `name:"server-cpus" placeholder:"LIST" help:"Processors of the server, such as 0 or 0-3. Default: the first one."`
	LoadCPUs   string `name:"load-cpus" placeholder:"LIST" help:"Processors of the load generator. Default: all others."`
	Transport  string `default:"auto" enum:"auto,epoll,net" placeholder:"KIND" help:"The server's transport: epoll, net or auto."`
	TLS        bool   `name:"tls" help:"Use TLS."`
	Quick      bool   `help:"Take less than a minute, with less exact results."`
	Quiet      bool   `help:"Do not print progress on standard error."`

	report.Output `embed:""`

	ServerCommand []string `name:"server-command" hidden:"" help:"Command that starts an Arbiter server, instead of this program: for another build."`
	FloorCommand  []string `name:"floor-command" hidden:"" help:"Command that starts a floor server."`
}

// Session is one run of a benchmark: its options, made good, and where it
// tells how far it is.
type Session struct {
	Common
	ForServer, ForLoad machine.CPUs
	Machine            machine.Description
	Games              []game.Definition // the program's own, for benchmarks that play one of them
	began              time.Time
	progress           io.Writer
}

// Quietly is a session that measures nothing on processors of its own: without
// pins, limits and a look at the machine.
func Quietly(c Common, progress io.Writer) *Session {
	return &Session{Common: c, began: time.Now(), progress: progress}
}

// Begin checks the options, pins this process to the load generator's
// processors, and raises its limit of open files.
func Begin(c Common, progress io.Writer) (*Session, error) {
	s := Quietly(c, progress)
	s.Machine = machine.Describe()
	if c.Quiet {
		s.progress = io.Discard
	}
	var err error
	if s.ForServer, err = machine.ParseCPUs(c.ServerCPUs); err != nil {
		return nil, fmt.Errorf("--server-cpus: %w", err)
	}
	if s.ForLoad, err = machine.ParseCPUs(c.LoadCPUs); err != nil {
		return nil, fmt.Errorf("--load-cpus: %w", err)
	}
	if s.ForServer == nil {
		s.ForServer = machine.CPUs{0}
	}
	for n := 0; s.ForLoad == nil && n < s.Machine.CPUs || len(s.ForLoad) > 0 && c.LoadCPUs == "" && n < s.Machine.CPUs; n++ {
		if one := (machine.CPUs{n}); !one.Overlaps(s.ForServer) {
			s.ForLoad = append(s.ForLoad, n)
		}
	}
	if s.ForLoad == nil {
		s.ForLoad = s.ForServer
	}
	if err := machine.PinProcess(s.ForLoad); err != nil {
		return nil, err
	}
	runtime.GOMAXPROCS(len(s.ForLoad) + 1) // see wheel.Poll
	s.Say("%v", s.Machine)
	s.Say("server on processors %v, load generator on %v", s.ForServer, s.ForLoad)
	return s, nil
}

// At is the moment that long after the run began.
func (s *Session) At(d time.Duration) time.Time { return s.began.Add(d) }

// Say tells how far the run is.
func (s *Session) Say(format string, args ...any) {
	fmt.Fprintf(s.progress, "%6.1fs  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

// Document begins the report of a benchmark.
func (s *Session) Document(command, title string) *report.Document {
	d := &report.Document{Command: "arbiter bench " + command, Title: title, Machine: s.Machine}
	if s.ForServer.Overlaps(s.ForLoad) {
		d.Notes = append(d.Notes, "The server and the load generator shared a processor: the figures are of both.")
	}
	return d
}

// Noise is a note about other programs, or other guests of the hypervisor, that
// used the processors.
const Noise = "Other programs, or other guests of the hypervisor, had the same processors during the measurement, so its absolute figures are too high and its capacities too low: repeat it on a quiet machine."

// NoteNoise says in the report if other programs were in the way of any of
// the measurements.
func NoteNoise(d *report.Document, list ...*Figures) {
	if slices.ContainsFunc(list, (*Figures).Noisy) && !slices.Contains(d.Notes, Noise) {
		d.Notes = append(d.Notes, Noise)
	}
}

// Finish writes the report.
func (s *Session) Finish(d *report.Document, w io.Writer) error {
	d.Seconds = time.Since(s.began).Seconds()
	return s.Write(d, w, s.progress)
}

// Arbiter is the server to start for matches of that many players, at that
// rate in Hz.
func (s *Session) Arbiter(players, rate int) target.Arbiter {
	return target.Arbiter{Command: s.ServerCommand, CPUs: s.ForServer, Transport: s.Transport, TLS: s.TLS, Players: players, Rate: rate}
}

// Game is the program's game of that name.
func (s *Session) Game(name string) (game.Definition, error) {
	var names []string
	for _, g := range s.Games {
		if g.Name() == name {
			return g, nil
		}
		names = append(names, g.Name())
	}
	return nil, fmt.Errorf("--game: this program has no game %q: use one of %s", name, strings.Join(names, ", "))
}

// ArbiterOf is the server to start for a game of this program, whose matches have
// the game's own size. Without a name it is [Session.Arbiter].
func (s *Session) ArbiterOf(name string, players, rate int) (target.Arbiter, error) {
	a := s.Arbiter(players, rate)
	if name == "" {
		return a, nil
	}
	g, err := s.Game(name)
	if err != nil {
		return a, err
	}
	a.Game, a.Players = name, g.Config().MaxPlayers
	return a, nil
}

// played is the game that such a server is measured with.
func (s *Session) played(a target.Arbiter) (game.Definition, error) {
	if a.Game == "" {
		return workload.At(a.Players, a.Rate)
	}
	g, err := s.Game(a.Game)
	if err != nil {
		return nil, err
	}
	rated, ok := g.(interface {
		AtRates(tick, snapshot int) (game.Definition, error)
	})
	if !ok {
		return nil, fmt.Errorf("bench: the rates of %s are fixed: benchmarks play what game.Define returns", a.Game)
	}
	return rated.AtRates(a.Rate, a.Rate)
}

// NeedRepository refuses a folder that is not below Arbiter's own repository,
// whose sources some benchmarks compile. below is where it is there, "." for the
// top.
func NeedRepository(benchmark, dir, below string) error {
	up, err := filepath.Rel(below, ".")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, up, "go.mod"))
	if err == nil && strings.HasPrefix(string(text), "module arbiter\n") {
		return nil
	}
	what := "its path"
	if below != "." {
		what = "the path of its " + below
	}
	return fmt.Errorf("bench: %s compiles Arbiter's own sources, and %q is not in Arbiter's repository: give %s with --source", benchmark, dir, what)
}

// Either is quick if the run is to be quick, else full.
func Either[T any](s *Session, quick, full T) T {
	if s.Quick {
		return quick
	}
	return full
}

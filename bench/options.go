package bench

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"arbiter/bench/machine"
	"arbiter/bench/report"
	"arbiter/bench/target"
)

// Common are the options of every benchmark. Their tags describe flags, as
// package kong reads them.
type Common struct {
	ServerCPUs string `name:"server-cpus" placeholder:"LIST" help:"Processors of the server, such as 0 or 0-3; the first one unless given."`
	LoadCPUs   string `name:"load-cpus" placeholder:"LIST" help:"Processors of the load generator; all others unless given."`
	Transport  string `default:"auto" enum:"auto,epoll,net" placeholder:"KIND" help:"The server's transport: epoll, net or auto."`
	TLS        bool   `name:"tls" help:"Play over TLS."`
	Quick      bool   `help:"Less than a minute, and less exact."`
	Quiet      bool   `help:"No progress on standard error."`

	report.Output `embed:""`

	ServerCommand []string `name:"server-command" hidden:"" help:"How to start an Arbiter server, instead of this program: for another build of it."`
	FloorCommand  []string `name:"floor-command" hidden:"" help:"How to start a floor server."`
}

// Session is one run of a benchmark: its options, made good, and where it
// tells how far it is.
type Session struct {
	Common
	ForServer, ForLoad machine.CPUs
	Machine            machine.Description
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

// Noise is the note about whoever else had the processors.
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

// Either is quick if the run is to be quick, else full.
func Either[T any](s *Session, quick, full T) T {
	if s.Quick {
		return quick
	}
	return full
}

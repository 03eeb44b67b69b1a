package match

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"time"

	"arbiter/game"

	"github.com/prometheus/client_golang/prometheus"
)

// Config says which games run and within which bounds. New copies it. A field's
// comment says what zero means.
type Config struct {
	// Games are what is hosted, at least one, with distinct names.
	Games []game.Definition
	// Tokens checks the tokens that sessions bring while they run. Nil refuses
	// all of them.
	Tokens Tokens

	// ResumeWindow is how long a seat waits for its player to come back. Zero
	// means 30 s.
	ResumeWindow time.Duration
	// EmptyClose is how long a match without players and spectators goes on.
	// Zero means 60 s.
	EmptyClose time.Duration
	// MaxMatches bounds the running matches. Zero means 1024.
	MaxMatches int
	// MaxMatchesPerPlayer bounds the running matches that began because one player
	// asked for them. Zero means 4, negative no bound.
	MaxMatchesPerPlayer int
	// MaxSpectators bounds the spectators of one match. Zero means 64, negative none.
	MaxSpectators int
	// Workers is the size of the worker pool that writes snapshots. Zero means
	// GOMAXPROCS.
	Workers int

	// StepTimeout is how long the rules of a match may take over one turn of its loop, a
	// step or a few that are caught up, before the match is abandoned: its players are
	// sent away with 4101, and it leaves all lists. Its goroutine goes on, since none can
	// be ended from outside. Zero means 2 s, negative never. Only WatchSteps looks.
	StepTimeout time.Duration
	// ShedLateness is how late the p99 of the turns of all match loops may begin,
	// over 5 s, before overload control refuses new matches; at twice that it
	// refuses everybody who has no seat. Zero means 20 ms, negative turns it off.
	ShedLateness time.Duration
	// ShedWarn has lateness logged and counted only: nothing is refused for it.
	ShedWarn bool
	// ShedMemory is how many bytes the Go runtime may use before overload control
	// refuses new matches; 1/18 above that it refuses everybody who has no seat.
	// Zero means 90 % of GOMEMLIMIT or, without it, of the cgroup's limit or,
	// without both, off. Negative turns it off.
	ShedMemory int64

	// RecordDir is an existing directory that gets a recording of each match.
	// Empty means none.
	RecordDir string
	// Metrics is where the engine's metrics are registered. Nil means nowhere.
	Metrics prometheus.Registerer
	// Log receives the engine's log. Nil discards it.
	Log *slog.Logger
}

// filled returns a copy with its defaults, checked.
func (c Config) filled() (*Config, error) {
	def(&c.ResumeWindow, 30*time.Second)
	def(&c.EmptyClose, time.Minute)
	def(&c.MaxMatches, 1024)
	def(&c.MaxMatchesPerPlayer, 4)
	def(&c.MaxSpectators, 64)
	def(&c.StepTimeout, 2*time.Second)
	def(&c.ShedLateness, 20*time.Millisecond)
	def(&c.Workers, runtime.GOMAXPROCS(0))
	if c.Tokens == nil {
		c.Tokens = noTokens{}
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Games = slices.Clone(c.Games)
	return &c, c.Check()
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Check refuses what New refuses.
func (c *Config) Check() error {
	if len(c.Games) == 0 {
		return errors.New("match: no games: give at least one in Config.Games")
	}
	names := map[string]bool{}
	for _, g := range c.Games {
		if names[g.Name()] {
			return fmt.Errorf("match: two games named %q: give each its own name", g.Name())
		}
		names[g.Name()] = true
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"ResumeWindow", c.ResumeWindow}, {"EmptyClose", c.EmptyClose}} {
		if d.value < 0 {
			return fmt.Errorf("match: %s %v is negative: use a positive duration, or 0 for the default", d.name, d.value)
		}
	}
	if c.MaxMatches < 0 || c.Workers < 0 {
		return fmt.Errorf("match: MaxMatches %d and Workers %d must be positive, or 0 for the default", c.MaxMatches, c.Workers)
	}
	if c.RecordDir != "" {
		if info, err := os.Stat(c.RecordDir); err != nil || !info.IsDir() {
			return fmt.Errorf("match: recording directory %q is not a directory: create it", c.RecordDir)
		}
	}
	return nil
}

package game

import (
	"fmt"
	"reflect"
	"time"

	"arbiter/game/sim"
)

// Rules are one game: a pure function of state, inputs, tick and the match's
// random source, written as three methods.
//
// A Rules value is shared by all matches and keeps nothing: what it would
// remember belongs into S. See the package doc for what a step must not use.
type Rules[S, I any] interface {
	// Join gives a new player their rows.
	Join(w *World[S], p Player)
	// Leave takes them away again.
	Leave(w *World[S], p PlayerID)
	// Step advances the state by one tick.
	Step(w *World[S], in *Inputs[I])
}

// starter is what rules implement that set up a new match.
type starter[S any] interface{ Start(w *World[S]) }

// watcher is what rules implement that limit what a player's client is sent to an
// area (interest management).
type watcher[S any] interface {
	Eye(w *World[S], p PlayerID) (Area, bool)
}

// suspecter is what rules implement that want to be told of wrong inputs.
type suspecter[S any] interface {
	Suspect(w *World[S], p PlayerID, kind Suspicion, n int)
}

// awayer and backer are what rules implement that want to know whose connection was
// lost, and who has one again.
type (
	awayer[S any] interface {
		Away(w *World[S], p PlayerID)
	}
	backer[S any] interface {
		Back(w *World[S], p PlayerID)
	}
)

// Config is a game's own settings. Zero values mean the defaults.
type Config struct {
	TickRate     int           // steps a second, 1 to 128; 0 means 30
	SnapshotRate int           // snapshots a second, at most TickRate; 0 means TickRate
	MaxPlayers   int           // seats of a match, 1 to 1024; 0 means 16
	Rewind       time.Duration // how far World.At reaches; 0 means 250 ms if inputs rewind, else nothing; at most 1 s

	// ResumeWindow is how long the seat of a player who is away waits for them. Zero
	// means what the server is configured with; at most an hour.
	ResumeWindow time.Duration
	// ReleaseInput is how long a player who is away goes on holding their last input;
	// then it is released, that is, zero, until they are back. Zero means 1 s,
	// negative that they hold it as long as they are away.
	ReleaseInput time.Duration

	// PlayersMayWatch lets players of a match watch it besides, with a second
	// connection. It is for games that hide nothing from anybody: who watches sees all.
	PlayersMayWatch bool
	// AnyoneMayWatch lets everybody watch matches of a game whose rules limit what
	// players see to an area. Who watches sees everything, and may tell a player:
	// without it such matches are watched by services, and with tokens for the match.
	AnyoneMayWatch bool
}

const (
	defaultRewind = 250 * time.Millisecond
	maxPlayers    = 1024
)

func (c *Config) fill(rewinds bool) error {
	if c.TickRate == 0 {
		c.TickRate = 30
	}
	if c.SnapshotRate == 0 {
		c.SnapshotRate = c.TickRate
	}
	if c.MaxPlayers == 0 {
		c.MaxPlayers = 16
	}
	if c.Rewind == 0 && rewinds {
		c.Rewind = defaultRewind
	}
	if c.ReleaseInput == 0 {
		c.ReleaseInput = time.Second
	}
	switch {
	case c.ResumeWindow < 0 || c.ResumeWindow > time.Hour:
		return fmt.Errorf("a resume window of %v must be 0 (the server's) to 1h", c.ResumeWindow)
	case c.TickRate < 1 || c.TickRate > 128:
		return fmt.Errorf("tick rate of %d Hz must be 1 to 128", c.TickRate)
	case c.SnapshotRate < 1 || c.SnapshotRate > c.TickRate:
		return fmt.Errorf("snapshot rate of %d Hz must be 1 to the tick rate (%d)", c.SnapshotRate, c.TickRate)
	case c.MaxPlayers < 1 || c.MaxPlayers > maxPlayers:
		return fmt.Errorf("%d players (MaxPlayers) must be 1 to 1024", c.MaxPlayers)
	case c.Rewind < 0 || c.Rewind > time.Second:
		return fmt.Errorf("a rewind of %v must be 0 to 1s", c.Rewind)
	}
	return nil
}

// Definition is a game with its types erased, as a server hosts it: every
// [Game] is one. Its methods are for the framework, which steps and replicates
// what they return; see package game/sim.
type Definition interface {
	// Name is the game's name, as in URLs.
	Name() string
	// Config returns the settings with the defaults filled in.
	Config() Config
	// Schema describes the game's data.
	Schema() *sim.Schema
	// RewindTicks is Config.Rewind in ticks.
	RewindTicks() int
	// HasEye reports whether the rules limit what players see to an area.
	HasEye() bool
	// NewSim starts a match from a seed.
	NewSim(seed uint64) sim.Sim
	// BeginSim is NewSim for a match that was ordered with a setup.
	BeginSim(seed uint64, setup Setup) sim.Sim
}

// Game is a defined game: rules, schema and settings. It is immutable and safe
// for concurrent use.
type Game[S, I any] struct {
	name   string
	rules  Rules[S, I]
	config Config
	schema *sim.Schema
}

// validName reports whether a name is 1 to 32 of a-z, 0-9 and -, beginning with
// a letter. A regular expression would be an eighth of what browsers load.
func validName(name string) bool {
	for i, c := range name {
		if (c < 'a' || c > 'z') && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != "" && len(name) <= 32
}

// The limits of a match's state, so that any client can be sent it. Rules that
// exceed one are stopped by a panic with a [LimitError], which ends the match:
// its players are closed with code 4104.
const (
	// MaxRows is how many rows a table may have whose rows have replicated fields.
	MaxRows = sim.MaxRows
	// MaxStateBytes bounds what the rows of all tables can take on the wire: 5
	// bytes for each row's id, and for each replicated field the most that its
	// type takes: 4 bytes for a bool and an integer of 8 or 16 bits, 5 for one of
	// 32, 9 for one of 64 and for floats, and 3 more than its length for a string.
	MaxStateBytes = sim.MaxStateBytes
)

// LimitError is what rules are stopped with that exceed a limit of the state.
type LimitError = sim.LimitError

// Define checks rules and their types and returns the game. It refuses a state
// or input that is not plain data, naming the field's path. A table may have
// [MaxRows] rows, and all of them [MaxStateBytes]; who joins is sent them in one
// message, which a link of 100 KB/s takes ten seconds for if it is of 1 MB.
func Define[S, I any](name string, r Rules[S, I], c Config) (*Game[S, I], error) {
	if !validName(name) {
		return nil, fmt.Errorf("game: name %q must be 1 to 32 of a-z, 0-9 and -, beginning with a letter", name)
	}
	schema, err := schemaOf(name, reflect.TypeFor[S](), reflect.TypeFor[I]())
	if err != nil {
		return nil, fmt.Errorf("game: %s: %w", name, err)
	}
	if err := c.fill(schema.Rewinds); err != nil {
		return nil, fmt.Errorf("game: %s: %w", name, err)
	}
	schema.SetRates(c.TickRate, c.SnapshotRate)
	return &Game[S, I]{name: name, rules: r, config: c, schema: schema}, nil
}

// MustDefine is Define for package variables; it panics on an error. Name the
// type arguments there: whether the compiler can infer them depends on the
// order of declarations.
func MustDefine[S, I any](name string, r Rules[S, I], c Config) *Game[S, I] {
	g, err := Define(name, r, c)
	if err != nil {
		panic(err)
	}
	return g
}

// Name is the game's name, as in URLs.
func (g *Game[S, I]) Name() string { return g.name }

// Schema describes the game's data. It must not be changed.
func (g *Game[S, I]) Schema() *sim.Schema { return g.schema }

// Config returns the settings with the defaults filled in.
func (g *Game[S, I]) Config() Config { return g.config }

// RewindTicks is how many ticks back World.At reaches: Config.Rewind, rounded up.
func (g *Game[S, I]) RewindTicks() int {
	dt := time.Second / time.Duration(g.config.TickRate)
	return int((g.config.Rewind + dt - 1) / dt)
}

// HasEye implements [Definition].
func (g *Game[S, I]) HasEye() bool {
	_, eye := g.rules.(watcher[S])
	return eye
}

// NewSim is New with the types erased.
func (g *Game[S, I]) NewSim(seed uint64) sim.Sim { return g.New(seed) }

// BeginSim is Begin with the types erased.
func (g *Game[S, I]) BeginSim(seed uint64, setup Setup) sim.Sim { return g.Begin(seed, setup) }

// PredictSim is NewPrediction with the types erased.
func (g *Game[S, I]) PredictSim(p Player) sim.Prediction { return g.NewPrediction(p) }

// WithRates returns the same game at other rates; zero keeps a rate, and a
// snapshot rate above the tick rate is lowered to it.
func (g *Game[S, I]) WithRates(tick, snapshot int) (*Game[S, I], error) {
	c := g.config
	if tick != 0 {
		c.TickRate, c.SnapshotRate = tick, tick
	}
	if snapshot != 0 {
		c.SnapshotRate = snapshot
	}
	return Define(g.name, g.rules, c)
}

// AtRates is WithRates with the types erased.
func (g *Game[S, I]) AtRates(tick, snapshot int) (Definition, error) {
	at, err := g.WithRates(tick, snapshot)
	if err != nil {
		return nil, err
	}
	return at, nil
}

package sim

// Sim is one running match with its types erased: what a server steps and
// replicates. It has no clock and no goroutine; one goroutine at a time may
// use it.
type Sim interface {
	Schema() *Schema
	// Tick is the last completed step.
	Tick() Tick
	// Step runs one tick and rounds the state to wire precision. Whatever is not
	// possible it ignores: a join beyond Config.MaxPlayers or of somebody seated,
	// an input or a command from nobody or of another shape, a suspicion of
	// nobody or out of order.
	Step(in *TickInput)
	// Rows gives access to the table Schema().Tables[i].
	Rows(i int) Rows
	// Posted gives access to the events Schema().Events[i] of the last step.
	Posted(i int) Posted
	// Eye is the area of interest of p, if the rules set one.
	Eye(p PlayerID) (Area, bool)
	// HasEye reports whether the rules set areas of interest at all.
	HasEye() bool
	// HasSuspect reports whether the rules ask for suspicions at all.
	HasSuspect() bool
	// Result is nil while the match runs.
	Result() *Result
	// Wanted is for how many more players the rules asked; said is false if
	// they never did.
	Wanted() (n int, said bool)
	// Hash covers the whole state: rows with hidden fields, ids, held inputs
	// and the random source.
	Hash() uint64
	// AppendCheckpoint appends everything Restore needs to go on from here.
	AppendCheckpoint(b []byte) []byte
	// Restore continues from a checkpoint of the same game. After an error
	// the match is in an unknown state and must not be used.
	Restore(b []byte) error
}

// Prediction is a [Sim] that runs the rules ahead of the server for one player:
// client-side prediction with the types erased. Package game makes one with
// Game.PredictSim.
type Prediction interface {
	Sim
	// Load replaces the state by the server's of tick t: one block of rows for
	// each table of the schema, and the input that the player holds, as cells.
	Load(t Tick, blocks []Block, input []int64)
}

// Definition is what the framework needs of a game to run, record and replay its
// matches. Package game's Definition is one.
type Definition interface {
	Schema() *Schema
	// RewindTicks is how many ticks back rules may look with World.At.
	RewindTicks() int
	// BeginSim starts a match from a seed, with the setup it was ordered with.
	BeginSim(seed uint64, setup Setup) Sim
}

// TickInput is everything that reaches a match in one tick: with the seed, it
// determines the next state. Step handles Leaves before Joins, those before Away,
// Back and Suspicions, and Held before Inputs.
type TickInput struct {
	Leaves []PlayerID
	Joins  []Player
	// Suspicions are in order of player, then of kind, each of them once. They
	// are for rules that ask; see [Sim.HasSuspect].
	Suspicions []PlayerSuspicion
	// Away are players whose connection was lost, Back those who have one again.
	Away, Back []PlayerID
	// Held is what players hold from now on without having sent it: nothing while
	// they are away, and what they held before when they are back.
	Held     []PlayerInput
	Inputs   []PlayerInput
	Commands []PlayerCommand
}

// Empty reports whether nothing happens.
func (t *TickInput) Empty() bool {
	return len(t.Leaves)+len(t.Joins)+len(t.Away)+len(t.Back)+len(t.Held)+len(t.Suspicions)+len(t.Inputs)+len(t.Commands) == 0
}

// Reset empties t and keeps its memory.
func (t *TickInput) Reset() {
	t.Leaves, t.Suspicions = t.Leaves[:0], t.Suspicions[:0]
	t.Away, t.Back, t.Held = t.Away[:0], t.Back[:0], t.Held[:0]
	t.Joins = nil // they are rare, large, and hold texts
	t.Inputs, t.Commands = t.Inputs[:0], t.Commands[:0]
}

// PlayerInput is one seat's new input, which holds from this tick on.
type PlayerInput struct {
	Player PlayerID
	Seq    uint32
	View   Tick // the tick the player was looking at; 0 for no claim
	Cells  []int64
}

// PlayerCommand is one command, of Schema().Commands[Kind].
type PlayerCommand struct {
	Player PlayerID
	Kind   int
	Row    Row
}

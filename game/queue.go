package game

import (
	"iter"
	"reflect"
	"unsafe"

	"arbiter/game/sim"
)

// MaxPerTick bounds the events of one kind that one step may emit, and the
// commands of one kind that reach one step. What comes beyond is dropped and
// counted.
const MaxPerTick = 256

// Events is a queue of one-shot facts for clients: an explosion, a hit, a
// message. Rules emit them during a step; each is delivered once to each
// client it is meant for, with the tick it happened in. They are not state:
// they are gone when the next step begins. Those of at least the last second, and of
// four snapshots, are kept until they are sent; a client that could not be sent any
// for longer is closed as slow.
type Events[T any] struct{ queue[T] }

// Emit sends e to every player and spectator.
func (q *Events[T]) Emit(e T) { q.push(0, e) }

// EmitAt is Emit for what happens at a place: players whose rules limit what they
// see to an area are sent e if the place lies in it, with the area of when e is sent,
// in units of the rows' Position. Without areas everybody is sent it, and spectators
// are always.
func (q *Events[T]) EmitAt(e T, x, y float64) {
	n := len(q.rows)
	if q.push(0, e); len(q.rows) == n {
		return
	}
	for len(q.places) < n {
		q.places = append(q.places, sim.Place{})
	}
	q.places = append(q.places, sim.Place{X: x, Y: y, Known: true})
}

// EmitTo sends e to those players only.
func (q *Events[T]) EmitTo(e T, players ...PlayerID) {
	for _, p := range players {
		if p != 0 {
			q.push(p, e)
		}
	}
}

// Commands is a queue of what clients ask for besides their input: rare, and
// allowed to carry strings (a new name, a line of chat). The rules read it
// during a step and decide; it is empty again when the step ends. A number is
// within its field's tag and type, and one of a float without a step may be any,
// NaN and the infinities too, whatever the client's program would send.
type Commands[T any] struct{ queue[T] }

// All yields this tick's commands in the order in which they arrived.
func (q *Commands[T]) All() iter.Seq2[PlayerID, *T] {
	return func(yield func(PlayerID, *T) bool) {
		for i := range q.rows {
			if !yield(q.who[i], &q.rows[i]) {
				return
			}
		}
	}
}

func (q *Events[T]) kind() sim.PartKind   { return sim.EventPart }
func (q *Commands[T]) kind() sim.PartKind { return sim.CommandPart }

type queue[T any] struct {
	who     []PlayerID
	rows    []T
	places  []sim.Place // of the first rows; those beyond have none
	dropped uint64
}

func (q *queue[T]) push(p PlayerID, row T) {
	if len(q.rows) >= MaxPerTick {
		q.dropped++
		return
	}
	q.who = append(q.who, p)
	q.rows = append(q.rows, row)
}

func (q *queue[T]) row() reflect.Type { return reflect.TypeFor[T]() }
func (q *queue[T]) erased() sim.Queue { return (*rowQueue[T])(q) }

// rowQueue is Events or Commands as the framework uses them.
type rowQueue[T any] queue[T]

func (q *rowQueue[T]) PushZero(p PlayerID) unsafe.Pointer {
	var zero T
	n := len(q.rows)
	(*queue[T])(q).push(p, zero)
	if len(q.rows) == n {
		return nil
	}
	return unsafe.Pointer(&q.rows[n])
}

func (q *rowQueue[T]) Memory() sim.Memory {
	return sim.Memory{Base: unsafe.Pointer(unsafe.SliceData(q.rows)), N: len(q.rows)}
}

func (q *rowQueue[T]) Players() []PlayerID { return q.who }
func (q *rowQueue[T]) Places() []sim.Place { return q.places }
func (q *rowQueue[T]) Drop()               { q.who, q.rows, q.places = q.who[:0], q.rows[:0], q.places[:0] }
func (q *rowQueue[T]) Lost() uint64        { return q.dropped }

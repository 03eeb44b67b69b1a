package match

import (
	"context"
	"errors"
	"sync"
	"time"

	"arbiter/game"
)

// EventKind says what happened to a match.
type EventKind string

// What happens to matches. A match begins and ends once; what lies between
// comes in any order.
const (
	Began    EventKind = "began"
	Claimed  EventKind = "claimed"  // Subject took their seat
	Freed    EventKind = "freed"    // Subject's seat was given up: Why is left, away or released
	Lapsed   EventKind = "lapsed"   // Subject did not come in time
	Wants    EventKind = "wants"    // Wanted players are looked for now, 0 for none any more
	Finished EventKind = "finished" // with its Result; Ended follows
	Ended    EventKind = "ended"    // Why is finished, empty, dissolved, panic, drain …
)

// Event is one thing that happened to a match.
type Event struct {
	Seq     uint64 // counts the engine's events from 1
	At      time.Time
	Kind    EventKind
	Match   string
	Game    string
	Subject string // the player it concerns, or empty
	Why     string
	Wanted  int
	Result  *Result   // of Finished
	Began   time.Time // of Finished: when the match began
	Ticks   game.Tick // of Finished: how long it lasted

	// Lost is how many events before this one were dropped because they were
	// not read fast enough. A reader should then compare what it knows with
	// [Engine.Matches].
	Lost uint64
}

// Result is a game.Result in terms of those who played.
type Result struct {
	Reason string        `json:"reason"`
	Scores []PlayerScore `json:"scores"` // best first
}

// PlayerScore is one player's part of a result.
type PlayerScore struct {
	Subject string        `json:"player"`
	Number  game.PlayerID `json:"number"` // in the match
	Team    string        `json:"team,omitempty"`
	Role    string        `json:"role,omitempty"`
	Points  int           `json:"points"`
}

// eventsKept bounds the events that are remembered for those who read them. A
// reader that falls back further is told how many it lost.
const eventsKept = 4096

// EventLog keeps the last events of all matches, for any number of readers, each
// at its own pace. Publishing never blocks. Safe for concurrent use.
type EventLog struct {
	mu     sync.Mutex
	ring   []Event       // guarded by mu: event n is at (n-1) modulo eventsKept
	last   uint64        // guarded by mu: Seq of the newest
	more   chan struct{} // guarded by mu: closed when another comes
	closed bool          // guarded by mu
}

func newEventLog() *EventLog { return &EventLog{more: make(chan struct{})} }

func (l *EventLog) publish(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.last++
	e.Seq, e.At = l.last, time.Now()
	if len(l.ring) < eventsKept {
		l.ring = append(l.ring, e)
	} else {
		l.ring[(l.last-1)%eventsKept] = e
	}
	close(l.more)
	l.more = make(chan struct{})
}

// Newest is the Seq of the newest event.
func (l *EventLog) Newest() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Next returns the oldest event after seq that is kept. Without one, ok is false and
// more is closed when there is one; more is nil if the log is closed.
func (l *EventLog) Next(seq uint64) (e Event, ok bool, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seq >= l.last {
		if l.closed {
			return e, false, nil
		}
		return e, false, l.more
	}
	oldest := l.last - uint64(len(l.ring)) + 1
	at := max(seq+1, oldest)
	e = l.ring[(at-1)%eventsKept]
	e.Lost = at - (seq + 1)
	return e, true, nil
}

// Close ends the log: readers still get the events that it holds.
func (l *EventLog) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.more)
	}
}

// Dispatcher is a goroutine that calls a function with every event of a log.
type Dispatcher struct{ done chan struct{} }

// Dispatch calls f with every event of the log, in order, until it is closed.
// If f is slow, [Event].Lost counts the events that it missed.
func Dispatch(l *EventLog, f func(Event)) *Dispatcher {
	d := &Dispatcher{done: make(chan struct{})}
	go func() { // ends when the log is closed, and is waited for by Wait
		defer close(d.done)
		for seq := uint64(0); ; {
			e, ok, more := l.Next(seq)
			switch {
			case ok:
				seq = e.Seq
				f(e)
			case more == nil:
				return
			default:
				<-more
			}
		}
	}()
	return d
}

var errListenerStuck = errors.New("match: a listener of events has not returned")

// Wait waits until the log is closed and every event was delivered. It fails if f
// has not returned when ctx ends.
func (d *Dispatcher) Wait(ctx context.Context) error {
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return errListenerStuck
	}
}

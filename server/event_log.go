package server

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

// MatchEvent is one thing that happened to a match.
type MatchEvent struct {
	Seq     uint64 // counts the server's events from 1
	At      time.Time
	Kind    EventKind
	Match   string
	Game    string
	Subject string // the player it concerns, or empty
	Why     string
	Wanted  int
	Result  *MatchResult // of Finished

	// Lost is how many events before this one were dropped because they were
	// not taken fast enough. Then what is known should be compared with Matches.
	Lost uint64
}

// MatchResult is a game.Result in terms of those who played.
type MatchResult struct {
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

// eventLog keeps the last events of all matches, for any number of readers, each
// at its own pace. Publishing never blocks. Safe for concurrent use.
type eventLog struct {
	mu     sync.Mutex
	ring   []MatchEvent  // guarded by mu: event n is at (n-1) modulo newsKept
	last   uint64        // guarded by mu: Seq of the newest
	more   chan struct{} // guarded by mu: closed when another comes
	closed bool          // guarded by mu
}

func newEventLog() *eventLog { return &eventLog{more: make(chan struct{})} }

func (l *eventLog) publish(e MatchEvent) {
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

// newest is the Seq of the newest event.
func (l *eventLog) newest() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// next returns the event behind seq, if there is one. Otherwise more is closed
// when there is, and nil when there never will be.
func (l *eventLog) next(seq uint64) (e MatchEvent, ok bool, more <-chan struct{}) {
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

// close ends the log: readers still get what is left.
func (l *eventLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		close(l.more)
	}
}

// dispatcher is the goroutine that calls Config.OnMatch.
type dispatcher struct{ done chan struct{} }

func dispatch(l *eventLog, f func(MatchEvent)) *dispatcher {
	t := &dispatcher{done: make(chan struct{})}
	go func() { // ends when the log is closed, and is waited for by wait
		defer close(t.done)
		for seq := uint64(0); ; {
			e, ok, more := l.next(seq)
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
	return t
}

var errListenerStuck = errors.New("server: Config.OnMatch has not returned")

// wait waits until every event was delivered. A nil dispatcher has none.
func (t *dispatcher) wait(ctx context.Context) error {
	if t == nil {
		return nil
	}
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return errListenerStuck
	}
}

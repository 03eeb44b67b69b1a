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
	Claimed  EventKind = "claimed"  // Subject took his seat
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

// newsKept bounds the events that are remembered for those who read them. A
// reader that falls back further is told how many it lost.
const newsKept = 4096

// news is what happened to matches, for any number of readers, each at its own
// pace. Publishing never waits. Safe for concurrent use.
type news struct {
	mu     sync.Mutex
	ring   []MatchEvent  // guarded by mu: event n is at (n-1) modulo newsKept
	last   uint64        // guarded by mu: Seq of the newest
	more   chan struct{} // guarded by mu: closed when another comes
	closed bool          // guarded by mu
}

func newNews() *news { return &news{more: make(chan struct{})} }

func (n *news) publish(e MatchEvent) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	n.last++
	e.Seq, e.At = n.last, time.Now()
	if len(n.ring) < newsKept {
		n.ring = append(n.ring, e)
	} else {
		n.ring[(n.last-1)%newsKept] = e
	}
	close(n.more)
	n.more = make(chan struct{})
}

// newest is the Seq of the newest event.
func (n *news) newest() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last
}

// next returns the event behind seq, if there is one. Otherwise more is closed
// when there is, and nil when there never will be.
func (n *news) next(seq uint64) (e MatchEvent, ok bool, more <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if seq >= n.last {
		if n.closed {
			return e, false, nil
		}
		return e, false, n.more
	}
	oldest := n.last - uint64(len(n.ring)) + 1
	at := max(seq+1, oldest)
	e = n.ring[(at-1)%newsKept]
	e.Lost = at - (seq + 1)
	return e, true, nil
}

// close ends the news: readers take what is left.
func (n *news) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		n.closed = true
		close(n.more)
	}
}

// telling is the goroutine that calls Config.OnMatch.
type telling struct{ done chan struct{} }

func tell(n *news, f func(MatchEvent)) *telling {
	t := &telling{done: make(chan struct{})}
	go func() { // ends when the news do, and is waited for by wait
		defer close(t.done)
		for seq := uint64(0); ; {
			e, ok, more := n.next(seq)
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

var errDeaf = errors.New("server: Config.OnMatch has not returned")

// wait waits until everything was told. A nil telling has nothing to tell.
func (t *telling) wait(ctx context.Context) error {
	if t == nil {
		return nil
	}
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return errDeaf
	}
}

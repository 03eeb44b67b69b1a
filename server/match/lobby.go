package match

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"arbiter/netcode"
)

var errMatchesLeft = errors.New("matches that did not end")

// lobby knows the running matches, and places sessions in them. Safe for
// concurrent use.
type lobby struct {
	// Static.
	engine *Engine
	epoch  time.Time // begin of the schedule that matches are staggered on
	ended  endedMatches

	mu       sync.Mutex
	draining bool              // guarded by mu: no new matches
	matches  map[string]*Match // guarded by mu
	owned    map[string]int    // guarded by mu: running matches by their owner; none is 0
	created  uint32            // guarded by mu
	empty    chan struct{}     // guarded by mu: closed when no match is left; nil if nobody waits
}

func newLobby(engine *Engine) *lobby {
	l := &lobby{engine: engine, epoch: time.Now(), matches: make(map[string]*Match), owned: make(map[string]int)}
	for _, g := range engine.games {
		l.ended.keep = max(l.ended.keep, g.resumeWindow(engine.config))
	}
	return l
}

// open starts a match.
func (l *lobby) open(m *Match) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if refusal := l.openLocked(m); refusal != nil {
		return refusal
	}
	return nil
}

// openLocked is open for who holds mu.
func (l *lobby) openLocked(m *Match) *Refusal {
	switch {
	case l.draining:
		return ErrDraining
	case len(l.matches) >= l.engine.config.MaxMatches:
		return ErrTooManyMatches
	case m.game.breaker.refuses(time.Now()):
		return ErrBroken
	case l.ownsEnough(m.order.Owner):
		l.engine.metrics.ownRefused.Inc()
		return ErrOwnMatches
	case l.engine.refuses(refuseMatches, "match"):
		return ErrOverloaded
	}
	l.created++
	m.schedule.shift = phase(l.created, m.game.config.TickRate, time.Since(l.epoch))
	l.matches[m.id] = m
	if m.order.Owner != "" {
		l.owned[m.order.Owner]++
	}
	m.roster.advertise(m, &m.game.open)
	go m.labelled(m.run) // ended by m.stop or by itself; forget is its last act, and l.wait waits for it
	return nil
}

// ownsEnough reports whether no more matches may begin for an owner. mu is held.
func (l *lobby) ownsEnough(owner string) bool {
	most := l.engine.config.MaxMatchesPerPlayer
	return owner != "" && most >= 0 && l.owned[owner] >= most
}

// newJoinCode returns 40 random bits that can be read aloud.
func newJoinCode() string { return rand.Text()[:8] }

// newMatchID returns 60 random bits: an id can be passed on to friends, but
// not be guessed.
func newMatchID() string { return strings.ToLower(rand.Text()[:12]) }

// forget removes a match that ended in this way, and remembers it for those who come
// back. A second call does nothing.
func (l *lobby) forget(m *Match, e *ending) {
	if l.find(m.id) == nil {
		return
	}
	if e != nil && e.code != netcode.CodeNoMatch {
		l.ended.add(m.id, e.code, e.reason)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.matches, m.id)
	if owner := m.order.Owner; owner != "" {
		if l.owned[owner]--; l.owned[owner] == 0 {
			delete(l.owned, owner)
		}
	}
	if len(l.matches) == 0 && l.empty != nil {
		close(l.empty)
		l.empty = nil
	}
}

func (l *lobby) find(id string) *Match {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.matches[id]
}

// list returns the running matches in order of game and id.
func (l *lobby) list() []*Match {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]*Match, 0, len(l.matches))
	for _, m := range l.matches {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *Match) int {
		return cmp.Or(cmp.Compare(a.game.name, b.game.name), cmp.Compare(a.id, b.id))
	})
	return list
}

// byID returns the matches in order of id, in which they are paged through.
func (l *lobby) byID() []*Match {
	list := l.list()
	slices.SortFunc(list, func(a, b *Match) int { return cmp.Compare(a.id, b.id) })
	return list
}

// drain refuses new matches, and players who have no slot in a running one.
func (l *lobby) drain() {
	l.mu.Lock()
	l.draining = true
	l.mu.Unlock()
	for _, m := range l.list() {
		m.roster.close(netcode.CodeDrain)
	}
}

// stop ends all matches with a code.
func (l *lobby) stop(code netcode.Code) {
	for _, m := range l.list() {
		m.stop(code)
	}
}

// wait waits until no match is left.
func (l *lobby) wait(ctx context.Context) error {
	l.mu.Lock()
	if len(l.matches) == 0 {
		l.mu.Unlock()
		return nil
	}
	if l.empty == nil {
		l.empty = make(chan struct{})
	}
	empty := l.empty
	l.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		var ids []string
		for _, m := range l.list() {
			ids = append(ids, m.id)
		}
		return fmt.Errorf("match: %w: %s: %w", errMatchesLeft, strings.Join(ids, ", "), context.Cause(ctx))
	}
}

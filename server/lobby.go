package server

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

var errStillAlive = errors.New("matches that did not end")

// lobby knows the running matches. Safe for concurrent use.
type lobby struct {
	core  *core
	epoch time.Time

	mu       sync.Mutex
	draining bool              // guarded by mu: no new matches
	matches  map[string]*match // guarded by mu
	codes    map[string]*match // guarded by mu: the private ones, by their codes
	created  uint32            // guarded by mu
	empty    chan struct{}     // guarded by mu: closed when no match is left; nil if nobody waits
}

func newLobby(core *core) *lobby {
	return &lobby{core: core, epoch: time.Now(), matches: make(map[string]*match), codes: make(map[string]*match)}
}

// open starts a match.
func (l *lobby) open(m *match) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.openLocked(m)
}

func (l *lobby) openLocked(m *match) error {
	switch {
	case l.draining:
		return errDraining
	case len(l.matches) >= l.core.config.MaxMatches:
		return errTooMany
	}
	l.created++
	m.schedule.shift = phase(l.created, m.game.config.TickRate, time.Since(l.epoch))
	l.matches[m.id] = m
	if m.code != "" {
		l.codes[m.code] = m
	}
	go m.run() // ended by m.stop or by itself; remove is its last act, and l.wait waits for it
	return nil
}

// newJoinCode returns 40 random bits in a form that can be read to somebody.
func newJoinCode() string { return rand.Text()[:8] }

// byCode finds a private match; case, blanks and dashes don't matter.
func (l *lobby) byCode(code string) *match {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.codes[plainCode(code)]
}

func plainCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

// newMatchID returns 60 random bits: an id can be passed on to friends, but
// not be guessed.
func newMatchID() string { return strings.ToLower(rand.Text()[:12]) }

// remove forgets a match that ended.
func (l *lobby) remove(m *match) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.matches, m.id)
	delete(l.codes, m.code)
	if len(l.matches) == 0 && l.empty != nil {
		close(l.empty)
		l.empty = nil
	}
}

func (l *lobby) find(id string) *match {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.matches[id]
}

// list returns the matches in order of game and id.
func (l *lobby) list() []*match {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]*match, 0, len(l.matches))
	for _, m := range l.matches {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *match) int {
		return cmp.Or(cmp.Compare(a.game.name, b.game.name), cmp.Compare(a.id, b.id))
	})
	return list
}

// byID returns the matches in order of id, in which they are paged through.
func (l *lobby) byID() []*match {
	list := l.list()
	slices.SortFunc(list, func(a, b *match) int { return cmp.Compare(a.id, b.id) })
	return list
}

// place finds the match somebody may come into and takes his place there, or
// says why there is none. One who resumes has his place already.
func (l *lobby) place(a *admission, resuming bool) (*match, netcode.Code) {
	if a.game == nil {
		return nil, netcode.CodeNoGame
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.match == "" {
		if a.spectate {
			return l.watchLocked(a)
		}
		return l.quickLocked(a)
	}
	m := l.matches[a.match]
	switch {
	case m == nil || m.game != a.game:
		if resuming {
			return nil, netcode.CodeSeatLapsed
		}
		return nil, netcode.CodeNoMatch
	case a.spectate:
		return m, m.door.watch(&a.claims)
	case resuming:
		return m, letIn
	}
	return m, m.door.enter(&a.claims, m.now())
}

// quickLocked takes a seat in the fullest match with a free one, else in a new
// match: few full matches are better company than many empty ones.
func (l *lobby) quickLocked(a *admission) (*match, netcode.Code) {
	if best := l.fullestLocked(a.game); best != nil && best.door.enter(&a.claims, best.now()) == letIn {
		return best, letIn
	}
	m := newMatch(l.core, a.game, newMatchID(), anyMatch(a.game))
	switch err := l.openLocked(m); {
	case errors.Is(err, errDraining):
		return nil, netcode.CodeDrain
	case err != nil:
		return nil, netcode.CodeOverloaded
	}
	return m, m.door.enter(&a.claims, m.now())
}

// quickFor returns the match that somebody who just wants to play is best sent
// to: one where a seat is his already, else the fullest. Nil means a new one.
func (l *lobby) quickFor(g *hosted, subject string) *match {
	l.mu.Lock()
	defer l.mu.Unlock()
	var mine *match
	for _, m := range l.matches {
		if m.game != g || m.order.Private || m.order.Closed || mine != nil && m.id > mine.id {
			continue
		}
		if _, known := m.door.known(subject); known && !m.door.crowd().bolted {
			mine = m
		}
	}
	if mine != nil {
		return mine
	}
	return l.fullestLocked(g)
}

// fullestLocked returns the fullest match that anybody may come into, or nil.
func (l *lobby) fullestLocked(g *hosted) *match {
	var best *match
	most := -1
	for _, m := range l.matches {
		if m.game != g {
			continue
		}
		c := m.door.crowd()
		if taken := c.players + c.reserved; c.open && (taken > most || taken == most && m.id < best.id) {
			best, most = m, taken
		}
	}
	return best
}

// watchLocked takes a spectator's place in the match with the most players.
func (l *lobby) watchLocked(a *admission) (*match, netcode.Code) {
	var best *match
	most := -1
	for _, m := range l.matches {
		if m.game != a.game || m.order.Private {
			continue
		}
		if players := m.door.crowd().players; players > most || players == most && m.id < best.id {
			best, most = m, players
		}
	}
	if best == nil {
		return nil, netcode.CodeNoMatch
	}
	return best, best.door.watch(&a.claims)
}

// drain lets nobody new in: neither matches nor players.
func (l *lobby) drain() {
	l.mu.Lock()
	l.draining = true
	l.mu.Unlock()
	for _, m := range l.list() {
		m.door.bolt(netcode.CodeDrain)
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
		return fmt.Errorf("server: %w: %s: %w", errStillAlive, strings.Join(ids, ", "), context.Cause(ctx))
	}
}

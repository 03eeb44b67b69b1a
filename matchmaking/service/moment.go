package service

import (
	"slices"
	"time"

	"arbiter/matchmaking"
)

// ticketUpdate is a ticket as it was after one change. It is immutable.
type ticketUpdate struct {
	version int    // from 1
	event   string // queued, estimate, proposed, accepted, matched, cancelled or expired
	state   matchmaking.State
	cause   matchmaking.Cause
	player  string // who accepted, declined or did not answer
	// expectedAt is when the match is expected; zero: unknown.
	expectedAt      time.Time
	proposal *proposal
	match    *startedMatch
}

// proposal is what the players of a roster are asked about.
type proposal struct {
	accepted []string
	players  int
	until    time.Time
}

// startedMatch is a match that was begun or joined.
type startedMatch struct {
	id, game, region     string
	teams                []matchmaking.RosterTeam
	spread, gap, latency float64
	seats                []Grant // of the ticket's members
}

// Causes that are the service's own; others are those of package matchmaking.
const (
	byRefusal    matchmaking.Cause = "host_refused" // the host can't begin such a match
	byNoRoom     matchmaking.Cause = "no_room"      // the host has no room now; the age is kept
	byGone       matchmaking.Cause = "match_gone"   // the match it was pinned to
	byDisconnect matchmaking.Cause = "disconnected" // its stream ended, as asked
	byRestart    matchmaking.Cause = "restored"     // from the store
	byEstimate   matchmaking.Cause = "estimate"
)

func final(s matchmaking.State) bool {
	return s != matchmaking.Queued && s != matchmaking.Proposed
}

// updateLog is what happened to a ticket, for those who follow. The zero value
// has no moment yet.
type updateLog struct {
	updates []ticketUpdate // the last maxMoments
	changed chan struct{}
}

func (l *updateLog) last() ticketUpdate { return l.updates[len(l.updates)-1] }

// add numbers a moment and wakes who waits.
func (l *updateLog) add(m ticketUpdate) {
	m.version = 1
	if len(l.updates) > 0 {
		m.version = l.last().version + 1
	}
	if len(l.updates) == maxUpdates {
		l.updates = slices.Delete(l.updates, 0, 1)
	}
	l.updates = append(l.updates, m)
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// wait is closed with the next moment.
func (l *updateLog) wait() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// after returns the moments after a version. Where they are not all kept, only
// the last one: it says everything that matters.
func (l *updateLog) after(version int) []ticketUpdate {
	if len(l.updates) == 0 || l.last().version <= version {
		return nil
	}
	if l.updates[0].version > version+1 {
		return []ticketUpdate{l.last()}
	}
	i := version + 1 - l.updates[0].version
	return slices.Clone(l.updates[i:])
}

package transport

import (
	"crypto/tls"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
)

// Stats are a server's counters since Listen. All but Open and Addresses only grow.
type Stats struct {
	Open     int    // connections now, those served by net/http included
	Accepted uint64 // connections accepted by the kernel, refused ones included

	Reads, Writes     uint64 // system calls on connections (net/http's not included)
	BytesIn, BytesOut uint64 // bytes on the wire, heads included
	FramesIn          uint64 // complete frames received
	MessagesIn        uint64 // complete messages given to receivers
	PingsIn, PongsIn  uint64
	Sends             uint64 // calls of Send that were accepted
	PingsOut          uint64
	Panics            uint64 // callbacks that panicked
	AcceptErrors      uint64 // failures of accept, EMFILE included
	AcceptShed        uint64 // connections closed at once for want of descriptors
	StaleEvents       uint64 // poller events for a slot that has a new owner or none
	PartialWrites     uint64 // writes that left bytes in the pending buffer
	// RefusedByCap are connections that were not let in: "connections" and
	// "address" (too many open), "connection_rate" and "address_rate" (too many
	// a second), in all and of one address.
	RefusedByCap map[string]uint64
	// Limited are open connections that were closed for a rate: "connection_",
	// "address_" or "global_" and "messages", "bytes" or "controls", and
	// "connection_tls" for records without content.
	Limited map[string]uint64
	// Secured are TLS handshakes that succeeded, by version and whether a session
	// was resumed: "1.2", "1.3", "1.2 resumed", "1.3 resumed".
	Secured map[string]uint64
	// Addresses is the size of the table of addresses now.
	Addresses  int
	Handshakes map[string]uint64   // by result: "ok", "http", a refusal's code, or why it was dropped
	Closes     map[CloseKey]uint64 // of upgraded connections
	Drops      map[string]uint64   // of upgraded connections, without a close frame, by reason
}

// CloseKey says how an upgraded connection was closed.
//
// A peer chooses its codes, so those from 3000 up are all counted as 3000.
type CloseKey struct {
	Code   uint16
	Remote bool // the peer sent its close frame first
}

// loopCounters is one loop's share of the hot counters, so that loops do not contend
// for cache lines.
type loopCounters struct {
	reads, writes, bytesIn, bytesOut atomic.Uint64
	frames, messages, pings, pongs   atomic.Uint64
	sends, pingsOut, partial, stale  atomic.Uint64
	_                                [64]byte
}

// tally holds all counters of a server. It is safe for concurrent use.
type tally struct {
	loops                                []*loopCounters // set before the first connection
	accepted, acceptErrors, shed, panics atomic.Uint64

	mu         sync.Mutex
	refused    map[string]uint64   // guarded by mu
	limited    map[string]uint64   // guarded by mu
	tls        map[string]uint64   // guarded by mu
	handshakes map[string]uint64   // guarded by mu
	closes     map[CloseKey]uint64 // guarded by mu
	drops      map[string]uint64   // guarded by mu
}

func newTally(loops int) *tally {
	t := &tally{
		refused:    make(map[string]uint64),
		limited:    make(map[string]uint64),
		tls:        make(map[string]uint64),
		handshakes: make(map[string]uint64),
		closes:     make(map[CloseKey]uint64),
		drops:      make(map[string]uint64),
	}
	for range loops {
		t.loops = append(t.loops, new(loopCounters))
	}
	return t
}

func (t *tally) refuse(reason string) { bump(t, t.refused, reason) }
func (t *tally) limit(reason string)  { bump(t, t.limited, reason) }
func (t *tally) shake(result string)  { bump(t, t.handshakes, result) }
func (t *tally) close(key CloseKey)   { bump(t, t.closes, key) }
func (t *tally) drop(reason string)   { bump(t, t.drops, reason) }

// secured counts a TLS handshake that succeeded.
func (t *tally) secured(version uint16, resumed bool) {
	name := strings.TrimPrefix(tls.VersionName(version), "TLS ")
	if resumed {
		name += " resumed"
	}
	bump(t, t.tls, name)
}

func bump[K comparable](t *tally, m map[K]uint64, key K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m[key]++
}

func (t *tally) snapshot() Stats {
	s := Stats{
		Accepted:     t.accepted.Load(),
		Panics:       t.panics.Load(),
		AcceptErrors: t.acceptErrors.Load(),
		AcceptShed:   t.shed.Load(),
	}
	for _, l := range t.loops {
		s.Reads += l.reads.Load()
		s.Writes += l.writes.Load()
		s.BytesIn += l.bytesIn.Load()
		s.BytesOut += l.bytesOut.Load()
		s.FramesIn += l.frames.Load()
		s.MessagesIn += l.messages.Load()
		s.PingsIn += l.pings.Load()
		s.PongsIn += l.pongs.Load()
		s.Sends += l.sends.Load()
		s.PingsOut += l.pingsOut.Load()
		s.PartialWrites += l.partial.Load()
		s.StaleEvents += l.stale.Load()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s.RefusedByCap = maps.Clone(t.refused)
	s.Limited = maps.Clone(t.limited)
	s.Secured = maps.Clone(t.tls)
	s.Handshakes = maps.Clone(t.handshakes)
	s.Closes = maps.Clone(t.closes)
	s.Drops = maps.Clone(t.drops)
	return s
}

package match

import (
	"sync"
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// inboxShare is how many envelopes of one session an inbox holds between two
// ticks. It is above what the transport's rate limits let through in a second,
// so only a session that outruns them, or a match that stands still, reaches it.
const inboxShare = 256

// inbox is where a match's sessions put what they received, until the next tick.
// Two halves take turns, so in steady state it allocates nothing. It is bounded
// by inboxShare, and by what the transport lets one message be. Safe for
// concurrent use.
type inbox struct {
	// Static.
	leaves int // cells of one input

	// Owned by the match loop.
	draining *batch // what the last swap returned

	mu      sync.Mutex
	closed  bool   // guarded by mu
	filling *batch // guarded by mu: what comes now
	rounds  uint32 // guarded by mu: swaps, for the share of each session
}

// batch is what came between two ticks, in order of arrival.
type batch struct {
	envelopes []envelope
	entries   []entry // of all envelopes
	cells     []int64 // of all entries, leaves each
}

// entry is a netcode.Entry whose cells are the batch's.
type entry struct {
	seq        uint32
	tick, view game.Tick
}

// envelopeKind says what an envelope holds.
type envelopeKind uint8

const (
	envelopeHello envelopeKind = iota // the session begins
	envelopeGone                      // the connection has ended
	envelopeAck
	envelopeInputs // entries and perhaps an ack
	envelopeCommand
)

// envelope is one parsed message, or the beginning or end of a session. It is
// small, because a match keeps room for two ticks' worth of them.
type envelope struct {
	from    *Session
	at      time.Duration    // arrival, since the match began
	payload *envelopePayload // envelopeHello, envelopeCommand
	ack     game.Tick
	first   uint32 // envelopeInputs: its entries in the batch
	n       uint8
	kind    envelopeKind
	acked   bool
	left    bool // envelopeGone: the player went for good, with code 1000
}

// envelopePayload is the part of an envelope that only rare messages have.
type envelopePayload struct {
	hello   netcode.Hello
	command netcode.Command
}

// posted is what became of an envelope.
type posted uint8

const (
	postedOK     posted = iota
	postedFull          // the session has used up its share
	postedClosed        // the match is over
)

func newInbox(leaves int) *inbox {
	return &inbox{leaves: leaves, filling: new(batch), draining: new(batch), rounds: 1}
}

// post adds an envelope. entries are copied.
func (b *inbox) post(env envelope, entries []netcode.Entry) posted {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return postedClosed
	}
	s := env.from
	if s.postRound != b.rounds {
		s.postRound, s.postCount = b.rounds, 0
	}
	// The first and the last envelope of a session always fit.
	if s.postCount++; s.postCount > inboxShare && env.kind != envelopeGone {
		return postedFull
	}
	into := b.filling
	env.first, env.n = uint32(len(into.entries)), uint8(len(entries)) // at most netcode.MaxEntries
	for i := range entries {
		e := &entries[i]
		into.cells = append(into.cells, e.Cells...)
		into.entries = append(into.entries, entry{e.Seq, e.Tick, e.View})
	}
	into.envelopes = append(into.envelopes, env)
	return postedOK
}

// swap returns what came since the last swap. It is valid until the next one.
func (b *inbox) swap() *batch {
	b.mu.Lock()
	b.filling, b.draining = b.draining, b.filling
	b.filling.reset()
	b.rounds++
	b.mu.Unlock()
	return b.draining
}

// entry is number i of those that an envelope of the last swap brings. Its cells
// are valid until the next one.
func (b *inbox) entry(env *envelope, i int) netcode.Entry {
	at := int(env.first) + i
	e := b.draining.entries[at]
	return netcode.Entry{Seq: e.seq, Tick: e.tick, View: e.view, Cells: b.draining.cells[at*b.leaves : (at+1)*b.leaves : (at+1)*b.leaves]}
}

// close refuses all further envelopes and returns the last ones.
func (b *inbox) close() *batch {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	return b.swap()
}

// refuse refuses all further envelopes, in the place of a match loop that hangs.
func (b *inbox) refuse() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
}

func (b *batch) reset() {
	clear(b.envelopes) // they hold sessions and texts
	b.envelopes, b.entries, b.cells = b.envelopes[:0], b.entries[:0], b.cells[:0]
}

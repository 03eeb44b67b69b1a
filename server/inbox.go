package server

import (
	"sync"
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// inboxShare is how many letters of one session an inbox holds between two
// ticks. It is above what the transport's rate limits let through in a second,
// so only a session that outruns them, or a match that stands still, meets it.
const inboxShare = 256

// inbox is where a match's sessions leave what they received. Two halves take
// turns, so in steady state it allocates nothing. It is bounded by inboxShare,
// and by what the transport lets one message be. Safe for concurrent use.
type inbox struct {
	leaves int // cells of one input

	mu     sync.Mutex
	shut   bool  // guarded by mu
	open   *mail // guarded by mu: what is being filled
	read   *mail // owned by the match's loop
	rounds uint32
}

// mail is what came between two ticks, in order of arrival.
type mail struct {
	letters []letter
	entries []entry // of all letters
	cells   []int64 // of all entries, leaves each
}

// entry is a netcode.Entry whose cells are the mail's.
type entry struct {
	seq        uint32
	tick, view game.Tick
}

type letterKind uint8

const (
	letterHello letterKind = iota
	letterGone
	letterAck
	letterInputs // entries and perhaps an ack
	letterCommand
)

// letter is one parsed message, or the beginning or end of a session. It is
// small, because a match keeps room for two ticks' worth of them.
type letter struct {
	from  *session
	at    time.Duration // arrival, since the match began
	rare  *enclosure    // letterHello, letterCommand
	ack   game.Tick
	first uint32 // letterInputs: its entries in mail
	n     uint8
	kind  letterKind
	acked bool
	left  bool // letterGone: the player went for good, with code 1000
}

// enclosure is what few letters have.
type enclosure struct {
	hello   netcode.Hello
	command netcode.Command
}

type posted uint8

const (
	postedOK   posted = iota
	postedFull        // the session has used up its share
	postedShut        // the match is over
)

func newInbox(leaves int) *inbox {
	return &inbox{leaves: leaves, open: new(mail), read: new(mail), rounds: 1}
}

// post leaves a letter. entries are copied.
func (b *inbox) post(l letter, entries []netcode.Entry) posted {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shut {
		return postedShut
	}
	s := l.from
	if s.postRound != b.rounds {
		s.postRound, s.postCount = b.rounds, 0
	}
	// The first and the last letter of a session always fit.
	if s.postCount++; s.postCount > inboxShare && l.kind != letterGone {
		return postedFull
	}
	m := b.open
	l.first, l.n = uint32(len(m.entries)), uint8(len(entries)) // at most netcode.MaxEntries
	for i := range entries {
		e := &entries[i]
		m.cells = append(m.cells, e.Cells...)
		m.entries = append(m.entries, entry{e.Seq, e.Tick, e.View})
	}
	m.letters = append(m.letters, l)
	return postedOK
}

// swap returns what came since the last swap. It is valid until the next one.
func (b *inbox) swap() *mail {
	b.mu.Lock()
	b.open, b.read = b.read, b.open
	b.open.reset()
	b.rounds++
	b.mu.Unlock()
	return b.read
}

// entry is number i of those that a letter of the last swap brings. Its cells
// are valid until the next one.
func (b *inbox) entry(l *letter, i int) netcode.Entry {
	at := int(l.first) + i
	e := b.read.entries[at]
	return netcode.Entry{Seq: e.seq, Tick: e.tick, View: e.view, Cells: b.read.cells[at*b.leaves : (at+1)*b.leaves : (at+1)*b.leaves]}
}

// close refuses all further letters and returns the last ones.
func (b *inbox) close() *mail {
	b.mu.Lock()
	b.shut = true
	b.mu.Unlock()
	return b.swap()
}

func (m *mail) reset() {
	clear(m.letters) // they hold sessions and texts
	m.letters, m.entries, m.cells = m.letters[:0], m.entries[:0], m.cells[:0]
}

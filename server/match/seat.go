package match

import (
	"crypto/rand"
	"crypto/subtle"
	"strconv"
	"time"
	"unicode/utf8"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// seat is a player's place in a match. It outlives their connections, which is
// what session resumption rests on. The match loop owns it.
type seat struct {
	// Static.
	subject string
	who     game.Player

	// The connection.
	session *Session         // nil while the player is away
	resume  netcode.ResumeID // takes the seat up again
	seated  game.Tick        // when the last session began
	away    time.Duration    // since when the player is, since the match began; -1: they are here
	left    bool             // the player went for good

	// What they hold, as cells.
	held     []int64
	released bool // the rules have zero in its place, until they are back

	// What comes in, and what goes out.
	buffer   *replicate.InputBuffer
	feed     *feed
	slack    int // ms, the least since a snapshot told it
	hasSlack bool

	// Counts.
	counted    replicate.BufferStats // what the metrics know of buffer
	counts     InputCounts           // of all its buffers, as far as counted
	suspicions suspicions            // that the rules were not told of
}

// feed is a replicate.Feed and how much of its counts the metrics know.
type feed struct {
	*replicate.Feed
	counted replicate.FeedStats
}

func newResumeID() (id netcode.ResumeID) {
	rand.Read(id[:]) // never fails since Go 1.24
	return id
}

// resumedBy reports whether id is the seat's, in a time that does not depend
// on how much of it is right.
func (s *seat) resumedBy(id netcode.ResumeID) bool {
	return subtle.ConstantTimeCompare(s.resume[:], id[:]) == 1
}

// status is what a snapshot tells the player of their inputs.
func (s *seat) status() replicate.SeatStatus {
	if ms, ok := s.buffer.PopSlack(); ok && (!s.hasSlack || ms < s.slack) {
		s.slack, s.hasSlack = ms, true
	}
	log := s.buffer.Digest()
	return replicate.SeatStatus{
		AckSeq:     s.buffer.LastApplied(),
		Slack:      s.slack,
		HasSlack:   s.hasSlack,
		Applied:    log.Count,
		InputsHash: log.Hash,
	}
}

// resetSlack is called when a snapshot with the status went out.
func (s *seat) resetSlack() { s.slack, s.hasSlack = 0, false }

// maxName is game.Player's bound in bytes.
const maxName = 32

// nameOf is the name other players see.
func nameOf(name string, p game.PlayerID) string {
	if name == "" {
		return "Player " + strconv.Itoa(int(p))
	}
	return cutName(name)
}

// cutName shortens a name to what the rules are given.
func cutName(name string) string {
	n := min(len(name), maxName)
	for n < len(name) && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

package server

import (
	"crypto/rand"
	"crypto/subtle"
	"strconv"
	"time"
	"unicode/utf8"

	"arbiter/game"
	"arbiter/netcode"
)

// seat is a player's place in a match. It outlives his connections. The
// match's loop owns it.
type seat struct {
	buffer   *netcode.InputBuffer
	feed     *feed
	session  *session // nil while the player is away
	slack    int      // ms, the least since a snapshot told it
	hasSlack bool
	left     bool          // he went for good
	seated   game.Tick     // when his last session began
	away     time.Duration // since when he is
	who      game.Player
	subject  string
	resume   netcode.ResumeID
	counted  netcode.BufferStats // what the metrics know of buffer
	counts   inputCounts         // of all his buffers, as far as counted
	doubts   doubts              // that the rules were not told of
}

// feed is a netcode.Feed and how much of its counts the metrics know.
type feed struct {
	*netcode.Feed
	counted netcode.FeedStats
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

// status is what a snapshot tells the player of his inputs.
func (s *seat) status() netcode.SeatStatus {
	if ms, ok := s.buffer.TakeSlack(); ok && (!s.hasSlack || ms < s.slack) {
		s.slack, s.hasSlack = ms, true
	}
	log := s.buffer.Log()
	return netcode.SeatStatus{
		AckSeq:     s.buffer.Taken(),
		Slack:      s.slack,
		HasSlack:   s.hasSlack,
		Applied:    log.Count,
		InputsHash: log.Hash,
	}
}

// told is called when a snapshot with the status went out.
func (s *seat) told() { s.slack, s.hasSlack = 0, false }

// maxName is game.Player's bound in bytes.
const maxName = 32

// nameOf is the name other players see.
func nameOf(name string, p game.PlayerID) string {
	if name == "" {
		return "Player " + strconv.Itoa(int(p))
	}
	return cut(name)
}

// cut shortens a name to what the rules are given.
func cut(name string) string {
	n := min(len(name), maxName)
	for n < len(name) && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

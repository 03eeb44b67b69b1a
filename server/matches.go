package server

import "arbiter/server/match"

// What a match is, as package match declares it.
type (
	// MatchOrder says what match to begin, and for whom.
	MatchOrder = match.Order
	// Reservation is a seat kept for somebody.
	Reservation = match.Reservation
	// SeatRequest is a reservation that is asked for, and on what grounds.
	SeatRequest = match.SeatRequest
	// Access is on what grounds somebody asks for a seat.
	Access = match.Access
	// Unclaimed says what becomes of an ordered match whose seats are not all
	// claimed in time: GiveBack or Dissolve.
	Unclaimed = match.Unclaimed
	// MatchInfo is what the server knows of a running match.
	MatchInfo = match.Info
	// Seated is somebody with a seat, or with a reservation.
	Seated = match.Seated
	// MatchEvent is one thing that happened to a match.
	MatchEvent = match.Event
	// EventKind says what happened to a match.
	EventKind = match.EventKind
	// MatchResult is how a match finished, in terms of those who played.
	MatchResult = match.Result
	// PlayerScore is one player's part of a result.
	PlayerScore = match.PlayerScore
)

// What becomes of an ordered match whose seats are not all claimed in time.
const (
	GiveBack = match.GiveBack // the seats are free again
	Dissolve = match.Dissolve // the match is called off
)

// What happens to matches. A match begins and ends once; what lies between
// comes in any order.
const (
	Began    = match.Began
	Claimed  = match.Claimed  // Subject took their seat
	Freed    = match.Freed    // Subject's seat was given up: Why is left, away or released
	Lapsed   = match.Lapsed   // Subject did not come in time
	Wants    = match.Wants    // Wanted players are looked for now, 0 for none any more
	Finished = match.Finished // with its Result; Ended follows
	Ended    = match.Ended    // Why is finished, empty, dissolved, panic, drain …
)

// Matches returns all running matches, private ones too, in order of their ids.
func (s *Server) Matches() []MatchInfo {
	var list []MatchInfo
	for _, m := range s.engine.Matches() {
		list = append(list, describe(m))
	}
	return list
}

// Match returns the match of that id, if it runs here.
func (s *Server) Match(id string) (MatchInfo, bool) {
	if m := s.engine.Find(id); m != nil {
		return describe(m), true
	}
	return MatchInfo{}, false
}

func describe(m *match.Match) MatchInfo {
	info := m.Info()
	info.Seated = m.Seated()
	return info
}

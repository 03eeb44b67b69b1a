package sim

// Suspicion is a way in which a player's inputs were wrong, as no honest client
// on an ordered connection makes them, or none that does well. The server has
// neutralised each before it tells: nobody gains by them. What they say of a
// player is for rules to judge; the doc of package game says how they are told.
type Suspicion uint8

// The kinds of suspicion. One of FarAhead is no proof: where the server stood
// still, honest clients ran on. The others are a cheat's doing, or a broken
// client's.
const (
	SpeedUp    Suspicion = 1 + iota // an input for a tick that had one already, or for which there was no room
	FarAhead                        // an input for a tick further ahead than any client needs
	TimeTravel                      // a view claim for a tick that was not sent yet, or is beyond the rewind
	Replayed                        // an input that was there before, and not sent again after a lost connection
	OutOfOrder                      // an input before which others are missing

	suspicions = iota // how many kinds there are
)

// Suspicions lists all kinds.
var Suspicions = [suspicions]Suspicion{SpeedUp, FarAhead, TimeTravel, Replayed, OutOfOrder}

var suspicionNames = [1 + suspicions]string{"none", "speed-up", "far ahead", "time travel", "replayed", "out of order"}

// String names the kind, as in logs.
func (s Suspicion) String() string {
	if int(s) < len(suspicionNames) {
		return suspicionNames[s]
	}
	return "unknown"
}

// PlayerSuspicion is what was wrong with one seat's inputs since the last tick.
type PlayerSuspicion struct {
	Player PlayerID
	Kind   Suspicion
	Count  int // how often, from 1
}

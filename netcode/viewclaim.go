package netcode

import "arbiter/game"

// ViewBounds bound lag compensation: they are what the server itself knows of what
// a client can be looking at. All are ticks; zero means unknown.
type ViewBounds struct {
	Now    game.Tick // last completed step
	Sent   game.Tick // newest snapshot sent to the client
	Acked  game.Tick // newest snapshot it has acknowledged
	Rewind int       // how far the game's World.At reaches, in ticks
}

// Clamp brings a claimed view tick to the nearest believable one, and leaves 0,
// no claim, alone. A client
//
//   - can't look at what it was not sent: at most Sent;
//   - is not helped beyond the game's bound: at least Now − Rewind;
//   - looks at most half of Rewind behind what it has acknowledged: that much is
//     allowed for interpolation, and the way of the acknowledgement is not in it.
//     So a player with a short round trip cannot claim a long one and shoot at
//     where somebody was.
//
// Clamp a claim when it arrives: what is acknowledged while an input waits for
// its tick says nothing of what was on the screen when it was made.
//
// A client that acknowledges late to look further back still meets the second
// bound, and its snapshots become larger and rarer.
func (v ViewBounds) Clamp(claim game.Tick) game.Tick {
	if claim == 0 {
		return 0
	}
	low := back(v.Now, v.Rewind)
	if v.Acked != 0 {
		low = max(low, back(v.Acked, (v.Rewind+1)/2))
	}
	high := v.Now
	if v.Sent != 0 {
		high = min(high, v.Sent)
	}
	return min(max(claim, low), max(high, 1))
}

// Believable reports whether an honest client can be looking at claim, however
// slow its line: it was sent that, and has acknowledged nothing that is newer by
// more than behind ticks, the most that its picture lags. What is believable
// Clamp may still change.
func (v ViewBounds) Believable(claim game.Tick, behind int) bool {
	high := v.Now
	if v.Sent != 0 {
		high = min(high, v.Sent)
	}
	return claim == 0 || claim <= high && (v.Acked == 0 || claim >= back(v.Acked, behind))
}

// back is t−n, at least 1: 0 would be no claim.
func back(t game.Tick, n int) game.Tick {
	if int64(t) <= int64(n) {
		return 1
	}
	return t - game.Tick(n)
}

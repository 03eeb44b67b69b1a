package arena

import "arbiter/game"

const (
	maxStrikes  = 6    // false claims after which a pilot is believed nothing
	distrustFor = 10.0 // seconds from the last one until all are forgotten
)

// Suspect counts the false claims about what a pilot saw.
func (rules) Suspect(w *world, p game.PlayerID, kind game.Suspicion, n int) {
	pilot := pilotOf(w, p)
	if pilot == nil || kind != game.TimeTravel {
		return
	}
	if !w.Tick().Before(pilot.TrustedAt) {
		pilot.Strikes = 0
	}
	pilot.Strikes = min(pilot.Strikes+n, maxStrikes)
	pilot.TrustedAt = w.Tick() + game.Tick(w.Ticks(distrustFor))
}

// distrusted reports whether p's claims count for nothing.
func distrusted(w *world, p game.PlayerID) bool {
	pilot := pilotOf(w, p)
	return pilot != nil && pilot.Strikes >= maxStrikes && w.Tick().Before(pilot.TrustedAt)
}

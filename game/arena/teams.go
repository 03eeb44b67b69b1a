package arena

import (
	"fmt"

	"arbiter/game"
)

// Parameters of a match that was ordered; others are ignored, and so are these
// outside their ranges.
const (
	paramRounds  = "rounds"      // the match finishes after so many; 1 to 1000
	paramSeconds = "seconds"     // length of a round; 1 to 86400
	paramLimit   = "score_limit" // the match finishes when a team, or a pilot without one, has so many points; 1 to 1,000,000
)

// parameter returns a number that the match was ordered with, or what there is
// without.
func parameter(w *world, name string, most, without float64) float64 {
	if n, ok := w.Setup().Parameters.Number(name); ok && n >= 1 && n <= most {
		return n
	}
	return without
}

func teamOf(w *world, p game.PlayerID) string {
	player, _ := w.Player(p)
	return player.Team
}

// friends reports whether two players are of one team, which cannot hit itself.
func friends(w *world, a, b game.PlayerID) bool {
	team := teamOf(w, a)
	return team != "" && team == teamOf(w, b)
}

// side returns which of how many strips of the field, from left to right, a
// team starts in. One that was not expected starts anywhere.
func side(w *world, team string) (at, of int) {
	roster, known := w.Setup().Roster, false
	for i := range roster {
		t := roster[i].Team
		seen := t == ""
		for k := 0; k < i && !seen; k++ {
			seen = roster[k].Team == t
		}
		if seen {
			continue
		}
		of++
		if known = known || t == team; t < team {
			at++
		}
	}
	if !known {
		return 0, 1
	}
	return at, of
}

// points is what a player's team has, or they themselves without one.
func (r rules) points(w *world, p game.PlayerID) int {
	team, sum := teamOf(w, p), 0
	for _, other := range w.State.Pilots.All() {
		if other.Player == p || team != "" && teamOf(w, other.Player) == team {
			sum += other.Score
		}
	}
	return sum
}

// score gives a pilot points, which may finish the match.
func (r rules) score(w *world, by *Pilot, points int) {
	by.Score += points
	if limit := parameter(w, paramLimit, 1e6, 0); limit > 0 && r.points(w, by.Player) >= int(limit) {
		winner := by.Name
		if team := teamOf(w, by.Player); team != "" {
			winner = team
		}
		w.Finish(game.Result{Reason: fmt.Sprintf("%s reached %d points", winner, int(limit)), Scores: r.scores(w)})
	}
}

// maxTag bounds the bytes of a team's name in front of a pilot's.
const maxTag = 6

// tagged is the name that a pilot flies under. The team stands in front of it,
// because that is what everybody's screen shows.
func tagged(w *world, p game.PlayerID, name string) string {
	team := clean(teamOf(w, p))
	if team == "" {
		return name
	}
	n := 0
	for i, c := range team {
		if end := i + len(string(c)); end <= maxTag {
			n = end
		}
	}
	return "[" + team[:n] + "] " + name
}

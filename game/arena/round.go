package arena

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"arbiter/game"
)

// open begins a round on a field of the right size.
func (r rules) open(w *world) {
	*w.State.Field.Get() = Field{}
	r.widen(w, w.State.Pilots.Len())
	round := w.State.Round.Get()
	round.Number++
	round.Ends = w.Tick() + game.Tick(w.Ticks(parameter(w, paramSeconds, 86400, r.Seconds)))
}

// widen makes the field large enough for so many. Up to four get 1152 by 648
// units; sixty-four get sixteen times as much.
func (r rules) widen(w *world, players int) {
	f := w.State.Field.Get()
	k := math.Floor(36 * math.Sqrt(float64(max(players, r.Room))))
	f.W, f.H = max(f.W, 16*k), max(f.H, 9*k)
}

// endRound ends the round when its time has come.
func (r rules) endRound(w *world) {
	round := w.State.Round.Get()
	if w.Tick().Before(round.Ends) {
		return
	}
	scores := r.scores(w)
	over := RoundOver{Number: round.Number}
	if len(scores) > 0 && scores[0].Points > 0 && (len(scores) == 1 || scores[1].Points < scores[0].Points) {
		over.Winner, over.Score = scores[0].Player, scores[0].Points
	}
	w.State.Rounds.Emit(over)
	if rounds := int(parameter(w, paramRounds, 1000, float64(r.Rounds))); rounds > 0 && round.Number >= rounds {
		w.Finish(game.Result{Reason: played(round.Number), Scores: scores})
		return
	}
	r.open(w)
	w.State.Ships.Clear()
	w.State.Bullets.Clear()
	for _, p := range w.State.Pilots.All() {
		p.Score, p.Kills, p.Deaths, p.Back = 0, 0, 0, 0
		r.launch(w, p.Player)
	}
}

func played(rounds int) string {
	if rounds == 1 {
		return "1 round was played"
	}
	return fmt.Sprintf("%d rounds were played", rounds)
}

// scores lists the pilots, the best team's first, and the best of each first.
func (r rules) scores(w *world) []game.Score {
	var s []game.Score
	for _, p := range w.State.Pilots.All() {
		s = append(s, game.Score{Player: p.Player, Points: p.Score})
	}
	slices.SortStableFunc(s, func(a, b game.Score) int {
		return cmp.Or(cmp.Compare(r.points(w, b.Player), r.points(w, a.Player)),
			cmp.Compare(teamOf(w, a.Player), teamOf(w, b.Player)), cmp.Compare(b.Points, a.Points))
	})
	return s
}

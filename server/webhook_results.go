package server

import (
	"time"

	"arbiter/game"
	"arbiter/server/httpapi"
	"arbiter/server/match"
)

// resultDoc is the body of a webhook.
type resultDoc struct {
	ID     string       `json:"id"` // of the delivery
	Event  string       `json:"event"`
	Match  string       `json:"match"`
	Game   string       `json:"game"`
	Began  time.Time    `json:"began"`
	At     time.Time    `json:"at"`
	Ticks  game.Tick    `json:"ticks"`
	Result *MatchResult `json:"result"`
}

// reportResult gives the result of a finished match to the webhook. It is called
// for every event, by a goroutine of its own.
func (s *Server) reportResult(e match.Event) {
	if e.Lost > 0 {
		s.log.Error("events came faster than the webhook could be told, so results may be missing", "events", e.Lost)
	}
	if e.Kind != match.Finished {
		return
	}
	id := "finished-" + e.Match
	body, err := httpapi.Marshal(resultDoc{id, string(e.Kind), e.Match, e.Game, e.Began.UTC(), e.At.UTC(), e.Ticks, e.Result})
	if err != nil {
		s.log.Error("the result is not reported", "match", e.Match, "error", err) // not reached: texts and numbers
		return
	}
	s.hook.Send(id, body)
}

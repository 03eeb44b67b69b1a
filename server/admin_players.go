package server

import (
	"net/http"

	"arbiter/game"
	"arbiter/server/httpapi"
)

type playerDoc struct {
	Match     string        `json:"match"`
	Player    game.PlayerID `json:"player"`
	Subject   string        `json:"subject"`
	Name      string        `json:"name"`
	Connected bool          `json:"connected"`
	Address   string        `json:"address,omitempty"`
	RTT       float64       `json:"round_trip_ms"`
	Inputs    inputCounts   `json:"inputs"`
}

// maxPlayers bounds one answer.
const maxPlayers = 10_000

// getPlayers tells operators who plays and what became of his inputs.
func (s *Server) getPlayers(w http.ResponseWriter, r *http.Request) error {
	match := r.URL.Query().Get("match")
	list := []playerDoc{}
	for _, m := range s.core.lobby.list() {
		if match != "" && m.id != match || len(list) >= maxPlayers {
			continue
		}
		m.callOnLoop(r.Context(), func() { list = append(list, m.players()...) })
	}
	if match != "" && len(list) == 0 && s.core.lobby.find(match) == nil {
		return errNoMatch
	}
	httpapi.Answer(w, http.StatusOK, map[string]any{"players": list})
	return nil
}

package server

import (
	"net/http"
	"time"

	"arbiter/game"
	"arbiter/server/httpapi"
	"arbiter/server/match"
)

type playerDoc struct {
	Match     string        `json:"match"`
	Player    game.PlayerID `json:"player"`
	Subject   string        `json:"subject"`
	Name      string        `json:"name"`
	Connected bool          `json:"connected"`
	Address   string        `json:"address,omitempty"`
	RTT       float64       `json:"round_trip_ms"`
	Inputs    inputsDoc     `json:"inputs"`
}

// inputsDoc is [match.InputCounts] as operators read it.
type inputsDoc struct {
	Applied    uint64 `json:"applied"`
	Late       uint64 `json:"late"`
	Ahead      uint64 `json:"ahead"`
	TickTaken  uint64 `json:"crowded"`
	Replayed   uint64 `json:"replayed"`
	Gaps       uint64 `json:"gaps"`
	Overflows  uint64 `json:"overflows"`
	TimeTravel uint64 `json:"timetravel"`
}

func playerDocOf(id string, p match.PlayerInfo) playerDoc {
	return playerDoc{Match: id, Player: p.Player, Subject: p.Subject, Name: p.Name, Connected: p.Connected, Address: p.Address,
		RTT: float64(p.RTT) / float64(time.Millisecond), Inputs: inputsDoc(p.Inputs)}
}

// maxPlayers bounds one answer.
const maxPlayers = 10_000

// getPlayers tells operators who plays and what became of their inputs.
func (s *Server) getPlayers(w http.ResponseWriter, r *http.Request) error {
	id := r.URL.Query().Get("match")
	list := []playerDoc{}
	for _, m := range s.engine.MatchesByGame() {
		if id != "" && m.ID() != id || len(list) >= maxPlayers {
			continue
		}
		for _, p := range m.Players(r.Context()) {
			list = append(list, playerDocOf(m.ID(), p))
		}
	}
	if id != "" && len(list) == 0 && s.engine.Find(id) == nil {
		return errNoMatch
	}
	httpapi.Answer(w, http.StatusOK, map[string]any{"players": list})
	return nil
}

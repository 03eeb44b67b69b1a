package service

import (
	"fmt"
	"net/http"
)

// actor is the player who acts: a player himself, for a service whom it names.
func actor(named, name string, i Identity) (Identity, *problem) {
	switch {
	case !i.Service && named != "" && named != i.Player:
		return i, newProblem("service_only", "you act for yourself only: leave player out")
	case !i.Service:
		return i, nil
	case named == "":
		return i, wrong("bad_json", "player", "a service is in no party itself", "name the player who acts")
	case !printable(named, 1) || !printable(name, 0):
		return i, wrong("player_invalid", "player", fmt.Sprintf("%.70q, called %.70q, is not printable or too long", named, name), "use 1 to 64 bytes, a name may be empty")
	}
	return Identity{Player: named, Name: name, Reach: i.Reach}, nil
}

// actingPlayer is who comes to a party, in the body of the request: named by a
// service, else nobody.
type actingPlayer struct {
	Player string `json:"player"`
	Name   string `json:"name"`
}

// read reads the body, which embeds c, and returns who comes.
func (c *actingPlayer) read(w http.ResponseWriter, r *http.Request, i Identity, body any) (Identity, *problem) {
	if p := readJSON(w, r, body); p != nil {
		return i, p
	}
	return actor(c.Player, c.Name, i)
}

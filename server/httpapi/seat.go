package httpapi

import (
	"net/http"
	"time"
)

// SeatGrant is what a client is given to take a seat in a match: the answer to
// POST /v1/play and POST /v1/matches/{id}/join, and a part of a matched ticket.
type SeatGrant struct {
	Match   string    `json:"match"`
	Game    string    `json:"game"`
	URL     string    `json:"url"` // of the WebSocket, without the token
	Player  string    `json:"player"`
	Team    string    `json:"team,omitempty"`
	Role    string    `json:"role,omitempty"`
	Token   string    `json:"token"`   // join token, used once to take the seat, then to come back to it
	Expires time.Time `json:"expires"` // until when the seat is kept; UTC
}

// NoSuchMatch is answered by whatever takes the id of a match.
var NoSuchMatch = common.Define("no_such_match", http.StatusNotFound, "No such match", "No match of this id runs here, or it is private and you are not of it. Matches end; ask for another. GET /v1/matches lists those that run.")

package server

import (
	"net/http"
	"strconv"
	"strings"

	"arbiter/server/httpapi"
)

// routes are the paths of the public port, but for the WebSockets of /play.
func (s *Server) routes() http.Handler {
	rt := httpapi.NewRouter(s.log, problemOf)
	rt.Path(playPath, httpapi.Methods{http.MethodGet: s.getPlay})
	rt.Path("/v1/games", httpapi.Methods{http.MethodGet: s.getGames})
	rt.Path("/v1/guest", httpapi.Methods{http.MethodPost: s.postGuest})
	rt.Path("/v1/play", httpapi.Methods{http.MethodPost: s.postPlay})
	rt.Path("/v1/matches", httpapi.Methods{http.MethodGet: s.getMatches, http.MethodPost: s.postMatch})
	rt.Path("/v1/matches/events", httpapi.Methods{http.MethodGet: s.getEvents})
	rt.Path("/v1/matches/{id}", httpapi.Methods{http.MethodGet: s.getMatch})
	rt.Path("/v1/matches/{id}/join", httpapi.Methods{http.MethodPost: s.postJoin})
	s.problems.Routes(rt)
	const hint = "try /, /play, /v1/games or /v1/matches"
	if s.config.API != nil {
		rt.Mount("/v1/", s.config.API)
	} else {
		rt.NotFound("/v1/", hint)
	}
	if s.config.Pages != nil {
		rt.Mount("/", s.config.Pages)
	} else {
		rt.Path("/{$}", httpapi.Methods{http.MethodGet: s.getIndex})
		rt.NotFound("/", hint)
	}
	return rt
}

func (s *Server) getIndex(w http.ResponseWriter, _ *http.Request) error {
	httpapi.Answer(w, http.StatusOK, map[string]any{
		"server": "arbiter",
		"games":  s.engine.GameNames(),
		"paths": map[string]string{
			"/play?game=NAME":       "WebSocket of a match; match=ID joins a certain one, spectate=1 only watches",
			"/v1/games":             "the games hosted here",
			"/v1/play":              "POST {\"game\":NAME} reserves a seat in the fullest open match, or in a new one",
			"/v1/matches":           "the running matches; POST {\"game\":NAME} begins one",
			"/v1/matches/{id}":      "one match",
			"/v1/matches/{id}/join": "POST reserves a seat in it",
			"/v1/matches/events":    "what happens to matches, as server-sent events for services",
			"/v1/problems":          "what errors mean",
		},
	})
	return nil
}

// getPlay answers those who come to /play without a WebSocket.
func (s *Server) getPlay(http.ResponseWriter, *http.Request) error {
	return problemNotAWebSocket.New("this path speaks WebSocket only: connect with ws://…/play?game=NAME&token=TOKEN, that is, with the headers Connection: Upgrade and Upgrade: websocket")
}

type gameDoc struct {
	Name         string `json:"name"`
	TickRate     int    `json:"tick_rate"`
	SnapshotRate int    `json:"snapshot_rate"`
	MaxPlayers   int    `json:"max_players"`
	SchemaHash   string `json:"schema_hash"`
}

func (s *Server) getGames(w http.ResponseWriter, _ *http.Request) error {
	list := []gameDoc{}
	for _, name := range s.engine.GameNames() {
		d := s.engine.Game(name).Definition()
		c := d.Config()
		list = append(list, gameDoc{name, c.TickRate, c.SnapshotRate, c.MaxPlayers, strconv.FormatUint(d.Schema().Hash, 16)})
	}
	httpapi.Answer(w, http.StatusOK, map[string]any{"games": list})
	return nil
}

func (s *Server) noGame(name string) error {
	return problemNoSuchGame.New("no game %.32q here: use one of %s", name, strings.Join(s.engine.GameNames(), ", "))
}

// postGuest hands out a token, if the server's key is its own.
func (s *Server) postGuest(w http.ResponseWriter, r *http.Request) error {
	if s.guests == nil {
		return problemNoGuests.New("this server was given keys, so tokens come from whoever holds them, not from here")
	}
	if err := s.limit(requester{kind: guestRequester}); err != nil {
		return err
	}
	var order struct {
		Name string `json:"name"`
	}
	if err := httpapi.ReadJSON(w, r, &order); err != nil {
		return err
	}
	token, err := s.guests.Guest(order.Name)
	if err != nil {
		return problemBadName.New("the name must be at most 64 bytes of printable text")
	}
	httpapi.Answer(w, http.StatusCreated, map[string]string{"token": token})
	return nil
}

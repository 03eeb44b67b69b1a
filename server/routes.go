package server

import (
	"net/http"
	"strconv"
	"strings"
)

// routes are the paths of the public port, but for the WebSockets of /play.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(playPath, methods{http.MethodGet: s.getPlay})
	mux.Handle("/v1/games", methods{http.MethodGet: s.getGames})
	mux.Handle("/v1/guest", methods{http.MethodPost: s.postGuest})
	mux.Handle("/v1/play", methods{http.MethodPost: s.postPlay})
	mux.Handle("/v1/matches", methods{http.MethodGet: s.getMatches, http.MethodPost: s.postMatch})
	mux.Handle("/v1/matches/events", methods{http.MethodGet: s.getEvents})
	mux.Handle("/v1/matches/{id}", methods{http.MethodGet: s.getMatch})
	mux.Handle("/v1/matches/{id}/join", methods{http.MethodPost: s.postJoin})
	mux.Handle("/v1/problems", methods{http.MethodGet: s.getProblems})
	mux.Handle("/v1/problems/{code}", methods{http.MethodGet: s.getProblem})
	if s.core.config.API != nil {
		mux.Handle("/v1/", s.core.config.API)
	} else {
		mux.HandleFunc("/v1/", notFound)
	}
	if s.core.config.Pages != nil {
		mux.Handle("/", s.core.config.Pages)
	} else {
		mux.Handle("/{$}", methods{http.MethodGet: s.getIndex})
		mux.HandleFunc("/", notFound)
	}
	return mux
}

func notFound(w http.ResponseWriter, r *http.Request) {
	answerError(w, problem(codeNoPath, "there is nothing at %.64q: try /, /play, /v1/games or /v1/matches", r.URL.Path))
}

func (s *Server) getIndex(w http.ResponseWriter, _ *http.Request) error {
	answer(w, http.StatusOK, map[string]any{
		"server": "arbiter",
		"games":  s.core.gameNames(),
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
	return problem(codeNotWebSocket, "this path speaks WebSocket only: connect with ws://…/play?game=NAME&token=TOKEN, that is, with the headers Connection: Upgrade and Upgrade: websocket")
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
	for _, name := range s.core.gameNames() {
		g := s.core.games[name]
		list = append(list, gameDoc{name, g.config.TickRate, g.config.SnapshotRate, g.config.MaxPlayers,
			strconv.FormatUint(g.schema.Hash, 16)})
	}
	answer(w, http.StatusOK, map[string]any{"games": list})
	return nil
}

func (s *Server) noGame(name string) error {
	return problem(codeNoGame, "no game %.32q here: use one of %s", name, strings.Join(s.core.gameNames(), ", "))
}

// postGuest hands out a token, if the server's key is its own.
func (s *Server) postGuest(w http.ResponseWriter, r *http.Request) error {
	if s.guests == nil {
		return problem(codeNoGuests, "this server was given keys, so tokens come from whoever holds them, not from here")
	}
	if err := s.charge(asker{kind: askGuest}); err != nil {
		return err
	}
	var order struct {
		Name string `json:"name"`
	}
	if err := readJSON(w, r, &order); err != nil {
		return err
	}
	token, err := s.guests.Guest(order.Name)
	if err != nil {
		return problem(codeBadName, "the name must be at most 64 bytes of printable text")
	}
	answer(w, http.StatusCreated, map[string]string{"token": token})
	return nil
}

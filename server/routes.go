package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"arbiter/server/auth"
)

// routes are the paths of the public port, but for the WebSockets of /play.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(playPath, methods{http.MethodGet: s.getPlay})
	mux.Handle("/v1/games", methods{http.MethodGet: s.getGames})
	mux.Handle("/v1/matches", methods{http.MethodGet: s.getMatches, http.MethodPost: s.postMatch})
	mux.Handle("/v1/matches/{id}", methods{http.MethodGet: s.getMatch})
	mux.Handle("/v1/guest", methods{http.MethodPost: s.postGuest})
	mux.HandleFunc("/v1/", notFound)
	if s.core.config.Pages != nil {
		mux.Handle("/", s.core.config.Pages)
	} else {
		mux.Handle("/{$}", methods{http.MethodGet: s.getIndex})
		mux.HandleFunc("/", notFound)
	}
	return mux
}

func notFound(w http.ResponseWriter, r *http.Request) {
	answerError(w, &status{http.StatusNotFound, "no_such_path",
		fmt.Sprintf("there is nothing at %.64q: try /, /play, /v1/games or /v1/matches", r.URL.Path), nil})
}

func (s *Server) getIndex(w http.ResponseWriter, _ *http.Request) error {
	answer(w, http.StatusOK, map[string]any{
		"server": "arbiter",
		"games":  s.core.gameNames(),
		"paths": map[string]string{
			"/play?game=NAME":  "WebSocket of a match; match=ID joins a certain one, spectate=1 only watches",
			"/v1/games":        "the games hosted here",
			"/v1/matches":      "the running matches; POST {\"game\":NAME} begins one",
			"/v1/matches/{id}": "one match",
		},
	})
	return nil
}

// getPlay answers those who come to /play without a WebSocket.
func (s *Server) getPlay(http.ResponseWriter, *http.Request) error {
	return &status{http.StatusBadRequest, "not_a_websocket",
		"this path speaks WebSocket only: connect with ws://…/play?game=NAME&token=TOKEN, that is, with the headers Connection: Upgrade and Upgrade: websocket", nil}
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

type matchDoc struct {
	ID         string `json:"id"`
	Game       string `json:"game"`
	Players    int    `json:"players"`
	Spectators int    `json:"spectators"`
	Max        int    `json:"max_players"`
	Tick       uint32 `json:"tick"`
	State      string `json:"state"` // open, or closed to new players
}

func (m *match) doc() matchDoc {
	players, spectators, free := m.door.crowd()
	tick, _ := m.clock.read(0)
	state := "closed"
	if free {
		state = "open"
	} else if players >= m.game.config.MaxPlayers {
		state = "full"
	}
	return matchDoc{m.id, m.game.name, players, spectators, m.game.config.MaxPlayers, uint32(tick), state}
}

func (s *Server) getMatches(w http.ResponseWriter, r *http.Request) error {
	game := r.URL.Query().Get("game")
	if game != "" && s.core.games[game] == nil {
		return s.noGame(game)
	}
	list := []matchDoc{}
	for _, m := range s.core.lobby.list() {
		if game == "" || m.game.name == game {
			list = append(list, m.doc())
		}
	}
	answer(w, http.StatusOK, map[string]any{"matches": list})
	return nil
}

func (s *Server) getMatch(w http.ResponseWriter, r *http.Request) error {
	m := s.core.lobby.find(r.PathValue("id"))
	if m == nil {
		return &status{http.StatusNotFound, "no_such_match", "no match of this id runs here; it may have ended: GET /v1/matches lists those that do", nil}
	}
	answer(w, http.StatusOK, m.doc())
	return nil
}

func (s *Server) noGame(name string) error {
	return &status{http.StatusNotFound, "no_such_game",
		fmt.Sprintf("no game %.32q here: use one of %s", name, strings.Join(s.core.gameNames(), ", ")), nil}
}

// postMatch begins a match.
func (s *Server) postMatch(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.verifier.Verify(auth.FromRequest(r.Header.Get("Authorization"), r.URL.RawQuery, nil)); err != nil {
		return err
	}
	var order struct {
		Game string `json:"game"`
	}
	if err := readJSON(w, r, &order); err != nil {
		return err
	}
	g := s.core.games[order.Game]
	if g == nil {
		return s.noGame(order.Game)
	}
	m, err := s.core.lobby.create(g)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/matches/"+m.id)
	answer(w, http.StatusCreated, m.doc())
	return nil
}

// postGuest hands out a token, if the server's key is its own.
func (s *Server) postGuest(w http.ResponseWriter, r *http.Request) error {
	if s.guests == nil {
		return &status{http.StatusForbidden, "no_guests",
			"this server was given keys, so tokens come from whoever holds them, not from here", nil}
	}
	var order struct {
		Name string `json:"name"`
	}
	if err := readJSON(w, r, &order); err != nil {
		return err
	}
	token, err := s.guests.Guest(order.Name)
	if err != nil {
		return &status{http.StatusBadRequest, "bad_name", "the name must be at most 64 bytes of printable text", nil}
	}
	answer(w, http.StatusCreated, map[string]string{"token": token})
	return nil
}

// maxBody bounds the body of a request, in bytes.
const maxBody = 4 << 10

// readJSON reads the body into v. An empty body is an empty object.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == io.EOF {
		return nil
	}
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("something follows the JSON object")
		}
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return &status{http.StatusRequestEntityTooLarge, "body_too_large", fmt.Sprintf("the body may have %d bytes", maxBody), nil}
	case err != nil:
		return &status{http.StatusBadRequest, "bad_json", "the body must be one JSON object: " + err.Error(), nil}
	}
	return nil
}

package match

import (
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"

	"arbiter/netcode"
)

// Engine runs matches: it holds what all of them share. It is safe for concurrent
// use.
type Engine struct {
	// Static.
	config  *Config
	log     *slog.Logger
	games   map[string]*Game
	metrics *metricSet

	// Safe for concurrent use.
	output   *workerPool
	lobby    *lobby
	sessions sessionIndex
	overload overload
	events   *EventLog
	stuck    atomic.Int64 // abandoned matches whose rules have not returned
}

// New checks the configuration and starts the worker pool. Close ends it.
func New(config Config) (*Engine, error) {
	c, err := config.filled()
	if err != nil {
		return nil, err
	}
	e := &Engine{config: c, log: c.Log, games: make(map[string]*Game), metrics: newMetrics(c.Metrics), events: newEventLog()}
	for _, d := range c.Games {
		e.games[d.Name()] = newGame(d, e.metrics)
	}
	if c.RecordDir != "" {
		if err := checkRecordDir(c.RecordDir); err != nil {
			return nil, err
		}
	}
	e.lobby = newLobby(e)
	e.overload.bound, e.overload.warn = max(c.ShedLateness, 0), c.ShedWarn
	if e.output, err = newWorkerPool(c.Workers, c.Log); err != nil {
		return nil, err
	}
	c.Metrics.MustRegister(collector{e})
	return e, nil
}

// Game returns the hosted game of that name, or nil.
func (e *Engine) Game(name string) *Game { return e.games[name] }

// GameNames are the names of the hosted games, sorted.
func (e *Engine) GameNames() []string { return slices.Sorted(maps.Keys(e.games)) }

// Events is the log of what happens to matches.
func (e *Engine) Events() *EventLog { return e.events }

// Find returns the match of that id, or nil.
func (e *Engine) Find(id string) *Match { return e.lobby.find(id) }

// Matches returns the running matches, private ones too, in order of their ids.
func (e *Engine) Matches() []*Match { return e.lobby.byID() }

// MatchesByGame returns the running matches in order of game and id.
func (e *Engine) MatchesByGame() []*Match { return e.lobby.list() }

// QuickMatch returns the match that a player who just wants to play is best sent
// to: one where they have a slot already, else the fullest with a free seat. Nil
// means a new one.
func (e *Engine) QuickMatch(g *Game, subject string) *Match {
	return e.lobby.quickJoinMatch(g, subject)
}

// CloseToken closes the sessions that were opened or renewed with the token of that
// id, and returns how many those were.
func (e *Engine) CloseToken(tokenID string, code netcode.Code) int {
	list := e.sessions.byToken(tokenID)
	for _, s := range list {
		s.close(code, "")
	}
	return len(list)
}

package server

import (
	"errors"
	"slices"
	"strings"
	"time"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
)

// retryOwn is when one of a player's own matches may have ended.
const retryOwn = 30 * time.Second

// retrySoon is when a full or draining server is worth another look.
const retrySoon = 5 * time.Second

var (
	errDraining   = httpapi.Draining.Later(retrySoon, "this server is being emptied: ask another one")
	errOverloaded = problemOverloaded.Later(retrySoon, "this server is overloaded: join a running match, try again later, or use another server")
	errShedding   = problemShedding.Later(retrySoon, "this server is overloaded and admits nobody new: send players to another server")
	errNoMatch    = httpapi.NoSuchMatch.New("no match of this id runs here, or it is private; it may have ended: GET /v1/matches lists those that are open")
)

// engineProblems says which problem of the API a refusal of the engine is. The
// close code that a session gets for the same reason is in the refusal itself.
var engineProblems = []struct {
	refusal *match.Refusal
	problem *httpapi.Problem
}{
	{match.ErrNoGame, problemNoSuchGame.New("no game of this name here: GET /v1/games lists those there are")},
	{match.ErrFull, problemMatchFull.New("the match has no free seat: choose another")},
	{match.ErrPrivate, problemBadJoinCode.New("the match is private and this is not its code: ask whoever made it")},
	{match.ErrReservedOnly, problemMatchClosed.New("the match takes only players its seats were reserved for: choose another")},
	{match.ErrOwnMatches, problemOwnMatches.Later(retryOwn, "you have begun as many matches as you may at a time: finish one of them, or join one of somebody else")},
	{match.ErrOver, problemMatchOver.New("the match has ended or is ending: choose another")},
	{match.ErrDraining, errDraining},
	{match.ErrOverloaded, errOverloaded},
	{match.ErrBroken, problemGameBroken.Later(retrySoon, "matches of this game break as they begin: tell the server's operator, and try again later")},
	{match.ErrTooManyMatches, problemTooManyMatches.Later(retrySoon, "this server runs as many matches as its limit allows: join one of them, or ask another server")},
}

// problemOf finds the answer to an error of the packages behind the API. One
// that nobody thought of is the server's fault.
func problemOf(err error) *httpapi.Problem {
	var (
		refused *auth.Error
		order   *match.OrderError
		seats   *match.SeatsError
		closed  *match.ClosedError
	)
	switch {
	case errors.As(err, &refused):
		code := problemCode(refused)
		if i := slices.IndexFunc(tokenTypes, func(t httpapi.Type) bool { return t.Code == code }); i >= 0 {
			return tokenTypes[i].New("%s", strings.TrimPrefix(refused.Error(), "auth: "))
		}
	case errors.As(err, &order):
		return problemBadOrder.At(order.Where, order.Detail, "")
	case errors.As(err, &seats):
		return problemMatchFull.New("%d seats were asked for and %d are free: choose another match, or ask for fewer", seats.Asked, seats.Free)
	case errors.As(err, &closed):
		return problemMatchOver.New("the match admits no more players (%s): choose another", closed.Code)
	}
	for _, row := range engineProblems {
		if errors.Is(err, row.refusal) {
			return row.problem
		}
	}
	return httpapi.ProblemOf(err)
}

// problemCode spells the code of a refused token as all problems are.
func problemCode(e *auth.Error) string { return strings.ReplaceAll(e.Code, "-", "_") }

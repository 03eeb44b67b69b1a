package server

import (
	"errors"
	"slices"
	"strings"
	"time"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
)

// retrySoon is when a full or draining server is worth another look.
const retrySoon = 5 * time.Second

var (
	errDraining   = httpapi.Draining.Later(retrySoon, "this server is being emptied: ask another one")
	errTooMany    = problemTooManyMatches.Later(retrySoon, "as many matches run as may: join one of them, or ask another server")
	errOverloaded = problemOverloaded.Later(retrySoon, "this server has more to do than it can: join a match that runs, try again later, or ask another server")
	errShedding   = problemShedding.Later(retrySoon, "this server has more to do than it can and lets nobody new in: send players elsewhere")
	errNoMatch    = httpapi.NoSuchMatch.New("no match of this id runs here, or it is private; it may have ended: GET /v1/matches lists those that are open")
)

func badOrder(where, detail string) *httpapi.Problem { return problemBadOrder.At(where, detail, "") }

// problemOf finds the answer to an error of the packages behind the API. One
// that nobody thought of is the server's fault.
func problemOf(err error) *httpapi.Problem {
	if refused := (*auth.Error)(nil); errors.As(err, &refused) {
		code := problemCode(refused)
		if i := slices.IndexFunc(tokenTypes, func(t httpapi.Type) bool { return t.Code == code }); i >= 0 {
			return tokenTypes[i].New("%s", strings.TrimPrefix(refused.Error(), "auth: "))
		}
	}
	return httpapi.ProblemOf(err)
}

// problemCode spells the code of a refused token as all problems are.
func problemCode(e *auth.Error) string { return strings.ReplaceAll(e.Code, "-", "_") }

package main

import (
	"slices"
	"strings"
)

// room is one row of the table of who may import whom. The standard library
// may be imported everywhere, except by still rooms what reaches outside.
type room struct {
	path      string   // packages, below the module's path; "x/..." is everything below x but not x
	may       []string // packages of this module, in the same form
	libraries []string // modules of others; "*" is any
	tests     []string // packages of this module that its test files may import besides
	bars      []string // packages of the standard library that no file may import, nor what is below them
	still     bool     // pure rules: no clock, socket, file, goroutine or unseeded chance
	remedy    string
}

const (
	msgpack    = "github.com/vmihailenco/msgpack/v5"
	gobwas     = "github.com/gobwas/ws"
	ants       = "github.com/panjf2000/ants/v2"
	wazero     = "github.com/tetratelabs/wazero"
	prometheus = "github.com/prometheus/client_golang"
)

// http is barred where errors are values: what knows HTTP, and the problems it
// answers with, is above.
var http = []string{"net/http"}

// testLibraries may be imported by any test file.
var testLibraries = []string{"go.uber.org/goleak"}

// rooms is the table; the first row that matches a package is its room.
var rooms = []room{
	{
		path: "game", may: []string{"game/sim"}, tests: []string{"game/..."}, still: true,
		remedy: "give game what it needs as a parameter; what it must not know belongs to netcode or server",
	},
	{
		path: "game/sim", tests: []string{"game", "game/..."}, still: true,
		remedy: "game/sim is what the framework uses of a game, and game imports it; what authors use belongs to game",
	},
	{
		path: "game/gametest", may: []string{"game", "game/sim"}, tests: []string{"game/..."},
		remedy: "gametest proves a game by game's API alone",
	},
	{
		path: "game/...", may: []string{"game"}, tests: []string{"game/..."}, still: true,
		remedy: "a demo game is rules over game's API; wiring belongs to cmd/arbiter",
	},
	{
		path: "netcode", may: []string{"game", "game/sim", "netcode/internal/statehash"}, libraries: []string{msgpack}, bars: http, tests: []string{"game/...", "netcode/..."}, still: true,
		remedy: "pass bytes and ticks in; sockets belong to server and netcode/client",
	},
	{
		path: "netcode/replicate", may: []string{"game", "game/sim", "netcode", "netcode/internal/..."}, bars: http, tests: []string{"game/...", "netcode/..."}, still: true,
		remedy: "the server's half of state sync is bytes and ticks; sockets and seats belong to server",
	},
	{
		path: "netcode/view", may: []string{"game", "game/sim", "netcode", "netcode/internal/..."}, bars: http, tests: []string{"game/...", "netcode/..."}, still: true,
		remedy: "the client's half of state sync is bytes and ticks; sockets belong to netcode/client",
	},
	{
		path:   "netcode/internal/golden",
		remedy: "it reads and writes golden files, for tests; what the wire needs belongs to another room below netcode/internal",
	},
	{
		path: "netcode/internal/statehash", may: []string{"game", "game/sim"}, bars: http, still: true,
		remedy: "the hash that both ends compare is a function of rows",
	},
	{
		path: "netcode/internal/...", may: []string{"game", "game/sim", "netcode"}, bars: http, still: true,
		remedy: "what netcode/replicate and netcode/view must do alike is a function of rows and bytes",
	},
	{
		path: "netcode/netcodetest", may: []string{"game", "game/sim", "game/gametest", "netcode", "netcode/replicate", "netcode/view"}, libraries: []string{msgpack},
		bars: http, tests: []string{"game/...", "netcode/..."}, still: true,
		remedy: "the test doubles of netcode know game and netcode only",
	},
	{
		path: "netcode/client", may: []string{"game", "game/sim", "netcode", "netcode/view", "netcode/client/..."}, libraries: []string{gobwas, "github.com/coder/websocket"},
		tests:  []string{"game/...", "netcode/..."},
		remedy: "the client meets a server through its socket; tests with a real server belong to server",
	},
	{
		path: "netcode/client/clienttest", may: []string{"game", "game/sim", "netcode", "netcode/replicate"}, bars: http, tests: []string{"game/...", "netcode/..."},
		remedy: "the test server of netcode/client is the server's half of state sync, and no socket",
	},
	{
		path: "netcode/client/...", may: []string{"game", "game/sim", "netcode", "netcode/view", "netcode/client/..."}, tests: []string{"game/...", "netcode/..."},
		remedy: "what needs a socket or a clock belongs to netcode/client, which drives it",
	},
	{
		path: "netcode/ts/golden", may: []string{"game", "game/sim", "netcode", "netcode/replicate", "netcode/view"}, bars: http, tests: []string{"game/...", "netcode/..."},
		remedy: "what the TypeScript client's tests read is written by netcode alone",
	},
	{
		path: "server/match", may: []string{"game", "game/sim", "netcode", "netcode/replicate", "server/timer", "server/metrics"}, libraries: []string{ants, prometheus},
		bars: http, tests: []string{"game/...", "netcode/..."},
		remedy: "what runs knows no HTTP, token or socket: declare an interface here and let server wire it",
	},
	{
		path:   "server/asynclog",
		remedy: "a log that never blocks knows nothing of what is logged",
	},
	{
		path: "server/httpapi", libraries: []string{"golang.org/x/time"},
		remedy: "the plumbing of an HTTP API knows neither matches nor tickets",
	},
	{
		path: "server", may: []string{"game", "game/sim", "netcode", "netcode/replicate", "server/..."}, libraries: []string{gobwas, ants, prometheus},
		tests:  []string{"game/...", "netcode/..."},
		remedy: "take games by game.Definition and let cmd/arbiter wire them; put another library into a room below server",
	},
	{
		path: "server/servertest", may: []string{"game", "game/sim", "game/gametest", "netcode", "netcode/...", "server", "server/..."}, libraries: []string{"*"},
		tests:  []string{"game/..."},
		remedy: "the test doubles of server know no matchmaking and no demo game",
	},
	{
		path: "server/...", may: []string{"game", "game/sim", "netcode", "netcode/...", "server", "server/..."}, libraries: []string{"*"},
		tests:  []string{"game/...", "netcode/..."},
		remedy: "declare an interface here and let cmd/arbiter wire it; never matchmaking, never a demo game",
	},
	{
		path: "matchmaking", may: []string{"matchmaking/..."}, tests: []string{"matchmaking/..."}, still: true,
		remedy: "the matcher's core is pure; HTTP and stores belong to a room below matchmaking",
	},
	{
		path: "matchmaking/...", may: []string{"matchmaking", "matchmaking/...", "server/httpapi"}, libraries: []string{"*"},
		remedy: "declare an interface here and let cmd/arbiter wire it",
	},
	{
		path: "bench", may: []string{"game", "game/sim", "netcode", "netcode/...", "bench/..."}, libraries: []string{"*"},
		tests:  []string{"netcode/..."},
		remedy: "meet the server through its socket, with netcode/client",
	},
	{
		path: "bench/...", may: []string{"game", "game/sim", "netcode", "netcode/...", "bench", "bench/..."}, libraries: []string{"*"},
		tests:  []string{"netcode/..."},
		remedy: "meet the server through its socket, with netcode/client",
	},
	{
		path: "cmd/arbiter/web", may: []string{"server/httpapi"},
		remedy: "the page is files, an embed.FS and what serves them; other code belongs to cmd/arbiter",
	},
	{
		path: "cmd/arbiter/app/wasm", may: []string{"game", "game/sim"}, libraries: []string{wazero}, tests: []string{"game/...", "cmd/arbiter/app/..."},
		remedy: "the rules for browsers are games and bytes; what builds and serves them belongs to cmd/arbiter/app",
	},
	{
		path: "cmd/...", may: []string{"game", "game/...", "netcode", "netcode/...", "server", "server/...", "matchmaking", "matchmaking/...", "bench", "bench/...", "cmd/..."},
		libraries: []string{"*"},
		remedy:    "add the room to the table of houserules",
	},
}

// roomOf returns the room of a package, given below the module's path.
func roomOf(table []room, pkg string) (room, bool) {
	i := slices.IndexFunc(table, func(r room) bool { return covers(r.path, pkg) })
	if i < 0 {
		return room{}, false
	}
	return table[i], true
}

func covers(pattern, pkg string) bool {
	if below, ok := strings.CutSuffix(pattern, "..."); ok {
		return strings.HasPrefix(pkg, below)
	}
	return pattern == pkg
}

// rule says in words what a file of the room may import.
func (r room) rule(test bool) string {
	may := slices.Clone(r.may)
	libraries := slices.Clone(r.libraries)
	if test {
		may = append(may, r.tests...)
		libraries = append(libraries, testLibraries...)
	}
	for i, lib := range libraries {
		if lib == "*" {
			libraries[i] = "any library"
		}
	}
	subject := r.path
	if test {
		subject = "tests of " + r.path
	}
	standard := "the standard library"
	if len(r.bars) > 0 {
		standard += " without " + strings.Join(r.bars, ", ")
	}
	return subject + " may import " + strings.Join(slices.Concat([]string{standard}, may, libraries), ", ")
}

// Package server hosts matches: it lets players in, keeps their seats, steps
// their games at a fixed rate and sends everyone the newest state.
//
// # Model
//
// A [Server] has one public port, on which package transport carries WebSocket
// messages and net/http answers everything else, and one port for operators.
// Each connection is a session. A session's first message, the hello, places
// it in a match: as a player in a seat, or as a spectator. A seat outlives its
// connections by [Config].ResumeWindow, so a player whose connection dropped
// finds everything as he left it.
//
// A match is one goroutine. Sessions parse what they receive on the
// transport's loops and put it into the match's inbox; the match does the rest,
// once per tick, in the order in which data moves:
//
//	drain    the inbox into seats
//	take     what is due from the seats into the tick's input
//	step     the game
//	capture  the new state
//	send     what each client needs of it, through the output pool
//
// Step n is due at start + n·dt, never at "now + dt". A match that is late
// catches up by at most four steps; time beyond that is dropped, counted, and
// told to clients by the tick in pongs and welcomes. A panic in a game's rules
// ends that match alone.
//
// # Duties of the caller
//
// Serve with [Server.Run], and end by its context or by [Server.Shutdown].
// For TLS set [Config].Security, or terminate it in front. Without [Config].Keys the server makes a key of its
// own, hands out guest tokens to anybody who asks, and binds to loopback only.
package server

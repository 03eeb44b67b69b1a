// Package match runs matches: it steps their games at a fixed rate, keeps their
// players' seats, and sends every client the newest state. It knows no HTTP, no
// signature and no socket; package server wires those to it.
//
// # Model
//
// An [Engine] holds what all matches share. Its lobby knows the running matches; it
// starts them, and finds one for each session that comes.
//
// A [Match] is one running game. Who may be in it is its roster: one slot for each
// player who has come or for whom a [Reservation] is kept, and a number of spectator
// slots. A player who has come has a seat. A seat outlives its connections by
// Config.ResumeWindow, which is what session resumption rests on: a player whose
// connection dropped finds everything as they left it.
//
// A [Session] is one live connection. Its first message, the hello, takes it into a
// match, as a player or as a spectator. The transport calls a session with what the
// client sent; the session parses it, answers pings, and puts the rest into the
// inbox of its match, as an envelope.
//
// # The tick
//
// The match loop is one goroutine for each match. It does everything else, once
// per tick, in the order in which data moves:
//
//	drain    the inbox into seats
//	take     what is due from the seats into the tick's input
//	step     the game
//	capture  the new state
//	send     what each client needs of it, through the worker pool
//
// Step n is due at start + n·dt, never at "now + dt". A match that is late
// catches up by at most four steps; time beyond that is dropped, counted, and
// told to clients by the tick in pongs and welcomes. A panic in a game's rules
// ends that match alone.
//
// # Load
//
// Backpressure: state is never queued. Before a snapshot for a slow client is
// encoded, the match looks at what the client has acknowledged and at what the
// kernel has not taken, and sends it nothing if that is too much; the next
// snapshot it gets is the newest. Clients that stay too slow are closed.
//
// Snapshots are written by a worker pool that all matches share, in tasks of 64
// clients. A match serves a task itself when no worker is free.
//
// Load shedding: overload control measures how late match loops are and how much
// memory is in use ([Engine.WatchOverload]). Beyond a bound it refuses new matches,
// then everybody who has no slot.
//
// Drain: [Engine.Drain] closes all rosters to newcomers, [Engine.Stop] ends the
// matches, and [Engine.Wait] waits for them.
//
// # Refusals
//
// What the engine refuses is told by error values, [ErrFull], [ErrDraining] and so
// on. Each is a [Refusal], which has the close code that a session gets for it.
//
// # Lock order
//
// A goroutine that holds one of these locks may take those to the right of it, and
// no others:
//
//	lobby.mu → roster.mu → openMatches.mu
//
// All other locks of the package (inbox.mu, sessionIndex.mu, EventLog.mu, spool.mu)
// are held without taking another one. The match loop holds none while it calls
// the rules.
package match

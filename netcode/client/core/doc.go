// Package core is a client of an Arbiter match without its connection: no
// socket, clock or goroutine. Package client drives it over a WebSocket; load
// generators drive it from loops of their own, tests in virtual time, and it
// compiles to WASM.
//
// A [Seat] turns messages into state and inputs into messages, with the types
// of the game erased. A [Mirror] adds the types. Time is a time.Duration since
// any moment, passed to every call, that never goes back.
//
// # Three clocks
//
// [Clock] estimates the server's time, from the least delayed of what arrives.
// [Lead] keeps the prediction ahead of it, so far that inputs arrive just before
// the tick they are for; the server reports how early they were, which closes
// the loop. [Playback] keeps what is drawn of others behind it, so far that the
// next snapshot is there in time.
package core

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
// [Clock] is the clock synchronization: it estimates the server's time, from
// the least delayed of what arrives, and follows a server that dropped time.
// [Lead] keeps the prediction ahead of it, so far that inputs arrive just before
// the tick they are for, and never by less than the way takes; the server reports
// how early they were, which closes the loop. [Playback] is the jitter buffer: it
// keeps what is drawn of others behind the server, by the interpolation delay,
// so that the next snapshot is there in time.
//
// # What happens to a message
//
// [Seat.Receive] applies a snapshot to the state. If the rules are run ahead
// (client-side prediction), [Prediction] goes back to the server's state and
// runs them again from there with the inputs that the server has not applied
// yet (reconciliation). A difference that shows is hidden by error smoothing,
// see [Config.Smooth]. [Seat.Draw] makes the state to draw: rows of others
// between two snapshots (interpolation), the player's own as predicted.
//
// [Inputs] holds what the player asked for until the server has applied it,
// over lost connections too: with session resumption ([Seat.CanResume]) each
// input is applied exactly once. [Backoff] is the exponential backoff between
// attempts to connect.
package core

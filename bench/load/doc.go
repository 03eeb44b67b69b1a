// Package load plays thousands of clients from one thread a processor, and
// keeps the books on what they are sent.
//
// A [Fleet] is a number of clients of one server. Each loop of it is a thread
// that owns its connections, an epoll and a wheel on which every client has its
// own moment in the input interval. A client is a [Seat]: what it says, and how
// it judges what it hears. Of the clients of an Arbiter server a sample applies
// every snapshot and checks its hashes; the others read the heads only, which
// tells lost, repeated and late snapshots, and is so cheap that the server
// gives out before the load generator does. Whether that was so, the generator
// says itself: see [Books.Bottleneck].
//
// A loop looks at what came every 0.4 ms at most, and sleeps between. So a
// snapshot is noted up to 0.4 ms after it came: gaps and ages are wrong by that
// much either way. What it is for: on one machine a server's write wakes the
// thread that waits for the message, and pays for it, which it does not for
// clients who are somewhere else; a loop that rests is woken once for many. The
// floor is loaded in the same way.
//
// It needs Linux. Elsewhere [NewFleet] fails; there is no portable fallback,
// because its figures would be about the fallback.
package load

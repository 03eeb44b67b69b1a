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
// It needs Linux. Elsewhere [NewFleet] fails; there is no portable fallback,
// because its figures would be about the fallback.
package load

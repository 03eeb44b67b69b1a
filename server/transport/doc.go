// Package transport carries binary WebSocket messages between clients and a
// [Host], and nothing else: it knows frames, limits and deadlines, but no
// game, seat or message format.
//
// # Model
//
// [Listen] binds one public TCP port and [Server.Serve] runs it. Each
// accepted connection first sends a request head, which the transport collects
// itself (bounded in bytes, lines and total time). A head that asks for a
// WebSocket is checked, shown to [Host.Upgrade], answered with 101 and becomes
// a [Conn] whose messages go to the [Receiver] that [Host.Opened] returned.
// Any other head goes, with its bytes replayed, to an ordinary net/http server
// on the same port. Frames sent right behind the head are kept.
//
// Two transports implement this and behave alike:
//
//   - [Epoll] (Linux): raw nonblocking sockets spread over a few shards. A
//     shard is one goroutine, one epoll instance, one read buffer and one
//     timing wheel. An idle connection costs no goroutine, timer or buffer.
//   - [Net] (everywhere): a net.Conn and one reader goroutine per connection.
//
// With [Security.TLS] the port speaks TLS, on both. A ClientHello is collected
// like a head; the handshake then runs in a goroutine that ends with it; after
// that crypto/tls is driven by the loop, and an idle connection costs about 8 KB
// and no goroutine. [Limits.Handshakes] bounds the goroutines, and at
// most half of the processors run them. When there are that many, handshakes of
// an address that does not finish them are ended for those of other addresses.
//
// A connection that net/http serves is reclaimed when it asks for a WebSocket, so
// proxies may use those of their pools.
//
// # Duties of the caller
//
// Callbacks run on the transport's loops and must not block: a slow callback
// delays every connection of its shard. Message payloads are valid during the
// call only; their memory is reused at once. [Receiver.Closed] is called
// exactly once, after which no other call follows; it comes as soon as the
// connection can bring no more messages, while the closing handshake may still
// run for up to [Limits.CloseTimeout].
//
// [Conn.Send] takes bytes that are already framed, so that one encoded body
// can be sent to many connections: write [AppendHeader] and the payload into
// one buffer. Each Send is at most one write system call. What the kernel does
// not take waits in a bounded buffer; a connection whose buffer overflows is
// closed, never waited for.
//
// # What is defended, and how it shows
//
// Every limit is a field of [Limits]. A connection that breaks one is refused
// with an HTTP status and a problem of RFC 9457, closed with a close code, or dropped;
// each outcome is counted by reason in [Stats], which callers poll with
// [Server.Stats] and export as they like. There is no observer callback: the
// counters are cumulative, and reading them does not disturb the loops.
//
// Rates bound a connection, an address (an IPv6 /64 is one) and all of them. A
// connection refused on a TLS port before its handshake is closed without an
// answer, which would cost what is to be spared. Clients of trusted proxies
// count by the address that the proxy tells.
package transport

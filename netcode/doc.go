// Package netcode carries a match over a wire: what a client says, what it is
// sent, and the state machines at both ends. It has no I/O, no goroutines and
// no clock; time is passed in. This page and the comments it points to are the
// protocol's specification.
//
// # Messages
//
// One binary WebSocket message is one msgpack array whose first item is the
// message's kind. Any msgpack library reads it. Integers may come in any
// msgpack integer form; encoders use the shortest. A missing item at the end
// is nil, unknown items at the end are ignored, bytes behind the array are an
// error. The WebSocket subprotocol is "arbiter.v1".
//
//	to the server              to the client
//	 1 hello    [Hello]        16 welcome   [Welcome]
//	 2 inputs   [Inputs]       17 snapshot  [View.Apply]
//	 3 ack      [Ack]          18 pong      [Pong]
//	 4 command  [Command]      19 bye       [Bye]
//	 5 ping     [Ping]         20 renewed   [Renewed]
//	 6 renew    [Renew]
//
// Each type's Parse function draws its bytes. "Biased" integers are sent as
// value + 48, so that −80…79 take one byte. [AppendSchema] draws the schema.
//
// # A connection
//
// The client sends hello first; the server answers with welcome, then with
// snapshots as long as the match runs. Bye announces the close code; [Codes]
// says what each asks of the client. After a dropped connection the client
// sends hello with the resume id of its last welcome and the tick of the
// newest snapshot it has. The server says in welcome whether it goes on from
// there ([Resumed]) or sends a keyframe, and which input it has taken last;
// the client sends again what is behind it.
//
// The session lasts as long as the token it was opened with, and welcome says
// how long that is. Before, the client may bring a new token in a renew; the
// server answers with renewed: how long the session lasts now, and why the token
// was refused if it was. It takes a token that would open the session anew: good
// now, of the same subject, for any match or this one. Older servers say nothing
// of the token in welcome, and are not sent renew; older clients send none, so
// are not sent renewed. A session whose token's time is over is closed with code
// 4209; its seat waits for a hello with a new token, as after a drop.
//
// # Inputs
//
// An input is a seat's current control state; it holds until changed. A change
// is an entry with a sequence number, which belongs to the seat and not the
// connection, and the tick it is for. The server applies entries in sequence,
// at most one a tick, each at its tick or, if that is past, in the next free
// one; see [InputBuffer]. So no entry is lost, merged or applied twice. What it
// applied last is told in every snapshot, and how early the newest came
// (slack), by which the client sets its clock. Fields are packed by mixed
// radix; see [Packing]. Commands share the sequence.
//
// # State
//
// State is tables of rows with ascending ids; a row is cells, one int64 for
// each field (see package game). A snapshot is the difference of what its
// receiver may see now to what it was sent before: the baseline. On an ordered
// transport that is the last snapshot written; on a datagram transport, or
// after a resume, one the client said it has; else nothing, a keyframe.
//
// A row in the baseline and in the new state is updated, one only in the
// baseline leaves, one only in the new state enters, in one merge by id. Fields
// are sent by their codec: Delta as the biased difference to the baseline,
// Absolute as the cell (floats without a step as float64, texts as str), Linear
// as the biased difference to where the field's last movement leads: with the
// baseline b, the baseline p that b itself was a difference to, and the new
// tick t,
//
//	expected = cell(b) + floor((cell(b) − cell(p))·(t−b)/(b−p))
//
// if the snapshot's tick is implied, the row is in p, and t−b and b−p are 1 to
// 31; else the expectation is cell(b). Every Linear field of such a row moves
// so, sent or not. On a circle of W steps differences are taken the shorter
// way, −W/2 … W/2−1, and sums modulo W.
//
// The exact layout stands with [Feed.Append] (the message), in delta.go (the
// flat runs) and check.go (the hash).
//
// # Who gets what
//
// Fields tagged owner go to the row's owner only, in the message's private
// part. Rows that decide by VisibleTo, and rows outside the area the rules give
// a player, are not in his snapshots; to him they leave and enter. Receivers
// with the same baseline and the same sight share one encoding.
//
// # Flow control
//
// The client acknowledges snapshots, in what it sends anyway and at least every
// ackEvery of them, which the welcome says and a check may change: while the
// window has room to spare it is twice as many, see ackrate.go. The server keeps
// a window of unacknowledged snapshots, grown and shrunk by the delay of acks,
// and when it is full skips the tick before encoding; see flow.go. A client
// whose window keeps filling gets every second or fourth snapshot; one whose
// acks stay away for five seconds, or who falls a whole event log behind, is
// closed as slow and may resume. A snapshot that would say nothing is not sent,
// but one a second is.
//
// # Checks
//
// Once a second a snapshot carries a hash of what its receiver should have now,
// and the count and hash of the inputs applied for him; see [InputLog]. After a
// mismatch the client acknowledges tick 0, and a keyframe follows.
//
// # What it costs
//
// In steady state a tick allocates nothing. A row is compared with its baseline
// and encoded once a tick, however many see it: where all see the same as one
// body, and where sights differ row by row, which each receiver's body copies;
// see rowbook.go. A match keeps the frames that a client may still name and no
// others, which on a good link is three; see framestore.go. Records, input
// buffers and the event log grow from next to nothing to their limits.
//
// What that gave, as paired runs of user CPU in turns on one processor, each
// against the version with 64 frames a match and one body for each sight: a
// tick of 1,000 players with areas of interest (BenchmarkArea in
// area_bench_test.go, setting up included) 0.37 (95 %: 0.35 to 0.39) with row
// books and hashed groups, 0.30 (0.28 to 0.32) with bit sets instead of sorting
// too; from 125 players to 1,000 the cost of one rises by about a fifth, where
// it rose threefold. 100 matches of 10, from message to bytes, 0.66 (0.53 to
// 0.83), of the minima 0.52. Each playing client more adds 5.0 KB of private
// RSS instead of 20.6, and 3.9 KB of live heap instead of 21.5 (from 100 clients
// to 1,100, ten a match, acks prompt). On a machine so busy that acks stay away
// for several ticks it is 10.6 KB instead of 24.3: frames wait for those.
//
// Tried and thrown away: GOGC 50 and 25 in place of 100, whose RSS at 1,100
// clients was 14.5 and 14.7 MB to 14.2, because play makes no garbage. Thought
// through and not built: frames in narrower columns or as differences, because
// so few are left that a match of ten would save a few hundred bytes; acks half
// as often for everybody, because the least window has to cover an interval of
// acks, and clients on slow links would be five snapshots behind at 20 Hz
// instead of three.
package netcode

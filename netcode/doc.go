// Package netcode is the wire protocol: the messages between a client and a
// server, one a file, each with the function that appends it and the one that
// parses it. It has no I/O, no goroutines and no clock; time is passed in.
//
// This documentation is the protocol's specification: with "go doc -all" of this
// package, and a msgpack library, a client can be written in any language. In Go,
// package replicate is the server's half of state sync and package view the
// client's; package client is a whole client.
//
// # Messages
//
// One binary WebSocket message is one msgpack array whose first item is the
// message's kind. Any msgpack library reads it. Integers may come in any
// msgpack integer form; encoders use the shortest. A missing item at the end
// is nil, unknown items at the end are ignored, bytes behind the array are an
// error. A message of an unknown kind is ignored by a client; a server closes
// with code 4206.
//
//	to the server              to the client
//	 1 hello    [Hello]        16 welcome   [Welcome]
//	 2 inputs   [Inputs]       17 snapshot  [Snapshot]
//	 3 ack      [Ack]          18 pong      [Pong]
//	 4 command  [Command]      19 bye       [Bye]
//	 5 ping     [Ping]         20 renewed   [Renewed]
//	 6 renew    [Renew]
//
// Each type's documentation draws its bytes; those of inputs and commands stand
// at [InputReader.Parse] and [InputWriter.AppendCommand]. "Biased" integers are
// sent as value + 48, so that −80…79 take one byte. [AppendSchema] draws the
// schema, which says what fields a game's rows, inputs, events and commands have.
//
// # A connection
//
// A client opens a WebSocket at /play?game=NAME, where match=ID asks for a certain
// match and spectate=1 for no seat, with the subprotocol "arbiter.v1". Its token
// goes with the request: as "Authorization: Bearer", in the query as token=, or as
// a second subprotocol "token.JWT".
//
// The version of the protocol, which hello and welcome say, is 1 ([Version]): the
// number in the subprotocol's name. The client sends hello first; the server answers with welcome, then with
// snapshots as long as the match runs. Bye announces the close code; [Codes]
// says what each asks of the client.
//
// Session resumption: after a dropped connection the client sends hello with the
// resume id of its last welcome and the tick of the newest snapshot it has. The
// server says in welcome whether it goes on from there ([Resumed]) or sends a
// keyframe, and which input it has taken last; the client sends again what is
// behind it. Who resumes always names the match of that welcome in the query, even
// if they did not when they joined: without it there is nothing to resume, and the
// answer is code 4100. A resume id that no longer serves is answered with what
// became of the seat: 4200 if the match has finished, 4202 if the player was
// removed, 4201 if another of their clients has taken the seat over, which this one
// must not take back by itself; and 4100 if they were away too long, or all this is
// longer ago than the resume window.
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
// one. An entry for more than 64 ticks ahead is for that tick. So no entry is
// lost, merged or applied twice. A sequence number that skips one, and more than
// [MaxBuffered] entries that wait, close the connection.
//
// The tick to stamp is at least the newest snapshot's + 1, later than that of the
// entry before, and as far ahead as makes slack small and positive: a client
// without a clock may begin with the newest snapshot's tick + 4, go one tick
// further ahead whenever slack is below 20 ms, and one less when it is above 150.
//
// What the server applied last is told in every snapshot, and how early the
// newest entry came (slack), by which the client sets its clock: it runs as far
// ahead of the server as makes its entries arrive a little before their tick.
// That is never less than the way to the server takes, for entries that are late
// are the only ones it hears of. Fields are packed by mixed radix; see [Packing].
// Commands share the sequence. A command is applied at once, but never before the
// entries in front of it.
//
// A server that stood still makes up for four ticks and drops the time beyond
// that: from then on all ticks come later. Nothing says so but the time in pong
// and welcome. A client that gets a snapshot far later than the clock promises
// should ask with a ping, and set its clock back if the answer shows it; one held
// up on the way is followed by others in a burst. Meanwhile it should make no
// entries: those for ticks far ahead would only be applied then.
//
// Lag compensation: if the schema says Rewinds, an entry carries the tick that
// its player was looking at, a view claim. The server lets the rules look back
// that far, within the bounds of [ViewBounds.Clamp].
//
// # State
//
// State is tables of rows with ascending ids; a row is cells, one int64 for
// each field (see package game). The cell of a bool is 0 or 1, that of a float
// with a step the number of steps, that of a float without one its bits, that of
// a text its number in a list of strings beside the rows.
//
// Delta compression: a snapshot is the difference of what its receiver may see
// now to what it was sent before, the baseline. On an ordered transport that is
// the last snapshot written; on a datagram transport, or after a resume, one the
// client said it has; else there is none, and the snapshot is a keyframe. A
// client keeps at least the [MinFrames] newest states, or two seconds' if those
// are more. One that is sent a delta from a state it does not have asks for a
// keyframe, by acknowledging tick 0.
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
// # Flat runs
//
// The body of a snapshot is three flat runs, arrays of values without nesting.
// Each is made of sections (table, count, count entries), tables ascending, for
// those tables that have any:
//
//	update   row key, [mask…], the changed fields' values
//	leave    row step
//	enter    id step, every public field absolute
//
// Public fields are those everyone receives, the first ones of a row. They are
// numbered from 0, and a mask has bit k set if field k follows, bit 0 being the
// least significant; values stand in order of fields. "Absolute" is the cell: an
// integer that is not biased, a float without a step as float64, NaN and the
// infinities too, a text as str.
//
// A row step is the distance from the row named before in this section (or from
// just before the first) to this one in the baseline's table, less one; an id
// step is the same in ids, beginning at 0. A row key merges the row step with
// what changed:
//
//	up to 4 public fields:  step·2^fields + mask
//	more:                   step·8 + class
//
// where class 0…6 is one of the masks seen before in this section, in order of
// first appearance, and 7 says that a mask of one int per 32 fields follows, the
// lower first, which becomes the next class while there are fewer than seven.
//
// A client copies the baseline, extrapolates Linear fields, and then applies
// update, leave and enter in this order; row steps of leave count the rows of the
// baseline too. At last it zeroes the owner fields of rows that are not its own,
// and applies own of the private part:
//
//	own      id step, a mask of one int per 32 owner fields, the lower first, the fields' values
//	events   kind, age in ticks, every field absolute
//
// own is made of sections too, events is not. In own's masks the first owner field
// has bit 0, and its id steps begin at 0 in each section, as in enter; a second
// mask follows only where a table has more than 32 owner fields. Fields are sent by their
// codec, Linear as Delta, as differences to the baseline's cells; those of a row
// that was not the receiver's in the baseline count as zero there. An event
// happened in the snapshot's tick − age; one that is not later than the newest
// snapshot the client applied before was given out then, and is dropped.
//
// # Who gets what
//
// Interest management: fields tagged owner go to the row's owner only, in the
// message's private part. Rows that decide by VisibleTo, and rows outside the area
// the rules give a player, are not in that player's snapshots; to them they leave
// and enter.
//
// # Flow control
//
// The client acknowledges snapshots, in what it sends anyway and at least every
// ackEvery of them, which the welcome says and a check may change: while the
// link has room to spare it is twice as many. The server keeps a congestion window
// of unacknowledged snapshots, grown and shrunk by the delay of acks, and when it
// is full skips the tick before encoding, which is backpressure. A client whose
// window keeps filling gets every second or fourth snapshot; one whose acks stay
// away for five seconds, or who falls a whole event log behind, is closed as slow
// (code 4000) and may resume. A snapshot that would say nothing is not sent, but
// one a second is. An ack of a tick that was not sent, or is forgotten, is counted
// and has no other effect; so is one that was said before.
//
// # Limits
//
// The server closes a connection that sends no hello within 5 seconds of the
// upgrade (code 4210), a message of more than 4 KB (1009) or of more than 16
// frames, more than 120 messages or 32 KB a second on average, with bursts of twice
// that (1008), or more than [MaxEntries] entries in one message (4206); one of
// which nothing is heard for 15 seconds is pinged, and closed if it does not
// answer within another 15 (4001). Operators may change these.
//
// A message to the client is at most [MaxMessage] bytes: a table has at most
// 65,536 rows, a flat run 4,194,304 values. The first snapshot may take long on
// a slow link; the client then waits while bytes come. Nothing else is sent in
// front of it.
//
// # Checks
//
// Once a second a snapshot carries a hash of what its receiver should have now,
// and the count and hash of the inputs applied for it; see [InputDigest]. After a
// mismatch of the first the client acknowledges tick 0, and a keyframe follows,
// though not more than one a second.
//
// The hash is MurmurHash3 (x86, 32 bit; Austin Appleby, 2011) fed with words of
// 32 bits in place of bytes, without the length at its end. It begins at 0; a word
// w is added to the hash h, and the hash is finished, by
//
//	w = rotl(w·0xcc9e2d51, 15)·0x1b873593;  h = rotl(h^w, 13)·5 + 0xe6546b64
//	h = (h ^ h>>16)·0x85ebca6b;  h = (h ^ h>>13)·0xc2b2ae35;  h ^= h>>16
//
// For each table in which the receiver has rows, in order, it is fed with the
// table's number in the schema, from 0, and how many those are, then for each row
// with its id (the id itself, one word) and its public cells, a cell's low word
// before its high one; of a float without a step the cell is its 64 bits, and NaN is
// always 7ff8000000000000. A text is its length in
// bytes, and its bytes four at a time, little endian, the last ones filled up with
// zeros. A table without fields is left out. A second hash is fed with table, id
// and owner fields of each of the receiver's own rows, where a table has owner
// fields. Both are finished; then the second is added to the first as one word,
// and that is finished again.
package netcode

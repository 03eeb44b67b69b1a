// Package replicate is the server's half of state sync: it turns the state of one
// match into snapshots, each client's a difference to what that client has, and
// keeps the inputs that clients sent until they are due. Package view is the other
// half; package netcode specifies the bytes. There is no I/O, no goroutine and no
// clock here: time is passed in, counted from any one moment.
//
// # Model
//
// A [Replicator] serves one match. It copies the state of a tick into a [Frame]
// once, whoever receives it. A [Feed] is what one seat has been sent: which
// snapshots, which of them were acknowledged, and so which baseline the next one
// is a difference to. Feeds outlive connections.
//
// Each tick, in the match's loop:
//
//	buffer.Due(tick, player, &in)      for every seat: its inputs for this tick
//	sim.Step(&in)
//	r.CollectEvents()                  what the step posted
//	r.Capture()                        only in ticks that are sent
//	d := r.Plan(feed, status, now)     for every feed
//	b = feed.Append(b)                 if d is Send; on workers, if you like
//	feed.Sent(len(b), now)             if it was written
//
// and whenever a message comes: [Feed.Ack], [InputBuffer.Add] and
// [InputBuffer.AddCommand]. A new connection begins with [Feed.Connect], whose
// answer goes into the welcome; a seat that is given up ends with [Feed.End].
//
// # The caller's duties
//
// Everything belongs to the loop of the match, except Append: workers may run it
// for different feeds, while the loop waits for all of them. What Append gave must
// be written before anything newer, or not at all, and only then be reported by
// Sent. CloseSlow means: close the connection with [netcode.CodeSlow]. Gap and
// Overflow of an [AddResult] mean: close it with [netcode.CodeMalformed] and
// [netcode.CodeInputOverflow].
//
// # Backpressure
//
// State is never queued. Whether a client gets a snapshot is decided before one is
// encoded, by its congestion window: how many snapshots may be on the way. The
// window follows the delay of acks. A client whose window keeps filling gets fewer
// snapshots, evenly spaced; one whose acks stay away is closed as slow and may
// resume. [Decision] names the rungs, and [FeedStats] counts them.
//
// # What it costs
//
// In steady state a tick allocates nothing. A row is compared with its baseline
// and encoded once a tick, however many see it: where all see the same as one
// body, and where visible sets differ row by row, which each receiver's body
// copies. A match keeps the frames that a client may still name and no others,
// which on a good link is three. Records, input buffers and the event log grow
// from next to nothing to their limits. bench/tried.md says what that gave.
package replicate

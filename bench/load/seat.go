package load

import "time"

// Said is what a message meant to the client that got it.
type Said uint8

// What messages can mean.
const (
	Nothing  Said = iota
	Seated        // the client plays from now on
	Snapshot      // the state, whole or changed
	Asked         // the server waits for an Answering's answer
	Farewell      // the server will close the connection
)

// Seat is one client's side of a protocol above WebSocket frames. It belongs
// to its loop. Appending nothing sends nothing.
type Seat interface {
	// Open appends the first message. A client without one plays at once.
	Open(b []byte) []byte
	// Message takes a message that arrived at now. Faults are counted in f.
	Message(now time.Duration, msg []byte, f *Faults) Said
	// Input appends what the client says in an input interval.
	Input(b []byte) []byte
}

// Answering is a Seat whose server speaks first. Without a first message of its
// own it does not play until a message has Seated it.
type Answering interface {
	// Answer appends the answer to the message that Asked.
	Answer(b []byte) []byte
}

// Faults are what went wrong with snapshots.
type Faults struct {
	Lost       uint64 `json:"lost"`       // did not come, or the match dropped that time
	Repeated   uint64 `json:"repeated"`   // came again
	Late       uint64 `json:"late"`       // came more than 1.5 intervals after the one before
	Skipped    uint64 `json:"skipped"`    // left out by the server on purpose
	Corrupted  uint64 `json:"corrupted"`  // could not be read
	Mismatched uint64 `json:"mismatched"` // made another state than the server's
	Checks     uint64 `json:"checks"`     // hashes compared
	Closed     uint64 `json:"closed"`     // connections that the server ended
}

// Add adds what o counted.
func (f *Faults) Add(o Faults) {
	f.Lost += o.Lost
	f.Repeated += o.Repeated
	f.Late += o.Late
	f.Skipped += o.Skipped
	f.Corrupted += o.Corrupted
	f.Mismatched += o.Mismatched
	f.Checks += o.Checks
	f.Closed += o.Closed
}

// count compares the number of a message with that of the one before, 0 for
// none, and reports whether it is a new one.
func count(last, n uint32, f *Faults) bool {
	switch {
	case last == 0:
	case n <= last:
		f.Repeated++
		return false
	case n > last+1:
		f.Lost += uint64(n - last - 1)
	}
	return true
}

// Wrong is the number of those that a server must not make, however busy.
func (f *Faults) Wrong() uint64 {
	return f.Lost + f.Repeated + f.Corrupted + f.Mismatched + f.Closed
}

// Spoiled is the number of snapshots that were not what the server has: a server
// makes none, not even on a machine that is too busy to be in time.
func (f *Faults) Spoiled() uint64 { return f.Corrupted + f.Mismatched }
